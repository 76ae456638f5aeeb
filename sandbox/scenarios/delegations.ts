// Scenarios about who answers for the domain: broken name servers, broken signatures, domains that move.
import type { Answer } from '../dns/message.ts';
import { HOSTER_B } from './estate.ts';
import { atMost, broken, HEALTHY, notice, UNDECIDED, UNKNOWN } from './kinds.ts';
import { DOMAIN, removeAll, SERVERS, SUBJECT, sesSays, shop, shopScenario } from './one-shop.ts';
import type { Scenario } from './plot.ts';

const NEW_HOST = ['ns1.new-host.org', 'ns2.new-host.org'];
const REGISTRAR = ['ns1.registrar-parking.com', 'ns2.registrar-parking.com'];
const REFUSES: Answer = { rcode: 'SERVFAIL', aa: false, ra: true, answers: [], authority: [], additional: [] };
/** Another zone on the new host's servers, so that these are there before the domain comes. */
const NEW_HOST_IS_THERE = { 'proseware-press.net': { ns: NEW_HOST } };

export const delegations: readonly Scenario[] = [
  shopScenario(
    'one-of-three-servers-lame',
    'One of three name servers no longer knows the domain. Two are enough: worth knowing, no more.',
    [
      {
        title: 'One server forgets the domain',
        // The second look after it meets that server first.
        sweeps: 2,
        apply: (s) =>
          void s.dns.behave({ servers: ['dns2.hoster-b.com'], names: [DOMAIN], behaviour: { kind: 'rcode', rcode: 'REFUSED' } }),
      },
    ],
    notice('nameserver-broken', { broken: [{}], of: 3 }),
    { zone: { ns: HOSTER_B } },
  ),
  shopScenario(
    'two-of-three-servers-silent',
    'Two of three name servers are dead: the next failure is the end.',
    [
      {
        title: 'Two servers fall silent',
        sweeps: 6,
        apply: (s) => void s.dns.behave({ servers: HOSTER_B.slice(1), names: [DOMAIN], behaviour: { kind: 'silent' } }),
      },
    ],
    broken('nameserver-broken', { broken: [{}, {}], of: 3 }, { severity: 'warning' }),
    { zone: { ns: HOSTER_B } },
  ),
  shopScenario(
    'dnssec-broken',
    'The signatures of the zone no longer fit: resolvers that validate answer SERVFAIL, the servers themselves answer truly.',
    [{ title: 'DNSSEC breaks', minutesLater: 120, sweeps: 2, apply: (s) => s.dns.setBogus(DOMAIN, true) }],
    broken('dnssec-bogus', {}, { severity: 'critical' }),
  ),
  shopScenario(
    'dnssec-broken-for-some',
    'One of the two resolvers validates, the other one does not.',
    [{ title: 'DNSSEC breaks', minutesLater: 120, sweeps: 2, apply: (s) => s.dns.setBogus(DOMAIN, true, { resolvers: ['resolver'] }) }],
    broken('dnssec-bogus'),
  ),
  shopScenario(
    'dnssec-mended',
    'DNSSEC was broken, and is in order again.',
    [
      {
        title: 'DNSSEC breaks',
        minutesLater: 120,
        sweeps: 2,
        apply: (s) => s.dns.setBogus(DOMAIN, true),
        expect: { [SUBJECT]: broken('dnssec-bogus') },
      },
      { title: 'DNSSEC is mended', minutesLater: 120, sweeps: 2, apply: (s) => s.dns.setBogus(DOMAIN, false) },
    ],
    HEALTHY,
  ),
  shopScenario(
    'trust-anchors-broken',
    'Both of our resolvers have a stale trust anchor: they refuse every domain there is, and answer as soon as they need not check.',
    [{ title: 'The trust anchors go stale', minutesLater: 120, sweeps: 2, apply: (s) => s.dns.setTrustAnchor('resolver', 'broken') }],
    HEALTHY,
  ),
  shopScenario(
    'one-trust-anchor-broken',
    'One of our two resolvers has a stale trust anchor; the other one checks as it should, and answers.',
    [{ title: 'A trust anchor goes stale', minutesLater: 120, sweeps: 2, apply: (s) => s.dns.setTrustAnchor('resolver-2', 'broken') }],
    HEALTHY,
  ),
  shopScenario(
    'dnssec-in-dispute',
    'Both resolvers check as they should; one of them remembers an old DS record and refuses the domain, the other one answers.',
    [
      {
        title: 'One resolver refuses the domain',
        minutesLater: 120,
        sweeps: 2,
        apply: (s) =>
          void s.dns.behave({
            servers: ['resolver-2'],
            names: [DOMAIN],
            behaviour: { kind: 'says', answer: (query, truth) => (query.cd ? truth : REFUSES) },
          }),
      },
    ],
    UNKNOWN,
  ),
  shopScenario(
    'resolvers-fail-on-one-domain',
    'Our resolvers answer SERVFAIL for the domain, with or without checking: not a matter of signatures, and the servers are well.',
    [
      {
        title: 'The resolvers fail on the domain',
        minutesLater: 120,
        sweeps: 2,
        apply: (s) => void s.dns.behave({ servers: ['resolver'], names: [DOMAIN], behaviour: { kind: 'rcode', rcode: 'SERVFAIL' } }),
      },
    ],
    HEALTHY,
  ),
  shopScenario(
    'ses-looks-elsewhere',
    'The domain moved with its records. SES still saw the old name servers, and says that it does not find them.',
    [
      {
        title: 'The domain moves with its records; the old servers forget it',
        minutesLater: 25 * 60,
        apply: (s) => s.dns.moveZone(DOMAIN, NEW_HOST),
      },
      sesSays(
        'SES has looked at the old servers',
        shop({ status: 'TEMPORARY_FAILURE', errorType: 'HOST_NOT_FOUND', soa: { primary: 'ns1.hoster-a.net', serial: 2026010101 } }),
      ),
    ],
    broken('zone-elsewhere', { sesPrimary: 'ns1.hoster-a.net', ourPrimary: 'ns1.new-host.org' }, { severity: 'warning' }),
  ),
  shopScenario(
    'ses-still-sees-the-old-host',
    'The domain moved without its records. SES still sees them at the old name servers, which nobody else asks, and says SUCCESS.',
    [
      {
        title: 'The domain moves without its records; the old servers keep what they have',
        minutesLater: 25 * 60,
        apply: async (s) => {
          await s.dns.moveZone(DOMAIN, NEW_HOST, { old: 'keeps' });
          await removeAll(s);
        },
      },
    ],
    broken('record-missing', { missing: 3, movedFrom: SERVERS, nameServers: NEW_HOST, sesNoticed: false }, { maybe: ['zone-elsewhere'] }),
    { identity: shop({ soa: { primary: 'ns1.hoster-a.net', serial: 2026010101 } }) },
  ),
  shopScenario(
    'registrar-name-servers',
    "The records stand in a zone to which the registrar does not delegate: the registrar's own name servers answer, and know nothing of them.",
    [],
    broken('record-missing', { missing: 3, nameServers: REGISTRAR }, { severity: 'warning' }),
    {
      identity: shop({ status: 'PENDING', keyGeneratedAt: '2026-06-01T09:00:00Z', errorType: 'HOST_NOT_FOUND' }),
      published: false,
      zone: { ns: REGISTRAR },
    },
  ),
  shopScenario(
    'moved-with-everything',
    'The domain moves to another DNS host with all its records, and the old one forgets it.',
    [{ title: 'The domain moves', sweeps: 2, apply: (s) => s.dns.moveZone(DOMAIN, NEW_HOST) }],
    HEALTHY,
  ),
  shopScenario(
    'moved-in-mid-sweep',
    'The domain moves while the monitor is asking about it: what was there a second ago is refused now.',
    [
      {
        title: 'The domain moves between the first question of a sweep and the second',
        apply: (s) => {
          const servers = s.dns.serversOf(DOMAIN);
          let moved = false;
          const answer = (_: unknown, truth: Answer): Answer => {
            // The zone itself moves at once; the new servers are there already.
            if (!moved) void s.dns.moveZone(DOMAIN, NEW_HOST);
            moved = true;
            return truth;
          };
          s.dns.behave({ servers, types: ['TXT'], names: [`_domainkey.${DOMAIN}`], times: 1, behaviour: { kind: 'says', answer } });
        },
        expect: { [SUBJECT]: atMost([], UNDECIDED) },
      },
      { title: 'The domain has moved', sweeps: 2, apply: () => undefined },
    ],
    HEALTHY,
    { zones: NEW_HOST_IS_THERE },
  ),
];
