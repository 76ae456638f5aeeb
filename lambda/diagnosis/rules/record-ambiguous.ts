// More records at one name than there may be: what receivers make of it is undefined.
import { withoutPrivateKeysIn } from '../../model/private-keys.ts';
import { lostRecordDeadlines, mindedDeadlines } from '../deadlines.ts';
import { withLastKey } from '../last-key.ts';
import { finding, lookupsOf, type Rule } from '../rule.ts';
import { recordSeverity } from '../severity.ts';

const MAX_VALUES = 6;
const MAX_VALUE = 300;

/** A warning while one of the values would do; where none would, the record is lost for everybody. */
export const recordAmbiguous: Rule = (evidence, reading) =>
  reading.records.flatMap((one) => {
    const { verdict, record } = one;
    if (verdict.kind !== 'ambiguous') return [];
    const { cause, usable } = verdict;
    const values = withoutPrivateKeysIn(verdict.values.slice(0, MAX_VALUES)).map((value) => value.slice(0, MAX_VALUE));
    return [
      finding(
        'record-ambiguous',
        usable ? 'warning' : recordSeverity(evidence.identity),
        { cause, name: record.name, values, usable },
        {
          records: [withLastKey(record, evidence.history?.lastRecords ?? [])],
          zone: reading.zone,
          evidence: lookupsOf([one]),
          deadlines: usable ? mindedDeadlines(evidence) : lostRecordDeadlines(evidence),
        },
      ),
    ];
  });
