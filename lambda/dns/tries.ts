// The tries of one question: packets sent in changing form, all of them listened for until the end, and what each reply asks for next.
import type { LookupRemark } from '../model/lookup.ts';
import type { DnsName } from '../model/names.ts';
import { Attempt } from './attempt.ts';
import { BOUNDS } from './bounds.ts';
import type { Dice } from './dice.ts';
import type { Ending } from './ending.ts';
import type { Habits } from './health.ts';
import { encodeQuestion, mixCase } from './question.ts';
import { askOverTcp } from './tcp.ts';
import type { Ticker, Waiter, Waiting } from './ticker.ts';
import type { Alone, Destination, Ticket, UdpPool } from './udp-pool.ts';
import { type Message, matchQuestion, readMessage, type WireType } from './wire.ts';

/** All times in ms. */
export interface TryTimes {
  readonly firstMs: number;
  readonly secondMs: number;
  readonly tcpMs: number;
  readonly servfailAgainMs: number;
}

export interface TryQuestion {
  readonly to: Destination;
  readonly name: DnsName;
  readonly type: WireType;
  readonly recursion: boolean;
  readonly checkingDisabled: boolean;
  readonly mixedCase: boolean;
  /** From a port not used before. */
  readonly newSocket: boolean;
}

/** What the tries need of their surroundings: the same for all questions to one server. */
export interface TryTools {
  readonly pool: UdpPool;
  readonly ticker: Ticker;
  readonly times: TryTimes;
  readonly ending: Ending;
  readonly dice: Dice;
  readonly habits: Habits;
  /** Waits for this server's turn; false if the time is over. */
  readonly turn: () => Promise<boolean>;
  /** A packet leaves. */
  readonly sent: () => void;
  /** A try sent at `sentAt` (monotonic) was in vain. */
  readonly timedOut: (sentAt: number) => void;
  readonly truncated: () => void;
}

/** What came of all tries. */
export type Reply =
  /** `message` is undefined if it was malformed. */
  | { readonly kind: 'reply'; readonly message: Message | undefined; readonly remarks: readonly LookupRemark[] }
  | {
      readonly kind: 'silent';
      readonly how: 'timeout' | 'port-closed' | 'tcp-failed' | 'unreachable';
      readonly remarks: readonly LookupRemark[];
    }
  | { readonly kind: 'over' };

/** What the next thing heard asks for. */
export type Heard =
  | { readonly kind: 'final'; readonly message: Message | undefined }
  | { readonly kind: 'servfail'; readonly message: Message }
  | { readonly kind: 'without-edns' | 'without-case' | 'truncated' | 'timeout' | 'over' }
  | { readonly kind: 'failed'; readonly how: 'port-closed' | 'unreachable' };

const TIMEOUT: Heard = { kind: 'timeout' };
const OVER: Heard = { kind: 'over' };
const NOERROR = 0;
/** FORMERR, NOTIMP, BADVERS: what servers say to EDNS that they do not know (RFC 6891 §7). */
const NO_EDNS: ReadonlySet<number> = new Set([1, 4, 16]);
const NOTHING_ODD: readonly LookupRemark[] = [];

/** A class, not closures: one is made for each question, and nearly all are over after one packet. Must be closed. */
export class Tries implements Waiter {
  readonly question: TryQuestion;
  readonly tools: TryTools;
  /** The form of the next packet. */
  edns: boolean;
  mixed: boolean;
  /** How often old SERVFAILs were put aside. */
  era = 0;
  ednsRefused = false;
  #tickets: Ticket[] | undefined;
  readonly #heard: Heard[] = [];
  #remarks = NOTHING_ODD;
  #alone: Alone | undefined;
  #listener: ((heard: Heard) => void) | undefined;
  #timer: Waiting | undefined;

  /** Nothing is sent yet. */
  constructor(question: TryQuestion, tools: TryTools) {
    this.question = question;
    this.tools = tools;
    this.edns = tools.habits.edns;
    this.mixed = question.mixedCase && tools.habits.keepsCase;
    if (question.newSocket) this.#alone = tools.pool.openAlone(question.to);
    if (!this.edns) this.#note('without-edns');
    if (question.mixedCase && !this.mixed) this.#note('case-not-kept');
  }

