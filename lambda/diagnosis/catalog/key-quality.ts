// Words for own keys (BYODKIM) that are well formed and still wrong: of the wrong kind, too short, shut out, exchanged, or only a test.
import type { Subject } from '../../model/alert.ts';
import type { FindingKind, FindingOf } from '../../model/finding.ts';
import { finding } from '../rule.ts';
import type { WordsFor } from '../words.ts';
import { EXAMPLE_AT, EXAMPLE_KEY_RECORD, EXAMPLE_ZONE } from './example.ts';
import { domainOf, KNOWN_KEY, marked, newKeySteps } from './keys.ts';
import { sesNext, sesNextIf } from './next.ts';
import { sesView, shown, utc, who } from './phrases.ts';
import { command, inAccount, needsKey, publishSteps, step } from './steps.ts';

type QualityKind = 'key-wrong-type' | 'key-too-short' | 'key-weak' | 'key-testing' | 'key-restricted' | 'key-mismatch' | 'key-changed';

const EXAMPLE = { records: [EXAMPLE_KEY_RECORD], zone: EXAMPLE_ZONE };
/** Made up, as long as a key of 2048 bits. */
const KNOWN = { records: [{ ...EXAMPLE_KEY_RECORD, publicKey: `MIIB${'Example0'.repeat(46)}W8mN2cYt7hX1pwIDAQAB` }], zone: EXAMPLE_ZONE };

/** The right key once more, said to be the one we know where we know one. */
function replaceSteps(one: FindingOf<FindingKind>, subject: Subject): readonly string[] {
  return [...(one.records.some(needsKey) ? [] : [KNOWN_KEY]), ...publishSteps(one, subject, 'replace what is there by')];
}

export const WHOSE_RECORD =
  'Find out whose record it is: meant for SES (then do what is marked A), or of another mail service that you use (then leave it, and do what is marked B).';

const SAME_KEY_STEPS = step(
  'Find out which private key SES was given; publish nothing before that. Print its public half, whose end tells which of the two keys it is:',
  'openssl rsa -in private.pem -pubout -outform DER | openssl base64 -A',
);

/** What SES makes of it where nobody knows which private key SES has. */
function ifWrong(subject: Subject): string {
  return subject.status === 'SUCCESS'
    ? 'SES still says SUCCESS, so either it has not noticed yet, or the published key is the right one.'
    : sesView(subject);
}

/** SES makes the keys of Easy DKIM; a replica takes them from its parent. */
function longerKeySteps({ facts: { nextIsLonger } }: FindingOf<'key-weak'>, subject: Subject): readonly string[] {
  if (nextIsLonger === true) return ['Nothing to do: 2048 bits are set for the next key that SES makes.'];
  if (subject.method === 'deed')
    return [
      'This identity is a replica: change the key length of its parent identity, in the region of that one. Mind: mail of both goes out unsigned while SES verifies the new key.',
    ];
  return [
    'When it suits you, change to 2048 bits. Mind: mail goes out unsigned while SES verifies the new key (status PENDING), mostly for a short time, at worst for as long as a first verification takes. The DNS records normally stay the same: compare them afterwards.',
    step(
      `Change the key length${inAccount(subject)}:`,
      ...command(
        subject,
        (place, identity) =>
          `aws sesv2 put-email-identity-dkim-signing-attributes ${place} --email-identity ${identity} --signing-attributes-origin AWS_SES --signing-attributes NextSigningKeyLength=RSA_2048_BIT`,
      ),
    ),
  ];
}

