// What there is to tell about an open alert that is still broken: the difference between what is true and what people were told.
import type { Alert, AlertEvent, NearClock } from '../model/alert.ts';
import type { DecisionReason } from '../model/decision.ts';
import { compareSeverity } from '../model/finding.ts';
import type { AlertPolicy } from '../model/policy.ts';
import { escalationOf, isEscalationSoon } from './clocks.ts';
import { isCountdown, pointsOf } from './facts.ts';

export type News =
  | { readonly event: AlertEvent; readonly reason: DecisionReason; readonly clock?: NearClock }
  | { readonly event?: undefined; readonly reason: DecisionReason };

const HOUR_MS = 3_600_000;
/** A group's first messages go out at once; later ones keep this distance, unless it grows much. */
const GROUP_PAUSE_MS = HOUR_MS;
const AT_ONCE = 3;
/** Half of a group that comes and goes is one story: each time that some are told to be back the next word of it waits twice as long. */
const LONGEST_PAUSE_MS = 12 * HOUR_MS;

/**
 * Losing a kind, a fact or some severity is no news by itself: the next reminder says it. Otherwise a trouble that swings between two states would
 * write at every swing. A group that has shrunk to half of what was told is news.
 */
export function newsOf(alert: Alert, now: string, policy: AlertPolicy): News {
  const { told } = alert;
  if (told === undefined)
    return alert.reopened === undefined ? { event: 'opened', reason: 'new' } : { event: 'reopened', reason: 'back-again' };
  if (compareSeverity(alert.severity, told.severity) > 0) return { event: 'changed', reason: 'severity-raised' };
  const { fresh, returned } = newFacts(alert, policy);
  const news = [...fresh, ...(isOlder(told.at, now, swingPauseOf(alert)) ? returned : [])];
  const changed: News = { event: 'changed', reason: 'facts-changed' };
  const isPacing = isPaced(alert, now);
  if (news.some((point) => !isCountdown(point)) && !isPacing) return changed;
  const clock = escalationOf(alert, now, policy);
  if (clock !== undefined) return { event: 'escalated', reason: clock.within === 0 ? 'deadline-passed' : 'deadline-near', clock };
  // A deadline that is near says so better.
  if (news.length > 0 && !isPacing) return changed;
  if (hasHalved(alert, now)) return { event: 'changed', reason: 'fewer-than-told' };
  if (isReminderDue(told.at, now, policy.remindEveryMs))
    return isEscalationSoon(alert, now, policy.remindEveryMs / 2, policy)
      ? { reason: 'escalation-soon' }
      : { event: 'reminder', reason: 'remind-interval-passed' };
  return { reason: fresh.length + returned.length > 0 ? 'group-paced' : 'already-told' };
}

/** When a group whose news wait (`group-paced`) tells them, ISO 8601 UTC; undefined if it was never told. */
export function pacedUntil(alert: Alert, policy: AlertPolicy): string | undefined {
  if (alert.told === undefined) return undefined;
  const pause = newFacts(alert, policy).fresh.length > 0 ? GROUP_PAUSE_MS : swingPauseOf(alert);
  return new Date(Date.parse(alert.told.at) + pause).toISOString();
}

// `returned`: what this life told before, and the last message left out because it was over.
function newFacts(
  { told, ...alert }: Alert,
  policy: AlertPolicy,
): { readonly fresh: readonly string[]; readonly returned: readonly string[] } {
  if (told?.points === undefined) return { fresh: alert.kinds.filter((kind) => told?.kinds.includes(kind) !== true), returned: [] };
  const known = new Set(told.points);
  const left = new Set(told.left);
  const news = pointsOf(alert, policy.minimumSeverity).filter((point) => !known.has(point));
  return { fresh: news.filter((point) => !left.has(point)), returned: news.filter((point) => left.has(point)) };
}

function swingPauseOf({ told }: Alert): number {
  return Math.min(GROUP_PAUSE_MS * 2 ** Math.min(told?.returns ?? 0, 10), LONGEST_PAUSE_MS);
}

// What a group gains is told at once while that is rare or much; a slow trickle is told once an hour.
function isPaced({ cause, told, affected }: Alert, now: string): boolean {
  if (cause === undefined || told === undefined) return false;
  const { hit = 0, most = hit, messages = 0 } = told;
  return messages >= AT_ONCE && affected.length < most * 1.5 && !isOlder(told.at, now, GROUP_PAUSE_MS);
}

/** True if half of those told have been seen well since. Who was muted, or is no longer watched, makes no group smaller. */
export function hasHalved(alert: Alert, now: string): boolean {
  const { cause, told, affected, aside = [] } = alert;
  if (cause === undefined || told?.hit === undefined) return false;
  const still = affected.length + aside.length - (told.aside ?? 0);
  return still * 2 <= told.hit && isOlder(told.at, now, swingPauseOf(alert));
}

// An interval of zero or less means no reminders.
function isReminderDue(toldAt: string, now: string, everyMs: number): boolean {
  return everyMs > 0 && isOlder(toldAt, now, everyMs);
}

// A clock that stepped back gives a negative age: not due, and no harm.
function isOlder(at: string, now: string, ms: number): boolean {
  return Date.parse(now) - Date.parse(at) >= ms;
}
