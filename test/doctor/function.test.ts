// What the command does where the function is missing, may not be asked, is older or fails, and with the caller's own rights.
import type { Checkup } from '../../lambda/model/checkup.ts';
import { hasControls } from '../cli/run-command.ts';
import {
  amissIn,
  BUCKET,
  EXTERNAL_ID,
  FUNCTION_ARN,
  HOME,
  type Installation,
  install,
  MEMBER,
  type Ran,
  TOPIC_ARN,
} from './installation.ts';

let installation: Installation;
beforeEach(async () => {
  installation = await install({ width: 4000 });
}, 30_000);
afterEach(() => installation?.close());

const checkupOf = ({ out }: Ran): Checkup => JSON.parse(out) as Checkup;
/** By design of the role in the other account, whoever is not the function. */
const NOT_TOLD = 'role: role-for-the-function-alone';
const called = (action: string): number => installation.sandbox.aws.calls.filter((call) => call.action === action).length;

test('missing: said, with how to get it; the rest is checked with own rights', async () => {
  installation.sandbox.aws.functions.clear();
  const ran = await installation.doctor('--json');
  expect(amissIn(checkupOf(ran))).toEqual(['function: function-missing', NOT_TOLD]);
  expect(ran.code).toBe(1);
  const { out } = await installation.doctor();
  expect(out).toContain('There is no function ses-dkim-monitor in us-east-1');
  expect(out).toContain('npx cdk deploy');
  expect(out).toContain(`Checked with YOUR rights (arn:aws:iam::${HOME}:user/sandbox), not the monitor's`);
});

test('invoking denied: nothing is said against the monitor, exit 2', async () => {
  installation.sandbox.aws.faults.push({ action: 'Invoke', status: 403, code: 'AccessDeniedException' });
  const ran = await installation.doctor('--json');
  const checkup = checkupOf(ran);
  expect(amissIn(checkup)).toEqual(['function: invoke-denied', NOT_TOLD]);
  expect(ran.code).toBe(2);
  expect(checkup.rights.of).toBe('caller');
  // Bucket and topic are known from the function's settings.
  expect(checkup.results.filter(({ outcome }) => outcome === 'ok').map(({ link }) => link)).toEqual(
    expect.arrayContaining(['bucket', 'memory-write', 'last-sweep', 'topic', 'subscriptions']),
  );
  const { out } = await installation.doctor();
  expect(out).toContain('You may not call lambda:InvokeFunction on ses-dkim-monitor');
  expect(out).toContain('By design it trusts the role ses-dkim-monitor of account 111111111111 alone (aws:PrincipalArn)');
});

test.each([
  ['a sweep, from an older version', async () => ({ outcome: 'swept', healthy: 4 })],
  ['something else', async () => ({ schema: 1, results: [{ outcome: '\u001b[31mgood' }] })],
  ['nothing', async () => undefined],
])('an answer that is %s: the function is older', async (_, invoke) => {
  installation.sandbox.aws.functions.set(FUNCTION_ARN, { invoke });
  const ran = await installation.doctor('--json');
  expect(amissIn(checkupOf(ran))).toEqual(['function: function-old', NOT_TOLD]);
  expect(ran.code).toBe(1);
});

test('a function that fails: its own words, made harmless', async () => {
  const invoke = async (): Promise<never> => {
    throw new Error('Runtime exited\u001b[31m \u202eand more');
  };
  installation.sandbox.aws.functions.set(FUNCTION_ARN, { invoke });
  const { code, out } = await installation.doctor();
  expect(code).toBe(1);
  expect(out).toContain('The function ses-dkim-monitor failed');
  expect(out).toContain('Runtime exited\\u001b[31m \\u202eand more');
  expect(hasControls(out)).toBe(false);
  expect(out).not.toContain('\u202e');
});

