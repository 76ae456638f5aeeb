// Tells a resolver that refuses a domain for its DNSSEC from one that is merely in trouble.
import type { Evidence, RecordEvidence } from '../model/evidence.ts';
import type { Lookup } from '../model/lookup.ts';
import { isConfirmed } from './confirmed.ts';

/**
 * Addresses of the resolvers that answer SERVFAIL, and answer the very same question as soon as they are told not to validate (CD,
 * RFC 4035 §3.2.2); in both rounds, or in one where the trouble was confirmed before.
 */
export function bogusResolvers(about: RecordEvidence, { dns }: Pick<Evidence, 'dns'>): readonly string[] {
  const first = refusing(about.resolvers, about.unchecked);
  if (first.length === 0 || !isConfirmed(dns)) return [];
  if (about.resolversAgain.length === 0) return first;
  const second = refusing(about.resolversAgain, about.uncheckedAgain);
  return first.filter((address) => second.includes(address));
}

function refusing(checked: readonly Lookup[], unchecked: readonly Lookup[]): readonly string[] {
  const answers = new Set(
    unchecked.filter(({ outcome }) => outcome.kind === 'answer' || outcome.kind === 'absent').map(({ server }) => server.address),
  );
  return checked
    .filter(({ server, outcome }) => outcome.kind === 'broken' && outcome.how === 'servfail' && answers.has(server.address))
    .map(({ server }) => server.address);
}
