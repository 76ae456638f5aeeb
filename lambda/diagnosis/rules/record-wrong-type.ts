// Something is published at the record's name, but not a record of the type that belongs there.
import type { WrongTypeCause } from '../../model/finding.ts';
import { lostRecordDeadlines, mindedDeadlines } from '../deadlines.ts';
import { withLastKey } from '../last-key.ts';
import { finding, lookupsOf, type Rule } from '../rule.ts';
import { recordSeverity } from '../severity.ts';

/** Characters kept of what stands there. */
const MAX_VALUE = 300;

/** One finding for each cause. Behind a flattened CNAME receivers find the key, so only SES may object. */
export const recordWrongType: Rule = (evidence, reading) => {
  const wrong = reading.records.flatMap((one) => (one.verdict.kind === 'wrong-type' ? [{ ...one, verdict: one.verdict }] : []));
  return [...new Set(wrong.map(({ verdict }) => verdict.cause))].map((cause: WrongTypeCause) => {
    const same = wrong.filter(({ verdict }) => verdict.cause === cause);
    const found = same.map(({ record, verdict }) => ({ name: record.name, value: verdict.value.slice(0, MAX_VALUE) }));
    return finding(
      'record-wrong-type',
      cause === 'flattened' ? 'warning' : recordSeverity(evidence.identity),
      { cause, found },
      {
        records: same.map(({ record }) => withLastKey(record, evidence.history?.lastRecords ?? [])),
        zone: reading.zone,
        evidence: [...lookupsOf(same), ...same.flatMap(({ evidence: about }) => about?.addresses ?? [])],
        deadlines: cause === 'flattened' ? mindedDeadlines(evidence) : lostRecordDeadlines(evidence),
      },
    );
  });
};
