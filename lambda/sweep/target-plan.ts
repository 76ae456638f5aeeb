// What the sweep of one target needs of the world, and what it is to do.
import type { Identity } from '../model/identity.ts';
import type { ConfiguredKey } from '../model/policy.ts';
import type { Ledger } from './ledger.ts';
import type { Clock, Dns, InventoryReader, Log, Memory, Progress, Sleep } from './ports.ts';

export interface SweepTargetWorld {
  readonly inventory: InventoryReader;
  readonly dns: Dns;
  readonly memory: Memory;
  readonly clock: Clock;
  readonly sleep: Sleep;
  readonly randomLabel: () => string;
  readonly log: Log;
  readonly progress?: Progress;
}

export interface SweepTargetPlan {
  readonly keys: readonly ConfiguredKey[];
  readonly inventoryEveryMs: number;
  /** Milliseconds within which SES's details of each identity are read once. Default: a day. */
  readonly detailsEveryMs?: number;
  readonly confirmAfterMs: number;
  /** Milliseconds since the epoch: reading SES stops here, to be resumed by the next sweep. */
  readonly inventoryUntil: number;
  /** Milliseconds since the epoch: everything stops here. */
  readonly until: number;
  readonly rotation: number;
  /** See `ExamineWorld`. */
  readonly firstLookShare?: number;
  /** The share of the details of single identities that one sweep of a target may read again at once; absent: all. */
  readonly freshShare?: number;
  /** A target with more identities than these is listed, and not looked at: whoever sweeps it cannot hold it. Absent: no target is too large. */
  readonly mostIdentities?: number;
  /** True if an alert about this identity is open. */
  readonly suspected: (identity: Identity) => boolean;
  /** True if the regions were not named one by one: a region that is off is then no gap. */
  readonly regionMayBeOff: boolean;
  readonly now: string;
  /** What one blob knows of all targets. Absent where targets are swept apart from each other. */
  readonly ledger?: Ledger;
}
