// What one domain can cost in one sweep, whatever its servers, its parents and its name servers' names do: questions are counted, not seconds.
import { BOUNDS } from '../../lambda/dns/bounds.ts';
import type { DnsEvidence } from '../../lambda/model/evidence.ts';
import type { Expectation } from '../../lambda/model/expectation.ts';
import type { Delegation, Lookup } from '../../lambda/model/lookup.ts';
import { dnsName } from '../../lambda/model/names.ts';
import { examine } from '../../lambda/sweep/examine.ts';
import type { Dns } from '../../lambda/sweep/ports.ts';
import type { Behaviour } from '../../sandbox/dns/behaviour.ts';
import type { Answer, Query, WireRecord } from '../../sandbox/dns/message.ts';
import { a, cname, ns, replyTo, soa } from './packets.ts';
import { closeInternets, openInternet } from './small-internet.ts';
import { closeAll, dnsTo, openSmallServer, type Script, SHORT } from './small-server.ts';

afterEach(async () => {
  await closeInternets();
  await closeAll();
});

const TOKENS = ['one', 'two', 'three'];
/** Each of these tests has one resolver. Every further one is asked the same where the first fails, and once more for each record. */
const RESOLVERS = 1;

/** One walk, the resolvers' way, and the word of all resolvers. */
const DELEGATION = RESOLVERS * (BOUNDS.climbs + 1) + BOUNDS.walkQuestions + 3 * RESOLVERS;
const NAME_SERVERS = BOUNDS.serversOfZone * (2 * RESOLVERS + BOUNDS.hostQuestions);
/** Two rounds of SOA, and TXT and CNAME of each record, at every address; then the probes: a label beside, the resolvers, two doubled names and a label beside each. */
const PANEL = 2 * BOUNDS.addressesOfZone * (1 + 2 * TOKENS.length) + 2 + TOKENS.length * (RESOLVERS + 2 * 2 * 2);
/** Quick look, and panel with the delegation looked up anew; the name servers' names are looked up once for both. */
const MOST = 2 * DELEGATION + NAME_SERVERS + PANEL;

interface Swept {
  readonly evidence: DnsEvidence;
  readonly questions: number;
  readonly packets: number;
}

async function sweep(dns: Dns, lookups: readonly Lookup[], domain = 'shop.com'): Promise<Swept> {
  const expectation: Extract<Expectation, { kind: 'records' }> = {
    kind: 'records',
    domain: dnsName(domain),
    zoneSource: 'api',
    records: TOKENS.map((token) => ({
      type: 'CNAME',
      name: dnsName(`${token}._domainkey.${domain}`),
      token,
      target: dnsName(`${token}.dkim.amazonses.com`),
    })),
  };
  const found = await examine([{ key: domain, expectation, history: undefined, fullPanel: false }], {
    dns,
    clock: () => 0,
    sleep: async () => undefined,
    confirmAfterMs: 1,
    until: Number.MAX_SAFE_INTEGER,
    rotation: 0,
    randomLabel: () => 'x4f81ac0b2d6e',
  });
  const evidence = found.get(domain);
  if (evidence === undefined) throw new Error('the domain was not examined');
  return { evidence, questions: lookups.filter(({ outcome }) => outcome.kind !== 'not-asked').length, packets: dns.questions() };
}

/** In words: what came of the delegation, and what the servers said about the first record in the first round. */
function inShort({ delegation, records }: DnsEvidence): string {
  const said = records[0]?.lookups.map(({ outcome }) => ('how' in outcome ? outcome.how : outcome.kind)) ?? [];
  return [delegation?.kind === 'unknown' ? delegation.why : delegation?.kind, ...new Set(said)].join(' ');
}

const THIRTEEN = Array.from({ length: 13 }, (_, i) => `ns${i}.hoster.net`);
const FOUR_EACH = Object.fromEntries(THIRTEEN.map((name, i) => [name, [1, 2, 3, 4].map((n) => `203.0.113.${i * 4 + n}`)]));
const healthy = Object.fromEntries(TOKENS.map((token) => [`${token}._domainkey`, { CNAME: `${token}.dkim.amazonses.com` }]));

