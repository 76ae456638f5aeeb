// Builds DNS replies for the tests of this room, with dns-packet as the independent witness of the wire format.
import packet, { type Answer, type DecodedPacket } from 'dns-packet';
import { type Message, readMessage } from '../../lambda/dns/wire.ts';

export interface Draft {
  readonly question?: { readonly name: string; readonly type: 'A' | 'CNAME' | 'NS' | 'SOA' | 'TXT' };
  readonly rcode?: number;
  readonly aa?: boolean;
  readonly tc?: boolean;
  readonly ra?: boolean;
  readonly answers?: readonly Answer[];
  readonly authorities?: readonly Answer[];
  readonly additionals?: readonly Answer[];
}

/** A reply's bytes. */
export function replyBytes(draft: Draft, id = 7): Buffer {
  return packet.encode({
    type: 'response',
    id,
    flags:
      (draft.rcode ?? 0) |
      (draft.aa === false ? 0 : packet.AUTHORITATIVE_ANSWER) |
      (draft.tc === true ? packet.TRUNCATED_RESPONSE : 0) |
      (draft.ra === true ? packet.RECURSION_AVAILABLE : 0),
    questions: draft.question === undefined ? [] : [draft.question],
    answers: [...(draft.answers ?? [])],
    authorities: [...(draft.authorities ?? [])],
    additionals: [...(draft.additionals ?? [])],
  });
}

/** A reply as the room reads it; for replies that must be readable. */
export function reply(draft: Draft): Message {
  const message = readMessage(replyBytes(draft));
  if (message === undefined) throw new Error('the reply of this test is malformed');
  return message;
}

/** The reply of a small server of a test to a question's bytes: same id, same question in the same case. */
export function replyTo(question: Buffer, draft: Omit<Draft, 'question'>): Buffer {
  const asked: DecodedPacket = packet.decode(question);
  const [first] = asked.questions ?? [];
  return replyBytes({ ...draft, ...(first === undefined ? {} : { question: first as NonNullable<Draft['question']> }) }, asked.id);
}

export const cname = (name: string, data: string): Answer => ({ type: 'CNAME', name, ttl: 300, data });
export const ns = (name: string, data: string): Answer => ({ type: 'NS', name, ttl: 3600, data });
export const a = (name: string, data: string): Answer => ({ type: 'A', name, ttl: 3600, data });
export const txt = (name: string, ...strings: string[]): Answer => ({ type: 'TXT', name, ttl: 300, data: strings });
export const soa = (name: string): Answer => ({
  type: 'SOA',
  name,
  ttl: 300,
  data: { mname: 'ns1.example.net', rname: 'hostmaster.example.net', serial: 42, refresh: 7200, retry: 900, expire: 1209600, minimum: 60 },
});
