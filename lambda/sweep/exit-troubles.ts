// What goes wrong at the exits beside the main topic in one sweep: logged, counted for each exit, and said at the end.
import type { Message } from '../model/message.ts';
import type { Unsent } from './outbox.ts';
import type { Log } from './ports.ts';

export interface ExitTrouble {
  readonly detail: string;
  /** True: as long as it lasts every sweep meets it again. */
  readonly again: boolean;
}

export class ExitTroubles {
  readonly #log: Log;
  readonly #all: ExitTrouble[] = [];
  readonly #failures = new Map<string, number>();

  constructor(log: Log) {
    this.#log = log;
  }

  all(): readonly ExitTrouble[] {
    return this.#all;
  }

  /** How often an exit failed in this sweep. */
  failuresOf(exit: string): number {
    return this.#failures.get(exit) ?? 0;
  }

  /** `kept`: the outbox has it for the next sweep. */
  failed(exit: string, { messageId, event, subject }: Message, detail: string, kept: boolean): void {
    this.#failures.set(exit, this.failuresOf(exit) + 1);
    this.#log('error', 'publish-failed', { exit, messageId, event, detail });
    const after = kept ? ', and is tried again' : '';
    this.#all.push({ detail: `A message could not be published to ${exit} (${event}, ${subject})${after}: ${detail}`, again: kept });
  }

  gaveUp({ exit, message }: Unsent, why: string): void {
    const what = `${message.event}, ${message.subject}`;
    this.#say('exit-gave-up', `A message to ${exit} was given up ${why} (${what}); the main topic had it.`, false);
  }

  unreadable(detail: string): void {
    this.#say('outbox-unreadable', `What exits missed cannot be read: ${detail}`, true);
  }

  conflict(): void {
    this.#say('outbox-conflict', 'Another sweep wrote meanwhile what exits missed: what they miss now is not kept.', false);
  }

  #say(event: string, detail: string, again: boolean): void {
    this.#log('error', event, { detail });
    this.#all.push({ detail, again });
  }
}
