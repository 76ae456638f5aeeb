// SES had verified DKIM once and has dropped it: the set-up must start from the beginning.
import { dnsNow } from '../dns-now.ts';
import { lastSuccessOf } from '../last-success.ts';
import { finding, type Rule } from '../rule.ts';

/** Always critical: what was signed is not signed any more, and it does not heal by itself. */
export const revoked: Rule = (evidence, reading) => {
  const { identity, expectation } = evidence;
  const { status } = identity.ses;
  const lastSuccessAt = lastSuccessOf(evidence);
  if (identity.type !== 'domain' || (status !== 'FAILED' && status !== 'NOT_STARTED') || lastSuccessAt === undefined) return [];
  const records = expectation.kind === 'records' ? expectation.records : [];
  return [finding('revoked', 'critical', { lastSuccessAt, statusNow: status, ...dnsNow(reading) }, { records, zone: reading.zone })];
};
