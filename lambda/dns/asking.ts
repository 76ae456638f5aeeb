// Asks one server or the resolvers and puts what happened into a lookup.
import type { Lookup, LookupRemark, Outcome, Question, Server } from '../model/lookup.ts';
import type { DnsName } from '../model/names.ts';
import type { Effort } from '../model/trace.ts';
import { type AddressRules, placeOf } from './addresses.ts';
import { classify } from './classify.ts';
import type { Line } from './line.ts';
import type { Reply } from './tries.ts';
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

/** A question under way: how it went so far. */
interface Course {
  readonly sent: () => void;
  readonly effort: () => Effort;
}

/** Joins the parts. Each lookup goes through `trace`. */
export function createAsking({ line, rules, clock, trace }: AskingParts): Asking {
  function begin(): Course {
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

  function record(course: Course, server: Server, question: Question, outcome: Outcome, remarks: readonly LookupRemark[] = []): Lookup {
    const at = new Date(clock()).toISOString();
    const lookup: Lookup = { server, question, outcome, at, ...(remarks.length > 0 ? { remarks } : {}) };
    trace?.(lookup, course.effort());
    return lookup;
  }

  function conclude(course: Course, server: Server, question: Question, reply: Reply, zone: DnsName | undefined): Asked {
    switch (reply.kind) {
      case 'over':
        return { lookup: record(course, server, question, { kind: 'not-asked', how: 'out-of-time' }), message: undefined };
      case 'silent':
        return { lookup: record(course, server, question, { kind: 'silent', how: reply.how }, reply.remarks), message: undefined };
      case 'reply': {
        const by = server.role === 'resolver' ? 'resolver' : 'authoritative';
        const outcome = classify(reply.message, { ...question, by, ...(zone === undefined ? {} : { zone }) });
        return { lookup: record(course, server, question, outcome, reply.remarks), message: reply.message };
      }
    }
  }

  const putToResolver = (course: Course, to: Destination, question: Question, checkingDisabled: boolean): Promise<Reply> =>
    line.ask({ to, ...question, recursion: true, checkingDisabled, mixedCase: false, newSocket: false }, 'resolver', course.sent);

  return {
    async server(server, question, { newSocket, zone }) {
      const course = begin();
      const place = placeOf(server.address, rules);
      if (place.kind === 'refused') {
        return { lookup: record(course, server, question, { kind: 'not-asked', how: 'address-refused' }), message: undefined };
      }
      if (place.kind === 'unreachable') {
        return { lookup: record(course, server, question, { kind: 'silent', how: 'unreachable' }), message: undefined };
      }
      const how = { recursion: false, checkingDisabled: false, mixedCase: true, newSocket };
      const reply = await line.ask({ to: place.to, ...question, ...how }, 'server', course.sent);
      return conclude(course, server, question, reply, zone);
    },
    async resolver(to, question, checkingDisabled) {
      const course = begin();
      const reply = await putToResolver(course, to, question, checkingDisabled);
      return conclude(course, { role: 'resolver', address: to.address }, question, reply, undefined);
    },
    async rawFromResolver(to, name, type) {
      const course = begin();
      const server: Server = { role: 'resolver', address: to.address };
      const reply = await putToResolver(course, to, { name, type }, false);
      const message = reply.kind === 'reply' ? reply.message : undefined;
      // Its records are not kept: for the trace it is enough that there are some.
      if (reply.kind === 'reply' && message?.answers.some((one) => one.type === type))
        record(course, server, { name, type }, { kind: 'answer', aa: message.aa, records: [] }, reply.remarks);
      else conclude(course, server, { name, type }, reply, undefined);
      return message;
    },
  };
}
