// Records that are not at their name but at the name with the domain appended once more.
import { lostRecordDeadlines } from '../deadlines.ts';
import { withLastKey } from '../last-key.ts';
import { finding, lookupsOf, type Rule } from '../rule.ts';
import { recordSeverity } from '../severity.ts';

/** Fires only for a record whose absence is confirmed, found with its expected value where no wildcard answers. */
export const recordNameDoubled: Rule = (evidence, reading) => {
  const doubled = reading.records.flatMap((one) =>
    one.verdict.kind === 'absent-confirmed' && one.doubledAt !== undefined ? [{ ...one, foundAt: one.doubledAt }] : [],
  );
  if (doubled.length === 0) return [];
  const found = doubled.map(({ record, foundAt }) => ({ name: record.name, foundAt }));
  const sightings = doubled.flatMap(
    ({ evidence: about, foundAt }) =>
      about?.doubled.filter(({ question, outcome }) => question.name === foundAt && outcome.kind === 'answer').slice(0, 2) ?? [],
  );
  return [
    finding(
      'record-name-doubled',
      recordSeverity(evidence.identity),
      { found },
      {
        records: doubled.map(({ record }) => withLastKey(record, evidence.history?.lastRecords ?? [])),
        zone: reading.zone,
        evidence: [...sightings, ...lookupsOf(doubled)],
        deadlines: lostRecordDeadlines(evidence),
      },
    ),
  ];
};
