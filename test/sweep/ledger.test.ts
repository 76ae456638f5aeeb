// What a sweep leaves unread and unwritten because one blob knows it, and that nothing is lost by it.
import type { IdentityHistory } from '../../lambda/model/evidence.ts';
import type { Target } from '../../lambda/model/identity.ts';
import type { Report } from '../../lambda/model/report.ts';
import { runSweep, type SweepPlan, type SweepWorld } from '../../lambda/sweep/run-sweep.ts';
import { EarlyWorld, named } from './early-world.ts';
import { easyIdentity, SmallWorld, TARGET } from './small-world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const EMPTY: Target = { ...TARGET, region: 'us-east-1' as Target['region'] };
const TARGETS = [TARGET, EMPTY];

/** What a sweep read and wrote of the memory, leases left out. */
interface Touched {
  readonly reads: string[];
  readonly writes: string[];
}

function watched(world: SweepWorld): { readonly world: SweepWorld; readonly touched: Touched } {
  const touched: Touched = { reads: [], writes: [] };
  const { memory } = world;
  const note = (list: string[], key: string): void => {
    if (!key.startsWith('lease/')) list.push(key.replace(/^reports\/\d.*/, 'reports/of-the-sweep'));
  };
  return {
    touched,
    world: {
      ...world,
      memory: {
        read: (key, schema) => {
          note(touched.reads, key);
          return memory.read(key, schema);
        },
        write: (key, value, expected) => {
          note(touched.writes, key);
          return memory.write(key, value, expected);
        },
      },
    },
  };
}

async function sweep(
  small: SmallWorld,
  afterMs = 5 * MINUTE,
  plan: Partial<SweepPlan> = {},
): Promise<Touched & { readonly report: Report }> {
  small.now += afterMs;
  const { world, touched } = watched(small.world());
  const outcome = await runSweep(small.plan({ targets: TARGETS, ...plan }), world);
  if (outcome.kind !== 'swept') throw new Error('the lease was held');
  return { ...touched, report: outcome.report };
}

/** Two healthy domains in one target, nobody in the other; two sweeps are over, so that all that is found once was found. */
async function settled(): Promise<SmallWorld> {
  const small = new SmallWorld();
  small.identities = [easyIdentity('one.example'), easyIdentity('two.example')];
  small.publish(...small.identities);
  await sweep(small);
  await sweep(small);
  small.sent.length = 0;
  return small;
}

const lose = (small: SmallWorld, domain: string): void => void small.cnames.delete(`${'a'.repeat(32)}._domainkey.${domain}`);
const iso = (ms: number): string => new Date(ms).toISOString();
const historiesOf = (small: SmallWorld): Readonly<Record<string, IdentityHistory>> =>
  (
    JSON.parse(small.blobs.get(`history/${TARGET.account}/${TARGET.region}`)?.text ?? '{}') as {
      histories: Record<string, IdentityHistory>;
    }
  ).histories;
const lastSeenRight = ({ identities }: Report, name: string): unknown =>
  (identities.find(({ identity }) => identity === name)?.findings[0]?.facts as { lastHealthyAt?: string } | undefined)?.lastHealthyAt;

test('a sweep in which all stays well writes its report and the ledger, and reads nothing of who holds nobody', async () => {
  const small = await settled();
  const { reads, writes, report } = await sweep(small);
  expect(writes.sort()).toEqual(['ledger/deployment', 'reports/latest', 'reports/of-the-sweep']);
  expect(reads.filter((key) => key.includes('/111111111111/')).sort()).toEqual([
    'history/111111111111/eu-west-1',
    'inventory/111111111111/eu-west-1',
  ]);
  expect(report.targets).toMatchObject([
    { region: 'eu-west-1', identities: 2 },
    { region: 'us-east-1', identities: 0 },
  ]);
});

test('the report of a target that is known to be empty is the one that sweeping it gives', async () => {
  const small = await settled();
  const short = await sweep(small);
  small.blobs.delete('ledger/deployment');
  const long = await sweep(small, 0);
  expect(long.reads).toContain('inventory/111111111111/us-east-1');
  expect(short.report.targets).toEqual(long.report.targets);
});

test('when a record is lost, the last healthy sweep is the last one, though its history was not written', async () => {
  const small = await settled();
  for (let i = 0; i < 5; i += 1) await sweep(small);
  const lastGood = small.now;
  const written = historiesOf(small)['one.example']?.lastHealthyAt;
  lose(small, 'one.example');
  const startsAt = small.now + 5 * MINUTE;
  const { report } = await sweep(small);
  expect(written).not.toBe(iso(lastGood));
  expect(lastSeenRight(report, 'one.example')).toBe(iso(lastGood));
  // Written because one identity changed, the other one's time comes along.
  expect(historiesOf(small)['two.example']?.lastHealthyAt).toBe(iso(startsAt));
});

