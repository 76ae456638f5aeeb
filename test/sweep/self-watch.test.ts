// What a sweep says about itself: its metrics, its lines, and the ping to the dead man's switch.
import { METRICS, RARE_METRICS, STEADY_METRICS } from '../../lambda/sweep/metrics.ts';
import type { Heartbeat, MemoryRead } from '../../lambda/sweep/ports.ts';
import { runSweep, type SweepPlan, type SweepWorld } from '../../lambda/sweep/run-sweep.ts';
import type { MetricValues } from '../../lambda/sweep/sweep-metrics.ts';
import { easyIdentity, SmallWorld, TARGET } from './small-world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const RARE: readonly string[] = Object.values(RARE_METRICS);

function twoDomains(): SmallWorld {
  const small = new SmallWorld();
  small.identities = [easyIdentity('one.example'), easyIdentity('two.example')];
  small.publish(...small.identities);
  return small;
}
const lose = (small: SmallWorld): void => void small.cnames.delete(`${'a'.repeat(32)}._domainkey.one.example`);

interface Swept {
  readonly metrics: MetricValues;
  readonly pings: number;
  readonly lines: SmallWorld['log'];
}

async function sweep(
  small: SmallWorld,
  more: {
    readonly world?: Partial<SweepWorld>;
    readonly plan?: Partial<SweepPlan>;
    readonly heartbeat?: Heartbeat;
    readonly afterMs?: number;
  } = {},
): Promise<Swept> {
  small.now += more.afterMs ?? 5 * MINUTE;
  small.log.length = 0;
  let metrics: MetricValues = {};
  let pings = 0;
  const heartbeat: Heartbeat = () => {
    pings += 1;
    return more.heartbeat?.() ?? Promise.resolve({ kind: 'pinged' });
  };
  const keep = (values: MetricValues): void => {
    metrics = values;
  };
  await runSweep(small.plan(more.plan), { ...small.world(), metrics: keep, heartbeat, ...more.world });
  return { metrics, pings, lines: [...small.log] };
}

const rare = ({ metrics }: Swept): MetricValues => Object.fromEntries(Object.entries(metrics).filter(([name]) => RARE.includes(name)));
const lines = ({ lines: all }: Swept, event: string) => all.filter((line) => line.event === event).map(({ fields }) => fields);

/** A memory in which this blob cannot be read. */
function unreadable(small: SmallWorld, key: string): Partial<SweepWorld> {
  const { memory } = small.world();
  const damaged: MemoryRead = { kind: 'unreadable', detail: 'not gzip' };
  return { memory: { ...memory, read: async (asked, schema) => (asked === key ? damaged : memory.read(asked, schema)) } };
}

test('a good sweep writes the steady metrics and no other, and pings once', async () => {
  const swept = await sweep(twoDomains());
  expect(Object.keys(swept.metrics).sort()).toEqual(Object.values(STEADY_METRICS).sort());
  expect(swept.metrics).toEqual({ [METRICS.gaps]: 0, [METRICS.finished]: 1 });
  expect(lines(swept, 'sweep-finished')).toMatchObject([
    { healthy: 2, broken: 0, dnsQuestions: 12, sesCalls: 1, oldestInventorySeconds: 0 },
  ]);
  expect(swept.pings).toBe(1);
});

test('an open alert is counted, with the hours to its nearest deadline', async () => {
  const small = twoDomains();
  await sweep(small);
  lose(small);
  const swept = await sweep(small);
  expect(swept.metrics[METRICS.openCritical]).toBe(1);
  expect(swept.metrics[METRICS.hoursToDeadline]).toBeCloseTo(72, 0);
  expect(lines(swept, 'open-alert')).toMatchObject([{ severity: 'critical', identities: 1, told: 'yes', deadline: 'sending-lost' }]);
  // That something is wrong with records is what the monitor is for: the sweep was good.
  expect(swept.pings).toBe(1);
});

