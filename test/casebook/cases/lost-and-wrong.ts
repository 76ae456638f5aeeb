// Cases 1 to 17: records that were lost, entered under a wrong name, or with a wrong value.
import { DOMAIN, NEWS, SERVERS, TOKENS } from '../../../sandbox/scenarios/one-shop.ts';
import type { Case } from '../case.ts';

const [FIRST, SECOND, THIRD] = TOKENS;
const NEW_HOST = ['ns1.new-host.org', 'ns2.new-host.org'];
const nameOf = (token: string): string => `${token}._domainkey.${DOMAIN}`;

export const lostAndWrong: readonly Case[] = [
  {
    number: 1,
    title: 'DNS moved to another provider, and the CNAMEs were not created there; receivers refuse mail',
    source: 'rili-live/therr-app #2337',
    must: 'All three are gone since the name servers changed from X to Y; the three records to publish; both clocks.',
    scenarios: ['moved-without-records', 'ses-still-sees-the-old-host', 'many-domains-move-without-records'],
    told: [
      {
        scenario: 'moved-without-records',
        mails: 1,
        says: [
          'All 3 DKIM records',
          `moved from ${SERVERS.join(', ')} to ${NEW_HOST.join(', ')}`,
          ...TOKENS.map((token) => `${nameOf(token)}. 1800 IN CNAME ${token}.dkim.amazonses.com.`),
          '2026-06-04 12:00 UTC',
          '2026-06-06 12:00 UTC',
          'estimated',
        ],
      },
    ],
  },
  {
    number: 2,
    title: 'The zone was re-created in another account, without the records',
    source: 'cds-snc/notification-terraform #755',
    must: 'As case 1, from the first miss.',
    scenarios: ['moved-without-records', 'subdomain-undelegated', 'key-zone-undelegated'],
    told: [{ scenario: 'moved-without-records', says: ['First seen missing: 2026-06-01 12:05 UTC'] }],
  },
  {
    number: 3,
    title: 'Two of three records were right and one was missing; the page said that all three were absent',
    source: 'PostHog #54603',
    must: '1 of 3, and which one.',
    mustNot: 'Anything about the other two.',
    scenarios: ['one-record-missing', 'one-of-three-misplaced', 'two-troubles-of-one-domain'],
    told: [{ scenario: 'one-record-missing', mails: 1, says: ['1 of 3', nameOf(SECOND)], never: [FIRST, THIRD] }],
  },
  {
    number: 4,
    title: 'DNS was right and SES merely not finished, which was shown as failed',
    source: 'twentyhq #23818',
    must: 'A notice: correct everywhere, pending for so long, normal up to 72 hours.',
    mustNot: 'A page.',
    scenarios: ['pending-for-ten-hours', 'key-length-changed'],
    told: [{ scenario: 'pending-for-ten-hours', says: [/72 hours/, /62/], never: ['[CRITICAL]', '[WARNING]'] }],
  },
  {
    number: 5,
    title: 'A stack update deleted the records and did not create them again',
    source: 'aws-cdk #21306',
    must: 'Present at one time, gone at the next.',
    scenarios: ['all-records-missing', 'ses-has-noticed', 'record-missing-nodata'],
    told: [
      {
        scenario: 'all-records-missing',
        mails: 1,
        says: ['Last seen right: 2026-06-01 12:00 UTC', 'First seen missing: 2026-06-01 12:05 UTC'],
      },
    ],
  },
  {
    number: 6,
    title: 'An account at a DNS host was deleted by mistake, with every domain on its name servers',
    source: 'anonaddy #172',
    must: 'One message, with the count.',
    mustNot: 'A message for each domain.',
    scenarios: ['dns-account-deleted', 'many-domains-move-without-records'],
    told: [
      { scenario: 'dns-account-deleted', mails: 1, says: [/\b(6|six)\b/i, 'adatum-bank.com'] },
      { scenario: 'many-domains-move-without-records', mails: 1, says: [/\b(6|six)\b/i, 'ns1.new-host.org'] },
    ],
  },
  {
    number: 7,
    title: 'The registration of the domain lapsed',
    source: 'hackclub/hcb #7058',
    must: 'The registry says that there is no such domain.',
    mustNot: 'A word about missing records: they are not the trouble.',
    scenarios: ['domain-expired', 'domain-expired-and-still-hosted', 'domain-without-delegation'],
    told: [{ scenario: 'domain-expired', mails: 1, says: ['registry', 'does not exist'], never: ['records are missing'] }],
  },
  {
    number: 8,
    title: 'Records were deleted among many others in a migration, or although they were to be ignored',
    source: 'hackclub/dns #2009, dnscontrol #3227',
    must: 'As case 5.',
    scenarios: ['all-records-missing', 'one-record-missing', 'own-key-missing'],
    told: [{ scenario: 'own-key-missing', mails: 1, says: ['s2026._domainkey'] }],
  },
  {
    number: 9,
    title: 'A template put a CNAME where the TXT of a key of one’s own was',
    source: 'Domain-Connect/spec #94',
    must: 'Another type of record stands there.',
    mustNot: '"Missing".',
    scenarios: ['own-key-cname-without-key', 'own-key-cname-to-a-web-site', 'own-key-delegated'],
    told: [{ scenario: 'own-key-cname-without-key', mails: 1, says: ['CNAME', 'dkim.mail-vendor.net'] }],
  },
  {
    number: 10,
    title: 'A tool or a form appended the domain to names that already had it',
    source: 'aws-cdk #21306, #26738; sendgrid/docs #5769',
    must: 'Doubled, where it was found; only the relative name is to be entered.',
    scenarios: ['name-doubled', 'name-doubled-below-the-zone', 'wildcard-hides-the-loss'],
    told: [
      {
        scenario: 'name-doubled',
        mails: 1,
        says: ['doubled', `${nameOf(FIRST)}.${DOMAIN}`, `without ${DOMAIN}`, `Name ${FIRST}._domainkey in full`],
      },
    ],
  },
  {
    number: 11,
    title: 'The records were entered relative to the identity, a subdomain, while the zone is the domain above it',
    source: 'ses-verify-identities #132',
    must: 'Which zone is authoritative, and the relative name in it.',
    scenarios: ['misplaced-under-the-parent', 'misplaced-under-the-child', 'name-doubled-below-the-zone'],
    told: [
      {
        scenario: 'misplaced-under-the-parent',
        mails: 1,
        says: [NEWS, '_domainkey.tailwind-toys.com', '_domainkey.news', 'without tailwind-toys.com'],
      },
      { scenario: 'name-doubled-below-the-zone', mails: 1, says: ['At the DNS host of tailwind-toys.com', '_domainkey.news'] },
    ],
  },
  {
    number: 12,
    title: 'The provider refuses underscores',
    source: 'VegaDNS #22, froxlor #423',
    must: 'Never published where it belongs; found without the underscore.',
    scenarios: ['misplaced-without-underscore', 'pending-without-records'],
    told: [{ scenario: 'misplaced-without-underscore', mails: 1, says: [`${FIRST}.domainkey.${DOMAIN}`, /underscore/] }],
  },
  {
    number: 13,
    title: 'The targets were in the zone of all regions where the region has its own, or the reverse',
    source: 'terraform-aws-ses-domain #141, terraform-aws-ses-email-forwarding #5',
    must: 'Points to X, SES expects Y.',
    scenarios: ['wrong-target-common-zone-for-own-zone-region', 'wrong-target-other-region-zone'],
    told: [
      {
        scenario: 'wrong-target-other-region-zone',
        mails: 1,
        says: [`leads to ${FIRST}.dkim.eu-south-1.amazonses.com; SES expects ${FIRST}.dkim.amazonses.com`],
      },
    ],
  },
  {
    number: 14,
    title: 'The final dot was missing, and the domain was appended to the target',
    source: 'hackclub/dns #1035, cli53 #124',
    must: 'The domain was appended to the target.',
    scenarios: ['wrong-target-domain-appended'],
    told: [{ scenario: 'wrong-target-domain-appended', mails: 1, says: [`${FIRST}.dkim.amazonses.com.${DOMAIN}`, 'final dot'] }],
  },
  {
    number: 15,
    title: 'The target was pasted into a TXT record',
    source: 'dkim_verifier #195',
    must: 'A TXT with the target of the CNAME stands there.',
    mustNot: '"Missing".',
    scenarios: ['pasted-as-text', 'other-text'],
    told: [{ scenario: 'pasted-as-text', mails: 1, says: ['TXT', 'CNAME', nameOf(FIRST)], never: [/records? (is|are) missing/] }],
  },
  {
    number: 16,
    title: 'The identity was created anew: new tokens, while the old CNAMEs stay',
    source: 'terraform-provider-aws #22924',
    must: 'What is published belongs to a former identity; the new records.',
    scenarios: ['identity-re-created', 'wrong-target-stale-token'],
    told: [
      { scenario: 'identity-re-created', mails: 1, says: [/former identity|created (again|anew)|re-created/] },
      { scenario: 'wrong-target-stale-token', mails: 1, says: ['new tokens'] },
    ],
  },
  {
    number: 17,
    title: 'The provider stores values in lower case',
    source: 'public: several hosts',
    must: 'Nothing for a CNAME; for a key, that it is spoilt.',
    scenarios: ['case-differs', 'key-in-lower-case'],
    told: [{ scenario: 'case-differs', mails: 0 }],
  },
];
