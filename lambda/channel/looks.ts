// Looks at topics and buses without publishing: whether they are there, and who listens.
import { DescribeEventBusCommand, type EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { ListSubscriptionsByTopicCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { BusLook, Listening, PendingSubscription } from '../doctor/ports.ts';
import { awsSentence, snsSentence } from './sns-errors.ts';

const TIMEOUT_MS = 20_000;
const bound = () => ({ abortSignal: AbortSignal.timeout(TIMEOUT_MS) });

/** A hundred subscriptions a page: enough to see whether somebody listens. */
const MAX_PAGES = 20;

/** Never throws for what SNS answers. Source: Amazon SNS API Reference, ListSubscriptionsByTopic. */
export async function lookAtTopic(client: SNSClient, topicArn: string): Promise<Listening> {
  let confirmed = 0;
  const pending: PendingSubscription[] = [];
  let token: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    try {
      const answer = await client.send(new ListSubscriptionsByTopicCommand({ TopicArn: topicArn, NextToken: token }), bound());
      for (const { SubscriptionArn, Protocol = '', Endpoint = '' } of answer.Subscriptions ?? []) {
        // Instead of an ARN it says "PendingConfirmation", or "Deleted".
        if (SubscriptionArn?.startsWith('arn:')) confirmed += 1;
        else if (SubscriptionArn === 'PendingConfirmation') pending.push({ protocol: Protocol, endpoint: Endpoint });
      }
      token = answer.NextToken;
    } catch (error) {
      const kind = kindOf(error);
      return kind === undefined ? { kind: 'failed', detail: snsSentence(error, 'sns:ListSubscriptionsByTopic') } : { kind };
    }
    if (token === undefined || token === '') break;
  }
  return { kind: 'listed', confirmed, pending };
}

/** `bus` is `default` or an ARN. Never throws for what EventBridge answers. Source: Amazon EventBridge API Reference, DescribeEventBus. */
export async function lookAtBus(client: EventBridgeClient, bus: string): Promise<BusLook> {
  try {
    await client.send(new DescribeEventBusCommand({ Name: bus }), bound());
    return { kind: 'ok' };
  } catch (error) {
    const kind = kindOf(error);
    if (kind !== undefined) return { kind };
    return { kind: 'failed', detail: awsSentence(error, 'events:DescribeEventBus', { service: 'EventBridge', thing: 'bus' }) };
  }
}

const MISSING: readonly string[] = ['NotFound', 'NotFoundException', 'ResourceNotFoundException'];
const DENIED: readonly string[] = ['AuthorizationError', 'AuthorizationErrorException', 'AccessDenied', 'AccessDeniedException'];

function kindOf(error: unknown): 'missing' | 'denied' | undefined {
  const name = error instanceof Error ? error.name : '';
  if (MISSING.includes(name)) return 'missing';
  return DENIED.includes(name) ? 'denied' : undefined;
}
