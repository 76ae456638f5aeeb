// The memory in one S3 bucket: one object a key, compare-and-swap by conditional writes.
import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Memory, MemoryRead } from '../sweep/ports.ts';
import { decodeBlob, encodeBlob, MAX_COMPRESSED_BYTES } from './blob.ts';
import { blobName } from './blob-name.ts';
import { isMissingObject, mayHaveHappened, refusedByCondition, s3Sentence, wasRetried } from './s3-errors.ts';

export interface S3MemoryOptions {
  readonly client: S3Client;
  readonly bucket: string;
  /** The account that must own the bucket; S3 refuses with 403 if somebody else does. */
  readonly expectedOwner?: string;
  /** Bound of one read or write with all the SDK's own retries, in milliseconds. Default 30,000. */
  readonly timeoutMs?: number;
}

type Fetched = { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly etag: string } | Exclude<MemoryRead, { kind: 'found' }>;
type Written = { readonly kind: 'written'; readonly version: string } | { readonly kind: 'conflict' };

/**
 * {@link Memory} over S3. A version is the object's ETag.
 * Source: Amazon S3 User Guide, "How to prevent object overwrites with conditional writes" (412 the condition failed, 409 a write came in
 * between, 404 on `If-Match` of an object that is gone) and "How to perform conditional deletes".
 */
export function s3Memory(options: S3MemoryOptions): Memory {
  const { client, bucket } = options;
  const place = (key: string) => ({
    Bucket: bucket,
    Key: blobName(key),
    ...(options.expectedOwner === undefined ? {} : { ExpectedBucketOwner: options.expectedOwner }),
  });
  const bound = () => ({ abortSignal: AbortSignal.timeout(options.timeoutMs ?? 30_000) });

  async function fetchObject(key: string): Promise<Fetched> {
    const from = place(key);
    try {
      const answer = await client.send(new GetObjectCommand(from), bound());
      if ((answer.ContentLength ?? 0) > MAX_COMPRESSED_BYTES) {
        // Not read to its end: the connection is closed instead.
        (answer.Body as { destroy?: () => void } | undefined)?.destroy?.();
        return { kind: 'unreadable', detail: `${key}: the object is larger than ${MAX_COMPRESSED_BYTES} bytes.` };
      }
      const bytes = (await answer.Body?.transformToByteArray()) ?? new Uint8Array();
      if (answer.ETag === undefined) return { kind: 'unreadable', detail: `${key}: S3 gave no ETag.` };
      return { kind: 'bytes', bytes, etag: answer.ETag };
    } catch (error) {
      if (isMissingObject(error)) return { kind: 'absent' };
      return { kind: 'unreadable', detail: `${key}: ${s3Sentence(error, 'read')}` };
    }
  }

  async function read(key: string, schema: number): Promise<MemoryRead> {
    const fetched = await fetchObject(key);
    if (fetched.kind !== 'bytes') return fetched;
    const decoded = await decodeBlob(fetched.bytes, schema);
    if (decoded.kind === 'unreadable') return { kind: 'unreadable', detail: `${key}: ${decoded.detail}` };
    return { kind: 'found', value: decoded.value, version: fetched.etag };
  }

  /** After a write whose answer was lost: is what lies there ours? */
  async function ownWriteArrived(key: string, bytes: Uint8Array): Promise<Written | undefined> {
    const fetched = await fetchObject(key);
    if (fetched.kind !== 'bytes' || !Buffer.from(bytes).equals(fetched.bytes)) return undefined;
    return { kind: 'written', version: fetched.etag };
  }

  async function write(key: string, value: { readonly schema: number } & object, expected: string | 'absent' | 'any'): Promise<Written> {
    const to = place(key);
    const bytes = await encodeBlob(value);
    const condition = expected === 'any' ? {} : expected === 'absent' ? { IfNoneMatch: '*' } : { IfMatch: expected };
    try {
      const answer = await client.send(
        new PutObjectCommand({ ...to, ...condition, Body: bytes, ContentType: 'application/gzip' }),
        bound(),
      );
      if (answer.ETag === undefined) throw new Error('S3 gave no ETag for the object it stored.');
      return { kind: 'written', version: answer.ETag };
    } catch (error) {
      const refused = refusedByCondition(error);
      // A repeated request is refused by our own first one, if that one arrived and only its answer was lost.
      if (refused ? wasRetried(error) : mayHaveHappened(error)) {
        const own = await ownWriteArrived(key, bytes);
        if (own !== undefined) return own;
      }
      if (refused) return { kind: 'conflict' };
      throw new Error(`The memory ${key} could not be written: ${s3Sentence(error, 'write')}`, { cause: error });
    }
  }

  return { read, write };
}
