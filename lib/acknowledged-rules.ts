// Rules of cdk-nag (AwsSolutions) that the stacks break on purpose, each with its reason.
import { Validations } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Sweeper } from './sweeper.ts';

/** For the monitor's stack. */
export function acknowledgeRules({ bucket }: { readonly bucket: Bucket; readonly sweeper: Sweeper }): void {
  Validations.of(bucket).acknowledge({
    id: 'AwsSolutions-S1',
    reason:
      'Access logs of a bucket that only the function reads would cost more than they tell; CloudTrail data events can be switched on.',
  });
}

/** For the role in other accounts. */
export function acknowledgeMemberRules(_role: Role): void {}
