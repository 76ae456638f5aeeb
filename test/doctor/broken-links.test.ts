// Each link of the chain broken in turn: exactly its check says so, by the name of what is missing, and all others are fine.
import type { Checkup } from '../../lambda/model/checkup.ts';
import type { Fault } from '../../sandbox/aws/faults.ts';
import { amissIn, BUCKET, type Changes, EXTERNAL_ID, HOME, type Installation, install, MEMBER, MEMBER_ROLE } from './installation.ts';

interface Broken {
  readonly name: string;
  readonly changes?: Changes;
  /** Breaks it, once all is deployed. */
  readonly by?: (installation: Installation) => unknown;
  readonly argv?: readonly string[];
  /** `link: kind` of all that is neither fine nor left out. */
  readonly amiss: readonly string[];
  readonly code: number;
  /** What its words name: the permission, the trust, the setting, the command. */
  readonly words: readonly string[];
}

const fault =
  (one: Omit<Fault, 'status'> & { readonly status?: number }) =>
  ({ sandbox }: Installation): unknown =>
    sandbox.aws.faults.push({ status: 403, ...one });
const denied = (action: string, more: Partial<Fault> = {}) => fault({ account: MEMBER, action, code: 'AccessDeniedException', ...more });
const memberStack = `npx cdk deploy --app "npx tsx bin/member.ts" -c hub=${HOME} -c externalId=EXTERNAL_ID`;
const topic = (name: string, subscriptions: readonly { readonly confirmed: boolean }[]) => ({
  name,
  region: 'us-east-1',
  subscriptions: subscriptions.map(({ confirmed }, i) => ({ protocol: 'email' as const, endpoint: `person${i}@example.com`, confirmed })),
});
const onlyTopic = (...subscriptions: readonly { readonly confirmed: boolean }[]): Changes => ({
  home: { topics: [topic('ses-dkim-monitor-alerts', subscriptions)] },
});
const THEIR_TOPIC = `arn:aws:sns:us-east-1:${MEMBER}:theirs`;
const BUS = `arn:aws:events:us-east-1:${HOME}:event-bus/pagers`;
const SCP = `User: x is not authorized to perform: ses:ListEmailIdentities with an explicit deny in a service control policy`;

const ROLE: readonly Broken[] = [
  {
    name: 'the role is missing',
    changes: { role: 'none' },
    amiss: ['role: role-refused'],
    code: 1,
    words: ['Either there is no such role', 'aws iam get-role --role-name ses-dkim-monitor-read', memberStack],
  },
  {
    name: 'the role refuses',
    by: ({ sandbox }) => sandbox.aws.denyRoles.add(MEMBER_ROLE),
    amiss: ['role: role-refused'],
    code: 1,
    words: [MEMBER, 'aws:PrincipalArn', memberStack],
  },
  {
    name: 'the role trusts another role',
    changes: { role: { onlyRole: 'another-monitor' } },
    amiss: ['role: role-refused'],
    code: 1,
    words: [`names another account or role than ses-dkim-monitor in ${HOME}`],
  },
  {
    name: 'the external id differs',
    changes: { role: { externalId: 'another-external-id' } },
    amiss: ['role: role-refused'],
    code: 1,
    words: ['the external id (sts:ExternalId) differs'],
  },
  {
    name: 'AWS says that the trust policy refuses',
    by: fault({
      action: 'AssumeRole',
      code: 'AccessDenied',
      message: 'not authorized because no role trust policy allows the sts:AssumeRole action',
    }),
    amiss: ['role: role-refused'],
    code: 1,
    words: ['The role exists, and its trust policy does not let the monitor in'],
  },
  {
    name: 'AWS says that the own policy lacks it',
    by: fault({ action: 'AssumeRole', code: 'AccessDenied', message: 'because no identity-based policy allows the sts:AssumeRole action' }),
    amiss: ['role: role-refused'],
    code: 1,
    words: ['sts:AssumeRole is refused', 'Deploy the monitor again'],
  },
  {
    name: 'STS does not answer usefully',
    by: fault({ action: 'AssumeRole', status: 400, code: 'Throttling' }),
    amiss: ['role: role-untold'],
    code: 2,
    words: ['Whether the role can be assumed could not be told'],
  },
];

