// What is told of each kind of finding: its facts, as data.
import type { DkimMethod, GapReason, SesStatus } from './identity.ts';
import type { DnsName } from './names.ts';

export type WrongTargetCause = 'domain-appended' | 'other-region-zone' | 'stale-token' | 'typo' | 'unrelated';

export type KeyMalformedReason =
  | 'pem-header'
  | 'line-breaks'
  | 'quotes'
  | 'truncated'
  | 'not-base64'
  | 'not-a-public-key'
  | 'pkcs1-instead-of-spki'
  | 'missing-p'
  | 'duplicate-tag'
  | 'bad-version'
  | 'no-tag-syntax';

/** Where a record was found instead: which of the usual slips put it there. */
export type MisplacedHow = 'no-underscore' | 'without-domainkey' | 'labels-swapped' | 'under-parent' | 'under-child';

/**
 * `flattened` no CNAME to be seen, but the key that it leads to (a DNS host that resolves CNAMEs itself) · `proxied` addresses of a CDN in
 * the CNAME's place · `pasted-as-txt` the CNAME's target in a TXT · `other-txt` some other TXT in the CNAME's place · `cname-without-key`
 * a CNAME where the key's TXT belongs, and no key where it ends.
 */
export type WrongTypeCause = 'flattened' | 'proxied' | 'pasted-as-txt' | 'other-txt' | 'cname-without-key';

export type AmbiguousCause = 'several-txt' | 'cut-into-two-records' | 'several-cnames' | 'cname-beside-other-data';

/** `ses-status`: the records are right, and SES does not agree. */
export type MailFromProblem = 'mx-missing' | 'mx-several' | 'mx-wrong' | 'spf-missing' | 'ses-status' | 'pending';

/** One target's part in `setup-differs`. */
export interface SetupSide {
  readonly account: string;
  readonly region: string;
  readonly method: DkimMethod;
  readonly status: SesStatus;
  readonly signing?: boolean;
  /** All is well there. */
  readonly fine: boolean;
}

/** How many of the expected records DNS shows right at present, how many not, and how many could not be told. */
export interface DnsNow {
  readonly right: number;
  readonly wrong: number;
  readonly unknown: number;
}

