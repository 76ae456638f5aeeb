// Section C of the kinds: what SES says, beside what DNS says.
import type { KindRow } from '../kinds.ts';

export const STATUS_KINDS = {
  'signing-disabled': {
    section: 'C',
    severities: ['critical', 'warning'],
    severityWhen: 'critical if it was on at the last sweep, else warning',
    summary: 'DKIM signing is switched off in SES.',
    found: 'SES says SUCCESS, and that signing is not enabled.',
  },
  'dkim-not-set-up': {
    section: 'C',
    severities: ['warning'],
    summary: 'DKIM was never set up for the domain.',
    found: 'SES says NOT_STARTED of a domain, and was never seen to say SUCCESS.',
  },
  'verification-pending': {
    section: 'C',
    severities: ['notice'],
    summary: 'SES is still verifying; DNS is right. Nothing to do.',
    found:
      'SES says PENDING, every record is right, and 72 hours are not over. Or SES says TEMPORARY_FAILURE, the records were seen to come back, and SES has not looked since, for 24 hours at most. The identity counts as healthy meanwhile.',
  },
  'verification-overdue': {
    section: 'C',
    severities: ['warning'],
    summary: 'SES should have verified DKIM by now.',
    found: 'SES says PENDING for more than 72 hours, or although DNS has been right for many hours.',
  },
  'verification-failed': {
    section: 'C',
    severities: ['critical', 'warning'],
    severityWhen: 'critical if the identity may send, else warning',
    summary: 'SES gave up verifying DKIM.',
    found: 'SES says FAILED, and was never seen to say SUCCESS.',
  },
  revoked: {
    section: 'C',
    severities: ['critical'],
    summary: 'SES has dropped a DKIM set-up that worked.',
    found: 'SES said SUCCESS before, and says FAILED or NOT_STARTED now.',
  },
  'ses-cannot-verify': {
    section: 'C',
    severities: ['warning'],
    summary: 'SES cannot see records that are there.',
    found: "SES says TEMPORARY_FAILURE, and every record looks right on the domain's name servers.",
  },
  'sending-lost': {
    section: 'C',
    severities: ['critical'],
    summary: 'SES no longer sends for the identity.',
    found: 'SES said that the identity is verified for sending, and says no more.',
  },
  'replica-broken': {
    section: 'C',
    severities: ['warning'],
    summary: 'A replica cannot follow its parent identity.',
    found: 'SES gives an error of replication (Deterministic Easy DKIM).',
  },
  'address-overrides-domain': {
    section: 'C',
    severities: ['warning'],
    summary: 'An address is not signed although its domain would be.',
    found:
      'An address is an identity of its own without DKIM, and by the word of SES its domain is verified and signed in the same account and region, whatever DNS says of it.',
  },
  'address-without-domain': {
    section: 'C',
    severities: ['notice'],
    summary: 'An address whose domain is no identity in SES.',
    found: 'An address is an identity, and neither its domain nor one above it is, by a complete listing of the same account and region.',
  },
  'setup-differs': {
    section: 'C',
    severities: ['warning'],
    summary: 'A domain is fine in one place and not set up in another.',
    found:
      'The identities of one domain in all accounts and regions, compared: DKIM works in one, and was never begun, given up or switched off in another.',
  },
  'identity-abandoned': {
    section: 'C',
    severities: ['notice'],
    summary: 'An identity that was never verified, weeks ago. Told once.',
    found: 'SES never said SUCCESS, three weeks have passed, and the identity may not send.',
    alsoHides: 'everything else about the identity, which counts as healthy',
  },
  'mail-from-broken': {
    section: 'C',
    severities: ['critical', 'warning', 'notice'],
    severityWhen:
      'critical if SES is told to refuse mail then (REJECT_MESSAGE); notice while a first verification is on its way, but warning if SES refuses mail meanwhile; else warning',
    summary: 'The custom MAIL FROM domain does not work.',
    found: 'SES does not say SUCCESS of the MAIL FROM domain, or its MX record is missing, wrong, or not the only one.',
  },
  'dmarc-at-risk': {
    section: 'C',
    severities: ['critical', 'notice'],
    severityWhen: 'critical, and makes what it stands beside critical; notice where there is no DMARC policy at all',
    summary: 'Without DKIM, DMARC will have the mail refused.',
    found: 'DKIM is lost, no SPF is aligned, and the policy at _dmarc says quarantine or reject.',
  },
} as const satisfies Readonly<Record<string, KindRow>>;
