// The DNS room against real servers: Knot for root, registries and hosters, Unbound as the resolver; and the sandbox's servers beside Knot's, answer by answer.
import { openDns } from '../../lambda/dns/open-dns.ts';
import type { Delegation, Lookup, NameServer, Outcome } from '../../lambda/model/lookup.ts';
import { dnsName } from '../../lambda/model/names.ts';
import type { Dns } from '../../lambda/sweep/ports.ts';
import { type RunningDns, startDns } from '../../sandbox/dns/dns.ts';
import { answerTo } from '../sandbox/ask.ts';
import { type RealInternet, startRealInternet } from './real-dns.ts';

const LONG = 'k'.repeat(250);
const HOSTER = ['ns1.hoster.net', 'ns2.hoster.net'];
const DYING = ['ns1.dying.org', 'ns2.dying.org'];

const world = {
  zones: {
    'shop.com': {
      ns: HOSTER,
      records: {
        '@': { A: '203.0.113.80' },
        'one._domainkey': { CNAME: 'one.dkim.amazonses.com' },
        'two._domainkey': { CNAME: 'two.dkim.amazonses.com' },
        'chain._domainkey': { CNAME: 'hop.shop.com' },
        hop: { CNAME: 'one.dkim.amazonses.com' },
        'dangling._domainkey': { CNAME: 'nowhere.shop.com' },
        'loop._domainkey': { CNAME: 'loop2.shop.com' },
        loop2: { CNAME: 'loop._domainkey.shop.com' },
        '*.wild': { TXT: 'from the wildcard' },
        'big._domainkey': { TXT: [[LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG]] },
        'deep.er.name': { TXT: 'here' },
      },
    },
    'cut.com': { ns: HOSTER },
    '_domainkey.cut.com': { ns: ['ns1.keys.org'], records: { one: { CNAME: 'one.dkim.amazonses.com' } } },
    // Below: its delegation is taken out of the zone above, while Unbound and its own server know nothing of that.
    'left.com': { ns: HOSTER },
    '_domainkey.left.com': { ns: ['ns1.keys.org'], records: { one: { CNAME: 'one.dkim.amazonses.com' } } },
    'dying.com': { ns: DYING, records: { 'one._domainkey': { CNAME: 'one.dkim.amazonses.com' } } },
    'amazonses.com': { ns: ['ns1.ses.net'], records: { 'one.dkim': { TXT: 'p=MIGfMA0' }, 'two.dkim': { TXT: '' } } },
  },
};

let sandbox: RunningDns;
let real: RealInternet;
let dns: Dns;
const asked: Lookup[] = [];

beforeAll(async () => {
  sandbox = await startDns(world, Date.now);
  // The second servers lag behind by a serial, so each is a process of its own; the hoster's has not heard of one record.
  const seconds = ['shop.com', 'dying.com'].map((apex) => ({ apex, address: sandbox.control.serversOf(apex)[1] }));
  real = await startRealInternet(sandbox, (address, apex, text) => {
    if (apex === 'left.com') return text.replace(/^_domainkey\..*\n/gm, '');
    if (!seconds.some((one) => one.address === address && one.apex === apex)) return text;
    return text.replace(/^two\._domainkey.*\n/m, '').replace('2026010101', '2026010100');
  });
  dns = openDns({
    resolvers: [real.resolver],
    port: 53,
    allowPrivateNameServers: false,
    routes: real.routes,
    rootHints: sandbox.rootHints,
    // Noon: each zone has an hour of the day in which the servers above are asked too, and none of these has that one.
    clock: () => Date.UTC(2026, 10, 1, 12) + performance.now(),
    timeouts: { firstMs: 300, secondMs: 300, tcpMs: 2000, servfailAgainMs: 100 },
    trace: (lookup) => asked.push(lookup),
  });
}, 60_000);

afterAll(async () => {
  dns?.close();
  await real?.close();
  await sandbox?.close();
});

const keyZone = (domain: string) => dnsName(`_domainkey.${domain}`);

function serversOf(found: Delegation): readonly NameServer[] {
  if (found.kind !== 'delegated') throw new Error(`not delegated: ${JSON.stringify(found)}`);
  return found.servers;
}

