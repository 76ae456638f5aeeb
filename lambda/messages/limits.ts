// What SNS lets through: one message holds every protocol's body, all together at most 262,144 bytes, and is cut by naming fewer, never in the middle of a character.
import type { Message } from '../model/message.ts';

/** Amazon SNS quotas: "Message size 256 KB", attributes included; all bodies of a `MessageStructure: json` message count together. */
export const MAX_BYTES = 262_144;

/**
 * Bytes of an attribute that is an array: ten thousand accounts, the size of the largest organisations. It leaves room for a message that only counts.
 */
const MAX_ATTRIBUTE = 150_000;

/** Bytes of the domains of a message: they have less room, since a subscriber may ask for the rest of them ({@link MORE}). */
const MAX_DOMAINS = 24_000;

/** Stands behind the domains where not all of them fit: a policy that lists it gets such messages too. */
export const MORE = '*';

/** A longer mail is not read. In characters. */
export const MAX_MAIL = 60_000;

export interface SnsPayload {
  /** JSON text: one string for each protocol. Publish with `MessageStructure: 'json'`. */
  readonly Message: string;
  readonly Subject: string;
  readonly MessageAttributes: Readonly<
    Record<string, { readonly DataType: 'String' | 'String.Array' | 'Number'; readonly StringValue: string }>
  >;
}

/**
 * What `Publish` takes for a message. `https` is what chat shows; `default` (every other protocol) is the mail.
 * Attributes are for filter policies: at most ten, or SNS discards the message for a queue with raw delivery; a policy may use five of them.
 * Source: Amazon SNS API Reference, Publish; Developer Guide, "Message attributes" and "Filter policy constraints".
 */
export function snsPayload(message: Message): SnsPayload {
  const attribute = (value: string) => ({ DataType: 'String' as const, StringValue: value === '' ? 'none' : value });
  // A filter policy of a subscription matches any item of an array.
  const attributes = (one: string, all: readonly string[] = []) =>
    all.length > 1 ? { DataType: 'String.Array' as const, StringValue: arrayText(all) } : attribute(one);
  return {
    Message: JSON.stringify({
      default: message.email,
      email: message.email,
      https: message.chat,
      sqs: message.json,
      lambda: message.json,
    }),
    Subject: message.subject,
    MessageAttributes: {
      alertId: attribute(message.alertId),
      messageId: attribute(message.messageId),
      kind: attributes(message.kinds[0] ?? '', message.kinds),
      severity: attribute(message.severity),
      account: attributes(message.account, message.accounts),
      region: attributes(message.region, message.regions),
      event: attribute(message.event),
      domain: domains(message.domains ?? []),
      identities: { DataType: 'Number', StringValue: String(message.identities ?? 0) },
    },
  };
}

// A message about more domains than fit must not slip by those who filter for one that was left out: the last item says so.
function domains(all: readonly string[]): SnsPayload['MessageAttributes'][string] {
  if (all.length < 2) return { DataType: 'String', StringValue: all[0] || 'none' };
  const fitting = fittingItems(all, MAX_DOMAINS);
  return { DataType: 'String.Array', StringValue: JSON.stringify(fitting.length < all.length ? [...fitting, MORE] : fitting) };
}

const arrayText = (items: readonly string[]): string => JSON.stringify(fittingItems(items, MAX_ATTRIBUTE));

function fittingItems(items: readonly string[], max: number): readonly string[] {
  let bytes = 2;
  return items.filter((item) => {
    bytes += Buffer.byteLength(JSON.stringify(item)) + 1;
    return bytes <= max;
  });
}

/** Bytes of a message as SNS counts them: UTF-8 of the whole text, with the names, types and values of the attributes. */
export function payloadBytes(message: Message): number {
  const payload = snsPayload(message);
  const attributes = Object.entries(payload.MessageAttributes).map(([name, { DataType, StringValue }]) => name + DataType + StringValue);
  return Buffer.byteLength(payload.Message + payload.Subject + attributes.join(''), 'utf8');
}

/** How many identities or alerts a message names, tried in this order. None at all always fits: then it only counts. */
const STEPS: readonly number[] = [100, 50, 25, 12, 6, 3, 1, 0];

/** Renders a message with as many names as fit. `render(shown)` must be bounded for 0. */
export function fitMessage(render: (shown: number) => Message): Message {
  for (const shown of STEPS) {
    const message = render(shown);
    if (message.email.length <= MAX_MAIL && payloadBytes(message) <= MAX_BYTES) return message;
  }
  return render(0);
}
