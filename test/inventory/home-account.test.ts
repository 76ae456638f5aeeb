// Whose credentials these are, asked of the sandbox's STS.
import { readHomeAccount } from '../../lambda/inventory/home-account.ts';
import { type Estate, HOME, smallEstate } from './small-estate.ts';

let estate: Estate;
beforeEach(async () => {
  estate = await smallEstate();
});
afterEach(() => estate.close());

test('the account and the partition', async () => {
  expect(await readHomeAccount()).toEqual({ kind: 'known', account: HOME, partition: 'aws', arn: expect.stringContaining(`::${HOME}:`) });
});

test('keys that nobody knows', async () => {
  process.env.AWS_ACCESS_KEY_ID = 'AKIAUNKNOWN';
  expect(await readHomeAccount()).toMatchObject({ kind: 'unknown', detail: expect.stringContaining('InvalidClientTokenId') });
});

test('no keys', async () => {
  delete process.env.AWS_ACCESS_KEY_ID;
  delete process.env.AWS_SECRET_ACCESS_KEY;
  expect(await readHomeAccount()).toMatchObject({ kind: 'unknown', detail: expect.stringContaining('credentials') });
});

test('no region anywhere: said so; a region given: enough', async () => {
  delete process.env.AWS_REGION;
  expect(await readHomeAccount()).toMatchObject({ kind: 'unknown', detail: expect.stringContaining('Region is missing') });
  expect(await readHomeAccount('eu-west-1')).toMatchObject({ kind: 'known' });
});

test('nobody there: that says nothing about the credentials', async () => {
  process.env.AWS_ENDPOINT_URL = 'http://127.0.0.1:1';
  process.env.AWS_ENDPOINT_URL_STS = 'http://127.0.0.1:1';
  expect(await readHomeAccount()).toEqual({ kind: 'unreachable', reason: 'ECONNREFUSED' });
});
