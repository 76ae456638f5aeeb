// What this run has learned about each server it talks to: whether it answers at all, and the habits one has to humour.
import type { DnsName } from '../model/names.ts';
import { registrableOf } from './registrable.ts';

/** A question as far as health goes. */
export interface Subject {
  /** The server's key: its real address and port. */
  readonly server: string;
  /** The name asked: silence is counted for its registrable domain. */
  readonly name: DnsName;
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
  /** One try, sent at `sentAt` (monotonic), was in vain. True if the server is to be spared from now on: see {@link DISTRESS}. */
  timedOut(server: string, sentAt: number): boolean;
  /** A reply was truncated. True if this was the last of a burst: rate limiters answer so. */
  truncated(server: string, now: number): boolean;
  habits(server: string): Habits;
}

interface ServerRecord {
  /** Domains for which it was silent, and how often for each type, since it last answered that. */
  readonly silent: Map<string, Map<string, number>>;
  readonly types: Map<string, TypeRecord>;
  readonly habits: Habits;
  readonly cuts: number[];
  /** When it was given up last, by the clock; undefined: never. */
  silentAt: number | undefined;
  how: Silence;
  /** Tries in vain during which it answered nobody, since its last answer. */
  unheard: number;
  /** When it last answered anything, monotonic. */
  answeredAt: number;
  /** Its last tries, the latest lowest: a bit is set where one was in vain. */
  tries: number;
}

/** How it does with one type of question, whatever the domain. */
interface TypeRecord {
  answeredAt: number;
  /** Domains about which it was silent since its last answer. */
  readonly mute: Set<string>;
}

// A mark lasts no longer than this, so that a room that stays open over sweeps looks again.
const FORGIVEN_AFTER_MS = 240_000;
const BURST = { replies: 5, withinMs: 5000 };
const MAX_SERVERS = 50_000;
// So many domains, types or silences are a pattern.
const ENOUGH = 2;
/**
 * Two tries in a row in vain while nobody else was answered either, or six of the last twenty: a lost packet now and then is no distress,
 * and would otherwise halve the pace of a hoster with thousands of customers.
 */
export const DISTRESS = { unheard: 2, inVain: 6, of: 20 } as const;
const LAST_TRIES = 2 ** DISTRESS.of - 1;

/**
 * A server is given up for a type after silence about two different domains with no such question answered meanwhile, and for everything after
 * that happened with two types: it may be deaf to one customer's zone, or to TXT, and alive for all else, and a mistake here would turn
 * thousands of identities unknown. For one domain two silences are enough. `clock` (ms) says when marks are too old.
 */
export function createHealth(clock: () => number): Health {
  const servers = new Map<string, ServerRecord>();

  function of(server: string): ServerRecord {
    const known = servers.get(server);
    if (known !== undefined) return known;
    if (servers.size >= MAX_SERVERS) servers.clear();
    const made: ServerRecord = {
      silent: new Map(),
      types: new Map(),
      habits: { edns: true, keepsCase: true },
      cuts: [],
      silentAt: undefined,
      how: 'timeout',
      unheard: 0,
      answeredAt: Number.NEGATIVE_INFINITY,
      tries: 0,
    };
    servers.set(server, made);
    return made;
  }

  return {
    deadHow({ server, name, type }) {
      const known = servers.get(server);
      if (known?.silentAt === undefined || clock() - known.silentAt > FORGIVEN_AFTER_MS) return undefined;
      const domain = registrableOf(name);
      const mute = [...known.types].filter(([, one]) => one.mute.size >= ENOUGH);
      const silent = known.silent.get(domain);
      const dead =
        mute.length >= ENOUGH ||
        mute.some(([mutedType]) => mutedType === type) ||
        (silent !== undefined && (silent.size >= ENOUGH || (silent.get(type) ?? 0) >= ENOUGH));
      return dead ? known.how : undefined;
    },
    gaveUp({ server, name, type }, how, since) {
      const known = of(server);
      const domain = registrableOf(name);
      if (known.silentAt === undefined || clock() - known.silentAt > FORGIVEN_AFTER_MS) {
        known.silent.clear();
        for (const one of known.types.values()) one.mute.clear();
      }
      known.silentAt = clock();
      known.how = how;
      const silent = known.silent.get(domain) ?? new Map<string, number>();
      known.silent.set(domain, silent.set(type, (silent.get(type) ?? 0) + 1));
      const one = ofType(known, type);
      if (one.answeredAt < since) one.mute.add(domain);
    },
    answered({ server, name, type }, now) {
      const known = of(server);
      known.unheard = 0;
      known.answeredAt = now;
      known.tries = (known.tries << 1) & LAST_TRIES;
      if (known.silent.size > 0) known.silent.get(registrableOf(name))?.delete(type);
      const one = ofType(known, type);
      one.answeredAt = now;
      if (one.mute.size > 0) one.mute.clear();
    },
    timedOut(server, sentAt) {
      const known = of(server);
      known.tries = ((known.tries << 1) | 1) & LAST_TRIES;
      if (known.answeredAt < sentAt) known.unheard += 1;
      return known.unheard >= DISTRESS.unheard || bitsOf(known.tries) >= DISTRESS.inVain;
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

function ofType(known: ServerRecord, type: string): TypeRecord {
  const one = known.types.get(type);
  if (one !== undefined) return one;
  const made = { answeredAt: Number.NEGATIVE_INFINITY, mute: new Set<string>() };
  known.types.set(type, made);
  return made;
}

function bitsOf(tries: number): number {
  let count = 0;
  for (let rest = tries; rest !== 0; rest >>>= 1) count += rest & 1;
  return count;
}
