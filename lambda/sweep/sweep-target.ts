// The first half of the story, for one target: inventory, expectation, lookups, diagnosis.
import type { Gap, Inventory, Target } from '../model/identity.ts';
import type { TargetReport, UnreadResult } from '../model/report.ts';
import { type Judging, judgeAll, unjudged } from './judge-target.ts';
import { lookAt } from './look-at.ts';
import { type Histories, loadTarget, rememberTarget } from './target-memory.ts';
import type { SweepTargetPlan, SweepTargetWorld } from './target-plan.ts';

/** A snapshot older than this is no longer judged while SES cannot be read: its tokens may be a former identity's. */
const STALE_SNAPSHOT_MS = 24 * 3_600_000;

/** Sweeps one target. Never throws for what SES or DNS answers: that becomes gaps and unknowns. */
export async function sweepTarget(target: Target, plan: SweepTargetPlan, world: SweepTargetWorld): Promise<TargetReport> {
  const loaded = await loadTarget(target, world.memory);
  if (loaded.kind === 'unreadable') {
    world.log('error', 'memory-unreadable', { ...target, detail: loaded.detail });
    return { ...target, gap: { reason: 'error', detail: loaded.detail }, inventoryComplete: false, results: [], unread: [] };
  }
  // DNS is asked from the snapshot while SES is read: a long inventory delays no question, only the end of the sweep (docs/decisions/0002).
  const [{ inventory: snapshot, gap }, early] = await Promise.all([
    currentInventory(target, loaded.inventory, plan, world),
    lookAt(target, loaded.inventory?.identities ?? [], loaded.histories, plan, world),
  ]);
  if (gap?.reason === 'region-off' && plan.regionMayBeOff && snapshot.identities.length === 0) {
    world.log('info', 'region-off', { ...target });
    return { ...target, inventoryComplete: false, results: [], unread: [] };
  }
  const judging: Judging = { target, histories: loaded.histories, plan, world };
  const { inventory, results } = isTooOld(snapshot, gap, world.clock())
    ? { inventory: snapshot, results: unjudged(snapshot, gap, judging) }
    : await judgeAll(snapshot, early, judging);
  await rememberTarget(target, inventory, results, loaded, world);
  return {
    ...target,
    ...(gap ? { gap } : {}),
    inventoryComplete: inventory.complete && gap === undefined,
    ...(inventory.completedAt !== undefined ? { inventoryAt: inventory.completedAt } : {}),
    results,
    unread: unreadOf(inventory),
    ...goneFrom(inventory, gap, loaded.histories),
  };
}

/** True if SES cannot be read, and what it said last is too old to judge by. */
export function isTooOld(snapshot: Inventory, gap: Gap | undefined, now: number): boolean {
  return gap !== undefined && ageMs(snapshot, now) > STALE_SNAPSHOT_MS;
}

/** Who was watched before and is not in a complete listing any more. */
export function goneFrom(inventory: Inventory, gap: Gap | undefined, histories: Histories): Pick<TargetReport, 'gone'> {
  if (!inventory.complete || gap !== undefined) return {};
  const there = new Set([...inventory.identities, ...inventory.unread].map(({ identity }) => identity));
  const gone = Object.keys(histories).filter((name) => !there.has(name));
  return gone.length > 0 ? { gone } : {};
}

/** The snapshot while it is young enough, else what SES says now, as far as the time allows. */
export async function currentInventory(
  target: Target,
  remembered: Inventory | undefined,
  plan: SweepTargetPlan,
  world: SweepTargetWorld,
): Promise<{ readonly inventory: Inventory; readonly gap?: Gap }> {
  const now = world.clock();
  const due = !remembered?.complete || ageMs(remembered, now) >= plan.inventoryEveryMs;
  if (remembered !== undefined && !due) return { inventory: remembered };
  world.progress?.({ stage: 'inventory', target, done: 0, of: remembered?.identities.length ?? 0 });
  const refreshed = await world.inventory.refresh(target, remembered, plan.inventoryUntil, (done, of) =>
    world.progress?.({ stage: 'inventory', target, done, of }),
  );
  world.log(refreshed.gap ? 'warn' : 'info', 'inventory', {
    ...target,
    identities: refreshed.inventory.identities.length,
    complete: refreshed.inventory.complete,
    ...(refreshed.gap ? { gap: refreshed.gap.reason, detail: refreshed.gap.detail } : {}),
  });
  return refreshed;
}

/** Milliseconds since the snapshot was last complete, or, while it never was, since anything of it was read; infinite if nothing was. A clock that stepped back counts as age 0. */
function ageMs(inventory: Inventory, now: number): number {
  const read =
    inventory.completedAt ??
    inventory.identities
      .map(({ ses }) => ses.readAt)
      .sort()
      .at(-1);
  return read === undefined ? Number.POSITIVE_INFINITY : Math.max(0, now - Date.parse(read));
}

export function unreadOf(inventory: Inventory): readonly UnreadResult[] {
  const known = new Set(inventory.identities.map(({ identity }) => identity));
  const failed = inventory.unread.map(({ identity, type, gap }) => ({ identity, type, ...gap }));
  const named = new Set(failed.map(({ identity }) => identity));
  const waiting = (inventory.pending?.names ?? [])
    .filter(({ identity }) => !known.has(identity) && !named.has(identity))
    .map(({ identity, type }) => ({
      identity,
      type,
      reason: 'not-yet' as const,
      detail: 'Not read yet: the inventory goes on in the next sweep.',
    }));
  return [...failed.filter(({ identity }) => !known.has(identity)), ...waiting];
}
