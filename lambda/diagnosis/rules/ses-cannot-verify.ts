// SES says TEMPORARY_FAILURE while the records look right to us: it sees something else, or is late.
import { unseenRecordDeadlines } from '../deadlines.ts';
import { primaries } from '../primaries.ts';
import { publishedEnd } from '../published-end.ts';
import { finding, type Rule } from '../rule.ts';
import { lastLook } from '../ses-look.ts';

/** The clocks run on: SES has stopped signing and drops the set-up unless it changes its mind. Not before it has looked at what is there now. */
export const sesCannotVerify: Rule = (evidence, reading) => {
  const { identity, expectation, history } = evidence;
  if (identity.type !== 'domain' || identity.ses.status !== 'TEMPORARY_FAILURE' || !reading.right) return [];
  if (lastLook(evidence, reading) === 'before') return [];
  const { errorType } = identity.ses;
  const seen = history?.dnsRightSince === undefined ? {} : { rightSince: history.dnsRightSince };
  const facts = { ...(errorType === undefined ? {} : { errorType }), ...seen, ...publishedEnd(reading), ...primaries(evidence, reading) };
  const records = expectation.kind === 'records' ? expectation.records : [];
  return [finding('ses-cannot-verify', 'warning', facts, { records, zone: reading.zone, deadlines: unseenRecordDeadlines(evidence) })];
};
