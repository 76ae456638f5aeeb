// Replies as bytes: reads one without trusting a single byte of it.
//
// Reading is our own, with dns-packet as the oracle in its tests, because dns-packet loses what matters here:
// it joins labels, so that a label holding a dot ("tok\.dkim.example") looks like the right name; it turns other bytes into U+FFFD;
// it believes the header's counts and ignores where a record says it ends.
import type { QuestionType } from '../model/lookup.ts';
import type { DnsName } from '../model/names.ts';
import { BOUNDS } from './bounds.ts';
import { type ReadRecord, readRecord, u16 } from './records.ts';
import { skipName } from './wire-names.ts';

/** What this room asks for: the questions of the model, and AAAA to tell "IPv6 only" from "no address". */
export type WireType = QuestionType | 'AAAA';

/** A reply as read. Record owners are lower case, without final dot, in presentation form (RFC 1035 §5.1); the root is the empty string. */
export interface Message {
  /** Numeric, with the upper bits of EDNS (RFC 6891 §6.1.3). */
  readonly rcode: number;
  readonly aa: boolean;
  readonly tc: boolean;
  readonly ra: boolean;
  /** The resolver has checked all of it by DNSSEC (RFC 4035 §3.2.3). */
  readonly ad: boolean;
  readonly answers: readonly ReadRecord[];
  readonly authorities: readonly ReadRecord[];
  readonly additionals: readonly ReadRecord[];
}

/** What fits in one datagram nearly everywhere without fragments (DNS flag day 2020). */
export const EDNS_SIZE = 1232;

/** Bytes of the header: names start behind it. */
export const HEADER = 12;

/**
 * Whether a datagram is a reply to `sent`, judged by header and question bytes alone; ids are compared by the transport.
 * `case-changed`: the same question in other letters' case. `headless`: an error reply that carries no question, as old servers send.
 */
export function matchQuestion(reply: Uint8Array, sent: Uint8Array): 'same' | 'case-changed' | 'headless' | 'no' {
  if (reply.length < HEADER || ((reply[2] ?? 0) & 0xf8) !== 0x80) return 'no'; // QR set, opcode QUERY
  const questions = u16(reply, 4);
  if (questions === 0) return ((reply[3] ?? 0) & 0x0f) !== 0 && ((reply[3] ?? 0) & 0x0f) !== 3 ? 'headless' : 'no';
  const end = skipName(sent, HEADER) + 4;
  if (questions !== 1 || reply.length < end) return 'no';
  let result: 'same' | 'case-changed' = 'same';
  for (let i = HEADER; i < end; i += 1) {
    const a = reply[i] ?? 0;
    const b = sent[i] ?? 0;
    if (a === b) continue;
    if (i >= end - 4 || lower(a) !== lower(b)) return 'no';
    result = 'case-changed';
  }
  return result;
}

/** True if the reply says it was truncated (TC): whatever else is in it is not to be used. Safe for any bytes. */
export function isTruncated(reply: Uint8Array): boolean {
  return ((reply[2] ?? 0) & 0x02) !== 0;
}

/**
 * Reads a reply; undefined if it is malformed, or holds more than any honest answer. Never throws; time and memory are bounded by its size.
 * `asked` is the name of its question, where {@link matchQuestion} has said so: most owners are a pointer to it, and need not be read.
 */
export function readMessage(reply: Uint8Array, asked?: DnsName): Message | undefined {
  if (reply.length < HEADER || reply.length > 65_535) return undefined;
  if (u16(reply, 6) + u16(reply, 8) + u16(reply, 10) > BOUNDS.records) return undefined;
  let at = HEADER;
  for (let i = u16(reply, 4); i > 0; i -= 1) {
    at = skipName(reply, at) + 4;
    if (!(at <= reply.length)) return undefined;
  }
  const answers: ReadRecord[] = [];
  const authorities: ReadRecord[] = [];
  const additionals: ReadRecord[] = [];
  let upper = 0;
  for (const section of [answers, authorities, additionals]) {
    const count = section === answers ? u16(reply, 6) : u16(reply, section === authorities ? 8 : 10);
    for (let i = 0; i < count; i += 1) {
      const read = readRecord(reply, at, asked);
      if (read === undefined) return undefined;
      at = read.end;
      if (read.extendedRcode !== undefined) upper = read.extendedRcode;
      if (read.record !== undefined) section.push(read.record);
    }
  }
  const flags = u16(reply, 2);
  return {
    rcode: (upper << 4) | (flags & 0x0f),
    aa: (flags & 0x0400) !== 0,
    tc: (flags & 0x0200) !== 0,
    ra: (flags & 0x0080) !== 0,
    ad: (flags & 0x0020) !== 0,
    answers,
    authorities,
    additionals,
  };
}

const lower = (byte: number): number => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte);
