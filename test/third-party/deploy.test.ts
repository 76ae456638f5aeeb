// The main job on parts that are not ours: real `cdk deploy` of both stacks, the deployed bundle under Node 24, moto's S3, SNS and STS; the mail is read.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateEventBusCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { METRIC_NAMESPACE, RARE_METRICS } from '../../lambda/sweep/metrics.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { EXTERNAL_ID, FIRST_LIGHT_WORLD, firstLight, HOME, MEMBER, READER, SHOP } from '../../sandbox/scenarios/first-light.ts';
import { cdk, type Invocation, invoke, node24 } from './commands.ts';
import { type AwsCall, type DeployedFunction, type Moto, startMoto } from './moto.ts';

const ON_CALL = 'on-call@example.org';
/** Not the default bus: moto would try to start the function for the schedule's rule there. */
const BUS = `arn:aws:events:us-east-1:${HOME}:event-bus/alerts`;

// biome-ignore lint/suspicious/noExplicitAny: a template is untyped JSON, and a wrong path fails the test.
type Template = Readonly<Record<string, any>>;

let folder: string;
let moto: Moto;
let sandbox: Sandbox;
let fn: DeployedFunction;
let code: string;

beforeAll(async () => {
  node24();
  folder = mkdtempSync(join(tmpdir(), 'deploy-'));
  code = join(folder, 'function');
  mkdirSync(code);
  [moto, sandbox] = await Promise.all([startMoto(), startSandbox(FIRST_LIGHT_WORLD)]);
  await moto.seedIdentities(
    Object.entries(FIRST_LIGHT_WORLD.aws).flatMap(([account, { identities = {} }]) =>
      Object.entries(identities).flatMap(([region, list]) => list.map(({ name, facts }) => ({ account, region, name, facts }))),
    ),
  );
  writeFileSync(join(folder, 'config.json'), JSON.stringify(configuration()));
  const home = await moto.environment(`arn:aws:iam::${HOME}:role/administrator`);
  const member = await moto.environment(`arn:aws:iam::${MEMBER}:role/administrator`);
  await makeBus(home);
  // By change set, as by default, moto would lose the outputs.
  const deploy = ['deploy', '--method=direct', '--require-approval', 'never'];
  await cdk(['bootstrap', `aws://${HOME}/us-east-1`], home);
  await cdk([...deploy, '-c', `config=${join(folder, 'config.json')}`, ...written('monitor')], home);
  // The other account is not bootstrapped: nothing was done there before.
  const app = ['--app', 'npx tsx bin/member.ts', '-c', `hub=${HOME}`, '-c', `externalId=${EXTERNAL_ID}`];
  await cdk([...deploy, ...app, ...written('member')], member);
  fn = await moto.deployed({ account: HOME, region: 'us-east-1', name: 'ses-dkim-monitor', folder: code });
}, 240_000);

afterAll(async () => {
  moto?.close();
  await sandbox?.close();
  if (folder) rmSync(folder, { recursive: true });
});

/** The bus is the user's own: it is there before the monitor. */
async function makeBus(environment: Readonly<Record<string, string>>): Promise<void> {
  const {
    AWS_ACCESS_KEY_ID: accessKeyId = '',
    AWS_SECRET_ACCESS_KEY: secretAccessKey = '',
    AWS_SESSION_TOKEN: sessionToken = '',
  } = environment;
  const client = new EventBridgeClient({
    endpoint: moto.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey, sessionToken },
  });
  await client.send(new CreateEventBusCommand({ Name: 'alerts' }));
  client.destroy();
}

const written = (name: string) => ['-o', join(folder, name), '--outputs-file', join(folder, `${name}.json`)];
const at = ({ address, port }: { readonly address: string; readonly port: number }) => `${address}:${port}`;

/** As a user would write it, with the DNS of the sandbox in place of the world's. */
function configuration() {
  return {
    accounts: [{ id: HOME }, { id: MEMBER, externalId: EXTERNAL_ID }],
    regions: ['us-east-1', 'eu-west-1', 'eu-south-1'],
    alerts: { email: [READER], critical: { email: [ON_CALL] }, eventBus: BUS },
    operations: { email: ['operations@northwind-shop.com'] },
    ses: { callsPerSecond: 50 },
    dns: {
      resolvers: [at(sandbox.resolver)],
      routes: Object.fromEntries(Object.entries(sandbox.routes).map(([address, where]) => [address, at(where)])),
      rootHints: sandbox.rootHints,
      confirmAfter: '1s',
    },
  };
}

