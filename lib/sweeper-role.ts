// The role of the function: the permissions that the rooms declare, and nothing that CDK would add by itself.
import { Aws } from 'aws-cdk-lib';
import { PolicyDocument, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Configuration } from '../lambda/configuration.ts';
import { MEMBER_ROLE_NAME, MONITOR_ROLE_NAME } from '../lambda/settings.ts';
import { MOST_ROLES_BY_NAME } from './deployment.ts';
import type { Exits } from './exit-topics.ts';
import { functionPermissions, statements } from './permissions.ts';

export interface SweeperSurroundings {
  readonly configuration: Pick<Configuration, 'accounts' | 'organization' | 'regions'>;
  /** The account deployed to; a token where it is not known at synth. */
  readonly home: string;
  readonly bucket: Bucket;
  readonly topic: ITopic;
  readonly exits: Exits;
  readonly logGroup: LogGroup;
  readonly deadLetters: Queue;
  /** Events that start early checks; absent if none do. */
  readonly early: Queue | undefined;
}

/** A role with a fixed name: the roles in other accounts name it, and keep working when it is re-created. */
export function sweeperRole(scope: Construct, around: SweeperSurroundings): Role {
  const { configuration, home, bucket, topic, exits, logGroup, deadLetters, early } = around;
  return new Role(scope, 'Role', {
    roleName: MONITOR_ROLE_NAME,
    description: 'Of the ses-dkim-monitor function.',
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    // Inside the role, not a policy beside it: the function must not exist before it may write to its queue.
    inlinePolicies: {
      sweep: new PolicyDocument({
        statements: statements(functionPermissions(), {
          any: ['*'],
          'memory-bucket': [bucket.bucketArn],
          'memory-objects': [bucket.arnForObjects('*')],
          'alert-topic': [topic.topicArn],
          'exit-topics': exits.topicArns,
          'event-bus': exits.eventBusArn === undefined ? [] : [exits.eventBusArn],
          'member-roles': memberRoles(configuration, home),
          'own-account': configuration.regions === 'all' ? [ownAccount(home)] : [],
          // None of these actions knows a narrower resource that is known at synth: units come and go.
          organization: configuration.organization === undefined ? [] : ['*'],
          'own-log-group': [logGroup.logGroupArn],
          'dead-letters': [deadLetters.queueArn],
          'early-events': early === undefined ? [] : [early.queueArn],
        }),
      }),
    },
  });
}

/** The account itself, of which its regions are asked for. Source: Service Authorization Reference, AWS Account Management. */
export const ownAccount = (account: string): string => `arn:${Aws.PARTITION}:account::${account}:account`;

/**
 * ARNs of the roles in other accounts: each by its name, or, if there are too many for a policy or an organisation names them, by role name in any
 * account.
 */
export function memberRoles({ accounts, organization }: Pick<Configuration, 'accounts' | 'organization'>, home: string): readonly string[] {
  const others = accounts
    .filter((account) => account.id !== home)
    .map((account) => ({ id: account.id, name: account.roleName ?? MEMBER_ROLE_NAME }));
  const arn = (account: string, name: string) => `arn:${Aws.PARTITION}:iam::${account}:role/${name}`;
  const anywhere = organization === undefined ? [] : [arn('*', organization.roleName ?? MEMBER_ROLE_NAME)];
  const named =
    others.length <= MOST_ROLES_BY_NAME ? others.map(({ id, name }) => arn(id, name)) : others.map(({ name }) => arn('*', name));
  return [...new Set([...anywhere, ...named])].filter(
    (one) => anywhere.includes(one) || !anywhere.includes(one.replace(/::\d{12}:/, '::*:')),
  );
}
