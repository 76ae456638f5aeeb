// Bytes to a question: half of the sandbox's own codec, so that it can witness against another one.
import type { Query } from './message.ts';

/** Reads a query. Undefined if the bytes are no query at all (too short, or an answer); a message without one well-formed question has `questions` ≠ 1. */
export function decodeQuery(bytes: Buffer): Query | undefined {
  if (bytes.length < 12 || (bytes.readUInt8(2) & 0x80) !== 0) return undefined;
  const flags = bytes.readUInt16BE(2);
  const head = {
    id: bytes.readUInt16BE(0),
    opcode: (flags >> 11) & 15,
    rd: (flags & 0x100) !== 0,
    cd: (flags & 0x10) !== 0,
    ad: (flags & 0x20) !== 0,
  };
  const broken = { ...head, questions: 0, name: '', type: 0, class: 0 };
  if (bytes.readUInt16BE(4) !== 1) return broken;
  const question = readName(bytes, 12);
  if (question === undefined || question.end + 4 > bytes.length) return broken;
  const type = bytes.readUInt16BE(question.end);
  const query = { ...head, questions: 1, name: question.name, type, class: bytes.readUInt16BE(question.end + 2) };
  const edns = readOpt(bytes, question.end + 4);
  return edns === undefined ? query : { ...query, edns };
}

function readName(bytes: Buffer, start: number): { name: string; end: number } | undefined {
  const labels: string[] = [];
  let at = start;
  for (;;) {
    const length = bytes[at];
    // A question is the first name of a message: there is nothing a compression pointer could rightly point to.
    if (length === undefined || length > 63 || at - start > 254 || at + 1 + length > bytes.length) return undefined;
    if (length === 0) return { name: labels.join('.'), end: at + 1 };
    labels.push(bytes.toString('latin1', at + 1, at + 1 + length).replace(/[.\\]/g, '\\$&'));
    at += length + 1;
  }
}

function readOpt(bytes: Buffer, start: number): Query['edns'] {
  const records = bytes.readUInt16BE(6) + bytes.readUInt16BE(8) + bytes.readUInt16BE(10);
  let at = start;
  for (let i = 0; i < Math.min(records, 20); i++) {
    const owner = readName(bytes, at);
    if (owner === undefined || owner.end + 10 > bytes.length) return undefined;
    at = owner.end;
    if (owner.name === '' && bytes.readUInt16BE(at) === 41)
      return { size: bytes.readUInt16BE(at + 2), version: bytes.readUInt8(at + 5), flags: bytes.readUInt16BE(at + 6) };
    at += 10 + bytes.readUInt16BE(at + 8);
  }
  return undefined;
}
