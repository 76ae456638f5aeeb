// A hundred thousand broken packets, the same ones in every run: none throws, none takes long, none yields more than a packet can hold; dns-packet is the oracle.
import packet, { type DecodedPacket, type Answer as TheirAnswer } from 'dns-packet';
import { BOUNDS } from '../../lambda/dns/bounds.ts';
import type { ReadRecord } from '../../lambda/dns/records.ts';
import { type Message, matchQuestion, readMessage } from '../../lambda/dns/wire.ts';
import { dnsName } from '../../lambda/model/names.ts';
import { EMPTY } from '../../sandbox/dns/authority.ts';
import { KEY_2048 } from '../../sandbox/dns/keys.ts';
import type { Answer, Query, WireRecord } from '../../sandbox/dns/message.ts';
import type { RecordData } from '../../sandbox/dns/records.ts';
import { encodeAnswer } from '../../sandbox/dns/write-answer.ts';
import { replyBytes, txt } from './packets.ts';

const RUNS = 100_000;
const NAME = 'tok._domainkey.example.com';

const record = (name: string, data: RecordData, ttl = 300): WireRecord => ({ name, ttl, data });
const soa = record('example.com', {
  type: 'SOA',
  soa: { primary: 'ns1.example.net', admin: 'hostmaster.example.net', serial: 42, refresh: 7200, retry: 900, expire: 1209600, minimum: 60 },
});
const servers = ['ns1.example.net', 'ns2.example.net', 'ns1.example.com'].map((target) => record('example.com', { type: 'NS', target }));
const glue = [
  record('ns1.example.com', { type: 'A', address: '192.0.2.1' }),
  record('ns1.example.com', { type: 'AAAA', address: '2001:db8::1' }),
];
const chain = ['tok.dkim.amazonses.com', 'a.example.org', 'b.example.org'].map((target, i, all) =>
  record(i === 0 ? NAME : (all[i - 1] ?? ''), { type: 'CNAME', target }),
);
const key = record('b.example.org', { type: 'TXT', strings: [`v=DKIM1; k=rsa; p=${KEY_2048.slice(0, 200)}`, KEY_2048.slice(200)] });

/** Answers as servers really give them, with name compression, by the sandbox's writer. */
const answers: readonly Partial<Answer>[] = [
  { aa: true, answers: chain.slice(0, 1) },
  { aa: true, answers: [...chain, key] },
  { aa: true, authority: [soa] },
  { aa: true, rcode: 'NXDOMAIN', authority: [soa] },
  { authority: servers, additional: glue },
  { aa: true, answers: servers, additional: glue },
  {
    aa: true,
    answers: [
      record(NAME, { type: 'MX', preference: 10, target: 'mx.example.com' }),
      record(NAME, { type: 'MX', preference: 20, target: NAME }),
    ],
  },
  { rcode: 'SERVFAIL', ra: true },
  { rcode: 'BADVERS' },
  { tc: true },
  { aa: true, answers: Array.from({ length: 40 }, (_, i) => record(`n${i}.example.com`, { type: 'A', address: `192.0.2.${i}` })) },
];
const query: Query = {
  id: 7,
  opcode: 0,
  rd: true,
  cd: false,
  questions: 1,
  name: NAME,
  type: 16,
  class: 1,
  edns: { size: 1232, version: 0, flags: 0 },
};
const { edns: _, ...plain } = query;
const corpus: readonly Buffer[] = [
  ...answers.flatMap((answer) => [query, plain].map((asked) => encodeAnswer(asked, { ...EMPTY, ...answer }, 65_535))),
  replyBytes({ question: { name: NAME, type: 'TXT' }, answers: [txt(NAME, ...Array<string>(20).fill('x'.repeat(255)))] }),
];
const sent = corpus[0] ?? Buffer.alloc(0);

/** Numbers below `n`, the same in every run (xorshift). */
function dice(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % n;
  };
}

const below = dice(0x5eed);
const pick = (): Buffer => corpus[below(corpus.length)] ?? sent;

