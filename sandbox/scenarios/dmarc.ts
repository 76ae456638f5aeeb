// Scenarios about what DMARC makes of a lost signature.
import { easyIdentity } from '../aws/identities.ts';
import type { RecordsAt } from '../dns/dns-world.ts';
import { broken, HEALTHY, says } from './kinds.ts';
import { ACCOUNT, DOMAIN, here, NEWS, REGION, removeAll, SERVERS, shop, shopScenario } from './one-shop.ts';
import type { Expectation, Scenario, Step } from './plot.ts';

/** Without a MAIL FROM domain of its own SPF is never aligned: DKIM alone makes DMARC pass. */
const ONLY_DKIM = { identity: easyIdentity(DOMAIN, { region: REGION }) };
const dmarc = (policy: string): { readonly zone: { readonly records: Readonly<Record<string, RecordsAt>> } } => ({
  zone: { records: { _dmarc: { TXT: `v=DMARC1; p=${policy}; rua=mailto:dmarc@${DOMAIN}` } } },
});
const deleted: Step = { title: 'The records are deleted', apply: removeAll };
const newsIdentity = easyIdentity(NEWS, { region: REGION });
const WITHOUT = { zone: { records: { _dmarc: {} } } };

const atRisk = (policy: string, more: Partial<Expectation> = {}): Expectation => ({
  ...says({ 'record-missing': { missing: 3 }, 'dmarc-at-risk': { policy } }, 'broken'),
  ...more,
});

export const dmarcScenarios: readonly Scenario[] = [
  shopScenario('lost-under-reject', 'The records are lost, and DMARC says reject: mail is refused.', [deleted], atRisk('reject'), {
    ...ONLY_DKIM,
    ...dmarc('reject'),
  }),
  shopScenario('lost-under-quarantine', 'The records are lost, and DMARC says quarantine.', [deleted], atRisk('quarantine'), {
    ...ONLY_DKIM,
    ...dmarc('quarantine'),
  }),
  shopScenario(
    'lost-without-dmarc',
    'The records are lost, and there is no DMARC record at all.',
    [deleted],
    atRisk('absent', { severity: { 'dmarc-at-risk': 'notice' } }),
    { ...ONLY_DKIM, ...WITHOUT },
  ),
  shopScenario(
    'lost-under-none',
    'The records are lost, and DMARC asks for reports only.',
    [deleted],
    broken('record-missing', { missing: 3 }, { maybe: ['dmarc-at-risk'] }),
    { ...ONLY_DKIM, ...dmarc('none') },
  ),
  shopScenario(
    'lost-under-reject-with-spf',
    'The records are lost under reject; MAIL FROM is in order, so that SPF keeps DMARC passing.',
    [deleted],
    broken('record-missing', { missing: 3 }),
    dmarc('reject'),
  ),
  shopScenario(
    'lost-under-reject-with-broken-mail-from',
    'The records are lost under reject, and MAIL FROM has lost its MX: nothing keeps DMARC passing.',
    [
      {
        title: 'The records of DKIM and the MX of MAIL FROM are deleted',
        minutesLater: 120,
        sweeps: 2,
        apply: async (s) => {
          await removeAll(s);
          s.dns.removeRecord(DOMAIN, 'bounce', 'MX');
        },
      },
    ],
    says(
      { 'record-missing': { missing: 3 }, 'mail-from-broken': { problem: 'mx-missing' }, 'dmarc-at-risk': { policy: 'reject' } },
      'broken',
    ),
    dmarc('reject'),
  ),
  shopScenario('well-under-reject', 'Everything is in order under reject.', [{ title: 'Time passes', apply: () => undefined }], HEALTHY, {
    ...ONLY_DKIM,
    ...dmarc('reject'),
  }),
  shopScenario(
    'well-without-dmarc',
    'DKIM is in order, and there is no DMARC record.',
    [{ title: 'Time passes', apply: () => undefined }],
    HEALTHY,
    {
      ...ONLY_DKIM,
      ...WITHOUT,
    },
  ),
  shopScenario(
    'signing-off-under-reject',
    'Signing was never switched on, under reject: mail is refused.',
    [],
    says({ 'signing-disabled': {}, 'dmarc-at-risk': { policy: 'reject' } }, 'broken', { severity: { 'signing-disabled': 'critical' } }),
    { identity: easyIdentity(DOMAIN, { region: REGION, signing: false }), ...dmarc('reject') },
  ),
  shopScenario(
    'signing-off-under-reject-with-spf',
    'Signing was never switched on, under reject; SPF keeps DMARC passing.',
    [],
    broken('signing-disabled', {}, { severity: 'warning' }),
    { identity: shop({ signing: false }), ...dmarc('reject') },
  ),
  shopScenario(
    'flattened-under-reject',
    'The DNS host flattens CNAMEs under reject: receivers find the keys, and DMARC passes.',
    [{ title: 'The DNS host flattens CNAMEs', sweeps: 2, apply: (s) => s.dns.setQuirks(DOMAIN, { flattens: true }) }],
    broken('record-wrong-type', { cause: 'flattened' }, { severity: 'warning' }),
    { ...ONLY_DKIM, ...dmarc('reject') },
  ),
  shopScenario(
    'lost-under-the-parents-policy',
    'A subdomain loses its records; the policy stands at the domain above it, for subdomains.',
    [
      {
        title: 'The records of the subdomain are deleted',
        apply: (s) => {
          for (const token of newsIdentity.facts.DkimAttributes?.Tokens ?? [])
            s.dns.removeRecord('tailwind-toys.com', `${token}._domainkey.news`);
        },
      },
    ],
    { [`${ACCOUNT}/${REGION}/${NEWS}`]: atRisk('reject') },
    {
      zones: { 'tailwind-toys.com': { ns: SERVERS, records: { _dmarc: { TXT: 'v=DMARC1; p=none; sp=reject' } } } },
      more: [here(newsIdentity)],
    },
  ),
];
