// Words for what stands beside DKIM: the custom MAIL FROM domain, and what DMARC makes of unsigned mail.
import type { Subject } from '../../model/alert.ts';
import type { FindingFacts, FindingOf, MailFromProblem } from '../../model/finding.ts';
import { dnsName } from '../../model/names.ts';
import { finding } from '../rule.ts';
import { shellQuoted } from '../shell.ts';
import type { WordsFor } from '../words.ts';
import { EXAMPLE_ZONE } from './example.ts';
import { listed, shown, where, who } from './phrases.ts';
import { command, inAccount, publishSteps, step } from './steps.ts';

type MailFacts = FindingFacts['mail-from-broken'];

const PROBLEMS: { readonly [K in MailFromProblem]: string } = {
  'mx-missing': 'It has no MX record.',
  'mx-several': 'It has several MX records, and must have exactly one.',
  'mx-wrong': 'Its MX record does not lead to SES.',
  'spf-missing': 'It has no SPF record that lets SES send: none, several (of which none counts), or one that lets nobody send.',
  'ses-status': 'SES says that its set-up does not work.',
  pending: 'Its records are right, and SES has not confirmed them yet. That is normal for up to 72 hours.',
};

const OWN = 'with a MAIL FROM domain of its own. Mail goes out, but SPF does not count for your domain, so DMARC rests on DKIM alone.';

/** What becomes of the mail now. Only a broken MX makes SES turn away from the domain. */
function mailMeanwhile({ problem, status, rejects }: MailFacts): string {
  if (problem === 'spf-missing') return 'Mail goes out, but receivers find no SPF for it, so DMARC rests on DKIM alone.';
  if (status === 'SUCCESS') return 'Bounces may get lost already.';
  return rejects
    ? 'The identity is set to refuse sending meanwhile (REJECT_MESSAGE): its mail does not go out at all.'
    : `Meanwhile SES sends ${OWN}`;
}

/** What comes of it if nobody does anything. SES looks for the records for 72 hours, and publishes no times of its checks. */
function mailNext({ problem, status, rejects }: MailFacts): string {
  if (problem === 'spf-missing')
    return 'Nothing changes by itself, and there is no deadline. If DKIM fails as well, DMARC has nothing left to rest on.';
  switch (status) {
    case 'SUCCESS':
      return `From its next check on SES ${rejects ? 'refuses to send at all, as the identity is set to do then (REJECT_MESSAGE)' : `sends ${OWN.replace(/\.$/, '')}`}. When it checks next is not published.`;
    case 'FAILED':
      return 'Nothing changes by itself: SES does not look again until somebody sets the MAIL FROM domain again.';
    default:
      return 'As soon as SES finds the records right it uses the domain by itself. If it does not find them within 72 hours, it gives up (FAILED), and the domain must be set again.';
  }
}

/** An MX record that somebody uses must not be deleted for this. */
const keepMail = (domain: string): string =>
  `See first whether anybody receives mail at ${domain}. If so, leave its MX records, and give the identity another MAIL FROM domain: it needs one of its own.`;

const MX_NOT_KNOWN =
  'Make sure of the one MX record that SES wants. Its host in this region is not known to this program: the SES console shows it, with the identity under "Custom MAIL FROM domain", "Publish DNS records".';

/** How SES is told again, or what to do instead; a warning of side effects first. */
function mailAfterwards({ facts: { status, domain, rejects } }: FindingOf<'mail-from-broken'>, subject: Subject): readonly string[] {
  if (status !== 'FAILED') return ['Nothing needs doing in SES: it finds the records at its next check.'];
  return [step(`SES has stopped looking. Set the MAIL FROM domain again${inAccount(subject)}:`, ...setMailFrom(subject, domain, rejects))];
}

const setMailFrom = (subject: Subject, domain: string, rejects: boolean): readonly string[] =>
  command(
    subject,
    (place, identity) =>
      `aws sesv2 put-email-identity-mail-from-attributes ${place} --email-identity ${identity} --mail-from-domain ${shellQuoted(domain)} --behavior-on-mx-failure ${rejects ? 'REJECT_MESSAGE' : 'USE_DEFAULT_VALUE'}`,
  );

