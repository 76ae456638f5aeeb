// Asks one server or the resolvers and puts what happened into a lookup.
import type { Lookup, LookupRemark, Outcome, Question, Server } from '../model/lookup.ts';
import type { DnsName } from '../model/names.ts';
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
  /** For a type that the model has no lookup for. */
  rawFromResolver(resolver: Destination, name: DnsName, type: WireType): Promise<Message | undefined>;
}

export interface AskingParts {
  readonly line: Line;
  readonly rules: AddressRules;
  /** ms since the epoch: the time written into lookups. */
  readonly clock: () => number;
  readonly trace: ((lookup: Lookup) => void) | undefined;
}

/** Joins the parts. Each lookup goes through `trace`. */
export function createAsking({ line, rules, clock, trace }: AskingParts): Asking {
  function record(server: Server, question: Question, outcome: Outcome, remarks: readonly LookupRemark[] = []): Lookup {
    const at = new Date(clock()).toISOString();
    const lookup: Lookup = { server, question, outcome, at, ...(remarks.length > 0 ? { remarks } : {}) };
    trace?.(lookup);
    return lookup;
  }

  function conclude(server: Server, question: Question, reply: Reply, zone: DnsName | undefined): Asked {
    switch (reply.kind) {
      case 'over':
        return { lookup: record(server, question, { kind: 'not-asked', how: 'out-of-time' }), message: undefined };
      case 'silent':
        return { lookup: record(server, question, { kind: 'silent', how: reply.how }, reply.remarks), message: undefined };
      case 'reply': {
        const by = server.role === 'resolver' ? 'resolver' : 'authoritative';
        const outcome = classify(reply.message, { ...question, by, ...(zone === undefined ? {} : { zone }) });
        return { lookup: record(server, question, outcome, reply.remarks), message: reply.message };
      }
    }
  }

  const fromResolver = (to: Destination, name: DnsName, type: WireType, checkingDisabled: boolean): Promise<Reply> =>
    line.ask({ to, name, type, recursion: true, checkingDisabled, mixedCase: false, newSocket: false }, 'resolver');

  return {
    async server(server, question, { newSocket, zone }) {
      const place = placeOf(server.address, rules);
      if (place.kind === 'refused') {
        return { lookup: record(server, question, { kind: 'not-asked', how: 'address-refused' }), message: undefined };
      }
      if (place.kind === 'unreachable') {
        return { lookup: record(server, question, { kind: 'silent', how: 'unreachable' }), message: undefined };
      }
      const reply = await line.ask(
        { to: place.to, ...question, recursion: false, checkingDisabled: false, mixedCase: true, newSocket },
        'server',
      );
      return conclude(server, question, reply, zone);
    },
    async resolver(to, question, checkingDisabled) {
      const reply = await fromResolver(to, question.name, question.type, checkingDisabled);
      return conclude({ role: 'resolver', address: to.address }, question, reply, undefined);
    },
    async rawFromResolver(to, name, type) {
      const reply = await fromResolver(to, name, type, false);
      return reply.kind === 'reply' ? reply.message : undefined;
    },
  };
}
