// Which results the decisions of a sweep need: whatever is not simply well as before. The others are only counted. Pure but for its counting.
import { alertKeys } from '../alerts/group.ts';
import { unjudgedIn } from '../alerts/unjudged.ts';
import type { AlertMemory } from '../model/alert.ts';
import type { Besides, IdentityResult } from '../model/report.ts';
import { MOST_IDENTITY_LINES } from '../sweep/sweep-lines.ts';

export interface Sorter {
  /** Returns those results that decisions need; `besides` counts the others. */
  sort(results: readonly IdentityResult[]): readonly IdentityResult[];
  besides(): Besides | undefined;
}

/**
 * Returns the function that makes a sorter for each target. `troubledName` tells of `account/domain` that one of the domain's identities there may not be
 * well: its replicas decide then under which key it is told (alerts/group.ts).
 */
export function sorters(memory: AlertMemory, troubledName: (accountAndDomain: string) => boolean): () => Sorter {
  const keyOf = alertKeys([], memory);
  const unjudged = unjudgedIn(memory);
  // As many lines as a sweep logs about identities that are new.
  let freshLines = 0;

  const isNeeded = ({ identity, diagnosis, was }: IdentityResult): boolean => {
    if (diagnosis.kind !== 'healthy' || diagnosis.findings.some(({ kind }) => kind === 'verification-pending')) return true;
    if (was !== undefined && was !== 'healthy' && was !== 'new') return true;
    if (memory.alerts[keyOf(identity)] !== undefined || unjudged.has(`${identity.account}/${identity.region}/${identity.identity}`))
      return true;
    if (identity.method === 'deed' && troubledName(`${identity.account}/${identity.identity}`)) return true;
    if (was !== 'new' || freshLines >= MOST_IDENTITY_LINES) return false;
    freshLines += 1;
    return true;
  };

  return () => {
    const counted = { healthy: 0, watched: 0, fresh: 0 };
    let firstSeenAt: string | undefined;
    return {
      sort: (results) =>
        results.filter((result) => {
          if (isNeeded(result)) return true;
          counted.healthy += 1;
          if (result.expectation.kind !== 'nothing') counted.watched += 1;
          if (result.was === 'new') counted.fresh += 1;
          const { firstSeenAt: seen } = result.history;
          if (firstSeenAt === undefined || seen < firstSeenAt) firstSeenAt = seen;
          return false;
        }),
      besides: () => (counted.healthy === 0 ? undefined : { ...counted, ...(firstSeenAt === undefined ? {} : { firstSeenAt }) }),
    };
  };
}