const mutations: readonly ((bytes: Buffer) => Buffer)[] = [
  function flipBits(bytes) {
    for (let n = 1 + below(8); n > 0; n -= 1) {
      const at = below(bytes.length);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << below(8));
    }
    return bytes;
  },
  function setBytes(bytes) {
    for (let n = 1 + below(4); n > 0; n -= 1)
      bytes[below(bytes.length)] = [0, 1, 0x3f, 0x40, 0x7f, 0x80, 0xc0, 0xff, below(256)][below(9)] ?? 0;
    return bytes;
  },
  (bytes) => bytes.subarray(0, below(bytes.length + 1)),
  function lieAboutCounts(bytes) {
    if (bytes.length >= 12) bytes.writeUInt16BE([0, 1, 2, 7, 512, 0xffff][below(6)] ?? 0, 4 + 2 * below(4));
    return bytes;
  },
  function aimPointers(bytes) {
    for (let n = 1 + below(6); n > 0 && bytes.length > 13; n -= 1) {
      const at = 12 + below(bytes.length - 13);
      const aims = [at, at + 1, at - 2, below(bytes.length), 12, 0];
      bytes.writeUInt16BE(0xc000 | ((aims[below(aims.length)] ?? 0) & 0x3fff), at);
    }
    return bytes;
  },
  function splice(bytes) {
    const other = pick();
    return Buffer.concat([bytes.subarray(0, below(bytes.length + 1)), other.subarray(below(other.length))]);
  },
  function repeat(bytes) {
    const from = below(bytes.length);
    return Buffer.concat([bytes, bytes.subarray(from, from + below(80)), Buffer.alloc(below(20), below(256))]);
  },
];

function mutant(): Buffer {
  let bytes = Buffer.from(pick());
  for (let n = 1 + below(3); n > 0; n -= 1) {
    const mutate = mutations[below(mutations.length)];
    if (mutate !== undefined && bytes.length > 0) bytes = Buffer.from(mutate(bytes));
  }
  return bytes;
}

const all = (message: Message): readonly ReadRecord[] => [...message.answers, ...message.authorities, ...message.additionals];
const namesOf = (one: ReadRecord): readonly string[] =>
  one.type === 'CNAME' || one.type === 'NS' ? [one.name, one.value] : one.type === 'SOA' ? [one.name, one.primary] : [one.name];
/** Octets of a name on the wire, from its presentation form. */
const octets = (name: string): number => (name === '' ? 1 : name.replace(/\\(\d{3}|.)/g, 'x').length + 2);

/** What is wrong with what was read; nothing, if all is well. */
function complaints(message: Message, bytes: Buffer): readonly string[] {
  const records = all(message);
  const wrong: string[] = [];
  if (records.length > BOUNDS.records) wrong.push('too many records');
  if (message.rcode < 0 || message.rcode > 0xfff) wrong.push(`rcode ${message.rcode}`);
  for (const one of records) {
    for (const name of namesOf(one))
      if (!/^[\x21-\x7e]*$/.test(name) || /[A-Z]/.test(name) || octets(name) > 255) wrong.push(`name ${name}`);
    if (!(one.ttl >= 0 && one.ttl <= 0x7fff_ffff)) wrong.push(`ttl ${one.ttl}`);
    if (one.type === 'A' && !/^\d{1,3}(\.\d{1,3}){3}$/.test(one.value)) wrong.push(`address ${one.value}`);
    if (one.type === 'TXT' && (one.strings.some((text) => text.length > 255) || one.strings.join('').length > bytes.length))
      wrong.push('text');
  }
  return wrong;
}

function theirs(bytes: Buffer): DecodedPacket | undefined {
  try {
    return packet.decode(bytes);
  } catch {
    return undefined;
  }
}

const PLAIN = /^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/;

/** A record as both write it; undefined where dns-packet is known to lose something: dots inside labels, bytes beyond ASCII. */
function ofOurs(one: ReadRecord): string | undefined {
  if (!namesOf(one).every((name) => PLAIN.test(name))) return undefined;
  switch (one.type) {
    case 'TXT':
      return `${one.name} ${one.ttl} TXT ${JSON.stringify(one.strings)}`;
    case 'SOA':
      return `${one.name} ${one.ttl} SOA ${one.primary} ${one.serial} ${one.refresh} ${one.minimum}`;
    case 'AAAA':
      return `${one.name} ${one.ttl} AAAA`;
    default:
      return `${one.name} ${one.ttl} ${one.type} ${'value' in one ? one.value : ''}`;
  }
}

function ofTheirs(one: TheirAnswer): string | undefined {
  // RFC 2181 §8: with its top bit set a TTL counts as zero; dns-packet leaves that to others.
  const ttl = 'ttl' in one && one.ttl !== undefined && one.ttl <= 0x7fff_ffff ? one.ttl : 0;
  const head = `${one.name.toLowerCase()} ${ttl}`;
  switch (one.type) {
    case 'TXT':
      return `${head} TXT ${JSON.stringify([one.data].flat().map((part) => Buffer.from(part as Buffer).toString('latin1')))}`;
    case 'SOA':
      return `${head} SOA ${one.data.mname.toLowerCase()} ${one.data.serial} ${one.data.refresh} ${one.data.minimum}`;
    case 'AAAA':
      return `${head} AAAA`;
    case 'A':
      return `${head} A ${one.data}`;
    case 'NS':
    case 'CNAME':
      return `${head} ${one.type} ${one.data.toLowerCase()}`;
    default:
      return undefined;
  }
}

