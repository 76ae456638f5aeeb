// Watches one look at one domain, and tells afterwards which questions were asked, in which phase, and why.
import { answersOf, serverName } from '../diagnosis/server-words.ts';
import { outcomeInWords, type Purpose, whyAsked } from '../diagnosis/trace-words.ts';
import type { Expectation } from '../model/expectation.ts';
import type { Lookup } from '../model/lookup.ts';
import { visible } from '../model/safe-text.ts';
import type { Effort, Trace, TraceEntry, TracePhase } from '../model/trace.ts';
import type { Dns, Sleep } from './ports.ts';

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

/** Where the look has got to: its first, quick step, the full panel, or the second round after the pause. */
type Stage = 'quick' | 'panel' | 'again';

/** What the story asked for itself; all else was asked by the DNS room, to find servers. */
interface Asked {
  readonly stage: Stage;
  readonly by: 'server' | 'resolvers' | 'unchecked' | 'ses-side';
}

interface Heard {
  readonly lookup: Lookup;
  readonly effort: Effort;
  /** When it ended. */
  readonly stage: Stage;
}

/** Questions kept; one domain costs a few hundred at the very most. */
const MAX_KEPT = 2000;
/** Always there: what is asked about it is about the resolver. */
const CONTROL_NAME = 'amazonses.com';

export function createTracer(): Tracer {
  const heard: Heard[] = [];
  const asked = new WeakMap<Lookup, Asked>();
  const apexes = new Set<string>();
  const mailFroms = new Set<string>();
  const sesSide = new Set<unknown>();
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
        if (found.kind === 'delegated') apexes.add(found.apex);
        return found;
      },
      async ask(server, question, options) {
        const at = stage;
        const lookup = await dns.ask(server, question, options);
        if (question.type === 'MX') mailFroms.add(question.name);
        note([lookup], { stage: at, by: sesSide.has(server) ? 'ses-side' : 'server' });
        return lookup;
      },
      async serversNamed(name) {
        const servers = await dns.serversNamed(name);
        for (const server of servers) sesSide.add(server);
        return servers;
      },
      async askResolvers(question, options) {
        const at = stage;
        const lookups = await dns.askResolvers(question, options);
        note(lookups, { stage: at, by: options?.checkingDisabled === true ? 'unchecked' : 'resolvers' });
        return lookups;
      },
    };
  }

  const purposeOf = ({ question, server }: Lookup, how: Asked | undefined): Purpose => {
    const { name } = question;
    const type: string = question.type;
    if (how === undefined) {
      if (type === 'A') return 'address';
      if (type === 'AAAA') return 'address-ipv6';
      if (name === CONTROL_NAME) return 'control';
      if (server.role === 'parent') return 'above';
      return apexes.has(name) ? 'zone-servers' : 'zone';
    }
    if (how.by === 'unchecked' || how.by === 'ses-side') return how.by;
    if (type === 'SOA') return 'version';
    if (mailFroms.has(name)) return 'mail-from';
    if (name.startsWith('_dmarc.')) return 'policy';
    if (records.has(name)) {
      if (how.by === 'resolvers') return 'resolvers';
      if (how.stage === 'quick') return 'first-look';
      if (type === 'A') return 'proxy';
      return type === 'CNAME' ? 'cname' : 'txt';
    }
    const [first = ''] = name.split('.');
    if (labels.some((label) => label === first || (first.length > 8 && label.startsWith(first)))) return 'wildcard';
    return [...records].some((record) => name.startsWith(`${record}.`)) ? 'doubled' : 'elsewhere';
  };

  const PANEL: ReadonlySet<Purpose> = new Set<Purpose>(['version', 'txt', 'cname']);

  function phaseOf(at: Stage, how: Asked | undefined, purpose: Purpose): TracePhase {
    switch (how?.stage ?? at) {
      case 'again':
        return 'second-round';
      case 'quick':
        return how === undefined ? 'servers' : 'first-look';
      case 'panel':
        if (how === undefined) return 'servers-anew';
        return PANEL.has(purpose) ? 'all-servers' : 'probes';
    }
  }

  function entry({ lookup, effort, stage: at }: Heard): TraceEntry {
    const how = asked.get(lookup);
    const purpose = purposeOf(lookup, how);
    return {
      phase: phaseOf(at, how, purpose),
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
    trace: () => ({ entries: heard.map(entry), omitted }),
  };
}
