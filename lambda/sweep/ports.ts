// What the story needs of the world, as function types. The world's rooms implement them; wiring puts them in.

import type { AccountRegions, OrganizationAccount } from '../model/estate.ts';
import type { Gap, Inventory, Target } from '../model/identity.ts';
import type { Delegation, Lookup, NameServer, Question } from '../model/lookup.ts';
import type { Message } from '../model/message.ts';
import type { AccountId, DnsName } from '../model/names.ts';
import type { Refuser } from '../model/refusal.ts';

/** Milliseconds since the epoch. */
export type Clock = () => number;

/** Waits; ends early when the signal aborts. */
export type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>;

/** The DNS room. Never throws for anything a server or resolver does: failures are outcomes. Every call is bounded in time. */
export interface Dns {
  /** Who answers for `name`: the zone that holds it and its servers, from the cache where possible. `fresh` skips the cache. */
  delegation(name: DnsName, options?: { readonly fresh?: boolean }): Promise<Delegation>;
  /** Asks one authoritative server. `newSocket` uses a source port that was not used before (second round). */
  ask(server: NameServer, question: Question, options?: { readonly newSocket?: boolean }): Promise<Lookup>;
  /** Asks every configured resolver. `checkingDisabled` sets CD. */
  askResolvers(question: Question, options?: { readonly checkingDisabled?: boolean }): Promise<readonly Lookup[]>;
  /**
   * What every configured resolver says to a question about a name that is surely signed (`ad` if it validates as it should); the first call of
   * a run asks, one question a resolver, and later ones get the same.
   */
  validationControl(): Promise<readonly Lookup[]>;
  /** The addresses of a host that is said to be a name server, whether or not a zone names it; none if it has none, or if they cannot be found. */
  serversNamed(name: DnsName): Promise<readonly NameServer[]>;
  /** Drops what is cached for the zone: its answers looked odd. */
  forget(apex: DnsName): void;
  /** Questions sent so far, each retransmission counted. */
  questions(): number;
  /** The delegation cache as plain JSON, to be kept between sweeps, and back. A damaged or foreign value is ignored. */
  exportCache(): unknown;
  importCache(value: unknown): void;
  close(): void;
}

/** What the sweep knows of how much there is to read. */
export interface RefreshNeeds {
  /** False: the status of all was read lately enough, and only details are left. */
  readonly statusDue: boolean;
  /** Names of identities whose DNS was wrong, or could not be judged while they are provisional, when it was last looked at. */
  readonly wrong: ReadonlySet<string>;
  /** Milliseconds between two readings of the status of all. */
  readonly inventoryEveryMs: number;
  /** Milliseconds within which the details of each identity are to be read once. */
  readonly detailsEveryMs: number;
}

/** The inventory room, for all targets. Never throws for what AWS answers: failures are gaps. */
export interface InventoryReader {
  /**
   * Continues or begins the inventory of one target, until done or `until` (ms since the epoch): the status of all if `needs` has it due, then details
   * of those who need them. `previous` is the last snapshot; identities not reached yet keep their previous facts.
   * `onProgress` hears of each identity whose details were read.
   */
  refresh(
    target: Target,
    previous: Inventory | undefined,
    until: number,
    onProgress?: (done: number, of: number) => void,
    needs?: RefreshNeeds,
  ): Promise<{ readonly inventory: Inventory; readonly gap?: Gap }>;
  /**
   * Reads SES status at once for identities that look wrong in DNS: one v1 batch call per 100, then details within `maxDetails`.
   * Returns the inventory with the facts it could read renewed; a throttle or an error leaves the old facts (their `readAt` shows the age).
   */
  freshen(
    target: Target,
    inventory: Inventory,
    identities: readonly string[],
    limits: { readonly maxDetails: number; readonly until: number },
  ): Promise<Inventory>;
  /**
   * Reads single identities at once that an event named, until `until` (ms since the epoch): new ones are added, those that SES does not know are dropped.
   * It is no listing: whether the snapshot is complete, and of when, stays as it was. `gap` says why it ended before the last name.
   */
  readNamed(
    target: Target,
    inventory: Inventory,
    names: readonly string[],
    until: number,
  ): Promise<{ readonly inventory: Inventory; readonly gap?: Gap }>;
  calls(): { readonly sesCalls: number; readonly stsCalls: number };
}