type Mails = Awaited<ReturnType<Moto['mails']>>;

/** `mails` are those of the main topic, `critical` those of the topic for what is critical. */
async function sweep(): Promise<Invocation & { readonly calls: readonly AwsCall[]; readonly mails: Mails; readonly critical: Mails }> {
  await moto.calls();
  // By address and not by name: the SDK then puts the bucket's name into the path, as moto wants it.
  const endpoint = moto.endpoint.replace('localhost', '127.0.0.1');
  const invocation = await invoke(fn, code, { ...(await moto.environment(fn.role)), AWS_ENDPOINT_URL: endpoint });
  const all = await moto.mails();
  const of = (address: string) => all.filter(({ to }) => to === address);
  return { ...invocation, calls: await moto.calls(), mails: of(READER), critical: of(ON_CALL) };
}

const template = (name: string, stack: string): Template =>
  JSON.parse(readFileSync(join(folder, name, `${stack}.template.json`), 'utf8')) as Template;
const resources = (of: Template, type: string): readonly Template[] =>
  Object.values(of.Resources as Record<string, Template>)
    .filter(({ Type }) => Type === type)
    .map(({ Properties }) => Properties);

test('what was deployed is the function for Node 24, with its configuration beside it', () => {
  expect(fn).toMatchObject({ runtime: 'nodejs24.x', timeout: 900 });
  expect(JSON.parse(readFileSync(join(code, 'monitor.config.json'), 'utf8'))).toEqual(configuration());
});

test('the outputs say which mailboxes must confirm, and how the other accounts are deployed', () => {
  const { 'ses-dkim-monitor': outputs } = JSON.parse(readFileSync(join(folder, 'monitor.json'), 'utf8'));
  expect(outputs.ConfirmSubscriptions).toContain(READER);
  expect(outputs.MemberDeployCommand).toContain(`-c hub=${HOME} `);
  expect(outputs.FunctionName).toBe('ses-dkim-monitor');
});

describe('over three sweeps', () => {
  let first: Awaited<ReturnType<typeof sweep>>;

  test('all is well: every identity of both accounts is seen, and found healthy', async () => {
    first = await sweep();
    expect(first.log.filter(({ message, gap }) => message === 'target-swept' && gap !== undefined)).toEqual([]);
    expect(first.answer).toMatchObject({ outcome: 'swept', healthy: 15, broken: 0, unknown: 0 });
    expect(new Set(first.calls.filter(({ service }) => service === 'ses').map(({ account }) => account))).toEqual(new Set([HOME, MEMBER]));
  }, 60_000);

  test('the function asks AWS only for what its role, and the role in the other account, allow', () => {
    expect(asked(first.calls, HOME).filter((action) => !allowed('monitor', 'ses-dkim-monitor').includes(action))).toEqual([]);
    expect(asked(first.calls, MEMBER).filter((action) => !allowed('member', 'ses-dkim-monitor-member').includes(action))).toEqual([]);
  });

  test('every metric that an alarm waits for is in the log, under the dimensions that the alarm names', () => {
    const alarms = resources(template('monitor', 'ses-dkim-monitor'), 'AWS::CloudWatch::Alarm').filter(
      ({ Namespace }) => Namespace === METRIC_NAMESPACE,
    );
    expect(alarms).toHaveLength(5);
    const rare: readonly string[] = Object.values(RARE_METRICS);
    for (const { MetricName, Dimensions } of alarms) {
      // A good sweep has nothing to say under those; they are written by the same hand (test/lib/saved-queries.test.ts).
      if (rare.includes(MetricName)) continue;
      const names = Dimensions.map(({ Name }: Template) => Name);
      const line = first.log.find((entry) => writes(entry, MetricName, names));
      expect({ MetricName, written: line !== undefined }).toEqual({ MetricName, written: true });
      for (const { Name, Value } of Dimensions) expect(line?.[Name]).toBe(Value);
    }
  });

  test('a record disappears: the mail names it, and what to publish', async () => {
    await play(0);
    const { answer, mails, critical, calls } = await sweep();
    expect(answer).toMatchObject({ outcome: 'swept', broken: 1, told: 1 });
    expect(mails).toHaveLength(1);
    // The same message to the topic whose ARN the function computed, and as an event.
    expect(critical).toMatchObject([{ topic: expect.stringContaining('ses-dkim-monitor-critical'), subject: mails[0]?.subject }]);
    expect(calls.filter(({ action }) => action === 'PutEvents')).toHaveLength(1);
    expect(asked(calls, HOME).filter((action) => !allowed('monitor', 'ses-dkim-monitor').includes(action))).toEqual([]);
    const token = missingToken();
    expect(mails[0]).toMatchObject({ protocol: 'email', to: READER, subject: expect.stringContaining(SHOP) });
    expect(mails[0]?.body).toContain(`${token}._domainkey.${SHOP}`);
    expect(mails[0]?.body).toContain(`${token}.dkim.amazonses.com`);
    expect(mails[0]?.body).toContain(HOME);
    expect(mails[0]?.body).toContain('eu-west-1');
  }, 60_000);

  test('it is told once: the next sweep is silent', async () => {
    const { answer, mails } = await sweep();
    expect(answer).toMatchObject({ outcome: 'swept', broken: 1, told: 0 });
    expect(mails).toEqual([]);
  }, 60_000);

  test('the record is put back: the mail says that it has recovered', async () => {
    await play(1);
    const { answer, mails, critical } = await sweep();
    expect(critical).toHaveLength(1);
    expect(answer).toMatchObject({ outcome: 'swept', broken: 0, healthy: 15, told: 1 });
    expect(mails).toHaveLength(1);
    expect(mails[0]).toMatchObject({ to: READER, subject: expect.stringMatching(/recovered/i) });
    expect(mails[0]?.body).toContain(SHOP);
  }, 60_000);
});

