// The ladder against servers that answer late, wrongly, in pieces or not at all.
import dgram from 'node:dgram';
import type { Outcome } from '../../lambda/model/lookup.ts';
import { dnsName } from '../../lambda/model/names.ts';
import type { Dns } from '../../lambda/sweep/ports.ts';
import { cname, replyBytes, replyTo, soa, txt } from './packets.ts';
import { dnsTo, framed, openSmallServer, type Script, SERVER, type SmallServer } from './small-server.ts';

const NAME = dnsName('tok._domainkey.example.com');
const QUESTION = { name: NAME, type: 'TXT' } as const;
const good = { answers: [cname(NAME, 'tok.dkim.amazonses.com')] };

let open: { server: SmallServer; dns: Dns } | undefined;
afterEach(async () => {
  open?.dns.close();
  await open?.server.close();
  open = undefined;
});

async function askOf(script: Script, options: Parameters<typeof dnsTo>[1] = {}, newSocket = false) {
  const server = await openSmallServer(script);
  const dns = dnsTo(server.port, options);
  open = { server, dns };
  const lookup = await dns.ask(SERVER, QUESTION, { newSocket });
  return { lookup, outcome: lookup.outcome, server, dns };
}

const isAnswer = (outcome: Outcome): void => {
  expect(outcome).toEqual({
    kind: 'answer',
    aa: true,
    records: [{ type: 'CNAME', name: NAME, ttl: 300, value: 'tok.dkim.amazonses.com' }],
  });
};

test('one packet where all is well', async () => {
  const { lookup, server, dns } = await askOf({ udp: (q, _, send) => send(replyTo(q.bytes, good)) });
  isAnswer(lookup.outcome);
  expect(lookup).toMatchObject({ server: SERVER, question: QUESTION, at: '2026-11-01T00:00:00.000Z' });
  expect(lookup.remarks).toBeUndefined();
  expect(server.heard).toHaveLength(1);
  expect(server.heard[0]?.edns).toBe(true);
  expect(dns.questions()).toBe(1);
});

test('ids, ports and letters’ case are not foretold', async () => {
  const { server, dns } = await askOf({ udp: (q, _, send) => send(replyTo(q.bytes, good)) });
  await Promise.all(Array.from({ length: 60 }, () => dns.ask(SERVER, QUESTION)));
  const distinct = (of: (h: SmallServer['heard'][number]) => unknown): number => new Set(server.heard.map(of)).size;
  expect(distinct((h) => h.bytes.readUInt16BE(0))).toBeGreaterThan(50);
  expect(distinct((h) => h.fromPort)).toBeGreaterThan(8);
  expect(distinct((h) => h.fromPort)).toBeLessThanOrEqual(16);
  expect(distinct((h) => h.name)).toBeGreaterThan(50);
});

describe('not our reply', () => {
  const wrong: readonly [string, (q: Buffer) => Buffer][] = [
    ['a wrong id', (q) => Buffer.concat([Buffer.from([(q[0] ?? 0) ^ 1, q[1] ?? 0]), replyTo(q, { rcode: 3 }).subarray(2)])],
    ['another question', (q) => replyBytes({ question: { name: 'evil.example.com', type: 'TXT' }, rcode: 3 }, q.readUInt16BE(0))],
    ['the question itself', (q) => q],
    ['one byte', () => Buffer.from([0])],
    ['nothing', () => Buffer.alloc(0)],
  ];
  test.each(wrong)('%s is not heard; the true reply behind it is', async (_, lie) => {
    const { outcome, server } = await askOf({
      udp: (q, _nth, send) => {
        send(lie(q.bytes));
        send(replyTo(q.bytes, good), 10);
      },
    });
    isAnswer(outcome);
    expect(server.heard).toHaveLength(1);
  });

  test('a reply from another port is not heard', async () => {
    const stranger = dgram.createSocket('udp4');
    const { outcome } = await askOf({
      udp: (q, _, send) => {
        send(replyTo(q.bytes, { rcode: 3, authorities: [soa('example.com')] }), 0, stranger);
        send(replyTo(q.bytes, good), 20);
      },
    });
    stranger.close();
    isAnswer(outcome);
  });
});

