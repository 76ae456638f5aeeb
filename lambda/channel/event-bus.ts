// Puts messages as events on one EventBridge bus.
import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { Message } from '../model/alert.ts';
import { visible } from '../model/safe-text.ts';
import type { Exit, Published } from '../sweep/ports.ts';
import { awsSentence } from './sns-errors.ts';

export interface EventBusOptions {
  /** Names this exit in the log and in the outbox. */
  readonly id: string;
  readonly client: EventBridgeClient;
  /** `default`, or the ARN of a bus, which may be in another account. */
  readonly bus: string;
  readonly entry: (message: Message) => { readonly Source: string; readonly DetailType: string; readonly Detail: string };
  /** Bound of one call with all the SDK's own retries, in milliseconds. Default 20,000. */
  readonly timeoutMs?: number;
}

/**
 * {@link Exit} over one bus. PutEvents answers 200 also where it refused the event (FailedEntryCount): that is a failed publish too.
 * Source: Amazon EventBridge User Guide, "Sending events with PutEvents", handling failures.
 */
export function eventBus({ id, client, bus, entry, timeoutMs = 20_000 }: EventBusOptions): Exit {
  async function publish(message: Message): Promise<Published> {
    try {
      const answer = await client.send(new PutEventsCommand({ Entries: [{ ...entry(message), EventBusName: bus }] }), {
        abortSignal: AbortSignal.timeout(timeoutMs),
      });
      const [put] = answer.Entries ?? [];
      if ((answer.FailedEntryCount ?? 0) > 0 || put?.EventId === undefined)
        return { kind: 'failed', detail: `EventBridge refused the event: ${visible(put?.ErrorCode ?? 'without a reason', 80)}.` };
      return { kind: 'sent', channelId: put.EventId };
    } catch (error) {
      return { kind: 'failed', detail: awsSentence(error, 'events:PutEvents', EVENTBRIDGE) };
    }
  }
  return { id, publish };
}

const EVENTBRIDGE = { service: 'EventBridge', thing: 'bus' };
