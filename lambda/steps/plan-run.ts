// The first step of a run: takes the lease, cuts the estate into pieces, and writes them where Step Functions and the last step find them.
import { type Target, targetKey } from '../model/identity.ts';
import { releaseLease, takeLeaseForSweep } from '../sweep/lease.ts';
import { withdrawFromLedger } from '../sweep/ledger.ts';
import type { Clock, ItemList, Log, Memory, Sleep } from '../sweep/ports.ts';
import type { Estate } from '../sweep/resolve-targets.ts';
import { type Cut, makeItems } from './make-items.ts';
import { itemsObject, RUN_SCHEMA, type Run, type RunPlanBlob, runPlanKey } from './run.ts';
import { readSizes } from './sizes.ts';

export interface PlanRunInput {
  /** The execution's name. */
  readonly run: string;
  readonly targets: readonly Target[];
  /** How the targets came about: the last step says so. */
  readonly estate?: Estate;
  readonly cut: Cut;
  /** See {@link makeItems}. */
  readonly sharedResolvers: boolean;
  /** Milliseconds from now in which the pieces may ask, and after which the lease ends by itself. */
  readonly askMs: number;
  readonly leaseMs: number;
  /** Milliseconds that this step may wait for an early check to end. */
  readonly waitMs: number;
}

export interface PlanRunWorld {
  readonly memory: Memory;
  readonly items: ItemList;
  readonly clock: Clock;
  readonly sleep: Sleep;
  readonly log: Log;
}

/** What the state machine goes on with. `key` names the object with the pieces. */
export type PlannedRun =
  | { readonly outcome: 'planned'; readonly run: Run; readonly key: string; readonly items: number; readonly targets: number }
  | { readonly outcome: 'held'; readonly owner: string /** ISO 8601 UTC. */; readonly until: string };

/** Plans one run. Throws if the memory cannot be written: the lease is free again then. */
export async function planRun(input: PlanRunInput, world: PlanRunWorld): Promise<PlannedRun> {
  const asked = world.clock();
  const lease = await takeLeaseForSweep(
    world.memory,
    { owner: input.run, leaseUntil: asked + input.leaseMs, waitUntil: asked + input.waitMs },
    world,
  );
  if (lease.kind === 'held') {
    const until = new Date(lease.until).toISOString();
    world.log('warn', 'sweep-skipped', {
      reason: 'another run is still under way: this one ends here, and the next schedule begins a new one',
      holder: lease.owner,
      until,
    });
    return { outcome: 'held', owner: lease.owner, until };
  }
  try {
    return await written(input, world);
  } catch (error) {
    await releaseLease(world.memory, input.run);
    throw error;
  }
}

async function written({ run: id, targets, estate, cut, sharedResolvers, askMs }: PlanRunInput, world: PlanRunWorld): Promise<PlannedRun> {
  const began = world.clock();
  await withdrawFromLedger(targets, world);
  const run: Run = { id, startedAt: new Date(began).toISOString(), until: began + askMs };
  const { identities, failed } = await readSizes(world.memory);
  const items = makeItems(targets, identities, cut, sharedResolvers, failed);
  const plan: RunPlanBlob = { schema: RUN_SCHEMA, items, ...(estate === undefined ? {} : { estate }) };
  const key = itemsObject(run);
  await Promise.all([world.memory.write(runPlanKey(run), plan, 'any'), world.items(key, items)]);
  world.log('info', 'run-planned', {
    run: id,
    targets: targets.length,
    pieces: items.length,
    large: items.filter(({ kind }) => kind === 'large').length,
    uncounted: targets.filter((target) => !identities.has(targetKey(target))).length,
    askers: items[0]?.pace.askers ?? 0,
    perServerPerSecond: items[0]?.pace.perServerPerSecond ?? 0,
  });
  return { outcome: 'planned', run, key, items: items.length, targets: targets.length };
}
