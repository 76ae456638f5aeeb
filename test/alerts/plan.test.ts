import { planAlerts } from '../../lambda/alerts/plan.ts';
import { applyTold } from '../../lambda/alerts/told.ts';
import { EMPTY_ALERT_MEMORY } from '../../lambda/model/alert.ts';
import type { FindingKind } from '../../lambda/model/finding.ts';
import type { TargetReport } from '../../lambda/model/report.ts';
import {
  ACCOUNT,
  at,
  broken,
  DAY,
  events,
  finding,
  HOUR,
  healthy,
  input,
  introduced,
  POLICY,
  reasons,
  report,
  result,
  START,
  sweep,
  target,
  unknown,
} from './build.ts';

const KEY = `${ACCOUNT}/us-east-1`;
const fresh = { memory: EMPTY_ALERT_MEMORY };
const unreadable = { targets: [target()], finding: finding('target-unreadable', 'warning') };

describe('the first summary', () => {
  const mixed = report([
    result('a.com'),
    result('b.com', broken(finding('record-missing', 'warning'))),
    result('c.com', broken()),
    result('d.com', unknown()),
  ]);

  test('counts each target and tells its broken identities, worst first, in one message', () => {
    const other = { ...report([result('e.com', healthy, { region: 'eu-west-1' })]), ...target('eu-west-1') };
    const { plan, memory } = sweep(input([mixed, other], fresh));
    expect(events(plan)).toEqual(['first-sweep:opened']);
    const [telling] = plan.tellings;
    if (telling?.kind !== 'summary') throw new Error('a summary was expected');
    expect(telling.targets.map(({ region, healthy: h, broken: b, unknown: u }) => [region, h, b, u])).toEqual([
      ['us-east-1', 1, 2, 1],
      ['eu-west-1', 1, 0, 0],
    ]);
    expect(telling.alerts.map((a) => a.key)).toEqual([`${KEY}/c.com`, `${KEY}/b.com`]);
    expect(Object.values(memory.alerts).map((a) => a.told?.by)).toEqual(['summary', 'summary']);
    expect(Object.keys(memory.introduced)).toEqual([KEY, `${ACCOUNT}/eu-west-1`]);
  });

  test('is sent once, also if all is well', () => {
    const first = sweep(input([report([result('a.com')])], fresh));
    expect(events(first.plan)).toEqual(['first-sweep:opened']);
    const second = sweep(input([report([result('a.com')])], { memory: first.memory, now: at(HOUR) }));
    expect(events(second.plan)).toEqual([]);
  });

  test('waits for the end of the listing, six hours at most; alerts wait with it', () => {
    const partial = report([result('c.com', broken())], { inventoryComplete: false });
    const first = sweep(input([partial], fresh));
    expect([events(first.plan), reasons(first.plan)]).toEqual([[], ['waiting-for-first-summary']]);
    const later = sweep(input([partial], { memory: first.memory, now: at(6 * HOUR - 1) }));
    expect(events(later.plan)).toEqual([]);
    const back = sweep(input([partial], { memory: later.memory, now: at(-DAY) }));
    expect(events(back.plan)).toEqual([]);
    const last = sweep(input([partial], { memory: back.memory, now: at(6 * HOUR) }));
    expect(events(last.plan)).toEqual(['first-sweep:opened']);
  });

  test('an unreadable target is told as that, and summed up once it can be read', () => {
    const first = sweep(input([report([], { gap: { reason: 'denied', detail: '' } })], { ...fresh, targetFindings: [unreadable] }));
    expect(events(first.plan)).toEqual(['opened']);
    const second = sweep(input([mixed], { memory: first.memory, now: at(HOUR) }));
    expect(events(second.plan)).toEqual(['first-sweep:opened', 'recovered']);
  });

  test('says which targets could not be read, and does not introduce those', () => {
    const gap = { reason: 'role-refused', detail: 'The role refused.' } as const;
    const regions = ['us-east-1', 'eu-west-1', 'us-west-2'];
    const read = regions.map((region) => ({ ...report([result('a.com', healthy, { region })]), ...target(region) }));
    const refused = regions.map((region) => ({ ...report([], { gap, inventoryComplete: false }), ...target(region, '222222222222') }));
    const targetFindings = refused.map((r) => ({ targets: [r], finding: finding('target-unreadable', 'warning') }));
    const first = sweep(input([...read, ...refused], { ...fresh, targetFindings }));
    expect(first.plan.tellings[0]).toMatchObject({
      occasion: 'first-sweep',
      targets: regions.map((region) => ({ account: ACCOUNT, region, healthy: 1 })),
      unreadable: regions.map((region) => ({ account: '222222222222', region, ...gap })),
    });
    expect(Object.keys(first.memory.introduced)).toEqual(regions.map((region) => `${ACCOUNT}/${region}`));
    const others = refused.slice(1);
    const readable = { ...report([result('b.com', healthy, { account: '222222222222' })]), ...target('us-east-1', '222222222222') };
    const second = sweep(
      input([...read, readable, ...others], { memory: first.memory, targetFindings: targetFindings.slice(1), now: at(HOUR) }),
    );
    const [telling] = second.plan.tellings;
    expect(telling?.kind === 'summary' && [telling.targets.length, telling.unreadable?.length]).toEqual([1, 2]);
  });

  test('is silent about unreadable targets that are muted, or were introduced before', () => {
    const gap = { reason: 'denied', detail: '' } as const;
    const stale = report([], { gap, inventoryComplete: false });
    const added = { ...report([result('e.com', healthy, { region: 'eu-west-1' })]), ...target('eu-west-1') };
    const mute = [{ identity: KEY, kinds: ['target-unreadable'] }];
    for (const more of [{ ...fresh, policy: { ...POLICY, mute } }, { memory: introduced(target()) }]) {
      const [telling] = planAlerts(input([stale, added], { ...more, targetFindings: [unreadable] })).tellings;
      expect(telling).toMatchObject({ occasion: 'first-sweep' });
      expect(telling?.kind === 'summary' && telling.unreadable).toBeUndefined();
    }
  });

  test('a target unreadable for six hours is summed up from what is known, a region that is off never', () => {
    const stale = report([result('c.com', broken())], { inventoryComplete: false, gap: { reason: 'denied', detail: '' } });
    const off = { ...report([], { inventoryComplete: false }), ...target('ap-south-2') };
    const first = sweep(input([stale, off], { ...fresh, targetFindings: [unreadable] }));
    expect([events(first.plan), reasons(first.plan)]).toEqual([['opened'], ['new', 'waiting-for-first-summary']]);
    const later = sweep(input([stale, off], { memory: first.memory, targetFindings: [unreadable], now: at(7 * HOUR) }));
    expect(events(later.plan)).toEqual(['first-sweep:opened']);
    expect(Object.keys(later.memory.introduced)).toEqual([KEY]);
  });

  test('waits for somebody to listen, and goes out at the first confirmation', () => {
    const nobody = { audience: { kind: 'known', confirmed: 0 } } as const;
    const first = sweep(input([mixed], { ...fresh, ...nobody }));
    expect([events(first.plan), new Set(reasons(first.plan))]).toEqual([[], new Set(['nobody-confirmed'])]);
    expect(first.memory.introduced).toEqual({});
    const second = sweep(input([mixed], { memory: first.memory, now: at(HOUR) }));
    expect(events(second.plan)).toEqual(['first-sweep:opened']);
    const unknowable = sweep(input([mixed], { ...fresh, audience: { kind: 'unknown' } }));
    expect([events(unknowable.plan), new Set(reasons(unknowable.plan))]).toEqual([[], new Set(['audience-unknown'])]);
  });

  test('a muted identity is counted apart', () => {
    const policy = { ...POLICY, mute: [{ identity: 'c.com' }] };
    const [telling] = planAlerts(input([mixed], { ...fresh, policy })).tellings;
    expect(telling?.kind === 'summary' && telling.targets[0]).toMatchObject({ broken: 1, muted: 1 });
    expect(telling?.kind === 'summary' && telling.alerts.map((a) => a.key)).toEqual([`${KEY}/b.com`]);
  });

  test('a target added later gets its own, and the others go on as they were', () => {
    const first = sweep(input([report([result('a.com')])], fresh));
    const added = { ...report([result('e.com', broken(), { region: 'eu-west-1' })]), ...target('eu-west-1') };
    const second = sweep(input([report([result('a.com', broken())]), added], { memory: first.memory, now: at(HOUR) }));
    expect(events(second.plan)).toEqual(['first-sweep:opened', 'opened']);
  });

  test('a target that comes back to the configuration is introduced again', () => {
    const first = sweep(input([report([result('a.com')])], fresh));
    const other = { ...report([]), ...target('eu-west-1') };
    const without = sweep(input([other], { memory: first.memory }));
    expect(Object.keys(without.memory.firstSeen)).toEqual([`${ACCOUNT}/eu-west-1`]);
    const back = sweep(input([report([result('a.com')]), other], { memory: without.memory }));
    expect(events(back.plan)).toEqual(['first-sweep:opened']);
  });
});

