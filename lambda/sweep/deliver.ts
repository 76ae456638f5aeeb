// Delivers messages to the main topic and to the exits beside it: what one of them does not take is no trouble of the others, and is tried again.
import type { AlertMemory, Message } from '../model/alert.ts';
import type { Routing } from '../model/policy.ts';
import type { Telling } from '../model/telling.ts';
import { OUTBOX_KEY, SCHEMA } from './blobs.ts';
import {
  EMPTY_OUTBOX,
  type Outbox,
  putLast,
  tidied,
  type Unsent,
  withHeard,
  withoutTaken,
  withoutUnsent,
  withTaken,
  withUnsent,
} from './outbox.ts';
import type { Channel, Clock, Exit, Log, Memory, Published } from './ports.ts';
import { destinationOf } from './routing.ts';

export interface Delivery {
  /** Tries again what exits missed in earlier sweeps. */
  retry(): Promise<void>;
  /**
   * Sends one message wherever it belongs. `sent` once the main topic has it, or an exit that stands in its place: then it is told.
   * What other exits miss is kept for the next sweeps. Written before it returns: remember the telling after it.
   */
  send(telling: Telling, message: Message): Promise<Published>;
  /** What a person must know of. */
  troubles(): readonly string[];
}

export interface DeliveryWorld {
  readonly memory: Memory;
  readonly channel: Channel;
  readonly clock: Clock;
  readonly log: Log;
}

/** The main topic in `heard`. */
const MAIN = 'main';

/** An exit that failed this often in one sweep is left alone until the next: each failure may take as long as a call may. */
const FAILURES = 2;

/** Opens the delivery of one sweep. Without exits it is the main topic and nothing else: no memory is read or written. */
export async function openDelivery(alerts: AlertMemory, routing: Routing | undefined, world: DeliveryWorld): Promise<Delivery> {
  const exits = world.channel.exits ?? [];
  if (exits.length === 0) return { retry: async () => {}, send: (_telling, message) => world.channel.publish(message), troubles: () => [] };
  const read = await world.memory.read(OUTBOX_KEY, SCHEMA.outbox);
  const remembered = read.kind === 'found' ? (read.value as Outbox) : EMPTY_OUTBOX;
  const version = read.kind === 'found' ? read.version : read.kind === 'absent' ? 'absent' : undefined;
  const delivery = new ManyExits(exits, routing, world, version);
  if (read.kind === 'unreadable') delivery.trouble('outbox-unreadable', `What exits missed cannot be read: ${read.detail}`);
  delivery.begin(remembered, new Set(Object.values(alerts.alerts).map(({ id }) => id)));
  return delivery;
}

class ManyExits implements Delivery {
  readonly #exits: ReadonlyMap<string, Exit>;
  readonly #routing: Routing | undefined;
  readonly #world: DeliveryWorld;
  readonly #troubles: string[] = [];
  readonly #failures = new Map<string, number>();
  #outbox = EMPTY_OUTBOX;
  #written = EMPTY_OUTBOX;
  /** Undefined: it cannot be read, so it is not overwritten. */
  #version: string | undefined;

  constructor(exits: readonly Exit[], routing: Routing | undefined, world: DeliveryWorld, version: string | undefined) {
    this.#exits = new Map(exits.map((exit) => [exit.id, exit]));
    this.#routing = routing;
    this.#world = world;
    this.#version = version;
  }

