// The file of counts that the estate bench writes and docs/cost.md is computed from.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Counts } from './counts.ts';

const FILE = new URL('../../docs/measured/estate.json', import.meta.url);

export interface MeasuredFile {
  readonly schema: 1;
  /** Small estates, from one target up: what one sweep of each kind costs. */
  readonly estates: readonly CountedEstate[];
  /** One target with 10,000 identities. */
  readonly shard: CountedEstate;
  /** First sight of those: calls, sweeps, and seconds of simulated time until all are judged, and until all is read. */
  readonly firstSight: {
    readonly sesCalls: number;
    readonly sweeps: number;
    readonly usableSeconds: number;
    readonly completeSeconds: number;
  };
}

export interface CountedEstate {
  readonly name: string;
  readonly accounts: number;
  readonly targets: number;
  readonly identities: number;
  /** A sweep from the snapshot, and the hourly one that reads SES. */
  readonly dns: Counts;
  readonly refresh: Counts;
}

/** What is in the file; undefined if there is none yet. */
export function readMeasured(): MeasuredFile {
  return JSON.parse(readFileSync(fileURLToPath(FILE), 'utf8')) as MeasuredFile;
}

export function writeMeasured(measured: MeasuredFile): void {
  writeFileSync(fileURLToPath(FILE), `${JSON.stringify(measured, undefined, 2)}\n`);
}
