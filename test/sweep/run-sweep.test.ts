// The story over several sweeps: what is told, when, and what a gap or an outage must not do.
import type { AlertMemory } from '../../lambda/model/alert.ts';
import type { Report } from '../../lambda/model/report.ts';
import { runSweep, type SweepWorld } from '../../lambda/sweep/run-sweep.ts';
import { easyIdentity, SmallWorld, TARGET } from './small-world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A world with two healthy domains whose first sweep is over. */
async function introduced(): Promise<SmallWorld> {
  const small = new SmallWorld();
  small.identities = [easyIdentity('one.example'), easyIdentity('two.example')];
  small.publish(...small.identities);
  await sweep(small);
  small.sent.length = 0;
  return small;
}

async function sweep(small: SmallWorld, afterMs = 5 * MINUTE): Promise<Report> {
  small.now += afterMs;
  small.asked.length = 0;
  const outcome = await runSweep(small.plan(), small.world());
  if (outcome.kind !== 'swept') throw new Error('the lease was held');
  return outcome.report;
}

const lose = (small: SmallWorld, domain: string): void => void small.cnames.delete(`${'a'.repeat(32)}._domainkey.${domain}`);
const restore = (small: SmallWorld): void => small.publish(...small.identities);
const events = (small: SmallWorld): readonly string[] => small.sent.map(({ event }) => event);
const alerts = (small: SmallWorld): AlertMemory['alerts'] =>
  (JSON.parse(small.blobs.get('alerts/deployment')?.text ?? '{}') as AlertMemory).alerts;

test('the first sweep of a target sends one summary, also when something is broken', async () => {
  const small = new SmallWorld();
  small.identities = [easyIdentity('one.example'), easyIdentity('two.example')];
  small.publish(...small.identities);
  lose(small, 'one.example');
  await sweep(small);
  expect(small.sent).toHaveLength(1);
  expect(small.sent[0]?.email).toContain('one.example');
  await sweep(small);
  expect(small.sent).toHaveLength(1);
});

test('opened once, told again two days before SES may stop sending, recovered once', async () => {
  const small = await introduced();
  lose(small, 'one.example');
  const report = await sweep(small);
  expect(report.identities.find(({ identity }) => identity === 'one.example')?.findings.map(({ kind }) => kind)).toEqual([
    'record-missing',
  ]);
  expect(events(small)).toEqual(['opened']);
  await sweep(small);
  await sweep(small);
  expect(events(small)).toEqual(['opened']);
  await sweep(small, 24 * HOUR);
  expect(events(small)).toEqual(['opened', 'escalated']);
  restore(small);
  await sweep(small);
  expect(events(small)).toEqual(['opened', 'escalated', 'recovered']);
  await sweep(small);
  expect(small.sent).toHaveLength(3);
  expect(alerts(small)).toEqual({});
});

test('a steady healthy sweep asks three questions an identity and SES nothing', async () => {
  const small = await introduced();
  const before = small.sesReads;
  await sweep(small);
  expect(small.asked).toHaveLength(6);
  expect(small.sesReads).toBe(before);
});

test('an absence is asked for a second time after the pause, and not awaited again', async () => {
  const small = await introduced();
  lose(small, 'one.example');
  await sweep(small);
  expect(small.slept).toBe(1_000);
  await sweep(small);
  expect(small.slept).toBe(1_000);
});

test('a wrong target is not awaited again either, but a new absence beside it is', async () => {
  const small = await introduced();
  small.cnames.set(`${'a'.repeat(32)}._domainkey.one.example`, 'elsewhere.example.net');
  await sweep(small);
  await sweep(small);
  expect(small.slept).toBe(1_000);
  small.cnames.delete(`${'b'.repeat(32)}._domainkey.one.example`);
  const report = await sweep(small);
  expect(small.slept).toBe(2_000);
  expect(report.identities[0]?.findings.map(({ kind }) => kind)).toEqual(['record-missing', 'record-wrong-target']);
});

