// Watches one look at one domain, and tells afterwards which questions were asked, in which phase, and why.
import { answersOf, serverName } from '../diagnosis/server-words.ts';
import { outcomeInWords, whyAsked } from '../diagnosis/trace-words.ts';
import type { Expectation } from '../model/expectation.ts';
import type { Lookup } from '../model/lookup.ts';
import { visible } from '../model/safe-text.ts';
import type { Effort, Trace, TraceEntry } from '../model/trace.ts';
import type { Dns, Sleep } from './ports.ts';
import { type AskedBy, type Known, phaseOf, purposeOf, type Stage } from './trace-purpose.ts';

/** What is watched of the world of a check. */
export interface Watched {
  readonly dns: Dns;
  readonly sleep: Sleep;
  readonly randomLabel: () => string;
}

export interface Tracer {
  /** To be called with each lookup of the DNS room, also those that it makes by itself. */
  readonly heard: (lookup: Lookup, effort: Effort) => void;
  /** The same world, watched. Of use for one identity at a time: the phase is known by what has been done before. */
  readonly watch: <W extends Watched>(world: W, expectation: Expectation) => W;
  readonly trace: () => Trace;
}

/** What the story asked for itself, and when it did. */
interface Asked {
  readonly stage: Stage;
  readonly by: AskedBy;
}

interface Heard {
  readonly lookup: Lookup;
  readonly effort: Effort;
  /** When it ended. */
  readonly stage: Stage;
}

/** Questions kept; one domain costs a few hundred at the very most. */
const MAX_KEPT = 2000;
/** A tracer for one look at one identity. Keeps at most {@link MAX_KEPT} questions, and counts the rest. */
export function createTracer(): Tracer {
  const heard: Heard[] = [];
  const asked = new WeakMap<Lookup, Asked>();
  const apexes = new Set<string>();
  const addresses = new Set<string>();
  const labels: string[] = [];
  let records = new Set<string>();
  let stage: Stage = 'quick';
  let omitted = 0;

  const note = (lookups: readonly Lookup[], how: Asked): void => {
    for (const lookup of lookups) asked.set(lookup, how);
  };

  function watchDns(dns: Dns): Dns {
    return {
      ...dns,
      async delegation(name, options) {
        // The first look uses what is cached; the panel looks anew.
        if (options?.fresh === true && stage === 'quick') stage = 'panel';
        const found = await dns.delegation(name, options);
        if (found.kind === 'delegated') {
          apexes.add(found.apex);
          for (const { address } of found.servers) addresses.add(address);
        }
        return found;
      },
      async ask(server, question, options) {
        const at = stage;
        const lookup = await dns.ask(server, question, options);
        note([lookup], { stage: at, by: 'server' });
        return lookup;
      },
      async askResolvers(question, options) {
        const at = stage;
        const lookups = await dns.askResolvers(question, options);
        note(lookups, { stage: at, by: options?.checkingDisabled === true ? 'unchecked' : 'resolvers' });
        return lookups;
      },
    };
  }

  function known(): Known {
    const isMail = ({ lookup: { question } }: Heard): boolean => String(question.type) === 'MX';
    return { records, apexes, addresses, labels, mailNames: new Set(heard.filter(isMail).map(({ lookup }) => lookup.question.name)) };
  }

  return {
    heard(lookup, effort) {
      if (heard.length < MAX_KEPT) heard.push({ lookup, effort, stage });
      else omitted += 1;
    },
    watch(world, expectation) {
      records = new Set(expectation.kind === 'records' ? expectation.records.map(({ name }) => name) : []);
      return {
        ...world,
        dns: watchDns(world.dns),
        sleep: async (ms: number, signal?: AbortSignal) => {
          // Between the two rounds, and nowhere else.
          stage = 'again';
          await world.sleep(ms, signal);
        },
        randomLabel: () => {
          const label = world.randomLabel();
          labels.push(label);
          return label;
        },
      };
    },
    trace() {
      const all = known();
      return { entries: heard.map((one) => entryOf(one, asked.get(one.lookup), all)), omitted };
    },
  };
}

function entryOf({ lookup, effort, stage: ended }: Heard, asked: Asked | undefined, known: Known): TraceEntry {
  const stage = asked?.stage ?? ended;
  const purpose = purposeOf(lookup, asked?.by, stage, known);
  return {
    phase: phaseOf(stage, asked?.by, purpose),
    why: whyAsked(purpose),
    question: `${lookup.question.type} ${visible(lookup.question.name, 260)}`,
    server: serverName(lookup.server),
    role: lookup.server.role,
    outcome: visible(outcomeInWords(lookup), 300),
    answers: answersOf(lookup),
    remarks: lookup.remarks ?? [],
    packets: effort.packets,
    ms: effort.ms,
    at: visible(lookup.at, 40),
  };
}
