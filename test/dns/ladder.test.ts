// The ladder against servers that answer late, wrongly, in pieces or not at all.
import dgram from 'node:dgram';
import { askOf, expectGood, GOOD, NAME, QUESTION } from './one-question.ts';
import { replyBytes, replyTo, soa, txt } from './packets.ts';
import { closeAll, framed, LONG, type Script, SERVER } from './small-server.ts';

afterEach(closeAll);

test('one packet where all is well', async () => {
  const { lookup, server, dns } = await askOf({ udp: (q, _, send) => send(replyTo(q.bytes, GOOD)) });
  expectGood(lookup.outcome);
  expect(lookup).toMatchObject({ server: SERVER, question: QUESTION, at: '2026-11-01T00:00:00.000Z' });
  expect(lookup.remarks).toBeUndefined();
  expect(server.heard).toHaveLength(1);
  expect(server.heard[0]?.edns).toBe(true);
  expect(dns.questions()).toBe(1);
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
        send(replyTo(q.bytes, GOOD), 10);
      },
    });
    expectGood(outcome);
    expect(server.heard).toHaveLength(1);
  });

  test('a reply from another port is not heard', async () => {
    const stranger = dgram.createSocket('udp4');
    const { outcome } = await askOf({
      udp: (q, _, send) => {
        send(replyTo(q.bytes, { rcode: 3, authorities: [soa('example.com')] }), 0, stranger);
        send(replyTo(q.bytes, GOOD), 20);
      },
    });
    stranger.close();
    expectGood(outcome);
  });
});

/** Gives up the first try at once, and the second never. */
const IMPATIENT = { ...LONG, firstMs: 60 };

describe('tried again', () => {
  test('the second try is answered', async () => {
    const { outcome, server } = await askOf({ udp: (q, nth, send) => nth === 1 && send(replyTo(q.bytes, GOOD)) }, {}, IMPATIENT);
    expectGood(outcome);
    expect(server.heard.map((h) => h.edns)).toEqual([true, true]);
  });

  test('a late reply to the first try is an answer', async () => {
    const { outcome, server } = await askOf({ udp: (q, nth, send) => nth === 0 && send(replyTo(q.bytes, GOOD), 100) }, {}, IMPATIENT);
    expectGood(outcome);
    expect(server.heard).toHaveLength(2);
  });

  test('a server deaf to EDNS is heard without', async () => {
    const { lookup, server } = await askOf(
      { udp: (q, _, send) => !q.edns && send(replyTo(q.bytes, GOOD)) },
      {},
      { ...LONG, firstMs: 200, secondMs: 200 },
    );
    expectGood(lookup.outcome);
    expect(lookup.remarks).toEqual(['without-edns']);
    expect(server.heard.map((h) => h.edns)).toEqual([true, true, false]);
  });

  const refusals: readonly [string, (q: Buffer) => Buffer][] = [
    ['FORMERR', (q) => replyTo(q, { rcode: 1, aa: false })],
    ['FORMERR without the question', (q) => replyBytes({ rcode: 1, aa: false }, q.readUInt16BE(0))],
    ['NOTIMP', (q) => replyTo(q, { rcode: 4, aa: false })],
    ['garbage behind the question', (q) => replyTo(q, GOOD).subarray(0, -3)],
  ];
  test.each(refusals)('%s to EDNS: again without, at once', async (_, refusal) => {
    const { lookup, server } = await askOf({ udp: (q, _nth, send) => send(q.edns ? refusal(q.bytes) : replyTo(q.bytes, GOOD)) });
    expectGood(lookup.outcome);
    expect(lookup.remarks).toEqual(['without-edns']);
    expect(server.heard.map((h) => h.edns)).toEqual([true, false]);
  });

  test('a server that does not know EDNS is not asked with it again', async () => {
    const { server, dns } = await askOf({ udp: (q, _, send) => send(q.edns ? replyTo(q.bytes, { rcode: 1 }) : replyTo(q.bytes, GOOD)) });
    expectGood((await dns.ask(SERVER, QUESTION)).outcome);
    expect(server.heard.map((h) => h.edns)).toEqual([true, false, false]);
  });

  test('FORMERR to everything is broken', async () => {
    const { outcome } = await askOf({ udp: (q, _, send) => send(replyTo(q.bytes, { rcode: 1, aa: false })) });
    expect(outcome).toEqual({ kind: 'broken', how: 'formerr' });
  });

  test('garbage to everything is malformed', async () => {
    const { outcome } = await askOf({ udp: (q, _, send) => send(replyTo(q.bytes, GOOD).subarray(0, -3)) });
    expect(outcome).toEqual({ kind: 'broken', how: 'malformed' });
  });

  test('a server that does not keep letters’ case is asked in lower case', async () => {
    const lowering = (q: Buffer): Buffer => replyTo(Buffer.from(q.toString('latin1').toLowerCase(), 'latin1'), GOOD);
    const script: Script = { udp: (q, _, send) => send(Buffer.concat([q.bytes.subarray(0, 2), lowering(q.bytes).subarray(2)])) };
    const { lookup, server, dns } = await askOf(script);
    expectGood(lookup.outcome);
    expect(lookup.remarks).toEqual(['case-not-kept']);
    await dns.ask(SERVER, QUESTION);
    expect(server.heard.map((h) => h.name === NAME)).toEqual([false, true, true]);
  });

  test('SERVFAIL once is forgiven', async () => {
    const { outcome, server } = await askOf({ udp: (q, nth, send) => send(replyTo(q.bytes, nth === 0 ? { rcode: 2, aa: false } : GOOD)) });
    expectGood(outcome);
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
        const bytes = framed(replyTo(q.bytes, GOOD));
        for (let at = 0; at < bytes.length; at += 7) c.write(bytes.subarray(at, at + 7));
      },
    });
    expectGood(outcome);
  });

  const failures: readonly [string, Script['tcp']][] = [
    ['the port is closed', undefined],
    ['nothing comes', () => undefined],
    ['the server hangs up', (_, c) => c.end()],
    ['the server resets', (_, c) => c.resetAndDestroy()],
    ['less comes than announced', (q, c) => c.end(framed(replyTo(q.bytes, GOOD)).subarray(0, 30))],
    [
      'another id comes',
      (q, c) => c.end(framed(Buffer.concat([Buffer.from([~(q.bytes[0] ?? 0) & 255, 0]), replyTo(q.bytes, GOOD).subarray(2)]))),
    ],
    ['empty messages without end', (_, c) => c.write(Buffer.alloc(60_000))],
    [
      'one byte at a time, too slowly',
      (q, c) => {
        const bytes = [...framed(replyTo(q.bytes, GOOD))];
        const timer = setInterval(() => (c.destroyed ? clearInterval(timer) : c.write(Buffer.from(bytes.splice(0, 1)))), 20);
      },
    ],
  ];
  test.each(failures)('%s: TCP failed', async (_, tcp) => {
    const { outcome } = await askOf({ udp: cut, ...(tcp === undefined ? {} : { tcp }) }, {}, { ...LONG, tcpMs: 150 });
    expect(outcome).toEqual({ kind: 'silent', how: 'tcp-failed' });
  });
});