describe('a zone of thirteen name servers with four addresses each', () => {
  const cases: readonly [string, Behaviour | undefined, string][] = [
    ['that has no such record', undefined, 'delegated nxdomain'],
    ['that answers SERVFAIL', { kind: 'rcode', rcode: 'SERVFAIL' }, 'delegated servfail'],
    ['that refuses', { kind: 'rcode', rcode: 'REFUSED' }, 'delegated refused'],
    ['that answers FORMERR, with EDNS and without', { kind: 'rcode', rcode: 'FORMERR' }, 'delegated formerr'],
    ['that is silent', { kind: 'silent' }, 'delegated timeout'],
    ['that truncates, and hangs up on TCP', { kind: 'truncate' }, 'delegated tcp-failed'],
    ['that sends pointer loops', { kind: 'garbage', how: 'pointer-loop' }, 'delegated malformed'],
    ['that refers upwards', { kind: 'lame', how: 'upward-referral' }, 'delegated referral'],
    ['that answers another question', { kind: 'wrong-question' }, 'delegated timeout'],
  ];
  test.each(cases)('%s', async (_, behaviour, expected) => {
    const { dns, net, lookups } = await openInternet(
      { zones: { 'shop.com': { ns: THIRTEEN } }, nameServers: FOUR_EACH },
      { timeouts: SHORT },
    );
    if (behaviour !== undefined) net.control.behave({ servers: ['zone:shop.com'], names: ['shop.com'], behaviour });
    if (behaviour?.kind === 'truncate')
      net.control.behave({ servers: ['zone:shop.com'], names: ['shop.com'], transport: 'tcp', behaviour: { kind: 'hang-up' } });
    const { evidence, questions, packets } = await sweep(dns, lookups);
    expect(inShort(evidence)).toBe(expected);
    const servers = evidence.delegation?.kind === 'delegated' ? evidence.delegation.servers : [];
    expect(servers).toHaveLength(BOUNDS.addressesOfZone);
    // One address of each name server before a second one of any.
    expect(new Set(servers.map(({ name }) => name)).size).toBe(13);
    expect(questions).toBeLessThanOrEqual(MOST);
    expect(packets).toBeLessThanOrEqual(3 * MOST);
  });
});

test('fewer name servers give more of their addresses each, and no more than four', async () => {
  const nameServers = {
    'ns1.hoster.net': [1, 2, 3, 4, 5, 6].map((n) => `203.0.113.${n}`),
    'ns2.hoster.net': ['203.0.113.21', '203.0.113.22'],
  };
  const { dns } = await openInternet({ zones: { 'shop.com': { ns: Object.keys(nameServers) } }, nameServers });
  const found = await dns.delegation(dnsName('_domainkey.shop.com'));
  expect(found.kind === 'delegated' && found.servers.map(({ address }) => address)).toEqual([
    '203.0.113.1',
    '203.0.113.2',
    '203.0.113.3',
    '203.0.113.4',
    '203.0.113.21',
    '203.0.113.22',
  ]);
});

describe('name servers without measure', () => {
  const record = (name: string, target: string): WireRecord => ({ name, ttl: 300, data: { type: 'NS', target } });
  const many =
    (count: number) =>
    (query: Query, truth: Answer): Answer =>
      query.type === 2 && query.name.toLowerCase() === 'shop.com'
        ? {
            ...truth,
            rcode: 'NOERROR',
            answers: Array.from({ length: count }, (_, i) => record('shop.com', `ns${i}.hoster.net`)),
            authority: [],
          }
        : truth;

  test.each([
    ['four hundred', 400],
    ['a thousand, more than any reply may hold', 1000],
    ['two thousand', 2000],
  ])('%s', async (_, count) => {
    const { dns, net, lookups } = await openInternet({ zones: { 'shop.com': { ns: THIRTEEN.slice(0, 2) } } }, { timeouts: SHORT });
    net.control.behave({ names: ['shop.com'], behaviour: { kind: 'says', answer: many(count) } });
    net.control.behave({ servers: ['resolver'], names: ['shop.com'], behaviour: { kind: 'says', answer: many(count) } });
    const { evidence, questions, packets } = await sweep(dns, lookups);
    const { delegation } = evidence;
    const known = delegation?.kind === 'delegated' ? delegation.servers.length + delegation.unusable.length : 0;
    expect(known).toBeLessThanOrEqual(BOUNDS.addressesOfZone);
    expect(questions).toBeLessThanOrEqual(MOST);
    expect(packets).toBeLessThanOrEqual(2 * MOST);
  });

  test('thirteen whose names nobody can look up, under a parent that gives no glue', async () => {
    const { dns, net, lookups } = await openInternet(
      { zones: { 'shop.com': { ns: THIRTEEN.map((_, i) => `ns.lost-${i}.org`) }, ...lostZones() } },
      { timeouts: SHORT },
    );
    net.control.behave({ servers: ['resolver'], names: ['org'], behaviour: { kind: 'rcode', rcode: 'SERVFAIL' } });
    net.control.behave({
      servers: ['a.nic.org', 'b.nic.org'],
      behaviour: { kind: 'says', answer: (_, truth) => ({ ...truth, additional: [] }) },
    });
    const { evidence, questions } = await sweep(dns, lookups);
    expect(inShort(evidence)).toBe('resolver-failed');
    expect(questions).toBeLessThanOrEqual(MOST);
  });

  /** Zones whose only server has a name in the next one, round and round. */
  function lostZones(): Record<string, { readonly ns: readonly string[] }> {
    return Object.fromEntries(THIRTEEN.map((_, i) => [`lost-${i}.org`, { ns: [`ns.lost-${(i + 1) % 13}.org`] }]));
  }
});

