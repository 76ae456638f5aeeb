// Scenarios in which a record is there and wrong, or servers do not agree about it.
import { tokensFor } from '../aws/identities.ts';
import type { Behaviour } from '../dns/behaviour.ts';
import { DMARC } from './estate.ts';
import { broken, HEALTHY, only } from './kinds.ts';
import { ACCOUNT, DOMAIN, here, pointTo, REGION, SERVERS, shopScenario, TOKENS, wellKept } from './one-shop.ts';
import { wait } from './plot.ts';

const [FIRST] = TOKENS;
const SECOND_SERVER = { servers: [SERVERS[1] ?? ''] };
const VINI = 'wingtip-vini.com';

const wrongTarget = (cause: string, describe: string, target: (token: string) => string) =>
  shopScenario(
    `wrong-target-${cause}`,
    describe,
    [{ title: 'The records are pointed elsewhere', apply: pointTo(target) }],
    broken('record-wrong-target', { cause }),
  );

/** Every server of the domain does this to TXT questions, and answers all others. */
const txtFails = (name: string, describe: string, failure: string, behaviour: Behaviour) =>
  shopScenario(
    name,
    describe,
    [
      {
        title: 'TXT questions begin to fail',
        apply: (s) => void s.dns.behave({ servers: [`zone:${DOMAIN}`], types: ['TXT'], names: [DOMAIN], behaviour }),
      },
    ],
    broken('txt-unanswerable', { failure, all: true }, { severity: 'critical' }),
  );

export const wrongRecords = [
  wrongTarget(
    'domain-appended',
    'The final dot was missing, so the DNS host appended the domain to the target.',
    (token) => `${token}.dkim.amazonses.com.${DOMAIN}`,
  ),
  wrongTarget('other-region-zone', "The targets lie in another region's zone.", (token) => `${token}.dkim.eu-south-1.amazonses.com`),
  wrongTarget(
    'stale-token',
    'The targets are the tokens of a former identity.',
    (token) => `${tokensFor(DOMAIN, REGION, 'former').at(TOKENS.indexOf(token as typeof FIRST))}.dkim.amazonses.com`,
  ),
  wrongTarget('typo', 'A letter too much in the target.', (token) => `${token}.dkim.amazonsses.com`),
  wrongTarget('unrelated', "The targets are another mail provider's.", () => 'dkim.mail-vendor.net'),
  shopScenario(
    'wrong-target-hostile-bytes',
    'The targets hold escape sequences and shell characters, meant for whoever prints or pastes them.',
    [{ title: 'The records are pointed at something nasty', apply: pointTo(() => '\x1b]0;$(reboot)\x07`id`\xff.evil-host.org') }],
    broken('record-wrong-target', { cause: 'unrelated' }),
  ),
  shopScenario(
    'wrong-target-common-zone-for-own-zone-region',
    'An identity of a region with a zone of its own, pointed at the zone that most regions share.',
    [
      {
        title: 'The records are pointed at dkim.amazonses.com',
        apply: (s) => {
          for (const token of tokensFor(VINI, 'eu-south-1'))
            s.dns.setRecord(VINI, `${token}._domainkey`, 'CNAME', `${token}.dkim.amazonses.com`);
        },
      },
    ],
    { [`${ACCOUNT}/eu-south-1/${VINI}`]: broken('record-wrong-target', { cause: 'other-region-zone' }) },
    {
      zones: { [VINI]: { ns: SERVERS, records: DMARC } },
      more: [here(wellKept(VINI, { region: 'eu-south-1' }), { region: 'eu-south-1' })],
    },
  ),
  txtFails(
    'txt-servfail',
    'Every server answers CNAME questions and fails on TXT questions. SES and mailbox providers ask TXT.',
    'servfail',
    {
      kind: 'rcode',
      rcode: 'SERVFAIL',
    },
  ),
  txtFails('txt-refused', 'Every server refuses TXT questions.', 'refused', { kind: 'rcode', rcode: 'REFUSED' }),
  txtFails('txt-formerr', 'Every server calls TXT questions malformed.', 'formerr', { kind: 'rcode', rcode: 'FORMERR' }),
  txtFails('txt-silent', 'Every server is silent to TXT questions.', 'silent', { kind: 'silent' }),
  shopScenario(
    'txt-denied',
    'Every server shows the CNAMEs to those who ask for CNAMEs, and answers TXT questions as if nothing were there.',
    [{ title: 'TXT questions are denied', apply: (s) => s.dns.setQuirks(DOMAIN, { ignoresCnameFor: ['TXT'] }) }],
    broken('txt-unanswerable', { failure: 'denied', all: true }, { severity: 'critical' }),
  ),
  shopScenario(
    'stuck-secondary',
    'The second server stopped following the first one before the records were entered: an older serial, still without them hours later.',
    [
      {
        title: 'The second server loses a record and falls behind',
        apply: (s) => {
          s.dns.removeRecord(DOMAIN, `${FIRST}._domainkey`, 'CNAME', SECOND_SERVER);
          s.dns.setSerial(DOMAIN, 2026010100, SECOND_SERVER);
        },
      },
      wait('Two and a half hours pass', 150),
    ],
    only('nameservers-disagree', 'broken', { facts: { cause: 'propagation' } }),
  ),
  shopScenario(
    'split-data',
    'Two servers have the same serial and different data.',
    [
      {
        title: 'The second server loses a record, with the same serial',
        apply: (s) => {
          s.dns.removeRecord(DOMAIN, `${FIRST}._domainkey`, 'CNAME', SECOND_SERVER);
          s.dns.setSerial(DOMAIN, 2026010101, SECOND_SERVER);
        },
      },
    ],
    broken('nameservers-disagree', { cause: 'split' }),
  ),
  shopScenario(
    'lying-server',
    'One server answers with another target than the others.',
    [
      {
        title: 'The second server serves something else',
        apply: (s) => {
          s.dns.setRecord(DOMAIN, `${FIRST}._domainkey`, 'CNAME', 'parking.hoster-a.net', SECOND_SERVER);
          s.dns.setSerial(DOMAIN, 2026010101, SECOND_SERVER);
        },
      },
    ],
    broken('nameservers-disagree', { cause: 'split' }),
  ),
  shopScenario(
    'chain-that-ends-right',
    'The records point to names of the owner, which point to the right targets: legal.',
    [
      {
        title: 'The records are led over names of another zone',
        apply: async (s) => {
          await s.dns.addZones({ 'northwind-dns.net': { ns: SERVERS } });
          for (const token of TOKENS) s.dns.setRecord('northwind-dns.net', token, 'CNAME', `${token}.dkim.amazonses.com`);
          await pointTo((token) => `${token}.northwind-dns.net`)(s);
        },
      },
    ],
    HEALTHY,
  ),
  shopScenario(
    'case-differs',
    'The targets are written in capitals: the same names.',
    [{ title: 'The targets are written in capitals', apply: pointTo((token) => `${token}.dkim.amazonses.com`.toUpperCase()) }],
    HEALTHY,
  ),
];
