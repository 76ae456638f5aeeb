// Resource records as bytes (RFC 1035 §3.2, §4.1.4): reads one at a given place, bounded, and tells where it ends.
import type { DnsRecord } from '../model/lookup.ts';

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

/** Offset behind the name at `at`; NaN if it is malformed. Pointers are not followed. */
export function skipName(bytes: Uint8Array, at: number): number {
  let offset = at;
  for (let labels = 0; labels < 128; labels += 1) {
    const length = bytes[offset];
    if (length === undefined) return Number.NaN;
    if (length === 0) return offset + 1;
    if (length >= 0xc0) return offset + 2 <= bytes.length ? offset + 2 : Number.NaN;
    if (length > 63) return Number.NaN;
    offset += length + 1;
  }
  return Number.NaN;
}

/**
 * The name at `at` in presentation form, lower case, without final dot; undefined if malformed. Pointers must lead strictly backwards,
 * so a loop is impossible; 255 bytes in all (RFC 1035 §2.3.4). Dots and backslashes inside a label, and bytes that are not printable
 * ASCII, are escaped: `\.`, `\\`, `\000`.
 */
export function readName(bytes: Uint8Array, at: number): string | undefined {
  let offset = at;
  let before = at;
  let total = 1;
  let name = '';
  for (;;) {
    const length = bytes[offset];
    if (length === undefined) return undefined;
    if (length === 0) return name;
    if (length >= 0xc0) {
      const low = bytes[offset + 1];
      const target = ((length & 0x3f) << 8) | (low ?? 0);
      if (low === undefined || target >= before) return undefined;
      before = target;
      offset = target;
      continue;
    }
    total += length + 1;
    if (length > 63 || total > 255 || offset + 1 + length > bytes.length) return undefined;
    name += (name === '' ? '' : '.') + label(bytes.subarray(offset + 1, offset + 1 + length));
    offset += length + 1;
  }
}

function label(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    if (byte >= 0x41 && byte <= 0x5a) text += String.fromCharCode(byte + 0x20);
    else if (byte === 0x2e || byte === 0x5c) text += `\\${String.fromCharCode(byte)}`;
    else if (byte > 0x20 && byte < 0x7f) text += String.fromCharCode(byte);
    else text += `\\${String(byte).padStart(3, '0')}`;
  }
  return text;
}

/** Reads the record at `at`; undefined if it is malformed. */
export function readRecord(bytes: Uint8Array, at: number): RecordAt | undefined {
  const head = skipName(bytes, at);
  if (!(head + 10 <= bytes.length)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const type = view.getUint16(head);
  const data = head + 10;
  const end = data + view.getUint16(head + 8);
  if (end > bytes.length) return undefined;
  if (type === OPT) return { extendedRcode: view.getUint8(head + 4), end };
  if (view.getUint16(head + 2) !== CLASS_IN) return { end };
  const rawTtl = view.getUint32(head + 4);
  const ttl = rawTtl > MAX_TTL ? 0 : rawTtl;
  const name = readName(bytes, at);
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
      return value === undefined ? undefined : { record: { type: 'MX', name, ttl, preference: view.getUint16(data), value }, end };
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
  const view = new DataView(bytes.buffer, bytes.byteOffset + numbers, 20);
  return {
    record: { type: 'SOA', name, ttl, primary, serial: view.getUint32(0), refresh: view.getUint32(4), minimum: view.getUint32(16) },
    end,
  };
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
