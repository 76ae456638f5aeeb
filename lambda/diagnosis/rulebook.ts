// The rulebook: every rule about one identity, in the order in which a person would want to hear of it, with the reason for its place.
import type { FindingKind } from '../model/finding.ts';
import type { Rule } from './rule.ts';
import { dkimNotSetUp } from './rules/dkim-not-set-up.ts';
import { domainGone } from './rules/domain-gone.ts';
import { keyMalformed } from './rules/key-malformed.ts';
import { keyRevoked } from './rules/key-revoked.ts';
import { nameserversDisagree } from './rules/nameservers-disagree.ts';
import { recordMissing } from './rules/record-missing.ts';
import { recordNameDoubled } from './rules/record-name-doubled.ts';
import { recordWrongTarget } from './rules/record-wrong-target.ts';
import { revoked } from './rules/revoked.ts';
import { sesCannotVerify } from './rules/ses-cannot-verify.ts';
import { signingDisabled } from './rules/signing-disabled.ts';
import { txtUnanswerable } from './rules/txt-unanswerable.ts';
import { verificationFailed } from './rules/verification-failed.ts';
import { verificationOverdue } from './rules/verification-overdue.ts';
import { verificationPending } from './rules/verification-pending.ts';

export interface RulebookEntry {
  readonly kind: FindingKind;
  readonly rule: Rule;
  /** Findings of which this one is only the consequence: while one of them is there, this one is not told. */
  readonly hiddenBy: readonly FindingKind[];
  /** Why it stands here, and why those hide it. */
  readonly why: string;
}

const DOMAIN: readonly FindingKind[] = ['domain-gone'];
const RECORDS: readonly FindingKind[] = [
  ...DOMAIN,
  'txt-unanswerable',
  'record-missing',
  'record-name-doubled',
  'record-wrong-target',
  'key-revoked',
  'key-malformed',
  'nameservers-disagree',
];

/**
 * A cause hides its consequences: domain gone, then name servers broken, then records, then SES's status. One record has one verdict, so
 * findings about records never overlap on the same record, and different records may each have their own.
 */
export const RULEBOOK: readonly RulebookEntry[] = [
  { kind: 'domain-gone', rule: domainGone, hiddenBy: [], why: 'Without a domain nothing else about it can be true or be mended.' },
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
    why: 'The commonest loss, and the one that says what to publish. A record found doubled is not counted here.',
  },
  { kind: 'record-name-doubled', rule: recordNameDoubled, hiddenBy: DOMAIN, why: 'After "missing", of which it is the explained case.' },
  {
    kind: 'record-wrong-target',
    rule: recordWrongTarget,
    hiddenBy: DOMAIN,
    why: 'Somebody published something: the value is to be corrected, not found again.',
  },
  { kind: 'key-revoked', rule: keyRevoked, hiddenBy: DOMAIN, why: 'The record is there and was emptied on purpose.' },
  { kind: 'key-malformed', rule: keyMalformed, hiddenBy: DOMAIN, why: 'The record is there and was spoilt by accident.' },
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
    kind: 'signing-disabled',
    rule: signingDisabled,
    hiddenBy: DOMAIN,
    why: 'Not hidden by records: it is a switch inside SES that no record moves.',
  },
  {
    kind: 'dkim-not-set-up',
    rule: dkimNotSetUp,
    hiddenBy: DOMAIN,
    why: 'Not hidden by records: publishing them starts nothing by itself.',
  },
  {
    kind: 'verification-failed',
    rule: verificationFailed,
    hiddenBy: RECORDS,
    why: 'Hidden by records: they come first, and starting again before they are right would only fail again. The words of those findings say that SES must be asked again.',
  },
  {
    kind: 'verification-overdue',
    rule: verificationOverdue,
    hiddenBy: RECORDS,
    why: 'Hidden by records, which are why SES does not find them.',
  },
  {
    kind: 'ses-cannot-verify',
    rule: sesCannotVerify,
    hiddenBy: RECORDS,
    why: 'Only if DNS is right: otherwise SES merely sees what we see.',
  },
  {
    kind: 'verification-pending',
    rule: verificationPending,
    hiddenBy: RECORDS,
    why: 'Last: there is nothing to do.',
  },
];
