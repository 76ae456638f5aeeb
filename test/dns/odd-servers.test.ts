// Servers that misbehave, as customers’ servers do: each asked through the whole room, none of them taken for a missing record.
import type { Outcome } from '../../lambda/model/lookup.ts';
import { dnsName } from '../../lambda/model/names.ts';
import type { Behaviour } from '../../sandbox/dns/behaviour.ts';
import { closeInternets, HOSTER, keyZone, openInternet } from './small-internet.ts';

afterEach(closeInternets);

const KEY = Array.from({ length: 20 }, (_, i) => `part ${i} ${'x'.repeat(200)}`);
const zones = {
  'shop.com': {
    ns: HOSTER,
    records: {
      'tok._domainkey': { CNAME: 'tok.dkim.amazonses.com' },
      'big._domainkey': { TXT: [KEY] },
      '*.wild': { CNAME: 'w.other.org' },
      'chain._domainkey': { CNAME: 'hop.shop.com' },
      hop: { CNAME: 'tok.dkim.amazonses.com' },
    },
  },
};

async function askUnder(behaviour: Behaviour | undefined, name: string, type: 'TXT' | 'CNAME' = 'TXT'): Promise<Outcome> {
  const { dns, net } = await openInternet({ zones });
  const found = await dns.delegation(keyZone('shop.com'));
  if (behaviour !== undefined) net.control.behave({ behaviour });
  const [server] = found.kind === 'delegated' ? found.servers : [];
  if (server === undefined) throw new Error('the small internet of this test has no server');
  return (await dns.ask(server, { name: dnsName(name), type })).outcome;
}

const inShort = (outcome: Outcome): string =>
  outcome.kind === 'answer' ? `answer ${outcome.records.length}` : `${outcome.kind} ${outcome.how}`;

describe('well-behaved', () => {
  const cases: readonly [string, string, string][] = [
    ['a CNAME out of the zone', 'tok._domainkey.shop.com', 'answer 1'],
    ['a chain inside the zone', 'chain._domainkey.shop.com', 'answer 2'],
    ['a large TXT, over TCP', 'big._domainkey.shop.com', 'answer 1'],
    ['a wildcard', 'x.wild.shop.com', 'answer 1'],
    ['a name that does not exist', 'no._domainkey.shop.com', 'absent nxdomain'],
    ['an empty non-terminal', '_domainkey.shop.com', 'absent nodata'],
    ['a name of a zone this server does not have', 'x.elsewhere.com', 'lame refused'],
  ];
  test.each(cases)('%s', async (_, name, expected) => {
    expect(inShort(await askUnder(undefined, name))).toBe(expected);
  });
});

const odd: readonly [string, Behaviour, string][] = [
  ['FORMERR to EDNS', { kind: 'no-edns', how: 'formerr' }, 'answer 1'],
  ['NOTIMP to EDNS', { kind: 'no-edns', how: 'notimp' }, 'answer 1'],
  ['silence to EDNS', { kind: 'no-edns', how: 'silent' }, 'answer 1'],
  ['EDNS ignored', { kind: 'no-edns', how: 'ignores' }, 'answer 1'],
  ['lower case', { kind: 'lower-case' }, 'answer 1'],
  ['always truncated', { kind: 'truncate' }, 'answer 1'],
  ['late by forty milliseconds', { kind: 'delay', ms: 40 }, 'answer 1'],
  ['every third question lost', { kind: 'lose', percent: 34 }, 'answer 1'],
  ['dripping over TCP', { kind: 'drip', bytes: 1, everyMs: 30 }, 'answer 1'],
  ['SERVFAIL', { kind: 'rcode', rcode: 'SERVFAIL' }, 'broken servfail'],
  ['REFUSED', { kind: 'rcode', rcode: 'REFUSED' }, 'lame refused'],
  ['NXDOMAIN without AA', { kind: 'rcode', rcode: 'NXDOMAIN' }, 'lame not-authoritative'],
  ['upward referral', { kind: 'lame', how: 'upward-referral' }, 'lame referral'],
  ['no AA', { kind: 'lame', how: 'not-authoritative' }, 'lame not-authoritative'],
  ['silence', { kind: 'silent' }, 'silent timeout'],
  ['wrong ids', { kind: 'wrong-id' }, 'silent timeout'],
  ['wrong questions', { kind: 'wrong-question' }, 'silent timeout'],
  ['noise', { kind: 'garbage', how: 'noise' }, 'silent timeout'],
  ['half a message', { kind: 'garbage', how: 'cut' }, 'silent timeout'],
  ['a pointer loop', { kind: 'garbage', how: 'pointer-loop' }, 'broken malformed'],
  ['counts that lie', { kind: 'garbage', how: 'lying-counts' }, 'broken malformed'],
];
test.each(odd)('%s', async (_, behaviour, expected) => {
  expect(inShort(await askUnder(behaviour, 'tok._domainkey.shop.com'))).toBe(expected);
});

test('none of them is taken for a missing record', () => {
  expect(odd.filter(([, , outcome]) => outcome.startsWith('absent'))).toEqual([]);
});
