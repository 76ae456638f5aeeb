// The key record is marked as a test: receivers may treat the mail as unsigned.
import { isConfirmed } from '../confirmed.ts';
import { mindedDeadlines } from '../deadlines.ts';
import { goodKeys } from '../good-keys.ts';
import { withLastKey } from '../last-key.ts';
import { finding, lookupsOf, type Rule } from '../rule.ts';

/** `t=y` (RFC 6376 §3.6.1). SES verifies and signs all the same, so nothing else would tell. */
export const keyTesting: Rule = (evidence, reading) =>
  goodKeys(reading).flatMap(({ one, key }) =>
    key.testing && isConfirmed(evidence.dns)
      ? [
          finding(
            'key-testing',
            'warning',
            { name: one.record.name },
            {
              records: [withLastKey(one.record, [{ name: one.record.name, type: 'TXT', value: `p=${key.publicKey}` }])],
              zone: reading.zone,
              evidence: lookupsOf([one]),
              deadlines: mindedDeadlines(evidence),
            },
          ),
        ]
      : [],
  );
