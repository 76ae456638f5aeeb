// All zones and name servers of a world: who serves what, who delegates to whom. Data only; the sockets are elsewhere.
import { isIPv4 } from 'node:net';
import type { RecordsAt, ZoneWorld } from './dns-world.ts';
import { canonical, isWithin, parentOf, type RecordType, type RecordValue } from './records.ts';
import { Zone } from './zone.ts';

/** A machine of the sandbox's internet, known by its address. */
export interface Host {
  readonly address: string;
  /** What it serves: the zone itself, or a copy of its own where it lies or lags behind. */
  readonly zones: Map<string, Zone>;
}

export const ROOT_ADDRESSES = ['192.0.2.1', '192.0.2.2'] as const;
const REGISTRY_ADDRESSES = ['192.0.2.11', '192.0.2.12'] as const;

/** True for an address that a client is sent to over IPv4: public in the sandbox's internet (documentation ranges count as public here). */
export function isReachable(address: string): boolean {
  return (
    isIPv4(address) &&
    !/^(0|10|127|169\.254|192\.168|172\.(1[6-9]|2\d|3[01])|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])|2[2-5]\d)\./.test(address)
  );
}

/** True for an IPv6 address that the resolvers, unlike clients, reach: neither loopback, link-local, unique local nor mapped IPv4. */
export function isPublicIPv6(address: string): boolean {
  return address.includes(':') && !/^(::|f[cd]|fe[89ab])/i.test(address);
}

export class Internet {
  readonly hosts = new Map<string, Host>();
  readonly zones = new Map<string, Zone>();
  readonly #addresses = new Map<string, readonly string[]>();
  readonly #servers = new Map<string, readonly string[]>();
  /** Zones nobody described, made up for name servers that need one. */
  readonly #madeUp = new Set<string>();
  #assigned = 0;

  constructor(nameServers: Readonly<Record<string, readonly string[]>> = {}) {
    for (const [name, addresses] of Object.entries(nameServers)) this.#addresses.set(canonical(name), addresses);
    this.#infrastructure('', ['a.root-servers.net', 'b.root-servers.net'], ROOT_ADDRESSES);
    this.#delegateNew('root-servers.net', ['a.root-servers.net', 'b.root-servers.net']);
  }

  /** Adds zones, their name servers and their delegations. Zones may be given in any order. */
  add(zones: Readonly<Record<string, ZoneWorld>>): void {
    const entries = Object.entries(zones).map(([apex, zone]) => [canonical(apex), zone] as const);
    for (const [apex, zone] of entries) this.#create(apex, zone.ns, zone);
    for (const [apex, zone] of entries) this.#serve(apex, zone.ns);
    for (const [apex, zone] of entries) this.#delegate(apex, zone.delegatedTo ?? zone.ns);
  }

  zone(apex: string): Zone {
    const zone = this.zones.get(canonical(apex));
    if (zone === undefined) throw new Error(`the world has no zone ${apex}`);
    return zone;
  }

  /** Names of the servers a zone is served by. */
  serversOf(apex: string): readonly string[] {
    return this.#servers.get(canonical(apex)) ?? [];
  }

  addressesOf(nameServer: string): readonly string[] {
    return this.#addresses.get(canonical(nameServer)) ?? [];
  }

  /** Hosts by address, by name server's name, or all that serve a zone given as `zone:<apex>`. */
  hostsOf(which: string): readonly Host[] {
    if (which.startsWith('zone:')) return this.serversOf(which.slice(5)).flatMap((name) => this.hostsOf(name));
    const addresses = this.hosts.has(which) ? [which] : this.addressesOf(which);
    return addresses.flatMap((address) => this.hosts.get(address) ?? []);
  }

  /** Changes what the parent zone says about `apex`; an empty list: nothing. */
  redelegate(apex: string, ns: readonly string[]): void {
    this.#delegate(apex, ns);
    this.parentZone(apex).bumpSerial();
  }