test('silence of every server is unknown: nothing opens, nothing closes', async () => {
  const small = await introduced();
  small.silent.add('192.0.2.1').add('192.0.2.2');
  const report = await sweep(small);
  expect(report.summary).toMatchObject({ healthy: 0, broken: 0, unknown: 2 });
  expect(small.sent).toEqual([]);
  small.silent.clear();
  lose(small, 'one.example');
  await sweep(small);
  small.silent.add('192.0.2.1').add('192.0.2.2');
  await sweep(small);
  expect(events(small)).toEqual(['opened']);
  expect(Object.keys(alerts(small))).toHaveLength(1);
});

test('with nobody confirmed the alert stays untold and goes out at the first confirmation', async () => {
  const small = await introduced();
  small.confirmed = 0;
  lose(small, 'one.example');
  await sweep(small);
  expect(small.sent).toEqual([]);
  expect(small.log.filter(({ event }) => event === 'decision').at(-1)?.fields).toMatchObject({ tell: false, reason: 'nobody-confirmed' });
  small.confirmed = 1;
  await sweep(small);
  expect(events(small)).toEqual(['opened']);
});

test('recovered is told only if somebody was told', async () => {
  const small = await introduced();
  small.confirmed = 0;
  lose(small, 'one.example');
  await sweep(small);
  restore(small);
  small.confirmed = 1;
  await sweep(small);
  expect(small.sent).toEqual([]);
  expect(alerts(small)).toEqual({});
});

test('an identity gone from a complete listing closes as expired; an incomplete listing closes nothing', async () => {
  const small = await introduced();
  lose(small, 'one.example');
  await sweep(small);
  small.identities = small.identities.filter(({ identity }) => identity !== 'one.example');
  small.listing = 'partial';
  await sweep(small, 2 * HOUR);
  expect(events(small)).toEqual(['opened']);
  small.listing = 'complete';
  await sweep(small);
  expect(events(small)).toEqual(['opened', 'expired']);
  expect(alerts(small)).toEqual({});
});

test('a target that cannot be read is told, closes nothing, and DNS is still watched from the snapshot', async () => {
  const small = await introduced();
  lose(small, 'one.example');
  await sweep(small);
  small.listing = 'refused';
  restore(small);
  const refused = await sweep(small, 2 * HOUR);
  expect(refused.targets[0]?.gap?.reason).toBe('role-refused');
  expect(refused.findings.map(({ kind }) => kind)).toEqual(['target-unreadable']);
  expect(events(small)).toEqual(['opened', 'opened']);
  expect(Object.keys(alerts(small))).toContain('111111111111/eu-west-1/one.example');
  lose(small, 'two.example');
  await sweep(small);
  expect(small.sent.at(-1)?.email).toContain('two.example');
  small.listing = 'complete';
  restore(small);
  await sweep(small);
  expect(events(small).slice(3).sort()).toEqual(['recovered', 'recovered', 'recovered']);
});

test('a snapshot older than a day is not judged while SES cannot be read', async () => {
  const small = await introduced();
  small.listing = 'refused';
  lose(small, 'one.example');
  const report = await sweep(small, 26 * HOUR);
  expect(report.summary).toMatchObject({ healthy: 0, broken: 0, unknown: 2 });
  expect(report.identities.map(({ unknown }) => unknown?.reason)).toEqual(['target-unreadable', 'target-unreadable']);
});

test('a target gone from the configuration closes its alerts as expired', async () => {
  const small = await introduced();
  lose(small, 'one.example');
  await sweep(small);
  small.now += 5 * MINUTE;
  await runSweep(small.plan({ targets: [] }), small.world());
  expect(events(small)).toEqual(['opened', 'expired']);
});

test('SNS down: the alert goes out later, under the same id', async () => {
  const small = await introduced();
  lose(small, 'one.example');
  small.publishFails = true;
  small.now += 5 * MINUTE;
  const failed = await runSweep(small.plan(), small.world());
  expect(failed.kind === 'swept' && failed.troubles).toHaveLength(1);
  const [id] = small.log.filter(({ event }) => event === 'publish-failed').map(({ fields }) => fields.messageId);
  small.publishFails = false;
  await sweep(small);
  expect(small.sent.map(({ messageId }) => messageId)).toEqual([id]);
});

