// A zone that is taken back into the one above it: from the next fresh look on the zone above answers for its names.
import { createZoneCache } from '../../lambda/dns/zone-cache.ts';
import type { NameServer } from '../../lambda/model/lookup.ts';
import { dnsName } from '../../lambda/model/names.ts';
import type { Dns } from '../../lambda/sweep/ports.ts';
import type { DnsWorld } from '../../sandbox/dns/dns-world.ts';
import type { Answer } from '../../sandbox/dns/message.ts';
import { closeInternets, HOSTER, keyZone, openInternet, type SmallInternet } from './small-internet.ts';

afterEach(closeInternets);

const OLD = 'ns1.other.org';
const EXPECTED = { CNAME: 'tok.dkim.amazonses.com' };
const shop = { ns: HOSTER };
const news = { ns: [OLD], records: { 'tok._domainkey': EXPECTED } };
const record = dnsName('tok._domainkey.news.shop.com');

async function serversOf(dns: Dns, domain: string, fresh: boolean): Promise<readonly NameServer[]> {
  const found = await dns.delegation(keyZone(domain), { fresh });
  return found.kind === 'delegated' ? found.servers : [];
}

const outcomes = (dns: Dns, servers: readonly NameServer[], name = record) =>
  Promise.all(servers.map(async (server) => (await dns.ask(server, { name, type: 'TXT' })).outcome));

const refuses = { servers: [OLD], behaviour: { kind: 'rcode', rcode: 'REFUSED' } } as const;

/** The world in which news.shop.com was known as a zone of its own, and is one no more. */
async function undelegated(): Promise<SmallInternet> {
  const internet = await openInternet({ zones: { 'shop.com': shop, 'news.shop.com': news } });
  for (const domain of ['news.shop.com', 'eu.news.shop.com'])
    expect(await internet.dns.delegation(keyZone(domain))).toMatchObject({ apex: 'news.shop.com' });
  internet.net.control.dropDomain('news.shop.com');
  internet.net.control.behave(refuses);
  return internet;
}

describe('a subdomain whose servers refuse since', () => {
  test('while its servers are remembered they are lame; a fresh look finds the record absent at the servers above', async () => {
    const { dns } = await undelegated();
    expect(await outcomes(dns, await serversOf(dns, 'news.shop.com', false))).toEqual([{ kind: 'lame', how: 'refused' }]);
    expect(await outcomes(dns, await serversOf(dns, 'news.shop.com', true))).toEqual([
      { kind: 'absent', how: 'nxdomain', aa: true, soa: 'shop.com' },
      { kind: 'absent', how: 'nxdomain', aa: true, soa: 'shop.com' },
    ]);
  });

  test('its other names are looked up anew as well', async () => {
    const { dns } = await undelegated();
    await dns.delegation(keyZone('news.shop.com'), { fresh: true });
    expect(await dns.delegation(keyZone('eu.news.shop.com'))).toMatchObject({ apex: 'shop.com', source: 'resolver' });
  });

  test('it is not kept for the next sweep', async () => {
    const { dns, openAnother } = await undelegated();
    await dns.delegation(keyZone('news.shop.com'), { fresh: true });
    const later = openAnother();
    later.importCache(JSON.parse(JSON.stringify(dns.exportCache())));
    expect(await outcomes(later, await serversOf(later, 'news.shop.com', false))).toMatchObject([{ kind: 'absent' }, { kind: 'absent' }]);
  });
});

test('an answer is held against the zone that the server was found for, whatever is remembered of zones below it', async () => {
  const { dns, net } = await openInternet({ zones: { 'shop.com': shop, 'news.shop.com': news } });
  const servers = await serversOf(dns, 'shop.com', false);
  expect(servers).toMatchObject([{ zone: 'shop.com' }, { zone: 'shop.com' }]);
  await dns.delegation(keyZone('news.shop.com'));
  net.control.dropDomain('news.shop.com');
  expect(await outcomes(dns, servers)).toMatchObject([{ kind: 'absent' }, { kind: 'absent' }]);
  const lookup = await dns.ask(servers[0] as NameServer, { name: record, type: 'TXT' });
  expect(lookup.server).toEqual({ role: 'authoritative', name: HOSTER[0], address: '198.51.100.1' });
});

