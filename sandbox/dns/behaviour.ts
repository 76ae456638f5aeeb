// What a server may do wrong, and how each wrong shows in its answer.
import type { Answer, Query, Rcode } from './message.ts';
import { canonical, isWithin, typeName } from './records.ts';
import { encodeAnswer } from './write-answer.ts';

export type Transport = 'udp' | 'tcp';

export type Behaviour =
  /** Never answers. */
  | { readonly kind: 'silent' }
  | { readonly kind: 'rcode'; readonly rcode: Rcode }
  /** Speaks no EDNS: questions with EDNS get FORMERR or NOTIMP without OPT, silence, or an answer without OPT. */
  | { readonly kind: 'no-edns'; readonly how: 'formerr' | 'notimp' | 'silent' | 'ignores' }
  /** Every UDP answer is empty with TC. */
  | { readonly kind: 'truncate' }
  /** Does not speak for the zone: refers to the root, or answers without AA. */
  | { readonly kind: 'lame'; readonly how: 'upward-referral' | 'not-authoritative' }
  | { readonly kind: 'wrong-id' }
  | { readonly kind: 'wrong-question' }
  /** Writes the question back in lower case. */
  | { readonly kind: 'lower-case' }
  | { readonly kind: 'delay'; readonly ms: number }
  /** TCP: sends `bytes` at a time. */
  | { readonly kind: 'drip'; readonly bytes: number; readonly everyMs: number }
  /** TCP: hangs up instead of answering. */
  | { readonly kind: 'hang-up' }
  /** Loses this share of the questions, evenly and always the same ones. */
  | { readonly kind: 'lose'; readonly percent: number }
  /** Answers bytes that are no DNS message: noise, a cut message, a compression pointer to itself, counts that lie. */
  | { readonly kind: 'garbage'; readonly how: 'noise' | 'cut' | 'pointer-loop' | 'lying-counts' }
  /** Answers whatever this says. */
  | { readonly kind: 'says'; readonly answer: (query: Query, truth: Answer) => Answer };

export interface ServerRule {
  /** Addresses, name servers' names, `zone:<apex>` for all servers of a zone, `resolver` for both resolvers, or `resolver-2`. Absent: every authoritative server. */
  readonly servers?: readonly string[];
  readonly types?: readonly string[];
  /** These names and everything below them. */
  readonly names?: readonly string[];
  readonly transport?: Transport;
  /** How many questions it hits; absent: all. */
  readonly times?: number;
  readonly behaviour: Behaviour;
}

/** A rule as it runs: its servers resolved to addresses, its counters. */
export interface ActiveRule {
  readonly rule: ServerRule;
  readonly addresses: ReadonlySet<string> | undefined;
  left: number;
  /** Carries the remainder of `lose` from question to question. */
  lost: number;
}

/** True if the rule speaks of this question at this server; counts it against `times`. */
export function applies(active: ActiveRule, address: string, query: Query, transport: Transport): boolean {
  const { rule } = active;
  if (active.left <= 0) return false;
  const resolver = address.startsWith('resolver');
  const meant =
    active.addresses === undefined ? !resolver : active.addresses.has(address) || (resolver && active.addresses.has('resolver'));
  if (!meant) return false;
  if (rule.transport !== undefined && rule.transport !== transport) return false;
  if (rule.types !== undefined && !rule.types.includes(typeName(query.type))) return false;
  if (rule.names !== undefined && !rule.names.some((name) => isWithin(canonical(query.name), canonical(name)))) return false;
  active.left -= 1;
  return true;
}

/** How an answer leaves the server. */
export interface Delivery {
  readonly answer: Answer;
  readonly delayMs: number;
  readonly silent: boolean;
  readonly hangUp: boolean;
  readonly drip?: { readonly bytes: number; readonly everyMs: number };
  /** True if the reply carries no OPT although the question did. */
  readonly withoutEdns: boolean;
  readonly mangle: readonly ('wrong-id' | 'wrong-question' | 'lower-case' | 'noise' | 'cut' | 'pointer-loop' | 'lying-counts')[];
}

/** Bends the true answer by every rule that applies, in their order. */
export function behave(truth: Answer, query: Query, transport: Transport, rules: readonly ActiveRule[]): Delivery {
  let delivery: Delivery = { answer: truth, delayMs: 0, silent: false, hangUp: false, withoutEdns: false, mangle: [] };
  for (const active of rules) delivery = bend(delivery, active, query, transport);
  return delivery;
}

