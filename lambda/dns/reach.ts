// Asks one question over one transport alone, without the ladder's help: shows which way out is open.
import { createSocket } from 'node:dgram';
import type { AskedServer, Heard } from '../doctor/ports.ts';
import type { NameServer, Question } from '../model/lookup.ts';
import { type DnsName, dnsName } from '../model/names.ts';
import { type AddressRules, placeOf } from './addresses.ts';
import { createDice, type Dice } from './dice.ts';
import { encodeQuestion } from './question.ts';
import { askOverTcp } from './tcp.ts';
import { createTicker } from './ticker.ts';
import type { Destination } from './udp-pool.ts';
import { matchQuestion, readMessage } from './wire.ts';

export interface ReachOptions extends AddressRules {
  readonly resolvers: readonly Destination[];
  readonly random: (bytes: number) => Uint8Array;
  /** How long one try waits, in milliseconds. */
  readonly ms: number;
}

export interface Reach {
  readonly resolvers: readonly AskedServer[];
  /** Those of a zone's servers that may be asked, a few, each about its own zone. */
  authorities(servers: readonly NameServer[], zone: DnsName): readonly AskedServer[];
}

/** Always there and always signed: a resolver that validates says so in its answer. */
const SIGNED: Question = { name: dnsName('com'), type: 'SOA' };

/** A lost datagram is no closed way. */
const UDP_TRIES = 3;
const MOST_AUTHORITIES = 3;

/** Nothing is sent before the first question. Never throws for what a server does. */
export function openReach(options: ReachOptions): Reach {
  const dice = createDice(options.random);
  const server = (name: string, to: Destination, question: Question, recursion: boolean): AskedServer => ({
    name,
    ask: (transport) => ask({ to, question, recursion, transport, ms: options.ms, dice }),
  });
  return {
    resolvers: options.resolvers.map((to) => server(to.port === 53 ? to.address : `${to.address}:${to.port}`, to, SIGNED, true)),
    authorities: (servers, zone) =>
      servers
        .flatMap(({ name, address }) => {
          const placed = placeOf(address, options);
          return placed.kind === 'at' ? [server(`${name} (${address})`, placed.to, { name: zone, type: 'SOA' }, false)] : [];
        })
        .slice(0, MOST_AUTHORITIES),
  };
}

interface Asking {
  readonly to: Destination;
  readonly question: Question;
  readonly recursion: boolean;
  readonly transport: 'UDP' | 'TCP';
  readonly ms: number;
  readonly dice: Dice;
}

async function ask(asking: Asking): Promise<Heard> {
  const { question, recursion, transport, dice } = asking;
  const packet = encodeQuestion({ ...question, recursion, checkingDisabled: false }, true);
  let heard: Buffer | string = 'timeout';
  for (let tries = transport === 'UDP' ? UDP_TRIES : 1; tries > 0; tries -= 1) {
    packet.writeUInt16BE(dice.u16(), 0);
    heard = await (transport === 'UDP' ? overUdp(asking, packet) : overTcp(asking, packet));
    if (typeof heard !== 'string') break;
  }
  if (typeof heard === 'string') return { kind: 'silent', how: heard };
  const message = readMessage(heard, question.name);
  if (message === undefined) return { kind: 'refusal', rcode: 'an answer that is not DNS' };
  if (message.rcode !== 0) return { kind: 'refusal', rcode: RCODES[message.rcode] ?? `RCODE ${message.rcode}` };
  return { kind: 'answer', validated: message.ad };
}

/** RFC 1035 §4.1.1. */
const RCODES: readonly (string | undefined)[] = [undefined, 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED'];

const isReply = (bytes: Buffer, packet: Buffer): boolean =>
  bytes.length > 2 && bytes.readUInt16BE(0) === packet.readUInt16BE(0) && matchQuestion(bytes, packet) !== 'no';

function overUdp({ to, ms }: Asking, packet: Buffer): Promise<Buffer | string> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    let open = true;
    const finish = (heard: Buffer | string): void => {
      if (!open) return;
      open = false;
      clearTimeout(timer);
      socket.close();
      resolve(heard);
    };
    const timer = setTimeout(() => finish('no answer in time'), ms);
    // A connected socket hears of a closed port.
    socket.on('error', ({ code }: NodeJS.ErrnoException) => finish(code ?? 'the socket failed'));
    socket.on('message', (bytes) => {
      if (isReply(bytes, packet)) finish(bytes);
    });
    socket.on('connect', () => socket.send(packet));
    socket.connect(to.port, to.address);
  });
}

function overTcp({ to, ms }: Asking, packet: Buffer): Promise<Buffer | string> {
  const ticker = createTicker(
    () => {},
    () => false,
  );
  return new Promise((resolve) => {
    const accept = (bytes: Buffer): boolean => isReply(bytes, packet);
    askOverTcp({ packet, to, ms: 2 * ms, accept }, ticker, (reply) => resolve(reply ?? 'no connection, or no answer in time'));
  });
}
