// Reads what the pieces of a run left behind, one piece in memory at a time; what is missing is a gap of its target.
import type { Gap, Target } from '../model/identity.ts';
import type { Cost, IdentityResult, TargetReport, UnreadResult } from '../model/report.ts';
import type { Log, Memory } from '../sweep/ports.ts';
import { detailsOf, goneFrom, unreadOf } from '../sweep/sweep-target.ts';
import { failedTarget } from '../sweep/sweep-targets.ts';
import { type Loaded, loadTarget } from '../sweep/target-memory.ts';
import { type QueueChange, renewedInventory } from './renewed-inventory.ts';
import {
  type InventoryNote,
  type Item,
  inventoryNoteKey,
  type PartBlob,
  partKey,
  RUN_SCHEMA,
  type Run,
  reportsKey,
  type TargetsBlob,
} from './run.ts';
import { partOf } from './sweep-item.ts';

type Large = Extract<Item, { kind: 'large' }>;

/** One target of the run. `results` may be called several times. */
export interface RunTarget {
  /** Its report without results. */
  readonly head: TargetReport;
  results(): AsyncGenerator<readonly IdentityResult[]>;
  /** Of a large target: its parts changed what is remembered of it, which the end of the run must renew. */
  readonly large?: { readonly changes: readonly QueueChange[] };
}

export interface RunReports {
  readonly targets: readonly RunTarget[];
  readonly cost: Cost;
}

/** How a report says that a piece never came to its end. */
const FAILED = 'its part of the run wrote no report. Step Functions shows why.';

/** Opens the reports of a run, in the order of its plan, and shows each result to `note`, once. Nothing but their heads is held. */
export async function openReports(
  run: Run,
  items: readonly Item[],
  note: (target: Target, result: IdentityResult) => void,
  world: { readonly memory: Memory; readonly log: Log },
): Promise<RunReports> {
  const blobs = oneBlob(world.memory);
  const targets: RunTarget[] = [];
  const costs: Cost[] = [];
  for (const item of items) {
    const opened =
      item.kind === 'large' ? await openLarge(run, item, blobs, note, world) : await openSmall(run, item, blobs, note, world.log);
    targets.push(...opened.targets);
    costs.push(...opened.costs);
  }
  return { targets, cost: costs.reduce(sum, { sesCalls: 0, dnsQuestions: 0, stsCalls: 0 }) };
}

type Note = Parameters<typeof openReports>[2];

interface Opened {
  readonly targets: readonly RunTarget[];
  readonly costs: readonly Cost[];
}

/** Reads one blob after the other, and remembers the last: the targets of one piece follow each other. */
type Blobs = (key: string) => Promise<unknown>;

function oneBlob(memory: Pick<Memory, 'read'>): Blobs {
  let last: { readonly key: string; readonly value: unknown } | undefined;
  return async (key) => {
    if (last?.key === key) return last.value;
    // Freed before the next is read: two of them need not fit.
    last = undefined;
    const read = await memory.read(key, RUN_SCHEMA);
    last = { key, value: read.kind === 'found' ? read.value : undefined };
    return last.value;
  };
}

async function openSmall(run: Run, item: Extract<Item, { kind: 'targets' }>, blobs: Blobs, note: Note, log: Log): Promise<Opened> {
  const key = reportsKey(run, item.n);
  const blob = (await blobs(key)) as TargetsBlob | undefined;
  const targets = item.targets.map((target, i): RunTarget => {
    const report = blob?.targets[i];
    if (report === undefined) return { head: failedTarget(target, new Error(FAILED), { log }), results: nothing };
    const { results, ...rest } = report;
    for (const result of results) note(target, result);
    return { head: { ...rest, results: [] }, results: resultsOf(key, i, blobs) };
  });
  return { targets, costs: blob === undefined ? [] : [blob.cost] };
}

/** Apart, so that what it makes holds a key and not the piece that was read: all of them together would be the estate. */
const resultsOf = (key: string, i: number, blobs: Blobs): RunTarget['results'] =>
  async function* () {
    yield ((await blobs(key)) as TargetsBlob | undefined)?.targets[i]?.results ?? [];
  };

