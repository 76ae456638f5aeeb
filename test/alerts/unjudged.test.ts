// What cannot be judged for an hour has an alert of its own, one for each target, and touches no other.
import { planAlerts } from '../../lambda/alerts/plan.ts';
import type { Alert, AlertMemory } from '../../lambda/model/alert.ts';
import { EMPTY_ALERT_MEMORY } from '../../lambda/model/alert.ts';
import {
  ACCOUNT,
  at,
  blind,
  broken,
  DAY,
  events,
  finding,
  HOUR,
  healthy,
  input,
  POLICY,
  reasons,
  report,
  result,
  START,
  sweep,
  target,
  unknown,
} from './build.ts';

const KEY = `unknown/${ACCOUNT}/us-east-1`;
const BROKEN = `${ACCOUNT}/us-east-1/a.com`;
const names = (alert: Alert | undefined): readonly string[] => alert?.affected.map(({ subject }) => subject.identity) ?? [];
const gap = { reason: 'denied' as const, detail: '' };
const unreadable = { targets: [target()], finding: finding('target-unreadable', 'warning') };
const two = report([result('a.com', blind()), result('b.com', blind()), result('c.com')]);
const opened = (): AlertMemory => sweep(input([two])).memory;

describe('an alert about what cannot be judged', () => {
  test('opens after an hour, one for the target, with the findings that say so', () => {
    const just = result('c.com', blind(at(-HOUR + 1)));
    const { plan, memory } = sweep(
      input([report([result('a.com', blind(at(-HOUR))), result('b.com', blind()), just, result('d.com', unknown())])]),
    );
    expect(events(plan)).toEqual(['opened']);
    expect(Object.keys(memory.alerts)).toEqual([KEY]);
    expect(names(memory.alerts[KEY])).toEqual(['a.com', 'b.com']);
    expect(memory.alerts[KEY]).toMatchObject({ severity: 'warning', kinds: ['identity-unknown'], told: { by: 'message' } });
  });

  test('leaves an open alert of the same identity as it was', () => {
    const before = sweep(input([report([result('a.com', broken())])])).memory;
    const { plan, memory } = sweep(input([report([result('a.com', blind())])], { memory: before, now: at(2 * DAY) }));
    expect(events(plan)).toEqual(['opened']);
    expect(memory.alerts[BROKEN]).toEqual(before.alerts[BROKEN]);
    const back = sweep(input([report([result('a.com', broken())])], { memory, now: at(2 * DAY + HOUR) }));
    expect(events(back.plan)).toEqual(['reminder', 'recovered']);
    expect(Object.keys(back.memory.alerts)).toEqual([BROKEN]);
  });

  test('what SES says for certain has its own alert beside it', () => {
    const revoked = result('a.com', unknown(finding('revoked'), ...blind().findings));
    expect(Object.keys(sweep(input([report([revoked])])).memory.alerts).sort()).toEqual([BROKEN, KEY]);
  });

  test('a new identity is told, one that comes and goes is told once, and a reminder follows after a day', () => {
    const three = report([result('a.com', blind()), result('b.com', blind()), result('c.com', blind())]);
    let memory = opened();
    const heard: string[] = [];
    for (let i = 1; i <= 6; i += 1) {
      const done = sweep(input([i % 2 === 1 ? three : two], { memory, now: at(i * 300_000) }));
      heard.push(...events(done.plan));
      memory = done.memory;
    }
    expect(heard).toEqual(['changed']);
    expect(events(sweep(input([three], { memory, now: at(DAY + HOUR) })).plan)).toEqual(['reminder']);
  });

  test('other records of the same identity are no news', () => {
    const blindAbout = (...records: readonly string[]) =>
      report([
        result('a.com', unknown({ ...finding('identity-unknown', 'warning', records), facts: blind().findings[0]?.facts } as never)),
      ]);
    const { memory } = sweep(input([blindAbout('a')]));
    expect(events(sweep(input([blindAbout('b', 'c')], { memory, now: at(HOUR) })).plan)).toEqual([]);
  });

  test.each([
    ['healthy', healthy],
    ['broken', broken(finding('record-missing', 'warning'))],
  ])('ends when all of them can be judged: %s', (_name, diagnosis) => {
    const one = sweep(input([report([result('a.com', blind()), result('b.com', diagnosis)])], { memory: opened(), now: at(HOUR) }));
    expect(names(one.memory.alerts[KEY])).toEqual(['a.com']);
    const none = sweep(
      input([report([result('a.com', diagnosis), result('b.com', diagnosis)])], { memory: one.memory, now: at(2 * HOUR) }),
    );
    expect(events(none.plan)).toContain('recovered');
    expect(none.memory.alerts[KEY]).toBeUndefined();
  });

  const short = unknown();
  test.each([
    ['is unknown again, not yet for an hour', report([result('a.com', short), result('b.com')]), {}],
    [
      'could not be read',
      report([result('b.com')], { unread: [{ identity: 'a.com', type: 'domain', reason: 'throttled', detail: '' }] }),
      {},
    ],
    ['was not listed yet', report([result('b.com')], { inventoryComplete: false }), {}],
    ['is hidden by a target that cannot be read', report([result('a.com'), result('b.com')], { gap }), { targetFindings: [unreadable] }],
    ['is in a target of which nothing is known', report([], { gap, inventoryComplete: false }), { targetFindings: [unreadable] }],
  ] as const)('does not end while one of them %s', (_name, given, more) => {
    const before = opened();
    const { plan, memory } = sweep(input([given], { memory: before, now: at(2 * DAY), ...more }));
    expect(events(plan).filter((event) => event !== 'opened')).toEqual([]);
    expect(names(memory.alerts[KEY])).toContain('a.com');
    expect(memory.alerts[KEY]?.told).toEqual(before.alerts[KEY]?.told);
  });

  test('remembers who was not judged yet while another one keeps it open', () => {
    const unread = [{ identity: 'a.com', type: 'domain', reason: 'throttled', detail: '' }] as const;
    const one = sweep(input([report([result('b.com', blind())], { unread })], { memory: opened(), now: at(HOUR) }));
    expect([...names(one.memory.alerts[KEY])].sort()).toEqual(['a.com', 'b.com']);
    const two = sweep(input([report([result('b.com')], { unread })], { memory: one.memory, now: at(2 * HOUR) }));
    expect(events(two.plan)).toEqual([]);
    expect(events(sweep(input([report([result('a.com'), result('b.com')])], { memory: two.memory, now: at(3 * HOUR) })).plan)).toEqual([
      'recovered',
    ]);
  });

  test('expires with its target, and with its identities', () => {
    const other = { ...report([]), ...target('eu-west-1') };
    expect(reasons(sweep(input([other], { memory: opened() })).plan)).toEqual(['target-removed']);
    const { plan, memory } = sweep(input([report([result('c.com')])], { memory: opened() }));
    expect([events(plan), memory.alerts]).toEqual([['expired'], {}]);
  });

  test('is told although the target is unreadable, where DNS is judged by a snapshot; without one it is hidden', () => {
    const stale = report([result('a.com', blind())], { gap, inventoryComplete: false });
    expect(Object.keys(sweep(input([stale], { targetFindings: [unreadable] })).memory.alerts).sort()).toEqual([
      `${ACCOUNT}/us-east-1`,
      KEY,
    ]);
    const tooOld = report([result('a.com', unknown())], { gap, inventoryComplete: false });
    expect(Object.keys(sweep(input([tooOld], { targetFindings: [unreadable] })).memory.alerts)).toEqual([`${ACCOUNT}/us-east-1`]);
  });

  test.each([
    ['the identity', 'a.com', undefined, false],
    ['the kind', '*.com', ['identity-unknown'], false],
    ['the target', `${ACCOUNT}/us-east-1`, ['identity-unknown'], false],
    ['another kind only', 'a.com', ['record-missing'], true],
  ])('muted by %s', (_name, identity, kinds, told) => {
    const policy = { ...POLICY, mute: [{ identity, kinds }] };
    const one = report([result('a.com', blind())]);
    const { plan, memory } = sweep(input([one], { policy }));
    expect(events(plan)).toEqual(told ? ['opened'] : []);
    // Muted after it was told: nobody hears of its end either.
    const before = sweep(input([one])).memory;
    const end = sweep(input([report([result('a.com')])], { policy, memory: before, now: at(HOUR) }));
    expect(events(end.plan)).toEqual(told ? ['recovered'] : []);
    expect(memory.alerts[KEY]?.told !== undefined).toBe(told);
  });

  test('names no muted identity beside others', () => {
    const policy = { ...POLICY, mute: [{ identity: 'a.com' }] };
    expect(names(sweep(input([two], { policy })).memory.alerts[KEY])).toEqual(['b.com']);
  });

  test('is a warning: not told to those who want critical ones only', () => {
    expect(reasons(sweep(input([two], { policy: { ...POLICY, minimumSeverity: 'critical' } })).plan)).toEqual(['below-minimum-severity']);
  });
});

