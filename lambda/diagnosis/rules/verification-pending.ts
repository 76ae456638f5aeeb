// All is published and SES is still looking: nothing to do but wait.
import { hoursBetween, pendingSince, VERIFICATION_HOURS, verificationDeadline } from '../deadlines.ts';
import { overdueWhy } from '../overdue.ts';
import { finding, type Rule } from '../rule.ts';
import { lastLook } from '../ses-look.ts';

/** A notice, so that a new domain pages nobody; nor does one whose records are right again and await SES's next look. */
export const verificationPending: Rule = (evidence, reading) => {
  const { identity, now } = evidence;
  if (identity.type !== 'domain' || !reading.right) return [];
  if (identity.ses.status === 'TEMPORARY_FAILURE' && lastLook(evidence, reading) === 'before')
    return [finding('verification-pending', 'notice', { estimated: true, again: true })];
  if (identity.ses.status !== 'PENDING') return [];
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
