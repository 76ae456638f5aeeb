// Two clocks for the estate bench: the machine's own, and one that leaps over the time in which everybody only waits.
import type { Clock, Sleep } from '../../lambda/sweep/ports.ts';

export interface BenchClock {
  readonly now: Clock;
  readonly sleep: Sleep;
  /** Runs something that takes real time: until it ends nobody leaps. */
  readonly during: <T>(work: () => Promise<T>) => Promise<T>;
  /** Moves the clock on between two sweeps. */
  readonly advance: (ms: number) => Promise<void>;
}

/** Tells the sandbox, in its own process, what time it is; resolves when it knows. */
export type Announce = (ms: number) => Promise<void>;

/** Real time, `from` ms ahead of the machine's and moved on between sweeps. */
export function realClock(announce: Announce, from: number): BenchClock {
  let ahead = from;
  return {
    now: () => Date.now() + ahead,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    during: (work) => work(),
    async advance(ms) {
      ahead += ms;
      await announce(ahead);
    },
  };
}

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** Turns of the event loop without a request under way, after which all that is left is waiting. */
const QUIET_TURNS = 3;

/**
 * Real time plus what was leapt over: work takes as long as it takes here, the sandbox's included, and only waiting is free. It leaps to the next
 * sleeper when no request is under way. A leap while something of our own still runs would only make that look longer.
 */
export function leapingClock(announce: Announce, from: number): BenchClock {
  let ahead = from;
  let underWay = 0;
  let watching = false;
  const sleepers: Sleeper[] = [];
  const now = (): number => Date.now() + ahead;

  function watch(quiet = 0): void {
    watching = sleepers.length > 0 && underWay === 0;
    if (!watching) return;
    if (quiet < QUIET_TURNS) return void setImmediate(watch, quiet + 1);
    void leap();
  }

  async function leap(): Promise<void> {
    sleepers.sort((a, b) => a.at - b.at);
    const first = sleepers[0];
    if (first !== undefined && first.at > now()) {
      ahead += first.at - now();
      await announce(ahead);
    }
    while (sleepers[0] !== undefined && sleepers[0].at <= now()) sleepers.shift()?.wake();
    watch();
  }

  return {
    now,
    sleep: (ms) =>
      new Promise((resolve) => {
        sleepers.push({ at: now() + ms, wake: resolve });
        if (!watching) watch();
      }),
    async during(work) {
      underWay += 1;
      try {
        return await work();
      } finally {
        underWay -= 1;
        if (!watching) watch();
      }
    },
    async advance(ms) {
      ahead += ms;
      await announce(ahead);
    },
  };
}
