// A part of the DNS bench: the sandbox's internet behind slow lines that lose packets. UDP only: no answer here is truncated.
import dgram from 'node:dgram';
import { answerFrom, EMPTY, type LookUp } from '../sandbox/dns/authority.ts';
import { Internet, ROOT_ADDRESSES } from '../sandbox/dns/internet.ts';
import { type Answer, type Query, SERVER_UDP_SIZE } from '../sandbox/dns/message.ts';
import { decodeQuery } from '../sandbox/dns/read-query.ts';
import { resolve } from '../sandbox/dns/recursion.ts';
import type { Where } from '../sandbox/dns/sandbox-dns.ts';
import { encodeAnswer } from '../sandbox/dns/write-answer.ts';
import { type Estate, zonesOf } from './dns-estate.ts';
import { serve } from './dns-process.ts';

export interface Line {
  /** One way and back together, ms: each server has its own, evenly spread between the two. */
  readonly delayMs: readonly [number, number];
  /** Share of the datagrams that is lost, each way. */
  readonly loss: number;
}

export type InternetMessage = { readonly kind: 'open'; readonly estate: Estate; readonly line: Line } | { readonly kind: 'counts' };

export interface Opened {
  readonly routes: Readonly<Record<string, Where>>;
  readonly resolver: Where;
  readonly rootHints: readonly string[];
}

/** What the servers saw. */
export interface Counts {
  readonly questions: number;
  readonly lost: number;
}

const RESOLVER_DELAY_MS = 5;
/** No server here flattens CNAMEs, so none has to ask another. */
const NOBODY: LookUp = () => EMPTY;

/** The same losses in every run (mulberry32). */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const random = chance(20260101);
const counts = { questions: 0, lost: 0 };

async function listen(delayMs: number, loss: number, answer: (query: Query) => Answer): Promise<Where> {
  const socket = dgram.createSocket({ type: 'udp4', recvBufferSize: 4 << 20 });
  const lost = (): boolean => {
    const yes = random() < loss;
    if (yes) counts.lost += 1;
    return yes;
  };
  socket.on('message', (message, from) => {
    counts.questions += 1;
    const query = lost() ? undefined : decodeQuery(message);
    if (query === undefined || lost()) return;
    const bytes = encodeAnswer(query, answer(query), Math.min(SERVER_UDP_SIZE, query.edns?.size ?? 512));
    setTimeout(() => socket.send(bytes, from.port, from.address, () => undefined), delayMs);
  });
  await new Promise<void>((done) => socket.bind(0, '127.0.0.1', done));
  return { address: '127.0.0.1', port: socket.address().port };
}

async function open(estate: Estate, { delayMs: [least, most], loss }: Line): Promise<Opened> {
  const internet = new Internet();
  internet.add(zonesOf(estate));
  const hosts = [...internet.hosts.values()];
  const routes: Record<string, Where> = {};
  for (const [i, host] of hosts.entries()) {
    const delay = least + ((most - least) * i) / Math.max(1, hosts.length - 1);
    routes[host.address] = await listen(delay, loss, ({ name, type }) => answerFrom((apex) => host.zones.get(apex), name, type, NOBODY));
  }
  const inside = (address: string, name: string, type: number): Answer | undefined => {
    const host = internet.hosts.get(address);
    return host === undefined ? undefined : answerFrom((apex) => host.zones.get(apex), name, type, NOBODY);
  };
  const resolver = await listen(RESOLVER_DELAY_MS, loss, ({ name, type }) => resolve(inside, name, type));
  return { routes, resolver, rootHints: ROOT_ADDRESSES };
}

serve(
  async (message: InternetMessage): Promise<Opened | Counts> => (message.kind === 'open' ? open(message.estate, message.line) : counts),
);