const SES: readonly Broken[] = [
  {
    name: 'listing denied',
    by: denied('ListEmailIdentities'),
    amiss: ['list: ses-denied'],
    code: 1,
    words: ['ses:ListEmailIdentities is denied', memberStack],
  },
  {
    name: 'details denied',
    by: denied('GetEmailIdentity'),
    amiss: ['detail: ses-denied'],
    code: 1,
    words: ['ses:GetEmailIdentity is denied', memberStack],
  },
  {
    name: 'v1 denied',
    by: denied('GetIdentityDkimAttributes', { code: 'AccessDenied' }),
    amiss: ['status: ses-denied'],
    code: 1,
    words: ['ses:GetIdentityDkimAttributes is denied', memberStack],
  },
  {
    name: "denied in the monitor's own account",
    by: denied('GetEmailIdentity', { account: HOME }),
    amiss: ['detail: ses-denied'],
    code: 1,
    words: ['its own role needs ses:GetEmailIdentity', HOME],
  },
  {
    name: 'denied by the organisation in one region',
    by: denied('ListEmailIdentities', { region: 'eu-south-1', message: SCP }),
    amiss: ['list: ses-denied'],
    code: 1,
    words: ['A policy of the organisation (SCP or RCP) denies it', `account ${MEMBER}, in eu-south-1`],
  },
  {
    name: 'a region that is off',
    by: ({ sandbox }) => sandbox.aws.regionsOff.add(`${MEMBER}/eu-south-1`),
    amiss: ['list: region-off'],
    code: 1,
    words: ['The region eu-south-1 is not enabled', 'aws account enable-region --region-name eu-south-1'],
  },
  {
    name: 'a region that does not exist',
    by: ({ deploy, sandbox }) => {
      deploy({ regions: ['us-east-1', 'eu-west-9'] });
      for (const account of [HOME, MEMBER]) sandbox.aws.regionsOff.add(`${account}/eu-west-9`);
    },
    amiss: ['list: region-unknown'],
    code: 1,
    words: ['There is no Amazon SES in eu-west-9', '"regions" in monitor.config.json'],
  },
  {
    name: 'SES throttles one call',
    by: denied('GetEmailIdentity', { region: 'us-east-1', status: 429, code: 'TooManyRequestsException' }),
    amiss: ['detail: ses-throttled'],
    code: 2,
    words: ['SES throttles ses:GetEmailIdentity'],
  },
];

