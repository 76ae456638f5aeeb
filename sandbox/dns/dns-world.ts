// How a world describes its DNS: zones as literals. Root, top-level domains and the name servers' own zones are made up as needed.
import type { RecordValue } from './records.ts';

/** Records at one name. A list is a list of records; one TXT record of several strings is a list in the list. Names are absolute, a final dot is allowed. */
export type RecordsAt = Partial<
  Readonly<Record<'A' | 'AAAA' | 'CNAME' | 'MX' | 'NS' | 'TXT' | `TYPE${number}`, RecordValue | readonly RecordValue[]>>
>;

/** What the servers of a zone do with CNAMEs that no standard allows, and that some DNS hosts do. */
export interface ZoneQuirks {
  /** "Flattening": a CNAME is never shown. The servers look up what is at its end, and show that under the name itself. */
  readonly flattens?: boolean;
  /** At a name with a CNAME and other data: both are shown (default), only the other data, or only the CNAME. */
  readonly besideCname?: 'both' | 'other-data' | 'cname';
  /** Types that are answered as if nothing were there (NODATA) although a CNAME is. */
  readonly ignoresCnameFor?: readonly string[];
}

export interface ZoneWorld {
  /** Names of its name servers. Their addresses come from `nameServers`, or are assigned. */
  readonly ns: readonly string[];
  /** By name relative to the zone; `@` is the zone itself, `*` a wildcard. */
  readonly records?: Readonly<Record<string, RecordsAt>>;
  /** What the parent zone says, where it differs from `ns`; an empty list: the parent does not know the zone. */
  readonly delegatedTo?: readonly string[];
  readonly serial?: number;
  /** TTL of its records, seconds (default 300), and of its negative answers (default 60). */
  readonly ttl?: number;
  readonly negativeTtl?: number;
  readonly quirks?: ZoneQuirks;
}

export interface DnsWorld {
  readonly zones: Readonly<Record<string, ZoneWorld>>;
  /** Addresses of name servers, IPv4 or IPv6. A name that is not listed gets one of 198.51.100.0/24. An empty list: a name server without address. */
  readonly nameServers?: Readonly<Record<string, readonly string[]>>;
}
