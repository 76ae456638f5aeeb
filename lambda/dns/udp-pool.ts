// Datagrams: sockets on random ports, each with one map of the questions it waits for; only the asked address, port and id are heard.
import dgram from 'node:dgram';
import type { Dice } from './dice.ts';

/** Where a packet really goes. */
export interface Destination {
  readonly address: string;
  readonly port: number;
}

export interface Hearing {
  /** Called for each datagram from the destination with the right id. */
  heard(bytes: Buffer): void;
  /** The packet could not be sent, or (connected socket) nobody listens there. */
  failed(how: 'port-closed' | 'unreachable'): void;
}

/** A question that is being listened for. */
export interface Ticket {
  stop(): void;
}

/** A socket that only one question uses. */
export interface Alone {
  send(packet: Buffer, hearing: Hearing): Ticket;
  close(): void;
}

/** A send writes a random id into `packet`, and listens until the ticket is stopped. */
export interface UdpPool {
  /** From one of the pool's sockets, chosen at random. */
  send(to: Destination, packet: Buffer, hearing: Hearing): Ticket;
  /** Opens a socket of its own, on a port not used before, connected so that the kernel reports a closed port. */
  openAlone(to: Destination): Alone;
  close(): void;
}

/** Who waits, by id. One plain list for all sockets: a Map for each would leave its old tables behind, with all that was in them. */
type Waiting = (Expected | undefined)[];

/** What a socket waits for; a class, for one is made for each packet. */
class Expected implements Ticket {
  readonly socket: dgram.Socket;
  readonly to: Destination;
  readonly hearing: Hearing;
  readonly #waiting: Waiting;
  readonly #id: number;

  /** Writes a random id into `packet` that no other question has. */
  constructor(waiting: Waiting, socket: dgram.Socket, to: Destination, packet: Buffer, hearing: Hearing, dice: Dice) {
    let id = dice.u16();
    while (waiting[id] !== undefined) id = (id + 1) & 0xffff;
    packet[0] = id >> 8;
    packet[1] = id & 0xff;
    waiting[id] = this;
    this.socket = socket;
    this.to = to;
    this.hearing = hearing;
    this.#waiting = waiting;
    this.#id = id;
  }

  stop(): void {
    if (this.#waiting[this.#id] === this) this.#waiting[this.#id] = undefined;
  }
}

// A burst of answers must fit while the process is busy elsewhere.
const RECEIVE_BUFFER = 1 << 20;

/** Opens no socket yet: each is opened by the first question that needs it. `size` pooled sockets at most, a power of two. */
export function createUdpPool(size: number, dice: Dice): UdpPool {
  const sockets: (dgram.Socket | undefined)[] = new Array(size).fill(undefined);
  const alone = new Set<dgram.Socket>();
  const waiting: Waiting = new Array(0x10000).fill(undefined);
  let closed = false;

  function pooled(index: number): dgram.Socket {
    const known = sockets[index];
    if (known !== undefined) return known;
    const socket = openSocket(waiting);
    socket.on('error', () => {
      sockets[index] = undefined;
      fail(waiting, socket, 'unreachable');
      closeSocket(socket);
    });
    socket.bind(0);
    socket.unref();
    sockets[index] = socket;
    return socket;
  }

  return {
    send(to, packet, hearing) {
      if (closed) return NOBODY;
      const socket = pooled(dice.u16() % size);
      const ticket = new Expected(waiting, socket, to, packet, hearing, dice);
      socket.send(packet, to.port, to.address, (error) => {
        if (error !== null) hearing.failed('unreachable');
      });
      return ticket;
    },
    openAlone(to) {
      if (closed) return { send: () => NOBODY, close: () => undefined };
      const socket = openSocket(waiting);
      const unsent: Buffer[] = [];
      let connected = false;
      alone.add(socket);
      const failed = (error: NodeJS.ErrnoException): void =>
        fail(waiting, socket, error.code === 'ECONNREFUSED' ? 'port-closed' : 'unreachable');
      const post = (packet: Buffer): void => socket.send(packet, (error) => (error === null ? undefined : failed(error)));
      socket.on('error', failed);
      socket.on('connect', () => {
        connected = true;
        for (const packet of unsent.splice(0)) post(packet);
      });
      socket.connect(to.port, to.address);
      socket.unref();
      return {
        send(packet, hearing) {
          const ticket = new Expected(waiting, socket, to, packet, hearing, dice);
          if (connected) post(packet);
          else unsent.push(packet);
          return ticket;
        },
        close() {
          alone.delete(socket);
          closeSocket(socket);
        },
      };
    },
    close() {
      closed = true;
      for (const socket of [...sockets, ...alone]) if (socket !== undefined) closeSocket(socket);
      sockets.fill(undefined);
      alone.clear();
    },
  };
}

const NOBODY: Ticket = { stop: () => undefined };

function openSocket(waiting: Waiting): dgram.Socket {
  // Addresses are numbers already: a lookup that answers at once saves a tick for each send.
  const lookup = (address: string, _options: unknown, done: (error: null, address: string, family: number) => void): void =>
    done(null, address, 4);
  const socket = dgram.createSocket({ type: 'udp4', lookup, recvBufferSize: RECEIVE_BUFFER });
  socket.on('message', (bytes, from) => {
    const one = bytes.length < 2 ? undefined : waiting[bytes.readUInt16BE(0)];
    if (one !== undefined && one.socket === socket && one.to.address === from.address && one.to.port === from.port)
      one.hearing.heard(bytes);
  });
  return socket;
}

/** Tells everyone who waits at this socket. Without a listener for its errors one would end the process. */
function fail(waiting: Waiting, socket: dgram.Socket, how: 'port-closed' | 'unreachable'): void {
  for (const one of waiting) if (one?.socket === socket) one.hearing.failed(how);
}

function closeSocket(socket: dgram.Socket): void {
  try {
    socket.close();
  } catch {
    // It was closed already: dgram has no other way to tell.
  }
}
