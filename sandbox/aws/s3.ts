// S3: objects in buckets, with the conditions that compare-and-swap needs.
import { createHash } from 'node:crypto';
import { type Answer, type AwsError, awsError, type Call, xml } from './call.ts';
import type { Bucket, Estate } from './estate.ts';
import { crc32Base64, readUpload } from './upload.ts';

/** Which operation a request is; undefined for those the sandbox does not know. */
export function s3Action(method: string, key: string, query: URLSearchParams): string | undefined {
  if (key === '') {
    if (method === 'HEAD') return 'HeadBucket';
    if (method === 'GET' && query.get('list-type') === '2') return 'ListObjectsV2';
    return method === 'GET' && query.has('location') ? 'GetBucketLocation' : undefined;
  }
  const known: Readonly<Record<string, string>> = { GET: 'GetObject', HEAD: 'HeadObject', PUT: 'PutObject', DELETE: 'DeleteObject' };
  return known[method];
}

/** Answers one S3 call. `now` is milliseconds since the epoch. */
export function s3(estate: Estate, call: Call, now: number): Answer {
  const bucket = estate.buckets.get(bucketOf(call.path));
  if (bucket === undefined) return awsError(404, 'NoSuchBucket', 'The specified bucket does not exist');
  const expected = call.headers['x-amz-expected-bucket-owner'];
  const letsIn = bucket.account === call.account || bucket.sharedWith.includes(call.account);
  if (!letsIn || (expected !== undefined && expected !== bucket.account)) return accessDenied();
  const key = call.subject ?? '';
  switch (call.action) {
    case 'HeadBucket':
      // Its permission is s3:ListBucket. Source: Amazon S3 API Reference, HeadBucket.
      if (bucket.listBucketDenied) return accessDenied();
      return { kind: 'raw', status: 200, headers: {}, body: '' };
    case 'GetBucketLocation':
      return xmlAnswer('<LocationConstraint/>');
    case 'ListObjectsV2':
      return bucket.listBucketDenied ? accessDenied() : list(estate, call, bucket);
    case 'GetObject':
    case 'HeadObject':
      return get(estate, call, bucket, key);
    case 'PutObject':
      return put(estate, call, bucket, key, now);
    case 'DeleteObject':
      return remove(estate, call, bucket, key);
    default:
      return awsError(501, 'NotImplemented', 'A header or query you provided implies functionality that is not implemented');
  }
}

const accessDenied = (): AwsError => awsError(403, 'AccessDenied', 'Access Denied');
const preconditionFailed = (): AwsError =>
  awsError(412, 'PreconditionFailed', 'At least one of the pre-conditions you specified did not hold');

export function bucketOf(path: string): string {
  return decodeURIComponent(path.split('/')[1] ?? '');
}

function objectsOf(estate: Estate, bucket: Bucket): Map<string, Uint8Array> {
  const objects = estate.objects.get(bucket.name) ?? new Map<string, Uint8Array>();
  estate.objects.set(bucket.name, objects);
  return objects;
}

function etagOf(bytes: Uint8Array): string {
  return `"${createHash('md5').update(bytes).digest('hex')}"`;
}

/** An ETag condition, `*` included; quotes are optional. */
function matches(condition: string, etag: string): boolean {
  return condition.split(',').some((one) => one.trim() === '*' || one.trim().replaceAll('"', '') === etag.replaceAll('"', ''));
}

// Without s3:ListBucket S3 does not say whether a key exists.
const missing = (bucket: Bucket): AwsError =>
  bucket.listBucketDenied ? accessDenied() : awsError(404, 'NoSuchKey', 'The specified key does not exist.');

