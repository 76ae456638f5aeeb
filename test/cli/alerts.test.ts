// `alerts`: what a sweep left in the memory, as a page and as JSON, and how it ends.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { directoryMemory } from '../../lambda/memory/directory-memory.ts';
import type { AlertMemory } from '../../lambda/model/alert.ts';
import { BUCKET, firstLight, HOME, SHOP, TOPIC_ARN } from '../../sandbox/scenarios/first-light.ts';
import { hasControls, openStage, type Ran, run, type Stage } from './stage.ts';

let stage: Stage;
let folder: string;
beforeEach(async () => {
  stage = await openStage(firstLight.world, HOME);
  stage.configure({ regions: ['eu-west-1'] });
  folder = mkdtempSync(join(tmpdir(), 'dkim-monitor-test-'));
});
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await stage.close();
});

const here = (): readonly string[] => ['--memory', folder, '--config', stage.config];
const alerts = (...argv: string[]): Promise<Ran> => run(['alerts', ...argv, ...here()]);
const sweep = (...argv: string[]): Promise<Ran> => run(['sweep', ...argv, ...here()]);
const oneLine = (text: string): string => text.replace(/\s+/g, ' ');

test('open and told, muted, and over: each with its reason', async () => {
  await sweep('--publish', TOPIC_ARN);
  expect(await alerts()).toMatchObject({ code: 0, out: expect.stringContaining('No alert is open. Last sweep') });
  await firstLight.steps[0]?.apply(stage.sandbox);
  await sweep('--publish', TOPIC_ARN);
  const open = await alerts();
  expect(open.code).toBe(1);
  expect(hasControls(open.out)).toBe(false);
  const page = oneLine(open.out);
  expect(page).toContain('1 alert is open.');
  expect(page).toContain(`CRITICAL 1 of 3 DKIM records is missing: ${SHOP} (eu-west-1, ${HOME})`);
  expect(page).toMatch(/told 20\d\d-\S+ \S+ UTC \(just now\) \(1 message, the last one \S+\)/);
  expect(page).toContain('quiet: people were told, and nothing is new; next message 20');
  expect((await alerts('--fail-on', 'critical')).code).toBe(1);

  await run(['mute', SHOP, '--reason', 'moves on Friday', ...here()]);
  const muted = await alerts();
  expect(muted.code).toBe(0);
  expect(oneLine(muted.out)).toContain('No alert is open, and one does not count.');
  expect(oneLine(muted.out)).toMatch(/quiet: muted; until 20\S+ \S+ UTC \(in (7 d|6 d 23 h)\); northwind-shop\.com: moves on Friday/);
  expect(oneLine(muted.out)).toMatch(/Muted northwind-shop\.com until .*, by the command: moves on Friday/);

  await run(['unmute', SHOP, ...here()]);
  await firstLight.steps[1]?.apply(stage.sandbox);
  await sweep('--publish', TOPIC_ARN);
  const over = await alerts();
  expect(over.code).toBe(0);
  expect(oneLine(over.out)).toContain(`Over within the last day ${HOME}/eu-west-1/${SHOP}, 20`);
});

test('--json is schema 1, with nothing else on standard output', async () => {
  await sweep('--publish', TOPIC_ARN);
  await firstLight.steps[0]?.apply(stage.sandbox);
  await sweep('--publish', TOPIC_ARN);
  const { out, err } = await alerts('--json');
  expect(err).toBe('');
  expect(JSON.parse(out)).toMatchObject({
    schema: 1,
    alerts: [
      {
        key: `${HOME}/eu-west-1/${SHOP}`,
        severity: 'critical',
        reason: 'already-told',
        counts: true,
        kinds: ['record-missing'],
        hit: 1,
        identities: [SHOP],
        told: { messages: 1, by: 'message' },
        deadline: { name: expect.any(String), at: expect.any(String) },
      },
    ],
    closed: [],
    mutes: [],
  });
});

