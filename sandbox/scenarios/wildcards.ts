// Scenarios in zones with wildcards, which make names exist that nobody entered.
import { atMost, broken, HEALTHY } from './kinds.ts';
import { DOMAIN, removeAll, SELECTOR, shopScenario } from './one-shop.ts';
import { OWN_KEY } from './own-keys.ts';

const deleted = { title: 'The records are deleted', apply: removeAll };
const keyDeleted = {
  title: 'The record is deleted',
  apply: (s: Parameters<typeof removeAll>[0]) => s.dns.removeRecord(DOMAIN, `${SELECTOR}._domainkey`),
};

export const wildcards = [
  shopScenario(
    'wildcard-hides-the-loss',
    'The records are deleted in a zone with a wildcard for everything: the doubled names "exist" too. They are missing, not doubled.',
    [deleted],
    broken('record-missing', { missing: 3, absence: 'nxdomain' }),
    { zone: { records: { '*': { TXT: 'v=spf1 -all', A: '203.0.113.80' }, 'other._domainkey': { TXT: 'v=DKIM1; p=' } } } },
  ),
  shopScenario(
    'wildcard-answers-for-the-records',
    'The records are deleted, and a wildcard below _domainkey answers in their place with a CNAME to somewhere else.',
    [deleted],
    broken('wildcard-answer', {}, { severity: 'critical' }),
    { zone: { records: { '*._domainkey': { CNAME: 'parking.hoster-a.net' } } } },
  ),
  shopScenario(
    'wildcard-of-the-zone-answers',
    'The records are deleted, nothing else lies below _domainkey, and a wildcard CNAME for the whole zone answers.',
    [deleted],
    broken('wildcard-answer'),
    { zone: { records: { '*': { CNAME: 'parking.hoster-a.net' } } } },
  ),
  shopScenario(
    'wildcard-text-answers',
    'The records are deleted, and a wildcard TXT for the whole zone answers the questions that SES asks.',
    [deleted],
    broken('wildcard-answer'),
    { zone: { records: { '*': { TXT: 'v=spf1 -all' } } } },
  ),
  shopScenario(
    'wildcard-addresses',
    'The records are deleted, and a wildcard gives every name an address: this is neither a proxy nor a record.',
    [deleted],
    atMost(['record-missing', 'wildcard-answer'], 'broken'),
    { zone: { records: { '*': { A: '203.0.113.80' } } } },
  ),
  shopScenario(
    'wildcard-for-an-own-key',
    'The one record of a domain with its own key is deleted, and a wildcard TXT answers in its place.',
    [keyDeleted],
    broken('wildcard-answer', {}, { severity: 'critical' }),
    { ...OWN_KEY, zone: { records: { '*._domainkey': { TXT: 'v=spf1 -all' } } } },
  ),
  shopScenario(
    'wildcard-beside-right-records',
    'A zone with wildcards for everything, in which the records are right.',
    [{ title: 'Time passes', sweeps: 2, apply: () => undefined }],
    HEALTHY,
    { zone: { records: { '*': { CNAME: 'parking.hoster-a.net' }, '*._domainkey': { TXT: 'v=DKIM1; p=' } } } },
  ),
];
