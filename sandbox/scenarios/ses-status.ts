// Scenarios in which DNS is right and SES is the one with something to say.
import { addressIdentity, bareIdentity, byodkimIdentity, easyIdentity, tokensFor } from '../aws/identities.ts';
import { KEY_2048 } from '../dns/keys.ts';
import { broken, HEALTHY, KINDS, only, UNKNOWN } from './kinds.ts';
import { ACCOUNT, DOMAIN, REGION, SUBJECT, shopScenario } from './one-shop.ts';
import { type Step, wait } from './plot.ts';

/** SES changes its mind; the inventory is an hour old by then. */
const sesSays = (title: string, options: Partial<Parameters<typeof easyIdentity>[1]>): Step => ({
  title,
  minutesLater: 120,
  apply: (s) => s.aws.setIdentity(ACCOUNT, REGION, easyIdentity(DOMAIN, { region: REGION, ...options })),
});

/** A domain with its own key, which SES cannot match with the private key it was given. */
const unmatched = (checkedAt: string) =>
  byodkimIdentity(DOMAIN, { region: REGION, selector: 's2026', status: 'PENDING', errorType: 'INVALID_VALUE', checkedAt });

export const sesStatus = [
  shopScenario('signing-off', 'Verified, but signing was never switched on.', [], broken('signing-disabled', { wasEnabled: false }), {
    identity: easyIdentity(DOMAIN, { region: REGION, signing: false }),
  }),
  shopScenario(
    'signing-switched-off',
    'Somebody switches signing off.',
    [sesSays('Signing is switched off', { signing: false })],
    broken('signing-disabled', { wasEnabled: true }),
  ),
  shopScenario('dkim-never-set-up', 'A domain identity for which DKIM was never begun.', [], broken('dkim-not-set-up'), {
    identity: bareIdentity(DOMAIN, { region: REGION }),
  }),
  shopScenario(
    'pending-for-ten-hours',
    'Created ten hours ago, all records right, SES has not looked yet: nothing to do.',
    [],
    only('verification-pending', 'healthy', { facts: { estimated: false, hoursLeft: 62 } }),
    { identity: easyIdentity(DOMAIN, { region: REGION, status: 'PENDING', keyGeneratedAt: '2026-06-01T02:00:00Z' }) },
  ),
  shopScenario(
    'pending-for-four-days',
    'All records right, and SES still pending after four days.',
    [],
    only('verification-overdue', 'broken', { facts: { why: 'over-72-hours', suspectPrivateKey: false } }),
    { identity: easyIdentity(DOMAIN, { region: REGION, status: 'PENDING', keyGeneratedAt: '2026-05-28T12:00:00Z' }) },
  ),
  shopScenario(
    'private-key-does-not-match',
    'A domain with its own key: the TXT record is a good key, and for a day SES has said INVALID_VALUE.',
    [
      wait('Eight hours pass', 8 * 60),
      {
        title: 'SES has looked again, and is still not content',
        minutesLater: 8 * 60,
        apply: (s) => s.aws.setIdentity(ACCOUNT, REGION, unmatched('2026-06-02T00:00:00Z')),
      },
    ],
    only('verification-overdue', 'broken', { facts: { suspectPrivateKey: true, errorType: 'INVALID_VALUE' } }),
    {
      identity: unmatched('2026-06-01T11:00:00Z'),
      ownKey: { selector: 's2026', value: `v=DKIM1; k=rsa; p=${KEY_2048}` },
    },
  ),
  shopScenario(
    'verification-failed',
    'The records were never entered in time: SES has given up. The identity may still send.',
    [],
    only('verification-failed', 'broken', { facts: { maySend: true }, maybe: ['record-missing'] }),
    {
      identity: easyIdentity(DOMAIN, {
        region: REGION,
        status: 'FAILED',
        sending: true,
        errorType: 'HOST_NOT_FOUND',
        keyGeneratedAt: '2026-05-01T00:00:00Z',
      }),
    },
  ),
  shopScenario(
    'revoked',
    'SES said SUCCESS before and has now dropped the set-up, after the records had been away for days. They are back, which is no longer enough.',
    [sesSays('SES drops the DKIM set-up', { status: 'FAILED', sending: false, succeededAt: '2026-05-31T20:00:00Z' })],
    broken('revoked', { statusNow: 'FAILED' }),
  ),
  shopScenario(
    'revoked-to-not-started',
    'As before, but SES shows the identity as if DKIM had never been set up.',
    [
      {
        title: 'SES forgets the DKIM set-up',
        minutesLater: 120,
        apply: (s) => s.aws.setIdentity(ACCOUNT, REGION, bareIdentity(DOMAIN, { region: REGION, sending: false })),
      },
    ],
    broken('revoked', { statusNow: 'NOT_STARTED' }),
  ),
  shopScenario(
    'ses-cannot-verify',
    'All records are right, and SES says TEMPORARY_FAILURE: it sees other name servers than we do.',
    [
      sesSays('SES no longer manages to verify', {
        status: 'TEMPORARY_FAILURE',
        errorType: 'DNS_SERVER_ERROR',
        soa: { primary: 'ns1.old-host.org', serial: 42 },
      }),
    ],
    broken('ses-cannot-verify', { errorType: 'DNS_SERVER_ERROR', sesPrimary: 'ns1.old-host.org', ourPrimary: 'ns1.hoster-a.net' }),
  ),
  shopScenario('no-tokens', 'SES says SUCCESS and gives no tokens: what to look for cannot be known.', [], UNKNOWN, {
    identity: easyIdentity(DOMAIN, { region: REGION, tokens: [] }),
  }),
  shopScenario(
    'answers-of-tomorrow',
    'SES answers with a status, fields that nobody has heard of, and leaves most others out.',
    [],
    { [SUBJECT]: { mandatory: [], forbidden: KINDS.filter((kind) => kind !== 'identity-unknown') } },
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
    'address-beside-domain',
    'An address whose domain is no identity here: nothing to publish, nothing wrong.',
    [],
    { [`${ACCOUNT}/${REGION}/info@proseware-press.org`]: HEALTHY, [SUBJECT]: HEALTHY },
    { more: [{ account: ACCOUNT, region: REGION, identity: addressIdentity('info@proseware-press.org', { region: REGION }) }] },
  ),
  shopScenario(
    'identity-deleted',
    'The identity is deleted in SES: an end, not a trouble.',
    [{ title: 'The identity is deleted', minutesLater: 120, apply: (s) => s.aws.deleteIdentity(ACCOUNT, REGION, DOMAIN) }],
    {},
  ),
];
