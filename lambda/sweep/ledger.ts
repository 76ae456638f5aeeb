// One blob about all targets, so that most of them need no blob of their own in most sweeps: who holds nobody, and whose history only went on being well.
import type { AlertMemory } from '../model/alert.ts';
import type { IdentityHistory } from '../model/evidence.ts';
import { type Gap, type Inventory, type Target, targetKey } from '../model/identity.ts';
import type { TargetReport } from '../model/report.ts';
import { LEDGER_KEY, SCHEMA } from './blobs.ts';
import type { Log, Memory } from './ports.ts';

/** A complete listing found nobody, and nobody is remembered: until `until`, or `inventoryEvery` after it if that is shorter by now, neither SES need be asked nor the memory. Times are ISO 8601 UTC. */
interface EmptyEntry {
  readonly kind: 'empty';
  /** The listing that the target's own blob holds, and the last one. */
  readonly since: string;
  readonly inventoryAt: string;
  readonly until: string;
}

/** All that is healthy in the history of this version was so again in the sweep that began at `at`; nothing else in it changed since `since`. */
interface QuietEntry {
  readonly kind: 'quiet';
  readonly version: string;
  readonly since: string;
  readonly at: string;
}

type Entry = EmptyEntry | QuietEntry;

export interface LedgerBlob {
  readonly schema: 1;
  /** By {@link targetKey}. */
  readonly targets: Readonly<Record<string, Entry>>;
}

/** A blob goes unwritten no longer than this: so much of "last seen healthy" is lost with a damaged ledger, on the safe side of every deadline. */
const UNWRITTEN_AT_MOST_MS = 6 * 3_600_000;

/**
 * The ledger of one sweep. It is only a short cut: whoever is not in it is read from its own blobs, and what it says holds for that very version of a blob, or
 * until the time that was fixed when it was written.
 */
export class Ledger {
  readonly #before: LedgerBlob['targets'];
  readonly #doubted: ReadonlySet<string>;
  readonly #after = new Map<string, Entry>();

  /** `doubted` are targets, by {@link targetKey}, that must be swept whatever is noted of them. */
  constructor(before: LedgerBlob['targets'] = {}, doubted: ReadonlySet<string> = new Set()) {
    this.#before = before;
    this.#doubted = doubted;
  }

