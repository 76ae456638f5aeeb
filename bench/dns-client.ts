// A part of the DNS bench: puts TXT questions to one server, either through our DNS room or through node:dns, and says what that cost.
import { Resolver } from 'node:dns/promises';
import { openDns } from '../lambda/dns/open-dns.ts';
import type { Question } from '../lambda/model/lookup.ts';
import { dnsName } from '../lambda/model/names.ts';
import { inParallel } from '../lambda/sweep/in-parallel.ts';
import { serve } from './dns-process.ts';

/** First comes one of these, then one `run` for each round. */
export type ClientMessage =
  | {
      readonly kind: 'open';
      readonly client: 'ours' | 'node:dns';
      readonly at: { readonly address: string; readonly port: number };
      readonly as: 'server' | 'resolver';
      readonly names: readonly string[];
      readonly inFlight: number;
    }
  | { readonly kind: 'run' };

export interface Round {
  readonly questions: number;
  /** Answers that held what they should. */
  readonly answered: number;
  readonly seconds: number;
  /** Seconds of processor time, user and system. */
  readonly cpu: number;
  /** Packets sent, where the client counts them. */
  readonly packets: number | undefined;
  /** Largest resident set since the start, MiB. */
  readonly peakMiB: number;
}

type Open = Extract<ClientMessage, { kind: 'open' }>;

interface Client {
  /** Asks about the nth name. True if the answer is what a healthy domain's server says. */
  readonly ask: (nth: number) => Promise<boolean>;
  readonly packets: () => number | undefined;
}

/** No pacing: here the question is what the code can do, not what a server may be asked. */
function ours({ at, as, inFlight, names }: Open): Client {
  const much = 1e9;
  const dns = openDns({
    resolvers: [at],
    port: at.port,
    allowPrivateNameServers: true,
    clock: Date.now,
    pace: { perServerPerSecond: much, burst: much, resolverPerSecond: much, inFlight, perServerAtOnce: inFlight },
  });
  const server = { role: 'authoritative', name: dnsName('ns1.hoster.net'), address: at.address } as const;
  const questions = names.map((name) => ({ name: dnsName(name), type: 'TXT' }) as const);
  return {
    packets: () => dns.questions(),
    async ask(nth) {
      const question = questions[nth] as Question;
      if (as === 'server') return (await dns.ask(server, question)).outcome.kind === 'answer';
      const [lookup] = await dns.askResolvers(question);
      return lookup?.outcome.kind === 'answer' && lookup.outcome.records.some(({ type }) => type === 'TXT');
    },
  };
}

/** `resolveTxt` of a name that holds only a CNAME gives an empty list: the same answer, as far as node:dns shows it. */
function nodeDns({ at, as, names }: Open): Client {
  const resolver = new Resolver({ timeout: 5000, tries: 4 });
  resolver.setServers([`${at.address}:${at.port}`]);
  return {
    packets: () => undefined,
    async ask(nth) {
      const answer = await resolver.resolveTxt(names[nth] ?? '').catch((error: NodeJS.ErrnoException) => error);
      return !(answer instanceof Error) && (as === 'server' || answer.length > 0);
    },
  };
}

let client: Client | undefined;
let open: Open | undefined;

serve(async (message: ClientMessage): Promise<Round | 'open'> => {
  if (message.kind === 'open') {
    open = message;
    client = message.client === 'ours' ? ours(message) : nodeDns(message);
    return 'open';
  }
  if (open === undefined || client === undefined) throw new Error('nothing was opened');
  return run(open, client);
});

async function run({ names, inFlight }: Open, { ask, packets }: Client): Promise<Round> {
  const before = packets();
  const cpu = process.cpuUsage();
  const began = performance.now();
  let answered = 0;
  await inParallel(names, inFlight, async (_, nth) => {
    if (await ask(nth)) answered += 1;
  });
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const after = packets();
  return {
    questions: names.length,
    answered,
    seconds,
    cpu: (user + system) / 1e6,
    packets: before === undefined || after === undefined ? undefined : after - before,
    peakMiB: process.resourceUsage().maxRSS / 1024,
  };
}