/** The world that cannot read what it remembers under this prefix. */
function blindTo(small: SmallWorld, prefix: string, detail: string): SweepWorld {
  const world = small.world();
  const read: SweepWorld['memory']['read'] = async (key, schema) =>
    key.startsWith(prefix) ? { kind: 'unreadable', detail } : world.memory.read(key, schema);
  return { ...world, memory: { ...world.memory, read } };
}

test('a damaged memory of alerts is a trouble, never an empty memory', async () => {
  const small = await introduced();
  lose(small, 'one.example');
  await sweep(small);
  small.now += 5 * MINUTE;
  const blind = blindTo(small, 'alerts/', 'damaged');
  const before = small.blobs.get('alerts/deployment');
  const outcome = await runSweep(small.plan(), blind);
  expect(outcome.kind === 'swept' && outcome.troubles.join()).toContain('damaged');
  expect(small.blobs.get('alerts/deployment')).toEqual(before);
  expect(events(small)).toEqual(['opened']);
});

test('a damaged inventory is a gap of its target, and is not overwritten', async () => {
  const small = await introduced();
  small.now += 5 * MINUTE;
  const blind = blindTo(small, 'inventory/', 'of a newer version');
  const before = small.blobs.get('inventory/111111111111/eu-west-1');
  const outcome = await runSweep(small.plan(), blind);
  expect(outcome.kind === 'swept' && outcome.report.targets[0]?.gap).toMatchObject({
    reason: 'error',
    detail: expect.stringContaining('newer version'),
  });
  expect(small.blobs.get('inventory/111111111111/eu-west-1')).toEqual(before);
});

test('two sweeps never overlap', async () => {
  const small = await introduced();
  small.now += 5 * MINUTE;
  const outcomes = await Promise.all([
    runSweep(small.plan({ owner: 'a' }), small.world()),
    runSweep(small.plan({ owner: 'b' }), small.world()),
  ]);
  expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['held', 'swept']);
});

test('out of time: the rest is unknown, and the sweep concludes all the same', async () => {
  const small = await introduced();
  lose(small, 'one.example');
  small.now += 5 * MINUTE;
  const outcome = await runSweep(small.plan({ until: small.now - 1 }), small.world());
  expect(outcome.kind === 'swept' && outcome.report.summary).toMatchObject({ unknown: 2, broken: 0 });
  expect(small.sent).toEqual([]);
});

describe('memory that fails', () => {
  /** The world whose writes to keys with this prefix fail. */
  const failing = (small: SmallWorld, prefix: string) => {
    const world = small.world();
    const write: typeof world.memory.write = async (key, value, expected) => {
      if (key.startsWith(prefix)) throw new Error('S3 said 503');
      return world.memory.write(key, value, expected);
    };
    return { ...world, memory: { ...world.memory, write } };
  };

  test('a report that cannot be kept silences nobody', async () => {
    const small = await introduced();
    lose(small, 'one.example');
    small.now += 5 * MINUTE;
    const outcome = await runSweep(small.plan(), failing(small, 'reports/'));
    expect(events(small)).toEqual(['opened']);
    expect(outcome.kind === 'swept' && outcome.troubles.join()).toContain('The report could not be kept');
  });

  test('one target that cannot be remembered is a gap and a trouble, and stops no other', async () => {
    const small = await introduced();
    const other = { ...TARGET, region: 'us-east-1' as typeof TARGET.region };
    small.identities.push(easyIdentity('three.example', other));
    small.publish(...small.identities);
    lose(small, 'one.example');
    small.now += 5 * MINUTE;
    const outcome = await runSweep(small.plan({ targets: [TARGET, other] }), failing(small, 'history/111111111111/eu-west-1'));
    expect(outcome.kind === 'swept' && outcome.report.targets.map(({ gap }) => gap?.reason)).toEqual(['error', undefined]);
    expect(outcome.kind === 'swept' && outcome.troubles).toHaveLength(1);
  });

  test('a sweep that fails frees its lease: the next one, five minutes later, does the work', async () => {
    const small = await introduced();
    lose(small, 'one.example');
    small.now += 5 * MINUTE;
    await expect(runSweep(small.plan(), failing(small, 'alerts/'))).rejects.toThrow('503');
    await sweep(small);
    expect(events(small)).toEqual(['opened']);
  });
});

