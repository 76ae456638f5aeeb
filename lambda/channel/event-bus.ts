// Puts messages as events on one EventBridge bus.
import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { Message } from '../model/message.ts';
import { visible } from '../model/safe-text.ts';
import type { Exit, Published } from '../sweep/ports.ts';
import { awsSentence } from './sns-errors.ts';

interface Entry {
  readonly Source: string;
  readonly DetailType: string;
  readonly Detail: string;
}

export interface EventBusOptions {
  /** Names this exit in the log and in the outbox. */
  readonly id: string;
  readonly client: EventBridgeClient;
  /** `default`, or the ARN of a bus, which may be in another account. */
  readonly bus: string;
  /** At least one. */
  readonly entries: (message: Message) => readonly Entry[];
  /** Bound of one call with all the SDK's own retries, in milliseconds. Default 20,000. */
  readonly timeoutMs?: number;
}

/**
 * {@link Exit} over one bus. PutEvents answers 200 also where it refused the event (FailedEntryCount): that is a failed publish too.
 * Source: Amazon EventBridge User Guide, "Sending events with PutEvents", handling failures.
 */
export function eventBus({ id, client, bus, entries, timeoutMs = 20_000 }: EventBusOptions): Exit {
  async function publish(message: Message): Promise<Published> {
    let first: Published | undefined;
    // One call after the other: what is refused is tried again as a whole, under the same ids, and few of them are repeats then.
    for (const batch of batches(entries(message))) {
      const published = await put(batch);
      if (published.kind === 'failed') return published;
      first ??= published;
    }
    return first ?? { kind: 'failed', detail: 'There was no event to put.' };
  }
  async function put(batch: readonly Entry[]): Promise<Published> {
    try {
      const answer = await client.send(new PutEventsCommand({ Entries: batch.map((entry) => ({ ...entry, EventBusName: bus })) }), {
        abortSignal: AbortSignal.timeout(timeoutMs),
      });
      const results = answer.Entries ?? [];
      const refused = results.find(({ EventId }) => EventId === undefined);
      const channelId = results[0]?.EventId;
      if ((answer.FailedEntryCount ?? 0) > 0 || refused !== undefined || channelId === undefined)
        return { kind: 'failed', detail: `EventBridge refused the event: ${visible(refused?.ErrorCode ?? 'without a reason', 80)}.` };
      return { kind: 'sent', channelId };
    } catch (error) {
      return { kind: 'failed', detail: awsSentence(error, 'events:PutEvents', EVENTBRIDGE) };
    }
  }
  return { id, publish };
}

const EVENTBRIDGE = { service: 'EventBridge', thing: 'bus' };

/** Of one call. Source: Amazon EventBridge API Reference, PutEvents: at most 10 entries; User Guide: all together under 256 KB. */
const MAX_ENTRIES = 10;
const MAX_BATCH_BYTES = 240_000;

function batches(entries: readonly Entry[]): readonly (readonly Entry[])[] {
  const done: Entry[][] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = Buffer.byteLength(entry.Source + entry.DetailType + entry.Detail);
    const last = done.at(-1);
    bytes += size;
    if (last !== undefined && last.length < MAX_ENTRIES && bytes <= MAX_BATCH_BYTES) last.push(entry);
    else {
      done.push([entry]);
      bytes = size;
    }
  }
  return done;
}
