// The topic that alerts go to, those besides it, and who is subscribed to them.
import { Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { Configuration } from '../lambda/configuration.ts';
import { chatChannels } from './chat-channels.ts';
import { deployExits, type Exits } from './exit-topics.ts';

/** E-mail addresses and chat channels get every alert; other subscribers can filter by the message's attributes. */
export class AlertTopic extends Construct {
  readonly topic: Topic;
  readonly exits: Exits;

  constructor(scope: Construct, id: string, alerts: Configuration['alerts']) {
    super(scope, id);
    // No KMS key: with one, every publisher and the chat service would need to be let in by its policy, and a mistake there is silent.
    this.topic = new Topic(this, 'Topic', { displayName: 'DKIM monitor', enforceSSL: true });
    subscribeByEmail(this.topic, alerts.email);
    this.exits = deployExits(this, Stack.of(this), alerts);
    chatChannels(this, [{ ...alerts, topic: this.topic }, ...this.exits.deployed]);
  }
}

/** Subscribes each address once. AWS sends each a mail in which the subscription must be confirmed. */
export function subscribeByEmail(topic: Topic, addresses: readonly string[]): void {
  for (const address of new Set(addresses)) topic.addSubscription(new EmailSubscription(address));
}
