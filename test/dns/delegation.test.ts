// Who answers for a name, as the resolvers and the cache tell it.
import { dnsName } from '../../lambda/model/names.ts';
import { closeInternets, HOSTER, keyZone, openInternet } from './small-internet.ts';

afterEach(closeInternets);

const shop = { ns: HOSTER, records: { 'tok._domainkey': { CNAME: 'tok.dkim.amazonses.com' } } };

test('a domain at a hoster', async () => {
  const { dns, asked } = await openInternet({ zones: { 'shop.com': shop } });
  expect(await dns.delegation(keyZone('shop.com'))).toEqual({
    kind: 'delegated',
    apex: 'shop.com',
    servers: [
      { role: 'authoritative', name: 'ns1.hoster.net', address: '198.51.100.1', zone: 'shop.com' },
      { role: 'authoritative', name: 'ns2.hoster.net', address: '198.51.100.2', zone: 'shop.com' },
    ],
    unusable: [],
    source: 'resolver',
    soaPrimary: 'ns1.hoster.net',
  });
  expect(asked).toEqual([
    'resolver _domainkey.shop.com NS',
    'resolver shop.com NS',
    'resolver ns1.hoster.net A',
    'resolver ns2.hoster.net A',
  ]);
});

test('the second time it costs nothing', async () => {
  const { dns, asked } = await openInternet({ zones: { 'shop.com': shop } });
  await dns.delegation(keyZone('shop.com'));
  const before = asked.length;
  expect(await dns.delegation(keyZone('shop.com'))).toMatchObject({ kind: 'delegated', apex: 'shop.com', source: 'cache' });
  expect(asked).toHaveLength(before);
});

test('ten domains at one hoster, all at once: two questions each, and two for the hoster', async () => {
  const names = Array.from({ length: 10 }, (_, i) => `shop${i}.com`);
  const { dns, asked } = await openInternet({ zones: Object.fromEntries(names.map((name) => [name, shop])) });
  const found = await Promise.all([...names, ...names].map((name) => dns.delegation(keyZone(name))));
  expect(found.every((one) => one.kind === 'delegated')).toBe(true);
  expect(asked).toHaveLength(22);
});

test('an identity below the zone, without zone of its own', async () => {
  const { dns } = await openInternet({ zones: { 'shop.com': shop } });
  expect(await dns.delegation(keyZone('mail.eu.shop.com'))).toMatchObject({ kind: 'delegated', apex: 'shop.com' });
});

test('a subdomain delegated to others', async () => {
  const { dns } = await openInternet({ zones: { 'shop.com': shop, 'mail.shop.com': { ns: ['ns1.other.org'] } } });
  expect(await dns.delegation(keyZone('mail.shop.com'))).toMatchObject({ apex: 'mail.shop.com', servers: [{ name: 'ns1.other.org' }] });
});

test('_domainkey as a zone of its own: one question', async () => {
  const { dns, asked } = await openInternet({ zones: { 'shop.com': shop, '_domainkey.shop.com': { ns: ['ns1.keys.org'] } } });
  expect(await dns.delegation(keyZone('shop.com'))).toMatchObject({ apex: '_domainkey.shop.com', servers: [{ name: 'ns1.keys.org' }] });
  expect(asked).toEqual(['resolver _domainkey.shop.com NS', 'resolver ns1.keys.org A']);
});

test('_domainkey as a CNAME to elsewhere: the zone that holds the CNAME', async () => {
  const { dns } = await openInternet({
    zones: { 'shop.com': { ns: HOSTER, records: { _domainkey: { CNAME: 'keys.other.org' } } }, 'other.org': { ns: ['ns1.other.org'] } },
  });
  expect(await dns.delegation(keyZone('shop.com'))).toMatchObject({ apex: 'shop.com', servers: [{ name: 'ns1.hoster.net' }, {}] });
});

