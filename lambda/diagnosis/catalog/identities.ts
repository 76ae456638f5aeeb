// Words for identities beside each other, and for what stands beside DKIM: sending, replicas, addresses, MAIL FROM, DMARC.
import type { MailFromProblem, SetupSide } from '../../model/finding.ts';
import { dnsName } from '../../model/names.ts';
import { finding } from '../rule.ts';
import type { WordsFor } from '../words.ts';
import { EXAMPLE_ZONE } from './example.ts';
import { listed, shown, switchNote, utc, where, who } from './phrases.ts';
import { addressCommand, command, inAccount, publishSteps, startAgain, step } from './steps.ts';

type Kind =
  | 'sending-lost'
  | 'replica-broken'
  | 'address-overrides-domain'
  | 'address-without-domain'
  | 'setup-differs'
  | 'identity-abandoned'
  | 'mail-from-broken'
  | 'dmarc-at-risk';

const REPLICATION: Readonly<Record<string, string>> = {
  REPLICATION_ACCESS_DENIED: 'SES was not allowed to read the parent identity',
  REPLICATION_PRIMARY_NOT_FOUND: 'there is no such identity in the parent region any more',
  REPLICATION_PRIMARY_BYO_DKIM_NOT_SUPPORTED: 'the parent identity signs with a key of its own (BYODKIM), which cannot be replicated',
  REPLICATION_REPLICA_AS_PRIMARY_NOT_SUPPORTED: 'the parent identity is itself a replica',
  REPLICATION_PRIMARY_INVALID_REGION: 'the parent region is not one that can be replicated from',
};

const MAIL_PROBLEMS: { readonly [K in MailFromProblem]: string } = {
  'mx-missing': 'It has no MX record.',
  'mx-several': 'It has several MX records, and must have exactly one.',
  'mx-wrong': 'Its MX record does not lead to SES.',
  'spf-missing': 'Its MX record is right, but there is no SPF record that lets SES send.',
  'ses-status': 'SES says that its set-up does not work.',
  pending: 'Its records are right, and SES has not confirmed them yet. That is normal for up to 72 hours.',
};

const side = ({ account, region, status, signing, fine }: SetupSide): string =>
  `${region}, account ${account}: ${fine ? 'all well' : status === 'SUCCESS' && signing === false ? 'verified, signing switched off' : status}`;

