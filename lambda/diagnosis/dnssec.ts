// Tells a resolver that refuses a domain for its DNSSEC from one that is merely in trouble.
import { refusing } from '../dkim/resolver-view.ts';
import type { Evidence, RecordEvidence } from '../model/evidence.ts';
import { isConfirmed } from './confirmed.ts';

/**
 * Addresses of the resolvers that refuse the record for its DNSSEC; in both rounds, or in one where the trouble was confirmed before.
 */
export function bogusResolvers(about: RecordEvidence, { dns }: Pick<Evidence, 'dns'>): readonly string[] {
  const first = refusing(about.resolvers, about.unchecked);
  if (first.length === 0 || !isConfirmed(dns)) return [];
  if (about.resolversAgain.length === 0) return first;
  const second = refusing(about.resolversAgain, about.uncheckedAgain);
  return first.filter((address) => second.includes(address));
}
