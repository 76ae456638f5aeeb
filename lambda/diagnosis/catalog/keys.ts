// Words for key records of one's own keys (BYODKIM).
import type { Subject } from '../../model/alert.ts';
import { COMMAND } from '../../model/command.ts';
import type { FindingKind, FindingOf, KeyMalformedReason } from '../../model/finding.ts';
import { visible } from '../../model/safe-text.ts';
import { finding } from '../rule.ts';
import { shellQuoted } from '../shell.ts';
import type { WordsFor } from '../words.ts';
import { EXAMPLE_KEY_RECORD, EXAMPLE_ZONE, exampleLookups } from './example.ts';
import { sesNext } from './next.ts';
import { sesView, who } from './phrases.ts';
import { giveKeyCommand, inAccount, needsKey, publishSteps, SIGNING_FILE, step } from './steps.ts';

const REASONS: { readonly [K in KeyMalformedReason]: string } = {
  'pem-header':
    'The header and footer lines of the key file were published with it. Only the base64 between them belongs there, on one line.',
  'line-breaks': 'The value holds line breaks. The key must be one line.',
  quotes: 'The value holds quotation marks. They are typed in zone files only, and are not part of the value.',
  truncated:
    'The key is cut off. A 2048-bit key is longer than the 255 characters of one string: it must be published as two strings of one record.',
  'not-base64': 'The key holds characters that do not belong into base64.',
  'not-a-public-key': 'What is published is not a public RSA key that receivers may use.',
  'pkcs1-instead-of-spki':
    'The key was exported in the PKCS #1 form ("BEGIN RSA PUBLIC KEY"). DKIM wants the other form ("BEGIN PUBLIC KEY").',
  'missing-p': 'The record has no p= tag, so it holds no key.',
  'duplicate-tag': 'A tag is there twice, which makes the whole record invalid.',
  'bad-version': 'The v= tag is wrong. If it is there, it must come first and be v=DKIM1.',
  'no-tag-syntax': 'The record is not of the form tag=value; tag=value.',
};

/** How to go over to a new key pair under a new selector, so that the old record can stay until SES has verified the new one. */
export function newKeySteps(subject: Subject, domain: string): readonly string[] {
  return [
    step(
      'Make a new key pair, with a selector of your choice in place of the words in capitals. This also prints the record, and what to tell SES:',
      `${COMMAND} byodkim new ${shellQuoted(domain)} --selector NEW_SELECTOR`,
    ),
    // OpenSSL 3 writes PKCS #8 unless told otherwise; SES takes PKCS #1.
    step(
      'Or make it without this tool. The second command prints the new public key:',
      '(umask 077; openssl genrsa -traditional -out new-private.pem 2048)',
      'openssl rsa -in new-private.pem -pubout -outform DER | openssl base64 -A',
    ),
    step(
      'Publish the new public key under a new selector, with both put in place of the words in capitals:',
      `NEW_SELECTOR._domainkey.${domain}.  TXT  v=DKIM1; k=rsa; p=NEW_PUBLIC_KEY`,
    ),
    step(
      `Then give SES the new selector and private key${inAccount(subject)}; mail stays unsigned until SES has verified the new record. ${SIGNING_FILE}`,
      ...giveKeyCommand(subject),
    ),
  ];
}

/** The domain that the key record is of. */
export const domainOf = ({ records }: FindingOf<FindingKind>): string => records[0]?.name.split('._domainkey.')[1] ?? 'YOUR_DOMAIN';

/** Steps of one of several ways out. */
export const marked = (mark: string, steps: readonly string[]): readonly string[] => steps.map((one) => `${mark} ${one}`);

export const KNOWN_KEY =
  "The record below holds the last good key known here: from the configuration, or as it was published while all was well. If SES was given another private key since, publish that one's public key instead.";

export const DELETE_LEAKED =
  'When SES has verified the new record, delete the old one: everybody could read its private key, and can sign mail with it until then.';

export const WHY_REVOKED =
  'Find out why the key was taken out: on purpose, because its private key leaked (then do what is marked A), or by mistake (then do what is marked B).';

export const KEY_WORDS: WordsFor<'key-malformed' | 'key-revoked'> = {
  'key-malformed': {
    title: (_, subject) => `The DKIM key record cannot be used: ${who(subject)}`,
    meaning: ({ facts: { reason, detail }, records }, subject) =>
      `The TXT record at ${records[0]?.name ?? 'the selector'} is no usable key. ${REASONS[reason]} ${visible(detail, 300)} ` +
      `Receivers cannot check any signature with it and treat the mail as unsigned. ${sesView(subject)}`,
    next: (_, subject) => sesNext(subject),
    fix: (one, subject) =>
      one.facts.leaked === true
        ? [...newKeySteps(subject, domainOf(one)), DELETE_LEAKED]
        : [...(one.records.some(needsKey) ? [] : [KNOWN_KEY]), ...publishSteps(one, subject, 'replace what is there by')],
    example: finding(
      'key-malformed',
      'critical',
      {
        reason: 'truncated',
        detail: 'The key is cut: 189 of 294 bytes are there. It ends at 255 characters, where one string of a TXT record ends.',
      },
      {
        records: [EXAMPLE_KEY_RECORD],
        zone: EXAMPLE_ZONE,
        evidence: exampleLookups(
          'TXT',
          { kind: 'answer', aa: true, records: [{ type: 'TXT', name: EXAMPLE_KEY_RECORD.name, ttl: 300, strings: ['p=MIIBIjANBgkq…'] }] },
          EXAMPLE_KEY_RECORD,
        ),
      },
    ),
  },
  'key-revoked': {
    title: (_, subject) => `The DKIM key is published as revoked: ${who(subject)}`,
    meaning: ({ facts: { name } }, subject) =>
      `The TXT record at ${name} says "p=" with nothing behind it. That means: this key is withdrawn, refuse what it signed. ` +
      `Every signature made with this selector fails. ${sesView(subject)}`,
    next: (_, subject) => sesNext(subject),
    fix: (one, subject) => [
      WHY_REVOKED,
      ...marked('A.', newKeySteps(subject, domainOf(one))),
      ...marked('B.', publishSteps(one, subject, 'put the old record back in place of the empty one,')),
    ],
    example: finding(
      'key-revoked',
      'critical',
      { name: EXAMPLE_KEY_RECORD.name },
      {
        records: [EXAMPLE_KEY_RECORD],
        zone: EXAMPLE_ZONE,
        evidence: exampleLookups(
          'TXT',
          { kind: 'answer', aa: true, records: [{ type: 'TXT', name: EXAMPLE_KEY_RECORD.name, ttl: 300, strings: ['v=DKIM1; p='] }] },
          EXAMPLE_KEY_RECORD,
        ),
      },
    ),
  },
};
