// What must hold of the deployed stack whatever its details, in words.
import { parseConfiguration } from '../../lambda/configuration.ts';
import { ENVIRONMENT, FUNCTION_MEMORY_MIB, FUNCTION_TIMEOUT_SECONDS, MONITOR_ROLE_NAME } from '../../lambda/settings.ts';
import { functionPermissions } from '../../lib/permissions.ts';
import { memberRoles } from '../../lib/sweeper-role.ts';
import { EVERYTHING, HOME, monitorStack, type Properties, TemplateView, WHOLE_ORGANIZATION } from './stacks.ts';

const everything = new TemplateView(monitorStack());
const nothing = new TemplateView(monitorStack({}));
const FUNCTION = 'AWS::Lambda::Function';

describe('the function', () => {
  test('runs on arm64 under Node 24, with the limits of lambda/settings.ts', () => {
    expect(everything.only(FUNCTION)).toMatchObject({
      Architectures: ['arm64'],
      Runtime: 'nodejs24.x',
      Timeout: FUNCTION_TIMEOUT_SECONDS,
      MemorySize: FUNCTION_MEMORY_MIB,
    });
  });
  test('has no reserved concurrency, which accounts with a limit of 10 refuse', () => {
    expect(everything.only(FUNCTION)).not.toHaveProperty('ReservedConcurrentExecutions');
  });
  test('gets every variable that settings name, the options of Node, and no others', () => {
    const { NODE_OPTIONS, ...variables } = everything.only(FUNCTION).Environment.Variables;
    expect(Object.keys(variables).sort()).toEqual(Object.values(ENVIRONMENT).sort());
    // Both or none: Lambda leaves the other one to V8 where only one is set.
    expect(NODE_OPTIONS).toBe(`--max-semi-space-size=16 --max-old-space-size=${Math.floor(FUNCTION_MEMORY_MIB * 0.9)}`);
  });
  test('logs JSON to a log group of its own with a retention', () => {
    const [[id, group] = []] = Object.entries(everything.resources('AWS::Logs::LogGroup'));
    expect(group?.RetentionInDays).toBe(30);
    expect(everything.only(FUNCTION).LoggingConfig).toEqual({ LogFormat: 'JSON', LogGroup: { Ref: id } });
  });
  test('is not retried: the next sweep is the retry, and old events are of no use', () => {
    expect(everything.only('AWS::Lambda::EventInvokeConfig')).toMatchObject({ MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 300 });
  });
  test('has one queue for what could not be handled: its own events and those that never reached it', () => {
    const [queue] = Object.keys(everything.resources('AWS::SQS::Queue'));
    const arn = { 'Fn::GetAtt': [queue, 'Arn'] };
    expect(everything.only(FUNCTION).DeadLetterConfig).toEqual({ TargetArn: arn });
    expect(everything.schedule().Targets[0].DeadLetterConfig).toEqual({ Arn: arn });
  });
  test.each([
    ['rate(1 minute)', 60],
    ['rate(12 hours)', 21_600],
  ])('with %s events wait at most %i seconds, within the limits of Lambda', (schedule, seconds) => {
    const view = new TemplateView(monitorStack({ schedule, inventoryEvery: '12h' }));
    expect(view.schedule().ScheduleExpression).toBe(schedule);
    expect(view.only('AWS::Lambda::EventInvokeConfig').MaximumEventAgeInSeconds).toBe(seconds);
  });
});