test('a hundred thousand of them', () => {
  let read = 0;
  let compared = 0;
  const wrong: string[] = [];
  for (let run = 0; run < RUNS && wrong.length < 5; run += 1) {
    const bytes = mutant();
    const told = matchQuestion(bytes, sent);
    const message = readMessage(bytes, told === 'same' ? dnsName(NAME) : undefined);
    if (message === undefined) continue;
    read += 1;
    for (const complaint of complaints(message, bytes)) wrong.push(`${complaint}: ${bytes.toString('hex')}`);
    const other = theirs(bytes);
    if (other === undefined) continue;
    const ours = message.answers.map(ofOurs);
    const their = (other.answers ?? []).filter((one) => one.type !== 'OPT' && 'class' in one && one.class === 'IN').map(ofTheirs);
    if (ours.includes(undefined) || their.includes(undefined) || ours.length !== their.length) continue;
    compared += 1;
    if (ours.join('\n') !== their.join('\n')) wrong.push(`ours ${ours.join('|')}, theirs ${their.join('|')}: ${bytes.toString('hex')}`);
  }
  expect(wrong).toEqual([]);
  // Neither the reader nor the comparison is a formality.
  expect(read).toBeGreaterThan(20_000);
  expect(compared).toBeGreaterThan(10_000);
});

describe('steps', () => {
  /** The bytes, and how often one of them was looked at. */
  function counted(bytes: Buffer): { readonly bytes: Buffer; readonly reads: () => number } {
    let reads = 0;
    const watched = new Proxy(bytes, {
      get(target, property) {
        if (typeof property === 'string' && /^\d+$/.test(property)) reads += 1;
        const value: unknown = Reflect.get(target, property, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    return { bytes: watched, reads: () => reads };
  }

  // A name is at most 255 octets and 127 pointers; three names and a head a record, each name skipped and read.
  const MOST_FOR_ONE_RECORD = 3 * 2 * (255 + 2 * 128) + 20;

  test('a mutant takes no more of them than its records allow', () => {
    for (let run = 0; run < 2000; run += 1) {
      const bytes = mutant();
      const { bytes: watched, reads } = counted(bytes);
      readMessage(watched);
      expect(reads()).toBeLessThanOrEqual(BOUNDS.records * MOST_FOR_ONE_RECORD);
      expect(reads()).toBeLessThanOrEqual(50 + bytes.length * 300);
    }
  });

  /** As many records as are read at all, each with an owner that hops down a ladder of `rungs` pointers to the root. */
  function ladder(rungs: number): Buffer {
    const head = Buffer.alloc(12);
    head.writeUInt16BE(0x8400, 2);
    head.writeUInt16BE(BOUNDS.records, 6);
    // The ladder is the data of a first record, of a type that nobody knows. Its foot is a root label, each rung points to the one below.
    const first = Buffer.from([0, 0xff, 0, 0, 1, 0, 0, 0, 9, 0, 0]);
    first.writeUInt16BE(2 + 2 * rungs, 9);
    const foot = head.length + first.length;
    const steps = Buffer.alloc(2 + 2 * rungs);
    for (let i = 1; i <= rungs; i += 1) steps.writeUInt16BE(0xc000 | (foot + 2 * (i - 1)), 2 * i);
    const top = 0xc000 | (foot + 2 * rungs);
    const hop = Buffer.from([top >> 8, top & 0xff, 0, 16, 0, 1, 0, 0, 0, 9, 0, 1, 0]);
    return Buffer.concat([head, first, steps, ...Array<Buffer>(BOUNDS.records - 1).fill(hop)]);
  }

  test('owners that hop as often as is allowed are read', () => {
    const { bytes, reads } = counted(ladder(126));
    expect(readMessage(bytes)?.answers).toHaveLength(BOUNDS.records - 1);
    expect(reads()).toBeLessThanOrEqual(BOUNDS.records * MOST_FOR_ONE_RECORD);
  });

  test.each([127, 1000, 8000])('owners that hop over %i rungs and more are malformed at the first', (rungs) => {
    const { bytes, reads } = counted(ladder(rungs));
    expect(readMessage(bytes)).toBeUndefined();
    expect(reads()).toBeLessThanOrEqual(2 * MOST_FOR_ONE_RECORD);
  });
});
