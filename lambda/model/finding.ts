// One thing wrong: a kind, typed facts, the records concerned, evidence and deadlines. Data only: the words live in diagnosis/catalog.
import type { ExpectedRecord } from './expectation.ts';
import type { GapReason } from './identity.ts';
import type { Lookup } from './lookup.ts';
import type { DnsName } from './names.ts';

/** `critical` mail is unsigned or soon will be · `warning` a defect that will bite · `notice` worth knowing, never pages. */
export type Severity = 'notice' | 'warning' | 'critical';

export const SEVERITIES: readonly Severity[] = ['notice', 'warning', 'critical'];

/** Negative if `a` is less severe than `b`. */
export function compareSeverity(a: Severity, b: Severity): number {
  return SEVERITIES.indexOf(a) - SEVERITIES.indexOf(b);
}

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
    /** True if a wildcard answers in the missing record's place. */
    readonly wildcard?: boolean;
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
    readonly failure: 'servfail' | 'refused' | 'formerr' | 'silent' | 'mixed';
    readonly all: boolean;
  };
  'nameservers-disagree': {
    readonly holding: readonly string[];
    readonly lacking: readonly string[];
    readonly different: readonly { readonly server: string; readonly value: string }[];
    readonly serials: readonly { readonly server: string; readonly serial: number }[];
    readonly cause: 'propagation' | 'split';
  };
  'key-malformed': {
    readonly reason: KeyMalformedReason;
    readonly detail: string;
    /** True if the private key is what was published: the pair must be replaced. */
    readonly leaked?: true;
  };
  'key-revoked': { readonly name: DnsName };
  'signing-disabled': { readonly wasEnabled: boolean };
  'dkim-not-set-up': Readonly<Record<string, never>>;
  'verification-pending': { readonly pendingSince?: string; readonly estimated: boolean; readonly hoursLeft?: number };
  'verification-overdue': {
    readonly why: 'over-72-hours' | 'dns-right-for-hours';
    readonly pendingSince?: string;
    readonly estimated: boolean;
    readonly errorType?: string;
    /** BYODKIM with INVALID_VALUE: the private key given to SES does not match, or was not PKCS #1. */
    readonly suspectPrivateKey: boolean;
    readonly sesPrimary?: string;
    readonly ourPrimary?: string;
  };
  'verification-failed': { readonly errorType?: string; readonly maySend: boolean };
  revoked: { readonly lastSuccessAt?: string; readonly statusNow: 'FAILED' | 'NOT_STARTED' };
  'ses-cannot-verify': { readonly errorType?: string; readonly sesPrimary?: string; readonly ourPrimary?: string };
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

export type FindingKind = keyof FindingFacts;

// The compiler asks for a new kind here too.
const KINDS: Readonly<Record<FindingKind, true>> = {
  'domain-gone': true,
  'record-missing': true,
  'record-name-doubled': true,
  'record-wrong-target': true,
  'txt-unanswerable': true,
  'nameservers-disagree': true,
  'key-malformed': true,
  'key-revoked': true,
  'signing-disabled': true,
  'dkim-not-set-up': true,
  'verification-pending': true,
  'verification-overdue': true,
  'verification-failed': true,
  revoked: true,
  'ses-cannot-verify': true,
  'target-unreadable': true,
  'identity-unknown': true,
};

/** Every kind, as stable public identifiers: users mute and route by them. */
export const FINDING_KINDS = Object.keys(KINDS) as readonly FindingKind[];

/** Kinds whose names are settled and whose rules are still to come: they may be muted ahead. */
export const COMING_KINDS: readonly string[] = [
  'record-misplaced',
  'record-wrong-type',
  'record-ambiguous',
  'wildcard-answer',
  'target-has-no-key',
  'nameserver-broken',
  'dnssec-bogus',
  'zone-elsewhere',
  'key-wrong-type',
  'key-too-short',
  'key-weak',
  'key-testing',
  'key-restricted',
  'key-mismatch',
  'key-changed',
  'sending-lost',
  'replica-broken',
  'address-overrides-domain',
  'address-without-domain',
  'setup-differs',
  'identity-abandoned',
  'mail-from-broken',
  'dmarc-at-risk',
];

export interface Deadline {
  /** `signing-lost` SES drops the set-up · `sending-lost` · `verification-ends` SES stops looking. */
  readonly name: 'signing-lost' | 'sending-lost' | 'verification-ends';
  readonly at: string;
  readonly estimated: boolean;
}

interface FindingBase<K extends FindingKind> {
  readonly kind: K;
  readonly severity: Severity;
  readonly facts: FindingFacts[K];
  /** What must be published, for the records concerned. */
  readonly records: readonly ExpectedRecord[];
  /** The zone that holds them, where known: names are shown relative to it. */
  readonly zone?: DnsName;
  /** The lookups this finding rests on, at most 20. */
  readonly evidence: readonly Lookup[];
  readonly deadlines: readonly Deadline[];
}

export type FindingOf<K extends FindingKind> = FindingBase<K>;
/** Any finding; narrow it by `kind`. */
export type Finding = { [K in FindingKind]: FindingBase<K> }[FindingKind];

/** True for section D of the catalogue: what we could not see. Never makes an identity broken. */
export function isBlindness(kind: FindingKind): boolean {
  return kind === 'target-unreadable' || kind === 'identity-unknown';
}
