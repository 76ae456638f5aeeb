// Delegations where the resolvers fail or say "no such domain": the servers above are asked.
import type { DnsOptions } from '../../lambda/dns/open-dns.ts';
import { dnsName } from '../../lambda/model/names.ts';
import type { Answer, WireRecord } from '../../sandbox/dns/message.ts';
import { closeInternets, HOSTER, keyZone, openInternet } from './small-internet.ts';

afterEach(closeInternets);

const shop = { ns: HOSTER };
const REGISTRY = ['192.0.2.11', '192.0.2.12'];
const servfail = { servers: ['resolver'], behaviour: { kind: 'rcode', rcode: 'SERVFAIL' } } as const;
const nsRecord = (name: string, target: string): WireRecord => ({ name, ttl: 300, data: { type: 'NS', target } });
const referral = (truth: Answer, ...authority: WireRecord[]): Answer => ({
  ...truth,
  rcode: 'NOERROR',
  aa: false,
  answers: [],
  authority,
  additional: [],
});

describe('a domain that is not there', () => {
  test('is gone when two of the registry’s servers say so', async () => {
    const { dns } = await openInternet({ zones: { 'shop.com': shop } });
    const found = await dns.delegation(keyZone('nowhere.com'));
    expect(found).toMatchObject({ kind: 'gone', registrable: 'nowhere.com', how: 'nxdomain' });
    const said = found.kind === 'gone' ? found.lookups.map((one) => [one.server.address, one.outcome.kind]) : [];
    expect(said.sort()).toEqual(REGISTRY.map((address) => [address, 'absent']));
  });

  test('below a public suffix of two labels, the registry is that suffix’s', async () => {
    const { dns } = await openInternet({ zones: { 'co.uk': { ns: ['a.nic.uk', 'b.nic.uk'] }, 'shop.co.uk': shop } });
    expect(await dns.delegation(keyZone('shop.co.uk'))).toMatchObject({ kind: 'delegated', apex: 'shop.co.uk' });
    expect(await dns.delegation(keyZone('mail.nowhere.co.uk'))).toMatchObject({ kind: 'gone', registrable: 'nowhere.co.uk' });
  });

  test('under a top-level domain that does not exist', async () => {
    const { dns } = await openInternet({ zones: { 'shop.com': shop } });
    expect(await dns.delegation(keyZone('shop.nosuchtld'))).toMatchObject({ kind: 'gone', registrable: 'shop.nosuchtld', how: 'nxdomain' });
  });

  test('known to the registry, but not delegated', async () => {
    const { dns, net } = await openInternet({ zones: { 'shop.com': shop } });
    net.control.dropDomain('shop.com');
    net.control.setRecord('com', 'shop', 'TXT', 'on hold');
    net.control.behave({ servers: ['resolver'], behaviour: { kind: 'rcode', rcode: 'SERVFAIL' } });
    expect(await dns.delegation(keyZone('shop.com'))).toMatchObject({ kind: 'gone', how: 'no-delegation' });
  });

  test('one of two says so and the other is silent: the resolvers decide, if they agree', async () => {
    const { dns, net, openAnother } = await openInternet({ zones: { 'shop.com': shop, 'amazonses.com': shop } });
    net.control.dropDomain('shop.com');
    net.control.behave({ servers: [REGISTRY[0] ?? ''], behaviour: { kind: 'silent' } });
    expect(await dns.delegation(keyZone('shop.com'))).toMatchObject({ kind: 'gone' });
    const broken = await openInternet({ zones: {} });
    broken.net.control.behave(servfail);
    const disagreeing = openAnother({ resolvers: [net.resolver, broken.net.resolver] });
    expect(await disagreeing.delegation(keyZone('shop.com'))).toMatchObject({ kind: 'unknown', why: 'resolver-failed' });
  });

  test('one server of two still delegates: it is there', async () => {
    const { dns, net } = await openInternet({ zones: { 'shop.com': shop } });
    net.control.behave({ servers: ['resolver'], names: ['shop.com'], behaviour: { kind: 'rcode', rcode: 'NXDOMAIN' } });
    net.control.setRecord('com', 'shop', 'NS', [], { servers: [REGISTRY[0] ?? ''] });
    expect(await dns.delegation(keyZone('shop.com'))).toMatchObject({ kind: 'delegated', source: 'parent' });
  });

  test('the resolver says so and the registry does not: it is there', async () => {
    const { dns, net } = await openInternet({ zones: { 'shop.com': shop } });
    net.control.behave({ servers: ['resolver'], names: ['shop.com'], behaviour: { kind: 'rcode', rcode: 'NXDOMAIN' } });
    expect(await dns.delegation(keyZone('shop.com'))).toMatchObject({ kind: 'delegated', apex: 'shop.com', source: 'parent' });
  });
});