describe('not a good sweep, so no ping', () => {
  test('a message that could not be published is counted apart', async () => {
    const small = twoDomains();
    await sweep(small);
    lose(small);
    small.publishFails = true;
    const swept = await sweep(small);
    expect(rare(swept)).toMatchObject({ [METRICS.notPublished]: 1 });
    expect(swept.pings).toBe(0);
  });
  test('who listens cannot be read, and there is something to tell', async () => {
    const small = twoDomains();
    await sweep(small);
    lose(small);
    const { channel } = small.world();
    const swept = await sweep(small, { world: { channel: { ...channel, audience: async () => ({ kind: 'unknown', detail: 'denied' }) } } });
    expect(rare(swept)).toMatchObject({ [METRICS.notPublished]: 1 });
    expect(swept.pings).toBe(0);
  });
  test('the memory of alerts cannot be read: nobody knows what is open', async () => {
    const small = twoDomains();
    await sweep(small);
    const swept = await sweep(small, { world: unreadable(small, 'alerts/deployment') });
    expect(rare(swept)).toEqual({ [METRICS.memoryUnreadable]: 1 });
    expect(swept.metrics).not.toHaveProperty(METRICS.openCritical);
    expect(swept.metrics[METRICS.finished]).toBe(1);
    expect(swept.pings).toBe(0);
  });
  test('the memory of a target cannot be read', async () => {
    const small = twoDomains();
    await sweep(small);
    const swept = await sweep(small, { world: unreadable(small, `history/${TARGET.account}/${TARGET.region}`) });
    expect(rare(swept)).toEqual({ [METRICS.memoryUnreadable]: 1 });
    expect(swept.pings).toBe(0);
  });
  test('no target at all could be read', async () => {
    const small = twoDomains();
    await sweep(small);
    small.listing = 'refused';
    const swept = await sweep(small, { afterMs: 2 * HOUR });
    expect(swept.metrics[METRICS.gaps]).toBe(1);
    expect(swept.pings).toBe(0);
  });
});

test('a ping that fails is a warning and a metric, and fails nothing', async () => {
  const swept = await sweep(twoDomains(), {
    heartbeat: async () => ({ kind: 'failed', detail: 'The ping of hc-ping.example failed: ECONNREFUSED.' }),
  });
  expect(rare(swept)).toEqual({ [METRICS.heartbeatPingFailed]: 1 });
  expect(lines(swept, 'heartbeat-ping-failed')).toEqual([{ detail: 'The ping of hc-ping.example failed: ECONNREFUSED.' }]);
  expect(lines(swept, 'sweep-finished')).toMatchObject([{ healthy: 2, troubles: 0 }]);
});

test('an inventory that never completes is old after twice its interval', async () => {
  const small = twoDomains();
  await sweep(small);
  small.listing = 'partial';
  expect(rare(await sweep(small, { afterMs: 100 * MINUTE }))).toEqual({});
  small.listing = 'refused';
  expect(rare(await sweep(small, { afterMs: 30 * MINUTE }))).toMatchObject({ [METRICS.inventoriesOld]: 1 });
});

describe('lines about identities', () => {
  test('a change once, with what it was; then what lasts; and what is gone', async () => {
    const small = twoDomains();
    const states = async (afterMs?: number) =>
      lines(await sweep(small, afterMs === undefined ? {} : { afterMs }), 'identity-state').map(({ identity, was, diagnosis }) => [
        identity,
        was,
        diagnosis,
      ]);
    expect(await states()).toEqual([
      ['one.example', 'new', 'healthy'],
      ['two.example', 'new', 'healthy'],
    ]);
    expect(await states()).toEqual([]);
    lose(small);
    expect(await states()).toEqual([['one.example', 'healthy', 'broken']]);
    expect(await states()).toEqual([['one.example', undefined, 'broken']]);
    small.publish(...small.identities);
    expect(await states()).toEqual([['one.example', 'broken', 'healthy']]);
    small.identities = small.identities.slice(1);
    expect(await states(2 * HOUR)).toEqual([['one.example', 'watched', 'gone']]);
    expect(await states()).toEqual([]);
  });

  test('at most 200 a sweep; what lasts comes by turns, and how many were left out is said', async () => {
    const small = new SmallWorld();
    small.identities = Array.from({ length: 450 }, (_, i) => easyIdentity(`d${i}.example`));
    const seen = new Set<unknown>();
    for (let i = 0; i < 5; i += 1) {
      const swept = await sweep(small);
      const states = lines(swept, 'identity-state');
      expect(states).toHaveLength(200);
      expect(lines(swept, 'identity-states-left-out')).toEqual([{ logged: 200, of: 450 }]);
      if (i > 0) for (const { identity } of states) seen.add(identity);
    }
    expect(seen.size).toBe(450);
  });
});

test('servers that fail: one line each, with how often and how; at most fifty', async () => {
  const small = twoDomains();
  await sweep(small);
  expect(lines(await sweep(small), 'server-failing')).toEqual([]);
  small.silent.add('192.0.2.2');
  lose(small);
  const [line] = lines(await sweep(small), 'server-failing');
  expect(line).toMatchObject({ server: 'ns2.hoster.example (192.0.2.2)', role: 'authoritative', how: 'silent/timeout' });
  expect(Number(line?.failures)).toBeGreaterThan(0);
  expect(line?.failures).toBe(line?.questions);
});
