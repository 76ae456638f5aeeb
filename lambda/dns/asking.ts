// Asks one server or the resolvers and puts what happened into a lookup.
import type { Lookup, LookupRemark, Outcome, Question, Server } from '../model/lookup.ts';
import type { DnsName } from '../model/names.ts';
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
  const now = createDates(clock);
  const places = new Map<string, Placed>();

  function place(address: string): Placed {
    const known = places.get(address);
    if (known !== undefined) return known;
    if (places.size >= MAX_PLACES) places.clear();
    const found = placeOf(address, rules);
    places.set(address, found);
    return found;
  }

  function record(server: Server, question: Question, outcome: Outcome, remarks: readonly LookupRemark[] = []): Lookup {
    const at = now();
    const lookup: Lookup = remarks.length > 0 ? { server, question, outcome, at, remarks } : { server, question, outcome, at };
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
        const outcome = classify(reply.message, { name: question.name, type: question.type, by, zone });
        return { lookup: record(server, question, outcome, reply.remarks), message: reply.message };
      }
    }
  }

  function unasked(server: Server, question: Question, outcome: Outcome): Promise<Asked> {
    return Promise.resolve({ lookup: record(server, question, outcome), message: undefined });
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
      const placed = place(server.address);
      switch (placed.kind) {
        case 'refused':
          return unasked(server, question, { kind: 'not-asked', how: 'address-refused' });
        case 'unreachable':
          return unasked(server, question, { kind: 'silent', how: 'unreachable' });
        case 'at':
          return line.ask(
            { to: placed.to, name, type, recursion: false, checkingDisabled: false, mixedCase: true, newSocket },
            'server',
            (reply) => conclude(server, question, reply, zone),
          );
      }
    },
    resolver(to, question, checkingDisabled) {
      const server: Server = { role: 'resolver', address: to.address };
      return line.ask(toResolver(to, question.name, question.type, checkingDisabled), 'resolver', (reply) =>
        conclude(server, question, reply, undefined),
      );
    },
    rawFromResolver(to, name, type) {
      return line.ask(toResolver(to, name, type, false), 'resolver', (reply) => (reply.kind === 'reply' ? reply.message : undefined));
    },
  };
}

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
