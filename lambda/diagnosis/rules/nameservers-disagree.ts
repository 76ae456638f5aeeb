// Some authoritative servers have the record, others have not, or have another value.
import { mindedDeadlines } from '../deadlines.ts';
import { disagreement, withinPropagation } from '../disagreement.ts';
import { finding, lookupsOf, type Rule } from '../rule.ts';

/** Silent while an older serial number shows a change on its way and its time has not run out; the identity is unknown meanwhile. */
export const nameserversDisagree: Rule = (evidence, reading) => {
  const disputed = reading.records.filter(({ verdict }) => verdict.kind === 'disagree');
  if (disputed.length === 0 || withinPropagation(evidence, reading)) return [];
  return [
    finding('nameservers-disagree', 'warning', disagreement(evidence, reading), {
      records: disputed.map(({ record }) => record),
      zone: reading.zone,
      evidence: [...lookupsOf(disputed), ...evidence.dns.soa],
      deadlines: mindedDeadlines(evidence),
    }),
  ];
};
