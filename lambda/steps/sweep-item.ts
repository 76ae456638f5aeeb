// The middle steps of a run: sweeps the small targets of one piece, or reads the inventory of a large target, or looks at one part of its identities.
import { type AlertMemory, EMPTY_ALERT_MEMORY } from '../model/alert.ts';
import { type Inventory, targetKey } from '../model/identity.ts';
import type { Cost } from '../model/report.ts';
import { ALERTS_KEY, type InventoryBlob, inventoryKey, SCHEMA, ZONES_KEY, zonesKey } from '../sweep/blobs.ts';
import { type Judging, judgeAll, unjudged } from '../sweep/judge-target.ts';
import { lookAt } from '../sweep/look-at.ts';
import type { Memory } from '../sweep/ports.ts';
import { rememberZones, type SweepPlan } from '../sweep/run-sweep.ts';
import { serverTally } from '../sweep/server-tally.ts';
import { logFailingServers } from '../sweep/sweep-lines.ts';
import { currentInventory, isTooOld } from '../sweep/sweep-target.ts';
import { sweepTargets, targetPlanOf } from '../sweep/sweep-targets.ts';
import { loadTarget } from '../sweep/target-memory.ts';
import type { SweepTargetPlan, SweepTargetWorld } from '../sweep/target-plan.ts';
import { queueChange } from './renewed-inventory.ts';
import { type InventoryNote, type Item, inventoryNoteKey, type PartBlob, partKey, type Run, reportsKey, type TargetsBlob } from './run.ts';

type Small = Extract<Item, { kind: 'targets' }>;
type Large = Extract<Item, { kind: 'large' }>;

/** A short line for the state machine's history; the reports are in the bucket. */
export interface StepLine {
  readonly done: 'target' | 'inventory' | 'part';
  readonly identities: number;
}

/**
 * A target of a piece is small by what was counted last. One that holds more than this many times what is looked at in one part is only listed: the next
 * run, which knows its size, looks at it in parts. One that has only just grown over the limit is looked at once more as a whole.
 */
const SLACK = 2;

/**
 * Sweeps every target of the piece as one function would, but for those that turn out to be large: see {@link SLACK}. What fails for one target is its gap.
 * `partIdentities`: how many identities are looked at in one part.
 */
export async function sweepSmall(
  run: Run,
  item: Small,
  plan: SweepPlan,
  partIdentities: number,
  world: SweepTargetWorld,
): Promise<StepLine> {
  const [first] = item.targets;
  if (first === undefined) return { done: 'target', identities: 0 };
  const targets = await withDns(zonesKey(targetKey(first)), world, async (watched) =>
    sweepTargets(item.targets, { ...(await targetPlan(run, plan, world)), mostIdentities: SLACK * partIdentities }, watched),
  );
  const blob: TargetsBlob = { schema: 1, targets, cost: costOf(world) };
  await world.memory.write(reportsKey(run, item.n), blob, 'any');
  return { done: 'target', identities: targets.reduce((sum, { results, unread }) => sum + results.length + unread.length, 0) };
}

export interface ReadingPlan extends SweepPlan {
  /** Milliseconds that a listing may take which is not complete; `inventoryMs` is for a refresh and for details, which others should not wait for. */
  readonly listingMs: number;
}

/** Reads SES for a large target, where that is due, before its parts are looked at: all of them judge by the same inventory. */
export async function readLarge(run: Run, item: Large, plan: ReadingPlan, world: SweepTargetWorld): Promise<StepLine> {
  const { target } = item;
  const loaded = await loadTarget(target, world.memory);
  if (loaded.kind === 'unreadable') {
    world.log('error', 'memory-unreadable', { ...target, detail: loaded.detail });
    await note(run, item, { schema: 1, gap: { reason: 'error', detail: loaded.detail }, blind: true, cost: costOf(world) }, world.memory);
    return { done: 'inventory', identities: 0 };
  }
  const inventoryMs = loaded.inventory?.complete === true ? plan.inventoryMs : Math.max(plan.inventoryMs, plan.listingMs);
  const all = await targetPlan(run, { ...plan, inventoryMs }, world);
  const { inventory, gap } = await currentInventory(target, loaded.inventory, loaded.histories, all, world);
  if (inventory !== loaded.inventory) {
    const blob: InventoryBlob = { schema: SCHEMA.inventory, inventory };
    const written = await world.memory.write(inventoryKey(target), blob, loaded.inventoryVersion);
    if (written.kind === 'conflict') world.log('warn', 'memory-conflict', { ...target });
  }
  await note(run, item, { schema: 1, ...(gap ? { gap } : {}), cost: costOf(world) }, world.memory);
  return { done: 'inventory', identities: inventory.identities.length };
}

