// Finds a delegation without the resolvers: from the root's servers downwards, one referral at a time (RFC 1034 §5.3.3).
import type { Lookup, Question, Server } from '../model/lookup.ts';
import type { DnsName } from '../model/names.ts';
import type { Asked, Asking } from './asking.ts';
import { BOUNDS } from './bounds.ts';
import type { Dice } from './dice.ts';
import { type MetZone, readDelegation, type Said, type Word, weigh } from './referral.ts';
import { registrableOf } from './registrable.ts';

export type Walked =
  | {
      readonly kind: 'found';
      readonly zone: MetZone;
      /** Two servers of each zone on the way below the registrable domain said the same, or the only one. */
      readonly sure: boolean;
      readonly soaPrimary: string | undefined;
      readonly lookups: readonly Lookup[];
    }
  /** The servers above the registrable domain say, two of them or the only one, that it is not there. */
  | {
      readonly kind: 'gone';
      readonly registrable: DnsName;
      readonly how: 'nxdomain' | 'no-delegation';
      readonly lookups: readonly Lookup[];
    }
  | { readonly kind: 'failed'; readonly why: 'no-route' | 'loop' | 'out-of-time'; readonly lookups: readonly Lookup[] };

export interface ParentWalk {
  /** The zone that holds `name`, as the servers above it say. */
  find(name: DnsName): Promise<Walked>;
  /** The IPv4 addresses of a host, asked of its own zone's servers; none where they cannot be found. */
  addresses(host: DnsName): Promise<readonly string[]>;
}

export interface ParentWalkParts {
  readonly asking: Asking;
  /** Addresses of the root's servers. */
  readonly roots: readonly string[];
  /** Addresses of a name server without glue as the resolvers say; undefined where they fail. */
  readonly resolve: (host: DnsName) => Promise<readonly string[] | undefined>;
  /** ms since the epoch. */
  readonly clock: () => number;
  readonly dice: Dice;
}

const MAX_KEPT_ZONES = 2000;
const KEPT_MS = 3_600_000;
// A network that lets nothing out to port 53 is found out once, not for each domain.
const NO_ROUTE_MS = 240_000;

/** One walk, with what it may still use; walks within it use the same. */
interface Trip {
  readonly depth: number;
  readonly lookups: Lookup[];
  readonly budget: { questions: number };
}

