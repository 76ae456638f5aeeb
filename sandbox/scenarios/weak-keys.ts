// Scenarios about keys that can be read and are not good enough, or not the ones they should be.
import { KEY_512, KEY_768, KEY_1024, KEY_2048, KEY_ED25519, KEY_ED25519_BARE, KEY_ELLIPTIC, OTHER_KEY_2048 } from '../dns/keys.ts';
import { broken, HEALTHY, notice, says } from './kinds.ts';
import { ACCOUNT, DOMAIN, ownKeyShop, REGION, SELECTOR, shop, shopScenario } from './one-shop.ts';
import { GOOD, OWN_KEY, ownKey } from './own-keys.ts';
import type { Expectation, Scenario, Step } from './plot.ts';

/** The key was like this from the beginning. */
const published = (name: string, describe: string, value: string, expect: Expectation, publicKey?: string): Scenario =>
  shopScenario(name, describe, [], expect, {
    identity: ownKeyShop(),
    ownKey: { selector: SELECTOR, value },
    ...(publicKey && { monitor: { byodkim: [{ identity: DOMAIN, selector: SELECTOR, publicKey }] } }),
  });

const keysAway = (how: 'gone' | 'empty'): Step => ({
  title: "SES's keys disappear, and SES no longer manages to verify",
  minutesLater: 120,
  sweeps: 2,
  apply: (s) => {
    s.withdrawKeys(shop(), how);
    s.aws.setIdentity(ACCOUNT, REGION, shop({ status: 'TEMPORARY_FAILURE', errorType: 'TYPE_NOT_FOUND' }));
  },
});

const rsa = (key: string): string => `v=DKIM1; k=rsa; p=${key}`;

export const weakKeys: readonly Scenario[] = [
  published(
    'key-ed25519',
    'A key of a type that SES does not sign with, and that says so.',
    `v=DKIM1; k=ed25519; p=${KEY_ED25519_BARE}`,
    broken('key-wrong-type', { type: 'ed25519' }, { severity: 'critical' }),
  ),
  published('key-ed25519-called-rsa', 'An Ed25519 key in a record that does not say so.', rsa(KEY_ED25519), broken('key-wrong-type')),
  published('key-elliptic', 'An elliptic key, which DKIM does not know at all.', rsa(KEY_ELLIPTIC), broken('key-wrong-type')),
  published(
    'key-of-768-bits',
    'RSA of 768 bits: receivers must refuse it.',
    rsa(KEY_768),
    broken('key-too-short', { bits: 768 }, { severity: 'critical' }),
  ),
  published('key-of-512-bits', 'RSA of 512 bits.', rsa(KEY_512), broken('key-too-short', { bits: 512 })),
  published(
    'key-of-1024-bits',
    'RSA of 1024 bits: still accepted, no longer recommended.',
    rsa(KEY_1024),
    notice('key-weak', { bits: 1024, where: 'record' }),
  ),
  shopScenario(
    'easy-key-of-1024-bits',
    'Easy DKIM with keys of 1024 bits, made years ago.',
    [],
    notice('key-weak', { bits: 1024, where: 'easy' }),
    { identity: shop({ dkim: { CurrentSigningKeyLength: 'RSA_1024_BIT', NextSigningKeyLength: 'RSA_1024_BIT' } }) },
  ),
  ownKey(
    'key-testing',
    't=y: receivers treat the mail as if it were not signed.',
    `${GOOD}; t=y`,
    broken('key-testing', {}, { severity: 'warning' }),
  ),
  ownKey('key-testing-and-strict', 't=y:s, the flag for testing among others.', `${GOOD}; t=y:s`, broken('key-testing')),
  ownKey('key-strict', 't=s forbids subdomains in i=, which SES does not use.', `${GOOD}; t=s`, HEALTHY),
  ownKey(
    'key-for-other-services',
    's=tlsrpt: the key is not for e-mail.',
    `${GOOD}; s=tlsrpt`,
    broken('key-restricted', { tag: 's' }, { severity: 'critical' }),
  ),
  ownKey('key-for-email', 's=email among others.', `${GOOD}; s=tlsrpt:email`, HEALTHY),
  ownKey('key-for-sha1-only', 'h=sha1: SES signs with sha256.', `${GOOD}; h=sha1`, broken('key-restricted', { tag: 'h' })),
  ownKey('key-for-sha256-too', 'h=sha1:sha256, and a note that nobody has to read.', `${GOOD}; h=sha1:sha256; n=hello`, HEALTHY),
  published(
    'key-not-the-configured-one',
    'A good key, and not the one that the configuration names.',
    rsa(OTHER_KEY_2048),
    broken('key-mismatch', {}, { severity: 'critical' }),
    KEY_2048,
  ),
  published('key-as-configured', 'The key that the configuration names.', rsa(KEY_2048), HEALTHY, KEY_2048),
  ownKey(
    'key-changed',
    'Another good key stands where the old one was: rotated, or exchanged by somebody else.',
    rsa(OTHER_KEY_2048),
    broken('key-changed', {}, { severity: 'warning' }),
  ),
  ownKey('key-written-anew', 'The same key, without v= and k=, in other strings.', `p=${KEY_2048}`.match(/.{1,100}/g) ?? [], HEALTHY),
  shopScenario(
    'key-changed-against-the-configuration',
    'Another good key stands where the configured one was.',
    [
      {
        title: 'The key is exchanged',
        apply: (s) => s.dns.setRecord(DOMAIN, `${SELECTOR}._domainkey`, 'TXT', rsa(OTHER_KEY_2048)),
      },
    ],
    says({ 'key-mismatch': {} }, 'broken'),
    { ...OWN_KEY, monitor: { byodkim: [{ identity: DOMAIN, selector: SELECTOR, publicKey: KEY_2048 }] } },
  ),
  ownKey(
    'key-in-lower-case',
    'The DNS host stores values in lower case: harmless for a CNAME, the end of a key.',
    GOOD.toLowerCase().replace('v=dkim1', 'v=DKIM1'),
    broken('key-malformed', {}, { severity: 'critical' }),
  ),
  shopScenario(
    'no-target-has-a-key',
    'The three CNAMEs are right, and SES, which no longer manages to verify, knows no key for any of them.',
    [keysAway('gone')],
    broken('target-has-no-key', {}, { severity: 'warning' }),
  ),
  shopScenario(
    'every-target-is-empty',
    'The three CNAMEs are right, and each leads to an empty TXT: one or two empty ones would be normal.',
    [keysAway('empty')],
    broken('target-has-no-key'),
  ),
  shopScenario(
    'another-token-has-the-key',
    'SES changes to the third token: the key stands there now, and the first one is empty.',
    [
      {
        title: 'SES rotates its keys',
        minutesLater: 120,
        sweeps: 2,
        apply: (s) => {
          s.withdrawKeys(shop(), 'empty');
          const [, , third = ''] = shop().facts.DkimAttributes?.Tokens ?? [];
          s.dns.setRecord('dkim.amazonses.com', third, 'TXT', `p=${OTHER_KEY_2048}`);
        },
      },
    ],
    HEALTHY,
  ),
];
