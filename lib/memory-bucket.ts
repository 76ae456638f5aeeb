// The bucket that holds the monitor's memory: inventories, alerts and reports.
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

/** Keys of reports begin with this; nothing else does. */
export const REPORTS_PREFIX = 'reports/';

/**
 * Private, TLS only, versioned, so that a damaged blob can be taken back for a week.
 * Kept when the stack is deleted: who was told of what is in it. A new deployment makes a bucket of its own and does not find this one;
 * the runbook says how to carry the memory over.
 */
export function memoryBucket(scope: Construct): Bucket {
  return new Bucket(scope, 'Memory', {
    versioned: true,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    encryption: BucketEncryption.S3_MANAGED,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    removalPolicy: RemovalPolicy.RETAIN,
    lifecycleRules: [
      { id: 'reports-expire', prefix: REPORTS_PREFIX, expiration: Duration.days(30) },
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
