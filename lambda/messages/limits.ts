// What SNS lets through: one message holds every protocol's body, all together at most 262,144 bytes, and is cut by naming fewer, never in the middle of a character.
import type { Message } from '../model/alert.ts';

/** Amazon SNS quotas: "Message size 256 KB", attributes included; all bodies of a `MessageStructure: json` message count together. */
export const MAX_BYTES = 262_144;

/**
 * Bytes of an attribute that is an array: ten thousand accounts, the size of the largest organisations. It leaves room for a message that only counts.
 */
const MAX_ATTRIBUTE = 150_000;

/** A longer mail is not read. In characters. */
export const MAX_MAIL = 60_000;

export interface SnsPayload {
  /** JSON text: one string for each protocol. Publish with `MessageStructure: 'json'`. */
  readonly Message: string;
  readonly Subject: string;
  readonly MessageAttributes: Readonly<Record<string, { readonly DataType: 'String' | 'String.Array'; readonly StringValue: string }>>;
}

/**
 * What `Publish` takes for a message. `https` is what chat shows; `default` (every other protocol) is the mail.
 * Source: Amazon SNS API Reference, Publish.
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
      kind: attributes(message.kinds[0] ?? '', message.kinds),
      severity: attribute(message.severity),
      account: attributes(message.account, message.accounts),
      region: attributes(message.region, message.regions),
      event: attribute(message.event),
    },
  };
}

function arrayText(items: readonly string[]): string {
  let bytes = 2;
  const fitting = items.filter((item) => {
    bytes += Buffer.byteLength(JSON.stringify(item)) + 1;
    return bytes <= MAX_ATTRIBUTE;
  });
  return JSON.stringify(fitting);
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
