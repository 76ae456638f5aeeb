// The accounts of the organisation for one sweep: read anew when it is time, else as they are remembered.
import type { OrganizationAccount, OrganizationChoice, OrganizationSeen } from '../model/estate.ts';
import type { AccountId } from '../model/names.ts';
import { ACCOUNTS_KEY, SCHEMA } from './blobs.ts';
import { type Chosen, chooseAccounts, type Listing, listingsOf } from './choose-accounts.ts';
import type { Clock, EstateFailure, EstateReader, Log, Memory } from './ports.ts';

export interface EstateWorld {
  readonly estate: EstateReader;
  readonly memory: Memory;
  readonly clock: Clock;
  readonly log: Log;
}

/** When what is remembered is read anew. */
export interface Refreshing {
  /** Milliseconds after which the accounts are read again. */
  readonly everyMs: number;
  /** Milliseconds since the epoch: reading stops here. */
  readonly until: number;
  /** False: only what is remembered is used, however old, as by a short check between two sweeps. */
  readonly refresh: boolean;
}

export type AccountsFound =
  | {
      readonly kind: 'found';
      readonly accounts: readonly AccountId[];
      readonly seen: OrganizationSeen;
      readonly troubles: readonly string[];
      /** What may be a mistake and harms nothing, sentences. */
      readonly remarks: readonly string[];
    }
  /** Nothing is known of the accounts, so nothing can be swept. */
  | { readonly kind: 'blind'; readonly detail: string };

interface KeptListing {
  /** ISO 8601 UTC. */
  readonly readAt: string;
  readonly listing: Listing;
}

/** What is kept: each listing by its name, with when it was read. */
interface AccountsBlob {
  readonly schema: 1;
  readonly organization?: string;
  readonly listings: Readonly<Record<string, KeptListing>>;
}

interface Kept {
  readonly organization?: string;
  readonly listings: ReadonlyMap<string, KeptListing>;
}

/** A passing fault of AWS is noted; past this age of the list a person must know of it. */
const LASTING_MS = 6 * 3_600_000;

/**
 * The accounts that `choice` means. A listing that cannot be read is taken as it is remembered, and never for an empty one; if one is neither
 * readable nor remembered, the whole is `blind`: an account that merely could not be seen must not pass for one that has left.
 */
export async function organizationAccounts(choice: OrganizationChoice, world: EstateWorld, refreshing: Refreshing): Promise<AccountsFound> {
  const remembered = await world.memory.read(ACCOUNTS_KEY, SCHEMA.accounts);
  const before = remembered.kind === 'found' ? keptOf(remembered.value) : NOTHING_KEPT;
  const needed = listingsOf(choice);
  const { now, failure } = await renewed(needed, before, world, refreshing);
  if (now !== before && now !== NOTHING_KEPT) {
    const version = remembered.kind === 'found' ? remembered.version : remembered.kind === 'absent' ? 'absent' : 'any';
    // Another sweep that read them at the same moment read the same.
    await world.memory.write(ACCOUNTS_KEY, blobOf(now, needed), version);
  }
  const missing = needed.filter((name) => !now.listings.has(name));
  if (missing.length > 0)
    return { kind: 'blind', detail: blindWords(failure, remembered.kind === 'unreadable' ? remembered.detail : undefined) };

  const kept = needed.flatMap((name) => now.listings.get(name) ?? []);
  const readAt = kept.map((one) => one.readAt).sort()[0] ?? new Date(world.clock()).toISOString();
  const listings = new Map([...now.listings].map(([name, { listing }]) => [name, listing]));
  const chosen = chooseAccounts(choice, listings, now.organization);
  logSeen(chosen, failure, readAt, world.log);
  // With each reading, not in each sweep.
  if (now !== before) for (const entry of chosen.idle) world.log('warn', 'exclude-idle', { entry });
  const seen: OrganizationSeen = {
    readAt,
    accounts: chosen.accounts.length,
    ...(failure === undefined ? {} : { remembered: failure.detail }),
    skipped: chosen.skipped,
    unknown: chosen.unknown,
  };
  return { kind: 'found', accounts: chosen.accounts, seen, troubles: troublesOf(seen, failure, world.clock()), remarks: remarksOn(chosen) };
}

