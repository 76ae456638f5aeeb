import { type Decided, decide, type TellingContext } from '../../lambda/alerts/decide.ts';
import { markTold } from '../../lambda/alerts/told.ts';
import type { Alert, Belief } from '../../lambda/model/alert.ts';
import type { AlertPolicy } from '../../lambda/model/policy.ts';
import { ACCOUNT, at, brokenBelief, DAY, finding, HOUR, POLICY, START, target } from './build.ts';

const KEY = `${ACCOUNT}/us-east-1/example.com`;
const listening: TellingContext = { audience: 'confirmed', braked: false, summary: 'none' };
const healthy: Belief = { key: KEY, kind: 'healthy', panel: true, target: target() };
const quick: Belief = { ...healthy, panel: false };
const unknown: Belief = { key: KEY, kind: 'unknown', detail: 'dns-unanswered', target: target() };
const deleted: Belief = { key: KEY, kind: 'gone', why: 'identity-deleted', target: target() };
const removed: Belief = { key: KEY, kind: 'gone', why: 'target-removed', target: target() };

const must = (alert: Alert | undefined): Alert => {
  if (!alert) throw new Error('an alert was expected');
  return alert;
};
const untold = must(decide(undefined, brokenBelief(), listening, START, POLICY).next);
const told = markTold(untold, 'opened', { messageId: 'm1' }, START);
const warning = (): Belief => brokenBelief([finding('record-missing', 'warning')]);

interface Case {
  readonly name: string;
  readonly alert: Alert | undefined;
  readonly belief: Belief;
  readonly context?: Partial<TellingContext>;
  readonly now?: string;
  readonly policy?: Partial<AlertPolicy>;
  readonly says: string;
  /** What is left of the alert. */
  readonly leaves: 'nothing' | 'untold' | 'told' | 'closing';
}

const cases: readonly Case[] = [
  { name: 'new trouble', alert: undefined, belief: brokenBelief(), says: 'tell opened: new', leaves: 'untold' },
  { name: 'the same trouble a sweep later', alert: told, belief: brokenBelief(), says: 'quiet: already-told', leaves: 'told' },
  { name: 'untold trouble is told as opened', alert: untold, belief: brokenBelief(), says: 'tell opened: new', leaves: 'untold' },
  { name: 'a day later', alert: told, belief: brokenBelief(), now: at(DAY), says: 'tell reminder: remind-interval-passed', leaves: 'told' },
  { name: 'just before a day', alert: told, belief: brokenBelief(), now: at(DAY - 1), says: 'quiet: already-told', leaves: 'told' },
  {
    name: 'a clock that stepped back',
    alert: told,
    belief: brokenBelief(),
    now: at(-30 * DAY),
    says: 'quiet: already-told',
    leaves: 'told',
  },
  {
    name: 'no reminders wanted',
    alert: told,
    belief: brokenBelief(),
    now: at(DAY),
    policy: { remindEveryMs: 0 },
    says: 'quiet: already-told',
    leaves: 'told',
  },
  {
    name: 'another kind joins',
    alert: told,
    belief: brokenBelief([finding(), finding('signing-disabled', 'warning')]),
    says: 'tell changed: facts-changed',
    leaves: 'told',
  },
  {
    name: 'a notice joins',
    alert: told,
    belief: brokenBelief([finding(), finding('verification-pending', 'notice')]),
    says: 'quiet: already-told',
    leaves: 'told',
  },
  {
    name: 'another record of the same kind joins',
    alert: markTold(
      must(decide(undefined, brokenBelief([finding('record-missing', 'critical', ['a'])]), listening, START, POLICY).next),
      'opened',
      { messageId: 'm1' },
      START,
    ),
    belief: brokenBelief([finding('record-missing', 'critical', ['a', 'b'])]),
    says: 'tell changed: facts-changed',
    leaves: 'told',
  },
  { name: 'severity sinks', alert: told, belief: warning(), says: 'quiet: already-told', leaves: 'told' },
  {
    name: 'severity rises',
    alert: markTold(must(decide(undefined, warning(), listening, START, POLICY).next), 'opened', { messageId: 'm1' }, START),
    belief: brokenBelief(),
    says: 'tell changed: severity-raised',
    leaves: 'told',
  },
  { name: 'healthy by the panel', alert: told, belief: healthy, says: 'tell recovered: healthy-again', leaves: 'closing' },
  { name: 'healthy by one server only', alert: told, belief: quick, says: 'quiet: not-yet-panel-confirmed', leaves: 'told' },
  { name: 'healthy before anybody was told', alert: untold, belief: healthy, says: 'quiet: never-told', leaves: 'nothing' },
  { name: 'unknown', alert: told, belief: unknown, now: at(9 * DAY), says: 'quiet: unknown-changes-nothing', leaves: 'told' },
  { name: 'unknown without an alert', alert: undefined, belief: unknown, says: 'quiet: unknown-changes-nothing', leaves: 'nothing' },
  { name: 'identity deleted', alert: told, belief: deleted, says: 'tell expired: identity-deleted', leaves: 'closing' },
  { name: 'target left the configuration', alert: told, belief: removed, says: 'tell expired: target-removed', leaves: 'closing' },
  { name: 'gone before anybody was told', alert: untold, belief: deleted, says: 'quiet: never-told', leaves: 'nothing' },
  {
    name: 'below the minimum',
    alert: undefined,
    belief: warning(),
    policy: { minimumSeverity: 'critical' },
    says: 'quiet: below-minimum-severity',
    leaves: 'untold',
  },
  { name: 'muted', alert: undefined, belief: brokenBelief(undefined, { muted: true }), says: 'quiet: muted', leaves: 'untold' },
  {
    name: 'muted after it was told',
    alert: told,
    belief: brokenBelief(undefined, { muted: true }),
    now: at(2 * DAY),
    says: 'quiet: muted',
    leaves: 'told',
  },
  {
    name: 'recovered while muted',
    alert: told,
    belief: healthy,
    policy: { mute: [{ identity: 'example.com' }] },
    says: 'quiet: muted',
    leaves: 'nothing',
  },
  { name: 'the mute ended', alert: untold, belief: brokenBelief(), now: at(3 * HOUR), says: 'tell opened: new', leaves: 'untold' },
  {
    name: 'nobody confirmed',
    alert: undefined,
    belief: brokenBelief(),
    context: { audience: 'none' },
    says: 'quiet: nobody-confirmed',
    leaves: 'untold',
  },
  {
    name: 'nobody left to hear the end',
    alert: told,
    belief: healthy,
    context: { audience: 'none' },
    says: 'quiet: nobody-confirmed',
    leaves: 'closing',
  },
  {
    name: 'audience unknown',
    alert: undefined,
    belief: brokenBelief(),
    context: { audience: 'unknown' },
    says: 'quiet: audience-unknown',
    leaves: 'untold',
  },
  { name: 'braked', alert: undefined, belief: brokenBelief(), context: { braked: true }, says: 'quiet: held-by-brake', leaves: 'untold' },
  {
    name: 'a reminder is not braked',
    alert: told,
    belief: brokenBelief(),
    context: { braked: true },
    now: at(DAY),
    says: 'tell reminder: remind-interval-passed',
    leaves: 'told',
  },
  {
    name: 'before the first summary',
    alert: undefined,
    belief: brokenBelief(),
    context: { summary: 'waiting' },
    says: 'quiet: waiting-for-first-summary',
    leaves: 'untold',
  },
  {
    name: 'in the first summary',
    alert: undefined,
    belief: brokenBelief(),
    context: { summary: 'now' },
    says: 'tell opened: first-summary',
    leaves: 'untold',
  },
];

