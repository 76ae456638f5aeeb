// All is published and SES is still looking: nothing to do but wait.
import { hoursBetween, pendingSince, VERIFICATION_HOURS, verificationDeadline } from '../deadlines.ts';
import { overdueWhy } from '../overdue.ts';
import { finding, type Rule } from '../rule.ts';

/** A notice, so that a new domain pages nobody. */
export const verificationPending: Rule = (evidence, reading) => {
  const { identity, now } = evidence;
  if (identity.type !== 'domain' || identity.ses.status !== 'PENDING' || !reading.right) return [];
  if (overdueWhy(evidence, reading) !== undefined) return [];
  const since = pendingSince(evidence);
  const pending = since === undefined ? undefined : hoursBetween(since.at, now);
  const facts = {
    ...(since === undefined ? {} : { pendingSince: since.at }),
    estimated: since?.estimated ?? true,
    ...(pending === undefined ? {} : { hoursLeft: Math.max(0, Math.floor(VERIFICATION_HOURS - Math.max(0, pending))) }),
  };
  return [finding('verification-pending', 'notice', facts, { deadlines: verificationDeadline(evidence) })];
};