describe('without a way to the root', () => {
  test('NXDOMAIN from two resolvers, twice, is gone', async () => {
    const { net, openAnother } = await openInternet({ zones: { 'shop.com': shop, 'amazonses.com': shop } });
    const dns = openAnother({ resolvers: [net.resolver, { ...net.resolver }], rootHints: [] });
    expect(await dns.delegation(keyZone('nowhere.com'))).toMatchObject({ kind: 'gone', how: 'nxdomain' });
  });

  test('resolvers that fail tell nothing', async () => {
    const { dns, net } = await openInternet({ zones: { 'shop.com': shop } }, { rootHints: [] });
    net.control.behave(servfail);
    expect(await dns.delegation(keyZone('shop.com'))).toMatchObject({ kind: 'unknown', why: 'resolver-failed' });
  });

  test('a second resolver is asked where the first fails', async () => {
    const broken = await openInternet({ zones: {} });
    broken.net.control.behave(servfail);
    const { net, openAnother } = await openInternet({ zones: { 'shop.com': shop } });
    const dns = openAnother({ resolvers: [broken.net.resolver, net.resolver], rootHints: [] });
    expect(await dns.delegation(keyZone('shop.com'))).toMatchObject({ kind: 'delegated', source: 'resolver' });
  });

  test('the root is not tried again and again', async () => {
    const { dns, net, lookups } = await openInternet({ zones: { 'shop.com': shop } });
    net.control.behave(servfail);
    net.control.behave({ servers: [...net.rootHints], behaviour: { kind: 'silent' } });
    await dns.delegation(keyZone('one.com'));
    const before = lookups.filter((one) => one.server.role === 'parent').length;
    await dns.delegation(keyZone('two.com'));
    expect(lookups.filter((one) => one.server.role === 'parent')).toHaveLength(before);
  });
});

describe('resolvers that fail', () => {
  test.each(['SERVFAIL', 'REFUSED'] as const)('%s: the delegation comes from above', async (rcode) => {
    const { dns, net } = await openInternet({ zones: { 'shop.com': shop } });
    net.control.behave({ servers: ['resolver'], names: ['shop.com'], behaviour: { kind: 'rcode', rcode } });
    expect(await dns.delegation(keyZone('shop.com'))).toMatchObject({
      kind: 'delegated',
      apex: 'shop.com',
      source: 'parent',
      servers: [{ address: '198.51.100.1' }, { address: '198.51.100.2' }],
      soaPrimary: 'ns1.hoster.net',
    });
  });

  test('silence for everything: servers without glue are found from above too', async () => {
    const { dns, net } = await openInternet({ zones: { 'shop.com': shop } });
    net.control.behave({ servers: ['resolver'], behaviour: { kind: 'silent' } });
    expect(await dns.delegation(keyZone('shop.com'))).toMatchObject({
      kind: 'delegated',
      servers: [{ address: '198.51.100.1' }, { address: '198.51.100.2' }],
    });
  });

  test('glue is enough where the servers’ names lie in the zone itself', async () => {
    const { dns, net } = await openInternet({ zones: { 'shop.com': { ns: ['ns1.shop.com'] } } });
    net.control.behave(servfail);
    net.control.behave({ servers: ['zone:shop.com'], behaviour: { kind: 'silent' } });
    expect(await dns.delegation(keyZone('shop.com'))).toMatchObject({
      kind: 'delegated',
      servers: [{ name: 'ns1.shop.com', address: '198.51.100.1' }],
    });
  });

  test('a zone deep below', async () => {
    const zones = { 'shop.com': shop, 'eu.shop.com': { ns: ['ns1.eu.org'] }, '_domainkey.mail.eu.shop.com': { ns: ['ns1.keys.org'] } };
    const { dns, net } = await openInternet({ zones });
    net.control.behave(servfail);
    expect(await dns.delegation(keyZone('mail.eu.shop.com'))).toMatchObject({ apex: '_domainkey.mail.eu.shop.com' });
    expect(await dns.delegation(keyZone('other.eu.shop.com'))).toMatchObject({ apex: 'eu.shop.com', servers: [{ name: 'ns1.eu.org' }] });
  });

  test('a zone deep below on the same servers: no referral leads to it', async () => {
    const { dns, net } = await openInternet({ zones: { 'shop.com': shop, 'eu.shop.com': shop } });
    net.control.behave(servfail);
    expect(await dns.delegation(keyZone('eu.shop.com'))).toMatchObject({ kind: 'delegated', apex: 'eu.shop.com' });
  });

  test('the registry is found once for all domains', async () => {
    const { dns, net, asked } = await openInternet({ zones: { 'one.com': shop, 'two.com': shop } });
    net.control.behave(servfail);
    await dns.delegation(keyZone('one.com'));
    const before = asked.length;
    await dns.delegation(keyZone('two.com'));
    expect(asked.slice(before).filter((one) => one.startsWith('parent'))).toEqual([
      'parent two.com NS',
      // Below the registry two are asked.
      'parent _domainkey.two.com NS',
      'parent _domainkey.two.com NS',
    ]);
  });
});

