// Every CNAME leads where SES wants it, and none of them leads to a key.
import { seesNoKey } from '../../dkim/resolver-view.ts';
import type { RecordEvidence } from '../../model/evidence.ts';
import type { ExpectedRecord } from '../../model/expectation.ts';
import { isConfirmed } from '../confirmed.ts';
import { mindedDeadlines } from '../deadlines.ts';
import { overdueWhy } from '../overdue.ts';
import { finding, type Rule } from '../rule.ts';

/** One or two empty tokens are normal. While a verification is on its way SES may not have published anything yet; after it has failed it publishes nothing any more. */
export const targetHasNoKey: Rule = (evidence, reading) => {
  const { status } = evidence.identity.ses;
  const due = status === 'SUCCESS' || status === 'TEMPORARY_FAILURE' || overdueWhy(evidence, reading) !== undefined;
  if (!due || !reading.right || !isConfirmed(evidence.dns)) return [];
  const records = reading.records.flatMap(({ record, evidence: about }) =>
    record.type === 'CNAME' && about !== undefined && leadsNowhere(record, about) ? [{ record, about }] : [],
  );
  if (records.length === 0 || records.length < reading.records.length) return [];
  return [
    finding(
      'target-has-no-key',
      'warning',
      { targets: records.map(({ record }) => record.target) },
      {
        records: records.map(({ record }) => record),
        zone: reading.zone,
        evidence: records.flatMap(({ about }) => about.resolvers.slice(0, 2)),
        deadlines: mindedDeadlines(evidence),
      },
    ),
  ];
};

/** No resolver that goes to look finds a key, in each round that asked. */
function leadsNowhere(record: Extract<ExpectedRecord, { type: 'CNAME' }>, { resolvers, resolversAgain }: RecordEvidence): boolean {
  const rounds = resolversAgain.length > 0 ? [resolvers, resolversAgain] : [resolvers];
  return rounds.every((lookups) => seesNoKey(record, lookups));
}
