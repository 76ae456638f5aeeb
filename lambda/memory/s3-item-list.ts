// Lists that Step Functions reads from the bucket item by item: plain JSON, one object a list.
import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { ItemList } from '../sweep/ports.ts';
import { s3Sentence } from './s3-errors.ts';
import type { S3MemoryOptions } from './s3-memory.ts';

/**
 * {@link ItemList} over S3. Source: AWS Step Functions Developer Guide, "ItemReader (Map)": a JSON array in one object, not compressed.
 */
export function s3ItemList({ client, bucket, expectedOwner, timeoutMs = 30_000 }: S3MemoryOptions): ItemList {
  return async (key, items) => {
    try {
      await client.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: key,
          Body: JSON.stringify(items),
          ContentType: 'application/json',
          ...(expectedOwner === undefined ? {} : { ExpectedBucketOwner: expectedOwner }),
        }),
        { abortSignal: AbortSignal.timeout(timeoutMs) },
      );
    } catch (error) {
      throw new Error(`The list ${key} could not be written: ${s3Sentence(error, 'write')}`, { cause: error });
    }
  };
}
