// One run of the state machine: its words, and the names of what it leaves in the bucket.
import type { Gap, Target } from '../model/identity.ts';
import type { Cost, IdentityResult, TargetReport } from '../model/report.ts';
import type { Estate } from '../sweep/resolve-targets.ts';
import type { QueueChange } from './renewed-inventory.ts';

/** Begins the name of everything that a run leaves behind; it expires by itself. */
export const RUNS_PREFIX = 'runs/';

/** What all steps of one run know. It travels through the state machine. */
export interface Run {
  /** The execution's name. It holds the lease. */
  readonly id: string;
  /** ISO 8601 UTC: the sweep's own time, the same in every step. */
  readonly startedAt: string;
  /** Milliseconds since the epoch: what has not been asked by then becomes unknown. */
  readonly until: number;
}

/** How fast one of many may ask: the limits of the whole, divided. */
export interface Pace {
  /** Steps that may ask DNS at the same time. */
  readonly askers: number;
  /** Packets a second to one server. */
  readonly perServerPerSecond: number;
  /** Packets a second to all resolvers together; absent: as one process alone. */
  readonly resolverPerSecond?: number;
}

/** One piece of a run: some small targets, or one that is so large that its identities are looked at in parts. */
export type Item =
  | { readonly n: number; readonly kind: 'targets'; readonly targets: readonly Target[]; readonly pace: Pace }
  | { readonly n: number; readonly kind: 'large'; readonly target: Target; readonly parts: readonly number[]; readonly pace: Pace };

export const RUN_SCHEMA = 1;

/** What the plan leaves for the end of the run. */
export interface RunPlanBlob {
  readonly schema: 1;
  readonly items: readonly Item[];
  /** How the targets came about; absent where the configuration names them all. */
  readonly estate?: Estate;
}

/** What one piece leaves: the reports of its targets. */
export interface TargetsBlob {
  readonly schema: 1;
  readonly targets: readonly TargetReport[];
  readonly cost: Cost;
}

/** How the inventory of a large target was read: what its parts judge by. */
export interface InventoryNote {
  readonly schema: 1;
  readonly gap?: Gap;
  /** True if nothing may be judged: what is remembered of the target cannot be read. */
  readonly blind?: true;
  readonly cost: Cost;
}

/** What one part of a large target leaves. */
export interface PartBlob {
  readonly schema: 1;
  readonly results: readonly IdentityResult[];
  /** Of whose details are waited for; absent if that did not change. */
  readonly queue?: QueueChange;
  readonly cost: Cost;
}

export const runPlanKey = ({ id }: Pick<Run, 'id'>): string => `${RUNS_PREFIX}${id}/plan`;
/** The whole name of the object, since Step Functions reads it and no memory. */
export const itemsObject = ({ id }: Pick<Run, 'id'>): string => `${RUNS_PREFIX}${id}/items.json`;
export const reportsKey = ({ id }: Pick<Run, 'id'>, n: number): string => `${RUNS_PREFIX}${id}/reports/${n}`;
export const inventoryNoteKey = (run: Pick<Run, 'id'>, n: number): string => `${reportsKey(run, n)}-inventory`;
export const partKey = (run: Pick<Run, 'id'>, n: number, part: number): string => `${reportsKey(run, n)}-${part}`;

/** The targets of a run, in its order. */
export const targetsOf = (items: readonly Item[]): readonly Target[] =>
  items.flatMap((item) => (item.kind === 'large' ? [item.target] : item.targets));
