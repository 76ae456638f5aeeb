// The deployed state machine, run by moto with the deployed bundle under Node 24 for each step: plan, Distributed Map, parts of a large target, conclude.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Report } from '../../lambda/model/report.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { EXTERNAL_ID, FIRST_LIGHT_WORLD, firstLight, HOME, MEMBER, READER, SHOP } from '../../sandbox/scenarios/first-light.ts';
import { cdk, node24 } from './commands.ts';
import { type AwsCall, type Moto, startMoto } from './moto.ts';

let folder: string;
let moto: Moto;
let sandbox: Sandbox;
let home: Readonly<Record<string, string>>;
let bucket: string;
let s3: S3Client;

beforeAll(async () => {
  node24();
  folder = mkdtempSync(join(tmpdir(), 'steps-'));
  [moto, sandbox] = await Promise.all([startMoto({ steps: true }), startSandbox(FIRST_LIGHT_WORLD)]);
  await moto.seedIdentities(
    Object.entries(FIRST_LIGHT_WORLD.aws).flatMap(([account, { identities = {} }]) =>
      Object.entries(identities).flatMap(([region, list]) => list.map(({ name, facts }) => ({ account, region, name, facts }))),
    ),
  );
  writeFileSync(join(folder, 'config.json'), JSON.stringify(configuration()));
  home = await moto.environment(`arn:aws:iam::${HOME}:role/administrator`);
  const member = await moto.environment(`arn:aws:iam::${MEMBER}:role/administrator`);
  const deploy = ['deploy', '--method=direct', '--require-approval', 'never'];
  await cdk(['bootstrap', `aws://${HOME}/us-east-1`], home);
  await cdk([...deploy, '-c', `config=${join(folder, 'config.json')}`, ...written('monitor')], home);
  const app = ['--app', 'npx tsx bin/member.ts', '-c', `hub=${HOME}`, '-c', `externalId=${EXTERNAL_ID}`];
  await cdk([...deploy, ...app, ...written('member')], member);
  bucket = JSON.parse(readFileSync(join(folder, 'monitor.json'), 'utf8'))['ses-dkim-monitor'].MemoryBucketName;
  const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '', AWS_SESSION_TOKEN: sessionToken = '' } = home;
  s3 = new S3Client({
    endpoint: moto.endpoint.replace('localhost', '127.0.0.1'),
    forcePathStyle: true,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey, sessionToken },
  });
}, 240_000);

afterAll(async () => {
  s3?.destroy();
  moto?.close();
  await sandbox?.close();
  if (folder) rmSync(folder, { recursive: true });
});

const written = (name: string) => ['-o', join(folder, name), '--outputs-file', join(folder, `${name}.json`)];
const at = ({ address, port }: { readonly address: string; readonly port: number }) => `${address}:${port}`;

function configuration() {
  return {
    scale: 'step-functions',
    accounts: [{ id: HOME }, { id: MEMBER, externalId: EXTERNAL_ID }],
    regions: ['us-east-1', 'eu-west-1', 'eu-south-1'],
    alerts: { email: [READER] },
    ses: { callsPerSecond: 50 },
    dns: {
      resolvers: [at(sandbox.resolver)],
      routes: Object.fromEntries(Object.entries(sandbox.routes).map(([address, where]) => [address, at(where)])),
      rootHints: sandbox.rootHints,
      confirmAfter: '1s',
    },
  };
}

/** One request of Step Functions' API, as the account's administrator. */
async function states(action: string, body: object) {
  const answer = await fetch(moto.endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `AWSStepFunctions.${action}`,
      authorization: `AWS4-HMAC-SHA256 Credential=${home.AWS_ACCESS_KEY_ID}/20260301/us-east-1/states/aws4_request, SignedHeaders=host, Signature=0`,
    },
    body: JSON.stringify(body),
  });
  return (await answer.json()) as Readonly<Record<string, string>>;
}

/** Runs the state machine once, to its end. */
async function run() {
  await moto.calls();
  await moto.mails();
  await moto.invocations();
  const stateMachineArn = `arn:aws:states:us-east-1:${HOME}:stateMachine:ses-dkim-monitor`;
  const { executionArn } = await states('StartExecution', { stateMachineArn, input: '{}' });
  let execution = await states('DescribeExecution', { executionArn });
  for (let waited = 0; execution.status === 'RUNNING' && waited < 600; waited += 1) {
    await new Promise((done) => setTimeout(done, 200));
    execution = await states('DescribeExecution', { executionArn });
  }
  const invocations = await moto.invocations();
  return {
    status: execution.status,
    output: execution.output === undefined ? undefined : JSON.parse(execution.output),
    steps: invocations.map(({ payload }) => [payload.step, payload.item?.n, payload.part].filter((one) => one !== undefined).join(' ')),
    invocations,
    mails: (await moto.mails()).filter(({ to }) => to === READER),
    calls: await moto.calls(),
  };
}

