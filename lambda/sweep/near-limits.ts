// Says in time that an estate outgrows one function: by the sweep's time, its memory, or the number of targets and identities. Pure but for asking what memory is used.
import { knownIn, type TargetReport } from '../model/report.ts';

/** What one invocation may use. */
export interface Limits {
  /** Milliseconds that it had when it began. */
  readonly timeMs: number;
  readonly memoryBytes: number;
  /** Bytes that the process holds now. */
  readonly memoryUsed: () => number;
}

/** Shares of a limit. The alarm about time goes off at 80 %: this is said before it. */
const TIME_SHARE = 0.6;
const MEMORY_SHARE = 0.8;
/** Above these a sweep in one function is known to take minutes (docs/performance.md). */
const MOST_TARGETS = 1_500;
const MOST_IDENTITIES = 50_000;

/**
 * What the sweep came near to, each as a short text; empty if nothing. A sweep that reads an inventory for the first time is long for SES's sake alone, and
 * says nothing of the time.
 */
export function nearLimits(targets: readonly TargetReport[], tookMs: number, limits: Limits): readonly string[] {
  const identities = targets.reduce((sum, target) => sum + knownIn(target), 0);
  const settled = targets.every((target) => target.inventoryComplete || target.gap !== undefined || knownIn(target) === 0);
  const used = limits.memoryUsed();
  return [
    ...(settled && tookMs > TIME_SHARE * limits.timeMs ? [`time: ${seconds(tookMs)} of ${seconds(limits.timeMs)} s`] : []),
    ...(used > MEMORY_SHARE * limits.memoryBytes ? [`memory: ${mebibytes(used)} of ${mebibytes(limits.memoryBytes)} MiB`] : []),
    ...(targets.length > MOST_TARGETS ? [`targets: ${targets.length}`] : []),
    ...(identities > MOST_IDENTITIES ? [`identities: ${identities}`] : []),
  ];
}

/** What to do about it, as the log says. */
export const NEAR_LIMITS_ADVICE =
  'This estate outgrows one function. Write "scale": "step-functions" in monitor.config.json and deploy (docs/large-estates.md).';

const seconds = (ms: number): number => Math.round(ms / 1000);
const mebibytes = (bytes: number): number => Math.round(bytes / 1024 / 1024);
