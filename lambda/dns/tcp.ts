// One question over TCP (RFC 7766): for replies that did not fit. Bounded in time and bytes whatever the server sends.
import net from 'node:net';
import type { Ticker } from './ticker.ts';
import type { Destination, Ticket } from './udp-pool.ts';

export interface TcpQuestion {
  /** With its id. */
  readonly packet: Buffer;
  readonly to: Destination;
  /** For everything together: a server that sends one byte a second has no more time than a silent one. */
  readonly ms: number;
  /** Whether a message is the reply. */
  readonly accept: (message: Buffer) => boolean;
}

/** Connects and asks; `done` gets the reply, or undefined if there was none in time. Called once, not before this returns. */
export function askOverTcp(question: TcpQuestion, ticker: Ticker, done: (reply: Buffer | undefined) => void): Ticket {
  const { packet, to, accept } = question;
  const socket = net.connect({ host: to.address, port: to.port, family: 4 });
  const inbox = createInbox();
  let open = true;
  const stop = (): void => {
    open = false;
    timeout.cancel();
    socket.destroy();
  };
  const finish = (reply: Buffer | undefined): void => {
    if (!open) return;
    stop();
    done(reply);
  };
  const timeout = ticker.after(question.ms, { fire: () => finish(undefined) });
  socket.on('error', () => finish(undefined));
  socket.on('close', () => finish(undefined));
  socket.on('connect', () => {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(packet.length);
    socket.write(Buffer.concat([length, packet]));
  });
  socket.on('data', (chunk) => {
    const reply = inbox.add(chunk).find(accept);
    if (reply !== undefined) finish(reply);
    // One reply is asked for: whoever sends other messages first is not talking to us.
    else if (inbox.count() > 2) finish(undefined);
  });
  return { stop };
}

interface Inbox {
  /** Takes bytes; gives the messages that are complete now. */
  add(chunk: Buffer): readonly Buffer[];
  /** Messages so far. */
  count(): number;
}

/** Cuts a stream into messages of two length bytes and that many bytes. Keeps chunks until a message is whole: bytes that drip are not copied over and over. */
function createInbox(): Inbox {
  let chunks: Buffer[] = [];
  let size = 0;
  let count = 0;
  let need = 2;
  return {
    count: () => count,
    add(chunk) {
      chunks.push(chunk);
      size += chunk.length;
      const done: Buffer[] = [];
      while (size >= need && count <= 2) {
        const all = Buffer.concat(chunks);
        need = 2 + all.readUInt16BE(0);
        chunks = [all];
        if (size < need) break;
        done.push(all.subarray(2, need));
        chunks = [all.subarray(need)];
        size -= need;
        need = 2;
        count += 1;
      }
      return done;
    },
  };
}
