// Which messages one sweep sends: one an alert, or one for many that have the same event.
import type { Alert, AlertEvent, Belief, Decision } from '../model/alert.ts';
import { compareSeverity } from '../model/finding.ts';
import type { Telling } from '../model/telling.ts';
import { compareText } from './facts.ts';
import { manyAlertId, messageId, summaryMessageId } from './fingerprint.ts';

/** More alerts than this with the same event in one sweep are told in one message: a hundred mails at once are read by nobody. */
export const MANY = 10;

/** An alert that is to be told, and what it follows from. */
export interface Due {
  readonly alert: Alert;
  readonly event: AlertEvent;
  readonly decision: Decision;
  readonly belief: Belief;
}

const EVENT_ORDER: readonly AlertEvent[] = ['opened', 'reopened', 'escalated', 'changed', 'reminder', 'recovered', 'expired'];

/** The messages of everything that is due besides the first summary: one an alert, or one for many with the same event; worst first. */
export function alertTellings(told: readonly Due[]): readonly Telling[] {
  const tellings: Telling[] = [];
  for (const event of EVENT_ORDER) {
    const same = told.filter((t) => t.event === event && t.decision.reason !== 'first-summary');
    if (same.length > MANY) {
      const alerts = same.map((t) => t.alert).sort(worstFirst);
      const id = manyAlertId(event, alerts);
      tellings.push({
        kind: 'summary',
        occasion: 'many-at-once',
        event,
        alertId: id,
        messageId: summaryMessageId(id, event, alerts),
        alerts,
        targets: [],
        ...sharedBy(same.map((t) => t.belief)),
      });
      continue;
    }
    for (const { alert, decision } of same)
      tellings.push({ kind: 'alert', event, reason: decision.reason, alert, messageId: messageId(alert, event) });
  }
  // The sort is stable: among equally severe ones the order of events stands.
  return tellings.sort((a, b) => {
    const [x, y] = [worstOf(a), worstOf(b)];
    return x === undefined || y === undefined ? 0 : compareSeverity(y.severity, x.severity);
  });
}

function worstOf(telling: Telling): Alert | undefined {
  return telling.kind === 'alert' ? telling.alert : telling.alerts[0];
}

/** Order of alerts in a message. */
export function worstFirst(a: Alert, b: Alert): number {
  return compareSeverity(b.severity, a.severity) || b.affected.length - a.affected.length || compareText(a.key, b.key);
}

// What all of them have in common: the first thing to look at.
function sharedBy(beliefs: readonly Belief[]): { readonly sharedNameServers?: readonly string[] } {
  const broken = beliefs.filter((b) => b.kind === 'broken');
  const [first, ...rest] = broken.map((b) => b.nameServers ?? []);
  if (first === undefined || broken.length < beliefs.length) return {};
  const sets = rest.map((servers) => new Set(servers));
  const shared = first.filter((server) => sets.every((set) => set.has(server)));
  return shared.length > 0 ? { sharedNameServers: shared } : {};
}
