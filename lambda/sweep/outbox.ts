// What is remembered of the exits besides the main topic: messages they missed, messages they took too early, and who heard of which alert.
import type { Message } from '../model/message.ts';

/** One message that an exit did not take. */
export interface Unsent {
  readonly exit: string;
  /** When it was first tried, ISO 8601 UTC. */
  readonly since: string;
  readonly message: Message;
}

export interface Outbox {
  readonly schema: 1;
  /** In the order of sending, for each exit and alert. */
  readonly unsent: readonly Unsent[];
  /** Taken by an exit while the main topic did not take the message: the repeat is not for it. */
  readonly taken: readonly { readonly exit: string; readonly messageId: string; readonly at: string }[];
  /** Exits (and `main`) by alert id: who heard that it began hears how it ends, though its identities or its severity have changed. */
  readonly heard: Readonly<Record<string, readonly string[]>>;
}

export const EMPTY_OUTBOX: Outbox = { schema: 1, unsent: [], taken: [], heard: {} };

/** Bounds: a message that an exit missed is tried in every sweep for a day, and at most so many of them are kept. */
export const MAX_UNSENT = 50;
export const MAX_AGE_MS = 24 * 3_600_000;
/** Characters of all messages together: most have a few thousand. */
const MAX_SIZE = 4_000_000;
const MAX_TAKEN = 500;

/** The outbox with one more, and what had to make room for it: the oldest. */
export function withUnsent(outbox: Outbox, one: Unsent): { readonly outbox: Outbox; readonly dropped: readonly Unsent[] } {
  const unsent = [...outbox.unsent, one];
  const dropped: Unsent[] = [];
  let size = unsent.reduce((sum, { message }) => sum + sizeOf(message), 0);
  while (unsent.length > MAX_UNSENT || (unsent.length > 1 && size > MAX_SIZE)) {
    const oldest = unsent.shift();
    if (oldest === undefined) break;
    size -= sizeOf(oldest.message);
    dropped.push(oldest);
  }
  return { outbox: { ...outbox, unsent }, dropped };
}

const sizeOf = ({ email, chat, json, members = [] }: Message): number =>
  email.length + chat.length + json.length + members.reduce((sum, member) => sum + member.length, 0);

/** The outbox without a message of one exit. */
export function withoutUnsent(outbox: Outbox, gone: Pick<Unsent, 'exit' | 'message'>): Outbox {
  return {
    ...outbox,
    unsent: outbox.unsent.filter(({ exit, message }) => exit !== gone.exit || message.messageId !== gone.message.messageId),
  };
}

/** The outbox whose messages of this exit about this alert stand last: one that is always refused must not hold up the others for a day. */
export function putLast(outbox: Outbox, { exit, message }: Pick<Unsent, 'exit' | 'message'>): Outbox {
  const same = (one: Unsent): boolean => one.exit === exit && one.message.alertId === message.alertId;
  return { ...outbox, unsent: [...outbox.unsent.filter((one) => !same(one)), ...outbox.unsent.filter(same)] };
}

/** The outbox that knows that an exit has a message. */
export function withTaken(outbox: Outbox, exit: string, messageId: string, at: string): Outbox {
  return { ...outbox, taken: [...outbox.taken, { exit, messageId, at }].slice(-MAX_TAKEN) };
}

/** The outbox after the main topic (or what stands in its place) took a message, of which these are all parts: nobody needs to know any more who else did. */
export function withoutTaken(outbox: Outbox, messageIds: ReadonlySet<string>): Outbox {
  if (!outbox.taken.some((one) => messageIds.has(one.messageId))) return outbox;
  return { ...outbox, taken: outbox.taken.filter((one) => !messageIds.has(one.messageId)) };
}

/** The outbox that knows that an exit hears of these alerts. */
export function withHeard(outbox: Outbox, alertIds: readonly string[], exit: string): Outbox {
  const news = alertIds.filter((id) => outbox.heard[id]?.includes(exit) !== true);
  if (news.length === 0) return outbox;
  return { ...outbox, heard: { ...outbox.heard, ...Object.fromEntries(news.map((id) => [id, [...(outbox.heard[id] ?? []), exit]])) } };
}

/** The outbox for which these alerts are no business of this exit any more. */
export function withoutHeard(outbox: Outbox, alertIds: readonly string[], exit: string): Outbox {
  if (!alertIds.some((id) => outbox.heard[id]?.includes(exit))) return outbox;
  const left = alertIds.map((id) => [id, (outbox.heard[id] ?? []).filter((one) => one !== exit)] as const);
  return { ...outbox, heard: { ...outbox.heard, ...Object.fromEntries(left) } };
}

/** Without what is over: alerts that are no longer remembered, exits that are no longer configured, and what is older than a day at `now`. */
export function tidied(
  outbox: Outbox,
  alertIds: ReadonlySet<string>,
  exits: ReadonlySet<string>,
  now: string,
): { readonly outbox: Outbox; readonly givenUp: readonly Unsent[] } {
  const old = (since: string): boolean => Date.parse(now) - Date.parse(since) > MAX_AGE_MS;
  const here = outbox.unsent.filter(({ exit }) => exits.has(exit));
  const unsent = here.filter(({ since }) => !old(since));
  const taken = outbox.taken.filter(({ exit, at }) => exits.has(exit) && !old(at));
  const before = Object.entries(outbox.heard);
  const heard = before.filter(([id]) => alertIds.has(id));
  const same = unsent.length === outbox.unsent.length && taken.length === outbox.taken.length && heard.length === before.length;
  return {
    // The same one where nothing changed: most sweeps have nothing to write.
    outbox: same ? outbox : { schema: 1, unsent, taken, heard: Object.fromEntries(heard) },
    givenUp: here.filter(({ since }) => old(since)),
  };
}
