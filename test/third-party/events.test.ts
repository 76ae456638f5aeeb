// Events on parts that are not ours: the deployed rules of EventBridge and the queue in moto, also by the bus from another account; the parser reads what arrives.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readBatch } from '../../lambda/triggers/read-batch.ts';
import { advisorEvent, callEvent, type EventBridgeEvent, healthEvent, recordsEvent } from '../triggers/events.ts';
import { cdk } from './commands.ts';
import { type Moto, startMoto } from './moto.ts';

const HOME = '111111111111';
const MEMBER = '222222222222';
const HERE = { account: HOME, region: 'us-east-1' } as const;

let folder: string;
let moto: Moto;
let queue: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'events-'));
  moto = await startMoto();
  const config = join(folder, 'config.json');
  writeFileSync(
    config,
    JSON.stringify({ accounts: [{ id: HOME }, { id: MEMBER, externalId: 'Qm3xN8vLr2TzKd7WbYp0' }], triggers: { fromAccounts: true } }),
  );
  const home = await moto.environment(`arn:aws:iam::${HOME}:role/administrator`);
  const member = await moto.environment(`arn:aws:iam::${MEMBER}:role/administrator`);
  const deploy = ['deploy', '--method=direct', '--require-approval', 'never'];
  await cdk(['bootstrap', `aws://${HOME}/us-east-1`], home);
  await cdk([...deploy, '-c', `config=${config}`, '-o', join(folder, 'monitor')], home);
  // Another account, in another region, that is not bootstrapped.
  const app = ['--app', 'npx tsx bin/forward.ts', '-c', `hub=${HOME}`, '-c', 'forwardTo=us-east-1', '-o', join(folder, 'forward')];
  await cdk([...deploy, ...app], { ...member, AWS_REGION: 'eu-west-1', CDK_DEFAULT_REGION: 'eu-west-1' });
  const mapping = (await ask('unplug', HERE)) as { readonly queue: string; readonly batch: number };
  expect(mapping.batch).toBe(1000);
  queue = mapping.queue;
}, 240_000);

afterAll(() => {
  moto?.close();
  if (folder) rmSync(folder, { recursive: true });
});

async function ask(
  what: 'unplug' | 'put' | 'receive',
  where: { readonly account: string; readonly region: string },
  more: object = {},
): Promise<unknown> {
  const keys = await moto.environment(`arn:aws:iam::${where.account}:role/administrator`);
  const endpoint = moto.endpoint.replace('localhost', '127.0.0.1');
  const child = spawn('python3', ['-W', 'ignore', resolve('test/third-party/put-events.py')], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify({ do: what, keys, endpoint, region: where.region, ...more }));
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const status = await new Promise((done) => child.on('close', done));
  if (status !== 0) throw new Error(`put-events.py ended with ${status}`);
  return JSON.parse(output);
}

/** What arrives in the queue, as the handler would read it. */
async function arrived() {
  const bodies = (await ask('receive', HERE, { queue })) as readonly string[];
  const targets = new Set([`${HOME}/us-east-1`, `${HOME}/eu-west-1`]);
  // moto leaves out the account, which EventBridge writes into every event.
  const messages = bodies.map((body, i) => ({ messageId: String(i), body: JSON.stringify({ account: HOME, ...JSON.parse(body) }) }));
  return { count: bodies.length, ...readBatch(messages, targets) };
}

const WANTED: readonly EventBridgeEvent[] = [
  healthEvent('AWS_SES_DKIM_PENDING_TO_FAILED', ['health.example']),
  healthEvent('AWS_SES_CMF_PENDING_TO_SUCCESS', ['mail-from.example']),
  advisorEvent('Open', `arn:aws:ses:us-east-1:${HOME}:identity/advisor.example`),
  callEvent('ses', 'CreateEmailIdentity', { emailIdentity: 'new.example' }),
  recordsEvent([['DELETE', 'CNAME', 'abc._domainkey.records.example.']]),
];
const UNWANTED: readonly EventBridgeEvent[] = [
  healthEvent('AWS_SES_SENDING_PAUSED', ['health.example']),
  healthEvent('AWS_SES_DKIM_X', [], {}, { service: 'EC2' }),
  { ...advisorEvent('Open', 'arn:aws:ses:us-east-1:111111111111:identity/a.example'), 'detail-type': 'Email Bounced' },
  callEvent('ses', 'SendEmail', { emailIdentity: 'a.example' }),
  callEvent('route53', 'CreateHostedZone', { name: 'a.example' }),
];

test('the rules let through what the parser reads, and nothing else', async () => {
  await ask('put', HERE, { events: [...WANTED, ...UNWANTED] });
  const { count, ignored, focus } = await arrived();
  expect({ count, ignored }).toEqual({ count: WANTED.length, ignored: [] });
  expect(focus.changed.map(({ name }) => name)).toEqual(['abc._domainkey.records.example']);
  expect(Object.fromEntries([...focus.named].map(([target, { names }]) => [target, [...names].sort()]))).toEqual({
    [`${HOME}/eu-west-1`]: ['health.example', 'mail-from.example'],
    [`${HOME}/us-east-1`]: ['advisor.example', 'new.example'],
  });
}, 60_000);

test('events of another account and region come by the bus', async () => {
  await ask('put', { account: MEMBER, region: 'eu-west-1' }, { events: [...WANTED, ...UNWANTED] });
  // moto forwards neither resources nor the account of origin: which identities is a matter of the parser's own tests.
  expect((await arrived()).count).toBe(WANTED.length);
}, 60_000);

test('moto had no error of its own: a deployment would have passed over it', () => {
  expect(moto.errors()).toEqual([]);
});
