// What AWS says of the estate itself: the accounts of an organisation, and the regions that are switched on in one of them.
import type { AccountId, Region } from './names.ts';

/** One account as AWS Organizations lists it. */
export interface OrganizationAccount {
  readonly id: AccountId;
  /** `ACTIVE`, `SUSPENDED`, `PENDING_CLOSURE`, `PENDING_ACTIVATION`, `CLOSED`, or what AWS may add; made visible. */
  readonly state: string;
}

/** Which accounts of the organisation are watched: ids of the organisation (`o-…`), its root (`r-…`), units (`ou-…`) and accounts. */
export interface OrganizationChoice {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/** The regions of one account by their opt-in status. A region that is in neither list is one that AWS did not speak of. */
export interface AccountRegions {
  readonly enabled: readonly Region[];
  readonly off: readonly Region[];
}

/** How the list of accounts came about. Contract: the report's `organization`. */
export interface OrganizationSeen {
  /** When the oldest part of the list was read, ISO 8601 UTC. */
  readonly readAt: string;
  /** Accounts watched because of it. */
  readonly accounts: number;
  /** Why an older list than usual is used: Organizations could not be read. */
  readonly remembered?: string;
  /** Accounts that are left out since they are not active. */
  readonly skipped: readonly { readonly account: AccountId; readonly state: string }[];
  /** Entries of the configuration that the organisation does not know. */
  readonly unknown: readonly string[];
}
