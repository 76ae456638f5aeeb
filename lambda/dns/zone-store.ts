// The cache of zones as plain JSON, short enough for ten thousand of them, and back: what comes back is checked like anything from outside.
import { type DnsName, parseDnsName } from '../model/names.ts';
import { isIPv4 } from './addresses.ts';
import { BOUNDS } from './bounds.ts';
import { type CacheEntries, type Dated, type KnownHost, type KnownZone, LONGEST_MS, MAX_ENTRIES, NO_GLUE } from './zone-cache.ts';

const SCHEMA = 1;

/** Undefined: the value is not of this form. */
type Read<T> = (value: unknown) => T | undefined;

// By hand: ten thousand zones are read in each sweep, and a library for it would be the largest thing that a steady sweep loads.
const name: Read<DnsName> = (value) => {
  const parsed = typeof value === 'string' && value.length <= 253 ? parseDnsName(value) : undefined;
  return parsed?.ok === true ? parsed.value : undefined;
};
// Seconds, and places in a list. Milliseconds would cost a quarter more room.
const count: Read<number> = (value) => (Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined);
const flag: Read<boolean> = (value) => (typeof value === 'boolean' ? value : undefined);
const address: Read<string> = (value) => (typeof value === 'string' && isIPv4(value) ? value : undefined);
const primary: Read<string | null> = (value) => (value === null || (typeof value === 'string' && value.length <= 1100) ? value : undefined);

const WHY = ['no-address', 'ipv6-only', 'lookup-failed'] as const;
type Why = (typeof WHY)[number];
const why: Read<Why> = (value) => WHY.find((known) => known === value);

const either =
  <A, B>(first: Read<A>, second: Read<B>): Read<A | B> =>
  (value) =>
    first(value) ?? second(value);

const list =
  <T>(read: Read<T>, max: number): Read<readonly T[]> =>
  (value) => {
    if (!Array.isArray(value) || value.length > max) return undefined;
    const items: T[] = [];
    for (const one of value) {
      const item = read(one);
      if (item === undefined) return undefined;
      items.push(item);
    }
    return items;
  };

const row =
  <T extends readonly unknown[]>(...reads: { readonly [K in keyof T]: Read<T[K]> }): Read<T> =>
  (value) => {
    if (!Array.isArray(value) || value.length !== reads.length) return undefined;
    const items = reads.map((read, i) => read(value[i]));
    return items.includes(undefined) ? undefined : (items as unknown as T);
  };

const addresses = list(address, BOUNDS.addressesOfServer);
/** name, learned, valid until, addresses or why there are none. Zones refer to their place here. */
const storedHosts = list(row(name, count, count, either(addresses, why)), MAX_ENTRIES);
/** apex, learned, valid until, servers (names not yet looked up as text), parent asked, primary of the SOA, glue. */
const storedZones = list(
  row(name, count, count, list(either(count, name), BOUNDS.serversOfZone), flag, primary, list(row(name, addresses), BOUNDS.serversOfZone)),
  MAX_ENTRIES,
);
/** name, learned, valid until, apex. */
const storedCuts = list(row(name, count, count, name), MAX_ENTRIES);

/** The entries as plain JSON. */
export function packCache({ zones, hosts, cuts }: CacheEntries): unknown {
  const place = new Map(hosts.map(([host], index) => [host, index]));
  return {
    schema: SCHEMA,
    hosts: hosts.map(([host, { value, at, until }]) => [
      host,
      down(at),
      down(until),
      value.kind === 'addresses' ? value.addresses : value.why,
    ]),
    zones: zones.map(([apex, { value, at, until }]) => [
      apex,
      down(at),
      down(until),
      value.servers.map((server) => place.get(server) ?? server),
      value.parentAsked,
      value.soaPrimary ?? null,
      [...value.glue],
    ]),
    cuts: cuts.map(([cut, { value, at, until }]) => [cut, down(at), down(until), value]),
  };
}

/**
 * The entries out of what {@link packCache} made; undefined if the value is damaged or not ours. Times are pulled into bounds: nothing holds
 * longer than a day from `now` (ms).
 */
export function unpackCache(value: unknown, now: number): CacheEntries | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const stored = value as { readonly [key: string]: unknown };
  const hosts = storedHosts(stored.hosts);
  const zones = storedZones(stored.zones);
  const cuts = storedCuts(stored.cuts);
  if (stored.schema !== SCHEMA || hosts === undefined || zones === undefined || cuts === undefined) return undefined;
  const dated = <T>(at: number, until: number, of: T): Dated<T> => ({
    value: of,
    at: at * 1000,
    until: Math.min(until * 1000, now + LONGEST_MS),
  });
  return {
    hosts: hosts.map(([host, at, until, found]) => [host, dated(at, until, asHost(found))]),
    zones: zones.map(([apex, at, until, servers, parentAsked, soaPrimary, glue]) => {
      const names = servers
        .map((server) => (typeof server === 'number' ? hosts[server]?.[0] : server))
        .filter((n): n is DnsName => n !== undefined);
      const zone: KnownZone = {
        apex,
        servers: names,
        parentAsked,
        glue: glue.length > 0 ? new Map(glue) : NO_GLUE,
        ...(soaPrimary === null ? {} : { soaPrimary }),
      };
      return [apex, dated(at, until, zone)];
    }),
    cuts: cuts.map(([cut, at, until, apex]) => [cut, dated(at, until, apex)]),
  };
}

function asHost(found: readonly string[] | Why): KnownHost {
  return typeof found === 'string' ? { kind: 'none', why: found } : { kind: 'addresses', addresses: found };
}

function down(ms: number): number {
  return Math.floor(ms / 1000);
}
