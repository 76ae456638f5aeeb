// Which accounts of the organisation a choice means, of the listings that it needs. Pure.
import type { OrganizationAccount, OrganizationChoice, OrganizationSeen } from '../model/estate.ts';
import type { AccountId } from '../model/names.ts';

/** The listing of every account of the organisation; others are named by their root or unit. */
export const WHOLE = 'organization';

/** A listing as it was read: its accounts, or that there is no such root or unit. */
export type Listing = readonly OrganizationAccount[] | 'unknown';

const isParent = (entry: string): boolean => /^(r|ou)-/.test(entry);

/** The listings that a choice needs, each once: of roots and units one each, of all else that of the whole organisation. */
export function listingsOf({ include, exclude }: OrganizationChoice): readonly string[] {
  const whole = include.some((entry) => !isParent(entry)) ? [WHOLE] : [];
  return [...new Set([...whole, ...[...include, ...exclude].filter(isParent)])];
}

export interface Chosen extends Pick<OrganizationSeen, 'skipped' | 'unknown'> {
  /** Active accounts, in the order of the choice. */
  readonly accounts: readonly AccountId[];
  /** Accounts that are excluded and were not among those included anyway: nobody's id, perhaps. */
  readonly idle: readonly string[];
}

/** `listings` has every one of {@link listingsOf}. `organization` is the id that the accounts themselves name, if any did. */
export function chooseAccounts(choice: OrganizationChoice, listings: ReadonlyMap<string, Listing>, organization?: string): Chosen {
  const unknown: string[] = [];
  const listed = (entry: string): readonly OrganizationAccount[] => {
    const found = listings.get(isParent(entry) ? entry : WHOLE);
    if (found === undefined || found === 'unknown') {
      unknown.push(entry);
      return [];
    }
    if (/^\d/.test(entry)) {
      const own = found.filter(({ id }) => id === entry);
      if (own.length === 0) unknown.push(entry);
      return own;
    }
    // Another organisation's id: its accounts are not these.
    if (entry.startsWith('o-') && organization !== undefined && organization !== entry) {
      unknown.push(entry);
      return [];
    }
    return found;
  };
  const included = choice.include.flatMap(listed);
  const excluded = new Set<string>(choice.exclude.flatMap((entry) => (isParent(entry) ? listed(entry).map(({ id }) => id) : [entry])));
  const left = [...new Map(included.map((account) => [account.id, account])).values()].filter(({ id }) => !excluded.has(id));
  return {
    accounts: left.flatMap(({ id, state }) => (state === 'ACTIVE' ? [id] : [])),
    skipped: left.flatMap(({ id, state }) => (state === 'ACTIVE' ? [] : [{ account: id, state }])),
    unknown,
    idle: choice.exclude.filter((entry) => /^\d/.test(entry) && included.every(({ id }) => id !== entry)),
  };
}
