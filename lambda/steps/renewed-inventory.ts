// The inventory of a large target after its parts were looked at: each may have read some of it anew, or found that somebody's details are to be read.
import type { Inventory, PendingName } from '../model/identity.ts';
import { waitingNames } from '../model/identity.ts';
import type { IdentityResult } from '../model/report.ts';

/** What one part changed of whose details are waited for. Names as in {@link keyOf}. */
export interface QueueChange {
  readonly added: readonly PendingName[];
  /** Read, or known to SES no more. */
  readonly settled: readonly string[];
}

const keyOf = ({ identity }: Pick<PendingName, 'identity'>): string => identity.toLowerCase();

/** Undefined if the part changed nothing of it. */
export function queueChange(before: Inventory, after: Inventory): QueueChange | undefined {
  if (before.pending === after.pending) return undefined;
  const old = new Map((before.pending?.names ?? []).map((name) => [keyOf(name), name]));
  const added = (after.pending?.names ?? []).filter((name) => JSON.stringify(old.get(keyOf(name))) !== JSON.stringify(name));
  const still = new Set(waitingNames(after).map(keyOf));
  const settled = [...old.keys()].filter((name) => !still.has(name));
  return added.length + settled.length === 0 ? undefined : { added, settled };
}

/** The same inventory if nothing in it was read anew: then it is not written. Who was looked at and has no result is known to SES no more. */
export function renewedInventory(
  inventory: Inventory,
  seen: readonly Pick<IdentityResult, 'identity'>[],
  unread: ReadonlySet<string>,
  changes: readonly QueueChange[],
): Inventory {
  const now = new Map(seen.map(({ identity }) => [identity.identity, identity]));
  let changed = changes.length > 0;
  const identities = inventory.identities.flatMap((identity) => {
    const fresh = now.get(identity.identity);
    if (fresh === undefined && unread.has(identity.identity)) return [identity];
    if (fresh !== undefined && isAsBefore(fresh, identity)) return [identity];
    changed = true;
    return fresh === undefined ? [] : [fresh];
  });
  if (!changed) return inventory;
  const { pending: before, ...rest } = inventory;
  const pending = pendingAfter(before, changes);
  return { ...rest, identities, ...(pending === undefined ? {} : { pending }) };
}

/** Either clock moves when something is read: that of the status, or that of the details. */
const isAsBefore = (a: Inventory['identities'][number], b: Inventory['identities'][number]): boolean =>
  a.ses.readAt === b.ses.readAt && a.detailedAt === b.detailedAt;

/** The parts in turn, as one function would have done it. */
function pendingAfter(before: Inventory['pending'], changes: readonly QueueChange[]): Inventory['pending'] {
  const queue = new Map((before?.names ?? []).map((name) => [keyOf(name), name]));
  for (const { added, settled } of changes) {
    for (const name of settled) queue.delete(name);
    for (const name of added) queue.set(keyOf(name), name);
  }
  const underWay = before !== undefined && (before.nextToken !== undefined || before.seen.length > 0 || before.unasked !== undefined);
  return queue.size === 0 && !underWay ? undefined : { ...(before ?? { seen: [] }), names: [...queue.values()] };
}
