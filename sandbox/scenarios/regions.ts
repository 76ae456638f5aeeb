// Scenarios with one domain in several regions or accounts: replicas, and set-ups that differ.
import { bareIdentity, replicaIdentity, tokensFor } from '../aws/identities.ts';
import type { Placed } from './estate.ts';
import { broken, only, says } from './kinds.ts';
import { ACCOUNT, DOMAIN, MEMBER, REGION, removeAll, SUBJECT, shop, shopScenario, TOKENS, wellKept } from './one-shop.ts';
import type { Expectation, Expectations } from './plot.ts';

const OTHER = 'us-east-1';
const THIRD = 'eu-south-1';
const at = (region: string): string => `${ACCOUNT}/${region}/${DOMAIN}`;
const inOther = (identity: Placed['identity'], published = true): Placed => ({ account: ACCOUNT, region: OTHER, identity, published });

const replica = (region: string, options = {}): Placed => ({
  account: ACCOUNT,
  region,
  identity: replicaIdentity(DOMAIN, { region, parentRegion: REGION, mailFrom: { domain: `bounce.${DOMAIN}` }, ...options }),
});

/** Both targets are told side by side that they differ; the odd one out has its own finding too. */
const differ = (odd: Expectation): Expectations => ({
  [at(OTHER)]: odd,
  [`${ACCOUNT}/${REGION}`]: says({ 'setup-differs': {} }, undefined, { severity: { 'setup-differs': 'warning' } }),
  [`${ACCOUNT}/${OTHER}`]: says({ 'setup-differs': {} }),
});

const replicaBroken = (errorType: string, status: 'FAILED' | 'PENDING' | 'TEMPORARY_FAILURE') =>
  shopScenario(
    `replica-${errorType.toLowerCase().replaceAll('_', '-')}`,
    `The replica of the domain's DKIM set-up cannot be kept: ${errorType}.`,
    [
      {
        title: 'Replication breaks',
        minutesLater: 120,
        apply: (s) => s.aws.setIdentity(ACCOUNT, THIRD, replica(THIRD, { status, errorType, sending: true }).identity),
      },
    ],
    { [at(THIRD)]: broken('replica-broken', { errorType }, { severity: 'warning', maybe: ['revoked'] }) },
    { more: [replica(THIRD)] },
  );

export const regions = [
  shopScenario(
    'set-up-in-one-region-only',
    'The domain signs in one region; in the other one somebody forgot to set DKIM up.',
    [],
    differ(broken('dkim-not-set-up')),
    { more: [inOther(bareIdentity(DOMAIN, { region: OTHER }))] },
  ),
  shopScenario(
    'signing-off-in-one-region',
    'The domain signs in one region; in the other one signing is off.',
    [],
    differ(broken('signing-disabled')),
    { more: [inOther(wellKept(DOMAIN, { region: OTHER, signing: false }))] },
  ),
  shopScenario(
    'failed-in-one-region',
    'The domain signs in one region; in the other one SES gave up, although the records are there by now.',
    [],
    differ(broken('verification-failed')),
    {
      more: [
        inOther(
          wellKept(DOMAIN, {
            region: OTHER,
            status: 'FAILED',
            sending: true,
            keyGeneratedAt: '2026-05-20T00:00:00Z',
            checkedAt: '2026-05-23T00:00:00Z',
          }),
        ),
      ],
    },
  ),
  shopScenario(
    'signing-off-everywhere',
    'Signing is off in both regions: a decision, perhaps, and not a difference.',
    [],
    { [SUBJECT]: broken('signing-disabled'), [at(OTHER)]: broken('signing-disabled') },
    { identity: shop({ signing: false }), more: [inOther(wellKept(DOMAIN, { region: OTHER, signing: false }))] },
  ),
  shopScenario(
    'record-lost-in-one-region',
    'The domain signs in two regions, each with records of its own; those of one region are deleted.',
    [{ title: 'The records of one region are deleted', apply: removeAll }],
    { [SUBJECT]: broken('record-missing', { missing: 3 }) },
    { more: [inOther(wellKept(DOMAIN, { region: OTHER }))] },
  ),
  shopScenario(
    'same-domain-in-two-accounts',
    'The domain is an identity of two accounts, each with tokens of its own, all published.',
    [{ title: 'Time passes', apply: () => undefined }],
    {},
    {
      more: [{ account: MEMBER, region: OTHER, identity: wellKept(DOMAIN, { region: OTHER, tokens: tokensFor(DOMAIN, OTHER, 'member') }) }],
    },
  ),
  shopScenario(
    'replicas-lose-a-record',
    "One record is deleted that the domain's identity and its two replicas share.",
    [{ title: 'One record is deleted', apply: (s) => s.dns.removeRecord(DOMAIN, `${TOKENS[1]}._domainkey`) }],
    Object.fromEntries(
      [REGION, OTHER, THIRD].map((region) => [at(region), only('record-missing', 'broken', { facts: { missing: 1, expected: 3 } })]),
    ),
    { more: [replica(OTHER), replica(THIRD)] },
  ),
  replicaBroken('REPLICATION_ACCESS_DENIED', 'TEMPORARY_FAILURE'),
  replicaBroken('REPLICATION_PRIMARY_NOT_FOUND', 'FAILED'),
  replicaBroken('REPLICATION_PRIMARY_BYO_DKIM_NOT_SUPPORTED', 'PENDING'),
];
