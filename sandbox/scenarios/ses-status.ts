// Scenarios in which DNS is right and SES is the one with something to say.
import { bareIdentity, easyIdentity, tokensFor } from '../aws/identities.ts';
import type { Sandbox } from '../sandbox.ts';
import { atMost, broken, HEALTHY, notice, only, says, UNKNOWN } from './kinds.ts';
import { ACCOUNT, DOMAIN, ownKeyShop, REGION, removeAll, SUBJECT, sesSays, shop, shopScenario } from './one-shop.ts';
import { OWN_KEY } from './own-keys.ts';
import { wait } from './plot.ts';

/** A domain with its own key, which SES cannot match with the private key it was given. */
const unmatched = (checkedAt: string) => ownKeyShop({ status: 'PENDING', errorType: 'INVALID_VALUE', checkedAt });

/** What SES says from its look at the time when the records were away. */
const doubted = (checkedAt: string) =>
  shop({ status: 'TEMPORARY_FAILURE', errorType: 'HOST_NOT_FOUND', checkedAt, succeededAt: '2026-05-31T20:00:00Z' });

const SES_BEHIND = [
  { title: 'The records are deleted', apply: removeAll },
  sesSays('SES notices', doubted('2026-06-01T12:00:00Z')),
  {
    title: 'The records are put back',
    apply: (s: Sandbox): void => {
      for (const token of tokensFor(DOMAIN, REGION)) s.dns.setRecord(DOMAIN, `${token}._domainkey`, 'CNAME', `${token}.dkim.amazonses.com`);
    },
  },
];

