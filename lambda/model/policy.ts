// What the user wants told, as values the pure rooms take.
import type { Severity } from './finding.ts';

export interface Mute {
  /** Identity pattern; `*` spans dots. */
  readonly identity: string;
  /** Only in this account; absent: in all. */
  readonly account?: string | undefined;
  /** Only in this region; absent: in all. */
  readonly region?: string | undefined;
  /** Kinds; absent or empty means all. */
  readonly kinds?: readonly string[] | undefined;
  /** Exclusive, UTC date or time. Absent: for ever. */
  readonly until?: string | undefined;
  readonly reason?: string | undefined;
}

/** Messages about some identities, to an exit of their own. An absent or empty condition is met by everything; several must all be met. */
export interface Route {
  /** Id of the exit. */
  readonly exit: string;
  readonly accounts: readonly string[];
  readonly regions: readonly string[];
  /** Identity patterns; `*` spans dots. */
  readonly identities: readonly string[];
  /** SES tags that the identity must have, each with exactly this value. */
  readonly tags: Readonly<Record<string, string>>;
  /** True: what goes only to such routes does not go to the main topic. */
  readonly exclusive: boolean;
}

/** Which exits get which messages, besides the main topic. */
export interface Routing {
  /** Exits that get everything. */
  readonly everything: readonly string[];
  /** Exits that get what is critical, and how it goes on. */
  readonly critical: readonly string[];
  readonly routes: readonly Route[];
}

export const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;

/** When a digest is told. */
export interface DigestPolicy {
  readonly every: 'day' | 'week';
  /** Minutes after midnight, UTC. */
  readonly atMinute: number;
  /** For `week`. */
  readonly on: (typeof WEEKDAYS)[number];
}

export interface AlertPolicy {
  /** Milliseconds between reminders of the same trouble. */
  readonly remindEveryMs: number;
  readonly minimumSeverity: Severity;
  /** Milliseconds before a deadline at which it is told again, in any order. Default: 48, 24 and 6 hours. */
  readonly escalateBeforeMs?: readonly number[];
  /** Milliseconds for which an alert that came back must stay well before its end is told; doubled each time it comes back. Default: one hour. */
  readonly holdDownMs?: number;
  readonly mute: readonly Mute[];
  /** Absent: no digest. */
  readonly digest?: DigestPolicy;
  /** Absent: everything goes to the main topic alone. */
  readonly routing?: Routing;
  /** Addresses that alerts go to, as configured. */
  readonly addresses?: readonly string[];
}

/** A configured BYODKIM key: what SES never tells. */
export interface ConfiguredKey {
  readonly identity: string;
  readonly selector?: string | undefined;
  /** Base64 SubjectPublicKeyInfo, whitespace removed. */
  readonly publicKey?: string | undefined;
}