  /** Sends the question in its present form. */
  send(): void {
    const attempt = new Attempt(this, this.#compose());
    this.tools.sent();
    const { pool } = this.tools;
    this.#keep(this.#alone?.send(attempt.packet, attempt) ?? pool.send(this.question.to, attempt.packet, attempt));
  }

  #keep(ticket: Ticket): void {
    if (this.#tickets === undefined) this.#tickets = [ticket];
    else this.#tickets.push(ticket);
  }

  /** Asks from a connected socket, which sees a closed port, and stops listening to all other tries. */
  sendConnected(): void {
    this.#alone?.close();
    this.#alone = this.tools.pool.openAlone(this.question.to);
    this.send();
  }

  /** Calls `then` once: with the next thing heard from any try, or with `timeout` after `ms`. */
  next(ms: number, then: (heard: Heard) => void): void {
    this.#listener = then;
    if (this.tools.ending.over()) this.#tell(OVER);
    while (this.#heard.length > 0 && this.#listener === then) this.put(this.#heard.shift() ?? TIMEOUT);
    if (this.#listener === then) this.#timer = this.tools.ticker.after(ms, this);
  }

  /** The time is up. */
  fire(): void {
    this.#tell(TIMEOUT);
  }

  /** As {@link next}, to be awaited. */
  hear(ms: number): Promise<Heard> {
    return new Promise((resolve) => this.next(ms, resolve));
  }

  /** Something was heard. */
  put(heard: Heard): void {
    if (this.#listener === undefined) {
      if (this.#heard.length < BOUNDS.waitingReplies) this.#heard.push(heard);
    } else if (this.#isNews(heard)) this.#tell(heard);
  }

  #tell(heard: Heard): void {
    const then = this.#listener;
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#listener = undefined;
    then?.(this.tools.ending.over() ? OVER : heard);
  }

  /** Two replies may ask for the same change: once it is made, the second is no news. */
  #isNews({ kind }: Heard): boolean {
    return !((kind === 'without-edns' && !this.edns) || (kind === 'without-case' && !this.mixed));
  }

  /** From now on without EDNS. */
  dropEdns(): void {
    this.edns = false;
    this.#note('without-edns');
  }

  /** From now on in lower case: the server does not keep the case. */
  dropCase(): void {
    this.mixed = false;
    this.#note('case-not-kept');
    this.tools.habits.keepsCase = false;
  }

  /** From now on SERVFAIL to what was sent before is no news. */
  ignoreOldServfails(): void {
    this.era += 1;
  }

  /** Asks over TCP, for everything else was truncated. */
  async overTcp(): Promise<Reply> {
    this.tools.truncated();
    this.#note('over-tcp');
    const reply = await this.#connected();
    // What cut the answer short need not be what answers here, and that one may not know EDNS.
    const refused = this.edns && reply.kind === 'reply' && NO_EDNS.has(reply.message?.rcode ?? NOERROR);
    if (!refused) return reply;
    this.dropEdns();
    return this.#connected();
  }

  /** The question as it stands, over a connection of its own. */
  async #connected(): Promise<Reply> {
    const { tools, question } = this;
    const packet = this.#compose();
    packet.writeUInt16BE(tools.dice.u16(), 0);
    if (!(await tools.turn())) return { kind: 'over' };
    tools.sent();
    const accept = (message: Buffer): boolean =>
      message.subarray(0, 2).equals(packet.subarray(0, 2)) && matchQuestion(message, packet) !== 'no';
    const bytes = await new Promise<Buffer | undefined>((resolve) => {
      this.#keep(askOverTcp({ packet, to: question.to, ms: tools.times.tcpMs, accept }, tools.ticker, resolve));
    });
    if (tools.ending.over()) return { kind: 'over' };
    if (bytes === undefined) return { kind: 'silent', how: 'tcp-failed', remarks: this.#remarks };
    return { kind: 'reply', message: readMessage(bytes), remarks: this.#remarks };
  }

  remarks(): readonly LookupRemark[] {
    return this.#remarks;
  }

  close(): void {
    this.#timer?.cancel();
    this.#listener = undefined;
    for (const ticket of this.#tickets ?? []) ticket.stop();
    this.#alone?.close();
  }

  #compose(): Buffer {
    const packet = encodeQuestion(this.question, this.edns);
    if (this.mixed) mixCase(packet, this.tools.dice);
    return packet;
  }

  #note(remark: LookupRemark): void {
    if (!this.#remarks.includes(remark)) this.#remarks = [...this.#remarks, remark];
  }
}
