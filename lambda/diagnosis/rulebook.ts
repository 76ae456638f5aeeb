// The rulebook: every rule about one identity, in the order in which a person would want to hear of it, with the reason for its place.
import type { FindingKind } from '../model/finding.ts';
import type { Rule } from './rule.ts';
import { dkimNotSetUp } from './rules/dkim-not-set-up.ts';
import { dmarcAtRisk } from './rules/dmarc-at-risk.ts';
import { dnssecBogus } from './rules/dnssec-bogus.ts';
import { domainGone } from './rules/domain-gone.ts';
import { identityAbandoned } from './rules/identity-abandoned.ts';
import { keyChanged } from './rules/key-changed.ts';
import { keyMalformed } from './rules/key-malformed.ts';
import { keyMismatch } from './rules/key-mismatch.ts';
import { keyRestricted } from './rules/key-restricted.ts';
import { keyRevoked } from './rules/key-revoked.ts';
import { keyTesting } from './rules/key-testing.ts';
import { keyTooShort } from './rules/key-too-short.ts';
import { keyWeak } from './rules/key-weak.ts';
import { keyWrongType } from './rules/key-wrong-type.ts';
import { mailFromBroken } from './rules/mail-from-broken.ts';
import { nameserverBroken } from './rules/nameserver-broken.ts';
import { nameserversDisagree } from './rules/nameservers-disagree.ts';
import { recordAmbiguous } from './rules/record-ambiguous.ts';
import { recordMisplaced } from './rules/record-misplaced.ts';
import { recordMissing } from './rules/record-missing.ts';
import { recordNameDoubled } from './rules/record-name-doubled.ts';
import { recordWrongTarget } from './rules/record-wrong-target.ts';
import { recordWrongType } from './rules/record-wrong-type.ts';
import { replicaBroken } from './rules/replica-broken.ts';
import { revoked } from './rules/revoked.ts';
import { sendingLost } from './rules/sending-lost.ts';
import { sesCannotVerify } from './rules/ses-cannot-verify.ts';
import { signingDisabled } from './rules/signing-disabled.ts';
import { targetHasNoKey } from './rules/target-has-no-key.ts';
import { txtUnanswerable } from './rules/txt-unanswerable.ts';
import { verificationFailed } from './rules/verification-failed.ts';
import { verificationOverdue } from './rules/verification-overdue.ts';
import { verificationPending } from './rules/verification-pending.ts';
import { wildcardAnswer } from './rules/wildcard-answer.ts';
import { zoneElsewhere } from './rules/zone-elsewhere.ts';

export interface RulebookEntry {
  readonly kind: FindingKind;
  readonly rule: Rule;
  /** Findings of which this one is only the consequence: while one of them is there, this one is not told. */
  readonly hiddenBy: readonly FindingKind[];
  /** Why it stands here, and why those hide it. */
  readonly why: string;
}

const ABANDONED: readonly FindingKind[] = ['identity-abandoned'];
const DOMAIN: readonly FindingKind[] = [...ABANDONED, 'domain-gone'];
/** What is wrong in DNS, so that SES cannot but disagree. */
const RECORDS: readonly FindingKind[] = [
  ...DOMAIN,
  'dnssec-bogus',
  'txt-unanswerable',
  'record-missing',
  'wildcard-answer',
  'record-name-doubled',
  'record-misplaced',
  'record-wrong-target',
  'record-wrong-type',
  'record-ambiguous',
  'key-revoked',
  'key-malformed',
  'key-wrong-type',
  'key-too-short',
  'key-restricted',
  'key-mismatch',
  'key-changed',
  'nameservers-disagree',
];
/** Why SES does not verify what we see to be right. */
const VERIFICATION: readonly FindingKind[] = [...RECORDS, 'target-has-no-key', 'zone-elsewhere', 'replica-broken'];

/** A key record has one verdict: at most one of these is said of it. */
const key = (kind: FindingKind, rule: Rule, why: string): RulebookEntry => ({ kind, rule, hiddenBy: DOMAIN, why });

/**
 * A cause hides its consequences: domain gone, then name servers broken, then records, then SES's status. One record has one verdict, so
 * findings about records never overlap on the same record, and different records may each have their own.
 */
