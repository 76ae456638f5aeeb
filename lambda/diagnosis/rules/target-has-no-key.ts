// Every CNAME leads where SES wants it, and none of them leads to a key.
import { txtAtEnd } from '../../dkim/answer-chain.ts';
import type { RecordEvidence } from '../../model/evidence.ts';
import { overdueWhy } from '../overdue.ts';
import { finding, type Rule } from '../rule.ts';

/** One or two empty tokens are normal. While a verification is on its way SES may not have published anything yet; after it has failed it publishes nothing any more. */
export const targetHasNoKey: Rule = (evidence, reading) => {
  const { status } = evidence.identity.ses;
  const due = status === 'SUCCESS' || status === 'TEMPORARY_FAILURE' || overdueWhy(evidence, reading) !== undefined;
  if (!due || !reading.right || !evidence.dns.confirmed) return [];
  const records = reading.records.flatMap(({ record, evidence: about }) =>
    record.type === 'CNAME' && about !== undefined && leadsNowhere(about) ? [{ record, about }] : [],
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

/** Every resolver that answers, one at least, finds no key at the end of the CNAME, in each round that asked. */
export function leadsNowhere({ record, resolvers, resolversAgain }: RecordEvidence): boolean {
  const heard = [...resolvers, ...resolversAgain].filter(({ outcome }) => outcome.kind === 'answer' || outcome.kind === 'absent');
  return (
    heard.length > 0 &&
    heard.every(
      ({ outcome }) => outcome.kind === 'absent' || (outcome.kind === 'answer' && txtAtEnd(outcome.records, record.name).every(isEmpty)),
    )
  );
}

/** `p=` without a key counts as empty here: it is SES's own record. */
const isEmpty = (text: string): boolean => text.trim() === '' || /(^|;)\s*p=\s*(;|$)/.test(text);
