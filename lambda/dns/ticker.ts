// One coarse timer for every wait of this room: time-outs, pauses, turns. No timer for each question.

const TICK_MS = 10;

/** Who waits. */
export interface Waiter {
  fire(): void;
}

/** A wait that can be called off. */
export interface Waiting {
  cancel(): void;
}

export interface Ticker {
  /** Fires once, when `ms` have passed (to the next tick), unless cancelled. */
  after(ms: number, waiter: Waiter): Waiting;
  /** Monotonic milliseconds. */
  now(): number;
  /** Makes sure ticks go on while `busy()` is true. */
  wake(): void;
  /** Fires everything that waits, at once: for the end of all time. */
  flush(): void;
}

/**
 * The timer ticks, and keeps the process alive, only while something waits or `busy()` says so; `onTick` runs at each tick.
 * Its time is monotonic and not the clock of the options: that one may stand still or jump in a sandbox, and time-outs must not.
 */
export function createTicker(onTick: () => void, busy: () => boolean): Ticker {
  const ring = new Wait(Number.POSITIVE_INFINITY, { fire: () => undefined });
  let timer: NodeJS.Timeout | undefined;

  const now = (): number => performance.now();

  /** Fires what is due, each once; what they add in turn waits for the next time. */
  function fireUntil(at: number): void {
    const due: Wait[] = [];
    for (let wait = ring.next; wait !== ring; wait = wait.next) if (wait.at <= at) due.push(wait);
    for (const wait of due) if (wait.cancel()) wait.waiter.fire();
  }

  function tick(): void {
    fireUntil(now());
    onTick();
    if (ring.next !== ring || busy()) return;
    clearInterval(timer);
    timer = undefined;
  }

  function wake(): void {
    timer ??= setInterval(tick, TICK_MS);
  }

  return {
    after(ms, waiter) {
      const wait = new Wait(now() + ms, waiter);
      wait.join(ring);
      wake();
      return wait;
    },
    now,
    wake,
    flush: () => fireUntil(Number.MAX_VALUE),
  };
}

/**
 * A link of a ring. Not an entry of a Set: those leave tables behind that hold on to every question of the last seconds
 * until the whole heap is searched for garbage.
 */
class Wait implements Waiting {
  readonly at: number;
  readonly waiter: Waiter;
  next: Wait = this;
  #before: Wait = this;

  constructor(at: number, waiter: Waiter) {
    this.at = at;
    this.waiter = waiter;
  }

  /** Takes the last place in the ring. */
  join(ring: Wait): void {
    this.#before = ring.#before;
    this.next = ring;
    ring.#before.next = this;
    ring.#before = this;
  }

  /** False if it was out of the ring already. */
  cancel(): boolean {
    if (this.next === this) return false;
    this.#before.next = this.next;
    this.next.#before = this.#before;
    this.next = this;
    this.#before = this;
    return true;
  }
}
