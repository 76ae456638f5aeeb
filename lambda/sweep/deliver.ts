// Delivers messages to the main topic and to the exits beside it: what one of them does not take is no trouble of the others, and is tried again.
import type { Alert, AlertMemory } from '../model/alert.ts';
import type { Message } from '../model/message.ts';
import type { Routing } from '../model/policy.ts';
import type { Telling } from '../model/telling.ts';
import { OUTBOX_KEY, SCHEMA } from './blobs.ts';
import { type ExitTrouble, ExitTroubles } from './exit-troubles.ts';
import {
  EMPTY_OUTBOX,
  type Outbox,
  putLast,
  tidied,
  type Unsent,
  withHeard,
  withoutHeard,
  withoutTaken,
  withoutUnsent,
  withTaken,
  withUnsent,
} from './outbox.ts';
import type { Channel, Clock, Exit, Log, Memory, Published } from './ports.ts';
import { alertsOf, destinationOf } from './routing.ts';
import { shareOf } from './shares.ts';

export interface Delivery {
  /** Gives up what is too old, and tries again what exits missed in earlier sweeps. */
  retry(): Promise<void>;
  /**
   * Sends one message wherever it belongs. `sent` once the main topic has it, or an exit that stands in its place: then it is told.
   * A route whose own is only a part of it gets that part ({@link shareOf}). What other exits miss is kept for the next sweeps. Written before it
   * returns: remember the telling after it.
   */
  send(telling: Telling, message: Message): Promise<Published>;
  /** What a person must know of. */
  troubles(): readonly ExitTrouble[];
}

/** Words of a telling. Rejects only if their code cannot be loaded. */
export type Render = (telling: Telling) => Promise<Message>;

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
export async function openDelivery(
  alerts: AlertMemory,
  routing: Routing | undefined,
  render: Render,
  world: DeliveryWorld,
): Promise<Delivery> {
  const exits = world.channel.exits ?? [];
  if (exits.length === 0) return { retry: async () => {}, send: (_telling, message) => world.channel.publish(message), troubles: () => [] };
  const read = await world.memory.read(OUTBOX_KEY, SCHEMA.outbox);
  const remembered = read.kind === 'found' ? (read.value as Outbox) : EMPTY_OUTBOX;
  const version = read.kind === 'found' ? read.version : read.kind === 'absent' ? 'absent' : undefined;
  // One that is over may come back within a day, under its id: who heard of it then hears of it again.
  const remembering = [...Object.values(alerts.alerts), ...Object.values(alerts.closed ?? {})];
  const troubles = new ExitTroubles(world.log);
  if (read.kind === 'unreadable') troubles.unreadable(read.detail);
  const known = { outbox: remembered, version, alertIds: new Set(remembering.map(({ id }) => id)), troubles };
  return new ManyExits(exits, routing, render, world, known);
}

/** What one exit gets of a telling. */
interface ShareOfExit {
  readonly exit: string;
  /** Absent: nothing in it is for this exit. */
  readonly message?: Message;
  /** Those that it hears of. */
  readonly alerts: readonly Alert[];
  /** Those that are over for it. */
  readonly forgotten?: readonly Alert[];
}

/** What stands in the place of the main topic: an exit that took the whole message, or all of them if each took its part; undefined if neither did. */
function inPlace(shares: readonly ShareOfExit[], took: ReadonlyMap<string, Published | undefined>, whole: Message): Published | undefined {
  const offered = shares.flatMap(({ exit, message }) => (message ? [{ message, published: took.get(exit) }] : []));
  const sent = offered.filter(({ published }) => published?.kind === 'sent');
  return sent.find(({ message }) => message === whole)?.published ?? (sent.length === offered.length ? sent[0]?.published : undefined);
}

const idsOf = (alerts: readonly Alert[]): readonly string[] => alerts.map(({ id }) => id);

/** What is remembered at the beginning. */
interface Known {
  readonly outbox: Outbox;
  /** Undefined: it cannot be read. */
  readonly version: string | undefined;
  readonly troubles: ExitTroubles;
  /** Alerts that are open, or were told to be over in the last day. */
  readonly alertIds: ReadonlySet<string>;
}

class ManyExits implements Delivery {
  readonly #exits: ReadonlyMap<string, Exit>;
  readonly #routing: Routing | undefined;
  readonly #render: Render;
  readonly #world: DeliveryWorld;
  readonly #troubles: ExitTroubles;
  readonly #alertIds: ReadonlySet<string>;
  #outbox: Outbox;
  #written: Outbox;
  /** Undefined: it cannot be read, so it is not overwritten. */
  #version: string | undefined;

  constructor(exits: readonly Exit[], routing: Routing | undefined, render: Render, world: DeliveryWorld, known: Known) {
    this.#exits = new Map(exits.map((exit) => [exit.id, exit]));
    this.#routing = routing;
    this.#render = render;
    this.#world = world;
    this.#outbox = known.outbox;
    this.#written = known.outbox;
    this.#version = known.version;
    this.#alertIds = known.alertIds;
    this.#troubles = known.troubles;
  }

