// Asks one server or the resolvers and puts what happened into a lookup.
import type { Lookup, LookupRemark, Outcome, Question, Server } from '../model/lookup.ts';
import type { DnsName } from '../model/names.ts';
import type { Effort } from '../model/trace.ts';
import { type AddressRules, type Placed, placeOf } from './addresses.ts';
import { classify } from './classify.ts';
import type { Line } from './line.ts';
import type { Reply, TryQuestion } from './tries.ts';
import type { Destination } from './udp-pool.ts';
import type { Message, WireType } from './wire.ts';

/** A lookup, with the reply it was made from where there was one: a referral's name servers are in there. */
export interface Asked {
  readonly lookup: Lookup;
  readonly message: Message | undefined;
}

export interface ServerOptions {
  readonly newSocket: boolean;
  /** The zone that the server was found for. */
  readonly zone: DnsName | undefined;
}

export interface Asking {
  /** One authoritative server. */
  server(server: Server, question: Question, options: ServerOptions): Promise<Asked>;
  resolver(resolver: Destination, question: Question, checkingDisabled: boolean): Promise<Asked>;
  /** For a type whose records the model does not keep. */
  rawFromResolver(resolver: Destination, name: DnsName, type: WireType): Promise<Message | undefined>;
}

export interface AskingParts {
  readonly line: Line;
  readonly rules: AddressRules;
  /** ms since the epoch: the time written into lookups. */
  readonly clock: () => number;
  readonly trace: ((lookup: Lookup, effort: Effort) => void) | undefined;
}

/** Counts what one question costs. */
interface Course {
  readonly sent: () => void;
  readonly effort: () => Effort;
}

/** Joins the parts. Each lookup goes through `trace`. */
export function createAsking({ line, rules, clock, trace }: AskingParts): Asking {
  const now = createDates(clock);
  const places = new Map<string, Placed>();

  /** Only for somebody who watches: steady sweeps are not slowed by it. */
  function begin(): Course | undefined {
    if (trace === undefined) return undefined;
    let packets = 0;
    let since = 0;
    return {
      sent: () => {
        if (packets === 0) since = clock();
        packets += 1;
      },
      effort: () => ({ packets, ms: packets === 0 ? 0 : Math.max(0, clock() - since) }),
    };
  }

  function place(address: string): Placed {
    const known = places.get(address);
    if (known !== undefined) return known;
    if (places.size >= MAX_PLACES) places.clear();
    const found = placeOf(address, rules);
    places.set(address, found);
    return found;
  }

  function record(
    course: Course | undefined,
    server: Server,
    question: Question,
    outcome: Outcome,
    remarks: readonly LookupRemark[] = [],
  ): Lookup {
    const at = now();
    const lookup: Lookup = remarks.length > 0 ? { server, question, outcome, at, remarks } : { server, question, outcome, at };
    if (course !== undefined) trace?.(lookup, course.effort());
    return lookup;
  }

  function conclude(course: Course | undefined, server: Server, question: Question, reply: Reply, zone: DnsName | undefined): Asked {
    switch (reply.kind) {
      case 'over':
        return { lookup: record(course, server, question, { kind: 'not-asked', how: 'out-of-time' }), message: undefined };
      case 'silent':
        return { lookup: record(course, server, question, { kind: 'silent', how: reply.how }, reply.remarks), message: undefined };
      case 'reply': {
        const by = server.role === 'resolver' ? 'resolver' : 'authoritative';
        const outcome = classify(reply.message, { name: question.name, type: question.type, by, zone });
        return { lookup: record(course, server, question, outcome, reply.remarks), message: reply.message };
      }
    }
  }

  function unasked(course: Course | undefined, server: Server, question: Question, outcome: Outcome): Promise<Asked> {
    return Promise.resolve({ lookup: record(course, server, question, outcome), message: undefined });
  }

  const toResolver = (to: Destination, name: DnsName, type: WireType, checkingDisabled: boolean): TryQuestion => ({
    to,
    name,
    type,
    recursion: true,
    checkingDisabled,
    mixedCase: false,
    newSocket: false,
  });

  return {
    server(server, question, { newSocket, zone }) {
      const { name, type } = question;
      const course = begin();
      const placed = place(server.address);
      switch (placed.kind) {
        case 'refused':
          return unasked(course, server, question, { kind: 'not-asked', how: 'address-refused' });
        case 'unreachable':
          return unasked(course, server, question, { kind: 'silent', how: 'unreachable' });
        case 'at':
          return line.ask(
            { to: placed.to, name, type, recursion: false, checkingDisabled: false, mixedCase: true, newSocket },
            'server',
            (reply) => conclude(course, server, question, reply, zone),
            course?.sent,
          );
      }
    },
    resolver(to, question, checkingDisabled) {
      const course = begin();
      const server = asServer(to);
      return line.ask(
        toResolver(to, question.name, question.type, checkingDisabled),
        'resolver',
        (reply) => conclude(course, server, question, reply, undefined),
        course?.sent,
      );
    },
    rawFromResolver(to, name, type) {
      const course = begin();
      const server = asServer(to);
      const make = (reply: Reply): Message | undefined => {
        const message = reply.kind === 'reply' ? reply.message : undefined;
        // Its records are not kept: for the trace it is enough that there are some.
        if (reply.kind === 'reply' && message?.answers.some((one) => one.type === type))
          record(course, server, { name, type }, { kind: 'answer', aa: message.aa, records: [] }, reply.remarks);
        else conclude(course, server, { name, type }, reply, undefined);
        return message;
      };
      return line.ask(toResolver(to, name, type, false), 'resolver', make, course?.sent);
    },
  };
}

const asServer = ({ address, port }: Destination): Server =>
  port === 53 ? { role: 'resolver', address } : { role: 'resolver', address, port };

const MAX_PLACES = 20_000;

/** The clock as ISO 8601, written anew only when the millisecond has changed. */
function createDates(clock: () => number): () => string {
  let at = Number.NaN;
  let text = '';
  return () => {
    const now = clock();
    if (now !== at) {
      at = now;
      text = new Date(now).toISOString();
    }
    return text;
  };
}