describe('SES is asked at once only for what certainly turned', () => {
  test('a loss and its mending: once each', async () => {
    const small = await introduced();
    lose(small, 'one.example');
    await sweep(small);
    await sweep(small);
    expect(small.freshened).toEqual(['one.example']);
    restore(small);
    await sweep(small);
    await sweep(small);
    expect(small.freshened).toEqual(['one.example', 'one.example']);
  });

  test('an outage of DNS, and one dead name server: never', async () => {
    const small = await introduced();
    small.silent.add('192.0.2.1').add('192.0.2.2');
    await sweep(small);
    await sweep(small);
    small.silent.delete('192.0.2.2');
    for (let i = 0; i < 4; i += 1) await sweep(small);
    expect(small.freshened).toEqual([]);
  });
});

describe('when time is short', () => {
  test('without the time for the pause nothing is called missing', async () => {
    const small = await introduced();
    lose(small, 'one.example');
    small.now += 5 * MINUTE;
    const outcome = await runSweep(small.plan({ until: small.now + 500 }), small.world());
    expect(outcome.kind === 'swept' && outcome.report.identities.find(({ identity }) => identity === 'one.example')?.unknown?.reason).toBe(
      'out-of-time',
    );
    expect(small.sent).toEqual([]);
  });

  test('a mass loss at a polite pace is told in the first sweep as far as the time goes, and wholly in the next ones', async () => {
    const small = new SmallWorld();
    small.identities = Array.from({ length: 2000 }, (_, i) => easyIdentity(`customer-${i}.example`));
    small.publish(...small.identities);
    await sweep(small);
    small.cnames.clear();
    // Two servers at 50 questions a second each.
    small.questionMs = 10;
    const counts: (number | undefined)[] = [];
    for (let i = 0; i < 4; i += 1) {
      small.now += 5 * MINUTE;
      const until = small.now + 810_000;
      const outcome = await runSweep(small.plan({ until, leaseUntil: small.now + 900_000 }), small.world());
      counts.push(outcome.kind === 'swept' ? outcome.report.summary.broken : undefined);
      expect(small.now).toBeLessThan(until + 30_000);
    }
    expect(counts[0]).toBeGreaterThan(500);
    const told = new Set(
      Object.values(alerts(small))
        .filter((alert) => alert.told !== undefined)
        .flatMap(({ affected }) => affected.map(({ subject }) => subject.identity)),
    );
    expect(told.size).toBe(2000);
    // One group, which grows.
    expect(new Set(small.sent.map(({ alertId }) => alertId)).size).toBe(2);
    expect(small.sent.length).toBeLessThan(7);
  }, 60_000);
});

test('one dead name server of two does not hide a loss: the resolvers are the second voice', async () => {
  const small = await introduced();
  small.silent.add('192.0.2.1');
  lose(small, 'one.example');
  await sweep(small);
  expect(events(small)).toEqual(['opened']);
});

test('a second record lost while the first is known is asked for twice as well', async () => {
  const small = await introduced();
  lose(small, 'one.example');
  await sweep(small);
  expect(small.slept).toBe(1_000);
  small.cnames.delete(`${'b'.repeat(32)}._domainkey.one.example`);
  await sweep(small);
  expect(small.slept).toBe(2_000);
});

test('nobody listens for an hour: those who run the monitor hear of it', async () => {
  const small = await introduced();
  small.confirmed = 0;
  lose(small, 'one.example');
  await sweep(small);
  small.now += HOUR;
  const outcome = await runSweep(small.plan(), small.world());
  expect(outcome.kind === 'swept' && outcome.troubles.join()).toContain('Nobody has confirmed');
});

test('a muted target that cannot be read is listed and not counted', async () => {
  const small = await introduced();
  small.listing = 'refused';
  small.now += 2 * HOUR;
  const mute = [{ identity: '111111111111/eu-west-1' }];
  const outcome = await runSweep(small.plan({ policy: { remindEveryMs: 24 * HOUR, minimumSeverity: 'warning', mute } }), small.world());
  const report = outcome.kind === 'swept' ? outcome.report : undefined;
  expect(report?.findings.map(({ kind, muted }) => [kind, muted])).toEqual([['target-unreadable', true]]);
  expect(report?.summary.bySeverity).toEqual({ notice: 0, warning: 0, critical: 0 });
});
