// Opens one EventBridge bus with a client of its own: all that is loaded of EventBridge when there is something to tell.
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { Exit } from '../sweep/ports.ts';
import { type EventBusOptions, eventBus } from './event-bus.ts';

/** {@link eventBus} with a client of the bus's own region, which its ARN names: a bus too answers only there. */
export function openBusExit(options: Omit<EventBusOptions, 'client'>): Exit {
  const { bus } = options;
  return eventBus({ ...options, client: new EventBridgeClient(bus === 'default' ? {} : { region: bus.split(':')[3] ?? '' }) });
}