async function report(): Promise<Report> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: 'reports/latest.json.gz' }));
  return JSON.parse(gunzipSync((await Body?.transformToByteArray()) ?? new Uint8Array()).toString('utf8'));
}

/** Lets the last report say that one target is so large that it is cut in three. */
async function claimLarge(account: string, region: string): Promise<void> {
  const last = await report();
  const targets = last.targets.map((one) => (one.account === account && one.region === region ? { ...one, identities: 5_000 } : one));
  const Body = gzipSync(JSON.stringify({ ...last, targets }));
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'reports/latest.json.gz', Body }));
}

test('all is well: two pieces of targets that nobody has counted, one conclusion, every identity of both accounts healthy', async () => {
  const { status, output, steps } = await run();
  expect({ status, first: steps[0], last: steps.at(-1) }).toEqual({ status: 'SUCCEEDED', first: 'plan', last: 'conclude' });
  expect(steps.slice(1, -1).sort()).toEqual(['target 0', 'target 1']);
  expect(output).toMatchObject({ outcome: 'swept', healthy: 15, broken: 0, unknown: 0 });
}, 120_000);

test('a record of a target that is swept in parts disappears: the mail names it', async () => {
  await firstLight.steps[0]?.apply(sandbox);
  await claimLarge(HOME, 'eu-west-1');
  const { status, output, steps, mails } = await run();
  expect(status).toBe('SUCCEEDED');
  // Targets before, the large one, targets behind.
  expect([...steps].sort()).toEqual(['conclude', 'inventory 1', 'part 1 0', 'part 1 1', 'part 1 2', 'plan', 'target 0', 'target 2'].sort());
  expect(steps.at(-1)).toBe('conclude');
  expect(output).toMatchObject({ outcome: 'swept', healthy: 14, broken: 1, unknown: 0, told: 1 });
  expect(mails).toMatchObject([{ to: READER, subject: expect.stringContaining(SHOP) }]);
}, 120_000);

test('a part that ends without an answer is tried again; one that never answers is a gap, and the run says so at its end', async () => {
  await claimLarge(HOME, 'eu-west-1');
  await moto.crash({ 'part 1 0': 1, 'part 1 2': 9, 'target 2': 9 });
  const { status, steps } = await run();
  expect(status).toBe('FAILED');
  expect(steps.filter((one) => one === 'part 1 0')).toHaveLength(2);
  expect(steps.filter((one) => one === 'part 1 2')).toHaveLength(3);
  expect(steps.at(-1)).toBe('conclude');
  const { targets, summary } = await report();
  const gaps = targets.flatMap(({ account, region, gap }) => (gap === undefined ? [] : [`${account}/${region} ${gap.reason}`]));
  expect(gaps).toEqual([
    `${HOME}/eu-west-1 error`,
    `${HOME}/eu-south-1 error`,
    `${MEMBER}/us-east-1 error`,
    `${MEMBER}/eu-west-1 error`,
    `${MEMBER}/eu-south-1 error`,
  ]);
  expect(summary.unknown).toBeGreaterThan(0);
  await moto.crash({ 'part 1 2': 0, 'target 2': 0 });
}, 180_000);

test('the record is put back: the mail says that it has recovered', async () => {
  await firstLight.steps[1]?.apply(sandbox);
  const { status, output, mails } = await run();
  expect(status).toBe('SUCCEEDED');
  expect(output).toMatchObject({ healthy: 15, broken: 0, unknown: 0 });
  expect(mails.map(({ subject }) => subject)).toContainEqual(expect.stringMatching(/healthy again/i));
}, 120_000);

test('while a run holds the lease the next one ends as held, and looks at nothing', async () => {
  const Body = gzipSync(JSON.stringify({ schema: 1, owner: 'another-run', until: Date.now() + 600_000 }));
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'lease/deployment.json.gz', Body }));
  const { status, output, steps, invocations } = await run();
  expect({ status, output, steps }).toEqual({ status: 'SUCCEEDED', output: { outcome: 'held' }, steps: ['plan'] });
  expect(invocations[0]?.log).toContain('another run is still under way');
  expect(invocations[0]?.log).toContain('another-run');
}, 60_000);

test('what the runs left lies below runs/, and the role of the state machine asked for nothing but its own', async () => {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
  const folders = new Set(Contents.map(({ Key = '' }) => Key.slice(0, Key.indexOf('/') + 1)));
  expect([...folders].sort()).toEqual(['alerts/', 'history/', 'inventory/', 'lease/', 'reports/', 'runs/', 'sizes/', 'zones/']);
  const { calls } = await run();
  expect(asked(calls, 'lambda')).toEqual(['POST invocations']);
}, 60_000);

test('moto had no error of its own', () => {
  expect(moto.errors()).toEqual([]);
});

const asked = (calls: readonly AwsCall[], service: string): readonly string[] => [
  ...new Set(calls.filter((call) => call.service === service).map(({ action }) => action.replace(/\/\S*\/invocations.*/, 'invocations'))),
];