function bend(delivery: Delivery, active: ActiveRule, query: Query, transport: Transport): Delivery {
  const { behaviour } = active.rule;
  switch (behaviour.kind) {
    case 'silent':
      return { ...delivery, silent: true };
    case 'rcode':
      return { ...delivery, answer: failure(behaviour.rcode) };
    case 'no-edns':
      if (query.edns === undefined) return delivery;
      if (behaviour.how === 'silent') return { ...delivery, silent: true };
      if (behaviour.how === 'ignores') return { ...delivery, withoutEdns: true };
      return { ...delivery, withoutEdns: true, answer: failure(behaviour.how === 'formerr' ? 'FORMERR' : 'NOTIMP') };
    case 'truncate':
      return transport === 'tcp' ? delivery : { ...delivery, answer: { ...failure('NOERROR'), aa: delivery.answer.aa, tc: true } };
    case 'lame':
      return { ...delivery, answer: behaviour.how === 'not-authoritative' ? { ...delivery.answer, aa: false } : upwardReferral() };
    case 'wrong-id':
    case 'wrong-question':
    case 'lower-case':
      return { ...delivery, mangle: [...delivery.mangle, behaviour.kind] };
    case 'delay':
      return { ...delivery, delayMs: delivery.delayMs + behaviour.ms };
    case 'drip':
      return transport === 'tcp' ? { ...delivery, drip: behaviour } : delivery;
    case 'hang-up':
      return transport === 'tcp' ? { ...delivery, hangUp: true } : delivery;
    case 'lose':
      active.lost += behaviour.percent;
      if (active.lost < 100) return delivery;
      active.lost -= 100;
      return { ...delivery, silent: true };
    case 'garbage':
      return { ...delivery, mangle: [...delivery.mangle, behaviour.how] };
    case 'says':
      return { ...delivery, answer: behaviour.answer(query, delivery.answer) };
  }
}

const failure = (rcode: Rcode): Answer => ({ rcode, aa: false, answers: [], authority: [], additional: [] });

function upwardReferral(): Answer {
  const names = ['a.root-servers.net', 'b.root-servers.net'];
  return { ...failure('NOERROR'), authority: names.map((target) => ({ name: '', ttl: 518400, data: { type: 'NS', target } })) };
}

/** The bytes of a delivery. `limit` is the longest reply the asker takes. */
export function encodeDelivery(query: Query, delivery: Delivery, limit: number): Buffer {
  const { edns: _, ...plain } = query;
  let asked: Query = delivery.withoutEdns ? plain : query;
  if (delivery.mangle.includes('wrong-id')) asked = { ...asked, id: (asked.id + 1) & 0xffff };
  if (delivery.mangle.includes('wrong-question')) asked = { ...asked, name: `other.${asked.name}` };
  if (delivery.mangle.includes('lower-case')) asked = { ...asked, name: asked.name.toLowerCase() };
  const bytes = encodeAnswer(asked, delivery.answer, limit);
  if (delivery.mangle.includes('cut')) return bytes.subarray(0, Math.floor(bytes.length / 2));
  if (delivery.mangle.includes('noise')) return Buffer.concat([bytes.subarray(0, 2), Buffer.alloc(60, 0xb7)]);
  if (delivery.mangle.includes('lying-counts')) bytes.writeUInt16BE(0xffff, 6);
  if (delivery.mangle.includes('pointer-loop')) return pointerLoop(bytes);
  return bytes;
}

// One answer whose owner is a compression pointer that points at itself: a decoder without a bound never comes back.
function pointerLoop(bytes: Buffer): Buffer {
  const head = Buffer.from(bytes.subarray(0, 12));
  head.writeUInt16BE(0x8400, 2);
  head.writeUInt16BE(1, 6);
  head.fill(0, 8, 12);
  let end = 12;
  while (end < bytes.length && bytes[end] !== 0) end += (bytes[end] ?? 0) + 1;
  const question = bytes.subarray(12, end + 5);
  const at = 12 + question.length;
  return Buffer.concat([head, question, Buffer.from([0xc0 | (at >> 8), at & 0xff, 0, 16, 0, 1, 0, 0, 0, 60, 0, 2, 0xc0, at & 0xff])]);
}
