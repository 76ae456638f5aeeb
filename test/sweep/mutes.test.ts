// Mutes that the command keeps in the memory: they silence, they end, and where they cannot be read they silence nothing.
import { isRunning } from '../../lambda/alerts/policy.ts';
import { isCoveredBy, isSameScope, type KeptMute, readMutes, writeMutes } from '../../lambda/sweep/mutes.ts';
import type { MemoryRead } from '../../lambda/sweep/ports.ts';
import { runSweep } from '../../lambda/sweep/run-sweep.ts';
import { changed, EarlyWorld, MINUTE } from './early-world.ts';
import { easyIdentity, SmallWorld } from './small-world.ts';

const HOUR = 3_600_000;
const DOMAIN = 'one.example';

const kept = (small: SmallWorld, more: Partial<KeptMute> = {}): KeptMute => ({
  identity: DOMAIN,
  until: new Date(small.now + 24 * HOUR).toISOString(),
  reason: 'it moves',
  at: new Date(small.now).toISOString(),
  ...more,
});

/** A world that was introduced, whose domain then lost a record. */
async function troubled(): Promise<SmallWorld> {
  const small = new SmallWorld();
  small.identities = [easyIdentity(DOMAIN), easyIdentity('two.example')];
  small.publish(...small.identities);
  await runSweep(small.plan(), small.world());
  small.cnames.delete(`${'a'.repeat(32)}._domainkey.${DOMAIN}`);
  small.sent.length = 0;
  small.now += HOUR;
  return small;
}

async function setMutes(small: SmallWorld, ...mutes: readonly KeptMute[]): Promise<void> {
  const { memory } = small.world();
  const read = await readMutes(memory, small.now);
  if (read.kind !== 'read') throw new Error(read.detail);
  expect(await writeMutes(memory, mutes, read.version)).toBe('written');
}

const events = (small: SmallWorld): readonly string[] => small.sent.map(({ event }) => event);

test('told before it was muted: unmuted, it is quiet until the day is over', async () => {
  const small = await troubled();
  const sweep = async (): Promise<void> => {
    await runSweep(small.plan(), small.world());
    small.now += 5 * MINUTE;
  };
  await sweep();
  await setMutes(small, kept(small));
  await sweep();
  await setMutes(small);
  await sweep();
  expect(events(small)).toEqual(['opened']);
  small.now += 24 * HOUR;
  await sweep();
  // An escalation stands for that day's reminder.
  expect(events(small)).toEqual(['opened', 'escalated']);
});

test('told before it was muted, and worse meanwhile: unmuted, that is told by the next sweep', async () => {
  const small = await troubled();
  await runSweep(small.plan(), small.world());
  await setMutes(small, kept(small));
  for (const letter of 'bc') small.cnames.delete(`${letter.repeat(32)}._domainkey.${DOMAIN}`);
  small.now += HOUR;
  await runSweep(small.plan(), small.world());
  expect(events(small)).toEqual(['opened']);
  await setMutes(small);
  small.now += 5 * MINUTE;
  await runSweep(small.plan(), small.world());
  expect(events(small)).toEqual(['opened', 'changed']);
});

test('muted: nobody is told; unmuted: told at once, by the next sweep', async () => {
  const small = await troubled();
  await setMutes(small, kept(small));
  await runSweep(small.plan(), small.world());
  expect(events(small)).toEqual([]);
  expect(small.log.filter(({ event }) => event === 'decision').at(-1)?.fields).toMatchObject({ tell: false, reason: 'muted' });
  await setMutes(small);
  small.now += HOUR;
  await runSweep(small.plan(), small.world());
  expect(events(small)).toEqual(['opened']);
});

test('a mute that has ended counts no more, and what is open is told', async () => {
  const small = await troubled();
  await setMutes(small, kept(small));
  await runSweep(small.plan(), small.world());
  small.now += 25 * HOUR;
  await runSweep(small.plan(), small.world());
  expect(events(small)).toEqual(['opened']);
});

test.each([
  ['another identity', { identity: 'two.example' }],
  ['another account', { account: '222222222222' }],
  ['another region', { region: 'us-east-1' }],
  ['another kind', { kinds: ['key-weak'] }],
])('a mute of %s silences nothing', async (_title, more) => {
  const small = await troubled();
  await setMutes(small, kept(small, more));
  await runSweep(small.plan(), small.world());
  expect(events(small)).toEqual(['opened']);
});

test('the mutes of the configuration count beside them', async () => {
  const small = await troubled();
  await setMutes(small, kept(small, { identity: 'two.example' }));
  const plan = small.plan();
  await runSweep({ ...plan, policy: { ...plan.policy, mute: [{ identity: '*.example' }] } }, small.world());
  expect(events(small)).toEqual([]);
});

