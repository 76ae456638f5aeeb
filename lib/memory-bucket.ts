// The bucket that holds the monitor's memory: inventories, alerts and reports.
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { RUNS_PREFIX } from '../lambda/steps/run.ts';

/** Keys of reports begin with this; nothing else does. */
export const REPORTS_PREFIX = 'reports/';

/** What is to be kept besides: what runs of the state machine leave, if there are any. */
export interface MemoryUse {
  readonly runs: boolean;
}

/**
 * Private, TLS only, versioned, so that a damaged blob can be taken back for a week.
 * Kept when the stack is deleted: who was told of what is in it. A new deployment makes a bucket of its own and does not find this one;
 * the runbook says how to carry the memory over.
 */
export function memoryBucket(scope: Construct, { runs }: MemoryUse): Bucket {
  return new Bucket(scope, 'Memory', {
    versioned: true,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    encryption: BucketEncryption.S3_MANAGED,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    removalPolicy: RemovalPolicy.RETAIN,
    lifecycleRules: [
      { id: 'reports-expire', prefix: REPORTS_PREFIX, expiration: Duration.days(30) },
      // Of use to the run itself, and to whoever looks the same day why a piece failed. Of two rules for one object the shorter counts.
      ...(runs
        ? [{ id: 'runs-expire', prefix: RUNS_PREFIX, expiration: Duration.days(1), noncurrentVersionExpiration: Duration.days(1) }]
        : []),
      {
        id: 'old-versions-expire',
        noncurrentVersionExpiration: Duration.days(7),
        // Without this the marks that deletions leave in a versioned bucket would stay for ever.
        expiredObjectDeleteMarker: true,
        abortIncompleteMultipartUploadAfter: Duration.days(1),
      },
    ],
  });
}
