// Words for own keys (BYODKIM) that are well formed and still wrong: of the wrong kind, too short, shut out, exchanged, or only a test.
import type { Subject } from '../../model/alert.ts';
import type { FindingKind, FindingOf } from '../../model/finding.ts';
import { finding } from '../rule.ts';
import type { WordsFor } from '../words.ts';
import { EXAMPLE_AT, EXAMPLE_KEY_RECORD, EXAMPLE_ZONE } from './example.ts';
import { domainOf, KNOWN_KEY, newKeySteps } from './keys.ts';
import { sesView, shown, utc, who } from './phrases.ts';
import { command, inAccount, needsKey, publishSteps, step } from './steps.ts';

type QualityKind = 'key-wrong-type' | 'key-too-short' | 'key-weak' | 'key-testing' | 'key-restricted' | 'key-mismatch' | 'key-changed';

const EXAMPLE = { records: [EXAMPLE_KEY_RECORD], zone: EXAMPLE_ZONE };

/** The right key once more, said to be the one we know where we know one. */
function replaceSteps(one: FindingOf<FindingKind>, subject: Subject): readonly string[] {
  return [...(one.records.some(needsKey) ? [] : [KNOWN_KEY]), ...publishSteps(one, subject, 'replace what is there by')];
}

const SAME_KEY_STEPS = step(
  'See which key SES was given. This prints the public half of your private key, and its end must be the end of what stands behind p=:',
  'openssl rsa -in private.pem -pubout -outform DER | openssl base64 -A',
);

