// Every CNAME leads where SES wants it, and none of them leads to a key.
import { cnameChain, txtAtEnd } from '../../dkim/answer-chain.ts';
import type { RecordEvidence } from '../../model/evidence.ts';
import type { ExpectedRecord } from '../../model/expectation.ts';
import { isConfirmed } from '../confirmed.ts';
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
      },
    ),
  ];
};

/**
 * Every resolver that follows the CNAME, one at least in each round that asked, finds no key at its end. One that says that the CNAME itself is
 * not there has not gone to look: it remembers the time before it was published.
 */
function leadsNowhere(record: Extract<ExpectedRecord, { type: 'CNAME' }>, { resolvers, resolversAgain }: RecordEvidence): boolean {
  const rounds = resolversAgain.length > 0 ? [resolvers, resolversAgain] : [resolvers];
  return rounds.every((lookups) => {
    const ends = lookups.flatMap(({ outcome }) =>
      outcome.kind === 'answer' && cnameChain(outcome.records, record.name).includes(record.target)
        ? [txtAtEnd(outcome.records, record.name)]
        : [],
    );
    return ends.length > 0 && ends.every((texts) => texts.every(isEmpty));
  });
}

/** `p=` without a key counts as empty here: it is SES's own record. */
const isEmpty = (text: string): boolean => text.trim() === '' || /(^|;)\s*p=\s*(;|$)/.test(text);