describe('a life', () => {
  const week: readonly [string, number, TargetReport, readonly string[]][] = [
    ['well', 0, report([result('a.com')]), []],
    ['record deleted', HOUR, report([result('a.com', broken())]), ['opened']],
    ['still gone', 2 * HOUR, report([result('a.com', broken())]), []],
    ['servers silent', 3 * HOUR, report([result('a.com', unknown())]), []],
    ['a day on', HOUR + DAY, report([result('a.com', broken())]), ['reminder']],
    ['signing off as well', 26 * HOUR, report([result('a.com', broken(finding(), finding('signing-disabled')))]), ['changed']],
    ['one server has it again', 27 * HOUR, report([result('a.com', healthy, { panel: false })]), []],
    ['put back', 28 * HOUR, report([result('a.com')]), ['recovered']],
    ['well', 29 * HOUR, report([result('a.com')]), []],
    ['deleted again', 30 * HOUR, report([result('a.com', broken())]), ['reopened']],
    ['identity deleted', 31 * HOUR, report([]), ['expired']],
    ['nothing left', 32 * HOUR, report([]), []],
  ];

  test('from end to end', () => {
    let { memory } = input([report([])]);
    const ids = new Set<string>();
    for (const [name, ms, given, expected] of week) {
      const done = sweep(input([given], { memory, now: at(ms) }));
      expect([name, events(done.plan)]).toEqual([name, expected]);
      for (const t of done.plan.tellings) ids.add(t.messageId);
      memory = done.memory;
    }
    expect(ids.size).toBe(6);
    expect(memory.alerts).toEqual({});
  });

  test('a message that could not be published is tried again under the same id', () => {
    const gone = report([result('a.com', broken())]);
    const first = planAlerts(input([gone]));
    const second = planAlerts(input([gone], { memory: first.memoryBefore, now: at(300_000) }));
    expect(events(second)).toEqual(['opened']);
    expect(second.tellings[0]?.messageId).toBe(first.tellings[0]?.messageId);
  });

  test('a recovery that could not be published is tried again under the same id', () => {
    const { memory } = sweep(input([report([result('a.com', broken())])]));
    const well = [report([result('a.com')])];
    const first = planAlerts(input(well, { memory, now: at(HOUR) }));
    const second = planAlerts(input(well, { memory: first.memoryBefore, now: at(2 * HOUR) }));
    expect([events(first), events(second)]).toEqual([['recovered'], ['recovered']]);
    expect(second.tellings[0]?.messageId).toBe(first.tellings[0]?.messageId);
  });

  test('every reminder has an id of its own', () => {
    const gone = report([result('a.com', broken())]);
    let { memory } = input([gone]);
    const ids = [0, 1, 2, 3].map((day) => {
      const done = sweep(input([gone], { memory, now: at(day * DAY) }));
      memory = done.memory;
      return done.plan.tellings[0]?.messageId;
    });
    expect(new Set(ids).size).toBe(4);
    expect(ids).not.toContain(undefined);
  });

  test('the message has the evidence, the memory has not', () => {
    const { tellings, memoryBefore } = planAlerts(input([report([result('a.com', broken())])]));
    const [telling] = tellings;
    expect(telling?.kind === 'alert' && telling.alert.affected[0]?.findings[0]?.evidence).toHaveLength(1);
    expect(memoryBefore.alerts[`${KEY}/a.com`]?.affected[0]?.findings[0]?.evidence).toEqual([]);
  });

  test('since when a target is unreadable is kept, and forgotten when it is readable', () => {
    const first = sweep(input([report([])], { targetFindings: [unreadable] }));
    const second = sweep(input([report([])], { targetFindings: [unreadable], memory: first.memory, now: at(HOUR) }));
    expect(second.memory.unreadableSince).toEqual({ [KEY]: START });
    expect(sweep(input([report([])], { memory: second.memory })).memory.unreadableSince).toEqual({});
  });
});

