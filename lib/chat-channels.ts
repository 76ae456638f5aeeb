// Slack and Teams channels that show the alerts, through Amazon Q Developer in chat applications (formerly AWS Chatbot).
import { CfnMicrosoftTeamsChannelConfiguration, CfnSlackChannelConfiguration } from 'aws-cdk-lib/aws-chatbot';
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { Configuration } from '../lambda/configuration.ts';
import { MONITOR_NAME } from './props.ts';

/**
 * One channel configuration for each channel named. The workspace or team must have been authorised once in the console before, or the stack rolls back:
 * https://docs.aws.amazon.com/chatbot/latest/adminguide/setting-up.html
 */
export function chatChannels(scope: Construct, topic: ITopic, { slack, teams }: Pick<Configuration['alerts'], 'slack' | 'teams'>): void {
  if (slack.length + teams.length === 0) return;
  const shared = {
    iamRoleArn: channelRole(scope).roleArn,
    guardrailPolicies: [guardrail(scope, topic).managedPolicyArn],
    snsTopicArns: [topic.topicArn],
    // The chat service drops what it cannot show; at this level it at least writes so to its log.
    loggingLevel: 'ERROR',
  };
  for (const channel of distinct(slack)) {
    new CfnSlackChannelConfiguration(scope, `Slack${channel.channelId}`, {
      ...shared,
      configurationName: `${MONITOR_NAME}-${channel.channelId}`,
      slackWorkspaceId: channel.workspaceId,
      slackChannelId: channel.channelId,
    });
  }
  for (const [i, channel] of distinct(teams).entries()) {
    new CfnMicrosoftTeamsChannelConfiguration(scope, `Teams${i + 1}`, {
      ...shared,
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
function guardrail(scope: Construct, topic: ITopic): ManagedPolicy {
  return new ManagedPolicy(scope, 'ChatGuardrail', {
    description: 'Upper bound for commands in the chat channels of ses-dkim-monitor: looking at its own topic.',
    statements: [
      new PolicyStatement({
        sid: 'LookAtTheTopic',
        actions: ['sns:GetTopicAttributes', 'sns:ListSubscriptionsByTopic'],
        resources: [topic.topicArn],
      }),
    ],
  });
}

function distinct<T>(list: readonly T[]): readonly T[] {
  return [...new Map(list.map((entry) => [JSON.stringify(entry), entry])).values()];
}
