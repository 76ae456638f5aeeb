// Rules of cdk-nag (AwsSolutions) that the stacks break on purpose, each with its reason.
import { type CfnResource, Stack, Validations } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
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

/** For the role in other accounts. */
export function acknowledgeMemberRules(role: Role): void {
  Validations.of(role).acknowledge({ id: 'AwsSolutions-IAM5[Resource::*]', reason: EXPLAINED_WILDCARDS.any });
}
