// What this run has learned about each server it talks to: whether it answers at all, and the habits one has to humour.

/** A question as far as health goes: the server, the domain it is about, the type. */
export interface Subject {
  /** The server's key: its real address and port. */
  readonly server: string;
  /** Registrable domain of the name asked. */
  readonly domain: string;
  readonly type: string;
}

export type Silence = 'timeout' | 'port-closed' | 'unreachable';

export interface Habits {
  /** It answers FORMERR or NOTIMP to EDNS. */
  edns: boolean;
  /** It gives the question back in other letters' case. */
  keepsCase: boolean;
}

export interface Health {
  /** How the server was silent, if asking again would only cost time. */
  deadHow(subject: Subject): Silence | undefined;
  /** All tries of a conversation begun at `since` (monotonic, as `answered`) were in vain. */
  gaveUp(subject: Subject, how: Silence, since: number): void;
  answered(subject: Subject, now: number): void;
  /** One try was in vain. True if the server is to be spared from now on: two in a row. */
  timedOut(server: string): boolean;
  /** A reply was truncated. True if this was the last of a burst: rate limiters answer so. */
  truncated(server: string, now: number): boolean;
  habits(server: string): Habits;
}

interface ServerRecord {
  /** Domains for which it was silent, and how often for each type, since it last answered for them. */
  readonly silent: Map<string, Map<string, number>>;
  /** Domains for which it was silent since it last answered anything. */
  readonly mute: Set<string>;
  answeredAt: number;
  silentAt: number;
  how: Silence;
  timeouts: number;
  readonly cuts: number[];
  readonly habits: Habits;
}

// A mark lasts no longer than this, so that a room that stays open over sweeps looks again.
const FORGIVEN_AFTER_MS = 240_000;
const BURST = { replies: 5, withinMs: 5000 };
const MAX_SERVERS = 50_000;

/**
 * A server is given up as a whole only after silence about two different domains with not one answer since: a server may be deaf to
 * one customer's zone, or to one type, and alive for all others, and a mistake here would turn thousands of identities unknown. For one
 * domain it is given up for a type after two silences of that type, and for all types after silences of two types. `clock` (ms) says when such marks are too old.
 */
export function createHealth(clock: () => number): Health {
  const servers = new Map<string, ServerRecord>();

  function of(server: string): ServerRecord {
    const known = servers.get(server);
    if (known !== undefined) return known;
    if (servers.size >= MAX_SERVERS) servers.clear();
    const made: ServerRecord = {
      silent: new Map(),
      mute: new Set(),
      answeredAt: Number.NEGATIVE_INFINITY,
      silentAt: Number.NEGATIVE_INFINITY,
      how: 'timeout',
      timeouts: 0,
      cuts: [],
      habits: { edns: true, keepsCase: true },
    };
    servers.set(server, made);
    return made;
  }

  return {
    deadHow({ server, domain, type }) {
      const known = servers.get(server);
      if (known === undefined || clock() - known.silentAt > FORGIVEN_AFTER_MS) return undefined;
      if (known.mute.size >= 2) return known.how;
      const types = known.silent.get(domain);
      return types !== undefined && (types.size >= 2 || (types.get(type) ?? 0) >= 2) ? known.how : undefined;
    },
    gaveUp({ server, domain, type }, how, since) {
      const known = of(server);
      known.how = how;
      if (clock() - known.silentAt > FORGIVEN_AFTER_MS) forget(known);
      known.silentAt = clock();
      const types = known.silent.get(domain) ?? new Map<string, number>();
      types.set(type, (types.get(type) ?? 0) + 1);
      known.silent.set(domain, types);
      if (known.answeredAt < since) known.mute.add(domain);
    },
    answered({ server, domain, type }, now) {
      const known = of(server);
      known.answeredAt = now;
      known.timeouts = 0;
      known.mute.clear();
      known.silent.get(domain)?.delete(type);
    },
    timedOut(server) {
      const known = of(server);
      known.timeouts += 1;
      return known.timeouts >= 2;
    },
    truncated(server, now) {
      const known = of(server);
      known.cuts.push(now);
      if (known.cuts.length > BURST.replies) known.cuts.shift();
      return known.cuts.length === BURST.replies && now - (known.cuts[0] ?? now) <= BURST.withinMs;
    },
    habits: (server) => of(server).habits,
  };
}

function forget(record: ServerRecord): void {
  record.silent.clear();
  record.mute.clear();
}
