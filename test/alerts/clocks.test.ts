// Escalations: once at each threshold before the nearest deadline, once when it has passed, and instead of that day's reminder.
import { clocksOf } from '../../lambda/alerts/clocks.ts';
import { decide, type TellingContext } from '../../lambda/alerts/decide.ts';
import { markTold } from '../../lambda/alerts/told.ts';
import type { Alert } from '../../lambda/model/alert.ts';
import type { Deadline, Finding } from '../../lambda/model/finding.ts';
import { at, brokenBelief, finding, HOUR, POLICY } from './build.ts';

const listening: TellingContext = { audience: 'confirmed', braked: false, summary: 'none' };
const deadline = (name: Deadline['name'], hours: number): Deadline => ({ name, at: at(hours * HOUR), estimated: true });
const dueIn = (...deadlines: readonly Deadline[]): Finding => ({ ...finding(), deadlines });
const LOST = [deadline('sending-lost', 72), deadline('signing-lost', 120)];

/** Plays one broken belief over hours; what is told, as `hour event threshold`. */
function play(hours: number, deadlines: (hour: number) => readonly Deadline[], step = 0.5, policy = POLICY): readonly string[] {
  let alert: Alert | undefined;
  const told: string[] = [];
  for (let hour = 0; hour <= hours; hour += step) {
    const now = at(hour * HOUR);
    const { next, decision } = decide(alert, brokenBelief([dueIn(...deadlines(hour))]), listening, now, policy);
    alert = next;
    if (next === undefined || decision.event === undefined) continue;
    told.push(`${hour} ${decision.event}${decision.clock === undefined ? '' : ` ${decision.clock.name} ${decision.clock.within}`}`);
    alert = markTold(next, decision.event, { messageId: `m${hour}` }, now, { reason: decision.reason });
  }
  return told;
}

test('a lost record is told at each threshold of its nearest deadline, and reminders keep away from them', () => {
  expect(play(150, () => LOST)).toEqual([
    '0 opened',
    '24 escalated sending-lost 48',
    '48 escalated sending-lost 24',
    '66 escalated sending-lost 6',
    '72 escalated sending-lost 0',
    '96 escalated signing-lost 24',
    '114 escalated signing-lost 6',
    '120 escalated signing-lost 0',
    '144 reminder',
  ]);
});

test.each<readonly [string, (hour: number) => readonly Deadline[], readonly string[]]>([
  ['no deadline: reminders only', () => [], ['0 opened', '24 reminder', '48 reminder']],
  [
    'opened when it is near: the first message tells it',
    () => [deadline('signing-lost', 20)],
    ['0 opened', '14 escalated signing-lost 6', '20 escalated signing-lost 0', '44 reminder'],
  ],
  ['passed before anybody was told', () => [deadline('signing-lost', -5)], ['0 opened', '24 reminder', '48 reminder']],
  [
    'a deadline appears later, and near',
    (hour) => (hour < 10 ? [] : [deadline('signing-lost', 50)]),
    [
      '0 opened',
      '10 escalated signing-lost 48',
      '26 escalated signing-lost 24',
      '44 escalated signing-lost 6',
      '50 escalated signing-lost 0',
    ],
  ],
  [
    'some minutes of difference are the same deadline',
    (hour) => [deadline('signing-lost', 30 + (hour % 2) / 4)],
    ['0 opened', '6 escalated signing-lost 24', '24 escalated signing-lost 6', '30 escalated signing-lost 0'],
  ],
])('%s', (_, deadlines, expected) => {
  expect(play(50, deadlines)).toEqual(expected);
});

test('thresholds of the configuration count, in any order', () => {
  const policy = { ...POLICY, escalateBeforeMs: [2 * HOUR, 10 * HOUR], remindEveryMs: 0 };
  expect(play(40, () => [deadline('signing-lost', 30)], 0.5, policy)).toEqual([
    '0 opened',
    '20 escalated signing-lost 10',
    '28 escalated signing-lost 2',
    '30 escalated signing-lost 0',
  ]);
});

test('of several findings the earliest deadline of each name counts, and notices count nothing', () => {
  const belief = brokenBelief();
  const [identity] = belief.kind === 'broken' ? belief.affected : [];
  if (identity === undefined) throw new Error('an identity was expected');
  const early = dueIn(deadline('signing-lost', 5));
  const late = dueIn(deadline('signing-lost', 50), deadline('sending-lost', 3));
  const notice: Finding = { ...dueIn(deadline('sending-lost', 1)), severity: 'notice' };
  const clocks = (findings: readonly Finding[]) => clocksOf({ affected: findings.map((f) => ({ ...identity, findings: [f] })) });
  expect(clocks([late, early, notice]).map(({ name, at: when }) => [name, when])).toEqual([
    ['sending-lost', at(3 * HOUR)],
    ['signing-lost', at(5 * HOUR)],
  ]);
  expect(clocks([dueIn({ name: 'signing-lost', at: 'soon', estimated: true })])).toEqual([]);
});

test('a clock that stepped back tells nothing twice', () => {
  const one = (alert: Alert | undefined, hour: number) => decide(alert, brokenBelief([dueIn(...LOST)]), listening, at(hour * HOUR), POLICY);
  const opened = one(undefined, 0).next;
  if (opened === undefined) throw new Error('an alert was expected');
  const told = markTold(opened, 'escalated', { messageId: 'm' }, at(70 * HOUR));
  for (const hour of [69, 50, 30, 2, -100]) expect(one(told, hour).decision).toMatchObject({ tell: false });
});