export const IDENTITY_WORDS: WordsFor<Kind> = {
  'sending-lost': {
    title: (_, subject) => `SES no longer lets it send: ${who(subject)}`,
    meaning: (_, subject) =>
      `${who(subject)} was allowed to send (${where(subject)}), and SES now says that it is not verified for sending. Every attempt to send from it is refused, signed or not. ` +
      'For a domain that was verified by DKIM this follows when the records have been away for about three days.',
    fix: (_, subject) => [
      'Put right first what is said of its DNS records, if anything is: without them SES verifies nothing.',
      ...(subject.type === 'domain'
        ? startAgain(subject)
        : ['Have SES send the verification mail to the address again, and click its link.']),
    ],
    example: finding('sending-lost', 'critical', {}),
  },
  'replica-broken': {
    title: (_, subject) => `SES cannot copy the DKIM keys of the parent: ${who(subject)}`,
    meaning: ({ facts: { errorType, parentRegion } }, subject) =>
      `${who(subject)} (${where(subject)}) signs with the keys of its parent identity${parentRegion === undefined ? '' : ` in ${shown(parentRegion)}`} (Deterministic Easy DKIM). ` +
      `SES could not copy them: ${Object.hasOwn(REPLICATION, errorType) ? `${REPLICATION[errorType]} (${shown(errorType)})` : shown(errorType)}. Mail of the replica goes unsigned, at the latest when the parent's keys change.${switchNote(subject)}`,
    fix: ({ facts: { parentRegion } }, subject) => [
      step(
        `Look at the parent identity${inAccount(subject)}: it must exist, use Easy DKIM of its own, and be SUCCESS.`,
        ...(parentRegion === undefined
          ? []
          : command(
              { ...subject, region: parentRegion },
              (place, identity) => `aws sesv2 get-email-identity ${place} --email-identity ${identity}`,
            )),
      ),
      'If the parent is gone for good, give the replica keys of its own. Mind: it gets three new tokens, and mail stays unsigned until their records are published and verified.',
      step('Start Easy DKIM for it:', ...command(subject, (place, identity) => `aws ses verify-domain-dkim ${place} --domain ${identity}`)),
    ],
    example: finding('replica-broken', 'warning', { errorType: 'REPLICATION_PRIMARY_NOT_FOUND', parentRegion: 'us-east-1' }),
  },
  'address-overrides-domain': {
    title: (_, subject) => `Mail from one address goes unsigned: ${who(subject)}`,
    meaning: ({ facts: { domain } }, subject) =>
      `${who(subject)} is an identity of its own in SES (${where(subject)}), without DKIM. Its domain ${shown(domain)} signs well there. ` +
      'For an address that is an identity itself SES takes the settings of the address, so its mail may go out unsigned although the domain is all right.',
    fix: (_, subject) => [
      'Delete the identity of the address: the domain covers it, and signs. Mind: what refers to it by name (policies, a configuration set, a MAIL FROM domain of its own) goes with it.',
      step(
        `Delete it${inAccount(subject)}:`,
        ...addressCommand(subject, (place, identity) => `aws sesv2 delete-email-identity ${place} --email-identity ${identity}`),
      ),
      'Or keep it and switch DKIM on for it, where the console offers that.',
    ],
    example: finding('address-overrides-domain', 'warning', { domain: 'example.com' }),
  },
  'address-without-domain': {
    title: (_, subject) => `An address without its domain: ${who(subject)}`,
    meaning: ({ facts: { domain } }, subject) =>
      `${who(subject)} is verified by itself in SES (${where(subject)}), and its domain ${shown(domain)} is no identity there. Its mail carries no DKIM signature of the domain, and fails DMARC where the domain has a policy. Nothing is broken.`,
    fix: ({ facts: { domain } }) => [
      `If mail is really sent from it: verify the domain ${shown(domain)} in SES with Easy DKIM, and publish its three records.`,
    ],
    example: finding('address-without-domain', 'notice', { domain: 'example.com' }),
  },
  'setup-differs': {
    title: (_, subject) => `DKIM works in one place and not in another: ${who(subject)}`,
    meaning: ({ facts: { sides } }, subject) =>
      `${who(subject)} is an identity in several places, and they differ. ${listed(sides.map(side), 10)}. Mail sent through the others goes unsigned. ` +
      'Each place has tokens and records of its own: those of one do not serve another.',
    fix: () => [
      'Set DKIM up in the places where it is not, as it is where all is well. What to do there is said of each; if nothing is sent through a place, delete the identity there.',
    ],
    example: finding('setup-differs', 'warning', {
      sides: [
        { account: '111111111111', region: 'us-east-1', method: 'easy', status: 'SUCCESS', signing: true, fine: true },
        { account: '111111111111', region: 'eu-west-1', method: 'none', status: 'NOT_STARTED', signing: false, fine: false },
      ],
    }),
  },
  'identity-abandoned': {
    title: (_, subject) => `Never finished, and not used: ${who(subject)}`,
    meaning: ({ facts: { since, estimated, statusNow } }, subject) =>
      `${who(subject)} was begun in SES (${where(subject)}) ${estimated ? 'before' : 'on'} ${utc(since)} and was never verified; SES says ${statusNow}, and it may not send. Nobody seems to wait for it, so nothing more will be said of it.`,
    fix: (_, subject) => [
      step(
        `If it is not needed, delete it${inAccount(subject)}. It cannot send, so no mail is lost:`,
        ...command(subject, (place, identity) => `aws sesv2 delete-email-identity ${place} --email-identity ${identity}`),
      ),
      'If it is: start its verification again, and publish its records.',
    ],
    example: finding('identity-abandoned', 'notice', { since: '2026-01-10T09:00:00.000Z', estimated: false, statusNow: 'FAILED' }),
  },
  'mail-from-broken': {
    title: ({ facts: { problem } }, subject) =>
      `${problem === 'pending' ? 'The custom MAIL FROM domain is being verified' : 'The custom MAIL FROM domain does not work'}: ${who(subject)}`,
    meaning: ({ facts: { domain, problem, status, rejects, found, spfMissing } }, subject) => {
      const now = found.length === 0 || problem === 'pending' || problem === 'spf-missing' ? '' : ` It says: ${listed(found)}.`;
      const spf = spfMissing && problem !== 'spf-missing' ? ' Its SPF record is missing too.' : '';
      const next =
        problem === 'spf-missing'
          ? 'Receivers that look at SPF find none for it.'
          : rejects
            ? 'The identity is set to refuse sending while this does not work (REJECT_MESSAGE): its mail does not go out at all, now or at the next check of SES.'
            : 'SES then sends with its own MAIL FROM domain instead: mail goes out, but SPF no longer counts for your domain, and with it half of DMARC.';
      return `${who(subject)} (${where(subject)}) uses ${domain} as its MAIL FROM domain, where bounces go and which SPF is checked for. ${MAIL_PROBLEMS[problem]}${now}${spf} SES says ${shown(status)}. ${problem === 'pending' ? '' : next}`.trimEnd();
    },
    fix: (one, subject) =>
      one.facts.problem === 'pending'
        ? ['Nothing to do: wait.']
        : [
            ...(one.facts.problem === 'mx-several' ? [`Delete every MX record of ${one.facts.domain} but the one of SES.`] : []),
            ...publishSteps(one, { ...subject, status: 'UNKNOWN' }, 'make sure of'),
            ...(one.facts.status === 'FAILED'
              ? [
                  step(
                    `SES has stopped looking. Set the MAIL FROM domain again${inAccount(subject)}:`,
                    ...command(
                      subject,
                      (place, identity) =>
                        `aws sesv2 put-email-identity-mail-from-attributes ${place} --email-identity ${identity} --mail-from-domain ${one.facts.domain} --behavior-on-mx-failure ${one.facts.rejects ? 'REJECT_MESSAGE' : 'USE_DEFAULT_VALUE'}`,
                    ),
                  ),
                ]
              : ['Nothing needs doing in SES: it finds the records at its next check.']),
          ],
    example: finding(
      'mail-from-broken',
      'warning',
      { domain: dnsName('bounce.example.com'), problem: 'mx-missing', status: 'SUCCESS', rejects: false, found: [], spfMissing: false },
      {
        records: [{ type: 'MX', name: dnsName('bounce.example.com'), exchange: dnsName('feedback-smtp.eu-west-1.amazonses.com') }],
        zone: EXAMPLE_ZONE,
      },
    ),
  },
  'dmarc-at-risk': {
    title: ({ facts: { policy } }, subject) =>
      policy === 'absent'
        ? `There is no DMARC policy: ${who(subject)}`
        : `Its own DMARC policy has this mail ${policy === 'reject' ? 'refused' : 'put into spam'}: ${who(subject)}`,
    meaning: ({ facts: { policy, at } }, subject) =>
      policy === 'absent'
        ? `${who(subject)} has no DMARC record, so unsigned mail is not refused for that; receivers decide by themselves.`
        : `The DMARC policy at ${shown(at ?? `_dmarc.${subject.identity}`)} asks receivers to ${policy === 'reject' ? 'refuse' : 'put into spam'} mail that neither DKIM nor SPF vouches for. ` +
          'DKIM is failing, and SPF does not count for the domain because no custom MAIL FROM domain works for it. So mail from it is lost now, or will be as soon as SES stops signing.',
    fix: ({ facts: { policy, at } }) =>
      policy === 'absent'
        ? ['Nothing to do for this. Once DKIM works again, a DMARC record is worth having.']
        : [
            'Mend DKIM first: what to do is said beside this.',
            `If that takes more than a few hours and mail must go out: set p=none in the TXT record at ${shown(at ?? 'the domain')} for the time being. Mind: meanwhile nobody stops forged mail in your name.`,
          ],
    example: finding('dmarc-at-risk', 'critical', { policy: 'reject', at: dnsName('_dmarc.example.com') }),
  },
};
