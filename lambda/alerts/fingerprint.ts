// Ids of alerts and messages, computed from what they are about: whoever repeats a message after a crash gives it the same id.
import { createHash } from 'node:crypto';
import type { Alert, AlertEvent, Cause } from '../model/alert.ts';
import { compareText, pointsOf } from './facts.ts';

// 20 hex digits are 80 bits: enough that no two alerts of one deployment meet, short enough to read aloud.
const DIGITS = 20;

// JSON keeps the parts apart, whatever bytes they hold.
function digest(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, DIGITS);
}

/** The id of one life of an alert: the same key opened again later gets another id. `openedAt` is ISO 8601 UTC. */
export function alertId(key: string, openedAt: string): string {
  return digest(['alert', key, openedAt]);
}

/**
 * The id of a message about one alert. It depends on the event, on the facts and severity told, and on the message told before it:
 * two reminders differ, the retry of one does not.
 */
export function messageId(alert: Alert, event: AlertEvent): string {
  // A life that came back has no message before it: which return it is tells its messages apart.
  const life = alert.reopened === undefined ? [] : [alert.reopened];
  return digest(['message', alert.id, event, alert.severity, pointsOf(alert), alert.told?.messageId ?? '', ...life]);
}

/** The id of the first summary of some targets, as thread id: each target by its key and when it was first seen. */
export function summaryAlertId(targets: readonly { readonly key: string; readonly firstSeen: string }[]): string {
  return `summary-${digest(['summary', targets.map((t) => `${t.key} ${t.firstSeen}`).sort(compareText)])}`;
}

/** The id of a message about many alerts at once, from its own alert id and the ids that its alerts' own messages would have had. */
export function summaryMessageId(summaryId: string, event: AlertEvent, alerts: readonly Alert[]): string {
  return digest(['summary-message', summaryId, event, alerts.map((a) => messageId(a, event)).sort(compareText)]);
}

/** The alert id (thread id) of a message that tells many alerts with the same event at once. */
export function manyAlertId(event: AlertEvent, alerts: readonly Alert[]): string {
  return `many-${digest(['many', event, alerts.map((a) => messageId(a, event)).sort(compareText)])}`;
}

/** The id of a route's part of a message: whoever listens to several routes gets several parts, and must not take one for a repeat of the other. */
export function shareMessageId(messageId: string, exit: string): string {
  return digest(['share', messageId, exit]);
}

/** The thread id of one digest, from the digest before it and the time it was due, both ISO 8601 UTC. */
export function digestAlertId(since: string, slot: string): string {
  return `digest-${digest(['digest', since, slot])}`;
}

/** The id of its message: the same as long as it is due. */
export function digestMessageId(since: string, slot: string): string {
  return digest(['digest-message', since, slot]);
}

/** The key of a group: what its members have in common, and when it was made; the same cause a week later is another story. */
export function groupKey({ by, names, kind }: Cause, madeAt: string): string {
  return `cause/${by}/${digest(['cause', by, names, kind ?? '', madeAt])}`;
}