test('a public suffix that holds names without delegating them is their zone', async () => {
  const zones = { 'gov.uk': { ns: HOSTER, records: { 'tok._domainkey.office': { CNAME: 'tok.dkim.amazonses.com' } } } };
  const { dns } = await openInternet({ zones });
  expect(await dns.delegation(keyZone('office.gov.uk'))).toMatchObject({ kind: 'delegated', apex: 'gov.uk' });
  expect(await dns.delegation(keyZone('office.gov.uk'), { fresh: true })).toMatchObject({ kind: 'delegated', apex: 'gov.uk' });
});

describe('servers that cannot be asked', () => {
  test('IPv6 only', async () => {
    const { dns } = await openInternet({
      zones: { 'shop.com': shop },
      nameServers: { 'ns1.hoster.net': ['2001:db8::1'], 'ns2.hoster.net': ['2001:db8::2'] },
    });
    expect(await dns.delegation(keyZone('shop.com'))).toMatchObject({ kind: 'unknown', why: 'ipv6-only' });
  });

  test('private addresses', async () => {
    const { dns, net } = await openInternet({
      zones: { 'shop.com': shop },
      nameServers: { 'ns1.hoster.net': ['10.0.0.1', '169.254.169.254'], 'ns2.hoster.net': ['198.51.100.9'] },
    });
    expect(await dns.delegation(keyZone('shop.com'))).toMatchObject({
      kind: 'delegated',
      servers: [{ address: '198.51.100.9' }],
      unusable: [
        { name: 'ns1.hoster.net', why: 'address-refused', address: '10.0.0.1' },
        { name: 'ns1.hoster.net', why: 'address-refused', address: '169.254.169.254' },
      ],
    });
    await net.control.setOpen('198.51.100.9', true);
  });

  test('nothing but private addresses', async () => {
    // The resolver answers from the registry's side: this world's own servers are out of its reach too.
    const { dns, net } = await openInternet({ zones: { 'shop.com': shop } });
    net.control.behave({
      servers: ['resolver'],
      types: ['A'],
      behaviour: {
        kind: 'says',
        answer: (q, truth) => ({ ...truth, answers: [{ name: q.name, ttl: 60, data: { type: 'A', address: '192.168.0.1' } }] }),
      },
    });
    expect(await dns.delegation(keyZone('shop.com'))).toMatchObject({ kind: 'unknown', why: 'address-refused' });
  });

  test('no address at all', async () => {
    const { dns, net } = await openInternet({ zones: { 'shop.com': shop } });
    net.control.behave({ servers: ['resolver'], types: ['A', 'AAAA'], behaviour: { kind: 'rcode', rcode: 'NXDOMAIN' } });
    expect(await dns.delegation(keyZone('shop.com'))).toMatchObject({ kind: 'unknown', why: 'no-servers' });
  });
});

describe('the cache', () => {
  test.each([
    ['a short TTL', 60],
    ['a long TTL', 2_000_000],
  ])('%s is held for an hour, and at most half an hour more', async (_name, ttl) => {
    const internet = await openInternet({ zones: { 'shop.com': { ...shop, ttl } } });
    await internet.dns.delegation(keyZone('shop.com'));
    internet.time += 3_599_000;
    expect(await internet.dns.delegation(keyZone('shop.com'))).toMatchObject({ source: 'cache' });
    internet.time += 1_802_000;
    expect(await internet.dns.delegation(keyZone('shop.com'))).toMatchObject({ source: 'resolver' });
  });

  test('about once a day the servers above are asked too, each zone in an hour of its own', async () => {
    const internet = await openInternet({ zones: { 'shop.com': shop } });
    let asked = 0;
    for (let hour = 0; hour < 24; hour += 1) {
      internet.asked.length = 0;
      internet.dns.forget(dnsName('shop.com'));
      await internet.dns.delegation(keyZone('shop.com'));
      if (internet.asked.some((question) => question.startsWith('parent'))) asked += 1;
      internet.time += 3_600_000;
    }
    expect(asked).toBe(1);
  });

  test('forgets a zone on demand', async () => {
    const { dns } = await openInternet({ zones: { 'shop.com': shop } });
    await dns.delegation(keyZone('shop.com'));
    dns.forget(dnsName('shop.com'));
    expect(await dns.delegation(keyZone('shop.com'))).toMatchObject({ source: 'resolver' });
  });

  test('forgets a zone learned afresh when the minute is over', async () => {
    const internet = await openInternet({ zones: { 'shop.com': shop } });
    await internet.dns.delegation(keyZone('shop.com'), { fresh: true });
    internet.dns.forget(dnsName('shop.com'));
    internet.time += 60_000;
    expect(await internet.dns.delegation(keyZone('shop.com'))).toMatchObject({ source: 'resolver' });
  });

  test('goes out and comes back', async () => {
    const internet = await openInternet({ zones: { 'shop.com': shop, '_domainkey.two.com': { ns: ['ns1.two.com'] }, 'two.com': shop } });
    const first = [await internet.dns.delegation(keyZone('shop.com')), await internet.dns.delegation(keyZone('two.com'))];
    const kept: unknown = JSON.parse(JSON.stringify(internet.dns.exportCache()));
    const later = internet.openAnother();
    later.importCache(kept);
    const before = internet.asked.length;
    const again = [await later.delegation(keyZone('shop.com')), await later.delegation(keyZone('two.com'))];
    expect(again).toEqual(first.map((one) => ({ ...one, source: 'cache' })));
    expect(internet.asked).toHaveLength(before);
  });
});

