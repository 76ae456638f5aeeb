// Words for what SES says about an identity.
import type { Subject } from '../../model/alert.ts';
import { finding } from '../rule.ts';
import type { WordsFor } from '../words.ts';
import { EXAMPLE_RECORDS, EXAMPLE_ZONE } from './example.ts';
import { count, errorWords, primariesDiffer, switchNote, utc, where, who } from './phrases.ts';
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

const COMPARE_KEYS = step(
  'Compare the published key with your private key. This must print what stands behind p= in DNS:',
  'openssl rsa -in private.pem -pubout -outform DER | openssl base64 -A',
);

/** SES compares an own key with the private one it was given; nobody else can. */
const isKeyDoubted = ({ method }: Subject, errorType: string | undefined): boolean => method === 'byodkim' && errorType === 'INVALID_VALUE';

export const STATUS_WORDS: WordsFor<StatusKind> = {
  'signing-disabled': {
    title: ({ facts }, subject) => `DKIM signing ${facts.wasEnabled ? 'was switched off' : 'is off'}: ${who(subject)}`,
    meaning: ({ facts }, subject) =>
      `SES has verified DKIM for ${who(subject)} (${where(subject)}), but signing is switched off there${facts.wasEnabled ? '; we saw it on before' : ''}. Its mail goes out without the domain's signature.`,
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
      `${who(subject)} is an identity in SES (${where(subject)}), but DKIM was never started for it. Mail from it carries no signature of the domain.${switchNote(subject)}`,
    fix: (_, subject) => startFirst(subject),
    example: finding('dkim-not-set-up', 'warning', {}),
  },
  'verification-pending': {
    title: (_, subject) => `DKIM is being verified: ${who(subject)}`,
    meaning: ({ facts: { pendingSince, estimated, hoursLeft, again } }, subject) =>
      again
        ? `The records are right again on the domain's name servers, and SES has not looked since. It signs again after its next look; until then mail is most likely unsigned.${switchNote(subject)}`
        : `The records are right on the domain's name servers, and SES has not confirmed them yet. That is normal for up to 72 hours, in which SES does not sign.${since(pendingSince, estimated)}` +
          `${hoursLeft === undefined ? '' : ` ${estimated ? 'About ' : ''}${hoursLeft === 1 ? '1 hour is' : count(hoursLeft, 'hour').concat(' are')} left.`}${switchNote(subject)}`,
    fix: () => ['Nothing to do: wait.'],
    example: finding('verification-pending', 'notice', { pendingSince: '2026-03-01T10:00:00.000Z', estimated: false, hoursLeft: 67 }),
  },
  'verification-overdue': {
    title: (_, subject) => `SES should have verified DKIM by now: ${who(subject)}`,
    meaning: ({ facts }, subject) =>
      `${
        facts.why === 'over-72-hours'
          ? 'SES has not verified the records within 72 hours.'
          : 'The records have been right on the name servers for hours, SES has looked since, and still does not agree.'
      }${since(facts.pendingSince, facts.estimated)}${errorWords(facts.errorType)}` +
      `${facts.suspectPrivateKey ? ' The published record is a good RSA key, so the private key that SES was given is the suspect: it does not match, or was not in the PKCS #1 form.' : ''}` +
      `${primariesDiffer(facts.sesPrimary, facts.ourPrimary)} Mail is not signed meanwhile.${switchNote(subject)}`,
    fix: ({ facts }, subject) => [
      ...(facts.suspectPrivateKey
        ? [COMPARE_KEYS]
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
    meaning: ({ facts }, subject) =>
      `SES looked for the records for 72 hours, did not find them all, and has stopped looking. It does not start again by itself.${errorWords(facts.errorType)} ` +
      `${facts.maySend ? 'The identity may send, so its mail goes out unsigned now.' : 'The identity may not send yet.'}${switchNote(subject)}`,
    fix: (one, subject) =>
      one.records.length > 0 ? publishSteps(one, { ...subject, status: 'FAILED' }, 'make sure of') : startAgain(subject),
    example: finding(
      'verification-failed',
      'critical',
      { errorType: 'HOST_NOT_FOUND', maySend: true },
      { records: EXAMPLE_RECORDS, zone: EXAMPLE_ZONE },
    ),
  },
  revoked: {
    title: (_, subject) => `SES has dropped the DKIM set-up: ${who(subject)}`,
    meaning: ({ facts: { lastSuccessAt, statusNow } }, subject) =>
      `DKIM of ${who(subject)} (${where(subject)}) worked${lastSuccessAt === undefined ? '' : `, last confirmed ${utc(lastSuccessAt)}`}; SES now says ${statusNow}. ` +
      `The records were away for too long, ${subject.method === 'deed' ? 'SES can no longer copy the keys of the parent identity, ' : ''}or DKIM was reset. Mail goes out unsigned, and it does not heal by itself: the set-up must start from the beginning.${switchNote(subject)}`,
    fix: (one, subject) =>
      one.records.length > 0 ? publishSteps(one, { ...subject, status: 'FAILED' }, 'make sure of') : startAgain(subject),
    example: finding(
      'revoked',
      'critical',
      { lastSuccessAt: '2026-02-20T10:00:00.000Z', statusNow: 'FAILED' },
      { records: EXAMPLE_RECORDS, zone: EXAMPLE_ZONE },
    ),
  },
  'ses-cannot-verify': {
    title: (_, subject) => `SES cannot see DKIM records that are there: ${who(subject)}`,
    meaning: ({ facts: { errorType, sesPrimary, ourPrimary } }, subject) =>
      `SES says TEMPORARY_FAILURE, but every record looks right on the domain's name servers.${errorWords(errorType)}${primariesDiffer(sesPrimary, ourPrimary)} ` +
      `${isKeyDoubted(subject, errorType) ? 'The record is a good RSA key, but perhaps not the one that SES signs with. ' : ''}` +
      `If the records came back only now, SES is late and recovers at its next check. Until then mail is most likely unsigned; after five days SES drops the set-up.${switchNote(subject)}`,
    fix: (one, subject) => [
      ...(isKeyDoubted(subject, one.facts.errorType) ? [COMPARE_KEYS] : []),
      'If the records were put right within the last hours: wait for the next check of SES.',
      step(
        'Otherwise follow the delegation from the root, where an old one shows. A broken DNSSEC signature shows if a public resolver answers SERVFAIL (the same with @1.1.1.1 in place of +trace).',
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