/** What every server of the domain says. */
async function everyone(domain: string, name: string, type: 'TXT' | 'CNAME' | 'SOA'): Promise<readonly Outcome[]> {
  const servers = serversOf(await dns.delegation(keyZone(domain)));
  const lookups = await Promise.all(servers.map((server) => dns.ask(server, { name: dnsName(name), type })));
  return lookups.map((lookup) => lookup.outcome);
}

const values = (outcome: Outcome): readonly string[] =>
  outcome.kind === 'answer' ? outcome.records.map((r) => ('value' in r ? r.value : r.type === 'TXT' ? r.strings.join('') : r.type)) : [];
const inShort = (outcome: Outcome): string => (outcome.kind === 'answer' ? 'answer' : `${outcome.kind} ${outcome.how}`);

test('root, registries and hosters are processes of their own', () => {
  expect(real.processes).toBeGreaterThanOrEqual(6);
});

describe('who answers', () => {
  test('by Unbound', async () => {
    expect(await dns.delegation(keyZone('shop.com'))).toMatchObject({
      kind: 'delegated',
      apex: 'shop.com',
      source: 'resolver',
      soaPrimary: 'ns1.hoster.net',
      servers: [{ name: 'ns1.hoster.net' }, { name: 'ns2.hoster.net' }],
    });
  });

  test('_domainkey is a zone of its own', async () => {
    expect(await dns.delegation(keyZone('cut.com'))).toMatchObject({ apex: '_domainkey.cut.com', servers: [{ name: 'ns1.keys.org' }] });
    expect((await everyone('cut.com', 'one._domainkey.cut.com', 'CNAME')).map(values)).toEqual([['one.dkim.amazonses.com']]);
  });

  test('asked too high up, the parent zone’s server refers: lame for this name', async () => {
    const [server] = serversOf(await dns.delegation(keyZone('shop.com')));
    const lookup = await dns.ask(server as NameServer, { name: dnsName('one._domainkey.cut.com'), type: 'TXT' });
    expect(lookup.outcome).toEqual({ kind: 'lame', how: 'referral' });
  });

  test('an unregistered domain is gone: both of the registry’s servers say so', async () => {
    const found = await dns.delegation(keyZone('nowhere.com'));
    expect(found).toMatchObject({ kind: 'gone', registrable: 'nowhere.com', how: 'nxdomain' });
    expect(found.kind === 'gone' ? new Set(found.lookups.map((one) => one.server.address)).size : 0).toBe(2);
  });

  test('a delegation that was taken back: Unbound goes on as before, and a fresh look believes the servers above', async () => {
    expect(await dns.delegation(keyZone('left.com'))).toMatchObject({ apex: '_domainkey.left.com', source: 'resolver' });
    expect((await everyone('left.com', 'one._domainkey.left.com', 'TXT')).map(inShort)).toEqual(['answer']);
    expect(await dns.delegation(keyZone('left.com'), { fresh: true })).toMatchObject({ apex: 'left.com', source: 'parent' });
    expect((await everyone('left.com', 'one._domainkey.left.com', 'TXT')).map(inShort)).toEqual(['absent nxdomain', 'absent nxdomain']);
  });

  test('fresh: resolver and parent agree', async () => {
    const found = await dns.delegation(keyZone('shop.com'), { fresh: true });
    expect(serversOf(found).map((server) => server.name)).toEqual(HOSTER);
    expect(asked.some((one) => one.server.role === 'parent' && one.question.name === 'shop.com')).toBe(true);
  });
});

