// Resource records as bytes (RFC 1035 §3.2, §4.1.4): reads one at a given place, bounded, and tells where it ends.
import type { DnsRecord } from '../model/lookup.ts';
import { readName, skipName } from './wire-names.ts';

/** A record of the model, or an IPv6 address, which only this room looks at. */
export type ReadRecord = DnsRecord | { readonly type: 'AAAA'; readonly name: string; readonly ttl: number };

export interface RecordAt {
  /** Absent for types and classes that nobody here asks for. */
  readonly record?: ReadRecord;
  /** Upper eight bits of the rcode, if this is the OPT record. */
  readonly extendedRcode?: number;
  /** Offset of the next record. */
  readonly end: number;
}

const OPT = 41;
const CLASS_IN = 1;
// RFC 2181 §8: a TTL with the top bit set counts as zero.
const MAX_TTL = 0x7fff_ffff;

/** A pointer to where the question's name is. */
const TO_QUESTION = 0xc00c;

/** Reads the record at `at`; undefined if it is malformed. `asked` is the question's name, where it was read already. */
export function readRecord(bytes: Uint8Array, at: number, asked?: string): RecordAt | undefined {
  const head = skipName(bytes, at);
  if (!(head + 10 <= bytes.length)) return undefined;
  const type = u16(bytes, head);
  const data = head + 10;
  const end = data + u16(bytes, head + 8);
  if (end > bytes.length) return undefined;
  if (type === OPT) return { extendedRcode: bytes[head + 4] ?? 0, end };
  if (u16(bytes, head + 2) !== CLASS_IN) return { end };
  const rawTtl = u32(bytes, head + 4);
  const ttl = rawTtl > MAX_TTL ? 0 : rawTtl;
  const name = u16(bytes, at) === TO_QUESTION && asked !== undefined ? asked : readName(bytes, at);
  if (name === undefined) return undefined;
  switch (type) {
    case 1:
      return end - data === 4 ? { record: { type: 'A', name, ttl, value: bytes.subarray(data, end).join('.') }, end } : undefined;
    case 28:
      return end - data === 16 ? { record: { type: 'AAAA', name, ttl }, end } : undefined;
    case 2:
    case 5: {
      const value = nameUpTo(bytes, data, end);
      return value === undefined ? undefined : { record: { type: type === 2 ? 'NS' : 'CNAME', name, ttl, value }, end };
    }
    case 15: {
      const value = end - data > 2 ? nameUpTo(bytes, data + 2, end) : undefined;
      return value === undefined ? undefined : { record: { type: 'MX', name, ttl, preference: u16(bytes, data), value }, end };
    }
    case 6:
      return soa(bytes, data, end, name, ttl);
    case 16: {
      const strings = characterStrings(bytes, data, end);
      return strings === undefined ? undefined : { record: { type: 'TXT', name, ttl, strings }, end };
    }
    default:
      return { end };
  }
}

/** A name that must fill the record's data exactly. */
function nameUpTo(bytes: Uint8Array, at: number, end: number): string | undefined {
  return skipName(bytes, at) === end ? readName(bytes, at) : undefined;
}

function soa(bytes: Uint8Array, data: number, end: number, name: string, ttl: number): RecordAt | undefined {
  const mailbox = skipName(bytes, data);
  const numbers = skipName(bytes, mailbox);
  if (numbers + 20 !== end) return undefined;
  const primary = readName(bytes, data);
  if (primary === undefined) return undefined;
  const [serial, refresh, minimum] = [u32(bytes, numbers), u32(bytes, numbers + 4), u32(bytes, numbers + 16)];
  return { record: { type: 'SOA', name, ttl, primary, serial, refresh, minimum }, end };
}

function characterStrings(bytes: Uint8Array, data: number, end: number): string[] | undefined {
  const strings: string[] = [];
  let at = data;
  while (at < end) {
    const next = at + 1 + (bytes[at] ?? 0);
    if (next > end) return undefined;
    strings.push(Buffer.from(bytes.buffer, bytes.byteOffset + at + 1, next - at - 1).toString('latin1'));
    at = next;
  }
  return strings;
}

/** Two bytes as a number; what is past the end counts as zero. */
export function u16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

function u32(bytes: Uint8Array, at: number): number {
  return u16(bytes, at) * 0x10000 + u16(bytes, at + 2);
}
