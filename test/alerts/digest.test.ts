import fc from 'fast-check';
import { digestDue, digestMemoryOf, digestSlot, withEnded } from '../../lambda/alerts/digest.ts';
import { digestTelling } from '../../lambda/alerts/digest-content.ts';
import { planAlerts } from '../../lambda/alerts/plan.ts';
import { applyTold } from '../../lambda/alerts/told.ts';
import type { AlertMemory } from '../../lambda/model/alert.ts';
import { type EndedAlert, MOST_ENDED } from '../../lambda/model/digest.ts';
import { type AlertPolicy, type DigestPolicy, WEEKDAYS } from '../../lambda/model/policy.ts';
import {
  ACCOUNT,
  at,
  broken,
  DAY,
  finding,
  HOUR,
  healthy,
  input,
  introduced,
  POLICY,
  report,
  result,
  START,
  sweep,
  target,
  unknown,
} from './build.ts';

const DAILY: DigestPolicy = { every: 'day', atMinute: 7 * 60, on: 'monday' };
const WEEKLY: DigestPolicy = { every: 'week', atMinute: 7 * 60, on: 'monday' };
const wanting = (digest: DigestPolicy): AlertPolicy => ({ ...POLICY, digest });
const remembering = (time: string) => ({ digest: { at: time, sweeps: 3, recovered: [] } });

test('an early check is no sweep: it counts for no digest, and none is due in it', () => {
  const memory = { ...input([]).memory, ...remembering(at(-2 * DAY)) };
  const due = { policy: wanting(DAILY), memory, now: at(0) };
  expect(planAlerts(input([report([result('a.com', healthy)])], due)).digestFor).toBeDefined();
  const early = planAlerts({ ...input([report([result('a.com', healthy)])], due), early: true });
  expect(early.digestFor).toBeUndefined();
  expect(early.memoryBefore.digest).toEqual(memory.digest);
});

describe('the time of a digest', () => {
  test.each([
    ['a day, before it', DAILY, '2026-11-25T06:59:59.999Z', '2026-11-24T07:00:00.000Z'],
    ['a day, on it', DAILY, '2026-11-25T07:00:00.000Z', '2026-11-25T07:00:00.000Z'],
    ['a day, as Europe leaves summer time', DAILY, '2026-10-25T07:00:00.000Z', '2026-10-25T07:00:00.000Z'],
    ['a leap day', DAILY, '2028-02-29T08:00:00.000Z', '2028-02-29T07:00:00.000Z'],
    ['a week, on Sunday', WEEKLY, '2026-11-22T23:59:00.000Z', '2026-11-16T07:00:00.000Z'],
    ['a week, on Monday before it', WEEKLY, '2026-11-23T06:59:00.000Z', '2026-11-16T07:00:00.000Z'],
    ['a week, on Monday', WEEKLY, '2026-11-23T07:00:00.000Z', '2026-11-23T07:00:00.000Z'],
    ['a week, over the new year', WEEKLY, '2027-01-03T12:00:00.000Z', '2026-12-28T07:00:00.000Z'],
  ])('%s', (_name, policy, now, slot) => {
    expect(digestSlot(policy, now)).toBe(slot);
  });

  test('is on its weekday and minute, at or before now, less than a period ago', () => {
    const policies = fc.record({
      every: fc.constantFrom('day' as const, 'week' as const),
      atMinute: fc.integer({ min: 0, max: 1439 }),
      on: fc.constantFrom(...WEEKDAYS),
    });
    fc.assert(
      fc.property(policies, fc.integer({ min: 0, max: 4_000_000_000 }), (policy, seconds) => {
        const slot = new Date(digestSlot(policy, new Date(seconds * 1000).toISOString()));
        const ago = seconds * 1000 - slot.getTime();
        expect(slot.getUTCHours() * 60 + slot.getUTCMinutes()).toBe(policy.atMinute);
        if (policy.every === 'week') expect(WEEKDAYS[slot.getUTCDay()]).toBe(policy.on);
        expect(ago).toBeGreaterThanOrEqual(0);
        expect(ago).toBeLessThan(policy.every === 'day' ? DAY : 7 * DAY);
      }),
    );
  });
});

