// What an early check looks at: the identities and records that events named. Everything else counts as not looked at.
import type { DnsName } from './names.ts';

/** A DNS name whose records were changed. */
export interface ChangedName {
  readonly name: DnsName;
  /** True if everything below it may be answered otherwise too: a delegation or a wildcard. */
  readonly below: boolean;
}

/** What events said of one target. */
export interface NamedIn {
  /** Identities, as the events write them. SES is asked for each anew. */
  readonly names: readonly string[];
  /** True if an event named only the target: all its identities are looked at. */
  readonly whole: boolean;
}

/** The sum of a batch of events. */
export interface Focus {
  /** By `account/region`. */
  readonly named: ReadonlyMap<string, NamedIn>;
  /** Changed records concern identities of any target. */
  readonly changed: readonly ChangedName[];
}
