// Words for what SES says about an identity.
import type { Subject } from '../../model/alert.ts';
import type { FindingFacts, FindingOf } from '../../model/finding.ts';
import { hoursBetween } from '../deadlines.ts';
import { finding } from '../rule.ts';
import type { WordsFor } from '../words.ts';
import { EXAMPLE_RECORDS, EXAMPLE_ZONE } from './example.ts';
import { sesNext } from './next.ts';
import { count, dnsWords, errorWords, primariesDiffer, shown, utc, where, who } from './phrases.ts';
import { askLines, command, inAccount, publishSteps, startAgain, startFirst, step } from './steps.ts';

type StatusKind =
  | 'signing-disabled'
  | 'dkim-not-set-up'
  | 'verification-pending'
  | 'verification-overdue'
  | 'verification-failed'
  | 'revoked'
  | 'ses-cannot-verify';

const since = (at: string | undefined, estimated: boolean): string =>
  at === undefined
    ? ''
    : ` It has been pending since ${estimated ? 'about ' : ''}${utc(at)}${estimated ? ' (our first sight of it)' : ''}.`;

const compareKeys = (end: string | undefined): string =>
  step(
    'Compare the published key with the private key that SES was given. ' +
      (end === undefined
        ? 'This must print what stands behind p= in DNS:'
        : `What this prints must end as the published key does, in ${shown(end)}`),
    'openssl rsa -in private.pem -pubout -outform DER | openssl base64 -A',
  );

const endWords = (end: string | undefined): string => (end === undefined ? '' : ` The published key ends in ${shown(end)}.`);

/** Where the records are right, only the restart is left to do. */
const restartSteps = (one: FindingOf<'verification-failed' | 'revoked'>, subject: Subject): readonly string[] => {
  const { dns } = one.facts;
  const right = dns !== undefined && dns.wrong + dns.unknown === 0;
  return one.records.length > 0 && !right ? publishSteps(one, { ...subject, status: 'FAILED' }, 'make sure of') : startAgain(subject);
};

/** A day in which SES saw what we see, or could have: then it is not merely late. */
const LATE_HOURS = 24;

/** Counted to when SES last gave its word. */
const isLate = ({ rightSince }: FindingFacts['ses-cannot-verify'], { readAt }: Subject): boolean =>
  rightSince !== undefined && (hoursBetween(rightSince, readAt) ?? 0) >= LATE_HOURS;

/** Whether waiting may mend it: a guess only where nobody saw for how long the records have been right. */
function lateWords(facts: FindingFacts['ses-cannot-verify'], subject: Subject): string {
  if (facts.rightSince === undefined) return 'If the records came back only now, SES is late.';
  const seen = `They have looked right since ${utc(facts.rightSince)}`;
  return isLate(facts, subject) ? `${seen}: waiting alone will hardly mend it.` : `${seen}: SES may be late.`;
}

/** SES compares an own key with the private one it was given; nobody else can. */
const isKeyDoubted = ({ method }: Subject, errorType: string | undefined): boolean => method === 'byodkim' && errorType === 'INVALID_VALUE';

