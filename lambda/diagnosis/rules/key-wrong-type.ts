// The key record holds a key of another kind than RSA.
import { lostRecordDeadlines } from '../deadlines.ts';
import { withLastKey } from '../last-key.ts';
import { finding, lookupsOf, type Rule } from '../rule.ts';

/** SES signs with RSA alone (Amazon SES developer guide, "Bring Your Own DKIM"). */
export const keyWrongType: Rule = (evidence, reading) =>
  reading.records.flatMap((one) => {
    if (one.verdict.kind !== 'bad-key' || one.verdict.key.kind !== 'wrong-type') return [];
    const facts = { name: one.record.name, type: one.verdict.key.type };
    return [
      finding('key-wrong-type', 'critical', facts, {
        records: [withLastKey(one.record, evidence.history?.lastRecords ?? [])],
        zone: reading.zone,
        evidence: lookupsOf([one]),
        deadlines: lostRecordDeadlines(evidence),
      }),
    ];
  });