describe('permissions', () => {
  const own = (view: TemplateView) => view.statements('AWS::IAM::Role').filter(({ principal }) => principal === '');

  test('the function may do exactly what the rooms declare and the reasoned table adds', () => {
    const granted = own(new TemplateView(monitorStack(WHOLE_ORGANIZATION))).flatMap(({ actions }) => actions);
    expect(granted.sort()).toEqual(
      functionPermissions()
        .map(({ action }) => action)
        .sort(),
    );
    expect(everything.resources('AWS::IAM::Policy')).toEqual({});
    expect(JSON.stringify(everything.template.toJSON())).not.toContain(':aws:policy/');
  });
  test('the role has the fixed name that roles in other accounts trust', () => {
    const role = everything.resources('AWS::IAM::Role')[everything.only(FUNCTION).Role['Fn::GetAtt'][0]];
    expect(role?.RoleName).toBe(MONITOR_ROLE_NAME);
  });
  test('no wildcard resource but those explained, and no wildcard action', () => {
    for (const { actions, resources } of [...own(everything), ...everything.statements('AWS::IAM::ManagedPolicy')]) {
      expect(actions.filter((action) => action.includes('*'))).toEqual([]);
      const wild = resources.filter((resource) => resource.includes('*'));
      if (wild.length > 0) expect(actions.every((action) => /^(ses:(Get|List)|s3:(Get|Put|Delete)Object$)/.test(action))).toBe(true);
      if (actions.some((action) => action.startsWith('s3:'))) expect(resources.join()).toContain('Memory');
    }
  });
  test('without an organisation it may list none, and without "all" it may not ask for regions', () => {
    expect(own(everything).flatMap(({ actions }) => actions.filter((action) => /^(organizations|account):/.test(action)))).toEqual([]);
  });
  test('without other accounts it may assume no role', () => {
    expect(own(nothing).flatMap(({ actions }) => actions)).not.toContain('sts:AssumeRole');
    expect(own(new TemplateView(monitorStack({ accounts: [{ id: HOME }] }))).flatMap(({ actions }) => actions)).not.toContain(
      'sts:AssumeRole',
    );
  });
  test('with other accounts it may assume their roles by name, and say who it is', () => {
    const assume = own(everything).find(({ actions }) => actions.includes('sts:AssumeRole'));
    expect(assume?.actions).toContain('sts:SetSourceIdentity');
    expect(assume?.resources.map((resource) => /:iam::.*?(?="\]\])/.exec(resource)?.[0])).toEqual([
      ':iam::222222222222:role/ses-dkim-monitor-read',
      ':iam::333333333333:role/dkim-reader',
    ]);
  });
  test('with an organisation it may assume the one role in any account, and other roles by name', () => {
    const read = parseConfiguration({ ...WHOLE_ORGANIZATION, accounts: EVERYTHING.accounts });
    if (!read.ok) throw new Error(read.problems.join());
    const arns = memberRoles(read.value, HOME);
    expect(arns.map((arn) => arn.replace(/^.*:iam:/, ''))).toEqual([':*:role/ses-dkim-monitor-read', ':333333333333:role/dkim-reader']);
  });
  test('with more accounts than a policy holds, roles are named by role name', () => {
    const read = parseConfiguration({
      accounts: Array.from({ length: 300 }, (_, i) => ({ id: String(400_000_000_000 + i), ...(i % 2 === 0 && { roleName: 'reader' }) })),
    });
    if (!read.ok) throw new Error(read.problems.join());
    const arns = memberRoles(read.value, HOME);
    expect(arns.map((arn) => arn.replace(/^.*:iam:/, ''))).toEqual([':*:role/reader', ':*:role/ses-dkim-monitor-read']);
  });
});

describe('memory', () => {
  const bucket = everything.only('AWS::S3::Bucket');
  const rule = (id: string) => bucket.LifecycleConfiguration.Rules.find((entry: Properties) => entry.Id === id);

  test('reports expire after 30 days', () => expect(rule('reports-expire')).toMatchObject({ Prefix: 'reports/', ExpirationInDays: 30 }));
  test('old versions expire after 7 days, and nothing else ever expires', () => {
    expect(rule('old-versions-expire')).toMatchObject({ NoncurrentVersionExpiration: { NoncurrentDays: 7 } });
    expect(rule('old-versions-expire')).not.toHaveProperty('ExpirationInDays');
    expect(bucket.LifecycleConfiguration.Rules).toHaveLength(2);
  });
  test('is versioned, private, encrypted, and stays when the stack goes', () => {
    expect(bucket).toMatchObject({
      VersioningConfiguration: { Status: 'Enabled' },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
    });
    everything.template.hasResource('AWS::S3::Bucket', { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });
});

test.each(['AWS::S3::BucketPolicy', 'AWS::SNS::TopicPolicy', 'AWS::SQS::QueuePolicy'])('every %s denies what comes without TLS', (type) => {
  for (const id of Object.keys(everything.resources(type)))
    expect(everything.statements(type).filter(({ on }) => on === id)).toContainEqual(
      expect.objectContaining({ effect: 'Deny', condition: '{"Bool":{"aws:SecureTransport":"false"}}' }),
    );
});

describe('subscriptions', () => {
  const subscribed = (view: TemplateView) =>
    Object.values(view.resources('AWS::SNS::Subscription')).map(({ Protocol, Endpoint }) => `${Protocol} ${Endpoint}`);

  test('each configured address once', () => {
    expect(subscribed(everything).sort()).toEqual([
      'email dns@example.com',
      'email mail-team@example.com',
      'email on-call@example.com',
      'email ops@example.com',
      'email shop@example.com',
    ]);
  });
  test('nobody by default', () => expect(subscribed(nothing)).toEqual([]));
  test('an output says which mailboxes must confirm', () => {
    const { Outputs } = everything.template.toJSON() as { Outputs: Record<string, { Value: string }> };
    expect(Outputs.ConfirmSubscriptions?.Value).toMatch(
      /Confirm subscription.*dns@example.com, mail-team@example.com, on-call@example.com, shop@example.com, ops@example.com/,
    );
    expect(Object.keys(Outputs)).toEqual(
      expect.arrayContaining(['AlertTopicArn', 'FunctionName', 'MemoryBucketName', 'MemberDeployCommand']),
    );
  });
  test('an output says that an alarm is on until the first sweep has ended, and when that begins', () => {
    const { Outputs } = everything.template.toJSON() as { Outputs: Record<string, { Value: string }> };
    expect(Outputs.CheckInstallation?.Value).toBe('AWS_REGION=us-east-1 npx dkim-monitor doctor');
    expect(Outputs.FirstSweep?.Value).toMatch(/within 5 minutes.*ses-dkim-monitor-did-not-run/);
    const often = new TemplateView(monitorStack({ schedule: 'rate(1 minute)' })).template.toJSON() as typeof everything & {
      Outputs: Record<string, { Value: string }>;
    };
    expect(often.Outputs.FirstSweep?.Value).toMatch(/within 1 minute\./);
  });
  test('the external ids of the configuration stand nowhere in the template', () => {
    expect(JSON.stringify(everything.template.toJSON())).not.toContain(EVERYTHING.accounts[1].externalId);
  });
});

test("the address of the dead man's switch stands nowhere in the template: it is a secret, and travels with the code", () => {
  expect(JSON.stringify(everything.template.toJSON())).not.toMatch(/hc-ping|5f2c0d1e/);
});

describe('chat channels', () => {
  const channels = ['AWS::Chatbot::SlackChannelConfiguration', 'AWS::Chatbot::MicrosoftTeamsChannelConfiguration'];

  test.each(channels)('%s gets the alerts', (type) => {
    const [topic] = everything.only(type).SnsTopicArns;
    expect(topic).toEqual(everything.only(FUNCTION).Environment.Variables.MONITOR_TOPIC_ARN);
  });
  test.each(channels)('%s has a guardrail that only reads', (type) => {
    const guardrails = everything.only(type).GuardrailPolicies.map(({ Ref }: Properties) => Ref);
    expect(guardrails).toHaveLength(1);
    const statements = everything.statements('AWS::IAM::ManagedPolicy').filter(({ on }) => guardrails.includes(on));
    expect(statements.length).toBeGreaterThan(0);
    for (const { effect, actions, resources } of statements) {
      expect(effect).toBe('Allow');
      expect(actions.filter((action) => !/^[a-z]+:(Get|List|Describe)[A-Za-z]+$/.test(action))).toEqual([]);
      expect(resources).not.toContain('*');
    }
  });
  test.each(channels)('%s has a role that allows nothing', (type) => {
    const role = everything.resources('AWS::IAM::Role')[everything.only(type).IamRoleArn['Fn::GetAtt'][0]];
    expect(Object.keys(role ?? {}).sort()).toEqual(['AssumeRolePolicyDocument', 'Description']);
  });
  test('without channels there is no role for them', () => expect(JSON.stringify(nothing.template.toJSON())).not.toContain('chatbot'));
});

test('no custom resources: they would need functions of their own, with permissions of their own', () => {
  expect(everything.types().filter((type) => type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource')).toEqual([]);
  expect(Object.keys(everything.resources(FUNCTION))).toHaveLength(1);
});

test('no KMS keys: the default key shuts alarms out of a topic', () => {
  expect(JSON.stringify(everything.template.toJSON())).not.toMatch(/KmsMasterKeyId|AWS::KMS::Key/);
});
