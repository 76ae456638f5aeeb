// The list that Step Functions reads: plain JSON in the bucket, and a sentence where it cannot be written.
import { S3Client } from '@aws-sdk/client-s3';
import { s3ItemList } from '../../lambda/memory/s3-item-list.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';

const ACCOUNT = '111111111111';
const OTHER = '222222222222';
let sandbox: Sandbox;
let client: S3Client;

beforeAll(async () => {
  sandbox = await startSandbox({ aws: { [ACCOUNT]: { buckets: [{ name: 'lists' }] }, [OTHER]: {} }, dns: { zones: {} } });
  client = new S3Client({ endpoint: sandbox.endpoint, region: 'eu-west-1', credentials: sandbox.credentials(ACCOUNT) });
});
afterAll(async () => {
  client.destroy();
  await sandbox.close();
});

test('an array, neither compressed nor wrapped, under the very name that is given', async () => {
  await s3ItemList({ client, bucket: 'lists', expectedOwner: ACCOUNT })('runs/a/items.json', [{ n: 0 }, { n: 1 }]);
  const bytes = sandbox.aws.objects.get('lists')?.get('runs/a/items.json');
  expect(Buffer.from(bytes ?? new Uint8Array()).toString('utf8')).toBe('[{"n":0},{"n":1}]');
});

test('a bucket of somebody else is not written to, and the sentence names the list', async () => {
  await expect(s3ItemList({ client, bucket: 'lists', expectedOwner: OTHER })('runs/b/items.json', [])).rejects.toThrow(
    'The list runs/b/items.json could not be written',
  );
  expect(sandbox.aws.objects.get('lists')?.has('runs/b/items.json')).toBe(false);
});
