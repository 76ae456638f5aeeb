// One coarse timer for every wait of this room: time-outs, pauses, turns. No timer for each question.

const TICK_MS = 10;

/** A wait that can be called off. */
export interface Waiting {
  cancel(): void;
}

export interface Ticker {
  /** Calls `fire` once, when `ms` have passed (to the next tick), unless cancelled. */
  after(ms: number, fire: () => void): Waiting;
  /** Monotonic milliseconds. */
  now(): number;
  /** Makes sure ticks go on while `busy()` is true. */
  wake(): void;
}

/**
 * The timer ticks, and keeps the process alive, only while something waits or `busy()` says so; `onTick` runs at each tick.
 * Its time is monotonic and not the clock of the options: that one may stand still or jump in a sandbox, and time-outs must not.
 */
export function createTicker(onTick: () => void, busy: () => boolean): Ticker {
  const waiting = new Set<{ readonly at: number; readonly fire: () => void }>();
  let timer: NodeJS.Timeout | undefined;

  const now = (): number => performance.now();

  function tick(): void {
    const at = now();
    for (const wait of waiting) {
      if (wait.at > at) continue;
      waiting.delete(wait);
      wait.fire();
    }
    onTick();
    if (waiting.size > 0 || busy()) return;
    clearInterval(timer);
    timer = undefined;
  }

  function wake(): void {
    timer ??= setInterval(tick, TICK_MS);
  }

  return {
    after(ms, fire) {
      const wait = { at: now() + ms, fire };
      waiting.add(wait);
      wake();
      return { cancel: () => void waiting.delete(wait) };
    },
    now,
    wake,
  };
}
