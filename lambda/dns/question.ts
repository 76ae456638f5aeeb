// Questions as bytes (RFC 1035 §4.1, RFC 6891 for EDNS): one each way, so it is written by hand; dns-packet is the oracle in its tests.
import type { DnsName } from '../model/names.ts';
import type { Dice } from './dice.ts';
import { EDNS_SIZE, HEADER, type WireType } from './wire.ts';

export interface QuestionToSend {
  readonly name: DnsName;
  readonly type: WireType;
  /** RD: only toward resolvers. */
  readonly recursion: boolean;
  /** CD: tells a validating resolver not to validate. */
  readonly checkingDisabled: boolean;
}

const TYPES: Readonly<Record<WireType, number>> = { A: 1, NS: 2, CNAME: 5, SOA: 6, MX: 15, TXT: 16, AAAA: 28 };

const CLASS_IN = 1;
const OPT = [0, 0, 41, EDNS_SIZE >> 8, EDNS_SIZE & 0xff, 0, 0, 0, 0, 0, 0] as const;

/** The bytes of a question, with id 0: the transport writes the id. */
export function encodeQuestion({ name, type, recursion, checkingDisabled }: QuestionToSend, edns: boolean): Buffer {
  // Out of Buffer's pool: a buffer of its own for each question would cost more than all the rest of it.
  const bytes = Buffer.allocUnsafe(HEADER + name.length + 2 + 4 + (edns ? OPT.length : 0)).fill(0, 0, HEADER);
  if (recursion) bytes[2] = 0x01;
  // AD in a question: the asker wants to know whether the answer was checked (RFC 6840 §5.7). With CD nothing is.
  if (checkingDisabled) bytes[3] = 0x10;
  else if (recursion) bytes[3] = 0x20;
  bytes[5] = 1;
  if (edns) bytes[11] = 1;
  let at = writeName(bytes, HEADER, name);
  at = bytes.writeUInt16BE(TYPES[type], at);
  at = bytes.writeUInt16BE(CLASS_IN, at);
  if (edns) bytes.set(OPT, at);
  return bytes;
}

/** Labels, each behind its length, and the root. The brand says that no label is empty or longer than 63. Returns where it ends. */
function writeName(bytes: Uint8Array, start: number, name: DnsName): number {
  let lengthAt = start;
  for (let i = 0; i < name.length; i += 1) {
    const character = name.charCodeAt(i);
    const at = start + 1 + i;
    if (character !== DOT) {
      bytes[at] = character;
      continue;
    }
    bytes[lengthAt] = at - lengthAt - 1;
    lengthAt = at;
  }
  const end = start + 1 + name.length;
  bytes[lengthAt] = end - lengthAt - 1;
  bytes[end] = 0;
  return end + 1;
}

const DOT = 0x2e;

/** Takes the case of each letter of the question's name from one random bit ("0x20"): a forger has to guess it. */
export function mixCase(question: Uint8Array, dice: Dice): void {
  let bits = 0;
  let left = 0;
  for (let at = HEADER; ; ) {
    const length = question[at] ?? 0;
    if (length === 0) return;
    for (const end = at + length; at < end; ) {
      at += 1;
      const lower = (question[at] ?? 0) | 0x20;
      if (lower < 0x61 || lower > 0x7a) continue;
      if (left === 0) {
        bits = dice.u16();
        left = 16;
      }
      question[at] = (bits & 1) === 1 ? lower ^ 0x20 : lower;
      bits >>= 1;
      left -= 1;
    }
    at += 1;
  }
}