const note = (run: Run, { n }: Large, value: InventoryNote, memory: Memory) => memory.write(inventoryNoteKey(run, n), value, 'any');

/** Looks at one part of a large target's identities, and judges them. It remembers nothing of the target: the last step does, for all parts. */
export async function sweepPart(run: Run, item: Large, part: number, plan: SweepPlan, world: SweepTargetWorld): Promise<StepLine> {
  const { target, n } = item;
  const [noted, loaded] = await Promise.all([world.memory.read(inventoryNoteKey(run, n), 1), loadTarget(target, world.memory)]);
  if (noted.kind !== 'found') throw new Error(`How the inventory of ${targetKey(target)} was read is not there: ${noted.kind}.`);
  const { gap, blind } = noted.value as InventoryNote;
  if (blind === true) return await putPart(run, item, part, { results: [] }, world);
  // Not an empty part: its identities would be taken for gone.
  if (loaded.kind === 'unreadable' || loaded.inventory === undefined)
    throw new Error(
      `What is remembered of ${targetKey(target)} cannot be read: ${loaded.kind === 'unreadable' ? loaded.detail : 'absent'}.`,
    );
  const { inventory, histories } = loaded;
  const own: Inventory = { ...inventory, identities: partOf(inventory, part, item.parts.length) };
  const all = await targetPlan(run, plan, world);
  const one: SweepTargetPlan = { ...all, freshShare: 1 / item.parts.length };
  const judged = await withDns(`${zonesKey(targetKey(target))}/${part}`, world, async (watched) => {
    const judging: Judging = { target, histories, plan: one, world: watched, all: inventory.identities };
    if (isTooOld(inventory, gap, world.clock())) return { results: unjudged(own, gap, judging), inventory: own };
    const early = await lookAt(target, own.identities, histories, one, watched, inventory.identities);
    return await judgeAll(own, early, judging);
  });
  const { results } = judged;
  // Whose details it did not come to would be forgotten: the inventory has another writer.
  const queue = queueChange(own, judged.inventory);
  return await putPart(run, item, part, { results, ...(queue === undefined ? {} : { queue }) }, world);
}

async function putPart(
  run: Run,
  { n }: Large,
  part: number,
  seen: Pick<PartBlob, 'results' | 'queue'>,
  world: SweepTargetWorld,
): Promise<StepLine> {
  const blob: PartBlob = { schema: 1, ...seen, cost: costOf(world) };
  await world.memory.write(partKey(run, n, part), blob, 'any');
  return { done: 'part', identities: seen.results.length };
}

/** The identities of one part: slices of the inventory's own order, so that the parts in turn are the whole. */
export function partOf({ identities }: Inventory, part: number, of: number): Inventory['identities'] {
  const size = Math.ceil(identities.length / of);
  return identities.slice(part * size, (part + 1) * size);
}

/** The plan of one function for its targets, bounded by the run. */
async function targetPlan(run: Run, plan: SweepPlan, { memory, clock }: SweepTargetWorld): Promise<SweepTargetPlan> {
  const remembered = await memory.read(ALERTS_KEY, SCHEMA.alerts);
  const alerts: AlertMemory = remembered.kind === 'found' ? (remembered.value as AlertMemory) : EMPTY_ALERT_MEMORY;
  return targetPlanOf({ ...plan, until: Math.min(plan.until, run.until) }, alerts, clock(), run.startedAt);
}

/** Works with the delegations that the same piece knew in the last run, and keeps what it knows now: each its own, or the last writer would lose all others'. */
async function withDns<T>(key: string, world: SweepTargetWorld, work: (watched: SweepTargetWorld) => Promise<T>): Promise<T> {
  const own = await world.memory.read(key, SCHEMA.zones);
  const zones = own.kind === 'found' ? own : await world.memory.read(ZONES_KEY, SCHEMA.zones);
  if (zones.kind === 'found') world.dns.importCache((zones.value as { readonly cache?: unknown }).cache);
  const tally = serverTally();
  const done = await work({ ...world, dns: tally.watching(world.dns) });
  await rememberZones(world, own, key);
  logFailingServers(tally, world.log);
  return done;
}

function costOf({ inventory, dns }: SweepTargetWorld): Cost {
  return { ...inventory.calls(), dnsQuestions: dns.questions() };
}
