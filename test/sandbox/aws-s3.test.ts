// S3 of the sandbox through the real SDK: what compare-and-swap stands on.
import { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { failure, MEMBER, type SmallAws, startSmallAws } from './small-aws.ts';

let aws: SmallAws;
beforeEach(async () => {
  aws = await startSmallAws();
});
afterEach(() => aws.close());

const put = (Key: string, Body: string | Uint8Array, more = {}) =>
  aws.s3().send(new PutObjectCommand({ Bucket: 'memory', Key, Body, ...more }));
const read = async (Key: string, Bucket = 'memory') =>
  (await aws.s3().send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString();
const KEY = 'inventory/111111111111/eu-west-1 & <é>+1.json.gz';

describe('objects', () => {
  it('come back as they were written, whatever their key', async () => {
    const { ETag } = await put(KEY, 'hello');
    expect(ETag).toBe('"5d41402abc4b2a76b9719d911017c592"');
    expect(await read(KEY)).toBe('hello');
    expect(await aws.s3().send(new HeadObjectCommand({ Bucket: 'memory', Key: KEY }))).toMatchObject({ ETag, ContentLength: 5 });
    await aws.s3().send(new DeleteObjectCommand({ Bucket: 'memory', Key: KEY }));
    expect(await failure(read(KEY))).toMatchObject({ name: 'NoSuchKey', status: 404 });
  });

  it('keep every byte', async () => {
    const bytes = Uint8Array.from({ length: 70_000 }, (_, i) => (i * 7) % 256);
    await put('bytes', bytes);
    const { Body } = await aws.s3().send(new GetObjectCommand({ Bucket: 'memory', Key: 'bytes' }));
    expect(Buffer.from((await Body?.transformToByteArray()) ?? []).equals(Buffer.from(bytes))).toBe(true);
  });

  it('arrive whole when they are sent in chunks with a checksum behind them', async () => {
    const parts = ['one ', 'two ', 'three'];
    await put('stream', Readable.from(parts.map((part) => Buffer.from(part))) as unknown as Uint8Array, {
      ContentLength: 13,
      ChecksumAlgorithm: 'CRC32',
    });
    expect(await read('stream')).toBe('one two three');
  });

  it('are refused when their checksum is wrong', async () => {
    expect(await failure(put('x', 'hello', { ChecksumCRC32: 'AAAAAA==' }))).toMatchObject({ name: 'BadDigest', status: 400 });
    expect(aws.sandbox.aws.objects.get('memory')?.has('x')).toBe(false);
  });

  it('can be read and damaged from outside', async () => {
    await put('a', 'good');
    aws.sandbox.aws.objects.get('memory')?.set('a', Buffer.from('bad'));
    expect(await read('a')).toBe('bad');
  });
});

describe('conditions', () => {
  it('If-None-Match: * creates only what is not there', async () => {
    await put('a', 'one', { IfNoneMatch: '*' });
    expect(await failure(put('a', 'two', { IfNoneMatch: '*' }))).toMatchObject({ name: 'PreconditionFailed', status: 412 });
    expect(await read('a')).toBe('one');
  });

  it('If-Match replaces only what was read', async () => {
    const { ETag } = await put('a', 'one');
    const second = await put('a', 'two', { IfMatch: ETag });
    expect(await failure(put('a', 'three', { IfMatch: ETag }))).toMatchObject({ name: 'PreconditionFailed', status: 412 });
    await put('a', 'three', { IfMatch: second.ETag });
    expect(await failure(put('none', 'x', { IfMatch: ETag }))).toMatchObject({ name: 'NoSuchKey', status: 404 });
  });

  it('hold for deleting and for reading', async () => {
    const { ETag } = await put('a', 'one');
    const remove = (IfMatch: string | undefined, Key = 'a') => aws.s3().send(new DeleteObjectCommand({ Bucket: 'memory', Key, IfMatch }));
    expect(await failure(remove('"other"'))).toMatchObject({ name: 'PreconditionFailed', status: 412 });
    const { $metadata } = await aws.s3().send(new GetObjectCommand({ Bucket: 'memory', Key: 'a', IfMatch: ETag }));
    expect($metadata.httpStatusCode).toBe(200);
    expect(await failure(aws.s3().send(new GetObjectCommand({ Bucket: 'memory', Key: 'a', IfNoneMatch: ETag })))).toMatchObject({
      status: 304,
    });
    await remove(ETag);
    expect(await failure(remove(ETag))).toMatchObject({ status: 404 });
    await remove(undefined, 'never-there');
  });

  it('let exactly one of two writers win', async () => {
    const { ETag } = await put('a', 'start');
    const outcomes = await Promise.allSettled(['left', 'right'].map((body) => put('a', body, { IfMatch: ETag })));
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });
});

describe('buckets', () => {
  it('list by prefix, in order, in pages', async () => {
    for (const key of ['b/2', 'a/1', 'b/1', 'b/3']) await put(key, key);
    const page = (ContinuationToken?: string) =>
      aws.s3().send(new ListObjectsV2Command({ Bucket: 'memory', Prefix: 'b/', MaxKeys: 2, ContinuationToken }));
    const first = await page();
    expect(first).toMatchObject({ KeyCount: 2, IsTruncated: true });
    const second = await page(first.NextContinuationToken);
    expect([first, second].flatMap(({ Contents }) => Contents ?? []).map(({ Key }) => Key)).toEqual(['b/1', 'b/2', 'b/3']);
    expect(second.IsTruncated).toBe(false);
    expect(second.Contents?.[0]).toMatchObject({ Size: 3, LastModified: new Date('2026-06-01T12:00:00Z') });
  });

  it('do not say whether an object is missing to those who may not list', async () => {
    expect(await failure(read('none', 'closed'))).toMatchObject({ name: 'AccessDenied', status: 403 });
    expect(await failure(aws.s3().send(new ListObjectsV2Command({ Bucket: 'closed' })))).toMatchObject({ name: 'AccessDenied' });
    aws.sandbox.aws.setListBucketDenied('closed', false);
    expect(await failure(read('none', 'closed'))).toMatchObject({ name: 'NoSuchKey' });
  });

  it('belong to one account', async () => {
    expect(await failure(aws.s3(MEMBER).send(new GetObjectCommand({ Bucket: 'memory', Key: 'a' })))).toMatchObject({
      name: 'AccessDenied',
      status: 403,
    });
    expect(await failure(aws.s3().send(new GetObjectCommand({ Bucket: 'memory', Key: 'a', ExpectedBucketOwner: MEMBER })))).toMatchObject({
      name: 'AccessDenied',
    });
    expect(await failure(read('a', 'no-such-bucket'))).toMatchObject({ name: 'NoSuchBucket', status: 404 });
    await aws.s3().send(new HeadBucketCommand({ Bucket: 'memory' }));
  });

  it('lose an answer, but not the write, when the connection breaks after it', async () => {
    aws.sandbox.aws.beforeCall = () => 'drop-answer';
    await expect(put('a', 'kept')).rejects.toThrow();
    aws.sandbox.aws.beforeCall = undefined;
    expect(await read('a')).toBe('kept');
  });
});
