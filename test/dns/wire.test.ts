// The wire: what is sent is what other programs read, what is read is what others wrote, and no bytes whatsoever do harm.
import packet from 'dns-packet';
import fc from 'fast-check';
import { createDice } from '../../lambda/dns/dice.ts';
import { encodeQuestion, mixCase } from '../../lambda/dns/question.ts';
import { matchQuestion, readMessage } from '../../lambda/dns/wire.ts';
import { dnsName } from '../../lambda/model/names.ts';
import { a, cname, ns, replyBytes, soa, txt } from './packets.ts';

const NAME = dnsName('tok._domainkey.example.com');
const plain = { name: NAME, type: 'TXT', recursion: false, checkingDisabled: false } as const;

/** A reply put together byte by byte: header with counts, then whatever follows. */
function bytes(counts: readonly [number, number, number, number], ...parts: readonly (Buffer | readonly number[])[]): Buffer {
  const header = Buffer.alloc(12);
  header.writeUInt16BE(0x8400, 2);
  counts.forEach((count, index) => {
    header.writeUInt16BE(count, 4 + 2 * index);
  });
  return Buffer.concat([header, ...parts.map((part) => Buffer.from(part as Uint8Array))]);
}

/** A CNAME at the root with these bytes as its data. */
const cnameWith = (data: readonly number[]): Buffer => Buffer.from([0, 0, 5, 0, 1, 0, 0, 0, 9, 0, data.length, ...data]);

