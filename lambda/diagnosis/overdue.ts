// Whether a pending verification has taken longer than waiting explains.
import type { Evidence, IdentityHistory } from '../model/evidence.ts';
import type { Identity } from '../model/identity.ts';
import { hoursBetween, pendingSince, VERIFICATION_HOURS } from './deadlines.ts';
import type { Reading } from './reading.ts';
import { rightSince } from './right-since.ts';

/** DNS right for so long, SES having looked since, is no longer a matter of caches. */
const PATIENCE_HOURS = 6;

/** Undefined while waiting is normal, or if the identity is not pending. */
export function overdueWhy(evidence: Evidence, reading: Reading): 'over-72-hours' | 'dns-right-for-hours' | undefined {
  const { identity, history, now } = evidence;
  if (identity.ses.status !== 'PENDING') return undefined;
  const since = pendingSince(evidence);
  if (since !== undefined && (hoursBetween(since.at, now) ?? 0) > VERIFICATION_HOURS) return 'over-72-hours';
  return reading.right && isTooLate(identity, history, now) ? 'dns-right-for-hours' : undefined;
}

/** The same before DNS was asked, taking it to be right as far as it was: whether waiting alone would not explain it. */
export function isOverdue(identity: Identity, history: IdentityHistory | undefined, now: string): boolean {
  if (identity.ses.status !== 'PENDING') return false;
  const since = pendingSince({ identity, history, now });
  if (since !== undefined && (hoursBetween(since.at, now) ?? 0) > VERIFICATION_HOURS) return true;
  return isTooLate(identity, history, now);
}

function isTooLate(identity: Identity, history: IdentityHistory | undefined, now: string): boolean {
  const since = rightSince(identity, history, now);
  return (hoursBetween(since, now) ?? 0) >= PATIENCE_HOURS && sesDisagrees(identity, since);
}

/** SES looked after DNS was right and still did not find it; where it does not say when it looked, its error must speak. */
function sesDisagrees({ ses: { lastCheckedAt, errorType } }: Identity, since: string): boolean {
  return lastCheckedAt === undefined ? errorType !== undefined : Date.parse(lastCheckedAt) > Date.parse(since);
}
