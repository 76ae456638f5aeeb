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
  readonly accounts: Configuration['accounts'];
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
  const { accounts, home, bucket, topic, exits, logGroup, deadLetters, early } = around;
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
          'member-roles': memberRoles(accounts, home),
          'own-log-group': [logGroup.logGroupArn],
          'dead-letters': [deadLetters.queueArn],
          'early-events': early === undefined ? [] : [early.queueArn],
        }),
      }),
    },
  });
}

/** ARNs of the roles in other accounts: each by its name, or, if there are too many for a policy, by role name in any account. */
export function memberRoles(accounts: Configuration['accounts'], home: string): readonly string[] {
  const others = accounts
    .filter((account) => account.id !== home)
    .map((account) => ({ id: account.id, name: account.roleName ?? MEMBER_ROLE_NAME }));
  const arn = (account: string, name: string) => `arn:${Aws.PARTITION}:iam::${account}:role/${name}`;
  if (others.length <= MOST_ROLES_BY_NAME) return others.map(({ id, name }) => arn(id, name));
  return [...new Set(others.map(({ name }) => name))].map((name) => arn('*', name));
}
