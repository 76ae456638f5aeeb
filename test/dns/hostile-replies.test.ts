// Replies made to deceive or to wear out: what one question may cost is bounded, whatever comes back.
import dgram from 'node:dgram';
import { BOUNDS } from '../../lambda/dns/bounds.ts';
import { dnsName } from '../../lambda/model/names.ts';
import { askOf, expectGood, GOOD, NAME, QUESTION } from './one-question.ts';
import { cname, replyBytes, replyTo, soa, txt } from './packets.ts';
import { closeAll, framed, LONG, type Script, SERVER, SHORT } from './small-server.ts';

afterEach(closeAll);

/** "It does not exist", in due form. */
const LIE = { rcode: 3, authorities: [soa('example.com')] };
/** Gives up the first try soon, and the second never. */
const IMPATIENT = { ...LONG, firstMs: 60 };

const strangers: dgram.Socket[] = [];
afterEach(() => {
  for (const socket of strangers.splice(0)) socket.close();
});

/** A socket that is not the server's: on another port, or on its port at another address. */
async function stranger(address: string, port: number): Promise<dgram.Socket> {
  const socket = dgram.createSocket('udp4');
  strangers.push(socket);
  await new Promise<void>((resolve) => socket.bind(port, address, resolve));
  return socket;
}

describe('a forger who is faster than the server', () => {
  test.each([
    ['from another address, at the same port', '127.0.0.2'],
    ['from another port', '127.0.0.1'],
  ])('%s, with the right id and question, is not heard', async (_, address) => {
    let port = 0;
    const { outcome, server } = await askOf(
      {
        udp: async (q, _nth, send) => {
          const liar = await stranger(address, address === '127.0.0.1' ? 0 : port);
          for (let i = 0; i < 200; i += 1) send(replyTo(q.bytes, LIE), 0, liar);
          send(replyTo(q.bytes, GOOD), 20);
        },
      },
      {},
      LONG,
      (at) => {
        port = at;
      },
    );
    expectGood(outcome);
    expect(server.heard).toHaveLength(1);
  });

  test('who tries a thousand ids besides the right one is not heard', async () => {
    const { outcome, server } = await askOf({
      udp: (q, _, send) => {
        const id = q.bytes.readUInt16BE(0);
        const lie = replyTo(q.bytes, LIE);
        for (let i = 1; i <= 1000; i += 1) {
          const guess = Buffer.from(lie);
          guess.writeUInt16BE((id + i) & 0xffff, 0);
          send(guess);
        }
        send(replyTo(q.bytes, GOOD), 30);
      },
    });
    expectGood(outcome);
    expect(server.heard).toHaveLength(1);
  });

  test('who knows the id but not the letters’ case changes only the case of the next question', async () => {
    const { lookup, server } = await askOf({
      udp: (q, nth, send) => {
        const lowered = Buffer.from(q.bytes.toString('latin1').toLowerCase(), 'latin1');
        q.bytes.copy(lowered, 0, 0, 12);
        if (nth === 0) for (let i = 0; i < 50; i += 1) send(replyTo(lowered, LIE));
        else send(replyTo(q.bytes, GOOD));
      },
    });
    expectGood(lookup.outcome);
    expect(lookup.remarks).toEqual(['case-not-kept']);
    expect(server.heard).toHaveLength(2);
  });
});

describe('a flood from the server itself', () => {
  const other = (q: Buffer): Buffer => replyBytes({ question: { name: 'evil.example.com', type: 'TXT' }, ...LIE }, q.readUInt16BE(0));

  test('replies to another question: some are looked at, then that packet is given up, and the next one is answered', async () => {
    const { outcome, server } = await askOf(
      {
        udp: (q, nth, send) => {
          if (nth === 0) for (let i = 0; i < BOUNDS.wrongReplies; i += 1) send(other(q.bytes));
          send(replyTo(q.bytes, nth === 0 ? LIE : GOOD), 5);
        },
      },
      {},
      IMPATIENT,
    );
    expectGood(outcome);
    expect(server.heard).toHaveLength(2);
  });

  test('one less, and the reply behind them is heard', async () => {
    const { outcome, server } = await askOf({
      udp: (q, _, send) => {
        for (let i = 1; i < BOUNDS.wrongReplies; i += 1) send(other(q.bytes));
        send(replyTo(q.bytes, GOOD), 5);
      },
    });
    expectGood(outcome);
    expect(server.heard).toHaveLength(1);
  });

  const floods: readonly [string, Parameters<typeof replyTo>[1], string, number][] = [
    ['FORMERR', { rcode: 1, aa: false }, 'broken', 2],
    ['SERVFAIL', { rcode: 2, aa: false }, 'broken', 2],
    ['REFUSED', { rcode: 5, aa: false }, 'lame', 1],
    ['truncated', { tc: true }, 'silent', 2],
  ];
  test.each(floods)('three hundred times %s to every packet', async (_, draft, kind, packets) => {
    const { outcome, dns } = await askOf({
      udp: (q, _nth, send) => {
        for (let i = 0; i < 300; i += 1) send(replyTo(q.bytes, draft));
      },
    });
    expect(outcome.kind).toBe(kind);
    expect(dns.questions()).toBe(packets);
  });

  test('the answer five hundred times is one answer, and the next question is none the worse for it', async () => {
    const { outcome, server, dns } = await askOf({
      udp: (q, _, send) => {
        for (let i = 0; i < 500; i += 1) send(replyTo(q.bytes, GOOD), i % 7);
      },
    });
    expectGood(outcome);
    for (let i = 0; i < 5; i += 1) expectGood((await dns.ask(SERVER, QUESTION)).outcome);
    expect(server.heard).toHaveLength(6);
  });
});

