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

export interface AlertPolicy {
  /** Milliseconds between reminders of the same trouble. */
  readonly remindEveryMs: number;
  readonly minimumSeverity: Severity;
  readonly mute: readonly Mute[];
}

/** A configured BYODKIM key: what SES never tells. */
export interface ConfiguredKey {
  readonly identity: string;
  readonly selector?: string | undefined;
  /** Base64 SubjectPublicKeyInfo, whitespace removed. */
  readonly publicKey?: string | undefined;
}