test('the resolver sends up the tree, label by label, for ever: the climb ends', async () => {
  const labels = Array.from({ length: 60 }, (_, i) => `l${i}`).join('.');
  const { dns, net, lookups } = await openInternet(
    { zones: { 'shop.com': { ns: THIRTEEN.slice(0, 2), records: healthy } } },
    { timeouts: SHORT },
  );
  const elsewhere = (query: Query, truth: Answer): Answer => ({
    ...truth,
    rcode: 'NOERROR',
    answers: [{ name: query.name, ttl: 60, data: { type: 'CNAME', target: 'x.example.org' } }],
    authority: [],
  });
  net.control.behave({ servers: ['resolver'], names: ['shop.com'], behaviour: { kind: 'says', answer: elsewhere } });
  const found: Delegation = await dns.delegation(dnsName(`_domainkey.${labels}.shop.com`));
  expect(found).toMatchObject({ kind: 'delegated', apex: 'shop.com', source: 'parent' });
  expect(lookups.filter(({ question }) => question.type === 'NS' && question.name.endsWith('shop.com')).length).toBeLessThanOrEqual(
    BOUNDS.climbs + BOUNDS.walkQuestions,
  );
});

describe('servers that find a new way to fail each time', () => {
  /** Wrong case once, FORMERR to EDNS, silence twice, SERVFAIL and silence, silence, and truncated without TCP from a socket of its own: the most a question can cost. */
  function moody(): Script {
    const tries = new Map<string, number>();
    return {
      udp: (q, nth, send) => {
        const key = `${q.name.toLowerCase()} ${q.bytes.readUInt16BE(12 + q.name.length + 2)}`;
        const turn = (tries.get(key) ?? 0) + 1;
        tries.set(key, turn % 7);
        const lower = Buffer.concat([
          q.bytes.subarray(0, 12),
          Buffer.from(q.bytes.subarray(12).toString('latin1').toLowerCase(), 'latin1'),
        ]);
        if (nth === 0) send(replyTo(lower, { rcode: 3, authorities: [soa('shop.com')] }));
        else if (q.edns) send(replyTo(q.bytes, { rcode: 1, aa: false }));
        else if (turn === 4) send(replyTo(q.bytes, { rcode: 2, aa: false }));
        else if (turn === 6) send(replyTo(q.bytes, { tc: true }));
      },
    };
  }

  test('thirteen of them', async () => {
    const servers = await Promise.all(THIRTEEN.map(() => openSmallServer(moody())));
    const address = (i: number): string => `203.0.113.${i + 1}`;
    const resolver = await openSmallServer({
      udp: (q, _, send) => {
        const name = q.name.toLowerCase();
        const host = THIRTEEN.indexOf(name);
        const type = q.bytes.readUInt16BE(12 + q.name.length + 2);
        if (host >= 0) send(replyTo(q.bytes, { ra: true, aa: false, answers: type === 1 ? [a(name, address(host))] : [] }));
        else if (name === 'shop.com' && type === 2)
          send(replyTo(q.bytes, { ra: true, aa: false, answers: THIRTEEN.map((server) => ns('shop.com', server)) }));
        else send(replyTo(q.bytes, { ra: true, aa: false, rcode: 3, authorities: [soa('shop.com')] }));
      },
    });
    const lookups: Lookup[] = [];
    const dns = dnsTo(resolver.port, {
      routes: Object.fromEntries(servers.map(({ port }, i) => [address(i), { address: '127.0.0.1', port }])),
      timeouts: SHORT,
      trace: (lookup) => lookups.push(lookup),
    });
    const { evidence, questions, packets } = await sweep(dns, lookups);
    expect(evidence.delegation).toMatchObject({ kind: 'delegated', servers: { length: 13 } });
    expect(questions).toBeLessThanOrEqual(MOST);
    // Whatever they do, no server of the zone gets more than this.
    const most = 2 * (1 + 2 * TOKENS.length) + 2 + TOKENS.length * 2 * 2;
    for (const { heard } of servers) expect(heard.length).toBeLessThanOrEqual(most * BOUNDS.packets);
    expect(packets).toBeLessThanOrEqual(PANEL * BOUNDS.packets + 100);
  });
});