const DAMAGED: readonly [string, MemoryRead][] = [
  ['damaged', { kind: 'unreadable', detail: 'mutes/deployment: It is not JSON.' }],
  ['no list', { kind: 'found', value: { schema: 1, mutes: 'all' }, version: 'v1' }],
  ['one entry without an end', { kind: 'found', value: { schema: 1, mutes: [{ identity: '*', reason: 'x', at: 'x' }] }, version: 'v1' }],
];
test.each(DAMAGED)(
  'unreadable (%s): it silences nothing, and the sweep says so, in its log, its troubles and its metric',
  async (_title, read) => {
    const small = await troubled();
    const world = small.world();
    const metrics: Parameters<typeof world.metrics>[0][] = [];
    const outcome = await runSweep(small.plan(), {
      ...world,
      metrics: (values) => void metrics.push(values),
      memory: { ...world.memory, read: async (key, schema) => (key === 'mutes/deployment' ? read : world.memory.read(key, schema)) },
    });
    expect(events(small)).toEqual(['opened']);
    expect(outcome).toMatchObject({ kind: 'swept', troubles: [expect.stringContaining('mutes of the command cannot be read')] });
    expect(small.log.filter(({ event }) => event === 'mutes-unreadable')).toHaveLength(1);
    expect(metrics).toEqual([expect.objectContaining({ MemoryUnreadable: 1 })]);
  },
);

describe('an early check', () => {
  const reasons = (small: SmallWorld) => small.log.filter(({ event }) => event === 'decision').map(({ fields }) => fields.reason);

  test('muted: nobody is told, and the alert is kept; unmuted: told at once, by the next early check', async () => {
    const small = await EarlyWorld.introduced(DOMAIN, 'two.example');
    small.lose(DOMAIN);
    await setMutes(small, kept(small));
    expect(await small.early(changed(DOMAIN))).toMatchObject({ kind: 'checked', broken: 1, told: 0, troubles: [] });
    expect(reasons(small).at(-1)).toBe('muted');
    await setMutes(small);
    small.now += MINUTE;
    expect(await small.early(changed(DOMAIN))).toMatchObject({ told: 1 });
    expect(events(small)).toEqual(['opened']);
  });

  test('the end of a trouble is muted, too', async () => {
    const small = await EarlyWorld.introduced(DOMAIN);
    small.lose(DOMAIN);
    await small.sweep();
    await setMutes(small, kept(small));
    small.publish(...small.identities);
    small.now += MINUTE;
    expect(await small.early(changed(DOMAIN))).toMatchObject({ broken: 0, told: 0 });
    expect(events(small)).toEqual(['opened']);
  });

  test('a mute of another identity, and one that has ended, silence nothing; those of the configuration count beside them', async () => {
    const small = await EarlyWorld.introduced(DOMAIN, 'two.example', 'three.example');
    for (const domain of [DOMAIN, 'two.example', 'three.example']) small.lose(domain);
    const ended = new Date(small.now).toISOString();
    await setMutes(small, kept(small, { until: ended }), kept(small, { identity: 'two.example' }));
    small.configured = [{ identity: 'three.example' }];
    expect(await small.early(changed(DOMAIN, 'two.example', 'three.example'))).toMatchObject({ broken: 3, told: 1 });
    expect(small.told()).toEqual([expect.stringMatching(/^opened .*one\.example/)]);
  });

  test.each(DAMAGED)('unreadable (%s): it silences nothing, and the log says so; to alarm is left to the sweeps', async (_title, read) => {
    const small = await EarlyWorld.introduced(DOMAIN);
    small.lose(DOMAIN);
    const { memory } = small.world();
    small.instead = { memory: { ...memory, read: async (key, schema) => (key === 'mutes/deployment' ? read : memory.read(key, schema)) } };
    expect(await small.early(changed(DOMAIN))).toMatchObject({ kind: 'checked', told: 1, troubles: [] });
    expect(small.log.filter(({ event }) => event === 'mutes-unreadable')).toHaveLength(1);
  });
});

test('two who write at once: the later one is told so, and the first one stands', async () => {
  const small = new SmallWorld();
  const { memory } = small.world();
  const read = await readMutes(memory, small.now);
  const version = read.kind === 'read' ? read.version : '';
  expect(await writeMutes(memory, [kept(small)], version)).toBe('written');
  expect(await writeMutes(memory, [kept(small, { identity: 'two.example' })], version)).toBe('conflict');
  expect(await readMutes(memory, small.now)).toMatchObject({ mutes: [{ identity: DOMAIN }] });
});

test('the same scope, whatever the order of its kinds; and what covers what', () => {
  expect(isSameScope({ identity: 'a', kinds: ['x', 'y'] }, { identity: 'a', kinds: ['y', 'x'], reason: 'other' })).toBe(true);
  expect(isSameScope({ identity: 'a', kinds: [] }, { identity: 'a' })).toBe(true);
  expect(isSameScope({ identity: 'a', region: 'eu-west-1' }, { identity: 'a' })).toBe(false);
  expect(isCoveredBy({ identity: 'a.example' }, { identity: '*.example' })).toBe(true);
  expect(isCoveredBy({ identity: 'a.example' }, { identity: '*.example', kinds: ['key-weak'] })).toBe(false);
  expect(isCoveredBy({ identity: 'a.example', kinds: ['key-weak'] }, { identity: '*.example', kinds: ['key-weak', 'revoked'] })).toBe(true);
  expect(isCoveredBy({ identity: 'a.example' }, { identity: 'a.example', region: 'eu-west-1' })).toBe(false);
  expect([undefined, '2026-03-01', '2026-03-02'].map((until) => isRunning(until, '2026-03-01T12:00:00Z'))).toEqual([true, false, true]);
});
