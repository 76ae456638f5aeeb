// The key record says `p=` with nothing behind it: revoked (RFC 6376 §3.6.1).
import { lostRecordDeadlines } from '../deadlines.ts';
import { finding, lookupsOf, type Rule } from '../rule.ts';

/**
 * BYODKIM only. Behind an Easy DKIM CNAME the key record is SES's own: an empty TXT is normal there for some of the three tokens, and SES
 * rotates and empties keys as it likes, so nothing there is a fault that the user could mend.
 */
export const keyRevoked: Rule = (evidence, reading) =>
  reading.records.flatMap((one) =>
    one.verdict.kind === 'bad-key' && one.verdict.key.kind === 'revoked'
      ? [
          finding(
            'key-revoked',
            'critical',
            { name: one.record.name },
            {
              records: [one.record],
              zone: reading.zone,
              evidence: lookupsOf([one]),
              deadlines: lostRecordDeadlines(evidence),
            },
          ),
        ]
      : [],
  );
