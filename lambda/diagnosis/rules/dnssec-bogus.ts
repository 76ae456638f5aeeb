// Resolvers that check DNSSEC refuse the domain, though its name servers answer.
import type { RecordEvidence } from '../../model/evidence.ts';
import type { Lookup } from '../../model/lookup.ts';
import { lostRecordDeadlines } from '../deadlines.ts';
import { bogusResolvers, disputedDnssec, resolverName, validators } from '../dnssec.ts';
import { finding, type Rule } from '../rule.ts';
import { serverName } from '../server-words.ts';

/**
 * Resolvers that contradict each other say nothing: the identity is unknown then. Critical whatever SES says: every receiver that validates sees
 * no key, and no web site and no mail server of the domain either.
 */
export const dnssecBogus: Rule = (evidence, reading) => {
  if (disputedDnssec(evidence) !== undefined) return [];
  const bogus = reading.records.flatMap(({ record, evidence: about, servers }) => {
    const resolvers = about === undefined ? [] : bogusResolvers(about, evidence);
    return about === undefined || resolvers.length === 0 || servers.every(({ now }) => now.kind === 'mute')
      ? []
      : [{ record, about, resolvers }];
  });
  if (bogus.length === 0) return [];
  return [
    finding(
      'dnssec-bogus',
      'critical',
      {
        resolvers: [...new Set(bogus.flatMap(({ resolvers }) => resolvers))].sort(),
        names: bogus.map(({ record }) => record.name),
      },
      {
        zone: reading.zone,
        records: bogus.map(({ record }) => record),
        evidence: [...bogus.flatMap(({ about }) => shown(about)), ...proof(evidence.dns.validation ?? [])],
        deadlines: lostRecordDeadlines(evidence),
      },
    ),
  ];
};

/** The control question as one of them answered it. */
const proof = (control: readonly Lookup[]): readonly Lookup[] =>
  control.filter(({ server }) => validators(control).has(resolverName(server))).slice(0, 1);

/** The refusals, the answers without validation, and one answer of the name servers. */
function shown(about: RecordEvidence) {
  const refused = [...about.resolvers, ...about.resolversAgain].filter(({ outcome }) => outcome.kind === 'broken');
  return [...refused.slice(0, 2), ...about.unchecked.slice(0, 2), ...about.lookups.slice(0, 1)].sort((a, b) =>
    serverName(a.server) < serverName(b.server) ? -1 : 1,
  );
}
