// `mute` and `unmute` against a directory and against the sandbox's S3: what they keep, what a sweep makes of it, and what they refuse.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readMutes } from '../../lambda/sweep/mutes.ts';
import { openMemory } from '../../lambda/wiring.ts';
import { BUCKET, firstLight, HOME, SHOP } from '../../sandbox/scenarios/first-light.ts';
import { openStage, type Ran, run, type Stage } from './stage.ts';

let stage: Stage;
let folder: string;
beforeEach(async () => {
  stage = await openStage(firstLight.world, HOME);
  stage.configure({ regions: ['us-east-1', 'eu-west-1'] });
  folder = mkdtempSync(join(tmpdir(), 'dkim-monitor-test-'));
});
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await stage.close();
});

const here = (): readonly string[] => ['--memory', folder, '--config', stage.config];
const mute = (...argv: string[]): Promise<Ran> => run(['mute', ...argv, ...here()]);
const unmute = (...argv: string[]): Promise<Ran> => run(['unmute', ...argv, ...here()]);

async function kept(): Promise<unknown> {
  const read = await readMutes(openMemory({ directory: folder }, ''), Date.now());
  return read.kind === 'read' ? read.mutes : read;
}

test('muted in the memory: the sweep lists it as muted and exits 0; unmuted: it counts again', async () => {
  const sweep = (): Promise<Ran> => run(['sweep', ...here()]);
  await sweep();
  await firstLight.steps[0]?.apply(stage.sandbox);
  const done = await run(['mute', SHOP, '--reason', 'moves on Friday', ...here()], 100, { USER: 'ada' });
  expect(done).toMatchObject({ code: 0, err: '' });
  expect(done.out).toMatch(/^Muted until 20\d\d-.* UTC \(in (7 d|6 d 23 h)\): northwind-shop\.com\. It counts from the next sweep on\.\n$/);
  expect(await kept()).toMatchObject([{ identity: SHOP, reason: 'moves on Friday', by: 'ada' }]);
  expect((await sweep()).code).toBe(0);
  const ended = await unmute(SHOP);
  expect(ended.code).toBe(0);
  expect(ended.out).toContain(
    'What nobody was told of yet, and what has changed since it was told, is told by the next sweep; the rest with its next reminder',
  );
  expect(await kept()).toEqual([]);
  expect((await sweep()).code).toBe(1);
});

test('what no sweep saw is muted all the same, with a doubt and a guess; without a report nothing is doubted', async () => {
  expect((await mute('northwind-shop.con', '--reason', 'x')).err).toBe('');
  await run(['sweep', ...here()]);
  const doubted = await mute('northwind-shop.con', '--reason', 'x');
  expect(doubted).toMatchObject({
    code: 0,
    err: expect.stringContaining(`saw nothing that northwind-shop.con covers. Did you mean ${SHOP}?`),
  });
  expect((await mute(SHOP, '--reason', 'x', '--account', '999999999999')).err).toContain('It is watched in another account or region.');
  for (const known of [SHOP, 'northwind-*', `${HOME}/eu-west-1`, `${HOME}/*`, '*'])
    expect((await mute(known, '--reason', 'x', '--kind', 'key-weak')).err).toBe('');
});

test('in the bucket of a deployed monitor, by flag or by environment', async () => {
  const config = ['--config', stage.config];
  expect((await run(['mute', SHOP, '--reason', 'x', '--until', '12h', '--bucket', BUCKET, ...config])).code).toBe(0);
  const ended = await run(['unmute', SHOP, ...config], 100, { DKIM_MONITOR_BUCKET: BUCKET });
  expect(ended.out).toContain(SHOP);
  const wrong = await run(['mute', SHOP, '--reason', 'x', '--bucket', 'no-such-bucket', ...config]);
  expect(wrong.code).toBe(2);
  expect(wrong.err).toContain('The bucket does not exist.');
});

test('the same scope again takes the place of the former; another scope stands beside it', async () => {
  await mute(SHOP, '--reason', 'one');
  expect((await mute(SHOP, '--reason', 'two', '--until', '1d')).out).toContain('It was muted until');
  await mute(SHOP, '--reason', 'three', '--kind', 'key-weak', '--region', 'eu-west-1', '--account', HOME);
  expect(await kept()).toMatchObject([{ reason: 'two' }, { reason: 'three', kinds: ['key-weak'], region: 'eu-west-1', account: HOME }]);
  expect((await unmute(SHOP, '--kind', 'revoked')).err).toContain(`There is: ${SHOP}; ${SHOP} (key-weak) in ${HOME}, eu-west-1.`);
  expect((await unmute(SHOP, '--kind', 'key-weak')).code).toBe(0);
  expect(await kept()).toMatchObject([{ reason: 'two' }]);
});