test.each(['lost', 'damaged'] as const)('a ledger that is %s costs a few hours of "last healthy" at most, and no alert', async (how) => {
  const small = await settled();
  for (let i = 0; i < 100; i += 1) await sweep(small);
  const lastGood = small.now;
  if (how === 'lost') small.blobs.delete('ledger/deployment');
  lose(small, 'one.example');
  const world = small.world();
  const damaged: SweepWorld = {
    ...world,
    memory: {
      ...world.memory,
      read: async (key, schema) =>
        key === 'ledger/deployment' && how === 'damaged'
          ? { kind: 'unreadable', detail: 'It is not JSON.' }
          : world.memory.read(key, schema),
    },
  };
  small.now += 5 * MINUTE;
  const outcome = await runSweep(small.plan({ targets: TARGETS }), damaged);
  if (outcome.kind !== 'swept') throw new Error('the lease was held');
  const seen = Date.parse(String(lastSeenRight(outcome.report, 'one.example')));
  expect(seen).toBeLessThanOrEqual(lastGood);
  expect(lastGood - seen).toBeLessThan(6 * HOUR + 5 * MINUTE);
  expect(small.sent.map(({ event }) => event)).toEqual(['opened']);
});

test('an empty target is read again when its inventory is due, and whoever came is watched from then on', async () => {
  const small = await settled();
  small.identities.push(easyIdentity('three.example', EMPTY));
  small.publish(...small.identities);
  const before = await sweep(small, 10 * MINUTE);
  expect(before.report.targets[1]).toMatchObject({ identities: 0 });
  const { report } = await sweep(small, HOUR);
  expect(report.targets[1]).toMatchObject({ identities: 1 });
});

test('an inventory that stays empty is written every six hours, and dated by its last listing even where SES cannot be read', async () => {
  const small = await settled();
  const key = 'inventory/111111111111/us-east-1';
  const writes: string[] = [];
  for (let hour = 0; hour < 13; hour += 1) writes.push(...(await sweep(small, HOUR)).writes.filter((one) => one === key));
  expect(writes).toHaveLength(2);
  const readAt = iso(small.now);
  small.listing = 'refused';
  for (let sweeps = 0; sweeps < 3; sweeps += 1) {
    const { report } = await sweep(small, HOUR);
    expect(report.targets[1]).toMatchObject({ inventoryAt: readAt, gap: { reason: 'role-refused' } });
  }
});

test('how long an empty target is left alone was fixed when it was read: a longer interval since does not stretch it', async () => {
  const small = await settled();
  small.identities.push(easyIdentity('three.example', EMPTY));
  small.publish(...small.identities);
  const { reads } = await sweep(small, HOUR, { inventoryEveryMs: 24 * HOUR });
  expect(reads).toContain('inventory/111111111111/us-east-1');
});

test('an inventory that is to be renewed more often than it was renews what was noted before', async () => {
  const small = await settled();
  await sweep(small, 25 * HOUR, { inventoryEveryMs: 24 * HOUR });
  small.identities.push(easyIdentity('three.example', EMPTY));
  small.publish(...small.identities);
  const { report } = await sweep(small, 2 * HOUR, { inventoryEveryMs: HOUR });
  expect(report.targets[1]).toMatchObject({ identities: 1 });
});

test('a clock that stepped back trusts no entry of the future', async () => {
  const small = await settled();
  const { reads } = await sweep(small, -2 * HOUR);
  expect(reads).toContain('inventory/111111111111/us-east-1');
});

test('a target that refuses to be read, or whose listing is not complete, is never noted as empty', async () => {
  for (const listing of ['refused', 'partial'] as const) {
    const small = new SmallWorld();
    small.listing = listing;
    await sweep(small);
    const { reads } = await sweep(small);
    expect(reads).toContain('inventory/111111111111/us-east-1');
  }
});

test('a sweep that breaks off before it could write the ledger hides nobody', async () => {
  const small = await settled();
  small.identities.push(easyIdentity('three.example', EMPTY));
  small.publish(...small.identities);
  small.now += HOUR;
  const world = small.world();
  const { memory } = world;
  const dying: SweepWorld = {
    ...world,
    memory: {
      ...memory,
      write: (key, value, expected) =>
        key === 'ledger/deployment' ? Promise.reject(new Error('S3 refuses')) : memory.write(key, value, expected),
    },
  };
  await expect(runSweep(small.plan({ targets: TARGETS }), dying)).rejects.toThrow('S3 refuses');
  const { report } = await sweep(small);
  expect(report.targets[1]).toMatchObject({ identities: 1 });
});

test('whom an early check finds in an empty target is there in the next sweep, and not taken for deleted', async () => {
  const small = await EarlyWorld.introduced('one.example');
  small.identities = [];
  // Emptied, and noted as such.
  small.now += HOUR;
  await small.sweep();
  await small.sweep();
  small.sent.length = 0;
  small.identities = [easyIdentity('new.example')];
  expect(await small.early(named(['new.example']))).toMatchObject({ kind: 'checked', identities: 1, broken: 1 });
  const told = small.told().length;
  small.now += 5 * MINUTE;
  const outcome = await small.sweep();
  const identities = outcome.kind === 'swept' ? outcome.report.identities : [];
  expect(identities.map(({ identity, diagnosis }) => [identity, diagnosis])).toEqual([['new.example', 'broken']]);
  expect(small.told()).toHaveLength(told);
});