  begin(remembered: Outbox, alertIds: ReadonlySet<string>): void {
    this.#written = remembered;
    const { outbox, givenUp } = tidied(remembered, alertIds, new Set(this.#exits.keys()), this.#now());
    this.#outbox = outbox;
    for (const one of givenUp) this.#lost(one, 'after a day');
  }

  async retry(): Promise<void> {
    const byExit = [...this.#exits.keys()].map((id) => this.#outbox.unsent.filter(({ exit }) => exit === id));
    await Promise.all(byExit.map((waiting) => this.#retryOne(waiting)));
    await this.#write();
  }

  async #retryOne(waiting: readonly Unsent[]): Promise<void> {
    for (const one of waiting) {
      const published = await this.#exits.get(one.exit)?.publish(one.message);
      if (published?.kind !== 'sent') {
        this.#failed(one.exit, one.message, published?.detail ?? 'It is gone.');
        this.#outbox = putLast(this.#outbox, one);
        return;
      }
      this.#world.log('info', 'told-later', { exit: one.exit, messageId: one.message.messageId, since: one.since });
      this.#outbox = withTaken(withoutUnsent(this.#outbox, one), one.exit, one.message.messageId, this.#now());
    }
  }

  async send(telling: Telling, message: Message): Promise<Published> {
    const alertIds = (telling.kind === 'alert' ? [telling.alert] : telling.alerts).map(({ id }) => id);
    const heard = new Set(alertIds.flatMap((id) => this.#outbox.heard[id] ?? []));
    const { main, exits, instead } = destinationOf(telling, this.#routing, new Set(this.#exits.keys()));
    const all = [...new Set([...exits, ...heard])].filter((id) => this.#exits.has(id));
    const offers = all.map(async (id) => [id, await this.#offer(id, message)] as const);
    const [first, ...offered] = await Promise.all([main || heard.has(MAIN) ? this.#world.channel.publish(message) : undefined, ...offers]);
    const took = new Map(offered);
    const stood = instead.map((id) => took.get(id)).find((published) => published?.kind === 'sent');
    // A route that took a message off the main topic and then fails must not keep it from everybody.
    const published = first ?? stood ?? (await this.#world.channel.publish(message));
    const told = published.kind === 'sent';
    this.#outbox = told
      ? withoutTaken(this.#outbox, message.messageId)
      : all.reduce((outbox, id) => this.#justTaken(outbox, id, message, took.get(id)), this.#outbox);
    if (told) {
      const everything = new Set(this.#routing?.everything ?? []);
      const listeners = [...all.filter((id) => !everything.has(id)), ...(published === stood ? [] : [MAIN])];
      // Without exclusive routes everything goes to the main topic anyway.
      const worth = listeners.some((id) => id !== MAIN) || this.#routing?.routes.some(({ exclusive }) => exclusive) === true;
      if (worth) this.#outbox = withHeard(this.#outbox, alertIds, listeners);
    }
    await this.#write();
    return published;
  }

  #justTaken(outbox: Outbox, id: string, message: Message, published: Published | undefined): Outbox {
    const known = outbox.taken.some(({ exit, messageId }) => exit === id && messageId === message.messageId);
    return published?.kind === 'sent' && !known ? withTaken(outbox, id, message.messageId, this.#now()) : outbox;
  }

  async #offer(id: string, message: Message): Promise<Published> {
    const { taken, unsent } = this.#outbox;
    if (taken.some((one) => one.exit === id && one.messageId === message.messageId)) return { kind: 'sent', channelId: 'before' };
    const waiting = unsent.filter(({ exit }) => exit === id);
    if (waiting.some((one) => one.message.messageId === message.messageId)) return { kind: 'failed', detail: 'It waits already.' };
    // What an exit has not heard of yet cannot be over for it: the messages about one alert keep their order.
    const behind = waiting.some((one) => one.message.alertId === message.alertId);
    const tried = !behind && (this.#failures.get(id) ?? 0) < FAILURES ? await this.#exits.get(id)?.publish(message) : undefined;
    const published: Published = tried ?? { kind: 'failed', detail: 'It waits behind others.' };
    if (published.kind === 'sent') {
      this.#world.log('info', 'told-besides', { exit: id, messageId: message.messageId });
      return published;
    }
    if (tried !== undefined) this.#failed(id, message, published.detail);
    else this.#world.log('warn', 'exit-waits', { exit: id, messageId: message.messageId });
    const { outbox, dropped } = withUnsent(this.#outbox, { exit: id, since: this.#now(), message });
    this.#outbox = outbox;
    for (const one of dropped) this.#lost(one, 'because too many wait');
    return published;
  }

  #failed(exit: string, { messageId, event, subject }: Message, detail: string): void {
    this.#failures.set(exit, (this.#failures.get(exit) ?? 0) + 1);
    this.#world.log('error', 'publish-failed', { exit, messageId, event, detail });
    this.#troubles.push(`A message could not be published to ${exit} (${event}, ${subject}), and is tried again: ${detail}`);
  }

  #lost({ exit, message }: Unsent, why: string): void {
    this.trouble('exit-gave-up', `A message to ${exit} was given up ${why} (${message.event}, ${message.subject}); the main topic had it.`);
  }

  trouble(event: string, detail: string): void {
    this.#world.log('error', event, { detail });
    this.#troubles.push(detail);
  }

  troubles(): readonly string[] {
    return this.#troubles;
  }

  async #write(): Promise<void> {
    if (this.#version === undefined || this.#outbox === this.#written) return;
    const written = await this.#world.memory.write(OUTBOX_KEY, this.#outbox, this.#version);
    this.#written = this.#outbox;
    if (written.kind === 'written') this.#version = written.version;
    else {
      this.#version = undefined;
      this.trouble('outbox-conflict', 'Another sweep wrote meanwhile what exits missed: what they miss now is not kept.');
    }
  }

  #now(): string {
    return new Date(this.#world.clock()).toISOString();
  }
}
