// An RSA key of 1024 bits: still accepted, and at the lower end of what is.
import { goodKeys } from '../good-keys.ts';
import { finding, lookupsOf, type Rule } from '../rule.ts';

/** Bits that receivers must take, and those that signers should use (RFC 8301 §3.2). */
const WEAK_BITS = 2048;

/** A notice. For Easy DKIM by SES's own word about the key it signs with now; a key that is only planned weakens nothing yet. */
export const keyWeak: Rule = (evidence, reading) => {
  const { method, type, ses } = evidence.identity;
  const own = goodKeys(reading).flatMap(({ one, key }) =>
    key.bits < WEAK_BITS
      ? [
          finding(
            'key-weak',
            'notice',
            { bits: key.bits, where: 'record' },
            { records: [one.record], zone: reading.zone, evidence: lookupsOf([one]) },
          ),
        ]
      : [],
  );
  const easy = type === 'domain' && (method === 'easy' || method === 'deed') && ses.currentKeyLength === 'RSA_1024_BIT';
  if (!easy || ses.status !== 'SUCCESS') return own;
  return [
    ...own,
    finding('key-weak', 'notice', { bits: 1024, where: 'easy', ...(ses.nextKeyLength === 'RSA_2048_BIT' ? { nextIsLonger: true } : {}) }),
  ];
};