export const MAIL_WORDS: WordsFor<'mail-from-broken' | 'dmarc-at-risk'> = {
  'mail-from-broken': {
    title: ({ facts: { problem } }, subject) => {
      const what = { pending: 'is being verified', 'spf-missing': 'has no SPF record that counts' };
      return `The custom MAIL FROM domain ${problem === 'pending' || problem === 'spf-missing' ? what[problem] : 'does not work'}: ${who(subject)}`;
    },
    meaning: ({ facts }, subject) => {
      const { domain, problem, status, found, spfMissing } = facts;
      const now = found.length > 0 && (problem === 'mx-wrong' || problem === 'mx-several') ? ` DNS says: ${listed(found)}.` : '';
      const spf = spfMissing && problem !== 'spf-missing' ? ' It has no SPF record that lets SES send either.' : '';
      const next = problem === 'pending' && !facts.rejects ? '' : ` ${mailMeanwhile(facts)}`;
      return (
        `${who(subject)} (${where(subject)}) uses ${domain} as its MAIL FROM domain: bounces go there, and SPF is looked up there. ` +
        `${PROBLEMS[problem]}${now}${spf} SES says ${shown(status)}${status === 'SUCCESS' && problem !== 'spf-missing' ? ', so it has not noticed yet' : ''}.${next}`
      );
    },
    next: ({ facts }) => mailNext(facts),
    fix: (one, subject) => {
      const { problem, domain, rejects } = one.facts;
      if (problem === 'pending')
        return rejects
          ? [
              'Nothing to do but wait, unless mail must go out before that.',
              step(
                `To have it sent meanwhile, without SPF for your domain, let SES fall back on its own${inAccount(subject)}. Set REJECT_MESSAGE again afterwards:`,
                ...setMailFrom(subject, domain, false),
              ),
            ]
          : ['Nothing to do: wait.'];
      return [
        ...(problem === 'mx-several' || problem === 'mx-wrong' ? [keepMail(domain)] : []),
        ...(problem === 'mx-several' ? [`Delete every MX record of ${domain} but the one of SES.`] : []),
        ...(problem === 'spf-missing' || one.records.some(({ type }) => type === 'MX') ? [] : [MX_NOT_KNOWN]),
        ...publishSteps(one, { ...subject, status: 'UNKNOWN' }, 'make sure of'),
        ...(problem === 'spf-missing' ? [`Delete any other TXT record of ${domain} that begins with v=spf1: of several none counts.`] : []),
        ...(one.records.some(({ type }) => type === 'MX')
          ? ['Where the form has a field of its own for the priority of an MX record, put 10 there.']
          : []),
        ...mailAfterwards(one, subject),
      ];
    },
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
        : `Its own DMARC policy has unsigned mail ${policy === 'reject' ? 'refused' : 'put into spam'}: ${who(subject)}`,
    meaning: ({ facts: { policy, at, strictSpf } }, subject) => {
      if (policy === 'absent')
        return `${who(subject)} has no DMARC record. So no policy asks receivers to refuse its unsigned mail: each of them decides by itself.`;
      const refuse = policy === 'reject' ? 'refuse' : 'put into spam';
      const spf =
        strictSpf === true
          ? 'SPF does not count in its place: the policy says aspf=s, and the MAIL FROM domain is not the very domain of the address.'
          : 'SPF does not count in its place, because no custom MAIL FROM domain works for it.';
      return (
        `The DMARC policy at ${shown(at ?? `_dmarc.${subject.identity}`)} asks receivers to ${refuse} mail of the domain that neither DKIM nor SPF vouches for. ` +
        `DKIM is failing, as is said beside this. ${spf}`
      );
    },
    next: ({ facts: { policy } }, subject) => {
      if (policy === 'absent') return 'Nothing follows from this by itself, and there is no deadline.';
      const refused = policy === 'reject' ? 'refuse its mail' : 'put its mail into spam';
      return subject.status === 'SUCCESS' && subject.signing !== false
        ? `Receivers ${refused} as soon as its DKIM fails or SES stops signing, perhaps already. That ends when DKIM works again.`
        : `Receivers ${refused} until DKIM works again, or the policy is softened.`;
    },
    fix: ({ facts: { policy, at } }, { identity }) => {
      if (policy === 'absent') return ['Nothing to do for this. Once DKIM works again, a DMARC record is worth having.'];
      const own = `_dmarc.${identity}`;
      const milder =
        at === undefined || at === own
          ? `set p=none in the TXT record at ${shown(own)}`
          : `publish a TXT record v=DMARC1; p=none at ${shown(own)}, which counts before the policy at ${shown(at)},`;
      return [
        'Mend DKIM first: what to do is said beside this.',
        `Only if that takes more than a few hours and mail must go out: ${milder} for the time being. Mind: meanwhile nobody stops forged mail in your name.`,
      ];
    },
    example: finding('dmarc-at-risk', 'critical', { policy: 'reject', at: dnsName('_dmarc.example.com') }),
  },
};