describe('what they say', () => {
  const cases: readonly [string, string, 'TXT' | 'CNAME', readonly string[], readonly string[][]][] = [
    [
      'the record, asked as TXT',
      'one._domainkey.shop.com',
      'TXT',
      ['answer', 'answer'],
      [['one.dkim.amazonses.com'], ['one.dkim.amazonses.com']],
    ],
    [
      'the record, asked as CNAME',
      'one._domainkey.shop.com',
      'CNAME',
      ['answer', 'answer'],
      [['one.dkim.amazonses.com'], ['one.dkim.amazonses.com']],
    ],
    ['a missing record', 'no._domainkey.shop.com', 'TXT', ['absent nxdomain', 'absent nxdomain'], [[], []]],
    ['an empty non-terminal', 'er.name.shop.com', 'TXT', ['absent nodata', 'absent nodata'], [[], []]],
    ['another type', 'shop.com', 'CNAME', ['absent nodata', 'absent nodata'], [[], []]],
    ['a wildcard', 'x.wild.shop.com', 'TXT', ['answer', 'answer'], [['from the wildcard'], ['from the wildcard']]],
    ['a wildcard, another type', 'x.wild.shop.com', 'CNAME', ['absent nodata', 'absent nodata'], [[], []]],
    [
      'a chain',
      'chain._domainkey.shop.com',
      'TXT',
      ['answer', 'answer'],
      [
        ['hop.shop.com', 'one.dkim.amazonses.com'],
        ['hop.shop.com', 'one.dkim.amazonses.com'],
      ],
    ],
    ['a CNAME to nowhere', 'dangling._domainkey.shop.com', 'TXT', ['answer', 'answer'], [['nowhere.shop.com'], ['nowhere.shop.com']]],
    ['a large TXT, over TCP', 'big._domainkey.shop.com', 'TXT', ['answer', 'answer'], [[LONG.repeat(8)], [LONG.repeat(8)]]],
    ['two servers that disagree', 'two._domainkey.shop.com', 'TXT', ['answer', 'absent nxdomain'], [['two.dkim.amazonses.com'], []]],
    ['somebody else’s zone', 'elsewhere.org', 'TXT', ['lame refused', 'lame refused'], [[], []]],
  ];
  test.each(cases)('%s', async (_, name, type, outcomes, answers) => {
    const said = await everyone('shop.com', name, type);
    expect(said.map(inShort)).toEqual(outcomes);
    expect(said.map(values)).toEqual(answers);
  });

  test('absence carries the zone, truncation is noted', async () => {
    const [absent] = await everyone('shop.com', 'no._domainkey.shop.com', 'TXT');
    expect(absent).toEqual({ kind: 'absent', how: 'nxdomain', aa: true, soa: 'shop.com' });
    expect(asked.filter((one) => one.question.name.startsWith('big.')).map((one) => one.remarks)).toEqual([['over-tcp'], ['over-tcp']]);
  });

  test('serials tell who lags behind', async () => {
    const said = await everyone('shop.com', 'shop.com', 'SOA');
    const serials = said.flatMap((one) => (one.kind === 'answer' ? one.records.map((r) => (r.type === 'SOA' ? r.serial : 0)) : []));
    expect(serials).toEqual([2026010101, 2026010100]);
  });

  test('from a port of its own it is the same', async () => {
    const [server] = serversOf(await dns.delegation(keyZone('shop.com')));
    const lookup = await dns.ask(server as NameServer, { name: dnsName('one._domainkey.shop.com'), type: 'TXT' }, { newSocket: true });
    expect(inShort(lookup.outcome)).toBe('answer');
  });

  test('Unbound: the chain to its end, NXDOMAIN, an empty key', async () => {
    const resolver = async (name: string): Promise<Outcome | undefined> =>
      (await dns.askResolvers({ name: dnsName(name), type: 'TXT' }))[0]?.outcome;
    expect(values((await resolver('one._domainkey.shop.com')) as Outcome)).toEqual(['one.dkim.amazonses.com', 'p=MIGfMA0']);
    expect(await resolver('no._domainkey.shop.com')).toMatchObject({ kind: 'absent', how: 'nxdomain', soa: 'shop.com' });
    expect(values((await resolver('chain._domainkey.shop.com')) as Outcome)).toEqual([
      'hop.shop.com',
      'one.dkim.amazonses.com',
      'p=MIGfMA0',
    ]);
  });
});