describe('hostile servers above', () => {
  const lies: readonly [string, (name: string, truth: Answer) => Answer][] = [
    ['refer to themselves', (_, truth) => referral(truth, nsRecord('com', 'a.nic.com'))],
    ['refer to the root', (_, truth) => referral(truth, nsRecord('', 'a.root-servers.net'))],
    ['refer to somebody else', (_, truth) => referral(truth, nsRecord('bank.org', 'ns.bank.org'))],
    ['refer to a name that no object should have', (name, truth) => referral(truth, nsRecord(name, '__proto__'))],
    ['refer to nobody', (name, truth) => referral(truth, nsRecord(name, '.'))],
    ['say that it is all theirs', (_, truth) => ({ ...truth, rcode: 'NXDOMAIN', aa: false, answers: [], authority: [], additional: [] })],
  ];
  test.each(lies)('that %s make it unknown', async (_, lie) => {
    const { dns, net } = await openInternet({ zones: { 'shop.com': shop } });
    net.control.behave({ ...servfail, names: ['shop.com'] });
    net.control.behave({ servers: REGISTRY, names: ['shop.com'], behaviour: { kind: 'says', answer: (q, truth) => lie(q.name, truth) } });
    expect(await dns.delegation(keyZone('shop.com'))).toMatchObject({ kind: 'unknown' });
  });

  test('thousands of name servers are cut to thirteen', async () => {
    const { dns, net } = await openInternet({ zones: { 'shop.com': shop } });
    net.control.behave({ ...servfail, names: ['shop.com'] });
    const many = Array.from({ length: 400 }, (_, i) => `ns${i}.hoster.net`);
    const says = (q: { name: string }, truth: Answer): Answer => referral(truth, ...many.map((target) => nsRecord(q.name, target)));
    net.control.behave({ servers: REGISTRY, names: ['shop.com'], behaviour: { kind: 'says', answer: says } });
    const found = await dns.delegation(keyZone('shop.com'));
    const count = found.kind === 'delegated' ? found.servers.length + found.unusable.length : 13;
    expect(count).toBeLessThanOrEqual(13);
    expect(dns.questions()).toBeLessThan(400);
  });

  test('glue for names that are not theirs is not believed', async () => {
    const { dns, net } = await openInternet({ zones: { 'shop.com': shop } });
    net.control.behave({ ...servfail, names: ['shop.com'] });
    const poison: WireRecord = { name: 'ns1.hoster.net', ttl: 300, data: { type: 'A', address: '203.0.113.66' } };
    net.control.behave({
      servers: REGISTRY,
      names: ['shop.com'],
      behaviour: { kind: 'says', answer: (_, truth) => ({ ...truth, additional: [poison] }) },
    });
    expect(await dns.delegation(keyZone('shop.com'))).toMatchObject({
      servers: [{ address: '198.51.100.1' }, { address: '198.51.100.2' }],
    });
  });

  test('servers whose names hang on each other end somewhere', async () => {
    const { dns, net } = await openInternet({ zones: { 'one.com': { ns: ['ns.two.com'] }, 'two.com': { ns: ['ns.one.com'] } } });
    net.control.behave(servfail);
    net.control.behave({ servers: REGISTRY, behaviour: { kind: 'says', answer: (_, truth) => ({ ...truth, additional: [] }) } });
    expect(await dns.delegation(keyZone('one.com'))).toMatchObject({ kind: 'unknown' });
    expect(dns.questions()).toBeLessThan(400);
  });

  test('a ladder of twenty zones is too long', async () => {
    const labels = Array.from({ length: 20 }, (_, i) => `z${i}`);
    const zones = Object.fromEntries(
      labels.map((_, i) => [
        `${labels
          .slice(0, i + 1)
          .reverse()
          .join('.')}.shop.com`,
        { ns: [`ns${i}.hoster.net`] },
      ]),
    );
    const { dns, net } = await openInternet({ zones: { 'shop.com': shop, ...zones } });
    net.control.behave({ ...servfail, names: ['shop.com'] });
    expect(await dns.delegation(dnsName(`_domainkey.${[...labels].reverse().join('.')}.shop.com`))).toMatchObject({
      kind: 'unknown',
      why: 'loop',
    });
  });
});

describe('only the resolvers to go by', () => {
  const isolated = async (more: Partial<DnsOptions> = {}) =>
    openInternet({ zones: { 'shop.com': shop, 'amazonses.com': { ns: ['ns1.hoster.net'] } } }, { rootHints: [], ...more });

  test('one resolver that denies everything is a fault of ours, not the end of every domain', async () => {
    const { dns, net } = await isolated();
    net.control.behave({ servers: ['resolver'], behaviour: { kind: 'rcode', rcode: 'NXDOMAIN' } });
    expect(await dns.delegation(keyZone('shop.com'))).toMatchObject({ kind: 'unknown', why: 'resolver-failed' });
  });
});
