// One server's sockets: UDP and TCP on the same port of 127.0.0.1.
import dgram from 'node:dgram';
import net from 'node:net';
import type { Transport } from './behaviour.ts';

/** What goes back for one message; undefined: nothing. `hangUp` closes a TCP connection. */
export interface Reply {
  readonly bytes?: Buffer;
  readonly delayMs: number;
  readonly hangUp: boolean;
  readonly drip?: { readonly bytes: number; readonly everyMs: number };
}

export type Handler = (message: Buffer, transport: Transport) => Reply | undefined;

export interface Listener {
  readonly port: number;
  /** Closes or reopens the port for one transport or both: a closed port refuses, it is not silent. */
  setOpen(open: boolean, transport?: Transport): Promise<void>;
  close(): Promise<void>;
}

const IDLE_MS = 10_000;

/** Opens both sockets on a free port. */
export async function listen(handler: Handler): Promise<Listener> {
  const timers = new Set<NodeJS.Timeout>();
  const connections = new Set<net.Socket>();
  const later = (ms: number, run: () => void): void => {
    if (ms <= 0) {
      run();
      return;
    }
    const timer = setTimeout(() => {
      timers.delete(timer);
      run();
    }, ms);
    timers.add(timer);
  };
  const serveTcp = (socket: net.Socket): void => {
    connections.add(socket);
    socket.setTimeout(IDLE_MS, () => socket.destroy());
    socket.on('error', () => socket.destroy());
    socket.on('close', () => connections.delete(socket));
    onMessages(socket, (message) => {
      const reply = handler(message, 'tcp');
      if (reply?.hangUp) socket.destroy();
      else if (reply?.bytes !== undefined) sendTcp(socket, reply, later);
    });
  };
  const serveUdp = (socket: dgram.Socket): void => {
    socket.on('message', (message, from) => {
      const reply = handler(message, 'udp');
      const bytes = reply?.bytes;
      if (bytes === undefined) return;
      later(reply?.delayMs ?? 0, () => {
        // The socket may have been closed while the answer waited.
        if (udp === socket) socket.send(bytes, from.port, from.address, () => undefined);
      });
    });
  };

  let tcp: net.Server | undefined;
  let udp: dgram.Socket | undefined;
  let port = 0;
  for (let attempt = 0; udp === undefined; attempt++) {
    tcp = await openTcp(0, serveTcp);
    port = (tcp.address() as net.AddressInfo).port;
    // The number free for TCP may be taken for UDP: then another one.
    udp = await openUdp(port).catch(() => undefined);
    if (udp === undefined) await closeTcp(tcp);
    if (attempt > 50) throw new Error('no port of 127.0.0.1 is free for both UDP and TCP');
  }
  serveUdp(udp);

  const setOpen = async (open: boolean, transport?: Transport): Promise<void> => {
    if (transport !== 'tcp' && open !== (udp !== undefined)) {
      const closing = udp;
      udp = open ? await openUdp(port) : undefined;
      if (udp !== undefined) serveUdp(udp);
      else await new Promise<void>((done) => closing?.close(done));
    }
    if (transport !== 'udp' && open !== (tcp !== undefined)) {
      const closing = tcp;
      tcp = open ? await openTcp(port, serveTcp) : undefined;
      for (const socket of open ? [] : connections) socket.destroy();
      if (closing !== undefined) await closeTcp(closing);
    }
  };
  const close = async (): Promise<void> => {
    for (const timer of timers) clearTimeout(timer);
    await setOpen(false);
  };
  return { port, setOpen, close };
}

function onMessages(socket: net.Socket, each: (message: Buffer) => void): void {
  let buffered: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    buffered = Buffer.concat([buffered, chunk]);
    while (buffered.length >= 2 && buffered.length >= 2 + buffered.readUInt16BE(0)) {
      const end = 2 + buffered.readUInt16BE(0);
      each(buffered.subarray(2, end));
      buffered = buffered.subarray(end);
    }
  });
}

function sendTcp(socket: net.Socket, reply: Reply, later: (ms: number, run: () => void) => void): void {
  const bytes = reply.bytes ?? Buffer.alloc(0);
  const framed = Buffer.alloc(bytes.length + 2);
  framed.writeUInt16BE(bytes.length, 0);
  bytes.copy(framed, 2);
  const step = (from: number): void => {
    if (socket.destroyed || from >= framed.length) return;
    const size = reply.drip?.bytes ?? framed.length;
    socket.write(framed.subarray(from, from + size));
    if (from + size < framed.length) later(reply.drip?.everyMs ?? 0, () => step(from + size));
  };
  later(reply.delayMs, () => step(0));
}

function openTcp(port: number, serve: (socket: net.Socket) => void): Promise<net.Server> {
  return new Promise((resolve, reject) => {
    const server = net.createServer(serve);
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

function openUdp(port: number): Promise<dgram.Socket> {
  return new Promise((resolve, reject) => {
    const socket = dgram.createSocket({ type: 'udp4', recvBufferSize: 1 << 20 });
    socket.once('error', reject);
    socket.bind(port, '127.0.0.1', () => {
      socket.off('error', reject);
      // A closed peer port shows as an error on some systems; the next question is answered all the same.
      socket.on('error', () => undefined);
      resolve(socket);
    });
  });
}

function closeTcp(server: net.Server): Promise<void> {
  return new Promise((done) => server.close(() => done()));
}
