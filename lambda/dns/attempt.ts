// One packet of a question's tries: what was sent, and what each datagram that comes back means for the tries.
import { BOUNDS } from './bounds.ts';
import type { Heard, Tries } from './tries.ts';
import type { Hearing } from './udp-pool.ts';
import { isTruncated, matchQuestion, readMessage } from './wire.ts';

/** The rcodes that decide what to do next. */
const NOERROR = 0;
const FORMERR = 1;
const SERVFAIL = 2;
const NXDOMAIN = 3;
const NOTIMP = 4;
const BADVERS = 16;

/** Remembers the form in which it was sent: the tries go on changing theirs. */
export class Attempt implements Hearing {
  readonly packet: Buffer;
  readonly #tries: Tries;
  readonly #edns: boolean;
  readonly #mixed: boolean;
  readonly #era: number;
  #wrong = 0;

  constructor(tries: Tries, packet: Buffer) {
    this.packet = packet;
    this.#tries = tries;
    this.#edns = tries.edns;
    this.#mixed = tries.mixed;
    this.#era = tries.era;
  }

  heard(bytes: Buffer): void {
    // Whoever floods this question with replies to others is not read any further; the tries go on.
    if (this.#wrong >= BOUNDS.wrongReplies) return;
    const heard = this.#weigh(bytes);
    if (heard === undefined) this.#wrong += 1;
    else this.#tries.put(heard);
  }

  failed(how: 'port-closed' | 'unreachable'): void {
    this.#tries.put({ kind: 'failed', how });
  }

  /** What a datagram means for the tries; undefined if nothing. */
  #weigh(bytes: Buffer): Heard | undefined {
    const tries = this.#tries;
    const { habits } = tries.tools;
    const match = matchQuestion(bytes, this.packet);
    if (match === 'no') return undefined;
    if (match === 'case-changed') return tries.mixed && this.#mixed ? { kind: 'without-case' } : undefined;
    if (match === 'same' && isTruncated(bytes)) return { kind: 'truncated' };
    const message = readMessage(bytes, match === 'same' ? tries.question.name : undefined);
    const rcode = message?.rcode;
    if (this.#edns && (rcode === undefined || rcode === FORMERR || rcode === NOTIMP || rcode === BADVERS)) {
      tries.ednsRefused ||= rcode !== undefined;
      return tries.edns ? { kind: 'without-edns' } : undefined;
    }
    // Without EDNS it works: no need to find that out for each question.
    if (tries.ednsRefused && !this.#edns && (rcode === NOERROR || rcode === NXDOMAIN)) habits.edns = false;
    if (message !== undefined && rcode === SERVFAIL) return this.#era === tries.era ? { kind: 'servfail', message } : undefined;
    return { kind: 'final', message };
  }
}
