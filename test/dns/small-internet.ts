// The sandbox's internet with the room on it: root, registries, hosters and a resolver on loopback.
import { type DnsOptions, openDns } from '../../lambda/dns/open-dns.ts';
import type { Lookup } from '../../lambda/model/lookup.ts';
import { dnsName } from '../../lambda/model/names.ts';
import type { Dns } from '../../lambda/sweep/ports.ts';
import { type RunningDns, startDns } from '../../sandbox/dns/dns.ts';
import type { DnsWorld } from '../../sandbox/dns/dns-world.ts';

export interface SmallInternet {
  readonly dns: Dns;
  readonly net: RunningDns;
  /** Every lookup so far, in words: `role name type`. */
  readonly asked: string[];
  readonly lookups: Lookup[];
  /** The clock of the room: moved by hand. */
  time: number;
  /** Another room on the same internet. */
  openAnother(more?: Partial<DnsOptions>): Dns;
}

const open: { dns: Dns[]; net: RunningDns }[] = [];

/** Closes every internet of the test. */
export async function closeInternets(): Promise<void> {
  for (const { dns, net } of open.splice(0)) {
    for (const one of dns) one.close();
    await net.close();
  }
}

export async function openInternet(world: DnsWorld, more: Partial<DnsOptions> = {}): Promise<SmallInternet> {
  const net = await startDns(world, Date.now);
  const rooms: Dns[] = [];
  const lookups: Lookup[] = [];
  const asked: string[] = [];
  const openAnother = (changes: Partial<DnsOptions> = {}): Dns => {
    const room = openDns({
      resolvers: [net.resolver],
      port: 53,
      allowPrivateNameServers: false,
      routes: net.routes,
      rootHints: net.rootHints,
      clock: () => internet.time,
      timeouts: { firstMs: 500, secondMs: 500, tcpMs: 1000, servfailAgainMs: 20 },
      pace: { perServerPerSecond: 5000, burst: 100 },
      trace: (lookup) => {
        lookups.push(lookup);
        asked.push(`${lookup.server.role} ${lookup.question.name} ${lookup.question.type}`);
      },
      ...changes,
    });
    rooms.push(room);
    return room;
  };
  const internet: SmallInternet = { dns: undefined as unknown as Dns, net, asked, lookups, time: Date.UTC(2026, 10, 1), openAnother };
  Object.assign(internet, { dns: openAnother(more) });
  open.push({ dns: rooms, net });
  return internet;
}

export const HOSTER = ['ns1.hoster.net', 'ns2.hoster.net'];

/** `_domainkey.<domain>`. */
export const keyZone = (domain: string) => dnsName(`_domainkey.${domain}`);
