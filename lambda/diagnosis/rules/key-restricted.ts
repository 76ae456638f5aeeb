// The key record shuts out what SES signs.
import { lostRecordDeadlines } from '../deadlines.ts';
import { withLastKey } from '../last-key.ts';
import { finding, lookupsOf, type Rule } from '../rule.ts';

/** `s=` must be `*` or hold `email`, `h=` must hold `sha256` (RFC 6376 §3.6.1, RFC 8301 §3.1). */
export const keyRestricted: Rule = (evidence, reading) =>
  reading.records.flatMap((one) => {
    if (one.verdict.kind !== 'bad-key' || one.verdict.key.kind !== 'restricted') return [];
    const { tag, value, publicKey } = one.verdict.key;
    const facts = { name: one.record.name, tag, value };
    return [
      finding('key-restricted', 'critical', facts, {
        // The very key that is there, without the tag.
        records: [withLastKey(one.record, [{ name: one.record.name, type: 'TXT', value: `p=${publicKey}` }])],
        zone: reading.zone,
        evidence: lookupsOf([one]),
        deadlines: lostRecordDeadlines(evidence),
      }),
    ];
  });
