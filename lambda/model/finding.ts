// One thing wrong: a kind, typed facts, the records concerned, evidence and deadlines. Data only: the words live in diagnosis/catalog.
import type { PublishedRecord } from './expectation.ts';
import type { FindingFacts } from './finding-facts.ts';
import type { Lookup } from './lookup.ts';
import type { DnsName } from './names.ts';

/** `critical` mail is unsigned or soon will be · `warning` a defect that will bite · `notice` worth knowing, never pages. */
export type Severity = 'notice' | 'warning' | 'critical';

export const SEVERITIES: readonly Severity[] = ['notice', 'warning', 'critical'];

/** Negative if `a` is less severe than `b`. */
export function compareSeverity(a: Severity, b: Severity): number {
  return SEVERITIES.indexOf(a) - SEVERITIES.indexOf(b);
}

export type {
  AmbiguousCause,
  DnsNow,
  FindingFacts,
  KeyMalformedReason,
  MailFromProblem,
  MisplacedHow,
  SetupSide,
  WrongTargetCause,
  WrongTypeCause,
} from './finding-facts.ts';

export type FindingKind = keyof FindingFacts;

// The compiler asks for a new kind here too.
const KINDS: Readonly<Record<FindingKind, true>> = {
  'domain-gone': true,
  'record-missing': true,
  'wildcard-answer': true,
  'record-misplaced': true,
  'record-wrong-type': true,
  'record-ambiguous': true,
  'record-name-doubled': true,
  'record-wrong-target': true,
  'txt-unanswerable': true,
  'nameservers-disagree': true,
  'nameserver-broken': true,
  'dnssec-bogus': true,
  'zone-elsewhere': true,
  'target-has-no-key': true,
  'key-malformed': true,
  'key-revoked': true,
  'key-wrong-type': true,
  'key-too-short': true,
  'key-weak': true,
  'key-testing': true,
  'key-restricted': true,
  'key-mismatch': true,
  'key-changed': true,
  'signing-disabled': true,
  'dkim-not-set-up': true,
  'verification-pending': true,
  'verification-overdue': true,
  'verification-failed': true,
  revoked: true,
  'sending-lost': true,
  'replica-broken': true,
  'address-overrides-domain': true,
  'address-without-domain': true,
  'setup-differs': true,
  'identity-abandoned': true,
  'mail-from-broken': true,
  'dmarc-at-risk': true,
  'ses-cannot-verify': true,
  'target-unreadable': true,
  'identity-unknown': true,
};

/** Every kind, as stable public identifiers: users mute and route by them. */
export const FINDING_KINDS = Object.keys(KINDS) as readonly FindingKind[];

export interface Deadline {
  /** `signing-lost` SES drops the set-up · `sending-lost` · `verification-ends` SES stops looking. */
  readonly name: 'signing-lost' | 'sending-lost' | 'verification-ends';
  readonly at: string;
  readonly estimated: boolean;
  /** Set where nobody saw the records right: when SES still said SUCCESS, which is where the clock is started. */
  readonly countedFrom?: string;
}

interface FindingBase<K extends FindingKind> {
  readonly kind: K;
  readonly severity: Severity;
  readonly facts: FindingFacts[K];
  /** What must be published, for the records concerned. */
  readonly records: readonly PublishedRecord[];
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
