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
  close(): Promise<void>;
}

export interface Script {
  /** Datagrams to send back to the nth question (from 0), each after its delay. */
  readonly udp?: (question: Heard, nth: number, send: (reply: Buffer, afterMs?: number, from?: dgram.Socket) => void) => void;
  /** What to do on a connection once its question has come; without it the port is closed for TCP. */
  readonly tcp?: (question: Heard, connection: net.Socket) => void;
}

/** Opens the server on a free port of 127.0.0.1, the same for UDP and TCP. */
export async function openSmallServer(script: Script): Promise<SmallServer> {
  const heard: Heard[] = [];
  const timers = new Set<NodeJS.Timeout>();
  const udp = dgram.createSocket('udp4');
  await new Promise<void>((resolve) => udp.bind(0, '127.0.0.1', resolve));
  const { port } = udp.address();
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
  const tcp = net.createServer((connection) => {
    connections.add(connection);
    connection.on('error', () => undefined);
    connection.once('data', (bytes) => script.tcp?.(listen(bytes.subarray(2), connection.remotePort ?? 0, 'tcp'), connection));
  });
  if (script.tcp !== undefined) await new Promise<void>((resolve) => tcp.listen(port, '127.0.0.1', resolve));
  return {
    port,
    heard,
    async close() {
      for (const timer of timers) clearTimeout(timer);
      for (const connection of connections) connection.destroy();
      await new Promise<void>((resolve) => udp.close(() => resolve()));
      if (tcp.listening) await new Promise<void>((resolve) => tcp.close(() => resolve()));
    },
  };
}

/** The name server that the tests ask; where it listens is a matter of routes. */
export const SERVER: NameServer = { role: 'authoritative', name: dnsName('ns1.example.net'), address: '192.0.2.1' };

/** The room with short time-outs, its one server routed to `port`. */
export function dnsTo(port: number, more: Partial<DnsOptions> = {}): Dns {
  return openDns({
    resolvers: [{ address: '127.0.0.1', port }],
    port: 53,
    allowPrivateNameServers: false,
    routes: { [SERVER.address]: { address: '127.0.0.1', port } },
    rootHints: [],
    clock: () => Date.UTC(2026, 10, 1),
    timeouts: { firstMs: 60, secondMs: 100, tcpMs: 150, servfailAgainMs: 30 },
    pace: { perServerPerSecond: 10_000, burst: 100 },
    ...more,
  });
}

/** The message with its length before it, as TCP wants it. */
export function framed(message: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}
