// Records that are not at their name but at one where a slip of the hand puts them.
import { lostRecordDeadlines } from '../deadlines.ts';
import { withLastKey } from '../last-key.ts';
import { finding, lookupsOf, type Rule } from '../rule.ts';
import { recordSeverity } from '../severity.ts';

/** Fires only for a record whose absence is confirmed, found with its expected value where no wildcard answers. A doubled name is told as that. */
export const recordMisplaced: Rule = (evidence, reading) => {
  const moved = reading.records.flatMap((one) =>
    one.verdict.kind === 'absent-confirmed' && one.doubledAt === undefined && one.misplaced !== undefined
      ? [{ ...one, misplaced: one.misplaced }]
      : [],
  );
  if (moved.length === 0) return [];
  const found = moved.map(({ record, misplaced }) => ({ name: record.name, ...misplaced }));
  const sightings = moved.flatMap(
    ({ evidence: about, misplaced }) =>
      about?.misplaced.filter(({ question, outcome }) => question.name === misplaced.foundAt && outcome.kind === 'answer').slice(0, 2) ??
      [],
  );
  return [
    finding(
      'record-misplaced',
      recordSeverity(evidence.identity),
      { found },
      {
        records: moved.map(({ record }) => withLastKey(record, evidence.history?.lastRecords ?? [])),
        zone: reading.zone,
        evidence: [...sightings, ...lookupsOf(moved)],
        deadlines: lostRecordDeadlines(evidence),
      },
    ),
  ];
};
