// The topic that alerts go to, and who is subscribed to it.
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { Configuration } from '../lambda/configuration.ts';
import { chatChannels } from './chat-channels.ts';

/** E-mail addresses and chat channels get every alert; other subscribers can filter by the message's attributes. */
export class AlertTopic extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, alerts: Configuration['alerts']) {
    super(scope, id);
    // No KMS key: with one, every publisher and the chat service would need to be let in by its policy, and a mistake there is silent.
    this.topic = new Topic(this, 'Topic', { displayName: 'DKIM monitor', enforceSSL: true });
    subscribeByEmail(this.topic, alerts.email);
    chatChannels(this, this.topic, alerts);
  }
}

/** Subscribes each address once. AWS sends each a mail in which the subscription must be confirmed. */
export function subscribeByEmail(topic: Topic, addresses: readonly string[]): void {
  for (const address of new Set(addresses)) topic.addSubscription(new EmailSubscription(address));
}
