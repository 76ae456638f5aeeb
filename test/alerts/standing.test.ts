// Why each alert is quiet: the same reason as the next sweep gives that sees the same, and when that ends.
import { planAlerts } from '../../lambda/alerts/plan.ts';
import { closedStandings, type Outlook, standings } from '../../lambda/alerts/standing.ts';
import type { AlertMemory } from '../../lambda/model/alert.ts';
import type { Finding } from '../../lambda/model/finding.ts';
import type { AlertPolicy } from '../../lambda/model/policy.ts';
import type { TargetReport } from '../../lambda/model/report.ts';
import type { Standing } from '../../lambda/model/standing.ts';
import {
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

const NAME = 'shop.example';
const lost = (more: Partial<Finding> = {}): TargetReport =>
  report([result(NAME, broken({ ...finding(), ...more } as Finding)), result('b.example')]);
const LISTENING: Outlook = { audience: 'assumed', diagnosisOf: () => undefined };

/** The memory after one sweep in which the record was lost, and told. */
const told = (policy: AlertPolicy = POLICY, given = lost()): AlertMemory => sweep(input([given], { policy })).memory;

function only(memory: AlertMemory, now: string, policy: AlertPolicy = POLICY, outlook: Outlook = LISTENING): Standing {
  const all = standings(memory, policy, now, outlook);
  expect(all).toHaveLength(1);
  return all[0] as Standing;
}

const untold: AlertMemory = planAlerts(input([lost()], { memory: { ...introduced(target()) } })).memoryBefore;
const muting: AlertPolicy = { ...POLICY, mute: [{ identity: NAME, until: '2026-12-01' }] };
const strict: AlertPolicy = { ...POLICY, minimumSeverity: 'critical' };
const near = lost({ deadlines: [{ name: 'signing-lost', at: at(5 * DAY), estimated: true }] });

interface Case {
  readonly memory: AlertMemory;
  readonly policy?: AlertPolicy;
  readonly reports?: readonly TargetReport[];
  readonly now?: number;
  readonly expect: { readonly reason: string; readonly until?: string | undefined; readonly counts: boolean; readonly event?: string };
  readonly confirmed?: number;
}
const CASES: Readonly<Record<string, Case>> = {
  'told before': { memory: told(), expect: { reason: 'already-told', until: at(DAY), counts: true } },
  'a reminder is due': { memory: told(), now: DAY, expect: { reason: 'remind-interval-passed', event: 'reminder', counts: true } },
  'nobody was told yet': { memory: untold, expect: { reason: 'new', event: 'opened', counts: true } },
  'nobody has confirmed': { memory: untold, confirmed: 0, expect: { reason: 'nobody-confirmed', counts: true } },
  muted: { memory: told(), policy: muting, expect: { reason: 'muted', until: '2026-12-01T00:00:00.000Z', counts: false } },
  'below the minimum': {
    memory: told(POLICY, lost({ severity: 'warning' })),
    reports: [lost({ severity: 'warning' })],
    policy: strict,
    expect: { reason: 'below-minimum-severity', counts: false },
  },
  'the first summary is to come': {
    memory: { ...untold, introduced: {} },
    reports: [{ ...lost(), inventoryComplete: false }],
    expect: { reason: 'waiting-for-first-summary', counts: true },
  },
  'an escalation comes before the reminder': {
    memory: told(POLICY, near),
    reports: [near],
    now: HOUR,
    expect: { reason: 'already-told', until: at(DAY), counts: true },
  },
};
test.each(Object.entries(CASES))(
  '%s: as the next sweep decides',
  (_title, { memory, policy = POLICY, reports = [lost()], now = HOUR, confirmed = 1, expect: wanted }) => {
    const audience = confirmed === 0 ? 'none' : 'assumed';
    const standing = only(memory, at(now), policy, { ...LISTENING, audience });
    expect(standing).toMatchObject(wanted);
    expect(standing.event).toBe(wanted.event);
    const next = planAlerts(input(reports, { memory, policy, now: at(now), audience: { kind: 'known', confirmed } }));
    expect(next.decisions.map(({ reason }) => reason)).toEqual([standing.reason]);
  },
);

test('held by the brake: it is told by the next sweep, so it says that it was held', () => {
  expect(only({ ...untold, brakedLastSweep: true }, at(HOUR))).toMatchObject({ reason: 'held-by-brake', counts: true });
});

test('the first summary is due: it is told with it, if somebody listens', () => {
  const fresh = { ...untold, introduced: {} };
  const listed: Outlook = { ...LISTENING, listed: new Set(['111111111111/us-east-1']) };
  expect(only(fresh, at(HOUR), POLICY, listed)).toMatchObject({ reason: 'first-summary', event: 'opened' });
  expect(only(fresh, at(HOUR), POLICY, { ...listed, audience: 'none' }).reason).toBe('nobody-confirmed');
});

test('what the last sweep could not judge, or saw well by some only', () => {
  const seen = (diagnosis: 'healthy' | 'unknown'): Outlook => ({ ...LISTENING, lastSweepAt: at(HOUR), diagnosisOf: () => diagnosis });
  expect(only(told(), at(HOUR), POLICY, seen('unknown')).reason).toBe('unknown-changes-nothing');
  expect(only(told(), at(HOUR), POLICY, seen('healthy')).reason).toBe('not-yet-panel-confirmed');
  const blind = planAlerts(input([report([result(NAME, unknown())])], { memory: told(), now: at(HOUR) }));
  expect(blind.decisions.map(({ reason }) => reason)).toEqual(['unknown-changes-nothing']);
});

test('it came back and is well again: quiet until it has lasted', () => {
  const well = (memory: AlertMemory, ms: number): AlertMemory =>
    sweep(input([report([result(NAME, healthy)])], { memory, now: at(ms) })).memory;
  const back = sweep(input([lost()], { memory: well(told(), HOUR), now: at(2 * HOUR) })).memory;
  const held = well(back, 3 * HOUR);
  expect(only(held, at(3 * HOUR))).toMatchObject({ reason: 'hold-down', until: at(4 * HOUR), counts: true });
});

test('over, and the message could not be sent', () => {
  const over = planAlerts(input([report([result(NAME, healthy)])], { memory: told(), now: at(HOUR) })).memoryBefore;
  expect(only(over, at(HOUR))).toMatchObject({ reason: 'publish-failed', event: 'recovered', counts: false });
  expect(only(over, at(HOUR), POLICY, { ...LISTENING, audience: 'none' }).reason).toBe('nobody-confirmed');
});

test('closed ones for a day, the latest first', () => {
  const memory = { ...told(), closed: { a: { id: '1', closedAt: START, reopened: 0 }, b: { id: '2', closedAt: at(HOUR), reopened: 1 } } };
  expect(closedStandings(memory, at(2 * HOUR)).map(({ key }) => key)).toEqual(['b', 'a']);
  expect(closedStandings(memory, at(DAY)).map(({ key }) => key)).toEqual(['b']);
});

test('worst first, then the nearest deadline; what does not count comes last', () => {
  const soon = (name: string, ms: number) =>
    result(name, broken({ ...finding(), deadlines: [{ name: 'signing-lost', at: at(ms), estimated: true }] } as Finding));
  const reports = [
    report([
      result('warn.example', broken(finding('key-weak', 'warning'))),
      soon('late.example', 3 * DAY),
      soon('soon.example', 2 * DAY),
      soon('quiet.example', DAY),
    ]),
  ];
  const policy = { ...POLICY, mute: [{ identity: 'quiet.example' }] };
  const { memory } = sweep(input(reports, { policy }));
  const all = standings(memory, policy, at(HOUR), LISTENING);
  expect(all.map(({ alert }) => alert.key.split('/')[2])).toEqual(['soon.example', 'late.example', 'warn.example', 'quiet.example']);
  expect(all.map(({ deadline }) => deadline?.at)).toEqual([at(2 * DAY), at(3 * DAY), undefined, at(DAY)]);
  expect(all[3]?.until).toBeUndefined();
});

test('a part of it is muted: it counts by the rest', () => {
  const both = report([result(NAME, broken(finding(), finding('key-weak', 'warning')))]);
  const { memory } = sweep(input([both]));
  const policy: AlertPolicy = { ...POLICY, mute: [{ identity: NAME, kinds: ['record-missing'] }] };
  expect(only(memory, at(HOUR), policy)).toMatchObject({ severity: 'warning', counts: true, mutes: policy.mute });
});
