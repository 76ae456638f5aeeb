// Keeps the report of a sweep: whole while people can read it as one value, in parts beyond that.
import type { Report, ReportIdentity } from '../model/report.ts';
import { LATEST_REPORT_KEY, reportKey, reportPartKey } from './blobs.ts';
import type { Log, Memory } from './ports.ts';

/** Up to so many identities a report is one value: some 10 MB of JSON where all are healthy. */
export const IDENTITIES_IN_ONE = 20_000;

/** Identities in each part of a larger one: whoever reads or writes it holds one part. */
export const IDENTITIES_IN_PART = 5_000;

/** One part of a kept report: identities in its order. */
export interface ReportPart {
  readonly schema: 1;
  readonly identities: readonly ReportIdentity[];
}

export interface ReportSizes {
  readonly most: number;
  readonly part: number;
}

const SIZES: ReportSizes = { most: IDENTITIES_IN_ONE, part: IDENTITIES_IN_PART };

export interface ReportKeeper {
  /** Takes the next identities. `listed` tells whether one is named in the report itself also where it is kept in parts: whatever is not simply well. */
  add(identities: readonly ReportIdentity[], listed: (identity: ReportIdentity) => boolean): Promise<void>;
  /** Writes what `around` makes of the identities that the report itself names. Returns the report as kept. */
  finish(around: (identities: readonly ReportIdentity[]) => Report): Promise<Report>;
}

/**
 * Keeps the report of the sweep that began at `startedAt` while it is made, of `total` identities. Up to `most` it is one value with all of them. Beyond,
 * `parts` names the values that hold all of them, in order, and the report itself names those that are listed; one part and those are then all that is held.
 * Throws where the memory cannot be written.
 */
export function reportKeeper(
  memory: Pick<Memory, 'write'>,
  startedAt: string,
  total: number,
  { most, part: size }: ReportSizes = SIZES,
): ReportKeeper {
  const whole = total <= most;
  const listedOnes: ReportIdentity[] = [];
  const parts: string[] = [];
  let held: ReportIdentity[] = [];

  async function put(): Promise<void> {
    const key = reportPartKey(startedAt, parts.length);
    const part: ReportPart = { schema: 1, identities: held };
    await memory.write(key, part, 'any');
    parts.push(key);
    held = [];
  }

  return {
    async add(identities, listed) {
      for (const identity of identities) {
        if (!whole && held.length >= size) await put();
        held.push(identity);
        if (!whole && listed(identity)) listedOnes.push(identity);
      }
    },
    async finish(around) {
      if (!whole) await put();
      const report = whole ? around(held) : { ...around(listedOnes), parts };
      await memory.write(reportKey(startedAt), report, 'any');
      await memory.write(LATEST_REPORT_KEY, report, 'any');
      return report;
    },
  };
}

/** What is named in the report itself wherever it is kept. `known` tells of an identity by `account/region/identity` that an alert is open about it. */
export function isListed({ diagnosis, findings, account, region, identity }: ReportIdentity, known: (who: string) => boolean): boolean {
  return diagnosis !== 'healthy' || findings.some(({ severity }) => severity !== 'notice') || known(`${account}/${region}/${identity}`);
}

/** Keeps a report that is held whole. A failure is told, for without the report people are told all the same. */
export async function keepReport(
  report: Report,
  open: ReadonlySet<string>,
  { memory, log }: { readonly memory: Pick<Memory, 'write'>; readonly log: Log },
): Promise<readonly string[]> {
  try {
    const keeper = reportKeeper(memory, report.startedAt, report.identities.length);
    await keeper.add(report.identities, (identity) => isListed(identity, (who) => open.has(who)));
    await keeper.finish((identities) => ({ ...report, identities }));
    return [];
  } catch (error) {
    return notKept(error, log);
  }
}

/** The sentence for a report that could not be kept; logged as well. */
export function notKept(error: unknown, log: Log): readonly string[] {
  log('error', 'report-not-kept', { detail: (error as Error).message });
  return [`The report could not be kept: ${(error as Error).message}`];
}

/** All identities of a kept report, in its order, one part in memory at a time. Ends early where a part cannot be read. */
export async function* identitiesOf(report: Report, memory: Pick<Memory, 'read'>): AsyncGenerator<readonly ReportIdentity[]> {
  if (report.parts === undefined) {
    yield report.identities;
    return;
  }
  for (const key of report.parts) {
    const read = await memory.read(key, 1);
    if (read.kind !== 'found') return;
    yield (read.value as ReportPart).identities;
  }
}