export const KEY_QUALITY_WORDS: WordsFor<QualityKind> = {
  'key-wrong-type': {
    title: (_, subject) => `The DKIM key is not an RSA key: ${who(subject)}`,
    meaning: ({ facts: { name, type } }, subject) =>
      `The TXT record at ${shown(name)} holds a key of the type ${shown(type)}. SES signs with RSA only, so nothing that SES signs can be checked with this record. ${sesView(subject)}`,
    next: (_, subject) => sesNext(subject),
    fix: (one, subject) => [
      WHOSE_RECORD,
      ...marked('A.', replaceSteps(one, subject)),
      ...marked('B.', newKeySteps(subject, domainOf(one))),
    ],
    example: finding('key-wrong-type', 'critical', { name: EXAMPLE_KEY_RECORD.name, type: 'ed25519' }, EXAMPLE),
  },
  'key-too-short': {
    title: ({ facts: { bits } }, subject) => `The DKIM key has only ${bits} bits: ${who(subject)}`,
    meaning: ({ facts: { name, bits } }, subject) =>
      `The TXT record at ${shown(name)} holds an RSA key of ${bits} bits. Receivers must refuse keys under 1024 bits (RFC 8301), and treat the mail as unsigned. ` +
      `SES takes no private key so short, so this is most likely not the key that it was given. ${sesView(subject)}`,
    next: (_, subject) => sesNext(subject),
    fix: (one, subject) => [
      step(
        'See how long the private key is that SES was given. With 1024 bits or more do what is marked A, with fewer what is marked B:',
        'openssl rsa -in private.pem -pubout | openssl rsa -pubin -noout -text',
      ),
      ...marked('A.', replaceSteps(one, subject)),
      ...marked('B.', [...newKeySteps(subject, domainOf(one)), 'When SES has verified the new record, delete the old one.']),
    ],
    example: finding('key-too-short', 'critical', { name: EXAMPLE_KEY_RECORD.name, bits: 768 }, EXAMPLE),
  },
  'key-weak': {
    title: ({ facts: { bits } }, subject) => `The DKIM key has only ${bits} bits, which is weak: ${who(subject)}`,
    meaning: ({ facts: { bits, where } }) =>
      `${where === 'easy' ? `SES signs with an RSA key of ${bits} bits.` : `The published key has ${bits} bits.`} ` +
      'Receivers still accept that; 2048 bits are what signers should use (RFC 8301). Nothing is broken.',
    next: ({ facts: { nextIsLonger } }) =>
      nextIsLonger === true
        ? 'At its next change of the key SES goes over to 2048 bits by itself. When that is, it does not say.'
        : 'Nothing: the key stays as long as nobody changes it, and receivers accept it. There is no deadline.',
    fix: (one, subject) =>
      one.facts.where === 'easy'
        ? longerKeySteps(one, subject)
        : [
            'When it suits you, change to a key of 2048 bits under a new selector. Mind: mail goes out unsigned from the last command until SES has verified the new record.',
            ...newKeySteps(subject, domainOf(one)),
          ],
    example: finding('key-weak', 'notice', { bits: 1024, where: 'easy' }),
  },
  'key-testing': {
    title: (_, subject) => `The DKIM key is marked as a test: ${who(subject)}`,
    meaning: ({ facts: { name } }, subject) =>
      `The TXT record at ${shown(name)} has the tag t=y: "this domain is only testing DKIM". SES takes no notice of that, but receivers may treat the mail as if it were not signed.` +
      (subject.status === 'SUCCESS' || subject.status === 'UNKNOWN' ? '' : ` ${sesView(subject)}`),
    next: (_, subject) =>
      `The tag does its harm until somebody takes it out. ${subject.status === 'SUCCESS' || subject.status === 'UNKNOWN' ? 'SES does not look at it, so no deadline follows from it.' : sesNext(subject)}`,
    fix: (one, subject) => [
      'Take the tag t=y out of the record and leave the rest as it is. (Other values of t=, such as s, may stay.) Or put the whole record anew:',
      ...publishSteps(one, subject, 'replace what is there by'),
    ],
    example: finding('key-testing', 'warning', { name: EXAMPLE_KEY_RECORD.name }, KNOWN),
  },
  'key-restricted': {
    title: (_, subject) => `The DKIM key record shuts out mail from SES: ${who(subject)}`,
    meaning: ({ facts: { name, tag, value } }, subject) =>
      `The TXT record at ${shown(name)} has the tag ${tag}=${shown(value)}. ` +
      `${tag === 's' ? 'It allows the key for certain services only, and e-mail is not among them.' : 'It allows certain ways of signing only, and the one of SES (SHA-256) is not among them.'} ` +
      `Receivers refuse signatures made with this key. ${sesView(subject)}`,
    next: (_, subject) => sesNext(subject),
    fix: (one, subject) => [
      `Take the tag ${one.facts.tag}= out of the record and leave the rest as it is. Or put the whole record anew:`,
      ...publishSteps(one, subject, 'replace what is there by'),
    ],
    example: finding('key-restricted', 'critical', { name: EXAMPLE_KEY_RECORD.name, tag: 'h', value: 'sha1' }, KNOWN),
  },
  'key-mismatch': {
    title: (_, subject) => `Another DKIM key is published than configured: ${who(subject)}`,
    meaning: ({ facts: { name, published, configured } }, subject) =>
      `The key at ${shown(name)} ends in ${shown(published)}. The key in the monitor's configuration ends in ${shown(configured)}. ` +
      `If SES signs with the configured one, receivers can check no signature. ${ifWrong(subject)}`,
    next: (_, subject) => sesNextIf('If the published key is the wrong one, SES notices at its next check, and then', subject),
    fix: (one, subject) => [
      SAME_KEY_STEPS,
      'If SES has the configured key, do what is marked A. If it has the published one, do what is marked B.',
      ...marked('A.', publishSteps(one, subject, 'replace what is there by')),
      'B. The configuration is out of date: put the published key into "byodkim" of monitor.config.json, and deploy again.',
    ],
    example: finding(
      'key-mismatch',
      'critical',
      { name: EXAMPLE_KEY_RECORD.name, published: 'kq3vVwQz5n0YcQIDAQAB', configured: 'W8mN2cYt7hX1pwIDAQAB' },
      KNOWN,
    ),
  },
  'key-changed': {
    title: (_, subject) => `The published DKIM key has changed: ${who(subject)}`,
    meaning: ({ facts: { name, before, now, since } }, subject) =>
      `The key at ${shown(name)} is a good one, but not the one that was there while all was well: it ended in ${shown(before)}, now it ends in ${shown(now)}. First seen: ${utc(since)}. ` +
      `SES signs with the private key that it was given, and does not say which. Unless it was given the new one too, receivers can check no signature. ${ifWrong(subject)}`,
    next: (_, subject) => sesNextIf('If the published key is the wrong one, SES notices at its next check, and then', subject),
    fix: (one, subject) => [
      SAME_KEY_STEPS,
      'If SES has the former key, do what is marked A. If it has the new one, do what is marked B.',
      ...marked('A.', publishSteps(one, subject, 'put the former key back:')),
      'B. Nothing to mend. This ends by itself once SES has checked the record and agrees, or at once if you put the new key into "byodkim" of monitor.config.json and deploy.',
    ],
    example: finding(
      'key-changed',
      'warning',
      { name: EXAMPLE_KEY_RECORD.name, before: 'W8mN2cYt7hX1pwIDAQAB', now: 'kq3vVwQz5n0YcQIDAQAB', since: EXAMPLE_AT },
      KNOWN,
    ),
  },
};
