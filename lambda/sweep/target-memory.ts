// What is remembered of one target between sweeps: its inventory and the history of each identity.
import type { IdentityHistory } from '../model/evidence.ts';
import { DAMAGED_MEMORY, type Inventory, type Target, waitingNames } from '../model/identity.ts';
import type { IdentityResult } from '../model/report.ts';
import { type HistoryBlob, historyKey, type InventoryBlob, inventoryKey, SCHEMA } from './blobs.ts';
import type { Ledger } from './ledger.ts';
import type { Log, Memory } from './ports.ts';
import type { SweepTargetPlan } from './target-plan.ts';

/** By identity name. */
export type Histories = Readonly<Record<string, IdentityHistory>>;

export type Loaded =
  | {
      readonly kind: 'loaded';
      readonly inventory: Inventory | undefined;
      readonly inventoryVersion: string;
      readonly histories: Histories;
      readonly historyVersion: string;
    }
  | { readonly kind: 'unreadable'; readonly detail: string };

/** What is remembered of the target. A blob that cannot be read is a gap, never an empty memory. */
export async function loadTarget(target: Target, memory: Memory, ledger?: Ledger): Promise<Loaded> {
  const [inventory, history] = await Promise.all([
    memory.read(inventoryKey(target), SCHEMA.inventory),
    memory.read(historyKey(target), SCHEMA.history),
  ]);
  if (inventory.kind === 'unreadable') return { kind: 'unreadable', detail: `${DAMAGED_MEMORY} or cannot be read: ${inventory.detail}` };
  if (history.kind === 'unreadable') return { kind: 'unreadable', detail: `${DAMAGED_MEMORY} or cannot be read: ${history.detail}` };
  const kept = inventory.kind === 'found' ? (inventory.value as InventoryBlob).inventory : undefined;
  const historyVersion = history.kind === 'found' ? history.version : 'absent';
  const histories = history.kind === 'found' ? (history.value as HistoryBlob).histories : {};
  return {
    kind: 'loaded',
    inventory: ledger === undefined ? kept : ledger.dated(target, kept),
    inventoryVersion: inventory.kind === 'found' ? inventory.version : 'absent',
    histories: ledger?.broughtUp(target, histories, historyVersion) ?? histories,
    historyVersion,
  };
}

/**
 * Writes what the next sweep of the target needs. An unchanged inventory is not written again, nor is one that is as empty as before, nor a history in which only the healthy stayed so: each
 * write is charged, and in a large estate these would be most of the bill (docs/cost.md). The ledger keeps their time; without one only what is the very same goes unwritten.
 * False if somebody else wrote meanwhile.
 */
export async function rememberTarget(
  target: Target,
  inventory: Inventory,
  results: readonly Pick<IdentityResult, 'identity' | 'history'>[],
  loaded: Extract<Loaded, { kind: 'loaded' }>,
  { now, ledger }: Pick<SweepTargetPlan, 'now' | 'ledger'>,
  world: { readonly memory: Memory; readonly log: Log },
): Promise<boolean> {
  const histories = Object.fromEntries(results.map(({ identity, history }) => [identity.identity, history]));
  // Identities that could not be read this time keep their history.
  const unread = new Set([...inventory.unread.map(({ identity }) => identity), ...waitingNames(inventory).map(({ identity }) => identity)]);
  const kept = Object.fromEntries(Object.entries(loaded.histories).filter(([name]) => unread.has(name) && histories[name] === undefined));
  const inventoryBlob: InventoryBlob = { schema: SCHEMA.inventory, inventory };
  const historyBlob: HistoryBlob = { schema: SCHEMA.history, histories: { ...kept, ...histories } };
  const quiet =
    ledger === undefined
      ? loaded.historyVersion !== 'absent' && JSON.stringify(loaded.histories) === JSON.stringify(historyBlob.histories)
      : ledger.noteQuiet(target, loaded.histories, historyBlob.histories, { version: loaded.historyVersion, now });
  const same = inventory === loaded.inventory || ledger?.isStillEmpty(target, loaded.inventory, inventory) === true;
  const written = await Promise.all([
    ...(same ? [] : [world.memory.write(inventoryKey(target), inventoryBlob, loaded.inventoryVersion)]),
    ...(quiet ? [] : [world.memory.write(historyKey(target), historyBlob, loaded.historyVersion)]),
  ]);
  // Only a sweep that lost its lease can meet a conflict; the other one's memory is as good as ours.
  const conflict = written.some(({ kind }) => kind === 'conflict');
  if (conflict) world.log('warn', 'memory-conflict', { ...target });
  return !conflict;
}

/**
 * Writes what an early check learned of the identities it looked at; all others stay as they are remembered. It counts as no sweep: whatever must be seen in
 * several sweeps is not seen sooner because somebody changes records often.
 */
export async function rememberLooked(
  target: Target,
  inventory: Inventory,
  results: readonly IdentityResult[],
  loaded: Extract<Loaded, { kind: 'loaded' }>,
  world: { readonly memory: Memory; readonly log: Log },
): Promise<void> {
  const looked = Object.fromEntries(
    results.map(({ identity, history }) => [identity.identity, uncounted(history, loaded.histories[identity.identity])]),
  );
  const inventoryBlob: InventoryBlob = { schema: SCHEMA.inventory, inventory };
  const historyBlob: HistoryBlob = { schema: SCHEMA.history, histories: { ...loaded.histories, ...looked } };
  const written = await Promise.all([
    ...(inventory === loaded.inventory ? [] : [world.memory.write(inventoryKey(target), inventoryBlob, loaded.inventoryVersion)]),
    world.memory.write(historyKey(target), historyBlob, loaded.historyVersion),
  ]);
  if (written.some(({ kind }) => kind === 'conflict')) world.log('warn', 'memory-conflict', { ...target });
}

/** The new history with its counts of sweeps no higher than before. */
function uncounted(next: IdentityHistory, before: IdentityHistory | undefined): IdentityHistory {
  const { serverTroubleSweeps, offAirSweeps, ...rest } = next;
  const least = (a: number | undefined, b: number | undefined): number | undefined =>
    a === undefined || b === undefined ? undefined : Math.min(a, b);
  const servers = least(serverTroubleSweeps, before?.serverTroubleSweeps);
  const offAir = least(offAirSweeps, before?.offAirSweeps);
  return {
    ...rest,
    unknownSweeps: Math.min(next.unknownSweeps, before?.unknownSweeps ?? 0),
    ...(servers === undefined ? {} : { serverTroubleSweeps: servers }),
    ...(offAir === undefined ? {} : { offAirSweeps: offAir }),
  };
}
