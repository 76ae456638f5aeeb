// Who answers for a name: from the cache, else from the resolvers, else from the servers above it.
import type { Delegation, Lookup, NameServer, UnusableNameServer } from '../model/lookup.ts';
import { type DnsName, dnsName, isWithin } from '../model/names.ts';
import { type AddressRules, placeOf } from './addresses.ts';
import { BOUNDS } from './bounds.ts';
import type { Ending } from './ending.ts';
import type { Hosts } from './hosts.ts';
import type { ParentWalk, Walked } from './parent-walk.ts';
import type { MetZone } from './referral.ts';
import { registrableOf } from './registrable.ts';
import type { Resolvers } from './resolvers.ts';
import { FRESH_MS, type KnownZone, spreadOf, type ZoneCache } from './zone-cache.ts';
import { findByResolver } from './zone-cut.ts';

export interface DelegationParts {
  readonly resolvers: Resolvers;
  readonly hosts: Hosts;
  readonly walk: ParentWalk;
  readonly cache: ZoneCache;
  readonly rules: AddressRules;
  readonly ending: Ending;
  /** ms since the epoch. */
  readonly clock: () => number;
}

export interface Delegations {
  /** `fresh`: nothing learned more than a minute ago counts, and the parent's view is joined to the resolver's. Never throws for what servers say. */
  find(name: DnsName, fresh: boolean): Promise<Delegation>;
}

type Source = 'cache' | 'resolver' | 'parent';
/** A delegation on the way: the zone is known, its servers' addresses not yet. */
type Zoned =
  | { readonly kind: 'zone'; readonly zone: KnownZone; readonly source: Source; readonly resolverFailed?: true }
  | Exclude<Delegation, { kind: 'delegated' }>;

/** Always there: who does not find it cannot be believed about others. */
const CONTROL_NAME = dnsName('amazonses.com');