test('what stands in the configuration stays, and it is said where', async () => {
  stage.configure({ mute: [{ identity: 'old.example', until: '2020-01-01' }, { identity: 'northwind-*' }] });
  const refused = await unmute(SHOP);
  expect(refused.code).toBe(64);
  expect(refused.err).toContain(`No mute of the command is ${SHOP}.`);
  expect(refused.err).toContain(`northwind-*, by mute[1] in ${stage.config}: take it out there, and deploy`);
  await mute(SHOP, '--reason', 'x');
  const ended = await unmute(SHOP);
  expect(ended.code).toBe(0);
  expect(ended.out).toContain('It stays muted all the same');
  expect(ended.out).toContain('mute[1]');
});

test('a mute with a wider pattern still covers it', async () => {
  await mute(SHOP, '--reason', 'x');
  await mute('*', '--reason', 'all quiet', '--until', '1h');
  expect((await unmute(SHOP)).out).toContain("*, by the command: npx dkim-monitor unmute '*'");
});

const REFUSED: readonly [string, readonly string[], string][] = [
  ['no reason', [SHOP], 'Why? Give --reason'],
  ['a kind that does not exist', [SHOP, '--reason', 'x', '--kind', 'record-misssing'], 'Did you mean "record-missing"?'],
  ['no identity', ['not a name', '--reason', 'x'], 'is not an identity'],
  ['an account that is none', [SHOP, '--reason', 'x', '--account', '12'], 'is not an AWS account id'],
  ['a region that is none', [SHOP, '--reason', 'x', '--region', 'Ireland'], 'is not an AWS region'],
  ['a day that is over', [SHOP, '--reason', 'x', '--until', '2020-01-01'], 'is not in the future'],
  ['30 February', [SHOP, '--reason', 'x', '--until', '2099-02-30'], '--until takes a day'],
  ['no day at all', [SHOP, '--reason', 'x', '--until', 'friday'], '--until takes a day such as 2027-03-01'],
  ['more than a year', [SHOP, '--reason', 'x', '--until', '400d'], 'more than a year away'],
  ['a novel', [SHOP, '--reason', 'x'.repeat(501)], 'at most 500 characters'],
];
test.each(REFUSED)('refused: %s', async (_title, argv, sentence) => {
  const { code, err, out } = await mute(...argv);
  expect({ code, out }).toEqual({ code: 64, out: '' });
  expect(err).toContain(sentence);
  expect(await kept()).toEqual([]);
});

test('which memory: it is asked for, and what cannot be one is refused', async () => {
  const say = async (...argv: string[]): Promise<string> => (await run(['mute', SHOP, '--reason', 'x', ...argv])).err;
  expect(await say()).toContain('Which monitor? Give --bucket, or set DKIM_MONITOR_BUCKET');
  expect(await say('--memory', join(folder, 'nowhere'))).toContain('There is no directory');
  expect(await say('--memory', folder, '--bucket', BUCKET)).toContain('not both');
  expect(await say('--bucket', 's3://memory')).toContain('takes the bare name of the bucket');
  expect(await say('--bucket', 'Not_A_Bucket')).toContain('cannot be the name of a bucket');
});

test('a list that cannot be read is left as it is, exit 2', async () => {
  mkdirSync(join(folder, 'mutes'));
  writeFileSync(join(folder, 'mutes', 'deployment.json.gz'), 'damaged');
  for (const { code, err } of [await mute(SHOP, '--reason', 'x'), await unmute(SHOP)]) {
    expect(code).toBe(2);
    expect(err).toContain('The mutes cannot be read, and are left as they are.');
  }
});

test('hostile reasons and names reach the terminal harmless; a misspelt name is guessed', async () => {
  await mute(SHOP, '--reason', 'a\u001b[31mb\nc');
  expect((await unmute('northwind-shop.con')).err).toContain(`Did you mean ${SHOP}?`);
  const { out } = await unmute(SHOP);
  expect(out).toContain('a\\u001b[31mb\\u000ac');
});
