// Cases 28 to 40: identities, and the noise that must not be made.
import { ACCOUNT, DOMAIN, TOKENS } from '../../../sandbox/scenarios/one-shop.ts';
import type { Case } from '../case.ts';

const [FIRST, SECOND] = TOKENS;

export const identitiesAndNoise: readonly Case[] = [
  {
    number: 28,
    title: 'Verified, and signing was off',
    source: 'aws-cdk-ses-domain-identity #24',
    must: 'SES says SUCCESS and does not sign; the command that switches signing on.',
    scenarios: ['signing-off', 'signing-switched-off'],
    told: [{ scenario: 'signing-switched-off', mails: 1, says: ['[CRITICAL]', 'put-email-identity-dkim-attributes', '--signing-enabled'] }],
  },
  {
    number: 29,
    title: 'Domain and address were both verified',
    source: 'aws-cfn-ses-domain #14',
    must: 'The address does not sign although its domain would.',
    mustNot: 'Anything of an address that signs.',
    scenarios: ['address-does-not-sign', 'address-signs', 'address-under-a-broken-domain'],
    told: [
      { scenario: 'address-does-not-sign', says: [`info@${DOMAIN}`, DOMAIN] },
      { scenario: 'address-signs', never: [`info@${DOMAIN}`] },
    ],
  },
  {
    number: 30,
    title: 'The same domain in several regions needs tokens of its own in each',
    source: 'cfn-ses-provider #6',
    must: 'Region and account in every message; the healthy siblings beside them.',
    mustNot: 'That the other region is broken.',
    scenarios: ['record-lost-in-one-region', 'same-domain-in-two-accounts', 'first-light'],
    told: [{ scenario: 'record-lost-in-one-region', mails: 1, says: ['eu-west-1', ACCOUNT, 'us-east-1'] }],
  },
  {
    number: 31,
    title: "Replicas share their parent's records",
    source: 'terraform-provider-aws #43205',
    must: 'One message that names every replica.',
    mustNot: 'One for each region.',
    scenarios: ['replicas-lose-a-record'],
    told: [{ scenario: 'replicas-lose-a-record', mails: 1, says: ['eu-west-1', 'us-east-1', 'eu-south-1', SECOND], never: [FIRST] }],
  },
  {
    number: 32,
    title: 'Nobody looked after SES had verified',
    source: 'the product’s reason',
    must: 'The loss, while SES still says SUCCESS.',
    scenarios: ['one-record-missing', 'first-light'],
    told: [{ scenario: 'one-record-missing', mails: 1, says: ['SES still says SUCCESS', 'Mail may already be unsigned'] }],
  },
  {
    number: 33,
    title: 'Eleven mails came for orphaned test identities',
    source: 'data.gov #3511',
    must: 'One notice, once.',
    mustNot: 'A page, or a second word about it.',
    scenarios: ['eleven-abandoned-identities', 'abandoned-test-identity'],
    told: [
      { scenario: 'eleven-abandoned-identities', mails: 0, says: ['test-1.fourth-coffee.net', 'test-11.fourth-coffee.net'] },
      { scenario: 'abandoned-test-identity', mails: 0 },
    ],
  },
  {
    number: 34,
    title: 'The reader did not understand the mail',
    source: 'asgs #537',
    must: 'Which record, at which DNS host, what to do.',
    scenarios: ['one-record-missing'],
    told: [
      {
        scenario: 'one-record-missing',
        says: [
          `At the DNS host of ${DOMAIN}`,
          `Name ${SECOND}._domainkey`,
          `Value ${SECOND}.dkim.amazonses.com.`,
          'WHAT IT MEANS',
          'WHAT TO DO',
        ],
      },
    ],
  },
  {
    number: 35,
    title: 'A nightly false alarm from the caches of resolvers',
    source: 'anonaddy #491, #662',
    must: 'Nothing: the name servers of the domain are asked, not a cache.',
    scenarios: ['resolvers-remember-an-absence', 'resolvers-remember-a-record'],
    told: [
      { scenario: 'resolvers-remember-an-absence', mails: 0 },
      { scenario: 'resolvers-remember-a-record', mails: 1 },
    ],
  },
  {
    number: 36,
    title: 'Selectors were guessed',
    source: 'warmbly #528',
    must: 'Unknown, if nobody names the selector.',
    mustNot: 'A guess.',
    scenarios: ['no-selector', 'selector-configured', 'no-tokens'],
    told: [{ scenario: 'no-selector', neverAsks: new RegExp(`._domainkey\\.${DOMAIN.replace('.', '\\.')}$`, 'i') }],
  },
  {
    number: 37,
    title: 'A TXT was demanded behind every token',
    source: 'orca #5',
    must: 'Nothing: only the active token has a key.',
    scenarios: ['another-token-has-the-key', 'no-target-has-a-key', 'every-target-is-empty', 'case-differs'],
    told: [{ scenario: 'another-token-has-the-key', mails: 0 }],
  },
  {
    number: 38,
    title: 'What was not assessed counted as a pass, and a failing resolver as a fault',
    source: 'canada-ca/tracker #2519, aboutmyemail #55',
    must: 'Unknown.',
    mustNot: 'Healthy, or missing.',
    scenarios: [
      'servers-silent',
      'ports-closed',
      'ipv6-only',
      'private-name-servers',
      'one-identity-unreadable',
      'resolver-down',
      'answers-of-tomorrow',
    ],
    told: [{ scenario: 'servers-silent', never: [/records? (is|are) missing/] }],
  },
  {
    number: 39,
    title: 'A changed text of the same error was told again',
    source: 'UptimeFlare #124',
    must: 'One message, for one trouble.',
    scenarios: ['trouble-changes-its-words'],
    told: [{ scenario: 'trouble-changes-its-words', mails: 1 }],
  },
  {
    number: 40,
    title: "The monitor's own DNS was down",
    source: 'uptime-kuma #3090',
    must: 'That the monitor sees nothing, in one message; nobody is broken, nothing is closed.',
    scenarios: ['all-dns-down', 'outage-of-our-own', 'long-outage-of-our-own'],
    told: [
      { scenario: 'outage-of-our-own', mails: 2, says: ['[RECOVERED]'] },
      {
        scenario: 'long-outage-of-our-own',
        mails: 1,
        says: [/network of the monitor/],
        never: [/records? (is|are) missing/, '[RECOVERED]'],
      },
    ],
  },
];
