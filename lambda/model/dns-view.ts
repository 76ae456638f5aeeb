// What DNS says about one identity's records, condensed, to stand beside what SES says: part of what `dkim-monitor check` prints.
import type { ReportIdentity } from './report.ts';

/** A contract as JSON: add fields, never rename or drop them. Every text is safe to show. */
export interface DnsView {
  /** The zone that holds the records, and who serves it; absent and empty where that is not known. */
  readonly zone?: string;
  readonly nameServers: readonly string[];
  /** Primary name server and serial numbers of the zone's SOA, as the servers gave them. */
  readonly primary?: string;
  readonly serials: readonly number[];
  readonly records: readonly RecordView[];
  /** Why DNS, or a part of it, could not be judged. */
  readonly unknown?: string;
}

export interface RecordView {
  readonly name: string;
  readonly type: string;
  readonly expected: string;
  readonly state: 'right' | 'wrong' | 'unknown';
  /** What the servers say, and how many of them, the most frequent first. */
  readonly says: readonly { readonly what: string; readonly servers: number }[];
}

/** One identity after a check, with DNS's side. */
export interface CheckedIdentity extends ReportIdentity {
  readonly dns: DnsView;
  /** Of an address: the identity of SES in the same place that its domain is, or lies below; absent if there is none. */
  readonly domain?: string;
  /** Where it could not be judged: why, and what to do about that. */
  readonly unknown?: NonNullable<ReportIdentity['unknown']> & { readonly fix?: readonly string[] };
}
