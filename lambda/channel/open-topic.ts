// Opens one SNS topic with a client of its own: all that is loaded of SNS when there is something to tell.
import { SNSClient } from '@aws-sdk/client-sns';
import type { Subscriptions } from '../model/subscription.ts';
import type { Channel } from '../sweep/ports.ts';
import { type SnsChannelOptions, snsChannel } from './sns-channel.ts';
import { listSubscriptions, type SubscriptionsOptions } from './subscriptions.ts';

/** A topic answers only in its own region, which its ARN names. */
const clientFor = (topicArn: string): SNSClient => {
  const [, , , region] = topicArn.split(':');
  return new SNSClient(region === undefined || region === '' ? {} : { region });
};

/** {@link snsChannel} with a client of the topic's own region. */
export function openTopicChannel(topicArn: string, payload: SnsChannelOptions['payload']): Channel {
  return snsChannel({ client: clientFor(topicArn), topicArn, payload });
}

/** {@link listSubscriptions} with a client of the topic's own region. */
export function listSubscriptionsOf(topicArn: string, attributes: SubscriptionsOptions['attributes']): Promise<Subscriptions> {
  return listSubscriptions({ client: clientFor(topicArn), topicArn, attributes });
}
