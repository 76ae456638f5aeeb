// A domain identity for which DKIM was never started.
import { lastSuccessOf } from '../last-success.ts';
import { finding, type Rule } from '../rule.ts';

/** Not for one that had it before: that is `revoked`. */
export const dkimNotSetUp: Rule = (evidence) => {
  const { type, ses } = evidence.identity;
  if (type !== 'domain' || ses.status !== 'NOT_STARTED' || lastSuccessOf(evidence) !== undefined) return [];
  const { expectation } = evidence;
  return [finding('dkim-not-set-up', 'warning', {}, { records: expectation.kind === 'records' ? expectation.records : [] })];
};
