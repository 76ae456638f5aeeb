// Which messages one sweep sends: one an alert, or one for many that have the same event.
import { type Alert, type AlertEvent, type Belief, type Decision, isUnjudgedKey } from '../model/alert.ts';
import { compareSeverity } from '../model/finding.ts';
import type { Telling } from '../model/telling.ts';
import { compareText } from './facts.ts';
import { manyAlertId, messageId, summaryMessageId } from './fingerprint.ts';
import { shared } from './group.ts';
import { watchedIn } from './unjudged.ts';

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

/**
 * The messages of everything that is due besides the first summary: one an alert, or one for many with the same event; worst first.
 * What cannot be judged has one message for all targets. `watched` counts identities with records by target.
 */
export function alertTellings(told: readonly Due[], watched: ReadonlyMap<string, number>): readonly Telling[] {
  const due = told.filter((t) => t.decision.reason !== 'first-summary');
  const tellings = EVENT_ORDER.flatMap((event) => {
    const same = due.filter((t) => t.event === event);
    const broken = same.filter((t) => !isUnjudgedKey(t.alert.key));
    const unjudged = same.filter((t) => isUnjudgedKey(t.alert.key));
    const all = watchedIn(
      watched,
      unjudged.map((t) => t.alert),
    );
    return [...together(event, broken, MANY), ...together(event, unjudged, 1).map((telling) => ({ ...telling, watched: all }))];
  });
  // The sort is stable: among equally severe ones the order of events stands.
  return tellings.sort((a, b) => {
    const [x, y] = [worstOf(a), worstOf(b)];
    return x === undefined || y === undefined ? 0 : compareSeverity(y.severity, x.severity);
  });
}

// One message each, or one for all if there are more than `most`.
function together(event: AlertEvent, same: readonly Due[], most: number): readonly Telling[] {
  if (same.length <= most)
    return same.map((due) => ({
      kind: 'alert',
      event,
      reason: due.decision.reason,
      alert: due.alert,
      messageId: messageId(due.alert, event),
      ...(due.alert.affected.length > 1 ? sharedBy([due.belief]) : {}),
    }));
  const alerts = same.map((t) => t.alert).sort(worstFirst);
  const alertId = manyAlertId(event, alerts);
  const shared = sharedBy(same.map((t) => t.belief));
  return [
    {
      kind: 'summary',
      occasion: 'many-at-once',
      event,
      alertId,
      messageId: summaryMessageId(alertId, event, alerts),
      alerts,
      targets: [],
      ...shared,
    },
  ];
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
  const servers = shared(beliefs.map((b) => (b.kind === 'broken' ? (b.nameServers ?? []) : [])));
  return servers.length > 0 ? { sharedNameServers: servers } : {};
}