  async retry(): Promise<void> {
    const { outbox, givenUp } = tidied(this.#outbox, this.#alertIds, new Set(this.#exits.keys()), this.#now());
    this.#outbox = outbox;
    for (const one of givenUp) this.#troubles.gaveUp(one, 'after a day');
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
    const heard = new Set(alertsOf(telling).flatMap(({ id }) => this.#outbox.heard[id] ?? []));
    const { main, exits, instead } = destinationOf(telling, this.#routing, new Set(this.#exits.keys()));
    const concerned = [...new Set([...exits, ...heard])].filter((id) => this.#exits.has(id));
    const shares = await Promise.all(concerned.map((id) => this.#shareOf(id, telling, message)));
    const offers = shares.map(async ({ exit, message: own }) => [exit, own && (await this.#offer(exit, own))] as const);
    const [first, ...offered] = await Promise.all([main || heard.has(MAIN) ? this.#world.channel.publish(message) : undefined, ...offers]);
    const took = new Map(offered);
    const stood = inPlace(
      shares.filter(({ exit }) => instead.includes(exit)),
      took,
      message,
    );
    // A route that took a message off the main topic and then fails must not keep it, or its part of it, from everybody.
    const published = first ?? stood ?? (await this.#world.channel.publish(message));
    if (published.kind === 'sent') {
      this.#outbox = withoutTaken(this.#outbox, new Set(shares.flatMap(({ message: own }) => own?.messageId ?? [])));
      this.#remember(shares, published === stood ? [] : alertsOf(telling));
    } else for (const { exit, message: own } of shares) if (own) this.#outbox = this.#justTaken(this.#outbox, exit, own, took.get(exit));
    await this.#write();
    return published;
  }

  async #shareOf(exit: string, telling: Telling, message: Message): Promise<ShareOfExit> {
    const route = this.#routing?.routes.find((one) => one.exit === exit);
    if (route === undefined || telling.kind === 'digest') return { exit, message, alerts: alertsOf(telling) };
    const { telling: own, over } = shareOf(telling, route, (id) => this.#outbox.heard[id]?.includes(exit) === true);
    const words = own === telling ? message : own && (await this.#render(own));
    return {
      exit,
      alerts: own === undefined || over ? [] : alertsOf(own),
      forgotten: over ? alertsOf(telling) : [],
      ...(words ? { message: words } : {}),
    };
  }

  /** Who heard of which alerts; `onMain` are those that the main topic heard of. */
  #remember(shares: readonly ShareOfExit[], onMain: readonly Alert[]): void {
    const everything = new Set(this.#routing?.everything ?? []);
    const listeners = shares.filter(({ exit }) => !everything.has(exit));
    for (const { exit, alerts, forgotten = [] } of listeners) {
      this.#outbox = withoutHeard(withHeard(this.#outbox, idsOf(alerts), exit), idsOf(forgotten), exit);
    }
    // Without exclusive routes everything goes to the main topic anyway.
    const worth = listeners.length > 0 || this.#routing?.routes.some(({ exclusive }) => exclusive) === true;
    if (worth) this.#outbox = withHeard(this.#outbox, idsOf(onMain), MAIN);
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
    const tried = !behind && this.#troubles.failuresOf(id) < FAILURES ? await this.#exits.get(id)?.publish(message) : undefined;
    const published: Published = tried ?? { kind: 'failed', detail: 'It waits behind others.' };
    if (published.kind === 'sent') {
      this.#world.log('info', 'told-besides', { exit: id, messageId: message.messageId });
      return published;
    }
    if (tried !== undefined) this.#failed(id, message, published.detail);
    else this.#world.log('warn', 'exit-waits', { exit: id, messageId: message.messageId });
    const { outbox, dropped } = withUnsent(this.#outbox, { exit: id, since: this.#now(), message });
    this.#outbox = outbox;
    for (const one of dropped) this.#troubles.gaveUp(one, 'because too many wait');
    return published;
  }

  #failed(exit: string, message: Message, detail: string): void {
    this.#troubles.failed(exit, message, detail, this.#version !== undefined);
  }

  troubles(): readonly ExitTrouble[] {
    return this.#troubles.all();
  }

  async #write(): Promise<void> {
    if (this.#version === undefined || this.#outbox === this.#written) return;
    const written = await this.#world.memory.write(OUTBOX_KEY, this.#outbox, this.#version);
    this.#written = this.#outbox;
    if (written.kind === 'written') this.#version = written.version;
    else {
      this.#version = undefined;
      this.#troubles.conflict();
    }
  }

  #now(): string {
    return new Date(this.#world.clock()).toISOString();
  }
}
