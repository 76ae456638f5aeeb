// Slack and Teams channels that show the alerts, through Amazon Q Developer in chat applications (formerly AWS Chatbot).
import { CfnMicrosoftTeamsChannelConfiguration, CfnSlackChannelConfiguration } from 'aws-cdk-lib/aws-chatbot';
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { Configuration } from '../lambda/configuration.ts';
import { MONITOR_NAME } from './props.ts';

/** A topic and the channels that listen to it. */
export interface Listening extends Pick<Configuration['alerts'], 'slack' | 'teams'> {
  readonly topic: ITopic;
}

/**
 * One channel configuration for each channel named, which listens to all its topics: the service knows a channel once. The workspace or team must have been authorised once in the console before, or the stack rolls back:
 * https://docs.aws.amazon.com/chatbot/latest/adminguide/setting-up.html
 */
export function chatChannels(scope: Construct, listening: readonly Listening[]): void {
  const slack = byChannel(listening, (one) => one.slack);
  const teams = byChannel(listening, (one) => one.teams);
  const heard = listening.filter((one) => one.slack.length + one.teams.length > 0).map(({ topic }) => topic);
  if (heard.length === 0) return;
  const shared = {
    iamRoleArn: channelRole(scope).roleArn,
    guardrailPolicies: [guardrail(scope, heard).managedPolicyArn],
    // The chat service drops what it cannot show; at this level it at least writes so to its log.
    loggingLevel: 'ERROR',
  };
  for (const { channel, topics } of slack) {
    new CfnSlackChannelConfiguration(scope, `Slack${channel.channelId}`, {
      ...shared,
      snsTopicArns: topics,
      configurationName: `${MONITOR_NAME}-${channel.channelId}`,
      slackWorkspaceId: channel.workspaceId,
      slackChannelId: channel.channelId,
    });
  }
  for (const [i, { channel, topics }] of teams.entries()) {
    new CfnMicrosoftTeamsChannelConfiguration(scope, `Teams${i + 1}`, {
      ...shared,
      snsTopicArns: topics,
      configurationName: `${MONITOR_NAME}-teams-${i + 1}`,
      teamsTenantId: channel.tenantId,
      teamId: channel.teamId,
      teamsChannelId: channel.channelId,
    });
  }
}

/** The role that commands typed in the channel run with: showing alerts needs no permission, so it has none. */
function channelRole(scope: Construct): Role {
  return new Role(scope, 'ChatRole', {
    assumedBy: new ServicePrincipal('chatbot.amazonaws.com'),
    description: 'For chat channels that show the alerts of ses-dkim-monitor. Allows nothing.',
  });
}

/** The most that anybody can do from the channel, whatever role they use there. Without a guardrail it would be AdministratorAccess. */
function guardrail(scope: Construct, topics: readonly ITopic[]): ManagedPolicy {
  return new ManagedPolicy(scope, 'ChatGuardrail', {
    description: 'Upper bound for commands in the chat channels of ses-dkim-monitor: looking at its own topics.',
    statements: [
      new PolicyStatement({
        sid: 'LookAtTheTopic',
        actions: ['sns:GetTopicAttributes', 'sns:ListSubscriptionsByTopic'],
        resources: topics.map(({ topicArn }) => topicArn),
      }),
    ],
  });
}

/** Each channel once, in the order named, with the topics it listens to. */
function byChannel<T>(
  listening: readonly Listening[],
  channelsOf: (one: Listening) => readonly T[],
): readonly { readonly channel: T; readonly topics: string[] }[] {
  const found = new Map<string, { readonly channel: T; readonly topics: Set<string> }>();
  for (const one of listening)
    for (const channel of channelsOf(one)) {
      const key = JSON.stringify(channel);
      const known = found.get(key) ?? { channel, topics: new Set() };
      known.topics.add(one.topic.topicArn);
      found.set(key, known);
    }
  return [...found.values()].map(({ channel, topics }) => ({ channel, topics: [...topics] }));
}