describe('the sandbox beside Knot', () => {
  const questions: readonly [string, string, string, string][] = [
    // what, zone whose first server is asked, name, type
    ['a CNAME', 'shop.com', 'one._domainkey.shop.com', 'CNAME'],
    ['a CNAME asked as TXT', 'shop.com', 'one._domainkey.shop.com', 'TXT'],
    ['NXDOMAIN', 'shop.com', 'no._domainkey.shop.com', 'TXT'],
    ['NODATA', 'shop.com', 'shop.com', 'TXT'],
    ['NODATA beside a TXT', 'shop.com', 'deep.er.name.shop.com', 'A'],
    ['an empty non-terminal', 'shop.com', 'er.name.shop.com', 'TXT'],
    ['below an existing name', 'shop.com', 'x.deep.er.name.shop.com', 'TXT'],
    ['a wildcard', 'shop.com', 'x.wild.shop.com', 'TXT'],
    ['a wildcard two labels deep', 'shop.com', 'y.x.wild.shop.com', 'TXT'],
    ['the wildcard’s own name', 'shop.com', 'wild.shop.com', 'TXT'],
    ['a wildcard, another type', 'shop.com', 'x.wild.shop.com', 'A'],
    ['a chain inside the zone', 'shop.com', 'chain._domainkey.shop.com', 'TXT'],
    ['a chain to nowhere', 'shop.com', 'dangling._domainkey.shop.com', 'TXT'],
    ['a loop', 'shop.com', 'loop._domainkey.shop.com', 'TXT'],
    ['SOA', 'shop.com', 'shop.com', 'SOA'],
    ['NS at the apex', 'shop.com', 'shop.com', 'NS'],
    ['NS below the apex', 'shop.com', '_domainkey.shop.com', 'NS'],
    ['a referral by the root', '', 'shop.com', 'NS'],
    ['a referral by the registry', 'com', '_domainkey.shop.com', 'TXT'],
    ['NXDOMAIN by the registry', 'com', 'nowhere.com', 'NS'],
    ['NXDOMAIN by the root', '', 'shop.nosuchtld', 'NS'],
    ['a referral below', 'cut.com', 'one._domainkey.cut.com', 'TXT'],
    ['a zone not served', 'shop.com', 'elsewhere.org', 'TXT'],
    ['truncation', 'shop.com', 'big._domainkey.shop.com', 'TXT'],
  ];

  /** Owner and type of records, in any order: values and order are matters of taste. */
  const shape = (lines: readonly string[]): readonly string[] =>
    [...new Set(lines.map((line) => line.split(' ').slice(0, 2).join(' ').toLowerCase()))].sort();

  async function askBoth(zone: string, name: string, type: string, tcp: boolean) {
    const [address = ''] = sandbox.control.serversOf(zone);
    const [ours, knots] = await Promise.all(
      [sandbox.routes[address], real.routes[address]].map((where) => answerTo(where, name, type, { edns: 1232, tcp })),
    );
    const look = (told: typeof ours) =>
      told && {
        rcode: told.rcode,
        aa: told.aa,
        tc: told.tc,
        answers: told.tc ? [] : shape(told.answers),
        authority: told.tc ? [] : shape(told.authority),
      };
    return { ours: look(ours), knots: look(knots) };
  }

  test.each(questions)('%s', async (_, zone, name, type) => {
    const overUdp = await askBoth(zone, name, type, false);
    expect(overUdp.ours).toEqual(overUdp.knots);
    const overTcp = await askBoth(zone, name, type, true);
    expect(overTcp.ours).toEqual(overTcp.knots);
  });
});

describe('servers that stop', () => {
  test('a stopped server is a closed port, its sister still answers', async () => {
    expect((await everyone('dying.com', 'one._domainkey.dying.com', 'TXT')).map(inShort)).toEqual(['answer', 'answer']);
    const [first = '', second = ''] = sandbox.control.serversOf('dying.com');
    await real.stop(first);
    expect((await everyone('dying.com', 'one._domainkey.dying.com', 'TXT')).map(inShort)).toEqual(['silent port-closed', 'answer']);
    await real.stop(second);
  });

  test('both stopped: Unbound fails, and the delegation comes from the registry', async () => {
    dns.forget(dnsName('dying.com'));
    expect(await dns.delegation(keyZone('mail.dying.com'))).toMatchObject({
      kind: 'delegated',
      apex: 'dying.com',
      source: 'parent',
      servers: [{ name: 'ns1.dying.org' }, { name: 'ns2.dying.org' }],
    });
  });
});
