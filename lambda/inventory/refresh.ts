// Begins or continues the snapshot of one target: listing, then details, resumable at every step.
import type { Gap, Identity, Inventory, PendingName, Target, UnreadIdentity } from '../model/identity.ts';
import type { Clock } from '../sweep/ports.ts';
import { type DetailOutcome, readDetails } from './detail.ts';
import { gapOf } from './failure.ts';
import { type Listing, type ListOutcome, listIdentities } from './list.ts';
import { identityName } from './read-identity.ts';
import type { SesSession } from './session.ts';

export interface Refreshed {
  readonly inventory: Inventory;
  readonly gap?: Gap;
}

/**
 * As `InventoryReader.refresh`. While there is a gap the snapshot is not complete (or is the old one, untouched), so that the next
 * run tries again instead of waiting for the next full inventory. An identity with facts of an earlier run keeps them when it cannot
 * be read anew: their `readAt` shows the age.
 */
export async function refreshTarget(
  session: SesSession,
  previous: Inventory | undefined,
  until: number,
  clock: Clock,
  onProgress?: (done: number, of: number) => void,
): Promise<Refreshed> {
  const { target } = session;
  const before = previous ?? emptyInventory(target);
  const began = new Date(clock()).toISOString();
  // Names without a token to go on from: the listing had ended, only details are left.
  const resumed = before.pending;
  const listed: ListOutcome =
    resumed !== undefined && resumed.nextToken === undefined
      ? { kind: 'ended', listing: resumed, restarted: false }
      : await listIdentities(session, resumed, until);
  // A listing that goes on dates from its first page.
  const listedAt = (listed.restarted ? undefined : before.listedAt) ?? began;

  if (listed.kind === 'stopped') {
    const gap = gapOfStop(target, before, listed);
    const inventory =
      listed.listing.nextToken === undefined
        ? withoutProgress(before, listed)
        : { ...before, listedAt, complete: false, pending: listed.listing };
    return { inventory, ...(gap === undefined ? {} : { gap }) };
  }
  const names = neverReadFirst(listed.listing.names, before.identities);
  const details = await readDetails(session, names, until, clock, onProgress);
  return afterDetails(before, listed.listing, details, { listedAt, now: new Date(clock()).toISOString() });
}

function emptyInventory({ account, region }: Target): Inventory {
  return { account, region, complete: false, identities: [], unread: [] };
}

/** Not one page could be read, or the listing went in circles: the old snapshot stays, and the next run lists from the beginning. */
function withoutProgress(before: Inventory, listed: ListOutcome & { kind: 'stopped' }): Inventory {
  if (listed.pages === 0 || before.pending === undefined) return before;
  const { pending: _dropped, ...rest } = before;
  return rest;
}

function gapOfStop({ account, region }: Target, before: Inventory, listed: ListOutcome & { kind: 'stopped' }): Gap | undefined {
  // Pages were read: the next run goes on from there.
  if (listed.listing.nextToken !== undefined && listed.pages > 0) return undefined;
  if (listed.failure !== undefined) return gapOf(listed.failure);
  // Out of time before it began, but something is known already.
  if (before.identities.length > 0) return undefined;
  return {
    reason: 'out-of-time',
    detail: `The time of this run was over before the identities of ${region} (account ${account}) could be listed.`,
  };
}

/** Identities about which nothing is known come first, then those whose facts are oldest. */
function neverReadFirst(names: readonly PendingName[], known: readonly Identity[]): readonly PendingName[] {
  const readAt = new Map(known.map(({ identity, ses }) => [identity, ses.readAt]));
  const age = (name: PendingName) => readAt.get(identityName(name.identity)) ?? '';
  return names
    .map((name) => ({ name, age: age(name) }))
    .sort((a, b) => (a.age < b.age ? -1 : a.age > b.age ? 1 : 0))
    .map(({ name }) => name);
}

function afterDetails(
  before: Inventory,
  listing: Listing,
  details: DetailOutcome,
  at: { readonly listedAt: string; readonly now: string },
): Refreshed {
  const facts = new Map(before.identities.map((identity) => [identity.identity, identity]));
  const unread = new Map(before.unread.map((entry) => [entry.identity, entry]));
  const seen = new Set(listing.seen);
  for (const name of details.gone.map((gone) => identityName(gone.identity))) {
    facts.delete(name);
    unread.delete(name);
    seen.delete(name);
  }
  for (const identity of details.read) {
    facts.set(identity.identity, identity);
    unread.delete(identity.identity);
  }
  for (const { name, failure } of details.failed) {
    const identity = identityName(name.identity);
    if (!facts.has(identity)) unread.set(identity, { identity, type: name.type, gap: gapOf(failure) });
  }
  // Nothing read since the listing and something refused: that is the target's trouble, not each identity's, and all are tried again.
  const progress = [...facts.values()].some(({ ses }) => ses.readAt > at.listedAt);
  const failure = details.stoppedBy ?? (progress && details.left.length === 0 ? undefined : details.lastFailure);
  // A run that got on is no gap: what is left is `pending`, and the next run either gets on too or meets the same failure first.
  const gap = failure === undefined || details.read.length > 0 ? undefined : gapOf(failure);
  const left = progress ? details.left : [...details.left, ...details.failed.map(({ name }) => name)];
  const base = { account: before.account, region: before.region, listedAt: at.listedAt };

  if (left.length > 0) {
    const inventory: Inventory = {
      ...base,
      complete: false,
      ...(before.completedAt === undefined ? {} : { completedAt: before.completedAt }),
      identities: sorted(facts.values()),
      unread: sorted(unread.values()),
      pending: { names: left, seen: [...seen] },
    };
    return { inventory, ...(gap === undefined ? {} : { gap }) };
  }
  const inventory: Inventory = {
    ...base,
    complete: true,
    completedAt: at.now,
    identities: sorted(facts.values()).filter(({ identity }) => seen.has(identity)),
    unread: sorted(unread.values()).filter(({ identity }) => seen.has(identity) && !facts.has(identity)),
  };
  return { inventory };
}

function sorted<T extends Identity | UnreadIdentity>(entries: Iterable<T>): readonly T[] {
  return [...entries].sort((a, b) => (a.identity < b.identity ? -1 : a.identity > b.identity ? 1 : 0));
}
