// A server of a few lines on loopback that answers as each test says, and keeps what it was asked.
import dgram from 'node:dgram';
import net from 'node:net';
import packet from 'dns-packet';
import { type DnsOptions, openDns } from '../../lambda/dns/open-dns.ts';
import type { NameServer } from '../../lambda/model/lookup.ts';
import { dnsName } from '../../lambda/model/names.ts';
import type { Dns } from '../../lambda/sweep/ports.ts';

export interface Heard {
  readonly bytes: Buffer;
  readonly name: string;
  readonly edns: boolean;
  readonly fromPort: number;
  readonly over: 'udp' | 'tcp';
}

export interface SmallServer {
  readonly port: number;
  readonly heard: readonly Heard[];
}

export interface Script {
  /** Datagrams to send back to the nth question (from 0), each after its delay. */
  readonly udp?: (question: Heard, nth: number, send: (reply: Buffer, afterMs?: number, from?: dgram.Socket) => void) => void;
  /** What to do on a connection once its question has come; without it the port is closed for TCP. */
  readonly tcp?: (question: Heard, connection: net.Socket) => void;
}

const opened: (() => Promise<void> | void)[] = [];

/** Closes every server and room that a test opened, also where the test failed half-way. */
export async function closeAll(): Promise<void> {
  for (const close of opened.splice(0).reverse()) await close();
}

/** Opens the server on a free port of 127.0.0.1, the same for UDP and TCP. {@link closeAll} closes it. */
export async function openSmallServer(script: Script): Promise<SmallServer> {
  const heard: Heard[] = [];
  const timers = new Set<NodeJS.Timeout>();
  const { udp, tcp, port } = await openPair(script.tcp !== undefined);
  const listen = (bytes: Buffer, fromPort: number, over: 'udp' | 'tcp'): Heard => {
    const decoded = packet.decode(bytes);
    const one = { bytes, name: decoded.questions?.[0]?.name ?? '', edns: decoded.additionals?.length === 1, fromPort, over };
    heard.push(one);
    return one;
  };
  udp.on('message', (bytes, from) => {
    const one = listen(bytes, from.port, 'udp');
    script.udp?.(one, heard.length - 1, (reply, afterMs = 0, socket = udp) => {
      timers.add(setTimeout(() => socket.send(reply, from.port, from.address), afterMs));
    });
  });
  const connections = new Set<net.Socket>();
  tcp?.on('connection', (connection) => {
    connections.add(connection);
    connection.on('error', () => undefined);
    connection.once('data', (bytes) => script.tcp?.(listen(bytes.subarray(2), connection.remotePort ?? 0, 'tcp'), connection));
  });
  opened.push(async () => {
    for (const timer of timers) clearTimeout(timer);
    for (const connection of connections) connection.destroy();
    await closePair({ udp, tcp });
  });
  return { port, heard };
}

interface Pair {
  readonly udp: dgram.Socket;
  readonly tcp: net.Server | undefined;
  readonly port: number;
}

export async function closePair({ udp, tcp }: Omit<Pair, 'port'>): Promise<void> {
  await new Promise<void>((resolve) => udp.close(() => resolve()));
  await new Promise<void>((resolve) => (tcp === undefined ? resolve() : tcp.close(() => resolve())));
}

/** A port of 127.0.0.1 on which nobody listens. */
export async function closedPort(): Promise<number> {
  const pair = await openPair(true);
  await closePair(pair);
  return pair.port;
}

/** One port for both. A port that is free for UDP may be taken for TCP by anybody on the machine: then another is tried. */
async function openPair(withTcp: boolean): Promise<Pair> {
  for (let tries = 0; tries < 50; tries += 1) {
    const udp = dgram.createSocket('udp4');
    await new Promise<void>((resolve) => udp.bind(0, '127.0.0.1', resolve));
    const { port } = udp.address();
    if (!withTcp) return { udp, tcp: undefined, port };
    const tcp = net.createServer();
    const listening = await new Promise<boolean>((resolve) => {
      tcp.once('error', () => resolve(false));
      tcp.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (listening) return { udp, tcp, port };
    udp.close();
  }
  throw new Error('no port of 127.0.0.1 is free for both UDP and TCP');
}

/** The name server that the tests ask; where it listens is a matter of routes. */
export const SERVER: NameServer = { role: 'authoritative', name: dnsName('ns1.example.net'), address: '192.0.2.1' };

/** For tests of silence. All others wait long enough for the slowest machine: what answers, answers at once. */
export const SHORT = { firstMs: 60, secondMs: 100, tcpMs: 150, servfailAgainMs: 30 };
export const LONG = { firstMs: 8000, secondMs: 8000, tcpMs: 8000, servfailAgainMs: 30 };

/** The room, its one server routed to `port`. {@link closeAll} closes it. */
export function dnsTo(port: number, more: Partial<DnsOptions> = {}): Dns {
  const dns = openDns({
    resolvers: [{ address: '127.0.0.1', port }],
    port: 53,
    allowPrivateNameServers: false,
    routes: { [SERVER.address]: { address: '127.0.0.1', port } },
    rootHints: [],
    clock: () => Date.UTC(2026, 10, 1),
    timeouts: LONG,
    pace: { perServerPerSecond: 10_000, burst: 100 },
    ...more,
  });
  opened.push(() => dns.close());
  return dns;
}

/** The message with its length before it, as TCP wants it. */
export function framed(message: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}