/** Bounded whatever the servers say: referrals, questions, and walks within walks. */
export function createParentWalk(parts: ParentWalkParts): ParentWalk {
  const { asking, clock, dice } = parts;
  const root: MetZone = { apex: '', servers: [], glue: new Map(), ttl: 0 };
  // Public suffixes' zones: asked for once, not for each domain under them.
  const kept = new Map<string, { readonly zone: MetZone; readonly at: number }>();
  let noRouteAt = Number.NEGATIVE_INFINITY;

  async function serversOf(zone: MetZone, trip: Trip): Promise<Server[]> {
    if (zone.apex === '') return parts.roots.map((address) => ({ role: 'parent', address }));
    const servers: Server[] = [];
    for (const name of zone.servers) for (const address of zone.glue.get(name) ?? []) servers.push({ role: 'parent', name, address });
    for (const name of zone.servers) {
      if (servers.length >= BOUNDS.serversTried) break;
      if (zone.glue.has(name)) continue;
      if (!spend(trip)) break;
      const found = (await parts.resolve(name)) ?? (await addresses(name, { ...trip, depth: trip.depth + 1 }));
      for (const address of found) servers.push({ role: 'parent', name, address });
    }
    return servers;
  }

  async function put(server: Server, question: Question, trip: Trip): Promise<Asked | undefined> {
    if (!spend(trip)) return undefined;
    const asked = await asking.server(server, question, { newSocket: false, zone: undefined });
    trip.lookups.push(asked.lookup);
    return asked;
  }

  /** Asks servers of `zone` for `NS name`: two of them, or the only one. Above the registrable domain one that refers further is enough. */
  async function ask(zone: MetZone, name: DnsName, trip: Trip): Promise<Word> {
    const servers = await serversOf(zone, trip);
    const above = isAbove(zone.apex, registrableOf(name));
    const needed = Math.min(2, servers.length);
    const start = dice.u16();
    const said: Said[] = [];
    for (let i = 0; i < Math.min(servers.length, BOUNDS.serversTried) && said.length < needed; i += 1) {
      const server = servers[(start + i) % servers.length];
      const asked = server === undefined ? undefined : await put(server, { name, type: 'NS' }, trip);
      const one = readDelegation(asked?.message, name, zone.apex);
      if (one.kind === 'useless') continue;
      if (above && one.kind !== 'none') return { said: one, sure: true };
      said.push(one);
    }
    // That a domain does not exist is not said on the word of one.
    return above && said.length < needed ? { said: { kind: 'useless' }, sure: false } : weigh(said, needed);
  }

  /** Follows referrals from `zone` toward `name` until a server speaks with authority, or `name` itself is the child. */
  async function descend(from: MetZone, name: DnsName, trip: Trip): Promise<(Word & { readonly zone: MetZone }) | 'loop'> {
    let zone = from;
    let sure = true;
    for (let referrals = 0; referrals < BOUNDS.referrals; referrals += 1) {
      const word = await ask(zone, name, trip);
      const { said } = word;
      sure &&= word.sure;
      if (said.kind !== 'referral') return { zone, said, sure };
      zone = said.child;
      if (zone.apex === name) return { zone, said, sure };
      if (isAbove(zone.apex, registrableOf(name))) keep(zone);
    }
    return 'loop';
  }

  function keep(zone: MetZone): void {
    if (kept.size >= MAX_KEPT_ZONES) kept.clear();
    kept.set(zone.apex, { zone, at: clock() });
  }

  /** The nearest kept zone above `registrable`, or the root. */
  function startFor(registrable: string): MetZone {
    for (let dot = registrable.indexOf('.'); dot >= 0; dot = registrable.indexOf('.', dot + 1)) {
      const found = kept.get(registrable.slice(dot + 1));
      if (found !== undefined && clock() - found.at < KEPT_MS && clock() >= found.at) return found.zone;
    }
    return root;
  }

  async function find(name: DnsName, trip: Trip): Promise<Walked> {
    const { lookups } = trip;
    const fail = (why: 'no-route' | 'loop'): Walked => {
      const last = lookups.at(-1)?.outcome;
      return { kind: 'failed', why: last?.kind === 'not-asked' && last.how === 'out-of-time' ? 'out-of-time' : why, lookups };
    };
    if (clock() - noRouteAt < NO_ROUTE_MS) return fail('no-route');
    const registrable = registrableOf(name);
    const down = await descend(startFor(registrable), registrable, trip);
    if (down === 'loop') return fail('loop');
    const { said, zone } = down;
    switch (said.kind) {
      case 'useless':
        if (zone.apex === '' && trip.budget.questions > 0) noRouteAt = clock();
        return fail('no-route');
      case 'none':
        // Its own zone says that it has no name servers: nonsense, but it is there.
        if (said.zone === registrable) return fail('no-route');
        return { kind: 'gone', registrable, how: said.how === 'nxdomain' ? 'nxdomain' : 'no-delegation', lookups };
      case 'apex':
        return below(said.zone, name, trip);
      case 'referral':
        return below(zone, name, trip);
    }
  }

  /** From the registrable domain down to the zone of `name`. Where its servers do not speak, the delegation as the parent gave it stands. */
  async function below(domain: MetZone, name: DnsName, trip: Trip): Promise<Walked> {
    const found = (zone: MetZone, sure: boolean, soaPrimary?: string): Walked => ({
      kind: 'found',
      zone,
      sure,
      soaPrimary,
      lookups: trip.lookups,
    });
    if (domain.apex === name) return found(domain, true);
    const down = await descend(domain, name, trip);
    if (down === 'loop') return { kind: 'failed', why: 'loop', lookups: trip.lookups };
    const { zone, said, sure } = down;
    if (said.kind === 'apex') return found(said.zone, sure);
    if (said.kind !== 'none') return found(zone, sure);
    // Without its SOA a "no" does not tell which zone it is of.
    if (said.zone === undefined || !isAbove(zone.apex, said.zone)) return found(zone, sure && said.zone === zone.apex, said.soaPrimary);
    // The servers hold a deeper zone too, so they gave no referral to it.
    const deeper = await ask(zone, said.zone as DnsName, trip);
    return deeper.said.kind === 'apex'
      ? found(deeper.said.zone, sure && deeper.sure, said.soaPrimary)
      : found(zone, false, said.soaPrimary);
  }

  async function addresses(host: DnsName, trip: Trip): Promise<readonly string[]> {
    if (trip.depth > BOUNDS.nestedWalks) return [];
    const walked = await find(host, trip);
    if (walked.kind !== 'found') return [];
    for (const server of (await serversOf(walked.zone, trip)).slice(0, BOUNDS.serversTried)) {
      const asked = await put(server, { name: host, type: 'A' }, trip);
      const outcome = asked?.lookup.outcome;
      if (outcome?.kind === 'answer') return outcome.records.filter((r) => r.type === 'A').map((r) => r.value);
      if (outcome?.kind === 'absent') return [];
    }
    return [];
  }

  return {
    find: (name) => find(name, { depth: 0, lookups: [], budget: { questions: BOUNDS.walkQuestions } }),
    addresses: (host) => addresses(host, { depth: 1, lookups: [], budget: { questions: BOUNDS.hostQuestions } }),
  };
}

/** Takes one question from what is left; false if nothing is. */
function spend({ budget }: Trip): boolean {
  if (budget.questions <= 0) return false;
  budget.questions -= 1;
  return true;
}

/** `zone` is strictly above `name`. */
function isAbove(zone: string, name: string): boolean {
  return zone !== name && (zone === '' || name.endsWith(`.${zone}`));
}