async function* nothing(): AsyncGenerator<readonly IdentityResult[]> {}

async function openLarge(
  run: Run,
  item: Large,
  blobs: Blobs,
  note: Note,
  { memory, log }: { readonly memory: Memory; readonly log: Log },
): Promise<Opened> {
  const { target, n, parts } = item;
  const inventoryNote = (await blobs(inventoryNoteKey(run, n))) as InventoryNote | undefined;
  if (inventoryNote === undefined)
    return { targets: [{ head: failedTarget(target, new Error(FAILED), { log }), results: nothing }], costs: [] };
  const costs: Cost[] = [inventoryNote.cost];
  const missing: number[] = [];
  const seen: Pick<IdentityResult, 'identity'>[] = [];
  const changes: QueueChange[] = [];
  for (const part of parts) {
    const blob = (await blobs(partKey(run, n, part))) as PartBlob | undefined;
    if (blob === undefined) missing.push(part);
    else {
      costs.push(blob.cost);
      if (blob.queue !== undefined) changes.push(blob.queue);
      for (const result of blob.results) {
        note(target, result);
        seen.push({ identity: result.identity });
      }
    }
  }
  const loaded = await loadTarget(target, memory);
  const lost = missing.length === 0 ? undefined : partsLost(target, missing, parts.length, log);
  const head = headOf(target, { note: inventoryNote, loaded, lost, missing, of: parts.length, seen, changes });
  return {
    targets: [
      {
        head,
        async *results() {
          for (const part of parts) yield ((await blobs(partKey(run, n, part))) as PartBlob | undefined)?.results ?? [];
        },
        ...(inventoryNote.blind === true || loaded.kind === 'unreadable' ? {} : { large: { changes } }),
      },
    ],
    costs,
  };
}

function partsLost(target: Target, missing: readonly number[], of: number, log: Log): Gap {
  const detail = `The sweep of this target failed in part: of its ${of} parts ${missing.length} wrote no report. Step Functions shows why.`;
  log('error', 'target-failed', { ...target, detail, parts: missing.join(', ') });
  return { reason: 'error', detail };
}

interface LargeFound {
  readonly note: InventoryNote;
  readonly loaded: Loaded;
  readonly lost: Gap | undefined;
  readonly missing: readonly number[];
  readonly of: number;
  readonly seen: readonly Pick<IdentityResult, 'identity'>[];
  readonly changes: readonly QueueChange[];
}

/** As `sweepTarget` reports a target that it sweeps whole. Identities of a missing part are there, unread. */
function headOf(target: Target, { note, loaded, lost, missing, of, seen, changes }: LargeFound): TargetReport {
  const gap = note.gap ?? (loaded.kind === 'unreadable' ? { reason: 'error' as const, detail: loaded.detail } : lost);
  const failed = lost === undefined ? {} : { failed: true };
  if (loaded.kind === 'unreadable' || loaded.inventory === undefined || note.blind === true)
    return { ...target, ...(gap ? { gap } : {}), ...failed, inventoryComplete: false, results: [], unread: [] };
  const { inventory: read, histories } = loaded;
  const unseen = missing.flatMap((part) =>
    partOf(read, part, of).map(({ identity, type }): UnreadResult => ({ identity, type, reason: 'error', detail: lost?.detail ?? FAILED })),
  );
  const inventory = renewedInventory(read, seen, new Set(unseen.map(({ identity }) => identity)), changes);
  return {
    ...target,
    ...(gap ? { gap } : {}),
    ...failed,
    inventoryComplete: inventory.complete && gap === undefined,
    ...(inventory.completedAt !== undefined ? { inventoryAt: inventory.completedAt } : {}),
    ...detailsOf(inventory),
    results: [],
    unread: [...unreadOf(inventory), ...unseen],
    ...goneFrom(inventory, gap, histories),
  };
}

const sum = (a: Cost, b: Cost): Cost => ({
  sesCalls: a.sesCalls + b.sesCalls,
  dnsQuestions: a.dnsQuestions + b.dnsQuestions,
  stsCalls: a.stsCalls + b.stsCalls,
});
