// A wildcard answers in the place of records that are not there.
import { lostRecordDeadlines } from '../deadlines.ts';
import { absentFrom, seenRightAt } from '../known-records.ts';
import { withLastKey } from '../last-key.ts';
import { finding, lookupsOf, type Rule } from '../rule.ts';
import { recordSeverity } from '../severity.ts';
import { isLost } from './record-missing.ts';

/** Apart from `record-missing`, because whoever looks sees something there and believes that all is well. */
export const wildcardAnswer: Rule = (evidence, reading) => {
  const hidden = reading.records.flatMap((one) =>
    isLost(one) && one.verdict.wildcard !== undefined ? [{ ...one, wildcard: one.verdict.wildcard }] : [],
  );
  const [first] = hidden;
  if (first === undefined) return [];
  const { history, identity, now } = evidence;
  const records = hidden.map(({ record }) => record);
  const seen = seenRightAt(history, records);
  const facts = {
    missing: hidden.length,
    expected: reading.records.length,
    answer: first.wildcard.slice(0, MAX_ANSWER),
    since: absentFrom(
      history,
      records.map(({ name }) => name),
      now,
    ),
    ...(seen === undefined ? {} : { lastHealthyAt: seen }),
  };
  return [
    finding('wildcard-answer', recordSeverity(identity), facts, {
      records: records.map((record) => withLastKey(record, history?.lastRecords ?? [])),
      zone: reading.zone,
      evidence: lookupsOf(hidden),
      deadlines: lostRecordDeadlines(evidence),
    }),
  ];
};

/** Characters kept of what the wildcard gives. */
const MAX_ANSWER = 300;
