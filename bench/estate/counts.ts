// The counts of one sweep that money hangs on.
import { requests } from './figures.ts';
import type { Measured } from './stage.ts';

export interface Counts {
  /** Seconds from the first line to the last, here. */
  readonly seconds: number;
  /** Seconds of processor time, here. */
  readonly cpuSeconds: number;
  readonly peakMiB: number;
  readonly s3Reads: number;
  readonly s3Writes: number;
  readonly sesCalls: number;
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

const rounded = (n: number): number => Math.round(n * 100) / 100;

export function countsOf(sweep: Measured): Counts {
  const { gets, puts } = requests(sweep.calls);
  return {
    seconds: rounded(sweep.seconds),
    cpuSeconds: rounded(sweep.cpu),
    peakMiB: Math.round(sweep.peakMiB),
    s3Reads: gets,
    s3Writes: puts,
    sesCalls: sweep.sesCalls,
    stsCalls: sweep.stsCalls,
    dnsQuestions: sweep.dnsQuestions,
    logLines: sweep.logLines,
    logCharacters: sweep.logCharacters,
    writtenBytes: sweep.writtenBytes,
    metrics: sweep.metrics,
  };
}
