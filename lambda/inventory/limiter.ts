// The pace of the calls to SES in one account and region.
import type { Clock, Sleep } from '../sweep/ports.ts';

export interface LimiterOptions {
  readonly now: Clock;
  readonly sleep: Sleep;
  /** From 0 (inclusive) to 1. */
  readonly random: () => number;
  /** Calls a second at the start. */
  readonly ratePerSecond: number;
  /** The rate it may grow to while all goes well. Default: the starting rate. */
  readonly maxRatePerSecond?: number;
}

export interface Limiter {
  /**
   * Waits for the next turn; `false` at once if that would begin at or after `until` (ms since the epoch). `share` (above 0, at most 1, the default) is
   * the part of the pace that the call takes: after half a share the next turn comes at twice the distance.
   */
  turn(until: number, share?: number): Promise<boolean>;
  /** SES answered: a little faster from now on. */
  succeeded(): void;
  /** SES said "too many": half the rate from now on, after a pause that doubles each time in a row. */
  throttled(): void;
  /** Calls a second at present. */
  rate(): number;
}

const MIN_RATE = 0.1;
const GROWTH = 0.05;
const FIRST_PAUSE_MS = 2000;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Additive increase, multiplicative decrease. The customer's other tools share SES's limit, so a pause is spread at random.
 * Source: SES quotas, "all actions except sending are throttled at one request per second" for each account and region.
 */
export function openLimiter(options: LimiterOptions): Limiter {
  const { now, sleep, random } = options;
  const highest = Math.max(options.maxRatePerSecond ?? options.ratePerSecond, options.ratePerSecond);
  const lowest = Math.min(MIN_RATE, options.ratePerSecond);
  let rate = options.ratePerSecond;
  let nextAt = Number.NEGATIVE_INFINITY;
  let throttledInARow = 0;

  return {
    async turn(until, share = 1) {
      const at = Math.max(now(), nextAt);
      if (at >= until) return false;
      // Taken before the wait, so that callers at the same time queue up instead of going together.
      nextAt = at + 1000 / (rate * share);
      const wait = at - now();
      if (wait > 0) await sleep(wait);
      // A busy process wakes late: the next one must not come too soon after it, or SES refuses it.
      nextAt += Math.max(0, now() - at);
      return true;
    },
    succeeded() {
      throttledInARow = 0;
      rate = Math.min(highest, rate + GROWTH);
    },
    throttled() {
      const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** throttledInARow);
      throttledInARow += 1;
      rate = Math.max(lowest, rate / 2);
      nextAt = Math.max(nextAt, now() + pause * (0.5 + random() / 2));
    },
    rate: () => rate,
  };
}
