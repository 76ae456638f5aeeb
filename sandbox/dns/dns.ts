// The sandbox's DNS: starts a socket for each name server of a world, and is its control panel.
import { answerFrom, EMPTY } from './authority.ts';
import { type ActiveRule, applies, behave, type Delivery, encodeDelivery, type ServerRule, type Transport } from './behaviour.ts';
import type { DnsWorld, RecordsAt, ZoneWorld } from './dns-world.ts';
import { type Host, Internet, isReachable, putRecords, ROOT_ADDRESSES } from './internet.ts';
import { type Listener, listen, type Reply } from './listener.ts';
import { type Answer, type Query, SERVER_UDP_SIZE } from './message.ts';
import { decodeQuery } from './read-query.ts';
import { type RecordType, type RecordValue, typeName } from './records.ts';
import { resolve } from './recursion.ts';
import type { Zone } from './zone.ts';
import { writeZoneFile } from './zone-file.ts';

/** One question that came over the network. */
export interface LoggedQuery {
  /** ISO 8601 UTC, by the sandbox's clock. */
  readonly at: string;
  /** Address of the name server, or `resolver`. */
  readonly server: string;
  /** As asked, case kept. */
  readonly name: string;
  readonly type: string;
  readonly transport: Transport;
  readonly edns: boolean;
}

export interface Where {
  readonly address: string;
  readonly port: number;
}

/** Limits an edit to some servers of the zone: they get a copy of their own, which later edits for all leave alone. */
export interface EditOptions {
  readonly servers?: readonly string[];
}

/** Control of the DNS. Names in edits are relative to the zone (`@` is the zone itself); each edit moves the serial on. Servers are named by address, name, or `zone:<apex>`. */
export interface SandboxDns {
  setRecord(zone: string, name: string, type: RecordType, values: RecordValue | readonly RecordValue[], options?: EditOptions): void;
  /** Puts several types at once. */
  setRecords(zone: string, name: string, records: RecordsAt, options?: EditOptions): void;
  /** Without a type: everything at the name. */
  removeRecord(zone: string, name: string, type?: RecordType, options?: EditOptions): void;
  /** What the zone holds at a name, as values for {@link setRecord}. */
  records(zone: string, name: string): RecordsAt;
  setSerial(zone: string, serial: number, options?: EditOptions): void;
  /** Some servers go on serving what they have now, whatever is edited later. Undo with `thaw`. */
  freeze(zone: string, servers: readonly string[]): void;
  thaw(zone: string): void;
  addZones(zones: Readonly<Record<string, ZoneWorld>>): Promise<void>;
  moveZone(zone: string, ns: readonly string[], options?: { readonly old?: 'forgets' | 'keeps' }): Promise<void>;
  /** The parent no longer knows the zone (NXDOMAIN), or knows it again. */
  dropDomain(zone: string): void;
  registerDomain(zone: string): void;
  /** Makes servers misbehave; the result makes them behave again. */
  behave(rule: ServerRule): () => void;
  behaveWell(): void;
  /** Closes a server's port, so that it refuses, or opens it again. */
  setOpen(server: string, open: boolean, transport?: Transport): Promise<void>;
  /** The zone as a master file (RFC 1035 §5), to be loaded into another server. */
  zoneFile(zone: string): string;
  /** All zones, the root as ''. */
  zones(): readonly string[];
  hasZone(zone: string): boolean;
  /** Addresses of a zone's servers. */
  serversOf(zone: string): readonly string[];
  /** The last 200,000 questions. */
  readonly log: readonly LoggedQuery[];
  clearLog(): void;
  /** Questions since the start or the last clearing, by server address. */
  readonly counts: ReadonlyMap<string, number>;
}

export interface RunningDns {
  readonly control: SandboxDns;
  readonly routes: Record<string, Where>;
  readonly resolver: Where;
  readonly rootHints: readonly string[];
  close(): Promise<void>;
}

const LOG_LIMIT = 200_000;
/** A resolver gives up on a server that is slower. */
const RESOLVER_PATIENCE_MS = 2_000;