  /** The report of a target that is known to be empty at `now` (ms since the epoch), as sweeping it would give it; undefined if it must be swept. */
  reportOf(target: Target, now: number, inventoryEveryMs: number): TargetReport | undefined {
    const entry = this.#before[targetKey(target)];
    if (entry?.kind !== 'empty' || this.#doubted.has(targetKey(target))) return undefined;
    const inventoryAt = Date.parse(entry.inventoryAt);
    // Before it was read: the clock stepped back, and nothing is known.
    if (now >= Math.min(Date.parse(entry.until), inventoryAt + inventoryEveryMs) || now < inventoryAt) return undefined;
    this.#after.set(targetKey(target), entry);
    return { ...target, inventoryComplete: true, inventoryAt: entry.inventoryAt, results: [], unread: [] };
  }

  /** Notes a target that was swept and has nobody, for as long as its inventory is young; one with a gap is looked at again by the next sweep. */
  noteEmpty(
    target: Target,
    before: Inventory | undefined,
    inventory: Inventory,
    { gap, inventoryEveryMs }: { readonly gap: Gap | undefined; readonly inventoryEveryMs: number },
  ): void {
    const inventoryAt = emptyAt(inventory);
    if (inventoryAt === undefined) return;
    const known = this.#before[targetKey(target)];
    const since = known?.kind === 'empty' && this.isStillEmpty(target, before, inventory) ? known.since : inventoryAt;
    const until = gap === undefined ? new Date(Date.parse(inventoryAt) + inventoryEveryMs).toISOString() : inventoryAt;
    this.#after.set(targetKey(target), { kind: 'empty', since, inventoryAt, until });
  }

  /** True if the inventory need not be written: it is as empty as it was, and the ledger says when that was seen. */
  isStillEmpty(target: Target, before: Inventory | undefined, inventory: Inventory): boolean {
    if (before === undefined || emptyAt(before) === undefined) return false;
    const [known, at] = [this.#before[targetKey(target)], emptyAt(inventory)];
    return known?.kind === 'empty' && at !== undefined && Math.abs(Date.parse(at) - Date.parse(known.since)) < UNWRITTEN_AT_MOST_MS;
  }

  /** The inventory of a target that holds nobody, dated by the last listing that found nobody. */
  dated(target: Target, inventory: Inventory | undefined): Inventory | undefined {
    const known = this.#before[targetKey(target)];
    const at = inventory === undefined ? undefined : emptyAt(inventory);
    if (inventory === undefined || at === undefined || known?.kind !== 'empty' || known.inventoryAt <= at) return inventory;
    return { ...inventory, completedAt: known.inventoryAt };
  }

  /** The histories of a blob of this version, brought up to the last sweep that left it unwritten. */
  broughtUp(target: Target, histories: Readonly<Record<string, IdentityHistory>>, version: string): typeof histories {
    const entry = this.#before[targetKey(target)];
    if (entry?.kind !== 'quiet' || entry.version !== version) return histories;
    return Object.fromEntries(
      Object.entries(histories).map(([name, history]) => [
        name,
        history.last === 'healthy' ? { ...history, lastHealthyAt: entry.at } : history,
      ]),
    );
  }

  /** True if the history need not be written: the ledger says instead that the healthy were healthy again at `now` (ISO 8601 UTC). */
  noteQuiet(
    target: Target,
    before: Readonly<Record<string, IdentityHistory>>,
    after: Readonly<Record<string, IdentityHistory>>,
    { version, now }: { readonly version: string; readonly now: string },
  ): boolean {
    if (version === 'absent' || !isQuiet(before, after, now)) return false;
    const entry = this.#before[targetKey(target)];
    const since = entry?.kind === 'quiet' && entry.version === version ? entry.since : now;
    if (Math.abs(Date.parse(now) - Date.parse(since)) >= UNWRITTEN_AT_MOST_MS) return false;
    this.#after.set(targetKey(target), { kind: 'quiet', version, since, at: now });
    return true;
  }

  /** What the next sweep is to know: nothing of targets that were not swept. */
  blob(): LedgerBlob {
    return { schema: SCHEMA.ledger, targets: Object.fromEntries([...this.#after].sort(([a], [b]) => (a < b ? -1 : 1))) };
  }
}

/** When a complete listing found nobody; undefined if somebody is there, or may be. */
function emptyAt({ complete, completedAt, identities, unread, pending }: Inventory): string | undefined {
  return complete && pending === undefined && identities.length + unread.length === 0 ? completedAt : undefined;
}

/** Nothing but the time of the last healthy sweep moved on, and that for all who are healthy. */
function isQuiet(
  before: Readonly<Record<string, IdentityHistory>>,
  after: Readonly<Record<string, IdentityHistory>>,
  now: string,
): boolean {
  const names = Object.keys(after);
  return (
    names.length === Object.keys(before).length &&
    names.every((name) => {
      const [old, next] = [before[name], after[name]];
      if (old === undefined || next === undefined) return false;
      const moved = next.last === 'healthy' ? next.lastHealthyAt === now : next.lastHealthyAt === old.lastHealthyAt;
      return moved && JSON.stringify({ ...old, lastHealthyAt: '' }) === JSON.stringify({ ...next, lastHealthyAt: '' });
    })
  );
}

/**
 * The ledger that the sweep before left. One that cannot be read only costs the short cut. That a target is empty is not believed where one of `alerts`
 * names an identity of it: somebody else, such as a run of the state machine, has seen somebody there since.
 */
export async function readLedger(
  { memory, log }: { readonly memory: Memory; readonly log: Log },
  { alerts }: Pick<AlertMemory, 'alerts'>,
): Promise<Ledger> {
  const read = await memory.read(LEDGER_KEY, SCHEMA.ledger);
  if (read.kind === 'unreadable') log('warn', 'ledger-unreadable', { detail: read.detail });
  const hit = Object.values(alerts).flatMap(({ affected }) => affected.map(({ subject: { account, region } }) => `${account}/${region}`));
  return new Ledger(read.kind === 'found' ? (read.value as LedgerBlob).targets : {}, new Set(hit));
}

/** Keeps the ledger for the next sweep. Whoever holds the lease is the only writer. */
export async function writeLedger(ledger: Ledger, memory: Memory): Promise<void> {
  await memory.write(LEDGER_KEY, ledger.blob(), 'any');
}

/**
 * Takes these targets out of the ledger, before an early check, or a run of the state machine, writes their memory: if it breaks off in between, and after
 * it, the next sweep of one function reads them from their own blobs. Returns the ledger as it was, which tells how the histories went on.
 */
export async function withdrawFromLedger(
  targets: readonly Target[],
  world: { readonly memory: Memory; readonly log: Log },
): Promise<Ledger> {
  const read = await world.memory.read(LEDGER_KEY, SCHEMA.ledger);
  if (read.kind !== 'found') return new Ledger();
  const { targets: before } = read.value as LedgerBlob;
  const gone = new Set(targets.map(targetKey));
  const left = Object.fromEntries(Object.entries(before).filter(([key, { kind }]) => kind !== 'empty' || !gone.has(key)));
  const blob: LedgerBlob = { schema: SCHEMA.ledger, targets: left };
  if (Object.keys(left).length < Object.keys(before).length) await world.memory.write(LEDGER_KEY, blob, 'any');
  return new Ledger(before);
}
