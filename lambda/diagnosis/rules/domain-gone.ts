// The registrable domain does not exist or is delegated to nobody.
import { lostRecordDeadlines } from '../deadlines.ts';
import { finding, type Rule } from '../rule.ts';

/** Critical whatever SES says: a domain that is gone can neither send nor receive. The records are shown because they must be there again afterwards. */
export const domainGone: Rule = (evidence, { gone }) => {
  if (gone === undefined) return [];
  const { expectation } = evidence;
  const facts = { registrable: gone.registrable, how: gone.how };
  return [
    finding('domain-gone', 'critical', facts, {
      records: expectation.kind === 'records' ? expectation.records : [],
      evidence: gone.lookups,
      deadlines: lostRecordDeadlines(evidence),
    }),
  ];
};
