// Datagrams: sockets on random ports, each with one map of the questions it waits for; only the asked address, port and id are heard.
import dgram from 'node:dgram';

/** Where a packet really goes. */
export interface Destination {
  readonly address: string;
  readonly port: number;
}

export interface Hearing {
  /** Called for each datagram from the destination with the right id. */
  readonly heard: (bytes: Buffer) => void;
  /** The packet could not be sent, or (connected socket) nobody listens there. */
  readonly failed: (how: 'port-closed' | 'unreachable') => void;
}

/** A question that is being listened for. */
export interface Ticket {
  stop(): void;
}

/** Sends a question, with a random id written into `packet`, and listens until the ticket is stopped. */
export type SendDatagram = (packet: Buffer, hearing: Hearing) => Ticket;

export interface UdpPool {
  /** From one of the pool's sockets, chosen at random. */
  send(to: Destination, packet: Buffer, hearing: Hearing): Ticket;
  /** Opens a socket of its own, on a port not used before, connected so that the kernel reports a closed port. */
  openAlone(to: Destination): { readonly send: SendDatagram; readonly close: () => void };
  close(): void;
}

interface Expected {
  readonly to: Destination;
  readonly hearing: Hearing;
}

interface Port {
  readonly socket: dgram.Socket;
  readonly expected: Map<number, Expected>;
}

// A burst of answers must fit while the process is busy elsewhere.
const RECEIVE_BUFFER = 1 << 20;

/** Opens no socket yet: each is opened by the first question that needs it. `size` pooled sockets at most; `random` gives random bytes. */
export function createUdpPool(size: number, random: (bytes: number) => Uint8Array): UdpPool {
  const ports: (Port | undefined)[] = new Array(size).fill(undefined);
  const alone = new Set<Port>();
  let closed = false;

  function pooled(index: number): Port {
    const known = ports[index];
    if (known !== undefined) return known;
    const port = openPort();
    port.socket.on('error', () => {
      ports[index] = undefined;
      fail(port, 'unreachable');
      closeSocket(port.socket);
    });
    port.socket.bind(0);
    port.socket.unref();
    ports[index] = port;
    return port;
  }

  function register(port: Port, packet: Buffer, to: Destination, hearing: Hearing): Ticket {
    let id = u16(random);
    while (port.expected.has(id)) id = (id + 1) & 0xffff;
    packet.writeUInt16BE(id, 0);
    port.expected.set(id, { to, hearing });
    return { stop: () => void port.expected.delete(id) };
  }

  return {
    send(to, packet, hearing) {
      if (closed) return NOBODY;
      const port = pooled(u16(random) % size);
      const ticket = register(port, packet, to, hearing);
      port.socket.send(packet, to.port, to.address, (error) => {
        if (error !== null) hearing.failed('unreachable');
      });
      return ticket;
    },
    openAlone(to) {
      if (closed) return { send: () => NOBODY, close: () => undefined };
      const port = openPort();
      const unsent: Buffer[] = [];
      let connected = false;
      alone.add(port);
      const failed = (error: NodeJS.ErrnoException): void => fail(port, error.code === 'ECONNREFUSED' ? 'port-closed' : 'unreachable');
      const post = (packet: Buffer): void => port.socket.send(packet, (error) => (error === null ? undefined : failed(error)));
      port.socket.on('error', failed);
      port.socket.on('connect', () => {
        connected = true;
        for (const packet of unsent.splice(0)) post(packet);
      });
      port.socket.connect(to.port, to.address);
      port.socket.unref();
      return {
        send(packet, hearing) {
          const ticket = register(port, packet, to, hearing);
          if (connected) post(packet);
          else unsent.push(packet);
          return ticket;
        },
        close() {
          alone.delete(port);
          port.expected.clear();
          closeSocket(port.socket);
        },
      };
    },
    close() {
      closed = true;
      for (const port of [...ports, ...alone]) if (port !== undefined) closeSocket(port.socket);
      ports.fill(undefined);
      alone.clear();
    },
  };
}

const NOBODY: Ticket = { stop: () => undefined };

function openPort(): Port {
  // Addresses are numbers already: a lookup that answers at once saves a tick for each send.
  const lookup = (address: string, _options: unknown, done: (error: null, address: string, family: number) => void): void =>
    done(null, address, 4);
  const socket = dgram.createSocket({ type: 'udp4', lookup, recvBufferSize: RECEIVE_BUFFER });
  const port: Port = { socket, expected: new Map() };
  socket.on('message', (bytes, from) => {
    const one = bytes.length < 2 ? undefined : port.expected.get(bytes.readUInt16BE(0));
    if (one !== undefined && one.to.address === from.address && one.to.port === from.port) one.hearing.heard(bytes);
  });
  return port;
}

/** Tells everyone who waits at this socket. Without a listener for its errors one would end the process. */
function fail(port: Port, how: 'port-closed' | 'unreachable'): void {
  for (const one of [...port.expected.values()]) one.hearing.failed(how);
}

function u16(random: (bytes: number) => Uint8Array): number {
  const [high = 0, low = 0] = random(2);
  return (high << 8) | low;
}

function closeSocket(socket: dgram.Socket): void {
  try {
    socket.close();
  } catch {
    // It was closed already: dgram has no other way to tell.
  }
}