describe('fresh', () => {
  test('takes nothing from the cache', async () => {
    const internet = await openInternet({ zones: { 'shop.com': shop } });
    await internet.dns.delegation(keyZone('shop.com'));
    await internet.net.control.moveZone('shop.com', ['ns1.new.org']);
    expect(await internet.dns.delegation(keyZone('shop.com'))).toMatchObject({ servers: [{ name: 'ns1.hoster.net' }, {}] });
    expect(await internet.dns.delegation(keyZone('shop.com'), { fresh: true })).toMatchObject({ servers: [{ name: 'ns1.new.org' }] });
  });

  test('many names of one zone share it for a minute', async () => {
    const internet = await openInternet({ zones: { 'shop.com': shop } });
    await internet.dns.delegation(keyZone('shop.com'), { fresh: true });
    const before = internet.asked.length;
    await internet.dns.delegation(keyZone('shop.com'), { fresh: true });
    expect(internet.asked).toHaveLength(before);
    await internet.dns.delegation(keyZone('mail.shop.com'), { fresh: true });
    expect(internet.asked.slice(before)).toEqual(['resolver _domainkey.mail.shop.com NS']);
    internet.dns.forget(dnsName('shop.com'));
    await internet.dns.delegation(keyZone('shop.com'), { fresh: true });
    expect(internet.asked).toHaveLength(before + 1);
    internet.time += 61_000;
    expect(await internet.dns.delegation(keyZone('shop.com'), { fresh: true })).toMatchObject({ source: 'resolver' });
  });

  test('joins the parent’s servers to the child’s', async () => {
    const { dns } = await openInternet({
      zones: { 'shop.com': { ...shop, ns: ['ns1.hoster.net'], delegatedTo: ['ns1.hoster.net', 'ns1.lost.org'] } },
    });
    expect(await dns.delegation(keyZone('shop.com'))).toMatchObject({ servers: [{ name: 'ns1.hoster.net' }] });
    const joined = await dns.delegation(keyZone('shop.com'), { fresh: true });
    expect(joined).toMatchObject({ kind: 'delegated', servers: [{ name: 'ns1.hoster.net' }, { name: 'ns1.lost.org' }] });
  });

  test('a domain that its registry dropped is gone, whatever the resolver still knows', async () => {
    const { dns, net } = await openInternet({ zones: { 'shop.com': shop } });
    await dns.delegation(keyZone('shop.com'));
    net.control.dropDomain('shop.com');
    expect(await dns.delegation(keyZone('shop.com'))).toMatchObject({ kind: 'delegated', source: 'cache' });
    expect(await dns.delegation(keyZone('shop.com'), { fresh: true })).toMatchObject({
      kind: 'gone',
      registrable: 'shop.com',
      how: 'nxdomain',
    });
  });
});
