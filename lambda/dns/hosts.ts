// The addresses of name servers: each is looked up once and shared by all zones that use it.
import type { DnsName } from '../model/names.ts';
import { BOUNDS } from './bounds.ts';
import type { Resolvers } from './resolvers.ts';
import type { KnownHost, ZoneCache } from './zone-cache.ts';

export interface Hosts {
  /** The IPv4 addresses of a name server, sorted, at most {@link BOUNDS.addressesOfServer}; or why there are none. */
  find(name: DnsName, maxAgeMs: number): Promise<KnownHost>;
  /** The same by cache and resolvers alone; undefined if no resolver could tell. */
  byResolver(name: DnsName): Promise<readonly string[] | undefined>;
}

/** `failing` is tried where the resolvers could not tell. */
export function createHosts(resolvers: Resolvers, cache: ZoneCache, failing: (name: DnsName) => Promise<readonly string[]>): Hosts {
  const running = new Map<DnsName, Promise<KnownHost>>();

  /** The first resolver's word: addresses, none, or undefined if no resolver could tell. */
  async function ask(name: DnsName): Promise<{ readonly addresses: readonly string[]; readonly ttl: number } | undefined> {
    const { told } = await resolvers.first({ name, type: 'A' });
    const outcome = told?.lookup.outcome;
    if (outcome === undefined) return undefined;
    const found = outcome.kind === 'answer' ? outcome.records.filter((record) => record.type === 'A') : [];
    return { addresses: tidy(found.map((record) => record.value)), ttl: Math.min(...found.map((record) => record.ttl)) };
  }

  async function lookUp(name: DnsName): Promise<KnownHost> {
    const told = await ask(name);
    if (told === undefined) {
      const addresses = tidy(await failing(name));
      return keep(name, addresses.length > 0 ? { kind: 'addresses', addresses } : { kind: 'none', why: 'lookup-failed' }, 0);
    }
    if (told.addresses.length > 0) return keep(name, { kind: 'addresses', addresses: told.addresses }, told.ttl);
    const ipv6 = await resolvers.hasIPv6(name);
    return keep(name, { kind: 'none', why: ipv6 === undefined ? 'lookup-failed' : ipv6 ? 'ipv6-only' : 'no-address' }, 0);
  }

  function keep(name: DnsName, host: KnownHost, ttl: number): KnownHost {
    cache.putHost(name, host, ttl);
    return host;
  }

  return {
    async byResolver(name) {
      const known = cache.host(name, Number.POSITIVE_INFINITY);
      if (known !== undefined) return known.kind === 'addresses' ? known.addresses : [];
      return (await ask(name))?.addresses;
    },
    find(name, maxAgeMs) {
      const known = cache.host(name, maxAgeMs);
      if (known !== undefined) return Promise.resolve(known);
      const already = running.get(name);
      if (already !== undefined) return already;
      const lookup = lookUp(name).finally(() => running.delete(name));
      running.set(name, lookup);
      return lookup;
    },
  };
}

function tidy(addresses: readonly string[]): readonly string[] {
  return [...new Set(addresses)].sort().slice(0, BOUNDS.addressesOfServer);
}