/** Why something of the estate could not be read. `lasting`: it will not go away by itself, such as a missing permission. */
export interface EstateFailure {
  readonly kind: 'failed';
  readonly detail: string;
  readonly lasting: boolean;
  /** Of a denial: the policy in the way. */
  readonly by?: Refuser;
}

/** What AWS says of the estate itself. Never throws for what AWS answers. Every call is bounded in time, pages and size. */
export interface EstateReader {
  /**
   * The accounts, whatever their state, of the whole organisation (`organization`), or below a root or unit (`r-…`, `ou-…`), nested units included.
   * `organization` is the id of it, where an account was found that says it; `unknown`: the organisation has no such root or unit.
   */
  accountsOf(
    entry: string,
    until: number,
  ): Promise<
    | { readonly kind: 'read'; readonly accounts: readonly OrganizationAccount[]; readonly organization?: string }
    | { readonly kind: 'unknown' }
    | EstateFailure
  >;
  /** Which regions are switched on in an account. */
  regionsOf(account: AccountId, until: number): Promise<({ readonly kind: 'read' } & AccountRegions) | EstateFailure>;
}

export type MemoryRead =
  | { readonly kind: 'found'; readonly value: unknown; readonly version: string }
  | { readonly kind: 'absent' }
  /** There, but damaged, of a newer schema, or not readable: never an empty memory. */
  | { readonly kind: 'unreadable'; readonly detail: string };

/** Blobs of versioned JSON. A value is an object with a numeric `schema`. */
export interface Memory {
  read(key: string, schema: number): Promise<MemoryRead>;
  /** Compare-and-swap: `expected` is the version last read, or `'absent'`. `'conflict'` if somebody else wrote in between. Throws only if the store cannot be written at all. */
  write(
    key: string,
    value: { readonly schema: number } & object,
    expected: string | 'absent' | 'any',
  ): Promise<{ readonly kind: 'written'; readonly version: string } | { readonly kind: 'conflict' }>;
}

/** Writes a list for Step Functions to read item by item: plain JSON, which no memory is. Throws if it cannot be written. */
export type ItemList = (key: string, items: readonly object[]) => Promise<void>;

export type Published = { readonly kind: 'sent'; readonly channelId: string } | { readonly kind: 'failed'; readonly detail: string };

/** One more place that messages go to besides the main topic: a topic for some of them, or an event bus. */
export interface Exit {
  /** The same in every sweep: what it missed is remembered under it. */
  readonly id: string;
  publish(message: Message): Promise<Published>;
}

/** Where messages go. */
export interface Channel {
  publish(message: Message): Promise<Published>;
  /** More places that messages may go to; absent or empty if there is the main topic alone. */
  readonly exits?: readonly Exit[];
  /** How many subscriptions are confirmed and pending (`nobodyWanted`: this run is meant to tell nobody); `unknown` if that cannot be read. */
  audience(): Promise<
    | { readonly kind: 'known'; readonly confirmed: number; readonly pending: number; readonly nobodyWanted?: boolean }
    | { readonly kind: 'unknown'; readonly detail: string }
  >;
}

/** Tells a dead man's switch outside that a good sweep ended. Never throws, and ends within seconds; `detail` holds nothing of the secret address but its host. */
export type Heartbeat = () => Promise<{ readonly kind: 'pinged' } | { readonly kind: 'failed'; readonly detail: string }>;

/** One structured line. Fields are values already safe to log (the logger escapes control characters). */
export type Log = (level: 'info' | 'warn' | 'error', event: string, fields: Readonly<Record<string, unknown>>) => void;

/** Progress for a person at a terminal. */
export type Progress = (event: {
  readonly stage: 'inventory' | 'dns' | 'confirm' | 'conclude';
  readonly target?: Target;
  readonly done: number;
  readonly of: number;
  readonly note?: string;
}) => void;
