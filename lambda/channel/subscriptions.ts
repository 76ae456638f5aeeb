// Lists the subscriptions of a topic, each with whether a certain message reaches it.
import {
  GetSubscriptionAttributesCommand,
  type Subscription as Listed,
  ListSubscriptionsByTopicCommand,
  type SNSClient,
} from '@aws-sdk/client-sns';
import type { Delivery, Subscriptions } from '../model/subscription.ts';
import { type Attribute, passesFilter } from './filter-policy.ts';
import { snsSentence } from './sns-errors.ts';

export interface SubscriptionsOptions {
  readonly client: SNSClient;
  readonly topicArn: string;
  /** The attributes of the message that is to reach them. */
  readonly attributes: Readonly<Record<string, Attribute>>;
  /** Bound of one call with all the SDK's own retries, in milliseconds. Default 20,000. */
  readonly timeoutMs?: number;
}

/** A hundred subscriptions a page. Each confirmed one costs a call more: enough for a person to read. */
const MAX_PAGES = 10;
const MAX_ASKED = 200;

/** Never throws for what SNS answers. Source: Amazon SNS API Reference, ListSubscriptionsByTopic, GetSubscriptionAttributes. */
export async function listSubscriptions(options: SubscriptionsOptions): Promise<Subscriptions> {
  const { client, topicArn } = options;
  const listed: Listed[] = [];
  let token: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    try {
      const answer = await client.send(new ListSubscriptionsByTopicCommand({ TopicArn: topicArn, NextToken: token }), bound(options));
      listed.push(...(answer.Subscriptions ?? []));
      token = answer.NextToken;
    } catch (error) {
      return { kind: 'unknown', detail: snsSentence(error, 'sns:ListSubscriptionsByTopic') };
    }
    if (token === undefined || token === '') break;
  }
  const subscriptions = [];
  let asked = 0;
  for (const { Protocol = '', Endpoint = '', SubscriptionArn = '' } of listed) {
    const isConfirmed = SubscriptionArn.startsWith('arn:');
    // One after the other: the calls are few, and SNS throttles them at some dozens a second.
    const delivery = isConfirmed && asked < MAX_ASKED ? await deliveryTo(SubscriptionArn, options) : unasked(SubscriptionArn);
    if (isConfirmed) asked += 1;
    subscriptions.push({ protocol: Protocol, endpoint: Endpoint, delivery });
  }
  return { kind: 'known', subscriptions, cut: token !== undefined && token !== '' };
}

// Instead of an ARN it says "PendingConfirmation", or "Deleted".
function unasked(arn: string): Delivery {
  if (arn === 'Deleted') return { kind: 'deleted' };
  return arn.startsWith('arn:') ? { kind: 'unread', detail: `only the first ${MAX_ASKED} are asked` } : { kind: 'pending' };
}

async function deliveryTo(arn: string, options: SubscriptionsOptions): Promise<Delivery> {
  try {
    const { Attributes = {} } = await options.client.send(new GetSubscriptionAttributesCommand({ SubscriptionArn: arn }), bound(options));
    if (Attributes.PendingConfirmation === 'true') return { kind: 'pending' };
    const policy = Attributes.FilterPolicy ?? '';
    if (policy === '' || policy === '{}') return { kind: 'gets-it' };
    if (Attributes.FilterPolicyScope === 'MessageBody') return { kind: 'has-filter', why: 'on-body' };
    const passing = passesFilter(policy, options.attributes);
    if (passing.kind === 'stopped') return { kind: 'filtered-out', by: passing.by };
    return passing.kind === 'passes' ? { kind: 'gets-it' } : { kind: 'has-filter', why: 'not-simple' };
  } catch (error) {
    return { kind: 'unread', detail: snsSentence(error, 'sns:GetSubscriptionAttributes') };
  }
}

const bound = ({ timeoutMs }: SubscriptionsOptions) => ({ abortSignal: AbortSignal.timeout(timeoutMs ?? 20_000) });
