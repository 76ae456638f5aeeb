// SES looked for 72 hours, found nothing and has stopped looking; it had never succeeded before.
import { dnsNow } from '../dns-now.ts';
import { lastSuccessOf } from '../last-success.ts';
import { finding, type Rule } from '../rule.ts';
import { isOffAir } from './nameserver-broken.ts';

/** Critical if the identity may send: then its mail goes out unsigned today. */
export const verificationFailed: Rule = (evidence, reading, found) => {
  const { identity, expectation } = evidence;
  const { ses, type } = identity;
  if (type !== 'domain' || ses.status !== 'FAILED' || lastSuccessOf(evidence) !== undefined || isOffAir(found)) return [];
  const maySend = ses.verifiedForSending === true || ses.sendingEnabled === true;
  const facts = { ...(ses.errorType === undefined ? {} : { errorType: ses.errorType }), maySend, ...dnsNow(reading) };
  const records = expectation.kind === 'records' ? expectation.records : [];
  return [finding('verification-failed', maySend ? 'critical' : 'warning', facts, { records, zone: reading.zone })];
};