test('moto had no error of its own: a deployment would have passed over it', () => {
  expect(moto.errors()).toEqual([]);
});

async function play(step: number): Promise<void> {
  await firstLight.steps[step]?.apply(sandbox);
}

/** The token whose record the first step removes: the one that is no longer in the zone. */
function missingToken(): string {
  const identity = FIRST_LIGHT_WORLD.aws[HOME]?.identities?.['eu-west-1']?.find(({ name }) => name === SHOP);
  const tokens = identity?.facts.DkimAttributes?.Tokens ?? [];
  const gone = tokens.filter((token) => Object.keys(sandbox.dns.records(SHOP, `${token}._domainkey`)).length === 0);
  if (gone.length !== 1 || gone[0] === undefined) throw new Error(`${gone.length} of ${tokens.length} records are gone`);
  return gone[0];
}

/** IAM actions of the calls that an account saw, those left out that IAM never asks about. */
function asked(calls: readonly AwsCall[], account: string): readonly string[] {
  const REST: readonly (readonly [RegExp, string])[] = [
    [/^GET \/\?list-type|^GET \/[^/]+\/?$/, 's3:ListBucket'],
    [/^(GET|HEAD) /, 's3:GetObject'],
    [/^PUT /, 's3:PutObject'],
    [/^DELETE /, 's3:DeleteObject'],
  ];
  const SES: readonly (readonly [RegExp, string])[] = [
    [/^POST \/v2\/email\/list-identities/, 'ses:ListEmailIdentities'],
    [/^GET \/v2\/email\/identities\//, 'ses:GetEmailIdentity'],
  ];
  const names = calls
    .filter((call) => call.account === account && call.action !== 'GetCallerIdentity')
    .map(({ service, action }) => (service === 's3' ? REST : SES).find(([form]) => form.test(action))?.[1] ?? `${service}:${action}`);
  return [...new Set(names)];
}

function allowed(name: string, stack: string): readonly string[] {
  return resources(template(name, stack), 'AWS::IAM::Role').flatMap(({ Policies = [] }) =>
    Policies.flatMap(({ PolicyDocument }: Template) => PolicyDocument.Statement.flatMap(({ Action }: Template) => Action)),
  );
}

/** True if the line is one that CloudWatch turns into this metric (embedded metric format) with exactly these dimensions. */
function writes(line: Readonly<Record<string, unknown>>, metric: string, dimensions: readonly string[]): boolean {
  const { CloudWatchMetrics = [] } = (line._aws ?? {}) as Template;
  return CloudWatchMetrics.some(
    ({ Namespace, Metrics, Dimensions }: Template) =>
      Namespace === METRIC_NAMESPACE &&
      Metrics.some(({ Name }: Template) => Name === metric) &&
      Dimensions.some((set: readonly string[]) => [...set].sort().join() === [...dimensions].sort().join()),
  );
}