function get(estate: Estate, call: Call, bucket: Bucket, key: string): Answer {
  const bytes = objectsOf(estate, bucket).get(key);
  if (bytes === undefined) return missing(bucket);
  const etag = etagOf(bytes);
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = call.headers;
  if (ifMatch !== undefined && !matches(ifMatch, etag)) return preconditionFailed();
  if (ifNoneMatch !== undefined && matches(ifNoneMatch, etag)) return { kind: 'raw', status: 304, headers: { etag }, body: '' };
  const headers: Record<string, string> = {
    etag,
    'content-type': 'application/octet-stream',
    'content-length': String(bytes.length),
    'last-modified': new Date(estate.modified.get(bytes) ?? 0).toUTCString(),
    'accept-ranges': 'bytes',
  };
  if (call.headers['x-amz-checksum-mode'] === 'ENABLED') {
    headers['x-amz-checksum-crc32'] = crc32Base64(bytes);
    headers['x-amz-checksum-type'] = 'FULL_OBJECT';
  }
  return { kind: 'raw', status: 200, headers, body: call.method === 'HEAD' ? '' : Buffer.from(bytes) };
}

function put(estate: Estate, call: Call, bucket: Bucket, key: string, now: number): Answer {
  const objects = objectsOf(estate, bucket);
  const upload = readUpload(call.headers, call.body);
  if (upload.kind === 'bad') return awsError(400, upload.code, upload.message);
  const refused = conditionRefuses(call, objects.get(key));
  if (refused !== undefined) return refused;
  objects.set(key, upload.bytes);
  estate.modified.set(upload.bytes, now);
  return { kind: 'raw', status: 200, headers: { etag: etagOf(upload.bytes) }, body: '' };
}

function remove(estate: Estate, call: Call, bucket: Bucket, key: string): Answer {
  const objects = objectsOf(estate, bucket);
  const refused = conditionRefuses(call, objects.get(key));
  if (refused !== undefined) return refused;
  objects.delete(key);
  return { kind: 'raw', status: 204, headers: {}, body: '' };
}

/** Conditional writes and deletes: 412 if the condition fails, 404 if `If-Match` finds nothing (Amazon S3 User Guide, "conditional requests"). */
function conditionRefuses(call: Call, present: Uint8Array | undefined): AwsError | undefined {
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = call.headers;
  if (ifMatch !== undefined) {
    if (present === undefined) return awsError(404, 'NoSuchKey', 'The specified key does not exist.');
    if (!matches(ifMatch, etagOf(present))) return preconditionFailed();
  }
  if (ifNoneMatch === undefined) return undefined;
  if (ifNoneMatch !== '*') return awsError(501, 'NotImplemented', 'A header you provided implies functionality that is not implemented');
  return present === undefined ? undefined : preconditionFailed();
}

function list(estate: Estate, call: Call, bucket: Bucket): Answer {
  const prefix = call.query.get('prefix') ?? '';
  const limit = Math.min(1000, Number(call.query.get('max-keys') ?? 1000));
  const token = call.query.get('continuation-token');
  const after = token === null ? (call.query.get('start-after') ?? '') : Buffer.from(token, 'base64url').toString();
  const objects = objectsOf(estate, bucket);
  const keys = [...objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
  const page = keys.slice(0, limit);
  const contents = page.map((key) => {
    const bytes = objects.get(key) ?? new Uint8Array();
    const modified = new Date(estate.modified.get(bytes) ?? 0).toISOString();
    const meta = `<LastModified>${modified}</LastModified><ETag>${xml(etagOf(bytes))}</ETag><Size>${bytes.length}</Size>`;
    return `<Contents><Key>${xml(key)}</Key>${meta}<StorageClass>STANDARD</StorageClass></Contents>`;
  });
  const more = keys.length > page.length;
  const next = more
    ? `<NextContinuationToken>${Buffer.from(page[page.length - 1] ?? '').toString('base64url')}</NextContinuationToken>`
    : '';
  const head = `<Name>${bucket.name}</Name><Prefix>${xml(prefix)}</Prefix><KeyCount>${page.length}</KeyCount><MaxKeys>${limit}</MaxKeys>`;
  return xmlAnswer(`<ListBucketResult>${head}<IsTruncated>${more}</IsTruncated>${next}${contents.join('')}</ListBucketResult>`);
}

function xmlAnswer(inner: string): Answer {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n${inner}`;
  return { kind: 'raw', status: 200, headers: { 'content-type': 'application/xml' }, body };
}
