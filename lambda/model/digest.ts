// The digest: what is remembered between two of them, and what one says. Kinds and facts; the words are made later.
import type { Alert, Cause } from './alert.ts';
import type { Deadline, FindingKind, Severity } from './finding.ts';
import type { GapReason } from './identity.ts';
import type { TargetCounts } from './telling.ts';

/** An alert that was told to be over. */
export interface EndedAlert {
  readonly key: string;
  readonly event: 'recovered' | 'expired';
  readonly account: string;
  readonly region: string;
  /** The first of its identities; absent for a target as a whole. */
  readonly identity?: string;
  /** How many identities it was about at the worst time. */
  readonly identities: number;
  readonly severity: Severity;
  readonly kinds: readonly FindingKind[];
  readonly cause?: Cause;
  readonly openedAt: string;
  /** When it ended, ISO 8601 UTC. */
  readonly at: string;
  /** Of an expired one. */
  readonly why?: string;
}

/** What is remembered from one digest to the next. */
export interface DigestMemory {
  /** Start of the sweep that told the last digest; before the first one, of the sweep that began to count. ISO 8601 UTC. */
  readonly at: string;
  /** Sweeps since then, the running one too. */
  readonly sweeps: number;
  /** What was told to be over since then, oldest first, at most {@link MOST_ENDED}. */
  readonly recovered: readonly EndedAlert[];
  /** How many older ones were dropped from the list; absent if none. */
  readonly dropped?: number;
}

export const MOST_ENDED = 200;

/** One open alert. `alert` holds only the findings that are not muted. */
export interface DigestOpen {
  readonly alert: Alert;
  readonly severity: Severity;
  readonly told: boolean;
  readonly deadline?: Deadline;
}

/** What of one target was not seen in this sweep. */
export interface Unseen {
  readonly account: string;
  readonly region: string;
  /** Present if the target, or part of it, could not be read. */
  readonly gap?: { readonly reason: GapReason; readonly detail: string };
  /** Identities whose DNS could not be judged. */
  readonly unjudged: number;
  /** Identities that are listed and could not be read, or not yet. */
  readonly unread: number;
}

/** An identity whose verification goes its way. */
export interface Pending {
  readonly account: string;
  readonly region: string;
  readonly identity: string;
  /** When SES stops looking, where known. */
  readonly until?: string;
}

export interface RunningMute {
  readonly identity: string;
  readonly account?: string;
  readonly region?: string;
  /** Empty: all. */
  readonly kinds: readonly string[];
  /** As configured, exclusive; absent: for ever. */
  readonly until?: string;
  readonly reason?: string;
}

/** All that one digest says. Every list is complete: what fits is decided by the message. */
export interface Digest {
  /** Start of the sweep that makes it, ISO 8601 UTC. */
  readonly at: string;
  /** As in {@link DigestMemory}: what this digest counts from. */
  readonly since: string;
  readonly sweeps: number;
  /** Worst and most urgent first; no notices. */
  readonly open: readonly DigestOpen[];
  /** Newest first. */
  readonly ended: readonly EndedAlert[];
  readonly endedDropped: number;
  /** Those that end first come first. */
  readonly mutes: readonly RunningMute[];
  readonly unseen: readonly Unseen[];
  /** Those that end first come first. */
  readonly pending: readonly Pending[];
  readonly targets: readonly TargetCounts[];
}