export const STATUS_WORDS: WordsFor<StatusKind> = {
  'signing-disabled': {
    title: ({ facts }, subject) => `DKIM signing ${facts.wasEnabled ? 'was switched off' : 'is off'}: ${who(subject)}`,
    meaning: ({ facts }, subject) =>
      `SES has verified DKIM for ${who(subject)} (${where(subject)}), but signing is switched off there${facts.wasEnabled ? '; we saw it on before' : ''}. Its mail goes out without the domain's signature.`,
    next: () =>
      'Nothing changes by itself: its mail stays unsigned until somebody switches signing on. There is no deadline: SES keeps the set-up as long as it finds the DNS records right.',
    fix: (_, subject) => [
      step(
        `Switch signing on${inAccount(subject)}. It takes effect at once:`,
        ...command(
          subject,
          (place, identity) => `aws sesv2 put-email-identity-dkim-attributes ${place} --email-identity ${identity} --signing-enabled`,
        ),
      ),
      'If it is off on purpose, mute "signing-disabled" for this identity in the configuration.',
    ],
    example: finding('signing-disabled', 'critical', { wasEnabled: true }),
  },
  'dkim-not-set-up': {
    title: (_, subject) => `DKIM is not set up: ${who(subject)}`,
    meaning: (_, subject) =>
      `${who(subject)} is an identity in SES (${where(subject)}), but DKIM was never started for it. Mail from it carries no signature of the domain.`,
    next: () =>
      'Nothing changes by itself: its mail stays unsigned until DKIM is started and its records are published. There is no deadline before that.',
    fix: (_, subject) => startFirst(subject),
    example: finding('dkim-not-set-up', 'warning', {}),
  },
  'verification-pending': {
    title: (_, subject) => `DKIM is being verified: ${who(subject)}`,
    meaning: ({ facts: { pendingSince, estimated, again } }) =>
      again
        ? "The records are right again on the domain's name servers, and SES has not looked since. Until it does, mail is most likely unsigned."
        : `The records are right on the domain's name servers, and SES has not confirmed them yet. That is normal for up to 72 hours, in which SES does not sign.${since(pendingSince, estimated)}`,
    next: ({ facts: { estimated, hoursLeft, again } }) =>
      again
        ? 'SES signs again after its next look, mostly within hours. Nothing more has to be published.'
        : 'As soon as SES confirms the records it begins to sign, mostly within hours. If it does not find them within 72 hours, it stops looking.' +
          `${hoursLeft === undefined ? '' : ` ${estimated ? 'About ' : ''}${hoursLeft === 1 ? '1 hour is' : count(hoursLeft, 'hour').concat(' are')} left.`}`,
    fix: () => ['Nothing to do: wait.'],
    example: finding('verification-pending', 'notice', { pendingSince: '2026-03-01T10:00:00.000Z', estimated: false, hoursLeft: 67 }),
  },
  'verification-overdue': {
    title: ({ facts: { rightSince } }, subject) =>
      `${rightSince === undefined ? 'SES should have verified DKIM by now' : 'The time to verify DKIM is over'}: ${who(subject)}`,
    meaning: ({ facts }) =>
      `${
        facts.rightSince !== undefined
          ? `The records have been right since ${utc(facts.rightSince)}, and SES has not looked since. But the 72 hours in which it looks are over.`
          : facts.why === 'over-72-hours'
            ? 'SES has not verified the records within 72 hours.'
            : 'The records have been right on the name servers for hours, SES has looked since, and still does not agree.'
      }${since(facts.pendingSince, facts.estimated)}${errorWords(facts.errorType)}` +
      `${facts.suspectPrivateKey ? ' The published record is a good RSA key, so the private key that SES was given is the suspect: it does not match, or was not in the PKCS #1 form.' : ''}${endWords(facts.publishedEnd)}` +
      `${primariesDiffer(facts.sesPrimary, facts.ourPrimary)} Mail is not signed meanwhile.`,
    next: ({ facts: { rightSince, why } }) =>
      rightSince !== undefined
        ? 'SES may look once more, and then it begins to sign. Or it gives up at any time now (FAILED): then it does not look again until somebody starts the verification again.'
        : why === 'over-72-hours'
          ? 'SES may give up at any time now (FAILED). Then it does not look again until somebody starts the verification again.'
          : 'SES looks again until its 72 hours are over, and begins to sign as soon as it agrees. Then it gives up (FAILED), and does not look again until somebody starts the verification again.',
    fix: ({ facts }, subject) => [
      ...(facts.rightSince !== undefined
        ? []
        : facts.suspectPrivateKey
          ? [compareKeys(facts.publishedEnd)]
          : [
              'Compare what SES expects with what is published, name by name: another DNS host than the one you edit may be the one that SES asks.',
            ]),
      ...startAgain(subject),
    ],
    example: finding(
      'verification-overdue',
      'warning',
      {
        why: 'over-72-hours',
        pendingSince: '2026-02-25T10:00:00.000Z',
        estimated: false,
        errorType: 'HOST_NOT_FOUND',
        suspectPrivateKey: false,
      },
      { records: EXAMPLE_RECORDS, zone: EXAMPLE_ZONE },
    ),
  },
  'verification-failed': {
    title: (_, subject) => `SES gave up verifying DKIM: ${who(subject)}`,
    meaning: ({ facts }) =>
      `SES looked for the records for 72 hours, did not find them all, and has stopped looking.${errorWords(facts.errorType)}${dnsWords(facts.dns)} ` +
      `${facts.maySend ? 'The identity may send, so its mail goes out unsigned.' : 'The identity may not send yet.'}`,
    next: ({ facts: { maySend } }) =>
      `Nothing changes by itself: SES does not look again until somebody starts the verification again. ${maySend ? 'Mail goes out unsigned until then.' : 'The identity cannot send until then.'} There is no deadline.`,
    fix: restartSteps,
    example: finding(
      'verification-failed',
      'critical',
      { errorType: 'HOST_NOT_FOUND', maySend: true, dns: { right: 3, wrong: 0, unknown: 0 } },
      { records: EXAMPLE_RECORDS, zone: EXAMPLE_ZONE },
    ),
  },
  revoked: {
    title: (_, subject) => `SES has dropped the DKIM set-up: ${who(subject)}`,
    meaning: ({ facts: { lastSuccessAt, statusNow, dns } }, subject) =>
      `DKIM of ${who(subject)} (${where(subject)}) worked${lastSuccessAt === undefined ? '' : `, last confirmed ${utc(lastSuccessAt)}`}; SES now says ${statusNow}. ` +
      `The records were away for too long, ${subject.method === 'deed' ? 'SES can no longer copy the keys of the parent identity, ' : ''}or DKIM was reset. Mail goes out unsigned.${dnsWords(dns)}`,
    next: (_, subject) =>
      'Nothing changes by itself: mail goes out unsigned until somebody starts the set-up again and SES has verified it.' +
      (subject.method === 'byodkim' || subject.method === 'easy'
        ? ' SES may also stop sending for this domain altogether, if nothing but DKIM verified it.'
        : ''),
    fix: restartSteps,
    example: finding(
      'revoked',
      'critical',
      { lastSuccessAt: '2026-02-20T10:00:00.000Z', statusNow: 'FAILED', dns: { right: 2, wrong: 1, unknown: 0 } },
      { records: EXAMPLE_RECORDS, zone: EXAMPLE_ZONE },
    ),
  },
  'ses-cannot-verify': {
    title: (_, subject) => `SES cannot see DKIM records that are there: ${who(subject)}`,
    meaning: ({ facts }, subject) => {
      const { errorType, sesPrimary, ourPrimary, publishedEnd } = facts;
      return (
        `SES says TEMPORARY_FAILURE, but every record looks right on the domain's name servers.${errorWords(errorType)}${primariesDiffer(sesPrimary, ourPrimary)} ` +
        `${isKeyDoubted(subject, errorType) ? `The record is a good RSA key, but perhaps not the one that SES signs with.${endWords(publishedEnd)} ` : ''}` +
        `${lateWords(facts, subject)} Mail is most likely unsigned now.`
      );
    },
    next: (_, subject) => sesNext(subject),
    fix: (one, subject) => [
      ...(isKeyDoubted(subject, one.facts.errorType) ? [compareKeys(one.facts.publishedEnd)] : []),
      ...(isLate(one.facts, subject) ? [] : ['If the records were put right within the last hours: wait for the next check of SES.']),
      step(
        `${isLate(one.facts, subject) ? 'Follow' : 'Otherwise follow'} the delegation from the root, where an old one shows. A broken DNSSEC signature shows if a public resolver answers SERVFAIL (the same with @1.1.1.1 in place of +trace).`,
        ...askLines(one.records, '+trace'),
      ),
      'If all looks right there too, open a case with AWS Support and give them the evidence.',
    ],
    example: finding(
      'ses-cannot-verify',
      'warning',
      { errorType: 'DNS_SERVER_ERROR', sesPrimary: 'ns1.old-host.example', ourPrimary: 'ns1.example.net' },
      { records: EXAMPLE_RECORDS, zone: EXAMPLE_ZONE },
    ),
  },
};