/** The facts of each kind. A new kind is a new line here; the compiler then asks for its words and its rule. Times are ISO 8601 UTC. */
export interface FindingFacts {
  'domain-gone': { readonly registrable: DnsName; readonly how: 'nxdomain' | 'no-delegation' };
  'record-missing': {
    /** How many of the expected records are missing. */
    readonly missing: number;
    readonly expected: number;
    readonly absence: 'nxdomain' | 'nodata' | 'mixed';
    /** When the absence was first seen; the present sweep if new. */
    readonly since: string;
    readonly lastHealthyAt?: string;
    /** The missing records' values when last seen healthy. */
    readonly lastSeen: readonly { readonly name: DnsName; readonly value: string }[];
    /** Set only if the zone's name servers are not those of the last healthy sweep: the domain moved. */
    readonly movedFrom?: readonly DnsName[];
    readonly nameServers: readonly DnsName[];
    /** True if SES has noticed (its status is no longer SUCCESS). */
    readonly sesNoticed: boolean;
    /** None of the tokens is one that was seen before: the identity was deleted and created again. */
    readonly newTokens?: true;
    /** SES's own last look was at this primary name server, which still has the records: the domain moved away from it. */
    readonly stillAt?: DnsName;
  };
  'wildcard-answer': {
    readonly missing: number;
    readonly expected: number;
    /** What the wildcard gives. */
    readonly answer: string;
    readonly since: string;
    readonly lastHealthyAt?: string;
  };
  'record-misplaced': { readonly found: readonly { readonly name: DnsName; readonly foundAt: DnsName; readonly how: MisplacedHow }[] };
  'record-wrong-type': {
    readonly cause: WrongTypeCause;
    /** What stands there instead. */
    readonly found: readonly { readonly name: DnsName; readonly value: string }[];
  };
  'record-ambiguous': {
    readonly cause: AmbiguousCause;
    readonly name: DnsName;
    readonly values: readonly string[];
    /** One of the values would do: whoever happens to take it is served. */
    readonly usable: boolean;
  };
  'record-name-doubled': { readonly found: readonly { readonly name: DnsName; readonly foundAt: DnsName }[] };
  'record-wrong-target': {
    readonly cause: WrongTargetCause;
    readonly found: readonly { readonly name: DnsName; readonly target: string; readonly expected: DnsName }[];
    /** For `other-region-zone`: the SES zone that the target names. */
    readonly zone?: string;
  };
  'txt-unanswerable': {
    readonly servers: readonly string[];
    /** `denied`: the CNAME is given, and a TXT question answered as if nothing were there. */
    readonly failure: 'servfail' | 'refused' | 'formerr' | 'silent' | 'denied' | 'mixed';
    readonly all: boolean;
  };
  'nameservers-disagree': {
    readonly holding: readonly string[];
    readonly lacking: readonly string[];
    readonly different: readonly { readonly server: string; readonly value: string }[];
    readonly serials: readonly { readonly server: string; readonly serial: number }[];
    readonly cause: 'propagation' | 'split';
  };
  'nameserver-broken': {
    readonly broken: readonly { readonly server: string; readonly how: string }[];
    /** Addresses in the delegation, and names without any. */
    readonly of: number;
    /** Nobody at all speaks for the zone: all say so themselves. */
    readonly all: boolean;
  };
  'dnssec-bogus': { readonly resolvers: readonly string[]; readonly names: readonly DnsName[] };
  'zone-elsewhere': {
    readonly sesPrimary: DnsName;
    readonly ourPrimary?: string;
    readonly nameServers: readonly DnsName[];
    /** What the server that SES looked at says of the records today. */
    readonly there: 'absent' | 'wrong' | 'no-answer';
    readonly errorType?: string;
  };
  'target-has-no-key': { readonly targets: readonly DnsName[] };
  'key-malformed': {
    readonly reason: KeyMalformedReason;
    readonly detail: string;
    /** True if the private key is what was published: the pair must be replaced. */
    readonly leaked?: true;
  };
  'key-revoked': { readonly name: DnsName };
  'key-wrong-type': { readonly name: DnsName; readonly type: string };
  'key-too-short': { readonly name: DnsName; readonly bits: number };
  'key-weak': {
    readonly bits: number;
    /** `record`: the published key of one's own · `easy`: the key that SES made. */
    readonly where: 'record' | 'easy';
    /** SES will take the longer one at its next key change. */
    readonly nextIsLonger?: boolean;
  };
  'key-testing': { readonly name: DnsName };
  'key-restricted': { readonly name: DnsName; readonly tag: 's' | 'h'; readonly value: string };
  /** The last characters of both keys. */
  'key-mismatch': { readonly name: DnsName; readonly published: string; readonly configured: string };
  'key-changed': { readonly name: DnsName; readonly before: string; readonly now: string; readonly since: string };
  'signing-disabled': { readonly wasEnabled: boolean };
  'dkim-not-set-up': Readonly<Record<string, never>>;
  'verification-pending': {
    readonly pendingSince?: string;
    readonly estimated: boolean;
    readonly hoursLeft?: number;
    /** SES had verified it before and lost sight of the records: they are back, and SES has not looked since. */
    readonly again?: true;
  };
  'verification-overdue': {
    readonly why: 'over-72-hours' | 'dns-right-for-hours';
    /** Set where the records became right so late that SES has not looked since: then only the time is over. */
    readonly rightSince?: string;
    readonly pendingSince?: string;
    readonly estimated: boolean;
    readonly errorType?: string;
    /** BYODKIM with INVALID_VALUE: the private key given to SES does not match, or was not PKCS #1. */
    readonly suspectPrivateKey: boolean;
    /** The last characters of an own key as it is published, to compare with. */
    readonly publishedEnd?: string;
    readonly sesPrimary?: string;
    readonly ourPrimary?: string;
  };
  'verification-failed': { readonly errorType?: string; readonly maySend: boolean; readonly dns?: DnsNow };
  revoked: { readonly lastSuccessAt?: string; readonly statusNow: 'FAILED' | 'NOT_STARTED'; readonly dns?: DnsNow };
  'sending-lost': { readonly dns?: DnsNow };
  'replica-broken': { readonly errorType: string; readonly parentRegion?: string };
  'address-overrides-domain': { readonly domain: string };
  'address-without-domain': { readonly domain: string };
  'setup-differs': { readonly sides: readonly SetupSide[] };
  'identity-abandoned': { readonly since: string; readonly estimated: boolean; readonly statusNow: SesStatus };
  'mail-from-broken': {
    readonly domain: DnsName;
    readonly problem: MailFromProblem;
    readonly status: string;
    /** BehaviorOnMxFailure is REJECT_MESSAGE: SES refuses to send instead of falling back to its own domain. */
    readonly rejects: boolean;
    /** What the MX record says now. */
    readonly found: readonly string[];
    readonly spfMissing: boolean;
  };
  'dmarc-at-risk': {
    readonly policy: 'quarantine' | 'reject' | 'absent';
    /** Where the policy stands. */
    readonly at?: DnsName;
    /** A working MAIL FROM domain would align, were it not for `aspf=s`. */
    readonly strictSpf?: true;
  };
  'ses-cannot-verify': {
    readonly errorType?: string;
    /** Since when the monitor has not seen the records wrong; absent where it sees them for the first time. */
    readonly rightSince?: string;
    readonly publishedEnd?: string;
    readonly sesPrimary?: string;
    readonly ourPrimary?: string;
  };
  'target-unreadable': {
    readonly reason: GapReason;
    readonly detail: string;
    /** When it was first seen unreadable. */
    readonly since: string;
    /** Identities known from the last snapshot that are not watched meanwhile. */
    readonly identities: number;
  };
  'identity-unknown': { readonly reason: string; readonly detail: string; readonly since: string; readonly sweeps: number };
}