const AROUND: readonly Broken[] = [
  {
    name: 'the bucket is missing',
    changes: { home: { buckets: [] } },
    amiss: ['bucket: bucket-missing'],
    code: 1,
    words: [`The memory bucket ${BUCKET} does not exist`, `aws s3 mb s3://${BUCKET}`],
  },
  {
    name: 'the bucket is somebody else’s, and open',
    changes: { home: { buckets: [] }, member: { buckets: [{ name: BUCKET, sharedWith: [HOME] }] } },
    amiss: ['bucket: bucket-foreign'],
    code: 1,
    words: ['belongs to another account', `its owner is not ${HOME}`],
  },
  {
    name: 'the bucket is somebody else’s, or s3:ListBucket is missing: S3 tells no difference',
    changes: { home: { buckets: [] }, member: { buckets: [{ name: BUCKET }] } },
    amiss: ['bucket: bucket-refused'],
    code: 1,
    words: ['s3:ListBucket', `does not belong to account ${HOME}`],
  },
  {
    name: 's3:ListBucket missing',
    by: ({ sandbox }) => sandbox.aws.setListBucketDenied(BUCKET, true),
    amiss: ['bucket: bucket-refused'],
    code: 1,
    words: ['Either s3:ListBucket on it is missing', 'aws s3api head-bucket'],
  },
  {
    name: 'a further topic is another account’s, and says nothing',
    by: ({ deploy }) => deploy({ alerts: { email: ['dns@example.com'], critical: { topicArn: THEIR_TOPIC } } }),
    changes: { member: { topics: [{ name: 'theirs', region: 'us-east-1' }] } },
    amiss: ['topic: topic-of-others'],
    code: 0,
    words: [`${THEIR_TOPIC} is another account's`, `npx dkim-monitor test-alert --topic ${THEIR_TOPIC}`],
  },
  {
    name: 'a bus is another account’s, and may not be looked at',
    by: ({ deploy }) => deploy({ alerts: { email: ['dns@example.com'], eventBus: `arn:aws:events:us-east-1:${MEMBER}:event-bus/theirs` } }),
    amiss: ['event-bus: bus-of-others'],
    code: 0,
    words: ["event-bus/theirs is another account's", 'events:PutEvents'],
  },
  {
    name: 'reading denied',
    by: fault({ service: 's3', action: 'GetObject', code: 'AccessDenied' }),
    amiss: ['memory-read: object-denied'],
    code: 1,
    words: ['s3:GetObject is denied in the memory bucket'],
  },
  {
    name: 'writing denied',
    by: fault({ service: 's3', action: 'PutObject', code: 'AccessDenied' }),
    amiss: ['memory-write: object-denied'],
    code: 1,
    words: ['s3:PutObject is denied in the memory bucket'],
  },
  {
    name: 'no sweep yet',
    changes: { swept: false },
    amiss: ['last-sweep: no-sweep-yet'],
    code: 0,
    words: ['No sweep has ended yet', 'aws lambda invoke --function-name ses-dkim-monitor'],
  },
  {
    name: 'the last sweep is long ago',
    by: ({ sandbox }) => sandbox.aws.objects.get(BUCKET)?.set('reports/latest.json.gz', new Uint8Array([1])),
    amiss: ['last-sweep: sweep-stale'],
    code: 1,
    words: ['The last sweep ended', 'days ago', 'every 5 minutes', 'ses-dkim-monitor-did-not-run'],
  },
  {
    name: 'the topic is missing',
    changes: { home: { topics: [] } },
    amiss: ['topic: topic-missing'],
    code: 1,
    words: ['ses-dkim-monitor-alerts does not exist', 'npx cdk deploy'],
  },
  {
    name: 'the topic may not be listed',
    by: fault({ action: 'ListSubscriptionsByTopic', code: 'AuthorizationError' }),
    amiss: ['topic: topic-denied'],
    code: 1,
    words: ['sns:ListSubscriptionsByTopic is denied'],
  },
  {
    name: 'nobody is subscribed',
    changes: onlyTopic(),
    amiss: ['subscriptions: nobody-subscribed'],
    code: 1,
    words: ['Nobody is subscribed', 'aws sns subscribe --region us-east-1'],
  },
  {
    name: 'nobody has confirmed',
    changes: onlyTopic({ confirmed: false }),
    amiss: ['subscriptions: nobody-confirmed'],
    code: 1,
    words: ['p…0@example.com', 'Confirm subscription'],
  },
  {
    name: 'one of two has not confirmed',
    changes: onlyTopic({ confirmed: true }, { confirmed: false }),
    amiss: ['subscriptions: some-pending'],
    code: 0,
    words: ['p…1@example.com gets nothing until then', 'Confirm subscription'],
  },
  {
    name: 'the topic for what is critical is missing',
    by: ({ deploy }) => deploy({ alerts: { email: ['dns@example.com'], critical: { email: ['pager@example.com'] } } }),
    amiss: ['topic: topic-missing'],
    code: 1,
    words: [`arn:aws:sns:us-east-1:${HOME}:ses-dkim-monitor-critical does not exist`],
  },
  {
    name: 'the bus is missing',
    by: ({ deploy }) => deploy({ alerts: { email: ['dns@example.com'], eventBus: BUS } }),
    amiss: ['event-bus: bus-missing'],
    code: 1,
    words: [BUS, '"alerts.eventBus"', 'aws events create-event-bus --region us-east-1 --name pagers'],
  },
  {
    name: 'the bus may not be looked at',
    by: (installation) => {
      installation.deploy({ alerts: { email: ['dns@example.com'], eventBus: 'default' } });
      fault({ action: 'DescribeEventBus', status: 400, code: 'AccessDeniedException' })(installation);
    },
    amiss: ['event-bus: bus-denied'],
    code: 1,
    words: ['events:DescribeEventBus is denied'],
  },
  {
    name: "the dead man's switch is not there",
    by: ({ deploy }) => deploy({ operations: { heartbeatUrl: 'https://127.0.0.1:9/secret-path' } }),
    argv: ['--heartbeat'],
    amiss: ['heartbeat: heartbeat-failed'],
    code: 1,
    words: ['"operations.heartbeatUrl"', 'The ping of 127.0.0.1 failed'],
  },
];

const silent =
  (more: object) =>
  ({ sandbox }: Installation) =>
    sandbox.dns.behave({ behaviour: { kind: 'silent' }, ...more });

