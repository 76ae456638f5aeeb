// The cache as it is kept between sweeps: what comes back is checked, and bounded.
import { createZoneCache, LONGEST_MS } from '../../lambda/dns/zone-cache.ts';
import { packCache, unpackCache } from '../../lambda/dns/zone-store.ts';
import { dnsName } from '../../lambda/model/names.ts';

const NOW = Date.UTC(2026, 10, 1);
const shop = dnsName('shop.com');
const ns1 = dnsName('ns1.hoster.net');
const ns2 = dnsName('ns2.hoster.net');

function filled() {
  const cache = createZoneCache(() => NOW);
  cache.putHost(ns1, { kind: 'addresses', addresses: ['192.0.2.1', '192.0.2.2'] }, 7200);
  cache.putZone({ apex: shop, servers: [ns1, ns2], glue: new Map([[ns2, ['192.0.2.9']]]), parentAsked: true, soaPrimary: 'ns1\\.odd.net' });
  cache.putCut(dnsName('_domainkey.shop.com'), shop);
  return cache;
}

const packed = () => JSON.parse(JSON.stringify(packCache(filled().entries()))) as Record<string, unknown[][]>;

test('comes back as it was', () => {
  const entries = unpackCache(packed(), NOW);
  expect(entries).toEqual(filled().entries());
});

test('is short: about a hundred bytes an identity of a shared hoster', () => {
  const cache = createZoneCache(() => NOW);
  for (let h = 0; h < 20; h += 1) cache.putHost(dnsName(`ns${h}.hoster.net`), { kind: 'addresses', addresses: ['192.0.2.1'] }, 0);
  for (let i = 0; i < 1000; i += 1) {
    const apex = dnsName(`customer-${i}.com`);
    cache.putZone({
      apex,
      servers: [dnsName('ns1.hoster.net'), dnsName('ns2.hoster.net')],
      glue: new Map(),
      parentAsked: false,
      soaPrimary: 'ns1.hoster.net',
    });
    cache.putCut(dnsName(`_domainkey.${apex}`), apex);
  }
  expect(JSON.stringify(packCache(cache.entries())).length / 1000).toBeLessThan(170);
});

test('what has run out is not kept', () => {
  const cache = filled();
  const later = createZoneCache(() => NOW + 7_200_000);
  later.restore(cache.entries());
  expect(later.entries()).toEqual({ zones: [], hosts: [], cuts: [] });
});

test('no entry holds longer than a day, whatever the store says', () => {
  const forged = packed();
  const zone = forged.zones?.[0] ?? [];
  zone[2] = 9_999_999_999;
  const [, dated] = unpackCache(forged, NOW)?.zones[0] ?? [];
  expect(dated?.until).toBe(NOW + LONGEST_MS);
});

test('an entry from the future counts as too old', () => {
  const forged = packed();
  const zone = forged.zones?.[0] ?? [];
  zone[1] = NOW / 1000 + 3600;
  const cache = createZoneCache(() => NOW);
  const entries = unpackCache(forged, NOW);
  if (entries !== undefined) cache.restore(entries);
  expect(cache.zone(shop, Number.POSITIVE_INFINITY)).toBeUndefined();
});

const damage: readonly [string, (good: Record<string, unknown[][]>) => unknown][] = [
  ['nothing', () => undefined],
  ['null', () => null],
  ['a text', () => 'cache'],
  ['an empty object', () => ({})],
  ['another schema', (good) => ({ ...good, schema: 2 })],
  ['a name that is none', (good) => ({ ...good, cuts: [['a..b', 1, 2, 'shop.com']] })],
  ['an address that is none', (good) => ({ ...good, hosts: [['ns1.hoster.net', 1, 2, ['999.1.1.1']]] })],
  ['a thousand addresses', (good) => ({ ...good, hosts: [['ns1.hoster.net', 1, 2, Array(1000).fill('192.0.2.1')]] })],
  ['a time that is none', (good) => ({ ...good, hosts: [['ns1.hoster.net', Number.NaN, 2, []]] })],
  ['a hundred thousand cuts', (good) => ({ ...good, cuts: Array(100_000).fill(['a.com', 1, 2, 'a.com']) })],
];
test.each(damage)('%s is ignored', (_, forge) => {
  expect(unpackCache(forge(packed()), NOW)).toBeUndefined();
});

test('a server that refers to no host is left out', () => {
  const forged = packed();
  const zone = forged.zones?.[0] ?? [];
  zone[3] = [0, 77];
  expect(unpackCache(forged, NOW)?.zones[0]?.[1].value.servers).toEqual([ns1]);
});

test('the oldest entry makes room', () => {
  const cache = createZoneCache(() => NOW);
  for (let i = 0; i < 50_001; i += 1) cache.putCut(dnsName(`d${i}.com`), shop);
  expect(cache.entries().cuts).toHaveLength(50_000);
  expect(cache.entries().cuts[0]?.[0]).toBe('d1.com');
});
