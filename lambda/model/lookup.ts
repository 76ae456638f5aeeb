// What one server answered to one question, failures included.
import type { DnsName } from './names.ts';

export type QuestionType = 'CNAME' | 'TXT' | 'NS' | 'SOA' | 'A' | 'AAAA' | 'MX';

export interface Question {
  readonly name: DnsName;
  readonly type: QuestionType;
}

/** A server that was asked: an authoritative server by name and address, or a resolver. */
export interface Server {
  readonly role: 'authoritative' | 'resolver' | 'parent';
  /** The name server's name; a resolver has none. */
  readonly name?: DnsName;
  /** IPv4 address, as the zone says (before any configured route). */
  readonly address: string;
  /** Of a resolver that does not listen on 53: two of them may share an address. */
  readonly port?: number;
}

/** One resource record of an answer. Names are lower case without final dot; hostile bytes may be inside: escape at each exit. */
export type DnsRecord =
  | { readonly type: 'CNAME' | 'NS'; readonly name: string; readonly ttl: number; readonly value: string }
  | { readonly type: 'A'; readonly name: string; readonly ttl: number; readonly value: string }
  /** `value` is the exchange. */
  | { readonly type: 'MX'; readonly name: string; readonly ttl: number; readonly preference: number; readonly value: string }
  /** `strings` are the character-strings as latin1 text, one char per byte. */
  | { readonly type: 'TXT'; readonly name: string; readonly ttl: number; readonly strings: readonly string[] }
  | {
      readonly type: 'SOA';
      readonly name: string;
      readonly ttl: number;
      readonly primary: string;
      readonly serial: number;
      readonly refresh: number;
      readonly minimum: number;
    };

/** `ad`: a resolver says that it has checked the whole by DNSSEC (RFC 4035 §3.2.3); of answers and absences of resolvers only. */
export type Outcome =
  /** NOERROR with at least one record in the answer section (a CNAME chain counts, also where it leads outside the zone). */
  | { readonly kind: 'answer'; readonly aa: boolean; readonly ad?: true; readonly records: readonly DnsRecord[] }
  /** NXDOMAIN or NODATA said with authority (AA and the SOA of a zone that holds the name), or by a resolver. `soa` is the SOA owner. */
  | { readonly kind: 'absent'; readonly how: 'nxdomain' | 'nodata'; readonly aa: boolean; readonly ad?: true; readonly soa?: DnsName }
  /** The server does not speak for the zone. */
  | { readonly kind: 'lame'; readonly how: 'refused' | 'not-authoritative' | 'referral' | 'foreign-soa' }
  /** The server speaks, but nonsense. */
  | { readonly kind: 'broken'; readonly how: 'servfail' | 'formerr' | 'notimp' | 'malformed' | 'other-rcode' }
  | { readonly kind: 'silent'; readonly how: 'timeout' | 'port-closed' | 'tcp-failed' | 'unreachable' }
  /** We did not ask, and why: not the server's fault. */
  | { readonly kind: 'not-asked'; readonly how: 'address-refused' | 'out-of-time' | 'server-dead' };

/** What was odd on the way to the outcome. `server-dead`: silent before, so not asked again. */
export type LookupRemark = 'without-edns' | 'case-not-kept' | 'over-tcp' | 'server-dead';

export interface Lookup {
  readonly server: Server;
  readonly question: Question;
  readonly outcome: Outcome;
  /** ISO 8601 UTC. */
  readonly at: string;
  /** Absent if nothing was odd. */
  readonly remarks?: readonly LookupRemark[];
}

/** A name server of a zone that can be asked: one entry for each of its IPv4 addresses. */
export interface NameServer extends Server {
  readonly role: 'authoritative';
  readonly name: DnsName;
  /** The zone it was found for: what it says is held against that one. Lookups do not repeat it. */
  readonly zone?: DnsName;
}

/** A name server that cannot be asked, and why. */
export interface UnusableNameServer {
  readonly name: DnsName;
  readonly why: 'no-address' | 'ipv6-only' | 'address-refused' | 'lookup-failed';
  readonly address?: string;
}

/** Who answers for a name. */
export type Delegation =
  | {
      readonly kind: 'delegated';
      /** The zone that holds the name. */
      readonly apex: DnsName;
      readonly servers: readonly NameServer[];
      readonly unusable: readonly UnusableNameServer[];
      /** SOA of the apex as the resolver or a server gave it, where seen. */
      readonly soaPrimary?: string;
      readonly source: 'cache' | 'resolver' | 'parent';
      /** A resolver said SERVFAIL on the way here: it may not believe the zone (DNSSEC). */
      readonly resolverFailed?: true;
    }
  /** The registrable domain does not exist or is not delegated; said by the parent's servers or by NXDOMAIN at the resolver, confirmed. */
  | {
      readonly kind: 'gone';
      readonly registrable: DnsName;
      readonly how: 'nxdomain' | 'no-delegation';
      readonly lookups: readonly Lookup[];
    }
  | {
      readonly kind: 'unknown';
      readonly why: 'resolver-failed' | 'no-servers' | 'ipv6-only' | 'address-refused' | 'out-of-time' | 'loop';
      readonly detail: string;
      readonly lookups: readonly Lookup[];
    };