describe('tried again', () => {
  test('the second try is answered', async () => {
    const { outcome, server } = await askOf({ udp: (q, nth, send) => nth === 1 && send(replyTo(q.bytes, good)) });
    isAnswer(outcome);
    expect(server.heard.map((h) => h.edns)).toEqual([true, true]);
  });

  test('a late reply to the first try is an answer', async () => {
    const { outcome, server } = await askOf({ udp: (q, nth, send) => nth === 0 && send(replyTo(q.bytes, good), 100) });
    isAnswer(outcome);
    expect(server.heard).toHaveLength(2);
  });

  test('a server deaf to EDNS is heard without', async () => {
    const { lookup, server } = await askOf({ udp: (q, _, send) => !q.edns && send(replyTo(q.bytes, good)) });
    isAnswer(lookup.outcome);
    expect(lookup.remarks).toEqual(['without-edns']);
    expect(server.heard.map((h) => h.edns)).toEqual([true, true, false]);
  });

  const refusals: readonly [string, (q: Buffer) => Buffer][] = [
    ['FORMERR', (q) => replyTo(q, { rcode: 1, aa: false })],
    ['FORMERR without the question', (q) => replyBytes({ rcode: 1, aa: false }, q.readUInt16BE(0))],
    ['NOTIMP', (q) => replyTo(q, { rcode: 4, aa: false })],
    ['garbage behind the question', (q) => replyTo(q, good).subarray(0, -3)],
  ];
  test.each(refusals)('%s to EDNS: again without, at once', async (_, refusal) => {
    const { lookup, server } = await askOf({ udp: (q, _nth, send) => send(q.edns ? refusal(q.bytes) : replyTo(q.bytes, good)) });
    isAnswer(lookup.outcome);
    expect(lookup.remarks).toEqual(['without-edns']);
    expect(server.heard.map((h) => h.edns)).toEqual([true, false]);
  });

  test('a server that does not know EDNS is not asked with it again', async () => {
    const { server, dns } = await askOf({ udp: (q, _, send) => send(q.edns ? replyTo(q.bytes, { rcode: 1 }) : replyTo(q.bytes, good)) });
    isAnswer((await dns.ask(SERVER, QUESTION)).outcome);
    expect(server.heard.map((h) => h.edns)).toEqual([true, false, false]);
  });

  test('FORMERR to everything is broken', async () => {
    const { outcome } = await askOf({ udp: (q, _, send) => send(replyTo(q.bytes, { rcode: 1, aa: false })) });
    expect(outcome).toEqual({ kind: 'broken', how: 'formerr' });
  });

  test('garbage to everything is malformed', async () => {
    const { outcome } = await askOf({ udp: (q, _, send) => send(replyTo(q.bytes, good).subarray(0, -3)) });
    expect(outcome).toEqual({ kind: 'broken', how: 'malformed' });
  });

  test('a server that does not keep letters’ case is asked in lower case', async () => {
    const lowering = (q: Buffer): Buffer => replyTo(Buffer.from(q.toString('latin1').toLowerCase(), 'latin1'), good);
    const script: Script = { udp: (q, _, send) => send(Buffer.concat([q.bytes.subarray(0, 2), lowering(q.bytes).subarray(2)])) };
    const { lookup, server, dns } = await askOf(script);
    isAnswer(lookup.outcome);
    expect(lookup.remarks).toEqual(['case-not-kept']);
    await dns.ask(SERVER, QUESTION);
    expect(server.heard.map((h) => h.name === NAME)).toEqual([false, true, true]);
  });

  test('SERVFAIL once is forgiven', async () => {
    const { outcome, server } = await askOf({ udp: (q, nth, send) => send(replyTo(q.bytes, nth === 0 ? { rcode: 2, aa: false } : good)) });
    isAnswer(outcome);
    expect(server.heard).toHaveLength(2);
  });

  test('SERVFAIL twice is broken', async () => {
    const { outcome, server } = await askOf({ udp: (q, _, send) => send(replyTo(q.bytes, { rcode: 2, aa: false })) });
    expect(outcome).toEqual({ kind: 'broken', how: 'servfail' });
    expect(server.heard).toHaveLength(2);
  });

  test('REFUSED is taken at its word', async () => {
    const { outcome, server } = await askOf({ udp: (q, _, send) => send(replyTo(q.bytes, { rcode: 5, aa: false })) });
    expect(outcome).toEqual({ kind: 'lame', how: 'refused' });
    expect(server.heard).toHaveLength(1);
  });
});

describe('truncated', () => {
  const cut: Script['udp'] = (q, _, send) => send(replyTo(q.bytes, { tc: true }));

  test('asked again over TCP', async () => {
    const long = txt(NAME, ...Array.from({ length: 40 }, () => 'x'.repeat(255)));
    const { lookup, server } = await askOf({ udp: cut, tcp: (q, c) => c.end(framed(replyTo(q.bytes, { answers: [long] }))) });
    expect(lookup.outcome).toMatchObject({ kind: 'answer', records: [{ type: 'TXT', strings: { length: 40 } }] });
    expect(lookup.remarks).toEqual(['over-tcp']);
    expect(server.heard.map((h) => h.over)).toEqual(['udp', 'tcp']);
  });

  test('in pieces of seven bytes it is the same reply', async () => {
    const { outcome } = await askOf({
      udp: cut,
      tcp: (q, c) => {
        c.setNoDelay(true);
        const bytes = framed(replyTo(q.bytes, good));
        for (let at = 0; at < bytes.length; at += 7) c.write(bytes.subarray(at, at + 7));
      },
    });
    isAnswer(outcome);
  });

  const failures: readonly [string, Script['tcp']][] = [
    ['the port is closed', undefined],
    ['nothing comes', () => undefined],
    ['the server hangs up', (_, c) => c.end()],
    ['the server resets', (_, c) => c.resetAndDestroy()],
    ['less comes than announced', (q, c) => c.end(framed(replyTo(q.bytes, good)).subarray(0, 30))],
    [
      'another id comes',
      (q, c) => c.end(framed(Buffer.concat([Buffer.from([~(q.bytes[0] ?? 0) & 255, 0]), replyTo(q.bytes, good).subarray(2)]))),
    ],
    ['empty messages without end', (_, c) => c.write(Buffer.alloc(60_000))],
    [
      'one byte at a time, too slowly',
      (q, c) => {
        const bytes = [...framed(replyTo(q.bytes, good))];
        const timer = setInterval(() => (c.destroyed ? clearInterval(timer) : c.write(Buffer.from(bytes.splice(0, 1)))), 20);
      },
    ],
  ];
  test.each(failures)('%s: TCP failed', async (_, tcp) => {
    const { outcome } = await askOf({ udp: cut, ...(tcp === undefined ? {} : { tcp }) });
    expect(outcome).toEqual({ kind: 'silent', how: 'tcp-failed' });
  });
});

