// What S3's refusals mean for a memory, and the words for them.
import { visible } from '../model/safe-text.ts';

interface Known {
  readonly name: string;
  readonly message: string;
  readonly status: number | undefined;
  readonly attempts: number;
}

function known(error: unknown): Known {
  const e = (typeof error === 'object' && error !== null ? error : {}) as {
    name?: unknown;
    message?: unknown;
    code?: unknown;
    $metadata?: { httpStatusCode?: unknown; attempts?: unknown };
  };
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  const name = text(e.name) === 'Error' || text(e.name) === '' ? text(e.code) || 'Error' : text(e.name);
  return {
    name,
    message: text(e.message),
    status: typeof e.$metadata?.httpStatusCode === 'number' ? e.$metadata.httpStatusCode : undefined,
    attempts: typeof e.$metadata?.attempts === 'number' ? e.$metadata.attempts : 1,
  };
}

/** The object is not there. A bucket that is not there also answers 404, and is something else: the whole memory is lost from sight. */
export function isMissingObject(error: unknown): boolean {
  const { name, status } = known(error);
  return name === 'NoSuchKey' || (status === 404 && name !== 'NoSuchBucket');
}

/** The write was refused because the object is not in the expected state: 412, 409, or 404 for `If-Match` of an object that is gone. */
export function refusedByCondition(error: unknown): boolean {
  const { name, status } = known(error);
  return status === 412 || name === 'PreconditionFailed' || name === 'ConditionalRequestConflict' || isMissingObject(error);
}

/** The SDK sent the request more than once before this error. */
export function wasRetried(error: unknown): boolean {
  return known(error).attempts > 1;
}

/** It is not known whether S3 acted: no answer, or an answer of S3's own trouble. */
export function mayHaveHappened(error: unknown): boolean {
  const { status } = known(error);
  return status === undefined || status >= 500;
}

/** One sentence on why S3 could not be used, with the permission that is missing if that is the cause. */
export function s3Sentence(error: unknown, doing: 'read' | 'write'): string {
  const { name, message, status } = known(error);
  if (name === 'NoSuchBucket') return 'The bucket does not exist.';
  if (status === 403) {
    const action = doing === 'read' ? 's3:GetObject' : 's3:PutObject';
    const hint = doing === 'read' ? ' and s3:ListBucket on the bucket (without it a missing object answers 403 instead of 404)' : '';
    return `Access denied: ${action} on the object${hint} is needed, and the bucket must belong to the expected account.`;
  }
  if (name === 'AbortError' || name === 'TimeoutError') return 'S3 did not answer in time.';
  return `S3 said ${visible(name, 80)}${message === '' ? '' : `: ${visible(message, 200)}`}`;
}
