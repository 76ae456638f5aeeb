// Asks, once a day, whether the CNAMEs of an identity still lead to a key: the domain's own servers cannot show that.
import { firstEvidence, type IdentityHistory } from '../model/evidence.ts';
import type { ExpectedRecord } from '../model/expectation.ts';
import type { Dns } from './ports.ts';
import { leadsNowhere } from './world-view.ts';

const EVERY_MS = 24 * 3_600_000;

/** Each identity has a time of its own: `share`, from 0 to 1, of the first day since it was first seen. At first sight there is enough to ask. */
export function isKeyLookDue(history: IdentityHistory | undefined, share: number, now: number): boolean {
  if (history === undefined) return false;
  const { keysAskedAt, firstSeenAt } = history;
  return keysAskedAt === undefined ? now - Date.parse(firstSeenAt) >= share * EVERY_MS : now - Date.parse(keysAskedAt) >= EVERY_MS;
}

/** True if the resolvers find no key behind any of the CNAMEs. Stops at the first that has one, or of which nobody can tell. */
export async function allLeadNowhere(records: readonly ExpectedRecord[], dns: Dns): Promise<boolean> {
  for (const record of records) {
    const resolvers = await dns.askResolvers({ name: record.name, type: 'TXT' });
    if (!leadsNowhere({ ...firstEvidence(record, []), resolvers })) return false;
  }
  return true;
}
