// The topics besides the main one: for what is critical, and one for each route that has subscribers.
import { Arn, type Stack } from 'aws-cdk-lib';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { Configuration } from '../lambda/configuration.ts';
import { type ExitTopic, exitTopics, topicNameOf } from '../lambda/exits.ts';
import { subscribeByEmail } from './alert-topic.ts';
import type { Listening } from './chat-channels.ts';

/** What messages may go to besides the main topic. */
export interface Exits {
  /** Topics that were deployed, by the id of their exit, with those who listen in chat. */
  readonly deployed: readonly (Listening & { readonly id: string })[];
  /** ARNs of all topics, those that existed before too. */
  readonly topicArns: readonly string[];
  /** ARN of the event bus, if there is one. */
  readonly eventBusArn?: string;
}

/** Deploys them. A fixed name lets the function know the ARN, and keeps the topic, with what others subscribed to it, where routes change places. */
export function deployExits(scope: Construct, stack: Stack, alerts: Configuration['alerts']): Exits {
  const exits = exitTopics(alerts);
  const deployed = exits
    .filter(({ topicArn }) => topicArn === undefined)
    .map(({ id, subscribers }) => ({ id, ...subscribers, topic: deployTopic(scope, id, subscribers) }));
  const topicArns = [...deployed.map(({ topic }) => topic.topicArn), ...exits.flatMap(({ topicArn }) => topicArn ?? [])];
  const { eventBus } = alerts;
  if (eventBus === undefined) return { deployed, topicArns };
  const eventBusArn =
    eventBus === 'default' ? Arn.format({ service: 'events', resource: 'event-bus', resourceName: 'default' }, stack) : eventBus;
  return { deployed, topicArns, eventBusArn };
}

function deployTopic(scope: Construct, id: string, { email }: ExitTopic['subscribers']): ITopic {
  // No KMS key, for the reason of the main topic.
  const topic = new Topic(scope, `Exit-${id}`, { topicName: topicNameOf(id), displayName: 'DKIM monitor', enforceSSL: true });
  subscribeByEmail(topic, email);
  return topic;
}