/** Joins the parts. Names asked for together are looked up together. */
export function createDelegations(parts: DelegationParts): Delegations {
  const { resolvers, hosts, walk, cache, rules, ending } = parts;
  const running = new Map<string, Promise<Delegation>>();

  async function find(name: DnsName, fresh: boolean): Promise<Delegation> {
    const maxAge = fresh ? FRESH_MS : Number.POSITIVE_INFINITY;
    const known = cache.zoneFor(name, maxAge);
    if (known !== undefined && (known.parentAsked || !fresh)) return withAddresses({ kind: 'zone', zone: known, source: 'cache' }, maxAge);
    const zoned = await zoneOf(name, fresh);
    if (zoned.kind !== 'zone') return zoned;
    const found = await withAddresses(zoned, maxAge);
    if (found.kind !== 'unknown' || found.why !== 'resolver-failed' || zoned.source === 'parent') return found;
    // The resolvers know the servers' names and not one address: the parent may have glue.
    const above = await byParent(name);
    return above.kind === 'zone' ? withAddresses(above, maxAge) : found;
  }

  async function zoneOf(name: DnsName, fresh: boolean): Promise<Zoned> {
    const byResolver = await findByResolver(name, resolvers, (apex) => {
      const known = cache.zone(apex, fresh ? FRESH_MS : Number.POSITIVE_INFINITY);
      return known?.parentAsked === true || !fresh ? known : undefined;
    });
    if (ending.over()) return unknown('out-of-time', 'The time ran out.', byResolver.lookups);
    const failed = byResolver.lookups.some(saysServfail) ? ({ resolverFailed: true } as const) : {};
    if (byResolver.kind === 'found') {
      const { zone, ttl } = byResolver;
      if (ttl === undefined) {
        cache.putCut(name, zone.apex);
        return { kind: 'zone', zone, source: 'resolver', ...failed };
      }
      // A public suffix that holds names itself delegates nothing: the parent's servers have no more to say.
      const askAbove = (fresh || isParentsHour(zone.apex, parts.clock())) && isWithin(zone.apex, registrableOf(name));
      const walked = askAbove ? await walk.find(name) : undefined;
      if (walked?.kind === 'gone') return gone(walked);
      const both = walked === undefined ? zone : joined(zone, walked);
      remember(name, both);
      return { kind: 'zone', zone: both, source: both.apex === zone.apex ? 'resolver' : 'parent', ...failed };
    }
    const above = await byParent(name);
    if (above.kind === 'zone') return { ...above, ...failed };
    if (above.kind !== 'unknown') return above;
    const lookups = [...byResolver.lookups, ...above.lookups];
    if (byResolver.why === 'nxdomain' && above.why === 'resolver-failed') return goneByResolvers(name, lookups);
    return { ...above, lookups: told(lookups) };
  }

  async function byParent(name: DnsName): Promise<Zoned> {
    const walked = await walk.find(name);
    switch (walked.kind) {
      case 'gone':
        return gone(walked);
      case 'found': {
        const zone = asKnown(walked.zone, walked.soaPrimary);
        remember(name, zone);
        return { kind: 'zone', zone, source: 'parent' };
      }
      case 'failed':
        if (walked.why === 'out-of-time') return unknown('out-of-time', 'The time ran out.', walked.lookups);
        if (walked.why === 'loop') return unknown('loop', 'The referrals do not come to an end.', walked.lookups);
        return unknown(
          'resolver-failed',
          'Neither the resolvers nor the servers above the domain could tell who answers for it.',
          walked.lookups,
        );
    }
  }

  /**
   * Without a way to the parent's servers the word of the resolvers has to do: of all of them, twice, two voices at least (one of the
   * parent's servers counts as one), and only while they still find SES's own zone. A single one that denies everything is a fault of ours, not the end of every domain.
   */
  async function goneByResolvers(name: DnsName, before: readonly Lookup[]): Promise<Zoned> {
    const registrable = registrableOf(name);
    const question = { name: registrable, type: 'NS' } as const;
    const lookups = [...(await resolvers.all(question, false)), ...(await resolvers.all(question, false))];
    const agreed = lookups.every(({ outcome }) => outcome.kind === 'absent' && outcome.how === 'nxdomain');
    const denies = ({ server, question: asked, outcome }: Lookup): boolean =>
      server.role === 'parent' && asked.name === registrable && outcome.kind === 'absent' && outcome.how === 'nxdomain';
    const voices = lookups.length / 2 + (before.some(denies) ? 1 : 0);
    if (agreed && voices >= 2 && (await findControlName())) return { kind: 'gone', registrable, how: 'nxdomain', lookups: told(lookups) };
    if (ending.over()) return unknown('out-of-time', 'The time ran out.', lookups);
    const detail = agreed
      ? 'The resolvers alone say that the domain does not exist, and the servers above it could not be asked.'
      : 'The resolvers do not agree whether the domain exists, and the servers above it could not be asked.';
    return unknown('resolver-failed', detail, [...before, ...lookups]);
  }

  async function findControlName(): Promise<boolean> {
    const lookups = await resolvers.all({ name: CONTROL_NAME, type: 'NS' }, false);
    return lookups.length > 0 && lookups.every(({ outcome }) => outcome.kind === 'answer');
  }

  function remember(name: DnsName, zone: KnownZone): void {
    cache.putZone(zone);
    cache.putCut(name, zone.apex);
  }

  async function withAddresses(zoned: Extract<Zoned, { kind: 'zone' }>, maxAge: number): Promise<Delegation> {
    const { zone, source, resolverFailed } = zoned;
    const servers: NameServer[] = [];
    const unusable: UnusableNameServer[] = [];
    const found = await Promise.all(zone.servers.map(async (name) => ({ name, host: await hosts.find(name, maxAge) })));
    const usable: { readonly name: DnsName; readonly addresses: readonly string[] }[] = [];
    for (const { name, host } of found) {
      const glue = zone.glue.get(name) ?? [];
      const addresses = host.kind === 'addresses' ? host.addresses : host.why === 'lookup-failed' ? glue : [];
      if (host.kind === 'none' && addresses.length === 0) unusable.push({ name, why: host.why });
      const refused = addresses.filter((address) => placeOf(address, rules).kind === 'refused');
      for (const address of refused) unusable.push({ name, why: 'address-refused', address });
      usable.push({ name, addresses: addresses.filter((address) => !refused.includes(address)) });
    }
    const each = fairShares(usable.map(({ addresses }) => addresses.length));
    for (const [i, { name, addresses }] of usable.entries())
      for (const address of addresses.slice(0, each[i])) servers.push({ role: 'authoritative', name, address, zone: zone.apex });
    if (ending.over()) return unknown('out-of-time', 'The time ran out.', []);
    if (servers.length === 0) return noServers(zone, unusable);
    const { apex, soaPrimary } = zone;
    return {
      kind: 'delegated',
      apex,
      servers,
      unusable,
      source,
      ...(soaPrimary === undefined ? {} : { soaPrimary }),
      ...(resolverFailed ? { resolverFailed } : {}),
    };
  }

  return {
    find(name, fresh) {
      if (ending.over()) return Promise.resolve(unknown('out-of-time', 'The time ran out.', []));
      const key = `${name}/${fresh}`;
      const already = running.get(key);
      if (already !== undefined) return already;
      const work = find(name, fresh).finally(() => running.delete(key));
      running.set(key, work);
      return work;
    },
  };
}

