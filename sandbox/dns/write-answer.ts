// An answer to bytes, with name compression: the other half of the sandbox's own codec.
import { isIPv6 } from 'node:net';
import { type Answer, type Query, RCODES, SERVER_UDP_SIZE, type WireRecord } from './message.ts';
import { type RecordData, typeNumber } from './records.ts';

class Writer {
  // One scratch buffer for all messages: an answer is written and copied out in one go, never in parts.
  static readonly scratch = Buffer.allocUnsafe(65535);
  at = 0;
  readonly names = new Map<string, number>();

  u8(value: number): void {
    this.at = Writer.scratch.writeUInt8(value & 0xff, this.at);
  }
  u16(value: number): void {
    this.at = Writer.scratch.writeUInt16BE(value & 0xffff, this.at);
  }
  u32(value: number): void {
    this.at = Writer.scratch.writeUInt32BE(value >>> 0, this.at);
  }
  bytes(value: Buffer): void {
    if (this.at + value.length > 65535) throw new RangeError('the message is longer than 65535 bytes');
    value.copy(Writer.scratch, this.at);
    this.at += value.length;
  }
  latin1(value: string): void {
    if (this.at + value.length > 65535) throw new RangeError('the message is longer than 65535 bytes');
    this.at += Writer.scratch.write(value, this.at, 'latin1');
  }
  /** RFC 1035 §4.1.4: repeated suffixes become pointers, whatever their case. */
  name(name: string): void {
    const labels = splitName(name);
    for (let i = 0; i < labels.length; i++) {
      const suffix = labels.slice(i).join('.').toLowerCase();
      const seen = this.names.get(suffix);
      if (seen !== undefined) {
        this.u16(0xc000 | seen);
        return;
      }
      if (this.at < 0x4000) this.names.set(suffix, this.at);
      const label = (labels[i] ?? '').replace(/\\([.\\])/g, '$1');
      this.u8(label.length);
      this.latin1(label);
    }
    this.u8(0);
  }
}

function splitName(name: string): readonly string[] {
  if (name === '') return [];
  return name.includes('\\') ? (name.match(/(?:\\.|[^.\\])+/gs) ?? []) : name.split('.');
}

/**
 * Writes an answer to a query: id, opcode, RD and question are the query's, EDNS is answered with EDNS.
 * A message longer than `limit` bytes is cut to its question with TC set. Throws RangeError past 65535 bytes.
 */
export function encodeAnswer(query: Query, answer: Answer, limit: number): Buffer {
  const whole = write(query, answer);
  if (whole.length <= limit) return whole;
  return write(query, { ...answer, tc: true, answers: [], authority: [], additional: [] });
}

function write(query: Query, answer: Answer): Buffer {
  const w = new Writer();
  const rcode = RCODES[answer.rcode];
  w.u16(query.id);
  const wantsAd = query.ad === true || ((query.edns?.flags ?? 0) & 0x8000) !== 0;
  const bits =
    (answer.ad && wantsAd ? 0x20 : 0) |
    (answer.aa ? 0x400 : 0) |
    (answer.tc ? 0x200 : 0) |
    (query.rd ? 0x100 : 0) |
    (answer.ra ? 0x80 : 0) |
    (query.cd ? 0x10 : 0);
  w.u16(0x8000 | (query.opcode << 11) | bits | (rcode & 15));
  w.u16(query.questions === 1 ? 1 : 0);
  w.u16(answer.answers.length);
  w.u16(answer.authority.length);
  w.u16(answer.additional.length + (query.edns === undefined ? 0 : 1));
  if (query.questions === 1) {
    w.name(query.name);
    w.u16(query.type);
    w.u16(query.class);
  }
  for (const record of answer.answers) writeRecord(w, record);
  for (const record of answer.authority) writeRecord(w, record);
  for (const record of answer.additional) writeRecord(w, record);
  if (query.edns !== undefined) {
    w.u8(0);
    w.u16(41);
    w.u16(SERVER_UDP_SIZE);
    w.u32(((rcode >> 4) << 24) | (query.edns.flags & 0x8000));
    w.u16(0);
  }
  return Buffer.from(Writer.scratch.subarray(0, w.at));
}

function writeRecord(w: Writer, record: WireRecord): void {
  w.name(record.name);
  w.u16(typeNumber(record.data.type));
  w.u16(1);
  w.u32(record.ttl);
  const lengthAt = w.at;
  w.u16(0);
  writeData(w, record.data);
  Writer.scratch.writeUInt16BE(w.at - lengthAt - 2, lengthAt);
}

function writeData(w: Writer, data: RecordData): void {
  switch (data.type) {
    case 'A':
      for (const part of data.address.split('.')) w.u8(Number(part));
      return;
    case 'AAAA':
      w.bytes(ipv6Bytes(data.address));
      return;
    case 'NS':
    case 'CNAME':
      w.name(data.target);
      return;
    case 'MX':
      w.u16(data.preference);
      w.name(data.target);
      return;
    case 'TXT':
      for (const text of data.strings) {
        w.u8(text.length);
        w.latin1(text);
      }
      return;
    case 'SOA':
      w.name(data.soa.primary);
      w.name(data.soa.admin);
      for (const n of [data.soa.serial, data.soa.refresh, data.soa.retry, data.soa.expire, data.soa.minimum]) w.u32(n);
      return;
    default:
      w.bytes(data.bytes);
      return;
  }
}

function ipv6Bytes(address: string): Buffer {
  if (!isIPv6(address) || address.includes('.')) throw new Error(`${address} is not an IPv6 address in plain form`);
  const [head = '', tail] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups = [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right];
  const bytes = Buffer.alloc(16);
  groups.forEach((group, i) => {
    bytes.writeUInt16BE(Number.parseInt(group, 16), i * 2);
  });
  return bytes;
}
