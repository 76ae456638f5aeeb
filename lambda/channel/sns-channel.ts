// Publishes messages to one SNS topic and counts who listens.
import { GetTopicAttributesCommand, ListSubscriptionsByTopicCommand, PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { Message } from '../model/message.ts';
import type { Channel, Published } from '../sweep/ports.ts';
import { snsSentence } from './sns-errors.ts';

/** What SNS's Publish takes, made from a message by whoever knows SNS's limits. */
export interface SnsPayload {
  /** JSON text with one string for each protocol, `default` among them. */
  readonly Message: string;
  readonly Subject: string;
  readonly MessageAttributes: Readonly<Record<string, { readonly DataType: string; readonly StringValue: string }>>;
}

export interface SnsChannelOptions {
  readonly client: SNSClient;
  readonly topicArn: string;
  readonly payload: (message: Message) => SnsPayload;
  /** Bound of one call with all the SDK's own retries, in milliseconds. Default 20,000. */
  readonly timeoutMs?: number;
}

/** A hundred subscriptions a page: more than this many pages without one confirmed subscription is not worth reading on. */
const MAX_PAGES = 50;

type Audience = Awaited<ReturnType<Channel['audience']>>;

/**
 * {@link Channel} over one topic. A publish whose answer was lost may be repeated by the SDK: the message then arrives twice, with the
 * same message id. Source: Amazon SNS API Reference, Publish, GetTopicAttributes, ListSubscriptionsByTopic.
 */
export function snsChannel(options: SnsChannelOptions): Channel {
  const { client, topicArn } = options;
  const bound = () => ({ abortSignal: AbortSignal.timeout(options.timeoutMs ?? 20_000) });

  async function publish(message: Message): Promise<Published> {
    const { Message: body, Subject, MessageAttributes } = options.payload(message);
    try {
      const answer = await client.send(
        new PublishCommand({
          TopicArn: topicArn,
          Message: body,
          Subject,
          MessageStructure: 'json',
          MessageAttributes: { ...MessageAttributes },
        }),
        bound(),
      );
      if (answer.MessageId === undefined) return { kind: 'failed', detail: 'SNS gave no id for the message.' };
      return { kind: 'sent', channelId: answer.MessageId };
    } catch (error) {
      return { kind: 'failed', detail: snsSentence(error, 'sns:Publish') };
    }
  }

  async function audience(): Promise<Audience> {
    let confirmed: number;
    let pending: number;
    try {
      const { Attributes } = await client.send(new GetTopicAttributesCommand({ TopicArn: topicArn }), bound());
      confirmed = Number(Attributes?.SubscriptionsConfirmed);
      pending = Number(Attributes?.SubscriptionsPending ?? 0);
    } catch (error) {
      return { kind: 'unknown', detail: snsSentence(error, 'sns:GetTopicAttributes') };
    }
    if (!Number.isInteger(confirmed) || !Number.isInteger(pending)) return { kind: 'unknown', detail: 'SNS gave no subscription counts.' };
    // Counts are updated late. Too many confirmed does no harm here; none confirmed would hold every alert back, so it is checked.
    return confirmed > 0 ? { kind: 'known', confirmed, pending } : countListed();
  }

  async function countListed(): Promise<Audience> {
    let confirmed = 0;
    let pending = 0;
    let token: string | undefined;
    for (let page = 0; page < MAX_PAGES; page++) {
      try {
        const answer = await client.send(new ListSubscriptionsByTopicCommand({ TopicArn: topicArn, NextToken: token }), bound());
        for (const { SubscriptionArn } of answer.Subscriptions ?? []) {
          // Instead of an ARN it says "PendingConfirmation", or "Deleted".
          if (SubscriptionArn?.startsWith('arn:')) confirmed += 1;
          else if (SubscriptionArn === 'PendingConfirmation') pending += 1;
        }
        token = answer.NextToken;
      } catch (error) {
        return { kind: 'unknown', detail: snsSentence(error, 'sns:ListSubscriptionsByTopic') };
      }
      if (confirmed > 0 || token === undefined || token === '') break;
    }
    return { kind: 'known', confirmed, pending };
  }

  return { publish, audience };
}
