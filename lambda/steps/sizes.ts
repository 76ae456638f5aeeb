// How large each target is, as far as anybody has counted it: from the last report, and for those whom that run could not count, from the last one that could.
import { type Target, targetKey } from '../model/identity.ts';
import { knownIn, type Report, type TargetReport } from '../model/report.ts';
import { LATEST_REPORT_KEY, SCHEMA, SIZES_KEY } from '../sweep/blobs.ts';
import type { Memory } from '../sweep/ports.ts';

/** What is known of targets before they are swept; by {@link targetKey}. */
export interface Sizes {
  /** Identities as they were counted last; of a target that is not in it nobody has ever heard anything. */
  readonly identities: ReadonlyMap<string, number>;
  /** Their part of the last run came to no end. */
  readonly failed: ReadonlySet<string>;
}

/** A target that the last run did not count. */
interface Uncounted {
  /** As it was counted last. */
  readonly identities?: number;
  readonly failed?: true;
}

interface SizesBlob {
  readonly schema: 1;
  readonly targets: Readonly<Record<string, Uncounted>>;
}

/** The sizes that a run is cut by. Neither blob is needed: without them nobody was counted. */
export async function readSizes(memory: Pick<Memory, 'read'>): Promise<Sizes> {
  const [uncounted, report] = await Promise.all([readUncounted(memory), memory.read(LATEST_REPORT_KEY, SCHEMA.report)]);
  const rows = report.kind === 'found' ? (report.value as Report).targets : [];
  const identities = new Map(rows.map(({ account, region, identities: counted }): [string, number] => [`${account}/${region}`, counted]));
  const failed = new Set<string>();
  for (const [key, target] of Object.entries(uncounted)) {
    if (target.failed === true) failed.add(key);
    // A row of a target that nobody saw says 0; one that was counted meanwhile, by one function, says more.
    if ((identities.get(key) ?? 0) > 0) continue;
    if (target.identities !== undefined) identities.set(key, target.identities);
    else identities.delete(key);
  }
  return { identities, failed };
}

/** Keeps what the report of this run cannot say: the sizes of targets that it did not count. Written only where that differs from what is kept. */
export async function keepSizes(targets: readonly TargetReport[], memory: Memory): Promise<void> {
  const [before, known] = await Promise.all([readUncounted(memory), readSizes(memory)]);
  const after = Object.fromEntries(
    targets.flatMap((target): readonly [string, Uncounted][] => {
      const key = targetKey(target);
      if (knownIn(target) > 0 || (target.gap === undefined && target.failed !== true)) return [];
      const identities = known.identities.get(key);
      if (target.failed === true) return [[key, { ...(identities === undefined ? {} : { identities }), failed: true }]];
      // It answered, if only that it must not be read: as long as that lasts it costs what an empty one does.
      return [[key, { identities: identities ?? 0 }]];
    }),
  );
  if (JSON.stringify(after) === JSON.stringify(before)) return;
  const blob: SizesBlob = { schema: SCHEMA.sizes, targets: after };
  await memory.write(SIZES_KEY, blob, 'any');
}

async function readUncounted(memory: Pick<Memory, 'read'>): Promise<SizesBlob['targets']> {
  const read = await memory.read(SIZES_KEY, SCHEMA.sizes);
  return read.kind === 'found' ? (read.value as SizesBlob).targets : {};
}

/** How many targets may share a piece with this one: about those nobody has counted, or whose piece failed, little is promised. */
export function companyOf(target: Target, { identities, failed }: Sizes, { pieceTargets, pieceUncounted }: Company): number {
  const key = targetKey(target);
  if (!identities.has(key)) return failed.has(key) ? 1 : pieceUncounted;
  return failed.has(key) ? pieceUncounted : pieceTargets;
}

export interface Company {
  /** A piece of small targets ends with so many of them. */
  readonly pieceTargets: number;
  /** And with so many, if one is among them that nobody has counted. */
  readonly pieceUncounted: number;
}
