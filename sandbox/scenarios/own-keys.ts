// Scenarios of a domain with its own key (BYODKIM): one TXT record, and everything people do to it.
import { KEY_2048 } from '../dns/keys.ts';
import type { RecordValue } from '../dns/records.ts';
import { broken, HEALTHY, type Kind, only } from './kinds.ts';
import { DOMAIN, ownKeyShop, SELECTOR, shopScenario } from './one-shop.ts';
import type { Expectation, Scenario } from './plot.ts';

const NAME = `${SELECTOR}._domainkey`;
export const GOOD = `v=DKIM1; k=rsa; p=${KEY_2048}`;
/** The domain with a key of its own, in good order. */
export const OWN_KEY = { identity: ownKeyShop(), ownKey: { selector: SELECTOR, value: GOOD } };

/** The record is entered anew with this value. */
export function ownKey(name: string, describe: string, value: RecordValue, expect: Expectation): Scenario {
  const steps = [
    {
      title: 'The record is entered anew',
      apply: (s: Parameters<Scenario['steps'][number]['apply']>[0]) => s.dns.setRecord(DOMAIN, NAME, 'TXT', [value]),
    },
  ];
  return shopScenario(name, describe, steps, expect, OWN_KEY);
}

const malformed = (reason: string, describe: string, value: RecordValue, maybe: readonly Kind[] = []): Scenario =>
  ownKey(`key-${reason}`, describe, value, only('key-malformed', 'broken', { facts: { reason }, maybe }));

// The SubjectPublicKeyInfo of a 2048-bit RSA key is 24 bytes of wrapping around its PKCS #1 form.
const PKCS1 = Buffer.from(KEY_2048, 'base64').subarray(24).toString('base64');

export const ownKeys: readonly Scenario[] = [
  shopScenario(
    'own-key-missing',
    'The one TXT record of a domain with its own key is deleted: all signatures fail at once.',
    [{ title: 'The record is deleted', apply: (s) => s.dns.removeRecord(DOMAIN, NAME) }],
    broken('record-missing', { missing: 1, expected: 1 }),
    OWN_KEY,
  ),
  ownKey('own-key-in-one-piece', 'The key without v= and k=, which may be left out.', `p=${KEY_2048}`, HEALTHY),
  ownKey(
    'own-key-folded',
    'The key in many short strings with white space between its parts, which is legal.',
    GOOD.match(/.{1,60}/g) ?? [],
    HEALTHY,
  ),
  ownKey('key-revoked', 'p= is empty: this key is withdrawn.', 'v=DKIM1; k=rsa; p=', broken('key-revoked')),
  malformed(
    'pem-header',
    'The whole key file was pasted, header lines included.',
    `v=DKIM1; k=rsa; p=-----BEGIN PUBLIC KEY-----${KEY_2048}-----END PUBLIC KEY-----`,
  ),
  malformed(
    'line-breaks',
    'The line breaks of the key file are still in the value.',
    `v=DKIM1; k=rsa; p=${(KEY_2048.match(/.{1,64}/g) ?? []).join('\n')}`,
  ),
  malformed('quotes', 'Quotation marks became part of the value.', `"v=DKIM1; k=rsa; p=${KEY_2048}"`),
  malformed('truncated', 'The value was cut where one string ends, at 255 characters.', GOOD.slice(0, 255)),
  malformed(
    'not-base64',
    'Two characters of the key are no base64.',
    `v=DKIM1; k=rsa; p=${KEY_2048.slice(0, 100)}**${KEY_2048.slice(102)}`,
  ),
  malformed(
    'not-a-public-key',
    'Base64 of something else.',
    `v=DKIM1; k=rsa; p=${Buffer.from('this is not a key, it is a sentence in English').toString('base64')}`,
  ),
  malformed('pkcs1-instead-of-spki', 'The key in its PKCS #1 form, without the wrapping that DKIM wants.', `v=DKIM1; k=rsa; p=${PKCS1}`),
  ownKey(
    'key-hostile-bytes',
    'The record holds escape sequences, line breaks and direction marks, meant for whoever prints it.',
    'v=DKIM1; k=rsa; p=\x1b[31mRED\r\nBcc: everybody@example.com\x07\x9b\xe2\x80\xae',
    only('key-malformed', 'broken'),
  ),
  malformed('missing-p', 'A record without p=.', 'v=DKIM1; k=rsa'),
  malformed('duplicate-tag', 'p= twice: the whole record is invalid.', `v=DKIM1; p=${KEY_2048}; p=${KEY_2048}`),
  malformed('bad-version', 'A version that does not exist.', `v=DKIM2; k=rsa; p=${KEY_2048}`),
  malformed('no-tag-syntax', 'The bare key, without p= before it.', KEY_2048.replaceAll('=', '')),
];