export const KEY_QUALITY_WORDS: WordsFor<QualityKind> = {
  'key-wrong-type': {
    title: (_, subject) => `The DKIM key is not an RSA key: ${who(subject)}`,
    meaning: ({ facts: { name, type } }, subject) =>
      `The TXT record at ${shown(name)} holds a key of the type ${shown(type)}. SES signs with RSA only, so no signature of its can be checked with this record. ${sesView(subject)}`,
    fix: (one, subject) => [
      'If the record belongs to another mail service: leave it, and give SES a selector of its own (the last steps). Otherwise put the RSA key in its place:',
      ...replaceSteps(one, subject),
      ...newKeySteps(subject, domainOf(one)),
    ],
    example: finding('key-wrong-type', 'critical', { name: EXAMPLE_KEY_RECORD.name, type: 'ed25519' }, EXAMPLE),
  },
  'key-too-short': {
    title: ({ facts: { bits } }, subject) => `The DKIM key has only ${bits} bits: ${who(subject)}`,
    meaning: ({ facts: { name, bits } }, subject) =>
      `The TXT record at ${shown(name)} holds an RSA key of ${bits} bits. Receivers must refuse keys under 1024 bits (RFC 8301), and treat the mail as unsigned. ${sesView(subject)}`,
    fix: (one, subject) => [...newKeySteps(subject, domainOf(one)), 'When SES has verified the new record, delete the old one.'],
    example: finding('key-too-short', 'critical', { name: EXAMPLE_KEY_RECORD.name, bits: 768 }, EXAMPLE),
  },
  'key-weak': {
    title: ({ facts: { bits } }, subject) => `DKIM signs with ${bits} bits: ${who(subject)}`,
    meaning: ({ facts: { bits, where } }) =>
      `${where === 'easy' ? `SES signs with an RSA key of ${bits} bits.` : `The published key has ${bits} bits.`} ` +
      'Receivers still accept that; 2048 bits are what signers should use (RFC 8301). Nothing is broken.',
    fix: (one, subject) =>
      one.facts.where === 'easy'
        ? [
            'When it suits you, change to 2048 bits. Mind: mail goes out unsigned while SES verifies the new key (status PENDING), mostly for minutes, at worst for hours. The DNS records stay the same.',
            ...(one.facts.nextIsLonger === true
              ? ['SES says that 2048 bits are set for the next key already: then nothing needs doing.']
              : []),
            step(
              `Change the key length${inAccount(subject)}:`,
              ...command(
                subject,
                (place, identity) =>
                  `aws sesv2 put-email-identity-dkim-signing-attributes ${place} --email-identity ${identity} --signing-attributes-origin AWS_SES --signing-attributes NextSigningKeyLength=RSA_2048_BIT`,
              ),
            ),
          ]
        : [
            'When it suits you, change to a key of 2048 bits under a new selector. Mind: mail goes out unsigned from the last command until SES has verified the new record.',
            ...newKeySteps(subject, domainOf(one)),
          ],
    example: finding('key-weak', 'notice', { bits: 1024, where: 'easy' }),
  },
  'key-testing': {
    title: (_, subject) => `The DKIM key is marked as a test: ${who(subject)}`,
    meaning: ({ facts: { name } }) =>
      `The TXT record at ${shown(name)} has the tag t=y: "this domain is only testing DKIM". SES signs with the key, but receivers may treat the mail as if it were not signed.`,
    fix: (one, subject) => [
      'Take the tag t=y out of the record and leave the rest as it is. (Other values of t=, such as s, may stay.)',
      ...publishSteps(one, subject, 'it should then read like'),
    ],
    example: finding('key-testing', 'warning', { name: EXAMPLE_KEY_RECORD.name }, EXAMPLE),
  },
  'key-restricted': {
    title: (_, subject) => `The DKIM key record shuts out mail from SES: ${who(subject)}`,
    meaning: ({ facts: { name, tag, value } }, subject) =>
      `The TXT record at ${shown(name)} has the tag ${tag}=${shown(value)}. ` +
      `${tag === 's' ? 'It allows the key for some other service than e-mail.' : 'It allows only ways of signing that leave out SHA-256, which SES signs with.'} ` +
      `Receivers refuse signatures made with this key. ${sesView(subject)}`,
    fix: (one, subject) => [
      `Take the tag ${one.facts.tag}= out of the record and leave the rest as it is.`,
      ...publishSteps(one, subject, 'it should then read like'),
    ],
    example: finding('key-restricted', 'critical', { name: EXAMPLE_KEY_RECORD.name, tag: 'h', value: 'sha1' }, EXAMPLE),
  },
  'key-mismatch': {
    title: (_, subject) => `Another DKIM key is published than configured: ${who(subject)}`,
    meaning: ({ facts: { name, published, configured } }, subject) =>
      `The key at ${shown(name)} ends in ${shown(published)}. The key in the monitor's configuration ends in ${shown(configured)}. ` +
      `If SES signs with the configured one, receivers can check no signature. ${sesView(subject)}`,
    fix: (one, subject) => [
      SAME_KEY_STEPS,
      ...publishSteps(one, subject, 'if it is the configured key, replace what is there by'),
      'If SES was given another key on purpose: put its public half into "byodkim" of the configuration and deploy again.',
    ],
    example: finding(
      'key-mismatch',
      'critical',
      { name: EXAMPLE_KEY_RECORD.name, published: 'kq3vVwQz5n0YcQIDAQAB', configured: 'W8mN2cYt7hX1pwIDAQAB' },
      EXAMPLE,
    ),
  },
  'key-changed': {
    title: (_, subject) => `The published DKIM key has changed: ${who(subject)}`,
    meaning: ({ facts: { name, before, now, since } }, subject) =>
      `The key at ${shown(name)} is a good one, but not the one that was there while all was well: it ended in ${shown(before)}, now it ends in ${shown(now)}. First seen: ${utc(since)}. ` +
      `SES signs with the private key that it was given, and does not say which. Unless it was given the new one too, receivers can check no signature. ${sesView(subject)}`,
    fix: (one, subject) => [
      'If the change was made on purpose: see that SES has the new private key. This message ends when SES has checked the record and agrees, or with the key in "byodkim" of the configuration.',
      SAME_KEY_STEPS,
      ...publishSteps(one, subject, 'if it was not meant, put the former key back:'),
    ],
    example: finding(
      'key-changed',
      'warning',
      { name: EXAMPLE_KEY_RECORD.name, before: 'W8mN2cYt7hX1pwIDAQAB', now: 'kq3vVwQz5n0YcQIDAQAB', since: EXAMPLE_AT },
      EXAMPLE,
    ),
  },
};
