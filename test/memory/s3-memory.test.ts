// The memory in S3: the contract against the sandbox's S3, and what only a network can do wrong.
import { S3Client } from '@aws-sdk/client-s3';
import { s3Memory } from '../../lambda/memory/s3-memory.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { memoryContract } from './memory-contract.ts';

const ACCOUNT = '111111111111';
const OTHER = '222222222222';
const KEY = 'alerts/deployment';
const OBJECT = 'alerts/deployment.json.gz';
const value = { schema: 1, a: 1 };

let sandbox: Sandbox;
let buckets = 0;
const clients: S3Client[] = [];

beforeAll(async () => {
  sandbox = await startSandbox({ aws: { [ACCOUNT]: {}, [OTHER]: {} }, dns: { zones: {} } });
});
afterEach(() => {
  sandbox.aws.beforeCall = undefined;
  sandbox.aws.faults.length = 0;
  sandbox.aws.calls.length = 0;
});
afterAll(async () => {
  for (const client of clients) client.destroy();
  await sandbox.close();
});

function clientOf(account: string, maxAttempts = 3): S3Client {
  const client = new S3Client({ endpoint: sandbox.endpoint, region: 'eu-west-1', credentials: sandbox.credentials(account), maxAttempts });
  clients.push(client);
  return client;
}

/** A memory over a new, empty bucket. */
function open(options: { readonly maxAttempts?: number; readonly timeoutMs?: number; readonly listBucketDenied?: boolean } = {}) {
  const bucket = `memory-${++buckets}`;
  sandbox.aws.addAccount(ACCOUNT, { buckets: [{ name: bucket, listBucketDenied: options.listBucketDenied ?? false }] });
  const { timeoutMs } = options;
  const memory = s3Memory({
    client: clientOf(ACCOUNT, options.maxAttempts),
    bucket,
    expectedOwner: ACCOUNT,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });
  const objects = () => sandbox.aws.objects.get(bucket) ?? new Map<string, Uint8Array>();
  return { memory, bucket, objects };
}

memoryContract('s3Memory', async () => {
  const { memory, objects } = open();
  return { memory, plant: async (key, bytes) => void objects().set(`${key}.json.gz`, bytes) };
});

const putsOf = () => sandbox.aws.calls.filter(({ action }) => action === 'PutObject').length;

describe('writes whose answer is lost', () => {
  test('the repeated request is refused by our own first one: it was written', async () => {
    const { memory } = open();
    sandbox.aws.beforeCall = ({ action }) => (action === 'PutObject' && putsOf() === 1 ? 'drop-answer' : undefined);
    const written = await memory.write(KEY, value, 'absent');
    expect(putsOf()).toBe(2);
    expect(await memory.read(KEY, 1)).toEqual({ kind: 'found', value, version: written.kind === 'written' ? written.version : '' });
  });

  test('the same over an earlier version', async () => {
    const { memory } = open();
    const first = await memory.write(KEY, { schema: 1 }, 'absent');
    if (first.kind !== 'written') throw new Error('not written');
    sandbox.aws.beforeCall = ({ action }) => (action === 'PutObject' && putsOf() === 2 ? 'drop-answer' : undefined);
    expect(await memory.write(KEY, value, first.version)).toMatchObject({ kind: 'written' });
  });

  test('somebody else wrote before the request was repeated: a conflict', async () => {
    const { memory, objects } = open();
    sandbox.aws.beforeCall = ({ action }) => {
      if (action !== 'PutObject' || putsOf() !== 1) return undefined;
      objects().set(OBJECT, Buffer.from('of somebody else'));
      return 'drop';
    };
    expect(await memory.write(KEY, value, 'absent')).toEqual({ kind: 'conflict' });
    expect(Buffer.from(objects().get(OBJECT) ?? []).toString()).toBe('of somebody else');
  });

  test('no answer at all, but it arrived: it was written', async () => {
    const { memory } = open({ maxAttempts: 1 });
    sandbox.aws.beforeCall = ({ action }) => (action === 'PutObject' ? 'drop-answer' : undefined);
    expect(await memory.write(KEY, value, 'absent')).toMatchObject({ kind: 'written' });
  });

  test('it never arrived: the store cannot be written, and says so', async () => {
    const { memory } = open({ maxAttempts: 2 });
    sandbox.aws.beforeCall = ({ action }) => (action === 'PutObject' ? 'drop' : undefined);
    await expect(memory.write(KEY, value, 'absent')).rejects.toThrow(/The memory alerts\/deployment could not be written/);
    expect(await memory.read(KEY, 1)).toEqual({ kind: 'absent' });
  });
});

describe('what cannot be read is never an empty memory', () => {
  test('no right to list the bucket: a missing object answers 403, and the hint names the right', async () => {
    const { memory } = open({ listBucketDenied: true });
    expect(await memory.read(KEY, 1)).toMatchObject({ kind: 'unreadable', detail: expect.stringContaining('s3:ListBucket') });
  });

  test('no bucket', async () => {
    const memory = s3Memory({ client: clientOf(ACCOUNT), bucket: 'nowhere' });
    expect(await memory.read(KEY, 1)).toMatchObject({ kind: 'unreadable', detail: 'alerts/deployment: The bucket does not exist.' });
    await expect(memory.write(KEY, value, 'absent')).rejects.toThrow('The bucket does not exist.');
  });

  test("somebody else's bucket", async () => {
    const { bucket } = open();
    const memory = s3Memory({ client: clientOf(OTHER), bucket, expectedOwner: OTHER });
    expect(await memory.read(KEY, 1)).toMatchObject({ kind: 'unreadable', detail: expect.stringContaining('Access denied') });
    await expect(memory.write(KEY, value, 'any')).rejects.toThrow('Access denied: s3:PutObject');
  });

  test('S3 is in trouble', async () => {
    const { memory } = open({ maxAttempts: 1 });
    sandbox.aws.faults.push({ service: 's3', status: 503, code: 'SlowDown', message: 'Reduce your request rate.' });
    expect(await memory.read(KEY, 1)).toMatchObject({ kind: 'unreadable', detail: expect.stringContaining('SlowDown') });
    await expect(memory.write(KEY, value, 'absent')).rejects.toThrow('SlowDown');
  });

  test('S3 never answers: bounded', async () => {
    const { memory } = open({ maxAttempts: 1, timeoutMs: 100 });
    sandbox.aws.faults.push({ service: 's3', status: 500, code: 'x', hang: true });
    expect(await memory.read(KEY, 1)).toMatchObject({ kind: 'unreadable', detail: expect.stringContaining('did not answer in time') });
  });
});

test('a write that comes in between is a conflict (409)', async () => {
  const { memory } = open();
  sandbox.aws.faults.push({ action: 'PutObject', status: 409, code: 'ConditionalRequestConflict', times: 1 });
  expect(await memory.write(KEY, value, 'absent')).toEqual({ kind: 'conflict' });
});
