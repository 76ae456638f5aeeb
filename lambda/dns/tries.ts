// The tries of one question: packets sent in changing form, all of them listened for until the end, and what each reply asks for next.
import type { LookupRemark } from '../model/lookup.ts';
import type { DnsName } from '../model/names.ts';
import type { Ending } from './ending.ts';
import type { Habits } from './health.ts';
import { askOverTcp } from './tcp.ts';
import type { Ticker } from './ticker.ts';
import type { Destination, Hearing, SendDatagram, Ticket, UdpPool } from './udp-pool.ts';
import { encodeQuestion, isTruncated, type Message, matchQuestion, mixCase, readMessage, type WireType } from './wire.ts';

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

/** What the tries need of their surroundings. */
export interface TryTools {
  readonly pool: UdpPool;
  readonly ticker: Ticker;
  readonly times: TryTimes;
  readonly ending: Ending;
  readonly random: (bytes: number) => Uint8Array;
  readonly habits: Habits;
  /** Waits for this server's turn; false if the time is over. */
  readonly turn: () => Promise<boolean>;
  /** A packet leaves. */
  readonly sent: () => void;
  readonly timedOut: () => void;
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

export interface Tries {
  /** Sends the question in its present form. */
  send(): void;
  /** The next thing heard from any try, or `timeout` after `ms`. */
  hear(ms: number): Promise<Heard>;
  /** From now on without EDNS. */
  dropEdns(): void;
  /** From now on in lower case: the server does not keep the case. */
  dropCase(): void;
  /** From now on SERVFAIL to what was sent before is no news. */
  ignoreOldServfails(): void;
  /** Asks over TCP, for everything else was truncated. */
  overTcp(): Promise<Reply>;
  remarks(): readonly LookupRemark[];
  /** Asks from a connected socket, which sees a closed port, and stops listening to all other tries. */
  sendConnected(): void;
  close(): void;
}

/** The rcodes that decide what to do next. */
const NOERROR = 0;
const FORMERR = 1;
const SERVFAIL = 2;
const NXDOMAIN = 3;
const NOTIMP = 4;
const BADVERS = 16;

interface Form {
  readonly packet: Buffer;
  readonly edns: boolean;
  readonly mixed: boolean;
  readonly era: number;
}

/** Nothing is sent yet. The tries must be closed. */
export function createTries(question: TryQuestion, tools: TryTools): Tries {
  const { pool, ticker, habits } = tools;
  const tickets: Ticket[] = [];
  const heard: Heard[] = [];
  const noted = new Set<LookupRemark>();
  let wakeUp: (() => void) | undefined;
  let edns = habits.edns;
  let mixed = question.mixedCase && habits.keepsCase;
  let era = 0;
  let ednsRefused = false;
  let alone = question.newSocket ? pool.openAlone(question.to) : undefined;
  if (!edns) noted.add('without-edns');
  if (question.mixedCase && !mixed) noted.add('case-not-kept');

  function compose(): Form {
    const name = mixed ? mixCase(question.name, tools.random(32)) : question.name;
    return { packet: encodeQuestion({ ...question, name, edns }), edns, mixed, era };
  }

  function put(one: Heard | undefined): void {
    if (one === undefined) return;
    heard.push(one);
    wakeUp?.();
  }

  /** What a datagram means for the tries; undefined if nothing. */
  function weigh(bytes: Buffer, form: Form): Heard | undefined {
    const match = matchQuestion(bytes, form.packet);
    if (match === 'no') return undefined;
    if (match === 'case-changed') return mixed && form.mixed ? { kind: 'without-case' } : undefined;
    if (match === 'same' && isTruncated(bytes)) return { kind: 'truncated' };
    const message = readMessage(bytes);
    const rcode = message?.rcode;
    if (form.edns && (rcode === undefined || rcode === FORMERR || rcode === NOTIMP || rcode === BADVERS)) {
      ednsRefused ||= rcode !== undefined;
      return edns ? { kind: 'without-edns' } : undefined;
    }
    // Without EDNS it works: no need to find that out for each question.
    if (ednsRefused && !form.edns && (rcode === NOERROR || rcode === NXDOMAIN)) habits.edns = false;
    if (message !== undefined && rcode === SERVFAIL) return form.era === era ? { kind: 'servfail', message } : undefined;
    return { kind: 'final', message };
  }

  function listenTo(form: Form): Hearing {
    return { heard: (bytes) => put(weigh(bytes, form)), failed: (how) => put({ kind: 'failed', how }) };
  }

  /** Waits until something is heard, the time is up, or all time is over. */
  async function wait(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timeout = ticker.after(ms, resolve);
      const callOff = tools.ending.onEnd(resolve);
      wakeUp = () => {
        timeout.cancel();
        callOff();
        resolve();
      };
    });
    wakeUp?.();
    wakeUp = undefined;
  }

  async function hear(ms: number): Promise<Heard> {
    const until = ticker.now() + ms;
    for (;;) {
      if (heard.length === 0 && !tools.ending.over()) await wait(Math.max(0, until - ticker.now()));
      if (tools.ending.over()) return { kind: 'over' };
      const next = heard.shift();
      if (next === undefined) return { kind: 'timeout' };
      // Two replies may ask for the same change: once it is made, the second is no news.
      if ((next.kind === 'without-edns' && !edns) || (next.kind === 'without-case' && !mixed)) continue;
      return next;
    }
  }

  /** The question as it stands, over a connection of its own. */
  async function connected(): Promise<Reply> {
    const { packet } = compose();
    packet.set(tools.random(2), 0);
    if (!(await tools.turn())) return { kind: 'over' };
    tools.sent();
    const accept = (message: Buffer): boolean =>
      message.subarray(0, 2).equals(packet.subarray(0, 2)) && matchQuestion(message, packet) !== 'no';
    const bytes = await new Promise<Buffer | undefined>((resolve) => {
      const ticket = askOverTcp({ packet, to: question.to, ms: tools.times.tcpMs, accept }, ticker, (reply) => {
        callOff();
        resolve(reply);
      });
      const callOff = tools.ending.onEnd(() => resolve(undefined));
      tickets.push(ticket);
    });
    if (tools.ending.over()) return { kind: 'over' };
    if (bytes === undefined) return { kind: 'silent', how: 'tcp-failed', remarks: [...noted] };
    return { kind: 'reply', message: readMessage(bytes), remarks: [...noted] };
  }

  return {
    send() {
      const form = compose();
      const send: SendDatagram = alone?.send ?? ((packet, hearing) => pool.send(question.to, packet, hearing));
      tools.sent();
      tickets.push(send(form.packet, listenTo(form)));
    },
    sendConnected() {
      alone?.close();
      alone = pool.openAlone(question.to);
      const form = compose();
      tools.sent();
      tickets.push(alone.send(form.packet, listenTo(form)));
    },
    hear,
    dropEdns() {
      edns = false;
      noted.add('without-edns');
    },
    dropCase() {
      mixed = false;
      noted.add('case-not-kept');
      habits.keepsCase = false;
    },
    ignoreOldServfails() {
      era += 1;
    },
    async overTcp() {
      tools.truncated();
      noted.add('over-tcp');
      const reply = await connected();
      // What cut the answer short need not be what answers here, and that one may not know EDNS.
      const refused = edns && reply.kind === 'reply' && [FORMERR, NOTIMP, BADVERS].includes(reply.message?.rcode ?? NOERROR);
      if (!refused) return reply;
      edns = false;
      noted.add('without-edns');
      return connected();
    },
    remarks: () => [...noted],
    close() {
      for (const ticket of tickets) ticket.stop();
      alone?.close();
    },
  };
}
