// Servers that do not answer, sockets of their own, and the end of the time.
import { dnsName } from '../../lambda/model/names.ts';
import { askOf, expectGood, GOOD, NAME, QUESTION } from './one-question.ts';
import { replyTo } from './packets.ts';
import { closeAll, closedPort, dnsTo, LONG, openSmallServer, type Script, SERVER, SHORT } from './small-server.ts';

afterEach(closeAll);

describe('silent', () => {
  test('a server that never answers: four tries, the last from a socket of its own', async () => {
    const { outcome, server } = await askOf({}, {}, SHORT);
    expect(outcome).toEqual({ kind: 'silent', how: 'timeout' });
    expect(server.heard.map((h) => h.edns)).toEqual([true, true, false, false]);
  });

  test('a closed port is told from silence', async () => {
    const { outcome } = await dnsTo(await closedPort(), { timeouts: SHORT }).ask(SERVER, QUESTION);
    expect(outcome).toEqual({ kind: 'silent', how: 'port-closed' });
  });

  test('silent about two domains: the third costs nothing', async () => {
    const { server, dns } = await askOf({}, {}, SHORT);
    await dns.ask(SERVER, { name: dnsName('a.example.org'), type: 'TXT' });
    const packets = server.heard.length;
    const third = await dns.ask(SERVER, { name: dnsName('a.example.net'), type: 'TXT' });
    expect(third).toMatchObject({ outcome: { kind: 'silent', how: 'timeout' }, remarks: ['server-dead'] });
    expect(server.heard).toHaveLength(packets);
  });

  test('a server that drops TXT only still answers CNAME', async () => {
    const drops: Script = { udp: (q, _, send) => q.bytes.readUInt16BE(12 + NAME.length + 2) === 5 && send(replyTo(q.bytes, GOOD)) };
    const { dns } = await askOf(drops, {}, SHORT);
    expect((await dns.ask(SERVER, { ...QUESTION, name: dnsName('tok._domainkey.example.org') })).outcome.kind).toBe('silent');
    expect((await dns.ask(SERVER, QUESTION)).outcome).toEqual({ kind: 'silent', how: 'timeout' });
    expectGood((await dns.ask(SERVER, { name: NAME, type: 'CNAME' })).outcome);
  });
});

describe('a socket of its own', () => {
  test('comes from a port not used before', async () => {
    const { server, dns } = await askOf({ udp: (q, _, send) => send(replyTo(q.bytes, GOOD)) });
    await Promise.all(Array.from({ length: 40 }, () => dns.ask(SERVER, QUESTION)));
    const pool = new Set(server.heard.map((h) => h.fromPort));
    for (let i = 0; i < 5; i += 1) expectGood((await dns.ask(SERVER, QUESTION, { newSocket: true })).outcome);
    const own = server.heard.slice(-5).map((h) => h.fromPort);
    expect(new Set(own).size).toBe(5);
    expect(own.filter((port) => pool.has(port))).toEqual([]);
  });

  test('is tried again like any other', async () => {
    const { outcome, server } = await askOf(
      { udp: (q, nth, send) => nth === 2 && send(replyTo(q.bytes, GOOD)) },
      { newSocket: true },
      { ...LONG, firstMs: 60, secondMs: 60 },
    );
    expectGood(outcome);
    expect(new Set(server.heard.map((h) => h.fromPort)).size).toBe(1);
  });
});

describe('the end', () => {
  test('whatever is pending or comes later is out of time', async () => {
    const server = await openSmallServer({});
    const end = new AbortController();
    const dns = dnsTo(server.port, { signal: end.signal, pace: { perServerPerSecond: 1, burst: 1 } });
    const pending = [1, 2, 3].map(() => dns.ask(SERVER, QUESTION));
    const delegation = dns.delegation(dnsName('_domainkey.example.com'));
    end.abort();
    const outOfTime = { kind: 'not-asked', how: 'out-of-time' };
    for (const lookup of await Promise.all(pending)) expect(lookup.outcome).toEqual(outOfTime);
    expect(await delegation).toMatchObject({ kind: 'unknown', why: 'out-of-time' });
    expect((await dns.ask(SERVER, QUESTION)).outcome).toEqual(outOfTime);
    expect((await dns.askResolvers(QUESTION))[0]?.outcome).toEqual(outOfTime);
  });

  test('a room closed while it asks over TCP lets go', async () => {
    let asked: (() => void) | undefined;
    const came = new Promise<void>((resolve) => (asked = resolve));
    const server = await openSmallServer({ udp: (q, _, send) => send(replyTo(q.bytes, { tc: true })), tcp: () => asked?.() });
    const dns = dnsTo(server.port, { timeouts: { tcpMs: 60_000 } });
    const pending = dns.ask(SERVER, QUESTION);
    await came;
    dns.close();
    expect((await pending).outcome).toEqual({ kind: 'not-asked', how: 'out-of-time' });
  });
});

test('an address without route, and one that is private: no packet leaves', async () => {
  const { server, dns } = await askOf({ udp: (q, _, send) => send(replyTo(q.bytes, GOOD)) });
  expect((await dns.ask({ ...SERVER, address: '8.8.8.8' }, QUESTION)).outcome).toEqual({ kind: 'silent', how: 'unreachable' });
  expect((await dns.ask({ ...SERVER, address: '169.254.169.254' }, QUESTION)).outcome).toEqual({
    kind: 'not-asked',
    how: 'address-refused',
  });
  expect(server.heard).toHaveLength(1);
});

test('resolvers are asked with RD, in plain case, and with CD where wanted', async () => {
  const { server, dns } = await askOf({ udp: (q, _, send) => send(replyTo(q.bytes, { ...GOOD, aa: false, ra: true })) });
  const [lookup] = await dns.askResolvers(QUESTION, { checkingDisabled: true });
  expect(lookup?.server).toMatchObject({ role: 'resolver', address: '127.0.0.1' });
  expect(lookup?.outcome.kind).toBe('answer');
  expect(server.heard[1]?.name).toBe(NAME);
  expect(server.heard.map((h) => h.bytes.readUInt16BE(2))).toEqual([0x0000, 0x0110]);
});

test('the control question is asked once in a run, with AD, and told as checked only where the resolver says so', async () => {
  const { server, dns } = await askOf({ udp: (q, _, send) => send(replyTo(q.bytes, { ...GOOD, aa: false, ra: true })) });
  const before = server.heard.length;
  const [first, second] = [await dns.validationControl(), await dns.validationControl()];
  expect(second).toBe(first);
  const asked = server.heard.slice(before).filter(({ name }) => name === 'com');
  expect(asked.map(({ bytes }) => bytes.readUInt16BE(2))).toEqual([0x0120]);
  expect(first.some(({ outcome }) => 'ad' in outcome)).toBe(false);
});