const DNS: readonly Broken[] = [
  {
    name: 'a resolver mute over UDP',
    by: silent({ servers: ['resolver-2'], transport: 'udp' }),
    amiss: ['resolver-udp: resolver-mute'],
    code: 1,
    words: ['A resolver does not answer over UDP', 'Let UDP to port 53 out', '"dns.resolvers"'],
  },
  {
    name: 'a resolver mute over TCP',
    by: silent({ servers: ['resolver-2'], transport: 'tcp' }),
    amiss: ['resolver-tcp: resolver-mute'],
    code: 1,
    words: ['A resolver does not answer over TCP', 'security group'],
  },
  {
    name: 'a resolver that refuses',
    by: ({ sandbox }) => sandbox.dns.behave({ servers: ['resolver-2'], behaviour: { kind: 'rcode', rcode: 'REFUSED' } }),
    amiss: ['resolver-udp: resolver-refuses', 'resolver-tcp: resolver-refuses'],
    code: 1,
    words: ['A resolver answers REFUSED over UDP', 'dig @RESOLVER SOA com'],
  },
  {
    name: 'no resolver validates',
    by: ({ sandbox }) => sandbox.dns.setTrustAnchor('resolver', 'none'),
    amiss: ['dnssec: not-validating'],
    code: 0,
    words: ['No resolver validates DNSSEC', '"resolvers": ["1.1.1.1", "8.8.8.8"]'],
  },
  {
    name: 'name servers mute over UDP',
    by: silent({ servers: ['zone:amazonses.com'], transport: 'udp', types: ['SOA'] }),
    amiss: ['authority-udp: authority-mute'],
    code: 1,
    words: ['The name servers of a domain do not answer over UDP', '@NAME_SERVER SOA amazonses.com'],
  },
  {
    name: 'name servers mute over TCP',
    by: silent({ servers: ['zone:amazonses.com'], transport: 'tcp' }),
    amiss: ['authority-tcp: authority-mute'],
    code: 1,
    words: ['The name servers of a domain do not answer over TCP', 'Let TCP to port 53 out'],
  },
];

const KEYS: readonly Broken[] = [
  {
    name: 'expired credentials of the caller',
    by: fault({ action: 'GetCallerIdentity', code: 'ExpiredToken' }),
    amiss: ['credentials: credentials-expired'],
    code: 1,
    words: ['The AWS credentials have expired', 'aws sso login'],
  },
  {
    name: 'no credentials at all',
    by: () => {
      delete process.env.AWS_ACCESS_KEY_ID;
      process.env.HOME = '/nonexistent';
    },
    amiss: ['credentials: no-credentials'],
    code: 1,
    words: ['There are no AWS credentials', 'AWS_PROFILE'],
  },
  {
    name: 'credentials of nobody',
    by: () => {
      process.env.AWS_ACCESS_KEY_ID = 'AKIANOBODYATALL00000';
    },
    amiss: ['credentials: credentials-refused'],
    code: 1,
    words: ['AWS does not accept the credentials', 'aws sts get-caller-identity'],
  },
  {
    name: 'AWS out of reach',
    by: () => {
      process.env.AWS_ENDPOINT_URL = 'http://127.0.0.1:1';
    },
    amiss: ['credentials: aws-unreachable'],
    code: 1,
    words: ['AWS could not be reached', 'ECONNREFUSED', 'AWS_ENDPOINT_URL'],
  },
  {
    name: 'a broken configuration beside the command',
    by: ({ writeConfiguration }) => writeConfiguration('{ "regoins": ["us-east-1"] }'),
    amiss: ['configuration: configuration-broken'],
    code: 1,
    words: ['The configuration has a mistake', 'regoins', 'regions'],
  },
  {
    name: 'a broken configuration, deployed and beside the command',
    by: ({ deploy }) => deploy({ regoins: [] }),
    amiss: ['configuration: configuration-broken', 'configuration: configuration-broken'],
    code: 1,
    words: ['regoins'],
  },
  {
    name: 'another configuration than the deployed one',
    by: ({ writeConfiguration }) => writeConfiguration('{}'),
    amiss: ['configuration: configuration-differs'],
    code: 0,
    words: ['another configuration than the file here', 'npx cdk deploy'],
  },
  {
    name: 'an account that is not watched',
    argv: ['--account', '333333333333', '--region', 'us-east-1'],
    amiss: ['configuration: not-watched'],
    code: 1,
    words: ['Not watched: 333333333333', '"accounts"'],
  },
];

describe.each([
  ['the role in another account', ROLE],
  ['SES', SES],
  ['what is around the sweep', AROUND],
  ['the ways to DNS', DNS],
  ['keys and configuration', KEYS],
])('%s', (_, table) => {
  let installation: Installation | undefined;
  afterEach(async () => {
    await installation?.close();
    installation = undefined;
  });

  test.each(table.map((one) => [one.name, one] as const))(
    '%s',
    async (_name, { changes, by, argv = [], amiss, code, words }) => {
      installation = await install({ width: 4000, ...changes });
      await by?.(installation);
      const json = await installation.doctor(...argv, '--json');
      expect(amissIn(JSON.parse(json.out) as Checkup)).toEqual(amiss);
      expect(json.code).toBe(code);
      const page = await installation.doctor(...argv);
      for (const word of words) expect(page.out).toContain(word);
      expect(`${json.out}${page.out}${page.err}`).not.toContain(EXTERNAL_ID);
    },
    30_000,
  );
});
