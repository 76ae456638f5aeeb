// Words for an identity that SES does not let send any more.
import type { Subject } from '../../model/alert.ts';
import type { DnsNow } from '../../model/finding.ts';
import { finding } from '../rule.ts';
import type { WordsFor } from '../words.ts';
import { dnsWords, where, who } from './phrases.ts';
import { addressCommand, command, inAccount, startAgain, step } from './steps.ts';

/** What SES says of DKIM, and what that has to do with it. Only what the facts leave possible is named. */
function causeWords({ type, status }: Subject): string {
  if (type === 'address') return '';
  switch (status) {
    case 'SUCCESS':
      return ' DKIM is not the cause: SES says SUCCESS of it.';
    case 'PENDING':
      return ' SES is verifying DKIM anew (PENDING). A domain that only DKIM vouches for cannot send until that is done.';
    case 'TEMPORARY_FAILURE':
    case 'FAILED':
    case 'NOT_STARTED':
      return ` SES says ${status} of DKIM. A domain that only DKIM vouches for loses its right to send when SES has missed its records for about three days.`;
    case 'UNKNOWN':
      return '';
  }
}

const isRight = (dns: DnsNow | undefined): boolean => dns !== undefined && dns.wrong + dns.unknown === 0;

/** SES verifies a domain again by itself, unless it has given up. */
function sendAgain(subject: Subject, dns: DnsNow | undefined): readonly string[] {
  if (subject.type === 'address')
    return [
      step(
        `Have SES send its verification mail to the address again${inAccount(subject)}, and click the link in it:`,
        ...addressCommand(subject, (place, identity) => `aws ses verify-email-identity ${place} --email-address ${identity}`),
      ),
    ];
  const records = isRight(dns)
    ? []
    : ['Put right first what is said of its DNS records, if anything is: without them SES verifies nothing.'];
  if (subject.status === 'FAILED' || subject.status === 'NOT_STARTED') return [...records, ...startAgain(subject)];
  const look = step(
    `Look at what SES says of the identity${inAccount(subject)}:`,
    ...command(subject, (place, identity) => `aws sesv2 get-email-identity ${place} --email-identity ${identity}`),
  );
  if (subject.status === 'SUCCESS')
    return [look, 'If that names no reason, open a case with AWS Support: DKIM and its records are not the reason.'];
  return [
    ...records,
    'Then wait for the next check of SES: it lets the identity send again by itself.',
    look,
    'If DNS is right and SES still refuses a day later, open a case with AWS Support.',
  ];
}

export const SENDING_WORDS: WordsFor<'sending-lost'> = {
  'sending-lost': {
    title: (_, subject) => `SES no longer lets it send: ${who(subject)}`,
    meaning: ({ facts: { dns } }, subject) =>
      `${who(subject)} was allowed to send (${where(subject)}). SES now says that it is not verified for sending. ` +
      `Every attempt to send from it is refused, signed or not.${causeWords(subject)}${dnsWords(dns)}`,
    next: (_, subject) => {
      if (subject.type === 'address')
        return 'Nothing changes by itself: it cannot send until somebody clicks the link in a new verification mail.';
      switch (subject.status) {
        case 'FAILED':
        case 'NOT_STARTED':
          return 'Nothing changes by itself: it cannot send until somebody starts the verification again.';
        case 'SUCCESS':
          return 'It cannot send until SES lets it again. When that is, or whether it comes by itself, is not known.';
        default:
          return 'It cannot send until SES verifies it again. SES does that by itself at one of its next checks, once it finds the DNS records right.';
      }
    },
    fix: ({ facts: { dns } }, subject) => sendAgain(subject, dns),
    example: finding('sending-lost', 'critical', { dns: { right: 2, wrong: 1, unknown: 0 } }),
  },
};
