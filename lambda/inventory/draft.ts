// A snapshot taken apart to be worked on in one run, and put together again at its end.
import type { DetailReason, Identity, Inventory, PendingName, UnreadIdentity } from '../model/identity.ts';
import { detailsReadAt } from '../model/identity.ts';
import { identityName } from './read-identity.ts';

/** All maps and sets are keyed by {@link identityName}. Changed in place by the steps of one run. */
export interface Draft {
  readonly before: Inventory;
  /** False while nothing of it differs from `before`. */
  touched: boolean;
  /** True while a listing or the batches after it are not done. */
  underWay: boolean;
  complete: boolean;
  nextToken: string | undefined;
  listedAt: string | undefined;
  completedAt: string | undefined;
  unasked: readonly PendingName[];
  seen: Set<string>;
  readonly facts: Map<string, Identity>;
  readonly unread: Map<string, UnreadIdentity>;
  /** Whose details are to be read. */
  readonly queue: Map<string, PendingName>;
}

export function draftOf(before: Inventory): Draft {
  const { pending } = before;
  const underWay = !before.complete && pending !== undefined && (pending.nextToken !== undefined || pending.seen.length > 0);
  // A snapshot of before v1 was asked: whoever was listed and not read yet is what is left to ask about.
  const unasked = underWay ? (pending.unasked ?? pending.names) : [];
  const waiting = pending === undefined || (underWay && pending.unasked === undefined) ? [] : pending.names;
  const facts = new Map(before.identities.map((identity) => [identity.identity, identity]));
  return {
    before,
    touched: false,
    underWay,
    complete: before.complete,
    nextToken: underWay ? pending.nextToken : undefined,
    listedAt: before.listedAt,
    completedAt: before.completedAt,
    unasked,
    seen: new Set(underWay ? pending.seen : []),
    facts,
    unread: new Map(before.unread.map((entry) => [entry.identity, entry])),
    queue: new Map(
      waiting.flatMap((name) => {
        const key = identityName(name.identity);
        return isReadSince(facts.get(key), name.since) ? [] : [[key, name]];
      }),
    ),
  };
}

/** Its details were read meanwhile, because DNS turned bad or an event named it. */
function isReadSince(identity: Identity | undefined, since: string | undefined): boolean {
  const readAt = identity === undefined ? undefined : detailsReadAt(identity);
  return readAt !== undefined && since !== undefined && readAt > since;
}

const URGENCY: Readonly<Record<DetailReason, number>> = { changed: 0, new: 1, standing: 2, rotation: 3 };

/** Has the details of `name` read; of two reasons the more urgent one stays, and the time since which they are waited for. `now` is ISO 8601 UTC. */
export function enqueue(draft: Draft, name: PendingName, why: DetailReason, now: string): void {
  const key = identityName(name.identity);
  const known = draft.queue.get(key);
  const reason = known !== undefined && URGENCY[known.why ?? 'new'] < URGENCY[why] ? (known.why ?? 'new') : why;
  draft.queue.set(key, { ...known, ...name, why: reason, since: known?.since ?? now });
  draft.touched = true;
}

/** An identity that SES says is no more. In `unasked` it may stay: whoever is not in `seen` any more is passed over there. */
export function drop(draft: Draft, key: string): void {
  draft.facts.delete(key);
  draft.unread.delete(key);
  draft.queue.delete(key);
  draft.seen.delete(key);
  draft.touched = true;
}

/** The snapshot again; the very same if nothing happened. */
export function inventoryOf(draft: Draft): Inventory {
  const { before, touched, underWay, complete, nextToken, listedAt, completedAt, unasked, seen, facts, unread, queue } = draft;
  if (!touched) return before;
  const names = [...queue.values()];
  const pending = underWay
    ? { ...(nextToken === undefined ? {} : { nextToken }), names, seen: [...seen], unasked }
    : names.length > 0
      ? { names, seen: [] }
      : undefined;
  return {
    account: before.account,
    region: before.region,
    ...(listedAt === undefined ? {} : { listedAt }),
    complete,
    ...(completedAt === undefined ? {} : { completedAt }),
    identities: sorted(facts.values()),
    unread: sorted(unread.values()),
    ...(pending === undefined ? {} : { pending }),
  };
}

function sorted<T extends Identity | UnreadIdentity>(entries: Iterable<T>): readonly T[] {
  return [...entries].sort((a, b) => (a.identity < b.identity ? -1 : a.identity > b.identity ? 1 : 0));
}