describe('--local', () => {
  test('asks the function for nothing but its settings; exit 2 for what its role alone may do', async () => {
    const ran = await installation.doctor('--local', '--json');
    expect(amissIn(checkupOf(ran))).toEqual([NOT_TOLD]);
    expect(ran.code).toBe(2);
    expect(called('Invoke')).toBe(0);
  });

  test('before the first deployment: no function is no failure, what is given is checked', async () => {
    installation.sandbox.aws.functions.clear();
    const checkup = checkupOf(await installation.doctor('--local', '--account', HOME, '--bucket', BUCKET, '--topic', TOPIC_ARN, '--json'));
    expect(amissIn(checkup)).toEqual([]);
    expect(checkup.results.find(({ link }) => link === 'function')).toMatchObject({ outcome: 'skipped', kind: 'not-deployed' });
    expect(checkup.results.find(({ link }) => link === 'memory-write')?.outcome).toBe('ok');
    const without = checkupOf(await installation.doctor('--local', '--account', HOME, '--json'));
    expect(without.results.filter(({ kind }) => kind === 'not-known').map(({ link }) => link)).toEqual(['bucket', 'topic']);
  });

  test('under the role of the monitor itself it is the real thing', async () => {
    installation.sandbox.aws.denyRoles.clear();
    const { STSClient, AssumeRoleCommand } = await import('@aws-sdk/client-sts');
    const { Credentials: keys } = await new STSClient({}).send(
      new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${HOME}:role/ses-dkim-monitor`, RoleSessionName: 'me' }),
    );
    Object.assign(process.env, {
      AWS_ACCESS_KEY_ID: keys?.AccessKeyId,
      AWS_SECRET_ACCESS_KEY: keys?.SecretAccessKey,
      AWS_SESSION_TOKEN: keys?.SessionToken,
    });
    const ran = await installation.doctor('--local', '--json');
    expect(amissIn(checkupOf(ran))).toEqual([]);
    expect(ran.code).toBe(0);
  });
});

test('--account and --region narrow it down, in the function too', async () => {
  const checkup = checkupOf(await installation.doctor('--account', MEMBER, '--region', 'eu-south-1', '--json'));
  expect(checkup).toMatchObject({ accounts: 1, targets: 1, rights: { of: 'function' } });
  expect(checkup.results.find(({ link }) => link === 'list')?.places).toEqual([{ account: MEMBER, region: 'eu-south-1' }]);
});

describe('with "regions": "all" a region that is off is left out', () => {
  beforeEach(() => {
    installation.deploy({ accounts: [], regions: 'all', ses: { callsPerSecond: 50 } });
    for (const region of ['af-south-1', 'me-south-1']) installation.sandbox.aws.regionsOff.add(`${HOME}/${region}`);
  });
  const askedIn = (): ReadonlySet<string> =>
    new Set(installation.sandbox.aws.calls.filter(({ action }) => action === 'ListEmailIdentities').map(({ region }) => region));

  test('by the word of the account', async () => {
    const checkup = checkupOf(await installation.doctor('--json'));
    expect(amissIn(checkup)).toEqual([]);
    expect(askedIn().size).toBeGreaterThan(10);
    expect([...askedIn()]).not.toContain('af-south-1');
  }, 30_000);

  test('or, where the account may not be asked, as SES says', async () => {
    installation.sandbox.aws.faults.push({ action: 'ListRegions', status: 403, code: 'AccessDeniedException' });
    const checkup = checkupOf(await installation.doctor('--json'));
    expect(amissIn(checkup)).toEqual(['regions: regions-denied']);
    expect(checkup.results.find(({ kind }) => kind === 'region-off-anyway')).toMatchObject({ link: 'list', outcome: 'skipped', count: 2 });
  }, 30_000);
});

test.each([
  [['--function', 'a b'], '--function takes the name or the ARN'],
  [['--account', '12'], 'is not an AWS account id'],
  [['--region', 'nowhere'], 'is not an AWS region'],
  [['--topic', 'alerts'], '--topic takes the ARN'],
  [['--bucket', 's3://x'], '--bucket'],
  [['--config', 'no-such-file.json'], 'there is no such file'],
])('wrong usage %s: exit 64, nothing asked', async (argv, words) => {
  const { code, err, out } = await installation.doctor(...argv);
  expect({ code, out }).toEqual({ code: 64, out: '' });
  expect(err).toContain(words);
  expect(installation.sandbox.aws.calls).toEqual([]);
});

test('a function that is named by its ARN is asked in its own region', async () => {
  const arn = FUNCTION_ARN.replace('us-east-1', 'eu-south-1');
  const asked: unknown[] = [];
  installation.sandbox.aws.functions.set(arn, {
    invoke: async (event) => {
      asked.push(event);
      return {};
    },
  });
  await installation.doctor('--function', arn);
  expect(asked).toEqual([{ kind: 'doctor', accounts: [], regions: [], heartbeat: false }]);
});

test('nothing secret in what the function answers', async () => {
  const text = JSON.stringify(await installation.sandbox.aws.functions.get(FUNCTION_ARN)?.invoke({ kind: 'doctor' }));
  expect(text).toContain('"schema":1');
  expect(text).not.toContain(EXTERNAL_ID);
  expect(text).not.toMatch(/session-0|sandbox-secret/);
});