describe('a digest is due', () => {
  // START is a Monday, 21:00.
  test.each([
    ['not in the day it was told in', DAILY, START, at(9 * HOUR), undefined],
    ['the next morning', DAILY, START, at(10 * HOUR), '2026-11-24T07:00:00.000Z'],
    ['after days of silence once, for the last time missed', DAILY, START, at(5 * DAY), '2026-11-28T07:00:00.000Z'],
    ['not in the same week', WEEKLY, START, at(6 * DAY), undefined],
    ['in the next week', WEEKLY, START, at(6 * DAY + 10 * HOUR), '2026-11-30T07:00:00.000Z'],
    ['not if the clock stepped back', DAILY, START, at(-20 * HOUR), undefined],
  ])('%s', (_name, policy, last, now, due) => {
    expect(digestDue(remembering(last), wanting(policy), now)).toBe(due);
  });

  test('at the next time after the first deployment, and not before', () => {
    const memory = digestMemoryOf({}, wanting(DAILY), START);
    expect(memory).toEqual({ digest: { at: START, sweeps: 1, recovered: [] } });
    expect([START, at(HOUR), at(10 * HOUR)].map((now) => digestDue(memory, wanting(DAILY), now))).toEqual([
      undefined,
      undefined,
      '2026-11-24T07:00:00.000Z',
    ]);
  });

  test('never without the wish, and what was remembered for it is forgotten', () => {
    expect(digestDue(remembering(START), POLICY, at(DAY))).toBeUndefined();
    expect(digestMemoryOf(remembering(START), POLICY, at(DAY))).toEqual({});
  });

  test('a clock that once ran years ahead does not silence it for years', () => {
    const memory = digestMemoryOf(remembering('2036-01-01T00:00:00.000Z'), wanting(DAILY), START);
    expect(memory.digest?.at).toBe(START);
    expect(digestDue(memory, wanting(DAILY), at(10 * HOUR))).toBe('2026-11-24T07:00:00.000Z');
  });
});

const policy = wanting(DAILY);
const sick = report([result('a.com'), result('b.com', broken())]);
const well = report([result('a.com'), result('b.com')]);

/** The digest of a sweep, as the story makes it: from the memory after its other messages. */
function digestOf(memory: AlertMemory, reports = [well], now = at(10 * HOUR), wish = policy) {
  const swept = sweep(input(reports, { memory, policy: wish, now }));
  const { digestFor } = swept.plan;
  if (digestFor === undefined) return { ...swept, telling: undefined };
  return { ...swept, telling: digestTelling(digestFor, { memory: swept.memory, reports, policy: wish, now }) };
}

test('is told once, under an id that a repeat has too, and the next day under another', () => {
  const before = sweep(input([well], { policy })).memory;
  const first = digestOf(before);
  if (first.telling === undefined) throw new Error('a digest was expected');
  const repeated = digestOf(first.memory, [well], at(11 * HOUR));
  expect(repeated.telling?.messageId).toBe(first.telling.messageId);
  const told = applyTold(first.memory, first.telling, first.telling, at(10 * HOUR));
  expect(told.digest).toEqual({ at: at(10 * HOUR), sweeps: 0, recovered: [] });
  for (const hours of [10, 11, 20, 33]) expect(digestOf(told, [well], at(hours * HOUR)).telling).toBeUndefined();
  const next = digestOf(told, [well], at(34 * HOUR)).telling;
  expect(next?.messageId).toMatch(/^[0-9a-f]{20}$/);
  expect(next?.messageId).not.toBe(first.telling.messageId);
});

test('is not due if nobody listens, or nobody knows who does', () => {
  const { memory } = sweep(input([well], { policy }));
  for (const audience of [{ kind: 'known', confirmed: 0 }, { kind: 'unknown' }] as const)
    expect(planAlerts(input([well], { memory, policy, now: at(DAY), audience })).digestFor).toBeUndefined();
});

test('collects what was told to be over, in the sweep of the digest too, and what nobody was told of not', () => {
  const opened = sweep(input([sick], { policy })).memory;
  const { telling } = digestOf(opened);
  expect(telling?.digest.ended).toMatchObject([{ event: 'recovered', identity: 'b.com', identities: 1, kinds: ['record-missing'] }]);
  expect(telling?.digest.open).toEqual([]);
  const quiet = digestOf(sweep(input([sick], { policy, audience: { kind: 'known', confirmed: 0 } })).memory);
  expect(quiet.telling?.digest.ended).toEqual([]);
  const gone = digestOf(opened, [report([result('a.com')], { gone: ['b.com'] })]);
  expect(gone.telling?.digest.ended).toMatchObject([{ event: 'expired', identity: 'b.com', why: 'identity-deleted' }]);
});