/** How many of its addresses each name server gives, so that they are {@link BOUNDS.addressesOfZone} at most: one of each before a second one of any. */
function fairShares(has: readonly number[]): readonly number[] {
  const gives = has.map(() => 0);
  let left: number = BOUNDS.addressesOfZone;
  for (let round = 1; round <= BOUNDS.addressesOfServer; round += 1)
    for (const [i, count] of has.entries())
      if (count >= round && left > 0) {
        gives[i] = round;
        left -= 1;
      }
  return gives;
}

/**
 * About once a day the servers above a zone are asked too, each zone in an hour of its own: a domain that moved or lapsed shows there at once,
 * while its old servers, and resolvers that keep their names for days, still answer as if nothing had happened.
 */
function isParentsHour(apex: DnsName, now: number): boolean {
  return spreadOf(apex, 24) === Math.floor(now / 3_600_000) % 24;
}

const saysServfail = ({ outcome }: Lookup): boolean => outcome.kind === 'broken' && outcome.how === 'servfail';

type Unknown = Extract<Delegation, { kind: 'unknown' }>;

function unknown(why: Unknown['why'], detail: string, lookups: readonly Lookup[]): Unknown {
  return { kind: 'unknown', why, detail, lookups: told(lookups) };
}

function gone({ registrable, how, lookups }: Extract<Walked, { kind: 'gone' }>): Zoned {
  // Only who said so: the referrals on the way there are no evidence.
  return { kind: 'gone', registrable, how, lookups: told(lookups.filter((one) => one.outcome.kind === 'absent')) };
}

/** The last ones: they led to the conclusion. */
function told(lookups: readonly Lookup[]): readonly Lookup[] {
  return lookups.slice(-BOUNDS.toldLookups);
}

function asKnown(met: MetZone, soaPrimary: string | undefined): KnownZone {
  const { apex, servers, glue } = met;
  return { apex: apex as DnsName, servers, glue, parentAsked: true, ...(soaPrimary === undefined ? {} : { soaPrimary }) };
}

/**
 * The servers of both views: resolvers give the child's, receivers find their way by the parent's. Where the two know different zones, resolvers
 * may remember for days a delegation that was made or taken back since: the servers above are believed, if they are sure.
 */
function joined(child: KnownZone, walked: Walked): KnownZone {
  if (walked.kind !== 'found') return { ...child, parentAsked: true };
  if (walked.zone.apex !== child.apex) return walked.sure ? asKnown(walked.zone, walked.soaPrimary) : { ...child, parentAsked: true };
  const servers = [...new Set([...child.servers, ...walked.zone.servers])].sort().slice(0, BOUNDS.serversOfZone);
  return { ...child, servers, glue: walked.zone.glue, parentAsked: true };
}

function noServers(zone: KnownZone, unusable: readonly UnusableNameServer[]): Unknown {
  const all = (why: UnusableNameServer['why']): boolean =>
    unusable.some((u) => u.why === why) && unusable.every((u) => u.why === why || u.why === 'no-address');
  const names = `The name servers of ${zone.apex}`;
  if (unusable.some((u) => u.why === 'lookup-failed')) return unknown('resolver-failed', `${names} could not be looked up.`, []);
  if (all('ipv6-only')) return unknown('ipv6-only', `${names} have IPv6 addresses only, which cannot be asked from here.`, []);
  if (unusable.some((u) => u.why === 'address-refused'))
    return unknown(
      'address-refused',
      `${names} have no public IPv4 address; private ones are asked only if the configuration allows it.`,
      [],
    );
  return unknown('no-servers', `${names} have no address.`, []);
}