describe('a zone that the resolver remembers, and whose servers still answer', () => {
  const keys = { ns: [OLD], records: { tok: EXPECTED } };

  /** The resolver says about `_domainkey.shop.com` what it says now, for ever; then the registry of that name forgets it. */
  async function remembering(
    change: (internet: SmallInternet) => void,
    zones: DnsWorld['zones'] = { 'shop.com': shop, '_domainkey.shop.com': keys },
  ) {
    const internet = await openInternet({ zones });
    let remembered: Answer | undefined;
    internet.net.control.behave({
      servers: ['resolver'],
      names: ['_domainkey.shop.com'],
      types: ['NS'],
      behaviour: {
        kind: 'says',
        answer: (_q, truth) => {
          remembered ??= truth;
          return remembered;
        },
      },
    });
    await internet.dns.delegation(keyZone('shop.com'));
    change(internet);
    return internet;
  }

  test('a fresh look believes the servers above: _domainkey is no zone of its own any more', async () => {
    const { dns } = await remembering(({ net: { control } }) => control.dropDomain('_domainkey.shop.com'));
    expect(await dns.delegation(keyZone('shop.com'))).toMatchObject({ apex: '_domainkey.shop.com', source: 'cache' });
    const found = await dns.delegation(keyZone('shop.com'), { fresh: true });
    expect(found).toMatchObject({ apex: 'shop.com', source: 'parent', servers: [{ name: HOSTER[0] }, { name: HOSTER[1] }] });
    const servers = found.kind === 'delegated' ? found.servers : [];
    expect(await outcomes(dns, servers, dnsName('tok._domainkey.shop.com'))).toMatchObject([{ kind: 'absent' }, { kind: 'absent' }]);
  });

  test('and then it is remembered so', async () => {
    const { dns } = await remembering(({ net: { control } }) => control.dropDomain('_domainkey.shop.com'));
    await dns.delegation(keyZone('shop.com'), { fresh: true });
    expect(await dns.delegation(keyZone('shop.com'))).toMatchObject({ apex: 'shop.com', source: 'cache' });
  });

  test('one of the two servers above still refers to it: it stands', async () => {
    const { dns } = await remembering(({ net: { control } }) =>
      control.setRecord('shop.com', '_domainkey', 'NS', [], { servers: [HOSTER[0] ?? ''] }),
    );
    for (let i = 0; i < 4; i += 1)
      expect(await dns.delegation(keyZone('shop.com'), { fresh: true })).toMatchObject({ apex: '_domainkey.shop.com' });
  });

  test('one of the two servers above knows a zone that the resolver does not: the resolver is believed', async () => {
    const internet = await remembering(() => undefined, { 'shop.com': shop });
    await internet.net.control.addZones({ '_domainkey.shop.com': keys });
    internet.net.control.setRecord('shop.com', '_domainkey', 'NS', [], { servers: [HOSTER[0] ?? ''] });
    const again = internet.openAnother({ routes: internet.net.routes });
    expect(await again.delegation(keyZone('shop.com'), { fresh: true })).toMatchObject({ apex: 'shop.com' });
  });

  test('one of the two servers above says no, the other nothing: the resolver is believed', async () => {
    const { dns } = await remembering(({ net: { control } }) => {
      control.dropDomain('_domainkey.shop.com');
      control.behave({ servers: [HOSTER[0] ?? ''], behaviour: { kind: 'rcode', rcode: 'SERVFAIL' } });
    });
    expect(await dns.delegation(keyZone('shop.com'), { fresh: true })).toMatchObject({ apex: '_domainkey.shop.com' });
  });

  test('the servers above do not answer: the resolver is believed', async () => {
    const { dns } = await remembering(({ net: { control } }) => {
      control.behave({ servers: HOSTER, behaviour: { kind: 'rcode', rcode: 'REFUSED' } });
    });
    expect(await dns.delegation(keyZone('shop.com'), { fresh: true })).toMatchObject({ apex: '_domainkey.shop.com' });
  });

  test('the other way round: a zone made since, of which the resolver does not know yet', async () => {
    const internet = await remembering(() => undefined, { 'shop.com': shop });
    expect(await internet.dns.delegation(keyZone('shop.com'))).toMatchObject({ apex: 'shop.com' });
    await internet.net.control.addZones({ '_domainkey.shop.com': keys });
    const again = internet.openAnother({ routes: internet.net.routes });
    expect(await again.delegation(keyZone('shop.com'), { fresh: true })).toMatchObject({
      apex: '_domainkey.shop.com',
      servers: [{ name: OLD }],
    });
  });
});

describe('the cache', () => {
  const zone = (apex: string) => ({ apex: dnsName(apex), servers: [dnsName(OLD)], glue: new Map(), parentAsked: false });
  const FOREVER = Number.POSITIVE_INFINITY;

  test('a name found to be held further up: the zones between are none, those beside and above stay', () => {
    const cache = createZoneCache(() => 0);
    for (const apex of ['com', 'shop.com', 'news.shop.com', 'eu.news.shop.com', 'blog.shop.com']) cache.putZone(zone(apex));
    cache.putCut(keyZone('eu.news.shop.com'), dnsName('eu.news.shop.com'));
    cache.putCut(keyZone('us.news.shop.com'), dnsName('news.shop.com'));
    cache.putCut(keyZone('blog.shop.com'), dnsName('blog.shop.com'));
    cache.putCut(keyZone('eu.news.shop.com'), dnsName('shop.com'));
    expect(cache.entries().zones.map(([apex]) => apex)).toEqual(['com', 'shop.com', 'blog.shop.com']);
    expect(cache.entries().cuts.map(([name]) => name)).toEqual([keyZone('blog.shop.com'), keyZone('eu.news.shop.com')]);
    expect(cache.zoneFor(keyZone('blog.shop.com'), FOREVER)?.apex).toBe('blog.shop.com');
  });

  test('a name found to be held by its own zone drops nothing', () => {
    const cache = createZoneCache(() => 0);
    for (const apex of ['shop.com', '_domainkey.shop.com']) cache.putZone(zone(apex));
    cache.putCut(keyZone('shop.com'), keyZone('shop.com'));
    expect(cache.entries().zones).toHaveLength(2);
  });
});
