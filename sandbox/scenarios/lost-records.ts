// Scenarios in which records, or the whole domain, disappear while SES still says SUCCESS.
import { tokensFor } from '../aws/identities.ts';
import { DMARC, HOSTER_B } from './estate.ts';
import { broken, says } from './kinds.ts';
import {
  ACCOUNT,
  DOMAIN,
  here,
  NEWS,
  publishAt,
  REGION,
  removeAll,
  SERVERS,
  sesSays,
  shop,
  shopScenario,
  TOKENS,
  wellKept,
} from './one-shop.ts';
import { wait } from './plot.ts';

const [FIRST, SECOND] = TOKENS;

export const lostRecords = [
  shopScenario(
    'one-record-missing',
    'One of three records is deleted. Two of three are right: nothing may be said about those.',
    [{ title: 'One record is deleted', apply: (s) => s.dns.removeRecord(DOMAIN, `${SECOND}._domainkey`) }],
    broken('record-missing', { missing: 1, expected: 3, absence: 'nxdomain', sesNoticed: false }),
  ),
  shopScenario(
    'all-records-missing',
    'All three records are deleted in a clean-up.',
    [{ title: 'All three records are deleted', apply: removeAll }],
    broken('record-missing', { missing: 3, expected: 3 }),
  ),
  shopScenario(
    'record-missing-nodata',
    'The record is gone, but its name still exists because something lies below it: NODATA instead of NXDOMAIN.',
    [
      {
        title: 'The record is deleted, a name below it stays',
        apply: (s) => {
          s.dns.removeRecord(DOMAIN, `${FIRST}._domainkey`);
          s.dns.setRecord(DOMAIN, `old.${FIRST}._domainkey`, 'TXT', 'left over');
        },
      },
    ],
    broken('record-missing', { missing: 1, absence: 'nodata' }),
  ),
  shopScenario(
    'moved-without-records',
    'The domain moves to another DNS host, and nobody takes the DKIM records along.',
    [
      {
        title: 'The domain moves to other name servers, without its DKIM records',
        apply: async (s) => {
          await s.dns.moveZone(DOMAIN, ['ns1.new-host.org', 'ns2.new-host.org']);
          await removeAll(s);
        },
      },
    ],
    broken('record-missing', { missing: 3, movedFrom: SERVERS, nameServers: ['ns1.new-host.org', 'ns2.new-host.org'] }),
  ),
  shopScenario(
    'subdomain-undelegated',
    'A subdomain was a zone of its own. Its delegation is taken back, its old servers refuse, and nobody enters its records in the zone above.',
    [
      {
        title: 'The subdomain becomes part of the zone above, without its records',
        apply: (s) => {
          s.dns.dropDomain(NEWS);
          s.dns.behave({ servers: HOSTER_B, names: [NEWS], behaviour: { kind: 'rcode', rcode: 'REFUSED' } });
        },
      },
    ],
    {
      [`${ACCOUNT}/${REGION}/${NEWS}`]: broken(
        'record-missing',
        { missing: 3, absence: 'nxdomain', movedFrom: HOSTER_B, nameServers: SERVERS },
        // Its MAIL FROM domain went the same way.
        { maybe: ['mail-from-broken'] },
      ),
    },
    {
      zones: { 'tailwind-toys.com': { ns: SERVERS, records: DMARC }, [NEWS]: { ns: HOSTER_B } },
      more: [here(wellKept(NEWS))],
    },
  ),
  shopScenario(
    'key-zone-undelegated',
    'The name _domainkey was a zone of its own. Its delegation is taken back; its old servers, whom nobody asks any more, go on answering.',
    [{ title: 'The delegation is taken back', apply: (s) => s.dns.dropDomain(`_domainkey.${DOMAIN}`) }, wait('Two hours pass', 120)],
    broken('record-missing', { missing: 3, movedFrom: HOSTER_B, nameServers: SERVERS }),
    { zones: { [`_domainkey.${DOMAIN}`]: { ns: HOSTER_B } } },
  ),
  shopScenario(
    'ses-has-noticed',
    'The records are gone and SES has seen it: TEMPORARY_FAILURE.',
    [
      {
        title: 'The records are deleted, and SES notices',
        minutesLater: 120,
        apply: async (s) => {
          await removeAll(s);
          s.aws.setIdentity(
            ACCOUNT,
            REGION,
            shop({ status: 'TEMPORARY_FAILURE', errorType: 'HOST_NOT_FOUND', succeededAt: '2026-06-01T12:30:00Z' }),
          );
        },
      },
    ],
    broken('record-missing', { missing: 3, sesNoticed: true }),
  ),
  shopScenario(
    'name-doubled',
    'A DNS host appended the domain to names that were typed in full.',
    [
      {
        title: 'The records are entered anew, with full names',
        apply: publishAt((token) => `${token}._domainkey.${DOMAIN}`),
      },
    ],
    broken('record-name-doubled'),
  ),
  shopScenario(
    'name-doubled-below-the-zone',
    'As before, for an identity that is a subdomain inside its parent zone.',
    [
      {
        title: 'The records of the subdomain are entered anew, with full names',
        apply: (s) => {
          for (const token of tokensFor(NEWS, REGION)) {
            s.dns.removeRecord('tailwind-toys.com', `${token}._domainkey.news`);
            s.dns.setRecord('tailwind-toys.com', `${token}._domainkey.${NEWS}`, 'CNAME', `${token}.dkim.amazonses.com`);
          }
        },
      },
    ],
    { [`${ACCOUNT}/${REGION}/${NEWS}`]: broken('record-name-doubled') },
    {
      zones: { 'tailwind-toys.com': { ns: SERVERS, records: DMARC } },
      more: [here(wellKept(NEWS))],
    },
  ),
  shopScenario(
    'domain-expired',
    'The registration lapses, and the DNS host drops the zone with it. This hides everything else.',
    [
      {
        title: 'The registry and the DNS host drop the domain',
        apply: (s) => {
          s.dns.dropDomain(DOMAIN);
          s.dns.behave({ servers: SERVERS, names: [DOMAIN], behaviour: { kind: 'rcode', rcode: 'REFUSED' } });
        },
      },
    ],
    broken('domain-gone', { registrable: DOMAIN, how: 'nxdomain' }),
  ),
  shopScenario(
    'domain-expired-and-still-hosted',
    'The registration lapses, and its DNS host, whom nobody asks any more, goes on answering. Who remembers the name servers for a while sees it later.',
    [{ title: 'The registry drops the domain', apply: (s) => s.dns.dropDomain(DOMAIN) }, wait('A day passes', 25 * 60)],
    broken('domain-gone', { registrable: DOMAIN, how: 'nxdomain' }),
  ),
  shopScenario(
    'domain-without-delegation',
    'The registry still knows the name, but delegates it nowhere.',
    [
      {
        title: 'The registry puts the domain on hold',
        apply: (s) => {
          s.dns.dropDomain(DOMAIN);
          s.dns.setRecord('com', 'northwind-shop', 'TXT', 'on hold');
        },
      },
      wait('A day passes', 25 * 60),
    ],
    broken('domain-gone', { registrable: DOMAIN, how: 'no-delegation' }),
  ),
  shopScenario(
    'identity-re-created',
    'Somebody deletes the SES identity and creates it again: new tokens, while the old CNAMEs stay.',
    [
      sesSays(
        'The identity is created anew',
        shop({ status: 'PENDING', tokens: tokensFor(DOMAIN, REGION, 'second life'), keyGeneratedAt: '2026-06-01T12:05:00Z' }),
      ),
    ],
    // Until the new records are found the domain may not send either.
    says({ 'record-missing': { missing: 3 } }, 'broken', { maybe: ['sending-lost'] }),
  ),
];