describe('a question', () => {
  test('reads the same for another program', () => {
    const decoded = packet.decode(encodeQuestion(plain, true));
    expect(decoded.questions).toEqual([{ name: NAME, type: 'TXT', class: 'IN' }]);
    expect(decoded.additionals).toMatchObject([{ type: 'OPT', udpPayloadSize: 1232 }]);
    expect([decoded.flag_rd, decoded.flag_cd]).toEqual([false, false]);
  });

  test('carries RD and CD when asked for, and no OPT without EDNS', () => {
    const decoded = packet.decode(encodeQuestion({ ...plain, recursion: true, checkingDisabled: true }, false));
    expect([decoded.flag_rd, decoded.flag_cd, decoded.additionals?.length]).toEqual([true, true, 0]);
  });

  const mixed = (name: string, byte: number): string | undefined => {
    const bytes = encodeQuestion({ ...plain, name: dnsName(name) }, true);
    mixCase(
      bytes,
      createDice((count) => new Uint8Array(count).fill(byte)),
    );
    return packet.decode(bytes).questions?.[0]?.name;
  };

  test('mixed case changes letters only, by the bits given', () => {
    expect(mixed('ab-1.c_d', 0b1010)).toBe('aB-1.c_D');
    expect(mixed(NAME, 0xff)).toBe(NAME.toUpperCase());
    expect(mixed(`${'a'.repeat(63)}.com`, 0)).toBe(`${'a'.repeat(63)}.com`);
  });

  test('every name and type reads the same for another program', () => {
    const label = fc.stringMatching(/^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/);
    const name = fc.array(label, { minLength: 1, maxLength: 4 }).filter((labels) => labels.join('.').length <= 253);
    const type = fc.constantFrom('A', 'NS', 'CNAME', 'SOA', 'TXT', 'AAAA');
    fc.assert(
      fc.property(name, type, fc.boolean(), fc.boolean(), fc.boolean(), (labels, asked, recursion, checkingDisabled, edns) => {
        const bytes = encodeQuestion({ name: dnsName(labels.join('.')), type: asked, recursion, checkingDisabled }, edns);
        const flags =
          (recursion ? packet.RECURSION_DESIRED : 0) |
          (checkingDisabled ? packet.CHECKING_DISABLED : recursion ? packet.AUTHENTIC_DATA : 0);
        const opt = {
          type: 'OPT',
          name: '.',
          udpPayloadSize: 1232,
          extendedRcode: 0,
          ednsVersion: 0,
          flags: 0,
          flag_do: false,
          options: [],
        };
        const theirs: packet.Packet = { type: 'query', id: 0, flags, questions: [{ type: asked, name: labels.join('.') }] };
        expect(bytes).toEqual(packet.encode({ ...theirs, additionals: edns ? [opt as packet.OptAnswer] : [] }));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a reply belongs to a question', () => {
  const sent = packet.encode({ type: 'query', id: 0, questions: [{ name: 'ToK.example.com', type: 'TXT' }] });
  const cases: readonly [string, Buffer, string][] = [
    ['same name, same case', replyBytes({ question: { name: 'ToK.example.com', type: 'TXT' } }), 'same'],
    ['other case', replyBytes({ question: { name: 'tok.example.com', type: 'TXT' } }), 'case-changed'],
    ['other name', replyBytes({ question: { name: 'tak.example.com', type: 'TXT' } }), 'no'],
    ['other type', replyBytes({ question: { name: 'ToK.example.com', type: 'A' } }), 'no'],
    ['a longer name', replyBytes({ question: { name: 'ToK.example.com.br', type: 'TXT' } }), 'no'],
    ['the question itself', sent, 'no'],
    ['FORMERR without a question', replyBytes({ rcode: 1 }), 'headless'],
    ['NOERROR without a question', replyBytes({}), 'no'],
    ['NXDOMAIN without a question', replyBytes({ rcode: 3 }), 'no'],
    ['cut inside the question', replyBytes({ question: { name: 'ToK.example.com', type: 'TXT' } }).subarray(0, 20), 'no'],
    ['eleven bytes', Buffer.alloc(11, 0x80), 'no'],
  ];
  test.each(cases)('%s', (_, reply, expected) => {
    expect(matchQuestion(reply, sent)).toBe(expected);
  });
});

describe('reading', () => {
  test('agrees with the other codec about every record type asked for', () => {
    const answers = [
      cname('A.example.com', 'B.example.com'),
      txt('b.example.com', 'v=DKIM1; p=', 'MIG'),
      ns('example.com', 'NS1.example.net'),
    ];
    const message = readMessage(
      replyBytes({
        question: { name: 'a.example.com', type: 'TXT' },
        answers,
        authorities: [soa('example.com')],
        additionals: [a('x.example.com', '192.0.2.7')],
      }),
    );
    expect(message?.answers).toEqual([
      { type: 'CNAME', name: 'a.example.com', ttl: 300, value: 'b.example.com' },
      { type: 'TXT', name: 'b.example.com', ttl: 300, strings: ['v=DKIM1; p=', 'MIG'] },
      { type: 'NS', name: 'example.com', ttl: 3600, value: 'ns1.example.net' },
    ]);
    expect(message?.authorities).toEqual([
      { type: 'SOA', name: 'example.com', ttl: 300, primary: 'ns1.example.net', serial: 42, refresh: 7200, minimum: 60 },
    ]);
    expect(message?.additionals).toEqual([{ type: 'A', name: 'x.example.com', ttl: 3600, value: '192.0.2.7' }]);
  });

  test('a dot inside a label stays apart from a dot between labels', () => {
    const dotted = readMessage(bytes([0, 1, 0, 0], cnameWith([8, ...Buffer.from('tok.dkim'), 3, ...Buffer.from('com'), 0])));
    expect(dotted?.answers).toMatchObject([{ type: 'CNAME', value: 'tok\\.dkim.com' }]);
    // The witness joins them: the reason for reading ourselves.
    expect(
      packet.decode(bytes([0, 1, 0, 0], cnameWith([8, ...Buffer.from('tok.dkim'), 3, ...Buffer.from('com'), 0]))).answers,
    ).toMatchObject([{ data: 'tok.dkim.com' }]);
  });

  test('bytes that are no printable ASCII are written out', () => {
    const odd = readMessage(bytes([0, 1, 0, 0], cnameWith([5, 0x00, 0x1b, 0x5c, 0xff, 0x41, 0])));
    expect(odd?.answers).toMatchObject([{ value: '\\000\\027\\\\\\255a' }]);
  });

  test('TXT keeps every byte', () => {
    const all = Buffer.from([...Array(255).keys()]);
    const message = readMessage(bytes([0, 1, 0, 0], [0, 0, 16, 0, 1, 0, 0, 0, 9, 1, 0, 255], all));
    expect(message?.answers[0]).toMatchObject({ strings: [all.toString('latin1')] });
  });

  test('the rcode has its upper bits from EDNS', () => {
    expect(readMessage(bytes([0, 0, 0, 1], [0, 0, 41, 4, 208, 1, 0, 0, 0, 0, 0]))?.rcode).toBe(16);
  });

  const malformed: readonly [string, Buffer][] = [
    ['a name that points at itself', bytes([0, 1, 0, 0], [0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 9, 0, 2, 0xc0, 12])],
    ['a target that points at itself', bytes([0, 1, 0, 0], cnameWith([0xc0, 23]))],
    ['a pointer forwards', bytes([0, 1, 0, 0], cnameWith([0xc0, 40]), [0])],
    ['a pointer past the end', bytes([0, 1, 0, 0], cnameWith([0xff, 0xff]))],
    ['half a pointer', bytes([0, 1, 0, 0], [0xc0])],
    ['a label type of no meaning', bytes([0, 1, 0, 0], cnameWith([0x40, 0]))],
    [
      'a name longer than 255 bytes',
      bytes(
        [0, 1, 0, 0],
        cnameWith([
          ...Array(5)
            .fill([63, ...Array(63).fill(97)])
            .flat(),
          0,
        ]),
      ),
    ],
    ['bytes behind the target, inside the record', bytes([0, 1, 0, 0], cnameWith([1, 97, 0, 9, 9]))],
    ['a target that reaches out of its record', bytes([0, 1, 0, 0], cnameWith([3, 97, 98]), [99, 0])],
    ['a record longer than the message', bytes([0, 1, 0, 0], [0, 0, 16, 0, 1, 0, 0, 0, 9, 0, 200, 1])],
    ['a string longer than its record', bytes([0, 1, 0, 0], [0, 0, 16, 0, 1, 0, 0, 0, 9, 0, 2, 9, 97])],
    ['an address of five bytes', bytes([0, 1, 0, 0], [0, 0, 1, 0, 1, 0, 0, 0, 9, 0, 5, 1, 2, 3, 4, 5])],
    ['a count that lies', bytes([0, 9, 0, 0], cnameWith([1, 97, 0]))],
    ['65,535 records claimed in each section', bytes([0, 0xffff, 0xffff, 0xffff])],
    ['65,535 questions claimed', bytes([0xffff, 0, 0, 0])],
    ['nothing', Buffer.alloc(0)],
  ];
  test.each(malformed)('malformed: %s', (_, reply) => {
    expect(readMessage(reply)).toBeUndefined();
  });

  test('more than 512 records are nobody’s honest answer', () => {
    const one = cnameWith([1, 97, 0]);
    expect(readMessage(bytes([0, 512, 0, 0], ...Array(512).fill(one)))?.answers).toHaveLength(512);
    expect(readMessage(bytes([0, 513, 0, 0], ...Array(513).fill(one)))).toBeUndefined();
  });

  test('a message that holds 64 KiB of TXT is read', () => {
    const strings = Array.from({ length: 250 }, () => 'x'.repeat(255));
    const message = readMessage(replyBytes({ question: { name: NAME, type: 'TXT' }, answers: [txt(NAME, ...strings)] }));
    expect(message?.answers[0]).toMatchObject({ strings });
  });
});

describe('hostile bytes', () => {
  const good = replyBytes({
    question: { name: NAME, type: 'TXT' },
    answers: [cname(NAME, 'tok.dkim.amazonses.com'), txt('tok.dkim.amazonses.com', 'p=MIGf', 'abc')],
    authorities: [soa('example.com'), ns('example.com', 'ns1.example.net')],
    additionals: [a('ns1.example.net', '192.0.2.1')],
  });
  const edit = fc.record({ at: fc.nat(good.length - 1), to: fc.nat(255) });

  test('a good reply with some bytes changed never throws, and stays bounded', () => {
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 8 }), fc.nat(good.length), (edits, keep) => {
        const mutated = Buffer.from(good);
        for (const { at, to } of edits) mutated[at] = to;
        for (const reply of [mutated, mutated.subarray(0, keep)]) {
          matchQuestion(reply, good);
          const message = readMessage(reply);
          if (message === undefined) continue;
          for (const record of [...message.answers, ...message.authorities, ...message.additionals]) {
            if (!/^[\x21-\x7e]*$/.test(record.name) || record.name.length > 1020 || record.ttl > 0x7fff_ffff) throw new Error(record.name);
          }
        }
      }),
      { numRuns: 10_000 },
    );
  });

  test('noise never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (noise) => {
        readMessage(noise);
        matchQuestion(noise, good);
      }),
      { numRuns: 10_000 },
    );
  });

  test('whatever the other codec writes, this one reads back', () => {
    const label = fc.stringMatching(/^[a-z0-9_-]{1,20}$/);
    const name = fc.array(label, { minLength: 1, maxLength: 5 }).map((labels) => labels.join('.'));
    const ttl = fc.nat(0x7fff_ffff);
    const record = fc.oneof(
      fc.record({ type: fc.constant('CNAME' as const), name, ttl, data: name }),
      fc.record({ type: fc.constant('NS' as const), name, ttl, data: name }),
      fc.record({ type: fc.constant('A' as const), name, ttl, data: fc.ipV4() }),
      fc.record({
        type: fc.constant('TXT' as const),
        name,
        ttl,
        data: fc.array(fc.stringMatching(/^[ -~]{0,255}$/), { minLength: 1, maxLength: 4 }),
      }),
    );
    fc.assert(
      fc.property(fc.array(record, { maxLength: 10 }), name, (answers, asked) => {
        const message = readMessage(replyBytes({ question: { name: asked, type: 'TXT' }, answers: structuredClone(answers) }));
        expect(message?.answers).toEqual(
          answers.map(({ data, ...rest }) => (rest.type === 'TXT' ? { ...rest, strings: data } : { ...rest, value: data })),
        );
      }),
      { numRuns: 500 },
    );
  });
});
