// Counts, beside the questions of one sweep, which servers answered and which did not, so that one line a server can say who fails.
import type { Lookup, Outcome, Server } from '../model/lookup.ts';
import type { Dns } from './ports.ts';

/** One server that failed in this sweep. */
export interface FailingServer {
  /** Its name and address; a resolver has only an address. */
  readonly server: string;
  readonly role: Server['role'];
  readonly questions: number;
  readonly failures: number;
  /** The most frequent way in which it failed, such as `silent/timeout`. */
  readonly how: string;
  /** One name that it failed for. */
  readonly example: string;
}

export interface ServerTally {
  /** The same room, whose questions are counted from now on. */
  watching(dns: Dns): Dns;
  /** At most `most` servers, those that failed most often first, and how many failed in all. */
  failing(most: number): { readonly worst: readonly FailingServer[]; readonly of: number };
}

interface Count {
  readonly server: Server;
  questions: number;
  failures: number;
  example: string;
  readonly how: Map<string, number>;
}

/** Above this many servers new ones are not counted any more: the memory of a sweep is bounded. */
const MAX_SERVERS = 20_000;

export function serverTally(): ServerTally {
  const counts = new Map<string, Count>();

  function count({ server, question, outcome }: Lookup): void {
    const key = `${server.role} ${server.name ?? ''} ${server.address}`;
    let of = counts.get(key);
    if (of === undefined) {
      if (counts.size >= MAX_SERVERS) return;
      of = { server, questions: 0, failures: 0, example: '', how: new Map() };
      counts.set(key, of);
    }
    const how = failureOf(outcome);
    of.questions += 1;
    if (how === undefined) return;
    if (of.failures === 0) of.example = question.name;
    of.failures += 1;
    of.how.set(how, (of.how.get(how) ?? 0) + 1);
  }

  return {
    watching: (dns) => ({
      ...dns,
      ask: async (server, question, options) => {
        const lookup = await dns.ask(server, question, options);
        count(lookup);
        return lookup;
      },
      askResolvers: async (question, options) => {
        const lookups = await dns.askResolvers(question, options);
        lookups.forEach(count);
        return lookups;
      },
    }),
    failing: (most) => {
      const failing = [...counts.values()].filter(({ failures }) => failures > 0);
      const worst = failing.sort((a, b) => b.failures - a.failures || a.questions - b.questions).slice(0, most);
      return { worst: worst.map(failingServer), of: failing.length };
    },
  };
}

function failingServer({ server, questions, failures, example, how }: Count): FailingServer {
  const [most] = [...how].sort(([, a], [, b]) => b - a).map(([name]) => name);
  return {
    server: server.name === undefined ? server.address : `${server.name} (${server.address})`,
    role: server.role,
    questions,
    failures,
    how: most ?? '',
    example,
  };
}

/** Undefined for an answer or an honest no, and for a question that we did not ask for a reason of our own. */
function failureOf(outcome: Outcome): string | undefined {
  switch (outcome.kind) {
    case 'answer':
    case 'absent':
      return undefined;
    case 'not-asked':
      return outcome.how === 'server-dead' ? 'silent/given-up' : undefined;
    case 'lame':
    case 'broken':
    case 'silent':
      return `${outcome.kind}/${outcome.how}`;
  }
}
