// Scenarios about what must not be told twice, not to many, or not at all: causes shared by many, outages of our own, caches.
import { easyIdentity } from '../aws/identities.ts';
import { DMARC, HOSTER_B, type Placed } from './estate.ts';
import { atMost, broken, HEALTHY, notice, only, says, UNKNOWN } from './kinds.ts';
import { ACCOUNT, DOMAIN, here, NEIGHBOUR, REGION, SUBJECT, shopScenario, TOKENS, wellKept } from './one-shop.ts';
import { type Expectation, type Expectations, type Scenario, type Step, wait } from './plot.ts';

const CUSTOMERS = [
  'adatum-bank.com',
  'contoso-books.org',
  'lamna-health.org',
  'litware-labs.com',
  'proseware-press.net',
  'relecloud-apps.com',
];
const CUSTOMERS_HOST = ['ns1.customer-dns.net', 'ns2.customer-dns.net'];
const NEW_HOST = ['ns1.new-host.org', 'ns2.new-host.org'];

const key = (domain: string): string => `${ACCOUNT}/${REGION}/${domain}`;
const each = (domains: readonly string[], expectation: Expectation): Expectations =>
  Object.fromEntries(domains.map((domain) => [key(domain), expectation]));
const customers = {
  zones: Object.fromEntries(CUSTOMERS.map((domain) => [domain, { ns: CUSTOMERS_HOST, records: DMARC }])),
  more: CUSTOMERS.map((domain): Placed => here(wellKept(domain))),
};

const TESTS = Array.from({ length: 11 }, (_, i) => `test-${i + 1}.fourth-coffee.net`);
/** SES looked for three days, and has not looked again. */
const GIVEN_UP = { status: 'FAILED', errorType: 'HOST_NOT_FOUND' } as const;
const abandoned = (domain: string): Placed =>
  here(easyIdentity(domain, { region: REGION, ...GIVEN_UP, keyGeneratedAt: '2026-03-01T00:00:00Z', checkedAt: '2026-03-04T00:00:00Z' }), {
    published: false,
  });

const lose: Step['apply'] = (s) => s.dns.removeRecord(DOMAIN, `${TOKENS[0]}._domainkey`);
const putBack: Step['apply'] = (s) => s.dns.setRecord(DOMAIN, `${TOKENS[0]}._domainkey`, 'CNAME', `${TOKENS[0]}.dkim.amazonses.com`);
const MISSING: Expectation = broken('record-missing', { missing: 1, expected: 3 });
const BOTH = [SUBJECT, key(NEIGHBOUR)];
const allSilent: Step['apply'] = (s) => {
  s.dns.behave({ behaviour: { kind: 'silent' } });
  s.dns.behave({ servers: ['resolver'], behaviour: { kind: 'silent' } });
};

