// The first half of the story, for one target: inventory, expectation, lookups, diagnosis.
import { detailsReadAt, type Gap, type Inventory, type Target, waitingNames } from '../model/identity.ts';
import type { TargetReport, UnreadResult } from '../model/report.ts';
import { DETAILS_EVERY_MS } from './inventory-age.ts';
import { type Judging, judgeAll, unjudged } from './judge-target.ts';
import { lookAt } from './look-at.ts';
import { type Histories, type Loaded, loadTarget, rememberTarget } from './target-memory.ts';
import type { SweepTargetPlan, SweepTargetWorld } from './target-plan.ts';

/** A snapshot older than this is no longer judged while SES cannot be read: its tokens may be a former identity's. */
const STALE_SNAPSHOT_MS = 24 * 3_600_000;

/** Sweeps one target. Never throws for what SES or DNS answers: that becomes gaps and unknowns. */
export async function sweepTarget(target: Target, plan: SweepTargetPlan, world: SweepTargetWorld): Promise<TargetReport> {
  const loaded = await loadTarget(target, world.memory, plan.ledger);
  if (loaded.kind === 'unreadable') {
    world.log('error', 'memory-unreadable', { ...target, detail: loaded.detail });
    return { ...target, gap: { reason: 'error', detail: loaded.detail }, inventoryComplete: false, results: [], unread: [] };
  }
  // DNS is asked from the snapshot while SES is read: a long inventory delays no question, only the end of the sweep (docs/decisions/0002).
  const [{ inventory: snapshot, gap }, early] = await Promise.all([
    currentInventory(target, loaded.inventory, loaded.histories, plan, world),
    lookAt(target, isTooLarge(loaded.inventory, plan) ? [] : (loaded.inventory?.identities ?? []), loaded.histories, plan, world),
  ]);
  if (gap?.reason === 'region-off' && plan.regionMayBeOff && snapshot.identities.length === 0) {
    world.log('info', 'region-off', { ...target });
    return { ...target, inventoryComplete: false, results: [], unread: [] };
  }
  if (isTooLarge(snapshot, plan)) return await listed(target, { snapshot, gap, loaded }, plan, world);
  const judging: Judging = { target, histories: loaded.histories, plan, world };
  const { inventory, results } = isTooOld(snapshot, gap, world.clock())
    ? { inventory: snapshot, results: unjudged(snapshot, gap, judging) }
    : await judgeAll(snapshot, early, judging);
  const remembered = await rememberTarget(target, inventory, results, loaded, plan, world);
  if (remembered) plan.ledger?.noteEmpty(target, loaded.inventory, inventory, { gap, inventoryEveryMs: plan.inventoryEveryMs });
  return {
    ...target,
    ...headOf(inventory, gap),
    results,
    unread: unreadOf(inventory),
    ...goneFrom(inventory, gap, loaded.histories),
  };
}

const isTooLarge = (inventory: Inventory | undefined, { mostIdentities }: SweepTargetPlan): boolean =>
  mostIdentities !== undefined && inventory !== undefined && inventory.identities.length > mostIdentities;

const TOO_LARGE = 'Not looked at yet: its account and region holds more than was known, and is looked at in parts from the next run on.';

interface Listing {
  readonly snapshot: Inventory;
  readonly gap: Gap | undefined;
  readonly loaded: Extract<Loaded, { kind: 'loaded' }>;
}

/** The report of a target that holds too many to be looked at here: all of them are known and unread. Histories stay as they are. */
async function listed(
  target: Target,
  { snapshot, gap, loaded }: Listing,
  plan: SweepTargetPlan,
  world: SweepTargetWorld,
): Promise<TargetReport> {
  const kept = snapshot.identities.flatMap((identity) => {
    const history = loaded.histories[identity.identity];
    return history === undefined ? [] : [{ identity, history }];
  });
  await rememberTarget(target, snapshot, kept, loaded, plan, world);
  const unlooked = snapshot.identities.map(
    ({ identity, type }): UnreadResult => ({ identity, type, reason: 'not-yet', detail: TOO_LARGE }),
  );
  world.log('warn', 'target-only-listed', { ...target, identities: unlooked.length, most: plan.mostIdentities });
  return {
    ...target,
    ...headOf(snapshot, gap),
    results: [],
    unread: [...unlooked, ...unreadOf(snapshot)],
    ...goneFrom(snapshot, gap, loaded.histories),
  };
}