describe('what a further topic has not taken', () => {
  const unsentOf = (alertId: string) => ({
    exit: 'route-shop',
    since: new Date().toISOString(),
    message: { alertId, messageId: 'message-1', event: 'opened', subject: '[CRITICAL] 1 of 3 DKIM records is missing' },
  });

  test('is listed, and said of its alert: why a route did not hear of it', async () => {
    await sweep('--publish', TOPIC_ARN);
    await firstLight.steps[0]?.apply(stage.sandbox);
    await sweep('--publish', TOPIC_ARN);
    const memory = directoryMemory(folder);
    const read = await memory.read('alerts/deployment', 1);
    const [open] = read.kind === 'found' ? Object.values((read.value as AlertMemory).alerts) : [];
    const outbox = { schema: 1, unsent: [unsentOf(open?.id ?? '')], taken: [], heard: {} };
    await memory.write('outbox/deployment', outbox, 'absent');
    const page = oneLine((await alerts()).out);
    expect(page).toContain('not heard yet by route-shop: see below');
    expect(page).toMatch(
      /Not taken yet, and tried again in every sweep for a day route-shop: \[CRITICAL\] 1 of 3 DKIM records is missing \(opened, message message-1\), since 20/,
    );
    const { waiting } = JSON.parse((await alerts('--json')).out);
    expect(waiting).toEqual([expect.objectContaining({ exit: 'route-shop', alertId: open?.id, messageId: 'message-1', event: 'opened' })]);
  });

  test('cannot be read: said, and not taken for nothing', async () => {
    await sweep();
    mkdirSync(join(folder, 'outbox'));
    writeFileSync(join(folder, 'outbox', 'deployment.json.gz'), 'damaged');
    const { code, out, err } = await alerts('--json');
    expect(code).toBe(0);
    expect(err).toContain('what the further topics and the bus miss cannot be read');
    expect(JSON.parse(out)).not.toHaveProperty('waiting');
  });
});

test('events alone are wanted: nobody need confirm a subscription, as in the function', async () => {
  await sweep();
  await firstLight.steps[0]?.apply(stage.sandbox);
  await sweep();
  stage.sandbox.aws.unsubscribe('dns@northwind-shop.com');
  stage.configure({ regions: ['eu-west-1'], alerts: { eventBus: 'default' } });
  expect(oneLine((await alerts('--topic', TOPIC_ARN)).out)).not.toContain('nobody has confirmed');
});

test('nobody was told: said without asking, and with --topic why', async () => {
  await sweep();
  await firstLight.steps[0]?.apply(stage.sandbox);
  await sweep();
  expect(oneLine((await alerts()).out)).toContain('nobody was told');
  stage.sandbox.aws.unsubscribe('dns@northwind-shop.com');
  expect(oneLine((await alerts('--topic', TOPIC_ARN)).out)).toContain('quiet: nobody has confirmed a subscription of the topic');
  const gone = await alerts('--topic', `${TOPIC_ARN}x`);
  expect(gone.err).toContain('who listens cannot be read: The topic does not exist in this account and region.');
  expect((await alerts('--topic', 'alerts')).code).toBe(64);
  expect((await alerts('--topic', `${TOPIC_ARN}:00000000-0000-4000-8000-000000000001`)).err).toContain('That is a subscription');
});

test('the bucket of a deployed monitor that never swept: nothing is open, and no report is there', async () => {
  const { code, out } = await run(['alerts', '--bucket', BUCKET, '--config', stage.config]);
  expect({ code, out }).toEqual({ code: 0, out: 'No alert is open. No report of a sweep is there.\n' });
});

test('a memory that cannot be read: exit 2; mutes that cannot be read mute nothing, and are said', async () => {
  for (const room of ['alerts', 'mutes']) mkdirSync(join(folder, room));
  writeFileSync(join(folder, 'mutes', 'deployment.json.gz'), 'damaged');
  const noMutes = await alerts();
  expect(noMutes.code).toBe(2);
  expect(noMutes.err).toContain('the mutes of the command cannot be read, and mute nothing');
  writeFileSync(join(folder, 'alerts', 'deployment.json.gz'), 'damaged');
  const nothing = await alerts();
  expect(nothing).toMatchObject({ code: 2, out: '', err: expect.stringContaining('The memory of alerts cannot be read.') });
});