export const noise: readonly Scenario[] = [
  shopScenario(
    'many-domains-move-without-records',
    'Six domains of one DNS host are moved to another one in a night, and nobody takes their DKIM records along.',
    [
      {
        title: 'Six domains move without their records',
        sweeps: 2,
        apply: async (s) => {
          for (const domain of CUSTOMERS) {
            await s.dns.moveZone(domain, NEW_HOST);
            for (const token of wellKept(domain).facts.DkimAttributes?.Tokens ?? []) s.dns.removeRecord(domain, `${token}._domainkey`);
          }
        },
      },
    ],
    each(CUSTOMERS, broken('record-missing', { missing: 3, movedFrom: CUSTOMERS_HOST, nameServers: NEW_HOST })),
    customers,
  ),
  shopScenario(
    'dns-account-deleted',
    'The account at a DNS host is deleted by mistake: its servers refuse all six domains that were there.',
    [
      {
        title: 'The DNS host forgets six domains',
        sweeps: 5,
        apply: (s) => void s.dns.behave({ servers: CUSTOMERS_HOST, names: CUSTOMERS, behaviour: { kind: 'rcode', rcode: 'REFUSED' } }),
      },
      // What nobody can judge is told after an hour.
      wait('An hour passes', 60),
    ],
    each(CUSTOMERS, atMost(['nameserver-broken', 'identity-unknown'], ['broken', 'unknown'])),
    customers,
  ),
  shopScenario(
    'eleven-abandoned-identities',
    'Eleven identities of old tests, never verified: one notice for all of them, once.',
    [{ title: 'Two days pass', minutesLater: 48 * 60, sweeps: 2, apply: () => undefined }],
    each(TESTS, notice('identity-abandoned')),
    {
      zones: { 'fourth-coffee.net': { ns: HOSTER_B } },
      more: TESTS.map(abandoned),
      starts: each(TESTS, notice('identity-abandoned')),
      monitor: { alerts: { minimumSeverity: 'notice' } },
    },
  ),
  shopScenario(
    'resolvers-remember-an-absence',
    'The resolvers still remember that a record was not there; the name servers of the domain have it.',
    [
      {
        title: 'The resolvers answer from an old cache',
        sweeps: 2,
        apply: (s) =>
          void s.dns.behave({
            servers: ['resolver'],
            names: TOKENS.map((token) => `${token}._domainkey.${DOMAIN}`),
            behaviour: { kind: 'rcode', rcode: 'NXDOMAIN' },
          }),
      },
    ],
    HEALTHY,
  ),
  shopScenario(
    'resolvers-remember-a-record',
    'The record is deleted, and the resolvers still answer from their caches: it is missing all the same.',
    [
      {
        title: 'A record is deleted, and the resolvers have not noticed',
        apply: (s) => {
          const [token] = TOKENS;
          const name = `${token}._domainkey.${DOMAIN}`;
          const kept = { name, ttl: 86_400, data: { type: 'CNAME', target: `${token}.dkim.amazonses.com` } } as const;
          s.dns.behave({
            servers: ['resolver'],
            names: [name],
            behaviour: { kind: 'says', answer: (_, truth) => ({ ...truth, rcode: 'NOERROR', answers: [kept], authority: [] }) },
          });
          s.dns.removeRecord(DOMAIN, `${token}._domainkey`);
        },
      },
    ],
    MISSING,
  ),
  shopScenario(
    'trouble-changes-its-words',
    'A record stays missing while the way the servers say so changes: told once.',
    [
      { title: 'A record is deleted', apply: lose, expect: { [SUBJECT]: MISSING } },
      {
        title: 'A name below it appears: NODATA instead of NXDOMAIN',
        apply: (s) => s.dns.setRecord(DOMAIN, `note.${TOKENS[0]}._domainkey`, 'TXT', 'left over'),
      },
      { title: 'The name goes again', apply: (s) => s.dns.removeRecord(DOMAIN, `note.${TOKENS[0]}._domainkey`), sweeps: 2 },
    ],
    MISSING,
  ),
  shopScenario(
    'outage-of-our-own',
    'A record is missing and told. Then all of DNS is silent to us, then it comes back, and then the record does.',
    [
      { title: 'A record is deleted', apply: lose, expect: { [SUBJECT]: MISSING } },
      {
        title: 'All of DNS falls silent',
        apply: allSilent,
        expect: Object.fromEntries(BOTH.map((one) => [one, UNKNOWN])),
      },
      { title: 'DNS answers again', apply: (s) => s.dns.behaveWell(), sweeps: 2, expect: { [SUBJECT]: MISSING } },
      { title: 'The record is put back', apply: putBack },
    ],
    HEALTHY,
  ),
  shopScenario(
    'long-outage-of-our-own',
    'All of DNS is silent to us for an hour: one message that we see nothing, and that the fault may be ours.',
    [{ title: 'All of DNS falls silent', sweeps: 4, apply: allSilent }, wait('An hour passes', 60)],
    Object.fromEntries(BOTH.map((one) => [one, only('identity-unknown', 'unknown')])),
  ),
  shopScenario(
    'two-troubles-of-one-domain',
    'One record is missing and another one points elsewhere: two causes, both told, the third record is not blamed.',
    [
      {
        title: 'One record is deleted, another one pointed elsewhere',
        apply: async (s) => {
          await lose(s);
          s.dns.setRecord(DOMAIN, `${TOKENS[1]}._domainkey`, 'CNAME', 'dkim.mail-vendor.net');
        },
      },
    ],
    says({ 'record-missing': { missing: 1, expected: 3 }, 'record-wrong-target': { cause: 'unrelated' } }, 'broken'),
  ),
];
