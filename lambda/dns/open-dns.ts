// Opens the DNS room: puts its parts together behind the port that the story knows.
import { randomBytes } from 'node:crypto';
import type { Lookup } from '../model/lookup.ts';
import type { DnsName } from '../model/names.ts';
import type { Effort } from '../model/trace.ts';
import type { Dns } from '../sweep/ports.ts';
import { createAsking } from './asking.ts';
import { createDelegations } from './delegation.ts';
import { createDice } from './dice.ts';
import { createEnding } from './ending.ts';
import { createHealth } from './health.ts';
import { createHosts } from './hosts.ts';
import { createLine } from './line.ts';
import { createPacing, type Pacing } from './pacing.ts';
import { createParentWalk } from './parent-walk.ts';
import { createResolvers } from './resolvers.ts';
import { createTicker } from './ticker.ts';
import { createUdpPool, type Destination } from './udp-pool.ts';
import { createZoneCache } from './zone-cache.ts';
import { packCache, unpackCache } from './zone-store.ts';

/** Settings of the room. All times in ms. */
export interface DnsOptions {
  /** Asked in this order until one answers; a panel asks all. */
  readonly resolvers: readonly Destination[];
  /** Port of authoritative servers. */
  readonly port: number;
  /** Otherwise only public unicast addresses are ever asked. */
  readonly allowPrivateNameServers: boolean;
  /** Where a server's address really listens (sandbox, closed networks). If given, no other address is ever asked, but for the resolvers'. */
  readonly routes?: Readonly<Record<string, Destination>> | undefined;
  /** Addresses of the root's servers; default: the thirteen public ones. */
  readonly rootHints?: readonly string[] | undefined;
  /** ms since the epoch: dates lookups and the cache. Time-outs do not depend on it. */
  readonly clock: () => number;
  readonly random?: ((bytes: number) => Uint8Array) | undefined;
  readonly pace?:
    | {
        /** Packets to one server (50). */
        readonly perServerPerSecond?: number | undefined;
        /** Packets at once to one server (2). */
        readonly burst?: number | undefined;
        /** Packets to all resolvers together (400). */
        readonly resolverPerSecond?: number | undefined;
        /** Questions under way to one server that has answered before (32); to one that has not, at most two. */
        readonly perServerAtOnce?: number | undefined;
        /** Questions under way in all (200). */
        readonly inFlight?: number | undefined;
      }
    | undefined;
  readonly timeouts?:
    | {
        readonly firstMs?: number | undefined;
        readonly secondMs?: number | undefined;
        readonly tcpMs?: number | undefined;
        readonly servfailAgainMs?: number | undefined;
      }
    | undefined;
  /** Out of time: whatever is pending, and all that comes later, ends as such. */
  readonly signal?: AbortSignal | undefined;
  /** Sees every lookup when it ends, those on the way to a delegation too, and what it cost. */
  readonly trace?: ((lookup: Lookup, effort: Effort) => void) | undefined;
}

/** IPv4 addresses of a.root-servers.net to m.root-servers.net (IANA root hints). */
const ROOTS = [
  '198.41.0.4',
  '170.247.170.2',
  '192.33.4.12',
  '199.7.91.13',
  '192.203.230.10',
  '192.5.5.241',
  '192.112.36.4',
  '198.97.190.53',
  '192.36.148.17',
  '192.58.128.30',
  '193.0.14.129',
  '199.7.83.42',
  '202.12.27.33',
];

const SOCKETS = 16;

/** Opens the room. No packet leaves, and no socket opens, before the first question. */
export function openDns(options: DnsOptions): Dns {
  const { clock, timeouts } = options;
  const dice = createDice(options.random ?? randomBytes);
  const ending = createEnding(options.signal);
  const pacing = paceOf(options);
  const ticker = createTicker(
    () => pacing.pump(ticker.now()),
    () => pacing.busy(),
  );
  const pool = createUdpPool(SOCKETS, dice);
  const times = {
    firstMs: timeouts?.firstMs ?? 1500,
    secondMs: timeouts?.secondMs ?? 3000,
    tcpMs: timeouts?.tcpMs ?? 3000,
    servfailAgainMs: timeouts?.servfailAgainMs ?? 1500,
  };
  const line = createLine({ pool, ticker, pacing, health: createHealth(clock), ending, times, dice });
  ending.onEnd(() => {
    pacing.flush();
    ticker.flush();
  });

  const asking = createAsking({ line, rules: options, clock, trace: options.trace });
  const cache = createZoneCache(clock);
  const resolvers = createResolvers(asking, options.resolvers);
  const walk = createParentWalk({
    asking,
    roots: options.rootHints ?? ROOTS,
    resolve: (host) => hosts.byResolver(host),
    clock,
    dice,
  });
  const hosts = createHosts(resolvers, cache, (host) => walk.addresses(host));
  const delegations = createDelegations({ clock, resolvers, hosts, walk, cache, rules: options, ending });

  return {
    delegation: (name, choice) => delegations.find(name, choice?.fresh === true),
    async ask({ role, name, address, zone }, question, choice) {
      // Lookups do not repeat the zone.
      const { lookup } = await asking.server({ role, name, address }, question, { newSocket: choice?.newSocket === true, zone });
      return lookup;
    },
    askResolvers: (question, choice) => resolvers.all(question, choice?.checkingDisabled === true),
    validationControl: () => resolvers.control(),
    async serversNamed(name) {
      const host = await hosts.find(name, Number.POSITIVE_INFINITY);
      return host.kind === 'addresses' ? host.addresses.map((address) => ({ role: 'authoritative', name, address })) : [];
    },
    forget: (apex: DnsName) => cache.forget(apex),
    questions: () => line.packets(),
    exportCache: () => packCache(cache.entries()),
    importCache(value) {
      const entries = unpackCache(value, clock());
      if (entries !== undefined) cache.restore(entries);
    },
    close() {
      ending.end();
      pool.close();
    },
  };
}

function paceOf({ pace }: DnsOptions): Pacing {
  const resolverPerSecond = pace?.resolverPerSecond ?? 400;
  return createPacing({
    server: { perSecond: pace?.perServerPerSecond ?? 50, burst: pace?.burst ?? 2, unproven: 2, proven: pace?.perServerAtOnce ?? 32 },
    resolver: { perSecond: resolverPerSecond, burst: Math.max(1, resolverPerSecond / 20), unproven: 100, proven: 100 },
    inFlight: pace?.inFlight ?? 200,
    waiting: 100_000,
  });
}