  #delegate(apex: string, ns: readonly string[]): void {
    const parent = this.parentZone(apex);
    for (const name of ns) this.ensureServer(name);
    parent.set(apex, 'NS', ns);
    for (const name of ns.map(canonical)) if (isWithin(name, parent.apex)) this.#publishAddress(parent, name);
  }

  /** Moves a zone to other name servers. The old ones forget it, or go on serving what they had. */
  move(apex: string, ns: readonly string[], old: 'forgets' | 'keeps'): void {
    const zone = this.zone(apex);
    const kept = zone.clone();
    for (const host of this.hostsOf(`zone:${zone.apex}`)) {
      if (old === 'keeps') host.zones.set(zone.apex, kept);
      else host.zones.delete(zone.apex);
    }
    zone.set(zone.apex, 'NS', ns);
    // The new host writes an SOA of its own.
    zone.soa = { ...zone.soa, primary: ns[0] ?? zone.soa.primary };
    zone.bumpSerial();
    this.#serve(zone.apex, ns);
    this.redelegate(zone.apex, ns);
  }

  /** The zone that delegates `apex`: the nearest one above. Top-level domains appear when they are first needed. */
  parentZone(apex: string): Zone {
    const labels = canonical(apex).split('.');
    const top = labels[labels.length - 1] ?? '';
    if (labels.length > 1 && !this.zones.has(top)) {
      this.#infrastructure(top, [`a.nic.${top}`, `b.nic.${top}`], REGISTRY_ADDRESSES);
      this.#delegate(top, [`a.nic.${top}`, `b.nic.${top}`]);
    }
    for (let at = parentOf(canonical(apex)); at !== undefined; at = parentOf(at)) {
      const zone = this.zones.get(at);
      if (zone !== undefined) return zone;
    }
    throw new Error('the root has no parent');
  }

  /** Gives a name server an address, a machine, and a zone that knows it. */
  ensureServer(name: string): void {
    const key = canonical(name);
    if (!this.#addresses.has(key)) this.#addresses.set(key, [this.#nextAddress()]);
    for (const address of this.addressesOf(key)) this.#host(address);
    let holder: string | undefined = parentOf(key);
    while (holder !== undefined && !this.zones.has(holder)) holder = parentOf(holder);
    if (holder === undefined || holder === '' || !holder.includes('.')) {
      const isRegistry = holder !== undefined && holder !== '' && key.endsWith(`.nic.${holder}`);
      if (!isRegistry && key.includes('.')) {
        this.#delegateNew(registrable(key), [key]);
        return;
      }
    }
    if (holder === undefined) return;
    this.#publishAddress(this.zone(holder), key);
    // A hoster's own zone lives on all of its name servers: one that fails must not take the others' addresses along.
    const known = this.serversOf(holder);
    if (!this.#madeUp.has(holder) || known.includes(key)) return;
    const ns = [...known, key];
    this.zone(holder).set(holder, 'NS', ns);
    this.#serve(holder, ns);
    this.#delegate(holder, ns);
  }

  #infrastructure(apex: string, ns: readonly string[], addresses: readonly string[]): void {
    ns.forEach((name, i) => {
      this.#addresses.set(name, [addresses[i] ?? '']);
    });
    this.#create(apex, ns, {});
    for (const address of addresses) this.#host(address).zones.set(apex, this.zone(apex));
    this.#servers.set(apex, ns);
    for (const name of ns) if (isWithin(name, apex)) this.#publishAddress(this.zone(apex), name);
  }

  #delegateNew(apex: string, ns: readonly string[]): void {
    this.#madeUp.add(apex);
    this.#create(apex, ns, {});
    this.#serve(apex, ns);
    this.#delegate(apex, ns);
  }

  #create(apex: string, ns: readonly string[], world: Omit<ZoneWorld, 'ns'>): void {
    const before = this.zones.get(apex);
    const soa = {
      primary: ns[0] ?? `ns.${apex}`,
      admin: apex === '' ? 'hostmaster' : `hostmaster.${apex}`,
      serial: world.serial ?? 2026010101,
      refresh: 7200,
      retry: 900,
      expire: 1209600,
      minimum: world.negativeTtl ?? 60,
    };
    if (before !== undefined) this.#madeUp.delete(apex);
    const zone = new Zone(apex, soa, world.ttl ?? 300);
    zone.quirks = world.quirks ?? {};
    zone.set(zone.apex, 'NS', ns);
    for (const [name, records] of Object.entries(world.records ?? {})) putRecords(zone, zone.absolute(name), records);
    // A zone made up for a name server may be described later: what was put into it stays.
    if (before !== undefined) for (const [name, sets] of before.entries()) if (name !== apex) zone.adopt(name, sets);
    this.zones.set(apex, zone);
  }

  #serve(apex: string, ns: readonly string[]): void {
    this.#servers.set(apex, ns.map(canonical));
    for (const name of ns) {
      this.ensureServer(name);
      for (const address of this.addressesOf(name)) this.#host(address).zones.set(apex, this.zone(apex));
    }
  }

  #publishAddress(zone: Zone, name: string): void {
    const addresses = this.addressesOf(name);
    zone.set(name, 'A', addresses.filter(isIPv4));
    zone.set(
      name,
      'AAAA',
      addresses.filter((address) => address.includes(':')),
    );
  }

  #host(address: string): Host {
    const host = this.hosts.get(address) ?? { address, zones: new Map<string, Zone>() };
    this.hosts.set(address, host);
    return host;
  }

  #nextAddress(): string {
    const n = this.#assigned++;
    if (n < 250) return `198.51.100.${n + 1}`;
    if (n < 500) return `203.0.113.${n - 249}`;
    return `198.18.${Math.floor((n - 500) / 250)}.${((n - 500) % 250) + 1}`;
  }
}

/** Replaces what a zone holds at a name by the records given, type by type. */
export function putRecords(zone: Zone, name: string, records: RecordsAt): void {
  for (const [type, value] of Object.entries(records)) {
    const values: readonly RecordValue[] = typeof value === 'string' ? [value] : (value as readonly RecordValue[]);
    zone.set(name, type as RecordType, values);
  }
}

function registrable(nameServer: string): string {
  return nameServer.split('.').slice(-2).join('.');
}
