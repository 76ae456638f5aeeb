// The key record of a BYODKIM selector cannot be used by receivers. Easy DKIM keys are SES's own affair and are not judged.
import { lostRecordDeadlines } from '../deadlines.ts';
import { withLastKey } from '../last-key.ts';
import { finding, lookupsOf, type Rule } from '../rule.ts';

/** One finding a record. A key whose private half was published is never to be put back. */
export const keyMalformed: Rule = (evidence, reading) =>
  reading.records.flatMap((one) => {
    if (one.verdict.kind !== 'bad-key' || one.verdict.key.kind !== 'malformed') return [];
    const { reason, detail, leaked } = one.verdict.key;
    return [
      finding(
        'key-malformed',
        'critical',
        { reason, detail, ...(leaked ? { leaked } : {}) },
        {
          records: [leaked ? one.record : withLastKey(one.record, evidence.history?.lastRecords ?? [])],
          zone: reading.zone,
          evidence: lookupsOf([one]),
          deadlines: lostRecordDeadlines(evidence),
        },
      ),
    ];
  });
