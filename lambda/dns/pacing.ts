// Politeness: who may send the next packet. A token bucket for each lane (a server, or all resolvers together), fair turns, one cap on all.

export interface LaneRule {
  readonly perSecond: number;
  readonly burst: number;
  /** Conversations at once before the server has ever answered: a dead one must not hold up the rest. */
  readonly unproven: number;
  readonly proven: number;
}

export type LaneKind = 'server' | 'resolver';

export interface PacingLimits extends Readonly<Record<LaneKind, LaneRule>> {
  /** Conversations at once, all lanes together. */
  readonly inFlight: number;
  /** Conversations that may wait for their turn; beyond it a new one is refused. */
  readonly waiting: number;
}

export interface Pacing {
  /** Queues a conversation; `start` is called with a slot and the first packet's token taken. False if too many wait already. */
  begin(key: string, kind: LaneKind, start: () => void): boolean;
  /** Queues one more packet of a running conversation: before all that have not begun, without a further slot. */
  again(key: string, send: () => void): void;
  /** A conversation is over: its slot is free. If it sent nothing after all, the packet's token is given back. */
  end(key: string, sentNothing: boolean): void;
  /** The server has answered. */
  proved(key: string): void;
  /** The server showed distress at `now`: half the rate for {@link PENALTY_MS}. */
  penalise(key: string, now: number): void;
  /** Lets go what may go at `now` (ms, monotonic). May be called at any time, also from within `start`. */
  pump(now: number): void;
  /** Starts everything whatever the limits: for the end, when each sees that it is too late and sends nothing. */
  flush(): void;
  /** True while somebody waits. */
  busy(): boolean;
}

/** How long a server that showed distress is asked at half the rate. */
export const PENALTY_MS = 600_000;

// Past this number of lanes, those that would be the same if they were met again are forgotten, now and then.
const MAX_LANES = 20_000;
const FORGET_EVERY_MS = 1000;

interface Lane {
  readonly key: string;
  readonly rule: LaneRule;
  tokens: number;
  filledAt: number;
  running: number;
  proven: boolean;
  halfUntil: number;
  readonly urgent: (() => void)[];
  waiting: ((() => void) | undefined)[];
  /** Index of the first that still waits: shifting a long array is slow. */
  head: number;
  /** It is among the turns. */
  queued: boolean;
}

/** Pacing as a value machine without clock or timer: `pump` is called whenever something may have changed. */
export function createPacing(limits: PacingLimits): Pacing {
  const lanes = new Map<string, Lane>();
  // Lanes with somebody waiting, in the order of their turns.
  let turns: Lane[] = [];
  let inFlight = 0;
  let waiting = 0;
  let pumping = false;
  let forgotAt = Number.NEGATIVE_INFINITY;

  function laneOf(key: string, kind: LaneKind): Lane {
    const known = lanes.get(key);
    if (known !== undefined) return known;
    const made: Lane = { ...FRESH, key, rule: limits[kind], tokens: limits[kind].burst, urgent: [], waiting: [] };
    lanes.set(key, made);
    return made;
  }

  /** Only lanes that would be the same if they were met again: nobody in them, the bucket full, no distress. */
  function forgetIdle(now: number): void {
    forgotAt = now;
    for (const lane of lanes.values()) {
      refill(lane, now);
      if (lane.running === 0 && !lane.queued && now >= lane.halfUntil && lane.tokens >= lane.rule.burst) lanes.delete(lane.key);
    }
  }

  function queue(lane: Lane): void {
    if (lane.queued) return;
    lane.queued = true;
    turns.push(lane);
  }

  /** What of this lane may go now, its token and slot taken. */
  function take(lane: Lane, now: number): (() => void) | undefined {
    refill(lane, now);
    if (lane.tokens < 1) return undefined;
    const urgent = lane.urgent.shift();
    if (urgent !== undefined) {
      lane.tokens -= 1;
      return urgent;
    }
    const allowed = lane.proven ? lane.rule.proven : lane.rule.unproven;
    if (lane.running >= allowed || inFlight >= limits.inFlight) return undefined;
    const next = shift(lane);
    if (next === undefined) return undefined;
    lane.tokens -= 1;
    occupy(lane);
    return next;
  }

  function occupy(lane: Lane): void {
    lane.running += 1;
    inFlight += 1;
    waiting -= 1;
  }

  return {
    begin(key, kind, start) {
      if (waiting >= limits.waiting) return false;
      const lane = laneOf(key, kind);
      lane.waiting.push(start);
      waiting += 1;
      queue(lane);
      return true;
    },
    again(key, send) {
      const lane = laneOf(key, 'server');
      lane.urgent.push(send);
      queue(lane);
    },
    end(key, sentNothing) {
      const lane = lanes.get(key);
      inFlight -= 1;
      if (lane === undefined) return;
      lane.running -= 1;
      if (sentNothing) lane.tokens = Math.min(lane.rule.burst, lane.tokens + 1);
    },
    proved(key) {
      const lane = lanes.get(key);
      if (lane !== undefined) lane.proven = true;
    },
    penalise(key, now) {
      const lane = lanes.get(key);
      if (lane === undefined) return;
      refill(lane, now);
      lane.halfUntil = now + PENALTY_MS;
    },
    pump(now) {
      if (pumping) return;
      pumping = true;
      if (lanes.size > MAX_LANES && now - forgotAt >= FORGET_EVERY_MS) forgetIdle(now);
      // A lane that was served goes to the end of the turns and is met again in this same walk: one packet a lane a round.
      const later: Lane[] = [];
      for (let turn = 0; turn < turns.length; turn += 1) {
        const lane = turns[turn] as Lane;
        const go = take(lane, now);
        go?.();
        if (!isWanted(lane)) lane.queued = false;
        else if (go === undefined) later.push(lane);
        else turns.push(lane);
      }
      turns = later;
      pumping = false;
    },
    flush() {
      for (const lane of lanes.values()) {
        for (let go = lane.urgent.shift(); go !== undefined; go = lane.urgent.shift()) go();
        for (let go = shift(lane); go !== undefined; go = shift(lane)) {
          occupy(lane);
          go();
        }
      }
      for (const lane of turns) lane.queued = false;
      turns = [];
    },
    busy: () => turns.length > 0,
  };
}

const FRESH = {
  filledAt: Number.NEGATIVE_INFINITY,
  running: 0,
  proven: false,
  halfUntil: Number.NEGATIVE_INFINITY,
  head: 0,
  queued: false,
};

function refill(lane: Lane, now: number): void {
  const perMs = (now < lane.halfUntil ? lane.rule.perSecond / 2 : lane.rule.perSecond) / 1000;
  if (now > lane.filledAt) {
    lane.tokens = Math.min(lane.rule.burst, lane.tokens + (now - lane.filledAt) * perMs);
    lane.filledAt = now;
  }
}

/** Somebody waits in it. */
function isWanted(lane: Lane): boolean {
  return lane.urgent.length > 0 || lane.waiting.length > lane.head;
}

function shift(lane: Lane): (() => void) | undefined {
  const next = lane.waiting[lane.head];
  if (next === undefined) return undefined;
  lane.waiting[lane.head] = undefined;
  lane.head += 1;
  if (lane.head === lane.waiting.length) {
    lane.waiting.length = 0;
    lane.head = 0;
  } else if (lane.head === 1024) {
    lane.waiting = lane.waiting.slice(lane.head);
    lane.head = 0;
  }
  return next;
}