/** What a report says of the inventory as a whole. */
function headOf(
  inventory: Inventory,
  gap: Gap | undefined,
): Pick<TargetReport, 'gap' | 'inventoryComplete' | 'inventoryAt' | 'detailsAt' | 'undetailed'> {
  return {
    ...(gap ? { gap } : {}),
    inventoryComplete: inventory.complete && gap === undefined,
    ...(inventory.completedAt !== undefined ? { inventoryAt: inventory.completedAt } : {}),
    ...detailsOf(inventory),
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

/** The snapshot while it is young enough and nothing of it is left to read, else what SES says now, as far as the time allows. */
export async function currentInventory(
  target: Target,
  remembered: Inventory | undefined,
  histories: Histories,
  plan: SweepTargetPlan,
  world: SweepTargetWorld,
): Promise<{ readonly inventory: Inventory; readonly gap?: Gap }> {
  const now = world.clock();
  const statusDue = !remembered?.complete || ageMs(remembered, now) >= plan.inventoryEveryMs;
  if (remembered !== undefined && !statusDue && remembered.pending === undefined) return { inventory: remembered };
  const { inventoryEveryMs, detailsEveryMs = DETAILS_EVERY_MS } = plan;
  const needs = { statusDue, wrong: wrongIn(remembered, histories), inventoryEveryMs, detailsEveryMs };
  world.progress?.({ stage: 'inventory', target, done: 0, of: remembered?.identities.length ?? 0 });
  const onProgress = (done: number, of: number) => world.progress?.({ stage: 'inventory', target, done, of });
  const refreshed = await world.inventory.refresh(target, remembered, plan.inventoryUntil, onProgress, needs);
  world.log(refreshed.gap ? 'warn' : 'info', 'inventory', {
    ...target,
    identities: refreshed.inventory.identities.length,
    complete: refreshed.inventory.complete,
    detailsLeft: waitingNames(refreshed.inventory).length,
    ...(refreshed.gap ? { gap: refreshed.gap.reason, detail: refreshed.gap.detail } : {}),
  });
  return refreshed;
}

/** Whose details say more than their status does: DNS is wrong, or a provisional identity was not seen well. */
function wrongIn(inventory: Inventory | undefined, histories: Histories): ReadonlySet<string> {
  const wrong = (inventory?.identities ?? []).filter(({ identity, provisional }) => {
    const history = histories[identity];
    return history !== undefined && (history.brokenSince !== undefined || (provisional === true && history.last !== 'healthy'));
  });
  return new Set(wrong.map(({ identity }) => identity));
}

/** Since when the details of the identity that has waited longest are as they are, or are waited for; and of how many there are none. */
export function detailsOf(inventory: Inventory): Pick<TargetReport, 'detailsAt' | 'undetailed'> {
  const waiting = waitingNames(inventory);
  const readAt = inventory.identities.map((identity) => detailsReadAt(identity)).filter((at) => at !== undefined);
  const known = new Set(inventory.identities.filter(({ provisional }) => provisional !== true).map(({ identity }) => identity));
  const never = waiting.filter(({ identity }) => !known.has(identity.toLowerCase()));
  const oldest = [...readAt, ...never.map(({ since }) => since).filter((at) => at !== undefined)].sort()[0];
  return { ...(oldest === undefined ? {} : { detailsAt: oldest }), ...(never.length === 0 ? {} : { undetailed: never.length }) };
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
  const waiting = waitingNames(inventory)
    .filter(({ identity }) => !known.has(identity.toLowerCase()) && !named.has(identity.toLowerCase()))
    .map(({ identity, type }) => ({
      identity,
      type,
      reason: 'not-yet' as const,
      detail: 'Not read yet: the inventory goes on in the next sweep.',
    }));
  return [...failed.filter(({ identity }) => !known.has(identity)), ...waiting];
}
