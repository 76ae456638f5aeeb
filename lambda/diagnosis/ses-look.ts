// Whether SES has looked at the records since DNS became right: before that its disagreement is merely old.
import type { Evidence } from '../model/evidence.ts';
import { hoursBetween } from './deadlines.ts';
import type { Reading } from './reading.ts';
import { rightSince } from './right-since.ts';

/** SES publishes no times. Longer than this after DNS became right, its silence is no longer a matter of waiting. */
const LATE_HOURS = 24;

/**
 * `before`: what SES says it saw is older than the records that are there now. `unknown`: SES gives no time, or nobody saw DNS become right
 * (at first sight it may have been so for long). False stamps cannot hide a trouble: after a day `before` becomes `unknown`.
 */
export function lastLook({ identity, history, now }: Evidence, { right }: Pick<Reading, 'right'>): 'since' | 'before' | 'unknown' {
  if (!right || history === undefined) return 'unknown';
  const since = rightSince(identity, history, now);
  // It was right when the monitor first saw it: since when, nobody knows.
  const sawItTurn = Date.parse(since) > Date.parse(history.firstSeenAt);
  const { lastCheckedAt, readAt } = identity.ses;
  const ahead = lastCheckedAt === undefined ? undefined : hoursBetween(since, lastCheckedAt);
  if (ahead !== undefined && ahead > 0) return 'since';
  // What was read before cannot speak of what came after, whenever SES looked.
  const isOld = ahead !== undefined || (hoursBetween(since, readAt) ?? 1) <= 0;
  return sawItTurn && isOld && (hoursBetween(since, now) ?? LATE_HOURS) < LATE_HOURS ? 'before' : 'unknown';
}
