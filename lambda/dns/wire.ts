// DNS messages as bytes: writes a question, reads a reply without trusting a single byte of it.
//
// dns-packet writes. Reading is our own, with dns-packet as the oracle in its tests, because dns-packet loses what matters here:
// it joins labels, so that a label holding a dot ("tok\.dkim.example") looks like the right name; it turns other bytes into U+FFFD;
// it believes the header's counts and ignores where a record says it ends.
import packet from 'dns-packet';
import type { QuestionType } from '../model/lookup.ts';
import { type ReadRecord, readRecord, skipName } from './records.ts';

/** What this room asks for: the questions of the model, and AAAA to tell "IPv6 only" from "no address". */
export type WireType = QuestionType | 'AAAA';

export interface QuestionToSend {
  /** With the case as it shall be sent. */
  readonly name: string;
  readonly type: WireType;
  /** RD: only toward resolvers. */
  readonly recursion: boolean;
  /** CD: tells a validating resolver not to validate. */
  readonly checkingDisabled: boolean;
  readonly edns: boolean;
}

/** A reply as read. Record owners are lower case, without final dot, in presentation form (RFC 1035 §5.1); the root is the empty string. */
export interface Message {
  /** Numeric, with the upper bits of EDNS (RFC 6891 §6.1.3). */
  readonly rcode: number;
  readonly aa: boolean;
  readonly tc: boolean;
  readonly ra: boolean;
  readonly answers: readonly ReadRecord[];
  readonly authorities: readonly ReadRecord[];
  readonly additionals: readonly ReadRecord[];
}

/** What fits in one datagram nearly everywhere without fragments (DNS flag day 2020). */
export const EDNS_SIZE = 1232;

// More than any honest answer needs; with the 64 KiB of a message it bounds time and memory.
const MAX_RECORDS = 512;

const HEADER = 12;

/** The bytes of a question, with id 0: the transport writes the id. */
export function encodeQuestion(question: QuestionToSend): Buffer {
  return packet.encode({
    type: 'query',
    id: 0,
    flags: (question.recursion ? packet.RECURSION_DESIRED : 0) | (question.checkingDisabled ? packet.CHECKING_DISABLED : 0),
    questions: [{ type: question.type, name: question.name }],
    additionals: question.edns
      ? [{ type: 'OPT', name: '.', udpPayloadSize: EDNS_SIZE, extendedRcode: 0, ednsVersion: 0, flags: 0, flag_do: false, options: [] }]
      : [],
  });
}

/** The name with the case of each letter taken from one random bit ("0x20"): a forger has to guess it. One byte covers eight letters. */
export function mixCase(name: string, random: Uint8Array): string {
  let letter = 0;
  return name.replace(/[a-z]/g, (c) => {
    const bit = ((random[letter >> 3] ?? 0) >> (letter & 7)) & 1;
    letter += 1;
    return bit === 1 ? c.toUpperCase() : c;
  });
}

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

/** Reads a reply; undefined if it is malformed, or holds more than any honest answer. Never throws; time and memory are bounded by its size. */
export function readMessage(reply: Uint8Array): Message | undefined {
  if (reply.length < HEADER || reply.length > 65_535) return undefined;
  const counts = [u16(reply, 6), u16(reply, 8), u16(reply, 10)];
  if (counts.reduce((sum, n) => sum + n, 0) > MAX_RECORDS) return undefined;
  let at = HEADER;
  for (let i = u16(reply, 4); i > 0; i -= 1) {
    at = skipName(reply, at) + 4;
    if (!(at <= reply.length)) return undefined;
  }
  const sections: ReadRecord[][] = [[], [], []];
  let upper = 0;
  for (const [index, count] of counts.entries()) {
    for (let i = 0; i < count; i += 1) {
      const read = readRecord(reply, at);
      if (read === undefined) return undefined;
      at = read.end;
      if (read.extendedRcode !== undefined) upper = read.extendedRcode;
      if (read.record !== undefined) sections[index]?.push(read.record);
    }
  }
  const [answers = [], authorities = [], additionals = []] = sections;
  const flags = u16(reply, 2);
  return {
    rcode: (upper << 4) | (flags & 0x0f),
    aa: (flags & 0x0400) !== 0,
    tc: (flags & 0x0200) !== 0,
    ra: (flags & 0x0080) !== 0,
    answers,
    authorities,
    additionals,
  };
}

const lower = (byte: number): number => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte);

const u16 = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