function said({ decision }: Decided): string {
  return decision.tell ? `tell ${decision.event}: ${decision.reason}` : `quiet: ${decision.reason}`;
}

function left({ next }: Decided): Case['leaves'] {
  if (next === undefined) return 'nothing';
  return next.closing ? 'closing' : next.told ? 'told' : 'untold';
}

describe('decide', () => {
  test.each(cases)('$name → $says', (c) => {
    const decided = decide(c.alert, c.belief, { ...listening, ...c.context }, c.now ?? at(5 * 60_000), { ...POLICY, ...c.policy });
    expect([said(decided), left(decided)]).toEqual([c.says, c.leaves]);
  });

  test('a recovery that could not be sent keeps the time of the recovery', () => {
    const first = decide(told, healthy, listening, at(HOUR), POLICY);
    const again = decide(first.next, healthy, listening, at(2 * HOUR), POLICY);
    expect(said(again)).toBe('tell recovered: healthy-again');
    expect(again.next?.closing?.at).toBe(at(HOUR));
  });

  test('broken again before its recovery was sent: it goes on as the alert that people know', () => {
    const closing = decide(told, healthy, listening, at(HOUR), POLICY);
    const again = decide(closing.next, brokenBelief(), listening, at(2 * HOUR), POLICY);
    expect(said(again)).toBe('quiet: already-told');
    expect(again.next?.closing).toBeUndefined();
    expect(again.next?.id).toBe(told.id);
  });

  test('swinging between two states tells each once', () => {
    const a = (): Belief => brokenBelief([finding('record-missing', 'critical')]);
    const b = (): Belief => brokenBelief([finding('nameservers-disagree', 'warning')]);
    let alert: Alert | undefined = told;
    const heard: string[] = [];
    for (let i = 1; i <= 8; i += 1) {
      const decided = decide(alert, i % 2 === 1 ? b() : a(), listening, at(i * 300_000), POLICY);
      alert = decided.next;
      if (decided.decision.event && alert) {
        heard.push(decided.decision.event);
        alert = markTold(alert, decided.decision.event, { messageId: `m${i}` }, at(i * 300_000));
      }
    }
    expect(heard).toEqual(['changed']);
  });
});