export const sesStatus = [
  shopScenario('signing-off', 'Verified, but signing was never switched on.', [], broken('signing-disabled', { wasEnabled: false }), {
    identity: shop({ signing: false }),
  }),
  shopScenario(
    'signing-switched-off',
    'Somebody switches signing off.',
    [sesSays('Signing is switched off', shop({ signing: false }))],
    broken('signing-disabled', { wasEnabled: true }, { severity: 'critical' }),
  ),
  shopScenario('dkim-never-set-up', 'A domain identity for which DKIM was never begun.', [], broken('dkim-not-set-up'), {
    identity: bareIdentity(DOMAIN, { region: REGION }),
  }),
  shopScenario(
    'pending-for-ten-hours',
    'Created ten hours ago, all records right, SES has not looked yet: nothing to do.',
    [],
    notice('verification-pending', { estimated: false, hoursLeft: 62 }),
    { identity: shop({ status: 'PENDING', keyGeneratedAt: '2026-06-01T02:00:00Z' }) },
  ),
  shopScenario(
    'pending-without-records',
    'Created an hour ago, and nobody has entered the records yet: a warning, for no mail is lost by it.',
    [],
    broken('record-missing', { missing: 3 }, { severity: 'warning' }),
    { identity: shop({ status: 'PENDING', keyGeneratedAt: '2026-06-01T11:00:00Z' }), published: false },
  ),
  shopScenario(
    'pending-for-four-days',
    'All records right, and SES still pending after four days.',
    [],
    only('verification-overdue', 'broken', { facts: { why: 'over-72-hours', suspectPrivateKey: false } }),
    { identity: shop({ status: 'PENDING', keyGeneratedAt: '2026-05-28T12:00:00Z' }) },
  ),
  shopScenario(
    'key-length-changed',
    'The key length was changed to 2048 bits an hour ago: SES is pending again, the domain may go on sending.',
    [sesSays('SES waits for the new keys', lengthChanged())],
    only('verification-pending', 'healthy', { maybe: ['key-weak'] }),
    { identity: shop({ dkim: { CurrentSigningKeyLength: 'RSA_1024_BIT' } }), starts: { [SUBJECT]: notice('key-weak') } },
  ),
  shopScenario(
    'private-key-does-not-match',
    'A domain with its own key: the TXT record is a good key, and for a day SES has said INVALID_VALUE.',
    [
      wait('Eight hours pass', 8 * 60),
      { ...sesSays('SES has looked again, and is still not content', unmatched('2026-06-02T00:00:00Z')), minutesLater: 8 * 60 },
    ],
    only('verification-overdue', 'broken', { facts: { suspectPrivateKey: true, errorType: 'INVALID_VALUE' } }),
    { ...OWN_KEY, identity: unmatched('2026-06-01T11:00:00Z'), starts: { [SUBJECT]: notice('verification-pending') } },
  ),
  shopScenario(
    'verification-failed',
    'The records were entered too late: SES has given up. The identity may still send.',
    [],
    broken('verification-failed', { maySend: true }, { severity: 'critical' }),
    {
      identity: shop({
        status: 'FAILED',
        sending: true,
        errorType: 'HOST_NOT_FOUND',
        keyGeneratedAt: '2026-05-01T00:00:00Z',
        checkedAt: '2026-05-04T00:00:00Z',
      }),
    },
  ),
  shopScenario(
    'failed-two-weeks-ago',
    'SES gave up two weeks ago, and the identity may not send: somebody may still be at it.',
    [],
    broken('verification-failed', { maySend: false }, { severity: 'warning' }),
    {
      identity: shop({
        status: 'FAILED',
        sending: false,
        errorType: 'HOST_NOT_FOUND',
        keyGeneratedAt: '2026-05-18T00:00:00Z',
        checkedAt: '2026-05-21T00:00:00Z',
      }),
    },
  ),
  shopScenario(
    'abandoned-test-identity',
    'Created two months ago for a test, never verified, not sending, no records: worth one notice.',
    [wait('A day passes', 24 * 60)],
    notice('identity-abandoned'),
    {
      identity: easyIdentity(DOMAIN, {
        region: REGION,
        status: 'FAILED',
        errorType: 'HOST_NOT_FOUND',
        keyGeneratedAt: '2026-04-01T00:00:00Z',
        checkedAt: '2026-04-04T00:00:00Z',
      }),
      published: false,
      starts: { [SUBJECT]: notice('identity-abandoned') },
    },
  ),
  shopScenario(
    'revoked',
    'SES said SUCCESS before and has now dropped the set-up, after the records had been away for days. They are back, which is no longer enough.',
    [sesSays('SES drops the DKIM set-up', shop({ status: 'FAILED', sending: true, succeededAt: '2026-05-31T20:00:00Z' }))],
    broken('revoked', { statusNow: 'FAILED' }),
  ),
  shopScenario(
    'revoked-and-sending-lost',
    'As before, and the domain had no other proof: it may no longer send at all.',
    [
      sesSays(
        'SES drops the DKIM set-up and the domain with it',
        shop({ status: 'FAILED', sending: false, succeededAt: '2026-05-31T20:00:00Z' }),
      ),
    ],
    says({ revoked: { statusNow: 'FAILED' }, 'sending-lost': {} }, 'broken', { severity: { 'sending-lost': 'critical' } }),
  ),
  shopScenario(
    'revoked-to-not-started',
    'SES shows an identity that was verified as if DKIM had never been set up.',
    [sesSays('SES forgets the DKIM set-up', bareIdentity(DOMAIN, { region: REGION, mailFrom: { domain: `bounce.${DOMAIN}` } }))],
    broken('revoked', { statusNow: 'NOT_STARTED' }),
  ),
  shopScenario(
    'sending-lost',
    'DKIM is in order, and SES no longer lets the domain send: another proof of ownership has gone.',
    [sesSays('The domain may no longer send', shop({ sending: false }))],
    broken('sending-lost', {}, { severity: 'critical' }),
  ),
  shopScenario(
    'ses-cannot-verify',
    'All records are right, and SES says TEMPORARY_FAILURE: the servers do not answer it as they answer us.',
    [
      sesSays(
        'SES no longer manages to verify',
        shop({ status: 'TEMPORARY_FAILURE', errorType: 'DNS_SERVER_ERROR', soa: { primary: 'ns1.hoster-a.net', serial: 2026010101 } }),
      ),
    ],
    broken('ses-cannot-verify', { errorType: 'DNS_SERVER_ERROR', sesPrimary: 'ns1.hoster-a.net', ourPrimary: 'ns1.hoster-a.net' }),
  ),
  shopScenario(
    'ses-is-behind',
    'The records were away, SES noticed; they are back, and SES has not looked again yet: a matter of waiting.',
    SES_BEHIND,
    notice('verification-pending', { again: true }),
  ),
  shopScenario(
    'ses-looked-again',
    'The records were away and are back; SES has looked since, and does not find them.',
    [...SES_BEHIND, { ...sesSays('SES looks again', doubted('2026-06-01T20:00:00Z')), minutesLater: 12 * 60 }],
    broken('ses-cannot-verify', { errorType: 'HOST_NOT_FOUND' }),
  ),
  shopScenario('no-tokens', 'SES says SUCCESS and gives no tokens: what to look for cannot be known.', [], UNKNOWN, {
    identity: shop({ tokens: [] }),
  }),
  shopScenario('no-selector', 'A domain with its own key, of which SES does not name the selector: it is not guessed.', [], UNKNOWN, {
    ...OWN_KEY,
    identity: ownKeyShop({ tokens: [] }),
  }),
  shopScenario('selector-configured', 'SES does not name the selector, and the configuration does.', [], HEALTHY, {
    ...OWN_KEY,
    identity: ownKeyShop({ tokens: [] }),
    monitor: { byodkim: [{ identity: DOMAIN, selector: 's2026' }] },
  }),
  shopScenario(
    'answers-of-tomorrow',
    'SES answers with a status, fields that nobody has heard of, and leaves most others out.',
    [],
    atMost(['identity-unknown']),
    {
      identity: easyIdentity(DOMAIN, {
        region: REGION,
        facts: {
          IdentityType: 'DOMAIN',
          Mood: { Good: true },
          VerificationInfo: {},
          DkimAttributes: {
            Status: 'RESTING',
            Tokens: tokensFor(DOMAIN, REGION),
            SigningHostedZone: 'dkim.amazonses.com',
            SigningAttributesOrigin: 'AWS_SES',
          },
        },
      }),
    },
  ),
  shopScenario(
    'identity-deleted',
    'The identity is deleted in SES: an end, not a trouble.',
    [{ title: 'The identity is deleted', minutesLater: 120, apply: (s) => s.aws.deleteIdentity(ACCOUNT, REGION, DOMAIN) }],
    {},
  ),
];

function lengthChanged() {
  return shop({
    status: 'PENDING',
    sending: true,
    keyGeneratedAt: '2026-06-01T13:00:00Z',
    dkim: { CurrentSigningKeyLength: 'RSA_1024_BIT', NextSigningKeyLength: 'RSA_2048_BIT' },
  });
}
