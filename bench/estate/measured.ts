// The file of counts that the estate bench writes, and that docs/cost.md and the paper plan are computed from.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FILE = fileURLToPath(new URL('../../docs/measured/estate.json', import.meta.url));

/** The counts of one sweep that money hangs on. */
export interface Counts {
  /** Seconds from the first line to the last, here. */
  readonly seconds: number;
  /** Of them, after the last target: deciding, telling, remembering. */
  readonly concludeSeconds: number;
  /** Seconds of processor time, here. */
  readonly cpuSeconds: number;
  readonly peakMiB: number;
  readonly s3Reads: number;
  readonly s3Writes: number;
  readonly sesCalls: number;
  /** Of them GetEmailIdentity: details of single identities, each once a day in turn. */
  readonly detailCalls?: number;
  readonly stsCalls: number;
  readonly dnsQuestions: number;
  readonly logLines: number;
  /** Without what the logger adds to each line. */
  readonly logCharacters: number;
  /** Bytes written into the bucket. */
  readonly writtenBytes: number;
  /** Custom metrics that were sent. */
  readonly metrics: readonly string[];
}

export interface CountedEstate {
  readonly name: string;
  readonly accounts: number;
  readonly targets: number;
  readonly identities: number;
  /** A sweep from the snapshot, and the hourly one that reads SES. */
  readonly dns: Counts;
  readonly refresh: Counts;
  /** Where a day's turns are more than the hourly sweeps can read: the sweep after one of those, which goes on with them. */
  readonly details?: Counts;
}

export interface MeasuredFile {
  readonly schema: 1;
  /** From one target up: what one sweep of each kind costs. */
  readonly estates: readonly CountedEstate[];
  /** First sight of 10,000 identities in one target: calls, sweeps, and seconds of simulated time until all are judged, and until all is read. */
  readonly firstSight?: {
    readonly sesCalls: number;
    readonly sweeps: number;
    readonly usableSeconds: number;
    readonly completeSeconds: number;
  };
}

/** Names of the two large ones. */
export const SHARD = '10,000 in one target';
export const MANY_ACCOUNTS = '300 accounts in 5 regions';

/** What was measured; nothing if there is no file yet. */
export function readMeasured(): MeasuredFile {
  if (!existsSync(FILE)) return { schema: 1, estates: [] };
  return JSON.parse(readFileSync(FILE, 'utf8')) as MeasuredFile;
}

/** One estate of the file. Throws if it was not measured. */
export function measuredEstate({ estates }: MeasuredFile, name: string): CountedEstate {
  const found = estates.find((estate) => estate.name === name);
  if (found === undefined) throw new Error(`docs/measured/estate.json has no "${name}": run npm run bench:estate`);
  return found;
}

/** Puts new figures into the file, in the place of those of the same estates. */
export function keepMeasured(news: Partial<Omit<MeasuredFile, 'schema'>>): void {
  const before = readMeasured();
  const names = new Set(news.estates?.map(({ name }) => name));
  const estates = [...before.estates.filter(({ name }) => !names.has(name)), ...(news.estates ?? [])];
  const measured: MeasuredFile = {
    ...before,
    ...news,
    estates: estates.sort((a, b) => a.identities - b.identities || a.targets - b.targets),
  };
  writeFileSync(FILE, `${JSON.stringify(measured, undefined, 2)}\n`);
}
