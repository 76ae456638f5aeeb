// Tries the memory bucket: whether it is there and ours, and whether objects in it can be read and written.
import { randomBytes } from 'node:crypto';
import { GetObjectCommand, HeadBucketCommand, HeadObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { StoreLook, StoreReply } from '../doctor/ports.ts';
import { blobName } from './blob-name.ts';
import { isMissingObject, s3Sentence } from './s3-errors.ts';

export interface BucketProbeOptions {
  readonly client: S3Client;
  readonly bucket: string;
  readonly expectedOwner: string;
  /** Key of the blob that each good sweep writes last. */
  readonly reportKey: string;
  /** Bound of one call with all the SDK's own retries, in milliseconds. Default 20,000. */
  readonly timeoutMs?: number;
}

/** Written over and over, and never deleted: that needs no permission beyond the monitor's own. */
export const PROBE_KEY = blobName('doctor/probe');

/** Never throws for what S3 answers. Source: Amazon S3 API Reference, HeadBucket, GetObject, PutObject. */
export async function probeBucket(options: BucketProbeOptions): Promise<StoreLook> {
  const { client, bucket, expectedOwner } = options;
  const bound = () => ({ abortSignal: AbortSignal.timeout(options.timeoutMs ?? 20_000) });
  const owned = { Bucket: bucket, ExpectedBucketOwner: expectedOwner };
  const probe = { ...owned, Key: PROBE_KEY };
  const read = async (): Promise<string | undefined> => (await client.send(new GetObjectCommand(probe), bound())).Body?.transformToString();

  const there = await replyTo(() => client.send(new HeadBucketCommand(owned), bound()));
  if (there.kind === 'denied') {
    // The same without the owner: if that is let in, the owner was the reason.
    const anyOwner = await replyTo(() => client.send(new HeadBucketCommand({ Bucket: bucket }), bound()));
    return { bucket: anyOwner.kind === 'ok' ? { kind: 'foreign' } : there };
  }
  if (there.kind !== 'ok') return { bucket: there };
  const text = randomBytes(12).toString('hex');
  const written = await replyTo(() => client.send(new PutObjectCommand({ ...probe, Body: text, ContentType: 'text/plain' }), bound()));
  const got = await readBack(read, written.kind === 'ok' ? text : undefined);
  return { bucket: there, write: written, read: got, ...(got.kind === 'ok' ? await lastReport(options, bound) : {}) };
}

/** `text` is what must be there; undefined where it is not known. */
async function readBack(read: () => Promise<string | undefined>, text: string | undefined): Promise<StoreReply> {
  try {
    const found = await read();
    return text === undefined || found === text
      ? { kind: 'ok' }
      : { kind: 'failed', detail: 'What was read is not what was written just before.' };
  } catch (error) {
    // Before the first write there is nothing to read, and S3 says so only to who may read.
    return isMissingObject(error) && text === undefined ? { kind: 'ok' } : failed(error, 'read');
  }
}

async function lastReport(
  { client, bucket, expectedOwner, reportKey }: BucketProbeOptions,
  bound: () => { readonly abortSignal: AbortSignal },
): Promise<Pick<StoreLook, 'lastReportAt'>> {
  try {
    const key = { Bucket: bucket, ExpectedBucketOwner: expectedOwner, Key: blobName(reportKey) };
    const { LastModified } = await client.send(new HeadObjectCommand(key), bound());
    return LastModified === undefined ? {} : { lastReportAt: LastModified.toISOString() };
  } catch (error) {
    return isMissingObject(error) ? { lastReportAt: 'none' } : {};
  }
}

async function replyTo(ask: () => Promise<unknown>): Promise<StoreReply> {
  try {
    await ask();
    return { kind: 'ok' };
  } catch (error) {
    return failed(error, 'write');
  }
}

function failed(error: unknown, doing: 'read' | 'write'): StoreReply {
  const e = (typeof error === 'object' && error !== null ? error : {}) as {
    readonly name?: unknown;
    readonly $metadata?: { readonly httpStatusCode?: unknown };
  };
  const status = e.$metadata?.httpStatusCode;
  // An answer to HEAD has no body: the status is all there is.
  if (status === 404) return { kind: 'missing' };
  if (status === 301 || e.name === 'PermanentRedirect') return { kind: 'elsewhere' };
  if (status === 403) return { kind: 'denied' };
  return { kind: 'failed', detail: s3Sentence(error, doing) };
}
