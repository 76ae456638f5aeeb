// What is remembered of a target whose parts were looked at by many: written once, at the end of the run, by one.
import type { Inventory } from '../model/identity.ts';
import type { IdentityResult, TargetReport } from '../model/report.ts';
import type { SweepWorld } from '../sweep/run-sweep.ts';
import { loadTarget, rememberTarget } from '../sweep/target-memory.ts';

/** `now`: the sweep's own time, ISO 8601 UTC. The one writer of a large target's memory: its inventory with the facts that its parts renewed, and the history of each identity. */
export async function rememberLarge(
  head: TargetReport,
  seen: readonly Pick<IdentityResult, 'identity' | 'history'>[],
  now: string,
  world: SweepWorld,
): Promise<void> {
  const target = { account: head.account, region: head.region };
  const loaded = await loadTarget(target, world.memory);
  if (loaded.kind === 'unreadable' || loaded.inventory === undefined) {
    world.log('error', 'memory-unreadable', { ...target, detail: loaded.kind === 'unreadable' ? loaded.detail : 'its inventory is gone' });
    return;
  }
  const { inventory, histories } = loaded;
  const unread = new Set(head.unread.map(({ identity }) => identity));
  const kept = inventory.identities.flatMap((identity) => {
    const history = unread.has(identity.identity) ? histories[identity.identity] : undefined;
    return history === undefined ? [] : [{ identity, history }];
  });
  await rememberTarget(target, renewed(inventory, seen, unread), [...seen, ...kept], loaded, { now }, world);
}

/** The same inventory if nothing in it was read anew: then it is not written. Who was looked at and has no result is known to SES no more. */
function renewed(inventory: Inventory, seen: readonly Pick<IdentityResult, 'identity'>[], unread: ReadonlySet<string>): Inventory {
  const now = new Map(seen.map(({ identity }) => [identity.identity, identity]));
  let changed = false;
  const identities = inventory.identities.flatMap((identity) => {
    const fresh = now.get(identity.identity);
    if (fresh === undefined && unread.has(identity.identity)) return [identity];
    if (fresh?.ses.readAt === identity.ses.readAt) return [identity];
    changed = true;
    return fresh === undefined ? [] : [fresh];
  });
  return changed ? { ...inventory, identities } : inventory;
}
