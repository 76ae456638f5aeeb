// Takes from a measured sweep what is kept of it.
import { requests } from './figures.ts';
import type { Counts } from './measured.ts';
import type { Measured } from './stage.ts';

const rounded = (n: number): number => Math.round(n * 100) / 100;

export function countsOf(sweep: Measured): Counts {
  const { gets, puts } = requests(sweep.calls);
  return {
    seconds: rounded(sweep.seconds),
    concludeSeconds: rounded(sweep.concludeSeconds),
    cpuSeconds: rounded(sweep.cpu),
    peakMiB: Math.round(sweep.peakMiB),
    s3Reads: gets,
    s3Writes: puts,
    sesCalls: sweep.sesCalls,
    detailCalls: sweep.calls.calls['ses:GetEmailIdentity'] ?? 0,
    stsCalls: sweep.stsCalls,
    dnsQuestions: sweep.dnsQuestions,
    logLines: sweep.logLines,
    logCharacters: sweep.logCharacters,
    writtenBytes: sweep.writtenBytes,
    metrics: sweep.metrics,
  };
}