describe('many at once', () => {
  const bad = (n: number, kind: FindingKind = 'record-missing') =>
    report([...Array(n).keys()].map((i) => result(`d${i}.com`, broken(finding(kind)), { zone: `d${i}.com` })));
  const unbraked = (n: number) => ({ ...input([bad(n)]).memory, brakedLastSweep: true });

  test('ten without a common cause are told one by one, eleven in one message, and from then on they are one alert', () => {
    expect(events(sweep(input([bad(10)], { memory: unbraked(10) })).plan)).toEqual(Array(10).fill('opened'));
    const { plan, memory } = sweep(input([bad(11)], { memory: unbraked(11) }));
    expect(events(plan)).toEqual(['one-cause:opened']);
    expect(Object.values(memory.alerts).map((a) => [a.cause?.by, a.affected.length, a.told !== undefined])).toEqual([
      ['several', 11, true],
    ]);
    const well = sweep(input([report([...Array(11).keys()].map((i) => result(`d${i}.com`)))], { memory, now: at(HOUR) }));
    expect(events(well.plan)).toEqual(['one-cause:recovered']);
    expect(well.memory.alerts).toEqual({});
  });

  test('what all of them have in common is named', () => {
    const served = (i: number) => ({ zone: `d${i}.com`, nameServers: ['ns1.host.net', `ns${i}.host.net`] });
    const given = report([...Array(11).keys()].map((i) => result(`d${i}.com`, broken(), served(i))));
    const { plan } = sweep(input([given], { memory: unbraked(11) }));
    const [telling] = plan.tellings;
    expect(telling?.kind === 'summary' && telling.sharedNameServers).toEqual(['ns1.host.net']);
    expect(telling?.kind === 'summary' && telling.group?.alert.cause).toEqual({
      by: 'provider',
      names: ['host.net'],
      kind: 'record-missing',
    });
    const [apart] = sweep(input([bad(11)], { memory: unbraked(11) })).plan.tellings;
    expect(apart?.kind === 'summary' && apart.sharedNameServers).toBeUndefined();
  });

  test('worst first', () => {
    const { memory } = sweep(
      input([report([result('old.com', broken()), result('mild.com', broken(finding('record-missing', 'warning')))])]),
    );
    const next = report([
      result('new.com', broken(finding('revoked', 'warning'))),
      result('worse.com', broken()),
      result('old.com', broken()),
      result('mild.com', broken()),
    ]);
    const { plan } = sweep(input([next], { memory, now: at(DAY) }));
    expect(plan.tellings.map((t) => (t.kind === 'alert' ? `${t.alert.severity} ${t.event}` : t.kind))).toEqual([
      'critical opened',
      'critical changed',
      'critical reminder',
      'warning opened',
    ]);
  });
});

test('applyTold leaves another life of the same key alone', () => {
  const plan = planAlerts(input([report([result('a.com', broken())])]));
  const [telling] = plan.tellings;
  if (telling?.kind !== 'alert') throw new Error('an alert was expected');
  const stale = { ...telling, alert: { ...telling.alert, id: 'another' } };
  expect(applyTold(plan.memoryBefore, stale, stale, START)).toEqual(plan.memoryBefore);
});