export const RULEBOOK: readonly RulebookEntry[] = [
  {
    kind: 'identity-abandoned',
    rule: identityAbandoned,
    hiddenBy: [],
    why: 'First: what was never finished and is not used cannot be broken, and everything else about it is noise.',
  },
  { kind: 'domain-gone', rule: domainGone, hiddenBy: ABANDONED, why: 'Without a domain nothing else about it can be true or be mended.' },
  {
    kind: 'nameserver-broken',
    rule: nameserverBroken,
    hiddenBy: DOMAIN,
    why: 'Before the records that those servers hold. It hides none of them: what the other servers say is certain.',
  },
  {
    kind: 'dnssec-bogus',
    rule: dnssecBogus,
    hiddenBy: DOMAIN,
    why: 'The records may be as right as they can be: nobody who validates sees them.',
  },
  {
    kind: 'txt-unanswerable',
    rule: txtUnanswerable,
    hiddenBy: DOMAIN,
    why: 'Name servers that cannot answer make every record look lost; the records themselves are right.',
  },
  {
    kind: 'record-missing',
    rule: recordMissing,
    hiddenBy: DOMAIN,
    why: 'The commonest loss, and the one that says what to publish. A record found elsewhere, or behind a wildcard, is not counted here.',
  },
  {
    kind: 'wildcard-answer',
    rule: wildcardAnswer,
    hiddenBy: DOMAIN,
    why: 'A loss that looks like an answer: it stands beside "missing", of which it is the disguised case.',
  },
  { kind: 'record-name-doubled', rule: recordNameDoubled, hiddenBy: DOMAIN, why: 'After "missing", of which it is an explained case.' },
  { kind: 'record-misplaced', rule: recordMisplaced, hiddenBy: DOMAIN, why: 'As the doubled name, for rarer slips.' },
  {
    kind: 'record-wrong-target',
    rule: recordWrongTarget,
    hiddenBy: DOMAIN,
    why: 'Somebody published something: the value is to be corrected, not found again.',
  },
  {
    kind: 'record-wrong-type',
    rule: recordWrongType,
    hiddenBy: DOMAIN,
    why: 'Something of another kind stands in the place: it has to go before the right record can come.',
  },
  { kind: 'record-ambiguous', rule: recordAmbiguous, hiddenBy: DOMAIN, why: 'The right record may be among them: the others have to go.' },
  key('key-revoked', keyRevoked, 'The record is there and was emptied on purpose.'),
  key('key-malformed', keyMalformed, 'The record is there and was spoilt by accident.'),
  key('key-wrong-type', keyWrongType, 'A key, well formed, of a kind that SES does not sign with.'),
  key('key-too-short', keyTooShort, 'The right kind of key, which no receiver may accept.'),
  key('key-restricted', keyRestricted, 'A good key, with a tag beside it that shuts mail out.'),
  key('key-mismatch', keyMismatch, 'A good key, but not the one that SES signs with, by the configuration.'),
  key('key-changed', keyChanged, 'A good key, but not the one of yesterday: less certain than a configured one.'),
  key('key-testing', keyTesting, 'The right key, marked as not meant.'),
  {
    kind: 'nameservers-disagree',
    rule: nameserversDisagree,
    hiddenBy: DOMAIN,
    why: 'Last of DNS: part of the world still gets the right answer.',
  },
  {
    kind: 'revoked',
    rule: revoked,
    hiddenBy: DOMAIN,
    why: 'Not hidden by records: putting them back does not bring the set-up back, so the reader must hear both.',
  },
  {
    kind: 'sending-lost',
    rule: sendingLost,
    hiddenBy: DOMAIN,
    why: 'Not hidden by records: that SES refuses the mail altogether is another harm than a missing signature.',
  },
  {
    kind: 'signing-disabled',
    rule: signingDisabled,
    hiddenBy: DOMAIN,
    why: 'Not hidden by records: it is a switch inside SES that no record moves.',
  },
  {
    kind: 'replica-broken',
    rule: replicaBroken,
    hiddenBy: RECORDS,
    why: 'Hidden by records, which a replica shares with its parent: they are the cause for both.',
  },
  {
    kind: 'dkim-not-set-up',
    rule: dkimNotSetUp,
    hiddenBy: [...DOMAIN, 'replica-broken'],
    why: 'Not hidden by records: publishing them starts nothing by itself.',
  },
  {
    kind: 'verification-failed',
    rule: verificationFailed,
    hiddenBy: [...RECORDS, 'replica-broken'],
    why: 'Hidden by records: they come first, and starting again before they are right would only fail again. The words of those findings say that SES must be asked again.',
  },
  {
    kind: 'target-has-no-key',
    rule: targetHasNoKey,
    hiddenBy: RECORDS,
    why: 'The records are right, and what they lead to is empty: why SES does not verify them, or soon will not.',
  },
  {
    kind: 'zone-elsewhere',
    rule: zoneElsewhere,
    hiddenBy: RECORDS,
    why: 'The records are right where we look, and SES looked somewhere else: why it does not agree. It stands beside an empty target: each has to be mended by itself.',
  },
  {
    kind: 'verification-overdue',
    rule: verificationOverdue,
    hiddenBy: VERIFICATION,
    why: 'Hidden by everything that explains why SES does not find the records.',
  },
  {
    kind: 'ses-cannot-verify',
    rule: sesCannotVerify,
    hiddenBy: VERIFICATION,
    why: 'Only if DNS is right and nothing explains it: otherwise SES merely sees what we see.',
  },
  {
    kind: 'mail-from-broken',
    rule: mailFromBroken,
    hiddenBy: DOMAIN,
    why: 'A matter of its own beside DKIM: bounces, and SPF.',
  },
  {
    kind: 'dmarc-at-risk',
    rule: dmarcAtRisk,
    hiddenBy: DOMAIN,
    why: 'After all that leaves mail unsigned, since it says what that costs, and makes it critical.',
  },
  { kind: 'key-weak', rule: keyWeak, hiddenBy: VERIFICATION, why: 'Nothing is wrong yet: it waits until nothing else is.' },
  {
    kind: 'verification-pending',
    rule: verificationPending,
    hiddenBy: VERIFICATION,
    why: 'Last: there is nothing to do.',
  },
];
