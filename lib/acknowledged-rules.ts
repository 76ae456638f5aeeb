// Rules of cdk-nag (AwsSolutions) that the stacks break on purpose, each with its reason.
import { type CfnResource, Stack, Validations } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { RUNS_PREFIX } from '../lambda/steps/run.ts';
import { EXPLAINED_WILDCARDS } from './undeclared-permissions.ts';

/** For the monitor's stack. */
export function acknowledgeRules({
  bucket,
  role,
  organizationRole,
}: {
  readonly bucket: Bucket;
  readonly role: Role;
  /** Name of the role in every account that an organisation names; absent without one. */
  readonly organizationRole?: string;
}): void {
  Validations.of(bucket).acknowledge({
    id: 'AwsSolutions-S1',
    reason:
      'A log of accesses to a bucket that only the function uses would cost more than it tells; CloudTrail can record them where that is wanted.',
  });
  const bucketId = Stack.of(bucket).getLogicalId(bucket.node.defaultChild as CfnResource);
  Validations.of(role).acknowledge(
    { id: 'AwsSolutions-IAM5[Resource::*]', reason: EXPLAINED_WILDCARDS.any },
    { id: `AwsSolutions-IAM5[Resource::<${bucketId}.Arn>/*]`, reason: EXPLAINED_WILDCARDS['memory-objects'] },
  );
  if (organizationRole !== undefined)
    Validations.of(role).acknowledge({
      id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:iam::*:role/${organizationRole}]`,
      reason: EXPLAINED_WILDCARDS['many-member-roles'],
    });
}

/** For the state machine of very large estates. */
export function acknowledgeStateMachineRules({
  machine,
  role,
  bucket,
}: {
  readonly machine: StateMachine;
  readonly role: Role;
  readonly bucket: Bucket;
}): void {
  Validations.of(machine).acknowledge(
    {
      id: 'AwsSolutions-SF1',
      reason:
        'Step Functions keeps the history of each run for 90 days, and every step writes to the log of the function: the same in a second log would be paid twice.',
    },
    {
      id: 'AwsSolutions-SF2',
      reason: 'Its steps are one function, whose time is in its metrics: traces would say no more, and are charged for each step.',
    },
  );
  const bucketId = Stack.of(bucket).getLogicalId(bucket.node.defaultChild as CfnResource);
  Validations.of(role).acknowledge(
    { id: `AwsSolutions-IAM5[Resource::<${bucketId}.Arn>/${RUNS_PREFIX}*]`, reason: EXPLAINED_WILDCARDS['run-objects'] },
    {
      id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:ses-dkim-monitor:*]`,
      reason: EXPLAINED_WILDCARDS['own-executions'],
    },
  );
}

/** For the role in other accounts. */
export function acknowledgeMemberRules(role: Role): void {
  Validations.of(role).acknowledge({ id: 'AwsSolutions-IAM5[Resource::*]', reason: EXPLAINED_WILDCARDS.any });
}