test('the most that one question can cost: a server that fails in another way each time', async () => {
  const lowered = (q: Buffer): Buffer =>
    Buffer.concat([q.subarray(0, 12), Buffer.from(q.subarray(12).toString('latin1').toLowerCase(), 'latin1')]);
  const moods: Script['udp'] = (q, nth, send) => {
    if (nth === 0) send(replyTo(lowered(q.bytes), GOOD));
    if (nth === 1) send(replyTo(q.bytes, { rcode: 1, aa: false }));
    // 2, 3: silence. 4: SERVFAIL, and then silence. 5: silence. From a socket of its own: truncated.
    if (nth === 4) send(replyTo(q.bytes, { rcode: 2, aa: false }));
    if (nth === 6) send(replyTo(q.bytes, { tc: true }));
  };
  const { outcome, server, dns } = await askOf({ udp: moods, tcp: () => undefined }, {}, SHORT);
  expect(outcome).toEqual({ kind: 'silent', how: 'tcp-failed' });
  expect(server.heard.map((h) => h.over)).toEqual([...Array(7).fill('udp'), 'tcp']);
  expect(dns.questions()).toBe(BOUNDS.packets);
});

describe('answers without measure', () => {
  const overTcp = (answers: Parameters<typeof replyTo>[1]): Script => ({
    udp: (q, _, send) => send(replyTo(q.bytes, { tc: true })),
    tcp: (q, connection) => connection.end(framed(replyTo(q.bytes, answers))),
  });
  const kept = (strings: readonly string[]): number => strings.reduce((sum, text) => sum + text.length, 0);

  test('64 KiB of TXT in one record: the beginning is kept', async () => {
    const { outcome } = await askOf(overTcp({ answers: [txt(NAME, ...Array<string>(250).fill('x'.repeat(255)))] }));
    const [record] = outcome.kind === 'answer' ? outcome.records : [];
    expect(record?.type === 'TXT' && kept(record.strings)).toBe(255 * Math.floor(BOUNDS.keptText / 255));
  });

  test('64 KiB of TXT in two hundred records: all together no more than that', async () => {
    const { outcome } = await askOf(overTcp({ answers: Array.from({ length: 200 }, () => txt(NAME, 'x'.repeat(255))) }));
    const records = outcome.kind === 'answer' ? outcome.records : [];
    expect(records).toHaveLength(BOUNDS.keptRecords);
    expect(records.reduce((sum, one) => sum + (one.type === 'TXT' ? kept(one.strings) : 0), 0)).toBeLessThanOrEqual(BOUNDS.keptText);
  });

  test('two thousand records are malformed', async () => {
    const { outcome } = await askOf(overTcp({ answers: Array.from({ length: 2000 }, () => txt('x.example.com', 'a')) }));
    expect(outcome).toEqual({ kind: 'broken', how: 'malformed' });
  });

  test('a chain of twenty CNAMEs is told as far as it was followed', async () => {
    const link = (i: number): string => (i === 0 ? NAME : `c${i}.example.com`);
    const chain = Array.from({ length: 20 }, (_, i) => cname(link(i), link(i + 1)));
    const { outcome } = await askOf({ udp: (q, _, send) => send(replyTo(q.bytes, { answers: chain })) });
    expect(outcome.kind === 'answer' && outcome.records.map((record) => record.name)).toEqual(
      Array.from({ length: BOUNDS.chain }, (_, i) => link(i)),
    );
  });

  test('a loop of CNAMEs ends where it began', async () => {
    const loop = [cname(NAME, 'b.example.com'), cname('b.example.com', 'c.example.com'), cname('c.example.com', NAME)];
    const { outcome, dns } = await askOf({ udp: (q, _, send) => send(replyTo(q.bytes, { answers: loop })) });
    expect(outcome.kind === 'answer' && outcome.records).toHaveLength(3);
    expect(dns.questions()).toBe(1);
  });

  test('one byte at a time over TCP, but in time: it is read', async () => {
    const { outcome } = await askOf({
      udp: (q, _, send) => send(replyTo(q.bytes, { tc: true })),
      tcp: (q, connection) => {
        connection.setNoDelay(true);
        const drip = (rest: Buffer): void => {
          if (rest.length > 0 && !connection.destroyed) connection.write(rest.subarray(0, 1), () => drip(rest.subarray(1)));
        };
        drip(framed(replyTo(q.bytes, GOOD)));
      },
    });
    expectGood(outcome);
  });

  test('one byte at a time over TCP for ever: one question in the datagram, one over TCP, and that is all', async () => {
    const { outcome, dns } = await askOf(
      {
        udp: (q, _, send) => send(replyTo(q.bytes, { tc: true })),
        tcp: (_, connection) => {
          const timer = setInterval(() => (connection.destroyed ? clearInterval(timer) : connection.write(Buffer.from([0xff]))), 5);
        },
      },
      {},
      { ...LONG, tcpMs: 200 },
    );
    expect(outcome).toEqual({ kind: 'silent', how: 'tcp-failed' });
    expect(dns.questions()).toBe(2);
    expect((await dns.ask({ ...SERVER, address: '10.0.0.1' }, { name: dnsName('a.example.com'), type: 'TXT' })).outcome.kind).toBe(
      'not-asked',
    );
  });
});