const NOTHING_KEPT: Kept = { listings: new Map() };

/** Reads what is due, one listing after the other. After the first failure nothing more is asked: whoever throttles would only throttle more. */
async function renewed(
  needed: readonly string[],
  before: Kept,
  { estate, clock }: EstateWorld,
  { everyMs, until, refresh }: Refreshing,
): Promise<{ readonly now: Kept; readonly failure?: EstateFailure }> {
  const isDue = (name: string): boolean => {
    const kept = before.listings.get(name);
    return kept === undefined || !(Math.abs(clock() - Date.parse(kept.readAt)) < everyMs);
  };
  const due = refresh ? needed.filter(isDue) : [];
  let now = before;
  for (const name of due) {
    const answer = await estate.accountsOf(name, until);
    if (answer.kind === 'failed') return { now, failure: answer };
    const listing: Listing = answer.kind === 'unknown' ? 'unknown' : answer.accounts;
    const organization = answer.kind === 'read' ? (answer.organization ?? now.organization) : now.organization;
    now = {
      ...(organization === undefined ? {} : { organization }),
      listings: new Map([...now.listings, [name, { readAt: new Date(clock()).toISOString(), listing }]]),
    };
  }
  return { now };
}

/** A listing that is damaged counts as not remembered. */
function keptOf(value: unknown): Kept {
  const { organization, listings } = value as Partial<AccountsBlob>;
  const entries = Object.entries(typeof listings === 'object' && listings !== null ? listings : {}).filter(([, kept]) => isKept(kept));
  return { ...(typeof organization === 'string' ? { organization } : {}), listings: new Map(entries) };
}

function isKept(value: unknown): value is KeptListing {
  const { readAt, listing } = (value ?? {}) as { readonly readAt?: unknown; readonly listing?: unknown };
  const isAccount = (one: unknown): one is OrganizationAccount => {
    const { id, state } = (one ?? {}) as { readonly id?: unknown; readonly state?: unknown };
    return typeof id === 'string' && /^\d{12}$/.test(id) && typeof state === 'string';
  };
  return (
    typeof readAt === 'string' &&
    !Number.isNaN(Date.parse(readAt)) &&
    (listing === 'unknown' || (Array.isArray(listing) && listing.every(isAccount)))
  );
}

/** Listings that nothing asks for any more are dropped. */
function blobOf({ organization, listings }: Kept, needed: readonly string[]): AccountsBlob {
  const kept = Object.fromEntries([...listings].filter(([name]) => needed.includes(name)));
  return { schema: SCHEMA.accounts, ...(organization === undefined ? {} : { organization }), listings: kept };
}

function blindWords(failure: EstateFailure | undefined, unreadable: string | undefined): string {
  const why = failure?.detail ?? 'The accounts of the organisation have not been read yet.';
  const memory = unreadable === undefined ? 'and none are remembered' : `and what is remembered of them cannot be read (${unreadable})`;
  return `Which accounts are to be watched is not known, ${memory}: ${why}`;
}

function logSeen({ skipped, unknown, accounts }: Chosen, failure: EstateFailure | undefined, readAt: string, log: Log): void {
  if (failure !== undefined) log('warn', 'accounts-remembered', { readAt, accounts: accounts.length, detail: failure.detail });
  for (const { account, state } of skipped) log('info', 'account-skipped', { account, state });
  for (const entry of unknown) log('warn', 'entry-unknown', { entry });
}

const remarksOn = ({ idle }: Chosen): readonly string[] =>
  idle.map((entry) => `organization.exclude: ${entry} leaves nobody out: it is not among the accounts of include, or misspelt.`);

function troublesOf({ unknown, remembered, readAt }: OrganizationSeen, failure: EstateFailure | undefined, now: number): readonly string[] {
  const lasts = failure?.lasting === true || now - Date.parse(readAt) >= LASTING_MS;
  return [
    ...unknown.map((entry) => `organization: ${entry} is not known to the organisation: it is misspelt, or has left it.`),
    ...(remembered !== undefined && lasts ? [`The accounts are those of ${readAt}: ${remembered}`] : []),
  ];
}
