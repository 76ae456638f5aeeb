// Starts the sandbox's DNS from a world, and puts its control panel together.
import type { ActiveRule, ServerRule } from './behaviour.ts';
import type { DnsWorld } from './dns-world.ts';
import { type Host, Internet, putRecords, ROOT_ADDRESSES } from './internet.ts';
import { Machines, RESOLVERS } from './machines.ts';
import type { EditOptions, SandboxDns, Where } from './sandbox-dns.ts';
import type { Zone } from './zone.ts';
import { writeZoneFile } from './zone-file.ts';

export interface RunningDns {
  readonly control: SandboxDns;
  readonly routes: Readonly<Record<string, Where>>;
  readonly resolver: Where;
  readonly resolvers: readonly [Where, Where];
  readonly rootHints: readonly string[];
  close(): Promise<void>;
}

/** Starts all servers of a world and the resolver. `clock` gives milliseconds since the epoch, for the log. */
export async function startDns(world: DnsWorld, clock: () => number): Promise<RunningDns> {
  const internet = new Internet(world.nameServers);
  internet.add(world.zones);
  const machines = new Machines(internet, clock);
  const resolvers = [await machines.openResolver('resolver'), await machines.openResolver('resolver-2')] as const;
  await machines.open();
  const control = controlPanel(internet, machines);
  return { control, routes: machines.routes, resolver: resolvers[0], resolvers, rootHints: ROOT_ADDRESSES, close: () => machines.close() };
}

function controlPanel(internet: Internet, machines: Machines): SandboxDns {
  const edit = (apex: string, options: EditOptions | undefined, change: (zone: Zone) => void): void => {
    for (const zone of editable(internet, apex, options)) {
      change(zone);
      zone.bumpSerial();
    }
  };
  return {
    setRecord: (zone, name, type, values, options) =>
      edit(zone, options, (z) => z.set(z.absolute(name), type, typeof values === 'string' ? [values] : values)),
    setRecords: (zone, name, records, options) => edit(zone, options, (z) => putRecords(z, z.absolute(name), records)),
    removeRecord: (zone, name, type, options) =>
      edit(zone, options, (z) => (type === undefined ? z.clear(z.absolute(name)) : z.set(z.absolute(name), type, []))),
    records: (zone, name) => internet.zone(zone).values(internet.zone(zone).absolute(name)),
    setSerial: (zone, serial, options) => {
      for (const z of editable(internet, zone, options)) z.soa = { ...z.soa, serial };
    },
    freeze: (zone, servers) => {
      for (const host of hostsOf(internet, servers)) ownCopy(host, internet.zone(zone));
    },
    thaw: (zone) => {
      const shared = internet.zone(zone);
      for (const host of hostsOf(internet, [`zone:${zone}`])) host.zones.set(shared.apex, shared);
    },
    addZones: async (zones) => {
      internet.add(zones);
      await machines.open();
    },
    moveZone: async (zone, ns, options) => {
      internet.move(zone, ns, options?.old ?? 'forgets');
      await machines.open();
    },
    dropDomain: (zone) => internet.redelegate(internet.zone(zone).apex, []),
    registerDomain: (zone) => internet.redelegate(internet.zone(zone).apex, internet.serversOf(zone)),
    behave: (rule) => misbehave(internet, machines, rule),
    behaveWell: () => {
      machines.rules.length = 0;
    },
    setQuirks: (zone, quirks, options) => {
      for (const z of editable(internet, zone, options)) z.quirks = quirks;
    },
    setBogus: (zone, bogus, options) => {
      const { apex } = internet.zone(zone);
      if (bogus) machines.bogus.set(apex, options?.resolvers ?? RESOLVERS);
      else machines.bogus.delete(apex);
    },
    setTrustAnchor: (resolver, anchor) => {
      for (const name of resolver === 'resolver' ? RESOLVERS : [resolver])
        if (anchor === 'good') machines.anchors.delete(name);
        else machines.anchors.set(name, anchor);
    },
    setOpen: async (server, open, transport) => {
      const addresses =
        server === 'resolver' ? RESOLVERS : isResolver(server) ? [server] : hostsOf(internet, [server]).map((host) => host.address);
      for (const address of addresses) await machines.setOpen(address, open, transport);
    },
    zoneFile: (zone) => writeZoneFile(internet.zone(zone)),
    zones: () => [...internet.zones.keys()],
    hasZone: (zone) => internet.zones.has(zone),
    serversOf: (zone) => internet.hostsOf(`zone:${zone}`).map((host) => host.address),
    get log() {
      return machines.log;
    },
    clearLog: () => machines.clearLog(),
    counts: machines.counts,
  };
}

function misbehave(internet: Internet, machines: Machines, rule: ServerRule): () => void {
  const addresses = rule.servers?.flatMap((s) => (isResolver(s) ? [s] : hostsOf(internet, [s]).map((host) => host.address)));
  const active: ActiveRule = { rule, addresses: addresses && new Set(addresses), left: rule.times ?? Number.POSITIVE_INFINITY, lost: 0 };
  machines.rules.push(active);
  return () => {
    if (machines.rules.includes(active)) machines.rules.splice(machines.rules.indexOf(active), 1);
  };
}

const isResolver = (server: string): boolean => RESOLVERS.some((name) => name === server);

/** The zone everybody serves, or the private copies of the servers named. */
function editable(internet: Internet, apex: string, options: EditOptions | undefined): readonly Zone[] {
  const zone = internet.zone(apex);
  return options?.servers === undefined ? [zone] : hostsOf(internet, options.servers).map((host) => ownCopy(host, zone));
}

function hostsOf(internet: Internet, servers: readonly string[]): readonly Host[] {
  return servers.flatMap((server) => {
    const found = internet.hostsOf(server);
    if (found.length === 0) throw new Error(`the world has no name server ${server}`);
    return found;
  });
}

function ownCopy(host: Host, zone: Zone): Zone {
  const held = host.zones.get(zone.apex);
  if (held !== undefined && held !== zone) return held;
  const copy = zone.clone();
  host.zones.set(zone.apex, copy);
  return copy;
}