test('collects nothing where no digest is wanted', () => {
  const opened = sweep(input([sick])).memory;
  expect(sweep(input([well], { memory: opened, now: at(HOUR) })).memory).not.toHaveProperty('digest');
});

test('an end whose message failed is in the digest after it was told', () => {
  const opened = sweep(input([sick], { policy })).memory;
  const now = at(10 * HOUR);
  const failed = planAlerts(input([well], { memory: opened, policy, now })).memoryBefore;
  const first = digestTelling('2026-11-24T07:00:00.000Z', { memory: failed, reports: [well], policy, now });
  expect([first.digest.open, first.digest.ended]).toEqual([[], []]);
  const told = applyTold(failed, first, first, now);
  expect(digestOf(told, [well], at(34 * HOUR)).telling?.digest.ended).toMatchObject([{ identity: 'b.com' }]);
});

test('the list of what is over is bounded, and the rest counted', () => {
  const ended = (n: number): EndedAlert => ({
    key: `k${n}`,
    event: 'recovered',
    account: ACCOUNT,
    region: 'us-east-1',
    identities: 1,
    severity: 'critical',
    kinds: ['record-missing'],
    openedAt: START,
    at: at(n),
  });
  const many = [...Array(150).keys()];
  const once = withEnded({ at: START, sweeps: 1, recovered: [] }, many.map(ended));
  expect([once.recovered.length, once.dropped]).toEqual([150, undefined]);
  const twice = withEnded(
    once,
    many.map((n) => ended(1000 + n)),
  );
  expect([twice.recovered.length, twice.dropped, twice.recovered.at(-1)?.key]).toEqual([MOST_ENDED, 100, 'k1149']);
  expect(withEnded(twice, [ended(9999)]).dropped).toBe(101);
});

describe('what it says', () => {
  const pending = {
    ...finding('verification-pending', 'notice'),
    deadlines: [{ name: 'verification-ends', at: at(3 * DAY), estimated: true }],
  };
  const reports = [
    report([
      result('healthy.com'),
      result('broken.com', broken()),
      result('muted.com', broken()),
      result('waiting.com', { kind: 'healthy', findings: [pending as typeof pending & ReturnType<typeof finding>] }),
      result('dark.com', unknown()),
    ]),
    {
      ...report([], { gap: { reason: 'role-refused', detail: 'The role refused.' }, inventoryComplete: false }),
      ...target('eu-west-1'),
      unread: [{ identity: 'x.com', type: 'domain', reason: 'not-yet', detail: '' }] as const,
    },
  ];
  const mute = [
    { identity: 'muted.com', reason: 'a test domain' },
    { identity: '*.old', until: '2026-11-01' },
    { identity: '*.new', until: '2026-12-24', kinds: ['key-weak'] },
  ];
  const wish = { ...policy, mute };
  const memory: AlertMemory = { ...introduced(...reports), ...remembering(START) };
  const { telling } = digestOf(memory, reports, at(10 * HOUR), wish);

  test.each([
    [
      'open',
      (d: NonNullable<typeof telling>['digest']) => d.open.map(({ alert, severity }) => [alert.key, severity]),
      [[`${ACCOUNT}/us-east-1/broken.com`, 'critical']],
    ],
    [
      'mutes in force, the first to end first',
      (d) => d.mutes.map((m) => [m.identity, m.until, m.reason]),
      [
        ['*.new', '2026-12-24', undefined],
        ['muted.com', undefined, 'a test domain'],
      ],
    ],
    [
      'not seen',
      (d) => d.unseen.map((u) => [u.region, u.gap?.reason, u.unjudged, u.unread]),
      [
        ['us-east-1', undefined, 1, 0],
        ['eu-west-1', 'role-refused', 0, 1],
      ],
    ],
    ['pending', (d) => d.pending.map((p) => [p.identity, p.until]), [['waiting.com', at(3 * DAY)]]],
    [
      'healthy',
      (d) => d.targets.map((t) => [t.healthy, t.broken, t.unknown, t.muted]),
      [
        [2, 1, 1, 1],
        [0, 0, 1, 0],
      ],
    ],
    ['proof of life', (d) => [d.since, d.sweeps, d.at], [START, 4, at(10 * HOUR)]],
  ] as readonly [string, (d: NonNullable<typeof telling>['digest']) => unknown, unknown][])('%s', (_name, of, expected) => {
    if (telling === undefined) throw new Error('a digest was expected');
    expect(of(telling.digest)).toEqual(expected);
  });
});