describe('name servers in places that must not be asked', () => {
  const PLACES = [
    '127.0.0.1',
    '10.0.0.1',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
  ];

  /** A resolver that says so, and a server on loopback that would answer if it were asked: without routes, addresses are real ones. */
  async function lured(allowPrivateNameServers: boolean, places: readonly string[]) {
    const lure = await openSmallServer({
      udp: (q, _, send) => send(replyTo(q.bytes, { answers: [cname(q.name, 'tok.dkim.amazonses.com')] })),
    });
    const resolver = await openSmallServer({
      udp: (q, _, send) => {
        const name = q.name.toLowerCase();
        const type = q.bytes.readUInt16BE(12 + q.name.length + 2);
        const answers = name === 'shop.com' && type === 2 ? places.map((_place, i) => ns(name, `ns${i}.evil.net`)) : [];
        if (name.endsWith('evil.net') && type === 1) answers.push(a(name, places[Number(/^ns(\d+)/.exec(name)?.[1])] ?? ''));
        send(replyTo(q.bytes, { ra: true, aa: false, answers, authorities: answers.length === 0 ? [soa('shop.com')] : [] }));
      },
    });
    const lookups: Lookup[] = [];
    const more = { routes: undefined, port: lure.port, rootHints: ['127.0.0.1', '169.254.169.254'], allowPrivateNameServers };
    const dns = dnsTo(resolver.port, { ...more, timeouts: SHORT, trace: (lookup) => lookups.push(lookup) });
    return { lure, dns, lookups };
  }

  test('private, shared, loopback, link-local, metadata, multicast, nowhere: none is asked, and each is named', async () => {
    const { lure, dns, lookups } = await lured(false, PLACES);
    const { evidence } = await sweep(dns, lookups);
    expect(evidence.delegation).toMatchObject({ kind: 'unknown', why: 'address-refused' });
    expect(lure.heard).toEqual([]);
    // The root hints lead to the same places: refused and said too.
    const parents = lookups.filter(({ server }) => server.role === 'parent');
    expect(parents.length).toBeGreaterThan(0);
    for (const { outcome } of parents) expect(outcome).toEqual({ kind: 'not-asked', how: 'address-refused' });
  });

  test('where private ones are allowed: loopback is asked, link-local, metadata and the like never', async () => {
    const never = PLACES.filter((place) => /^(169\.254|0\.|224\.|255\.)/.test(place));
    const { lure, dns } = await lured(true, ['127.0.0.1', ...never]);
    const found = await dns.delegation(dnsName('_domainkey.shop.com'));
    expect(found).toMatchObject({ kind: 'delegated', servers: [{ address: '127.0.0.1' }] });
    const refused = found.kind === 'delegated' ? found.unusable : [];
    expect(refused.map(({ address, why }) => `${address} ${why}`).sort()).toEqual(never.map((place) => `${place} address-refused`).sort());
    const [server] = found.kind === 'delegated' ? found.servers : [];
    if (server === undefined) throw new Error('loopback was not found');
    expect((await dns.ask({ ...server, address: '169.254.169.254' }, { name: dnsName('a.shop.com'), type: 'TXT' })).outcome).toEqual({
      kind: 'not-asked',
      how: 'address-refused',
    });
    expect((await dns.ask(server, { name: dnsName('a.shop.com'), type: 'TXT' })).outcome.kind).toBe('answer');
    expect(lure.heard).toHaveLength(1);
  });
});