describe('many that cannot be judged', () => {
  const all = (region: string, n = 20) => ({
    ...report([...Array(n).keys()].map((i) => result(`d${i}.com`, blind(), { region, nameServers: [`ns${i}.net`, 'ns.host.net'] }))),
    ...target(region),
  });

  test('do not brake, and are not braked', () => {
    const { plan } = sweep(input([all('us-east-1')]));
    expect([plan.brake.held, plan.brake.newlyBroken, events(plan)]).toEqual([false, 0, ['opened']]);
    const lost = [...Array(9).keys()].map((i) => result(`lost${i}.com`, broken(), { zone: `lost${i}.com` }));
    const both = sweep(input([report([...lost, result('a.com', blind())])]));
    expect([both.plan.brake.held, events(both.plan)]).toEqual([true, ['opened']]);
  });

  test('in several targets are one message, apart from what broke', () => {
    const reports = [
      all('us-east-1'),
      all('eu-west-1'),
      { ...report([result('x.com', broken(), { region: 'sa-east-1' })]), ...target('sa-east-1') },
    ];
    const { plan, memory } = sweep(input(reports));
    expect(events(plan)).toEqual(['opened', 'many-at-once:opened']);
    const well = [report([...Array(20).keys()].map((i) => result(`d${i}.com`)))].map((r) => r.results);
    const ended = sweep(
      input(
        [
          report(well[0] ?? []),
          {
            ...report((well[0] ?? []).map((r) => ({ ...r, identity: { ...r.identity, ...target('eu-west-1') } }))),
            ...target('eu-west-1'),
          },
        ],
        { memory, now: at(HOUR) },
      ),
    );
    expect(events(ended.plan)).toContain('many-at-once:recovered');
  });

  test('say how many there are in all, and which name server they share', () => {
    const withMore = { ...all('us-east-1', 3), results: [...all('us-east-1', 3).results, result('well.com')] };
    const records = withMore.results.map((r) => ({ ...r, expectation: { kind: 'records' } as never }));
    const nothing = result('a@d0.com', healthy, { type: 'address' });
    const { plan } = sweep(input([{ ...withMore, results: [...records, nothing] }]));
    expect(plan.tellings[0]).toMatchObject({ kind: 'alert', watched: 4, sharedNameServers: ['ns.host.net'] });
  });

  test('wait for the first summary and are told in it', () => {
    const partial = { ...all('us-east-1', 2), inventoryComplete: false };
    const first = sweep(input([partial], { memory: EMPTY_ALERT_MEMORY }));
    expect([events(first.plan), reasons(first.plan)]).toEqual([[], ['waiting-for-first-summary']]);
    const second = planAlerts(input([all('us-east-1', 2)], { memory: first.memory, now: at(HOUR) }));
    expect(events(second)).toEqual(['first-sweep:opened']);
    const [telling] = second.tellings;
    expect(telling?.kind === 'summary' && telling.alerts.map(({ key }) => key)).toEqual([KEY]);
    expect(telling?.watched).toBe(0);
  });

  test('wait with a summary that the brake holds', () => {
    const mixed = report([result('a.com', blind()), result('b.com', broken())]);
    const first = sweep(input([mixed], { memory: EMPTY_ALERT_MEMORY, controlFailed: true }));
    expect([events(first.plan), new Set(reasons(first.plan))]).toEqual([[], new Set(['held-by-brake'])]);
    expect(events(sweep(input([mixed], { memory: first.memory, now: at(300_000) })).plan)).toEqual(['first-sweep:opened']);
  });
});

test('the finding of an hour ago is measured from the start of the sweep; a time that is none never counts', () => {
  expect(Object.keys(sweep(input([report([result('a.com', blind('never'))])])).memory.alerts)).toEqual([]);
  expect(START).toBe(at(0));
});
