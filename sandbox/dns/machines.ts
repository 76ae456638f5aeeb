// The running servers: one socket pair for each reachable name server and for each of the two resolvers, what they do wrong, and the log of questions.
import { answerFrom, EMPTY } from './authority.ts';
import { type ActiveRule, applies, behave, type Delivery, encodeDelivery, type Transport } from './behaviour.ts';
import { type Host, type Internet, isReachable } from './internet.ts';
import { type Listener, listen, type Reply } from './listener.ts';
import { type Answer, type Query, SERVER_UDP_SIZE } from './message.ts';
import { decodeQuery } from './read-query.ts';
import { canonical, isWithin, typeName } from './records.ts';
import { resolve } from './recursion.ts';
import type { LoggedQuery, Where } from './sandbox-dns.ts';

const LOG_LIMIT = 200_000;
/** Zones that flatten CNAMEs into each other: a real server gives up too. */
const FLATTENING_DEPTH = 4;
/** The resolvers, by the names that rules and the log know them by. A rule for `resolver` hits both. */
export const RESOLVERS = ['resolver', 'resolver-2'] as const;
/** A resolver gives up on a server that is slower. */
const RESOLVER_PATIENCE_MS = 2_000;

export class Machines {
  readonly routes: Record<string, Where> = {};
  readonly rules: ActiveRule[] = [];
  /** Zones whose signatures are broken → resolvers that notice. */
  readonly bogus = new Map<string, readonly string[]>();
  /** Resolvers whose trust anchor is not what it should be. */
  readonly anchors = new Map<string, 'broken' | 'none'>();
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
        this.#handle(host.address, message, transport, (query) => this.#truthOf(host, query.name, query.type)),
      );
      this.#listeners.set(host.address, listener);
      this.routes[host.address] = { address: '127.0.0.1', port: listener.port };
    }
  }

  async openResolver(name: (typeof RESOLVERS)[number]): Promise<Where> {
    const listener = await listen((message, transport) => this.#handle(name, message, transport, (query) => this.#recurse(name, query)));
    this.#listeners.set(name, listener);
    return { address: '127.0.0.1', port: listener.port };
  }

  /**
   * As a resolver that validates: what passes through a zone with broken signatures is SERVFAIL, unless checking is disabled (RFC 4035 §3.2.2,
   * §5.5). The root and the top-level domains are signed, and told with AD; nothing else is. With a broken trust anchor nothing is believed.
   */
  #recurse(resolver: string, query: Query): Answer {
    if (!query.rd) return { ...EMPTY, rcode: 'REFUSED', ra: true };
    const answer = this.#resolve(query.name, query.type, 0);
    if (query.cd || !this.#validates(resolver)) return answer;
    if (this.anchors.get(resolver) === 'broken') return { ...EMPTY, rcode: 'SERVFAIL', ra: true };
    const passed = [query.name, ...answer.answers.map((record) => record.name)].map(canonical);
    return passed.some((name) => this.#isBogus(name, resolver))
      ? { ...EMPTY, rcode: 'SERVFAIL', ra: true }
      : { ...answer, ad: passed.every((name) => !name.includes('.')) };
  }

  /** One that does not notice a zone with broken signatures does not look at any. */
  #validates(resolver: string): boolean {
    return this.anchors.get(resolver) !== 'none' && [...this.bogus.values()].every((by) => by.includes(resolver));
  }

  #isBogus(name: string, resolver: string): boolean {
    return [...this.bogus].some(([apex, by]) => isWithin(name, apex) && by.includes(resolver));
  }

  #resolve(name: string, type: number, depth: number): Answer {
    if (depth > FLATTENING_DEPTH) return { ...EMPTY, rcode: 'SERVFAIL', ra: true };
    return resolve((address, asked, askedType) => this.#askInside(address, asked, askedType, depth), name, type);
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
  #askInside(address: string, name: string, type: number, depth: number): Answer | undefined {
    const host = this.#internet.hosts.get(address);
    if (host === undefined || this.#closed.has(address)) return undefined;
    const query: Query = { id: 0, opcode: 0, rd: false, cd: false, questions: 1, name, type, class: 1 };
    const truth = this.#truthOf(host, name, type, depth);
    const udp = this.#deliver(address, query, 'udp', truth);
    const delivery = udp.answer.tc ? this.#deliver(address, query, 'tcp', truth) : udp;
    const tooSlow = delivery.delayMs >= RESOLVER_PATIENCE_MS;
    const unusable = delivery.mangle.some((how) => how !== 'lower-case');
    return delivery.silent || delivery.hangUp || tooSlow || unusable ? undefined : delivery.answer;
  }

  #truthOf(host: Host, name: string, type: number, depth = 0): Answer {
    return answerFrom(
      (apex) => host.zones.get(apex),
      name,
      type,
      (target, wanted) => this.#resolve(target, wanted, depth + 1),
    );
  }
}

/** Answers that do not depend on any data: malformed questions, other operations, other classes, unknown EDNS versions. */
function screen(query: Query): Answer | undefined {
  if (query.opcode !== 0) return { ...EMPTY, rcode: 'NOTIMP' };
  if (query.questions !== 1) return { ...EMPTY, rcode: 'FORMERR' };
  if (query.edns !== undefined && query.edns.version > 0) return { ...EMPTY, rcode: 'BADVERS' };
  if (query.class !== 1) return { ...EMPTY, rcode: 'REFUSED' };
  return undefined;
}