describe('silent', () => {
  test('a server that never answers: four tries, the last from a socket of its own', async () => {
    const { outcome, server } = await askOf({});
    expect(outcome).toEqual({ kind: 'silent', how: 'timeout' });
    expect(server.heard.map((h) => h.edns)).toEqual([true, true, false, false]);
  });

  test('a closed port is told from silence', async () => {
    const closed = await openSmallServer({});
    await closed.close();
    const dns = dnsTo(closed.port);
    const { outcome } = await dns.ask(SERVER, QUESTION);
    dns.close();
    expect(outcome).toEqual({ kind: 'silent', how: 'port-closed' });
  });

  test('silent about two domains: the third costs nothing', async () => {
    const { server, dns } = await askOf({});
    await dns.ask(SERVER, { name: dnsName('a.example.org'), type: 'TXT' });
    const packets = server.heard.length;
    const third = await dns.ask(SERVER, { name: dnsName('a.example.net'), type: 'TXT' });
    expect(third).toMatchObject({ outcome: { kind: 'silent', how: 'timeout' }, remarks: ['server-dead'] });
    expect(server.heard).toHaveLength(packets);
  });

  test('a server that drops TXT only still answers CNAME', async () => {
    const drops: Script = { udp: (q, _, send) => q.bytes.readUInt16BE(12 + NAME.length + 2) === 5 && send(replyTo(q.bytes, good)) };
    const { dns } = await askOf(drops);
    await dns.ask(SERVER, QUESTION);
    expect((await dns.ask(SERVER, QUESTION)).outcome).toEqual({ kind: 'silent', how: 'timeout' });
    isAnswer((await dns.ask(SERVER, { name: NAME, type: 'CNAME' })).outcome);
  });
});

describe('a socket of its own', () => {
  test('comes from a port not used before', async () => {
    const { server, dns } = await askOf({ udp: (q, _, send) => send(replyTo(q.bytes, good)) });
    await Promise.all(Array.from({ length: 40 }, () => dns.ask(SERVER, QUESTION)));
    const pool = new Set(server.heard.map((h) => h.fromPort));
    for (let i = 0; i < 5; i += 1) isAnswer((await dns.ask(SERVER, QUESTION, { newSocket: true })).outcome);
    const own = server.heard.slice(-5).map((h) => h.fromPort);
    expect(new Set(own).size).toBe(5);
    expect(own.filter((port) => pool.has(port))).toEqual([]);
  });

  test('is tried again like any other', async () => {
    const { outcome, server } = await askOf({ udp: (q, nth, send) => nth === 2 && send(replyTo(q.bytes, good)) }, {}, true);
    isAnswer(outcome);
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
    await server.close();
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
    await server.close();
  });
});

test('an address without route, and one that is private: no packet leaves', async () => {
  const { server, dns } = await askOf({ udp: (q, _, send) => send(replyTo(q.bytes, good)) });
  expect((await dns.ask({ ...SERVER, address: '8.8.8.8' }, QUESTION)).outcome).toEqual({ kind: 'silent', how: 'unreachable' });
  expect((await dns.ask({ ...SERVER, address: '169.254.169.254' }, QUESTION)).outcome).toEqual({
    kind: 'not-asked',
    how: 'address-refused',
  });
  expect(server.heard).toHaveLength(1);
});

test('resolvers are asked with RD, in plain case, and with CD where wanted', async () => {
  const { server, dns } = await askOf({ udp: (q, _, send) => send(replyTo(q.bytes, { ...good, aa: false, ra: true })) });
  const [lookup] = await dns.askResolvers(QUESTION, { checkingDisabled: true });
  expect(lookup?.server).toEqual({ role: 'resolver', address: '127.0.0.1' });
  expect(lookup?.outcome.kind).toBe('answer');
  expect(server.heard[1]?.name).toBe(NAME);
  expect(server.heard.map((h) => h.bytes.readUInt16BE(2))).toEqual([0x0000, 0x0110]);
});
