// What is remembered of a target whose parts were looked at by many: written once, at the end of the run, by one.
import type { IdentityResult, TargetReport } from '../model/report.ts';
import type { SweepWorld } from '../sweep/run-sweep.ts';
import { loadTarget, rememberTarget } from '../sweep/target-memory.ts';
import { type QueueChange, renewedInventory } from './renewed-inventory.ts';

/**
 * `now`: the sweep's own time, ISO 8601 UTC. The one writer of a large target's memory: its inventory with the facts that its parts renewed and the details
 * that they did not come to, and the history of each identity.
 */
export async function rememberLarge(
  head: TargetReport,
  seen: readonly Pick<IdentityResult, 'identity' | 'history'>[],
  changes: readonly QueueChange[],
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
  await rememberTarget(target, renewedInventory(inventory, seen, unread, changes), [...seen, ...kept], loaded, { now }, world);
}