/** Starts all servers of a world and the resolver. `clock` gives milliseconds since the epoch, for the log. */
export async function startDns(world: DnsWorld, clock: () => number): Promise<RunningDns> {
  const internet = new Internet(world.nameServers);
  internet.add(world.zones);
  const listeners = new Map<string, Listener>();
  const routes: Record<string, Where> = {};
  const closedPorts = new Set<string>();
  const rules: ActiveRule[] = [];
  let log: LoggedQuery[] = [];
  const counts = new Map<string, number>();

  const note = (server: string, query: Query, transport: Transport): void => {
    counts.set(server, (counts.get(server) ?? 0) + 1);
    if (log.length >= LOG_LIMIT) log = log.slice(LOG_LIMIT / 2);
    const at = new Date(clock()).toISOString();
    log.push({ at, server, name: query.name, type: typeName(query.type), transport, edns: query.edns !== undefined });
  };
  const deliver = (address: string, query: Query, transport: Transport, truth: Answer): Delivery =>
    behave(truth, query, transport, rules.length === 0 ? rules : rules.filter((rule) => applies(rule, address, query, transport)));

  /** How the resolver sees a server: what would come over the network, shortened to "usable or not". */
  const askInside = (address: string, name: string, type: number): Answer | undefined => {
    const host = internet.hosts.get(address);
    if (host === undefined || closedPorts.has(address)) return undefined;
    const query: Query = { id: 0, opcode: 0, rd: false, cd: false, questions: 1, name, type, class: 1 };
    const truth = answerFrom((apex) => host.zones.get(apex), name, type);
    const udp = deliver(address, query, 'udp', truth);
    const delivery = udp.answer.tc ? deliver(address, query, 'tcp', truth) : udp;
    const tooSlow = delivery.delayMs >= RESOLVER_PATIENCE_MS;
    const unusable = delivery.mangle.some((how) => how !== 'lower-case');
    return delivery.silent || delivery.hangUp || tooSlow || unusable ? undefined : delivery.answer;
  };

  const handle = (address: string, message: Buffer, transport: Transport, truth: (query: Query) => Answer): Reply | undefined => {
    const query = decodeQuery(message);
    if (query === undefined) return undefined;
    note(address, query, transport);
    const delivery = deliver(address, query, transport, screen(query) ?? truth(query));
    if (delivery.silent) return undefined;
    const limit = transport === 'tcp' ? 65535 : Math.min(SERVER_UDP_SIZE, Math.max(512, query.edns?.size ?? 512));
    const { delayMs, hangUp, drip } = delivery;
    const reply = { bytes: encodeDelivery(query, delivery, limit), delayMs, hangUp };
    return drip === undefined ? reply : { ...reply, drip };
  };

  const openNew = async (): Promise<void> => {
    for (const host of internet.hosts.values()) {
      if (listeners.has(host.address) || !isReachable(host.address)) continue;
      const listener = await listen((message, transport) =>
        handle(host.address, message, transport, (query) => answerFrom((apex) => host.zones.get(apex), query.name, query.type)),
      );
      listeners.set(host.address, listener);
      routes[host.address] = { address: '127.0.0.1', port: listener.port };
    }
  };
  const resolver = await listen((message, transport) =>
    handle('resolver', message, transport, (query) =>
      query.rd ? resolve(askInside, query.name, query.type) : { ...EMPTY, rcode: 'REFUSED', ra: true },
    ),
  );
  listeners.set('resolver', resolver);
  await openNew();

  const copies = (apex: string, options: EditOptions | undefined): readonly Zone[] => {
    const zone = internet.zone(apex);
    return options?.servers === undefined ? [zone] : hosts(options.servers).map((host) => ownCopy(host, zone));
  };
  const hosts = (servers: readonly string[]): readonly Host[] =>
    servers.flatMap((server) => {
      const found = internet.hostsOf(server);
      if (found.length === 0) throw new Error(`the world has no name server ${server}`);
      return found;
    });
  const edit = (apex: string, options: EditOptions | undefined, change: (zone: Zone) => void): void => {
    for (const zone of copies(apex, options)) {
      change(zone);
      zone.bumpSerial();
    }
  };
  const listenersOf = (server: string): readonly (readonly [string, Listener])[] =>
    (server === 'resolver' ? ['resolver'] : hosts([server]).map((host) => host.address)).flatMap((address) => {
      const listener = listeners.get(address);
      return listener === undefined ? [] : [[address, listener] as const];
    });

  const control: SandboxDns = {
    setRecord: (zone, name, type, values, options) =>
      edit(zone, options, (z) => z.set(z.absolute(name), type, typeof values === 'string' ? [values] : values)),
    setRecords: (zone, name, records, options) => edit(zone, options, (z) => putRecords(z, z.absolute(name), records)),
    removeRecord: (zone, name, type, options) =>
      edit(zone, options, (z) => (type === undefined ? z.clear(z.absolute(name)) : z.set(z.absolute(name), type, []))),
    records: (zone, name) => internet.zone(zone).values(internet.zone(zone).absolute(name)),
    setSerial: (zone, serial, options) => {
      for (const z of copies(zone, options)) z.soa = { ...z.soa, serial };
    },
    freeze: (zone, servers) => {
      for (const host of hosts(servers)) ownCopy(host, internet.zone(zone));
    },
    thaw: (zone) => {
      const shared = internet.zone(zone);
      for (const host of hosts([`zone:${zone}`])) host.zones.set(shared.apex, shared);
    },
    addZones: async (zones) => {
      internet.add(zones);
      await openNew();
    },
    moveZone: async (zone, ns, options) => {
      internet.move(zone, ns, options?.old ?? 'forgets');
      await openNew();
    },
    dropDomain: (zone) => internet.delegate(internet.zone(zone).apex, []),
    registerDomain: (zone) => internet.delegate(internet.zone(zone).apex, internet.serversOf(zone)),
    behave: (rule) => {
      const addresses = rule.servers?.flatMap((s) => (s === 'resolver' ? [s] : hosts([s]).map((host) => host.address)));
      const active: ActiveRule = {
        rule,
        addresses: addresses && new Set(addresses),
        left: rule.times ?? Number.POSITIVE_INFINITY,
        lost: 0,
      };
      rules.push(active);
      return () => {
        if (rules.includes(active)) rules.splice(rules.indexOf(active), 1);
      };
    },
    behaveWell: () => {
      rules.length = 0;
    },
    setOpen: async (server, open, transport) => {
      for (const [address, listener] of listenersOf(server)) {
        await listener.setOpen(open, transport);
        if (transport !== 'tcp') open ? closedPorts.delete(address) : closedPorts.add(address);
      }
    },
    zoneFile: (zone) => writeZoneFile(internet.zone(zone)),
    zones: () => [...internet.zones.keys()],
    hasZone: (zone) => internet.zones.has(zone),
    serversOf: (zone) => internet.hostsOf(`zone:${zone}`).map((host) => host.address),
    get log() {
      return log;
    },
    clearLog: () => {
      log = [];
      counts.clear();
    },
    counts,
  };
  const close = async (): Promise<void> => {
    await Promise.all([...listeners.values()].map((listener) => listener.close()));
  };
  return { control, routes, resolver: { address: '127.0.0.1', port: resolver.port }, rootHints: ROOT_ADDRESSES, close };
}

/** Answers that do not depend on any data: malformed questions, other operations, other classes, unknown EDNS versions. */
function screen(query: Query): Answer | undefined {
  if (query.opcode !== 0) return { ...EMPTY, rcode: 'NOTIMP' };
  if (query.questions !== 1) return { ...EMPTY, rcode: 'FORMERR' };
  if (query.edns !== undefined && query.edns.version > 0) return { ...EMPTY, rcode: 'BADVERS' };
  if (query.class !== 1) return { ...EMPTY, rcode: 'REFUSED' };
  return undefined;
}

function ownCopy(host: Host, zone: Zone): Zone {
  const held = host.zones.get(zone.apex);
  if (held !== undefined && held !== zone) return held;
  const copy = zone.clone();
  host.zones.set(zone.apex, copy);
  return copy;
}
