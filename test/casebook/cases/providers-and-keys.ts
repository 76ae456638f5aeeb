// Cases 18 to 27: what DNS providers do, and keys of one's own.
import { DOMAIN, SERVERS, TOKENS } from '../../../sandbox/scenarios/one-shop.ts';
import type { Case } from '../case.ts';

const [FIRST] = TOKENS;
const OWN = `s2026._domainkey.${DOMAIN}`;

export const providersAndKeys: readonly Case[] = [
  {
    number: 18,
    title: 'Flattening hides the CNAME; a checker wrongly blamed a proxy',
    source: 'OfficeDocs-o365seccomp #950, PostHog #50665',
    must: 'Judged by the TXT: the key answers, so it is a warning.',
    mustNot: 'Critical, or "proxied".',
    scenarios: ['flattened', 'flattened-under-reject'],
    told: [{ scenario: 'flattened', mails: 1, says: ['[WARNING]', 'CNAME'], never: ['[CRITICAL]', /prox(y|ied)/i] }],
  },
  {
    number: 19,
    title: 'The records were proxied by default',
    source: 'sst #4261',
    must: 'Addresses stand at the name, and neither CNAME nor TXT: switch the proxy off.',
    scenarios: ['proxied', 'wildcard-addresses'],
    told: [{ scenario: 'proxied', mails: 1, says: ['[CRITICAL]', /prox(y|ied)/i, `${FIRST}._domainkey.${DOMAIN}`] }],
  },
  {
    number: 20,
    title: 'The CNAME answers, and TXT questions get SERVFAIL',
    source: "AWS's troubleshooting page",
    must: 'SES and mailbox providers ask TXT; which servers fail.',
    mustNot: '"Missing".',
    scenarios: ['txt-servfail', 'txt-refused', 'txt-formerr', 'txt-silent', 'txt-denied'],
    told: [{ scenario: 'txt-servfail', mails: 1, says: ['TXT', 'SERVFAIL', ...SERVERS], never: [/records? (is|are) missing/] }],
  },
  {
    number: 21,
    title: 'DNSSEC was lost at a transfer, or a DS record was left behind',
    source: 'maddy #563, dnsimple-support #195',
    must: 'Validating resolvers fail while the servers of the domain answer.',
    mustNot: '"Missing", or that the servers fail.',
    scenarios: [
      'dnssec-broken',
      'dnssec-broken-for-some',
      'dnssec-mended',
      'resolvers-fail-on-one-domain',
      'trust-anchors-broken',
      'one-trust-anchor-broken',
      'dnssec-in-dispute',
    ],
    told: [
      { scenario: 'dnssec-broken', mails: 1, says: ['DNSSEC', DOMAIN], never: [/records? (is|are) missing/] },
      { scenario: 'resolvers-fail-on-one-domain', mails: 0 },
      { scenario: 'trust-anchors-broken', mails: 0, never: ['DNSSEC of the domain is broken'] },
      { scenario: 'one-trust-anchor-broken', mails: 0, never: ['DNSSEC of the domain is broken'] },
      { scenario: 'dnssec-in-dispute', mails: 0, never: ['DNSSEC of the domain is broken'] },
    ],
  },
  {
    number: 22,
    title: "The registrar's name servers are not those of the hosted zone",
    source: 'aws-cf-verified-ssl-certificate #14',
    must: 'Which servers the domain is delegated to, for they are asked.',
    scenarios: ['registrar-name-servers', 'ses-looks-elsewhere'],
    told: [{ scenario: 'registrar-name-servers', says: ['ns1.registrar-parking.com'] }],
  },
  {
    number: 23,
    title: 'A wildcard made a test of existence pass',
    source: 'Internet.nl #1025',
    must: 'The record is not there; a wildcard answers in its place.',
    mustNot: '"Healthy", or "doubled".',
    scenarios: [
      'wildcard-answers-for-the-records',
      'wildcard-of-the-zone-answers',
      'wildcard-text-answers',
      'wildcard-for-an-own-key',
      'wildcard-hides-the-loss',
      'wildcard-beside-right-records',
    ],
    told: [{ scenario: 'wildcard-answers-for-the-records', mails: 1, says: [/wildcard/i] }],
  },
  {
    number: 24,
    title: 'A private key in the wrong form was accepted and never verifies',
    source: 'amazon-ses-developer-guide #71, terraform-provider-aws #29729',
    must: 'The TXT record is a good RSA key; the private key given to SES does not match, or was not PKCS #1.',
    mustNot: 'That the record is wrong.',
    scenarios: ['private-key-does-not-match'],
    told: [{ scenario: 'private-key-does-not-match', mails: 1, says: ['INVALID_VALUE', 'PKCS #1', 'private key'] }],
  },
  {
    number: 25,
    title: 'A key of over 255 bytes was cut, or split into two records',
    source: 'mailinabox #1544, aws-cdk #9984',
    must: 'Cut at 255, or cut into two records: one record of two strings is right.',
    scenarios: ['key-truncated', 'own-key-cut-into-two-records', 'own-key-in-two-strings'],
    told: [
      { scenario: 'key-truncated', mails: 1, says: ['255', 'two strings of one record', OWN] },
      { scenario: 'own-key-cut-into-two-records', mails: 1, says: [/two/, OWN] },
      { scenario: 'own-key-in-two-strings', mails: 0 },
    ],
  },
  {
    number: 26,
    title: 'Several DKIM TXT records stood at one selector',
    source: 'forwardemail.net #394',
    must: 'Several records, where one must stand.',
    scenarios: ['own-key-twice', 'own-key-beside-other-text'],
    told: [{ scenario: 'own-key-twice', mails: 1, says: [OWN, 'TXT'] }],
  },
  {
    number: 27,
    title: 'An empty p= was taken for valid',
    source: 'AynOps #152',
    must: 'The key is withdrawn.',
    scenarios: ['key-revoked'],
    told: [{ scenario: 'key-revoked', mails: 1, says: ['withdrawn', OWN] }],
  },
];
