// Tells a batch of queued events from any other event that starts the function. Pure.

/** One message of the queue. */
export interface QueuedEvent {
  readonly messageId: string;
  readonly body: string;
}

/** The messages of a queue's batch, if `event` is one; undefined for anything else, such as the schedule's event. Source: AWS Lambda Developer Guide, "Using Lambda with Amazon SQS". */
export function queuedEvents(event: unknown): readonly QueuedEvent[] | undefined {
  if (typeof event !== 'object' || event === null || !('Records' in event) || !Array.isArray(event.Records)) return undefined;
  const records = event.Records as readonly (Partial<Record<'eventSource' | 'messageId' | 'body', unknown>> | null)[];
  if (records.length === 0 || records.some((record) => record?.eventSource !== 'aws:sqs')) return undefined;
  return records.map((record) => ({ messageId: String(record?.messageId), body: typeof record?.body === 'string' ? record.body : '' }));
}
