// The running servers: one socket pair for each reachable name server and one for the resolver, what they do wrong, and the log of questions.
import { answerFrom, EMPTY } from './authority.ts';
import { type ActiveRule, applies, behave, type Delivery, encodeDelivery, type Transport } from './behaviour.ts';
import { type Host, type Internet, isReachable } from './internet.ts';
import { type Listener, listen, type Reply } from './listener.ts';
import { type Answer, type Query, SERVER_UDP_SIZE } from './message.ts';
import { decodeQuery } from './read-query.ts';
import { typeName } from './records.ts';
import { resolve } from './recursion.ts';
import type { LoggedQuery, Where } from './sandbox-dns.ts';

const LOG_LIMIT = 200_000;
/** A resolver gives up on a server that is slower. */
const RESOLVER_PATIENCE_MS = 2_000;

export class Machines {
  readonly routes: Record<string, Where> = {};
  readonly rules: ActiveRule[] = [];
  readonly counts = new Map<string, number>();
  log: LoggedQuery[] = [];
  readonly #internet: Internet;
  readonly #clock: () => number;
  readonly #listeners = new Map<string, Listener>();
  readonly #closed = new Set<string>();

  constructor(internet: Internet, clock: () => number) {
    this.#internet = internet;
    this.#clock = clock;
  }

  /** Opens sockets for hosts that have none yet; addresses that no client may reach get none. */
  async open(): Promise<void> {
    for (const host of this.#internet.hosts.values()) {
      if (this.#listeners.has(host.address) || !isReachable(host.address)) continue;
      const listener = await listen((message, transport) =>
        this.#handle(host.address, message, transport, (query) => truthOf(host, query.name, query.type)),
      );
      this.#listeners.set(host.address, listener);
      this.routes[host.address] = { address: '127.0.0.1', port: listener.port };
    }
  }

  async openResolver(): Promise<Where> {
    const answer = (query: Query): Answer =>
      query.rd
        ? resolve((address, name, type) => this.#askInside(address, name, type), query.name, query.type)
        : { ...EMPTY, rcode: 'REFUSED', ra: true };
    const listener = await listen((message, transport) => this.#handle('resolver', message, transport, answer));
    this.#listeners.set('resolver', listener);
    return { address: '127.0.0.1', port: listener.port };
  }

  async setOpen(address: string, open: boolean, transport: Transport | undefined): Promise<void> {
    await this.#listeners.get(address)?.setOpen(open, transport);
    if (transport === 'tcp') return;
    if (open) this.#closed.delete(address);
    else this.#closed.add(address);
  }

  clearLog(): void {
    this.log = [];
    this.counts.clear();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#listeners.values()].map((listener) => listener.close()));
  }

  #handle(address: string, message: Buffer, transport: Transport, truth: (query: Query) => Answer): Reply | undefined {
    const query = decodeQuery(message);
    if (query === undefined) return undefined;
    this.#note(address, query, transport);
    const delivery = this.#deliver(address, query, transport, screen(query) ?? truth(query));
    if (delivery.silent) return undefined;
    const limit = transport === 'tcp' ? 65535 : Math.min(SERVER_UDP_SIZE, Math.max(512, query.edns?.size ?? 512));
    const { delayMs, hangUp, drip } = delivery;
    const reply = { bytes: encodeDelivery(query, delivery, limit), delayMs, hangUp };
    return drip === undefined ? reply : { ...reply, drip };
  }

  #deliver(address: string, query: Query, transport: Transport, truth: Answer): Delivery {
    const rules = this.rules.length === 0 ? this.rules : this.rules.filter((rule) => applies(rule, address, query, transport));
    return behave(truth, query, transport, rules);
  }

  #note(server: string, query: Query, transport: Transport): void {
    this.counts.set(server, (this.counts.get(server) ?? 0) + 1);
    if (this.log.length >= LOG_LIMIT) this.log = this.log.slice(LOG_LIMIT / 2);
    const at = new Date(this.#clock()).toISOString();
    this.log.push({ at, server, name: query.name, type: typeName(query.type), transport, edns: query.edns !== undefined });
  }

  /** How the resolver sees a server: what would come over the network, shortened to "usable or not". */
  #askInside(address: string, name: string, type: number): Answer | undefined {
    const host = this.#internet.hosts.get(address);
    if (host === undefined || this.#closed.has(address)) return undefined;
    const query: Query = { id: 0, opcode: 0, rd: false, cd: false, questions: 1, name, type, class: 1 };
    const truth = truthOf(host, name, type);
    const udp = this.#deliver(address, query, 'udp', truth);
    const delivery = udp.answer.tc ? this.#deliver(address, query, 'tcp', truth) : udp;
    const tooSlow = delivery.delayMs >= RESOLVER_PATIENCE_MS;
    const unusable = delivery.mangle.some((how) => how !== 'lower-case');
    return delivery.silent || delivery.hangUp || tooSlow || unusable ? undefined : delivery.answer;
  }
}

function truthOf(host: Host, name: string, type: number): Answer {
  return answerFrom((apex) => host.zones.get(apex), name, type);
}

/** Answers that do not depend on any data: malformed questions, other operations, other classes, unknown EDNS versions. */
function screen(query: Query): Answer | undefined {
  if (query.opcode !== 0) return { ...EMPTY, rcode: 'NOTIMP' };
  if (query.questions !== 1) return { ...EMPTY, rcode: 'FORMERR' };
  if (query.edns !== undefined && query.edns.version > 0) return { ...EMPTY, rcode: 'BADVERS' };
  if (query.class !== 1) return { ...EMPTY, rcode: 'REFUSED' };
  return undefined;
}
