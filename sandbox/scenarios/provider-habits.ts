// Scenarios in which something other than the record stands at its name, by the habits of DNS hosts and of people who fill in their forms.
import type { RecordsAt } from '../dns/dns-world.ts';
import { OTHER_KEY_2048 } from '../dns/keys.ts';
import { broken, HEALTHY } from './kinds.ts';
import { DOMAIN, eachRecord, SELECTOR, SERVERS, shopScenario, TOKENS } from './one-shop.ts';
import { GOOD, OWN_KEY } from './own-keys.ts';
import type { Scenario, Step } from './plot.ts';

const [FIRST] = TOKENS;
const RIGHT = `${FIRST}.dkim.amazonses.com`;

/** What is at each of the three names instead of the CNAME. */
const instead = (title: string, records: (token: string) => RecordsAt): Step => ({
  title,
  apply: eachRecord((s, relative, token) => {
    s.dns.removeRecord(DOMAIN, relative);
    s.dns.setRecords(DOMAIN, relative, records(token));
  }),
});

/** What is at the one name of an own key instead of its TXT. */
const insteadOfTheKey = (title: string, records: RecordsAt): Step => ({
  title,
  apply: async (s) => {
    await s.dns.addZones({ 'northwind-dns.net': { ns: SERVERS, records: { key: { TXT: GOOD }, site: { A: '203.0.113.80' } } } });
    s.dns.removeRecord(DOMAIN, `${SELECTOR}._domainkey`);
    s.dns.setRecords(DOMAIN, `${SELECTOR}._domainkey`, records);
  },
});

const wrongType = (cause: string, severity: 'warning' | 'critical') => broken('record-wrong-type', { cause }, { severity });

export const providerHabits: readonly Scenario[] = [
  shopScenario(
    'flattened',
    'The DNS host begins to flatten CNAMEs: nobody sees them any more, and the keys stand at the names themselves. Receivers are content.',
    [{ title: 'The DNS host flattens CNAMEs', apply: (s) => s.dns.setQuirks(DOMAIN, { flattens: true }), sweeps: 2 }],
    wrongType('flattened', 'warning'),
  ),
  shopScenario(
    'proxied',
    'The records were switched to "proxied": the names have addresses, and neither CNAME nor TXT.',
    [instead('The records are proxied', () => ({ A: ['203.0.113.1', '203.0.113.2'], AAAA: '2001:db8::80' }))],
    wrongType('proxied', 'critical'),
  ),
  shopScenario(
    'pasted-as-text',
    'Somebody chose TXT instead of CNAME in the form: the target stands there as text.',
    [instead('The records are entered anew, as TXT', (token) => ({ TXT: `${token}.dkim.amazonses.com` }))],
    wrongType('pasted-as-txt', 'critical'),
  ),
  shopScenario(
    'other-text',
    'At the names stands text that has nothing to do with DKIM.',
    [instead('The names are used for something else', () => ({ TXT: 'v=spf1 include:mail-vendor.net -all' }))],
    wrongType('other-txt', 'critical'),
  ),
  shopScenario(
    'own-key-cname-without-key',
    'A template put a CNAME where the key of a domain with its own key was, and it leads to no key.',
    [insteadOfTheKey('A CNAME replaces the key', { CNAME: 'dkim.mail-vendor.net' })],
    wrongType('cname-without-key', 'critical'),
    OWN_KEY,
  ),
  shopScenario(
    'own-key-cname-to-a-web-site',
    'A CNAME stands where the key was, and leads to a name that exists and has only an address.',
    [insteadOfTheKey('A CNAME replaces the key', { CNAME: 'site.northwind-dns.net' })],
    wrongType('cname-without-key', 'critical'),
    OWN_KEY,
  ),
  shopScenario(
    'own-key-delegated',
    'The selector is a CNAME to a name of another zone, where the key is: legal.',
    [insteadOfTheKey('The selector is delegated to another zone', { CNAME: 'key.northwind-dns.net' })],
    HEALTHY,
    OWN_KEY,
  ),
  shopScenario(
    'own-key-twice',
    'Two key records stand at one selector: which one a receiver takes is chance.',
    [insteadOfTheKey('A second key is entered beside the first', { TXT: [GOOD, `v=DKIM1; k=rsa; p=${OTHER_KEY_2048}`] })],
    broken('record-ambiguous', { cause: 'several-txt' }, { severity: 'warning' }),
    OWN_KEY,
  ),
  shopScenario(
    'own-key-beside-other-text',
    'Beside the key stands a TXT record of something else.',
    [insteadOfTheKey('Another text is entered beside the key', { TXT: [GOOD, 'verify-this-domain=1234567890'] })],
    broken('record-ambiguous', { cause: 'several-txt' }),
    OWN_KEY,
  ),
  shopScenario(
    'own-key-cut-into-two-records',
    'The form takes 255 characters, so somebody entered the key in two records.',
    [insteadOfTheKey('The key is entered in two parts', { TXT: [GOOD.slice(0, 255), GOOD.slice(255)] })],
    broken('record-ambiguous', { cause: 'cut-into-two-records' }),
    OWN_KEY,
  ),
  shopScenario(
    'own-key-in-two-strings',
    'One record of two strings, 255 characters and the rest: as it should be.',
    [insteadOfTheKey('The key is entered in two strings', { TXT: [[GOOD.slice(0, 255), GOOD.slice(255)]] })],
    HEALTHY,
    OWN_KEY,
  ),
  shopScenario(
    'several-cnames',
    'A second CNAME stands at one of the names.',
    [
      {
        title: 'A second CNAME is entered',
        apply: (s) => s.dns.setRecord(DOMAIN, `${FIRST}._domainkey`, 'CNAME', [RIGHT, 'dkim.mail-vendor.net']),
      },
    ],
    broken('record-ambiguous', { cause: 'several-cnames' }, { severity: 'warning' }),
  ),
  shopScenario(
    'cname-beside-text',
    'A TXT record stands beside the CNAME, and the servers show both.',
    [{ title: 'A text is entered beside a CNAME', apply: (s) => s.dns.setRecord(DOMAIN, `${FIRST}._domainkey`, 'TXT', 'left over') }],
    broken('record-ambiguous', { cause: 'cname-beside-other-data' }, { severity: 'warning' }),
  ),
  shopScenario(
    'text-before-cname',
    'A TXT record stands beside the CNAME, and the servers show whichever is asked for.',
    [
      {
        title: 'A text is entered beside a CNAME',
        apply: (s) => {
          s.dns.setQuirks(DOMAIN, { besideCname: 'other-data' });
          s.dns.setRecord(DOMAIN, `${FIRST}._domainkey`, 'TXT', 'v=spf1 -all');
        },
      },
    ],
    broken('record-ambiguous', { cause: 'cname-beside-other-data' }),
  ),
  shopScenario(
    'text-hidden-by-cname',
    'A TXT record stands beside the CNAME in the form, and the servers show only the CNAME: nobody is led astray.',
    [
      {
        title: 'A text is entered beside a CNAME',
        sweeps: 2,
        apply: (s) => {
          s.dns.setQuirks(DOMAIN, { besideCname: 'cname' });
          s.dns.setRecord(DOMAIN, `${FIRST}._domainkey`, 'TXT', 'left over');
        },
      },
    ],
    HEALTHY,
  ),
];
