// Trouble that comes and goes is one story: what closed within the last day comes back under its id, and its next end is told only when it lasts.
import type { Alert, AlertMemory, ClosedAlert } from '../model/alert.ts';
import type { AlertPolicy } from '../model/policy.ts';

const HOUR_MS = 3_600_000;
/** For so long a closed alert is remembered. */
const SAME_STORY_MS = 24 * HOUR_MS;
const LONGEST_HOLD_MS = 12 * HOUR_MS;
const DEFAULT_HOLD_MS = HOUR_MS;

/** The closed alerts that are young enough to come back at `now`. One from the future belongs to a clock that stepped back, and stays. */
export function youngClosed({ closed = {} }: Pick<AlertMemory, 'closed'>, now: string): Readonly<Record<string, ClosedAlert>> {
  return Object.fromEntries(Object.entries(closed).filter(([, { closedAt }]) => Date.parse(now) - Date.parse(closedAt) < SAME_STORY_MS));
}

/** Of closed alerts those that may come back: an id that is alive is in use. */
export function returnable(
  closed: Readonly<Record<string, ClosedAlert>>,
  { alerts }: Pick<AlertMemory, 'alerts'>,
): Readonly<Record<string, ClosedAlert>> {
  const alive = new Set(Object.values(alerts).map(({ id }) => id));
  return Object.fromEntries(Object.entries(closed).filter(([, { id }]) => !alive.has(id)));
}

/** What is remembered of an alert that was told to be over at `now` (ISO 8601 UTC). */
export function closedAlert({ id, reopened = 0, cause }: Alert, now: string): ClosedAlert {
  return { id, closedAt: now, reopened, ...(cause === undefined ? {} : { cause }) };
}

/**
 * The alert if its end must still wait, with the time since which it has been well; undefined if it may be told now.
 * The first end is told at once; after each return it must last twice as long, at most twelve hours.
 */
export function heldBack(alert: Alert, now: string, policy: AlertPolicy): Alert | undefined {
  const until = heldUntil(alert, now, policy);
  return until === undefined ? undefined : { ...alert, wellSince: wellSinceOf(alert, now) };
}

/** When the end of an alert that is well at `now` may be told, ISO 8601 UTC; undefined if it may be at once. */
export function heldUntil(alert: Alert, now: string, policy: AlertPolicy): string | undefined {
  const hold = holdOf(alert, policy);
  if (hold === undefined) return undefined;
  const until = Date.parse(wellSinceOf(alert, now)) + hold;
  return until <= Date.parse(now) ? undefined : new Date(until).toISOString();
}

function holdOf({ reopened = 0 }: Alert, policy: AlertPolicy): number | undefined {
  if (reopened === 0) return undefined;
  return Math.min((policy.holdDownMs ?? DEFAULT_HOLD_MS) * 2 ** (Math.min(reopened, 10) - 1), LONGEST_HOLD_MS);
}

// A clock that stepped back begins to count anew.
const wellSinceOf = ({ wellSince }: Alert, now: string): string => (wellSince !== undefined && wellSince <= now ? wellSince : now);
