// The questions of one look at a domain, in the order in which they were answered: what `dkim-monitor check --explain` shows.
import type { LookupRemark, Server } from './lookup.ts';

/** What one question cost on the wire. */
export interface Effort {
  /** Sent for it, over UDP and TCP; none if it was not asked. */
  readonly packets: number;
  /** From the first packet to the end. */
  readonly ms: number;
}

/**
 * `servers` who answers for the domain · `first-look` one server · `servers-anew` the same without the cache, and from the servers above ·
 * `all-servers` every server · `probes` whether we are fooled, or the record stands elsewhere · `second-round` the same again.
 */
export type TracePhase = 'servers' | 'first-look' | 'servers-anew' | 'all-servers' | 'probes' | 'second-round';

/** One question to one server. A contract as JSON: add fields, never rename or drop them. Every text is safe to show. */
export interface TraceEntry {
  readonly phase: TracePhase;
  /** Why it was asked, in a few words. */
  readonly why: string;
  /** `TXT abc._domainkey.example.com`. */
  readonly question: string;
  readonly server: string;
  readonly role: Server['role'];
  /** What came back, in a few words. */
  readonly outcome: string;
  readonly answers: readonly string[];
  /** What was odd on the way. */
  readonly remarks: readonly LookupRemark[];
  readonly packets: number;
  readonly ms: number;
  /** When it was answered or given up, ISO 8601 UTC. */
  readonly at: string;
}

/** A whole trace, bounded: `omitted` questions came after the last entry. */
export interface Trace {
  readonly entries: readonly TraceEntry[];
  readonly omitted: number;
}
