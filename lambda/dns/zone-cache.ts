// What is remembered of zones and name servers between sweeps: zone → names of its servers → addresses.
import { type DnsName, isWithin } from '../model/names.ts';

export interface KnownZone {
  readonly apex: DnsName;
  /** Sorted, bounded. */
  readonly servers: readonly DnsName[];
  /** Addresses that the parent gave along, for servers whose own addresses cannot be found. */
  readonly glue: ReadonlyMap<string, readonly string[]>;
  /** Whether the servers above the zone were asked too. */
  readonly parentAsked: boolean;
  readonly soaPrimary?: string;
}

export type KnownHost =
  | { readonly kind: 'addresses'; readonly addresses: readonly string[] }
  | { readonly kind: 'none'; readonly why: 'no-address' | 'ipv6-only' | 'lookup-failed' };

/** When something was learned and until when it holds, ms since the epoch. */
export interface Dated<T> {
  readonly value: T;
  readonly at: number;
  readonly until: number;
}

export interface ZoneCache {
  /** The zone that holds `name`, if `name` was asked before. Nothing older than `maxAgeMs`, nothing past its time. */
  zoneFor(name: DnsName, maxAgeMs: number): KnownZone | undefined;
  zone(apex: DnsName, maxAgeMs: number): KnownZone | undefined;
  host(name: DnsName, maxAgeMs: number): KnownHost | undefined;
  /** `name` is held by the zone `apex`: what was known as a zone between the two is none any more, and is dropped. */
  putCut(name: DnsName, apex: DnsName): void;
  putZone(zone: KnownZone): void;
  putHost(name: DnsName, host: KnownHost, ttlSeconds: number): void;
  /** Drops the zone; one learned afresh less than {@link FRESH_MS} ago only when that time is over. */
  forget(apex: DnsName): void;
  /** Everything that still holds, for the store. */
  entries(): CacheEntries;
  restore(entries: CacheEntries): void;
}

export interface CacheEntries {
  readonly zones: readonly (readonly [DnsName, Dated<KnownZone>])[];
  readonly hosts: readonly (readonly [DnsName, Dated<KnownHost>])[];
  /** Names asked for, and the zone that holds each. */
  readonly cuts: readonly (readonly [DnsName, Dated<DnsName>])[];
}

/** What most zones have; shared, for there are tens of thousands. */
export const NO_GLUE: KnownZone['glue'] = new Map();

/** Zones, hosts and cuts each. */
export const MAX_ENTRIES = 50_000;

/** What was learned within this time counts as fresh. */
export const FRESH_MS = 60_000;

const HOUR = 3_600_000;
/** Nothing is kept longer, whatever its TTL says. */
export const LONGEST_MS = 24 * HOUR;
// A server that could not be looked up is looked up again soon, but not by each of a thousand zones.
const FAILED_MS = 60_000;

/** `clock` gives ms since the epoch. The TTL of addresses is taken as at least an hour and at most a day. */
export function createZoneCache(clock: () => number): ZoneCache {
  const zones = new Map<DnsName, Dated<KnownZone>>();
  const hosts = new Map<DnsName, Dated<KnownHost>>();
  const cuts = new Map<DnsName, Dated<DnsName>>();

  function current<T>(map: Map<DnsName, Dated<T>>, key: DnsName, maxAgeMs: number): T | undefined {
    const found = map.get(key);
    if (found === undefined) return undefined;
    const now = clock();
    // A clock that went back makes an entry look young: it counts as too old.
    if (now >= found.until || now < found.at || now - found.at > maxAgeMs) return undefined;
    return found.value;
  }

  function put<T>(map: Map<DnsName, Dated<T>>, key: DnsName, value: T, ms: number): void {
    makeRoom(map, key);
    map.set(key, { value, at: clock(), until: clock() + ms });
  }

  function dropBetween(name: DnsName, apex: DnsName): void {
    for (let at = name; at !== apex && isWithin(at, apex); at = at.slice(at.indexOf('.') + 1) as DnsName) {
      if (!zones.delete(at)) continue;
      for (const [cut, { value }] of cuts) if (value === at) cuts.delete(cut);
    }
  }

  return {
    zoneFor(name, maxAgeMs) {
      const apex = current(cuts, name, maxAgeMs);
      return apex === undefined ? undefined : current(zones, apex, maxAgeMs);
    },
    zone: (apex, maxAgeMs) => current(zones, apex, maxAgeMs),
    host: (name, maxAgeMs) => current(hosts, name, maxAgeMs),
    putCut(name, apex) {
      dropBetween(name, apex);
      put(cuts, name, apex, delegationMs(apex));
    },
    putZone: (zone) => put(zones, zone.apex, zone, delegationMs(zone.apex)),
    putHost: (name, host, ttl) => put(hosts, name, host, host.kind === 'none' && host.why === 'lookup-failed' ? FAILED_MS : clamp(ttl)),
    forget(apex) {
      const known = zones.get(apex);
      // A hundred names of one zone may look odd together: what was learned for the first of them a moment ago serves the others too.
      if (known?.value.parentAsked === true) zones.set(apex, { ...known, until: Math.min(known.until, known.at + FRESH_MS) });
      else zones.delete(apex);
    },
    entries() {
      const now = clock();
      const holds = ([, one]: readonly [DnsName, Dated<unknown>]): boolean => one.until > now;
      return { zones: [...zones].filter(holds), hosts: [...hosts].filter(holds), cuts: [...cuts].filter(holds) };
    },
    restore(entries) {
      for (const [apex, zone] of entries.zones) zones.set(apex, zone);
      for (const [name, host] of entries.hosts) hosts.set(name, host);
      for (const [name, cut] of entries.cuts) cuts.set(name, cut);
    },
  };
}

/**
 * An hour, whatever the TTL, so that a domain that moves while its old servers still answer is noticed within the hour or so;
 * up to half an hour more by the zone's name, so that ten thousand zones learned in one sweep are not all asked for in one sweep again.
 */
function delegationMs(apex: DnsName): number {
  return HOUR + spreadOf(apex, 1800) * 1000;
}

/** A number below `buckets` that is always the same for a zone, and evenly spread over zones. */
export function spreadOf(apex: DnsName, buckets: number): number {
  let hash = 0;
  for (const character of apex) hash = (hash * 31 + character.charCodeAt(0)) % 1_000_003;
  return hash % buckets;
}

function clamp(ttlSeconds: number): number {
  return Math.min(LONGEST_MS, Math.max(HOUR, ttlSeconds * 1000));
}

/** Drops the oldest entry where there is no room for a new one. */
function makeRoom<K>(map: Map<K, unknown>, key: K): void {
  if (map.size < MAX_ENTRIES || map.has(key)) return;
  for (const oldest of map.keys()) {
    map.delete(oldest);
    break;
  }
}
