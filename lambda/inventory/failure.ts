// What an error of SES or STS means for the inventory.
import type { Failure, FailureKind } from '../model/aws-failure.ts';
import type { Gap, GapReason } from '../model/identity.ts';

export type { Failure, FailureKind } from '../model/aws-failure.ts';

/** An answer of AWS: a value, a failure, or no question asked because the time was over. */
export type Answer<T> =
  | { readonly kind: 'ok'; readonly value: T }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'out-of-time' };

const GAP_REASONS: Readonly<Record<FailureKind, GapReason>> = {
  'not-found': 'error',
  'bad-request': 'error',
  throttled: 'throttled',
  denied: 'denied',
  'role-refused': 'role-refused',
  'region-off': 'region-off',
  credentials: 'denied',
  transient: 'error',
  other: 'error',
};

/** The gap that a failure leaves in the report. */
export function gapOf(failure: Failure): Gap {
  return { reason: GAP_REASONS[failure.kind], detail: failure.detail };
}

/** The parts of an SDK error that are looked at; anything may be thrown, so nothing is taken for granted. */
export interface ErrorFacts {
  readonly name: string;
  readonly message: string;
  readonly code: string;
  readonly status: number | undefined;
}

export function errorFacts(error: unknown): ErrorFacts {
  const e = (typeof error === 'object' && error !== null ? error : {}) as Record<string, unknown>;
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  const metadata = (typeof e.$metadata === 'object' && e.$metadata !== null ? e.$metadata : {}) as Record<string, unknown>;
  return {
    name: text(e.name),
    message: text(e.message),
    // Some errors reach us wrapped, with the system's code in the text alone.
    code: text(e.code) || codeIn(text(e.message)),
    status: typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined,
  };
}

function codeIn(message: string): string {
  // Node's words for a connection that was reset before the answer.
  if (/socket hang up/.test(message)) return 'ECONNRESET';
  return /\bE[A-Z]{4,12}(_[A-Z]{2,8})?\b/.exec(message)?.[0] ?? '';
}

const THROTTLED = new Set([
  'TooManyRequestsException',
  'ThrottlingException',
  'Throttling',
  'ThrottledException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'LimitExceededException',
  'LimitExceeded',
  'SlowDown',
]);
const DENIED = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'NotAuthorized',
  'NotAuthorizedException',
  'UnauthorizedOperation',
  'AuthorizationError',
  'AccountSuspendedException',
]);
const NOT_SUBSCRIBED = new Set([
  'SubscriptionRequiredException',
  'SubscriptionRequired',
  'OptInRequired',
  'RegionDisabledException',
  'RegionDisabled',
]);
/** Also what AWS answers where a region is not enabled in the account. */
const UNKNOWN_KEY = new Set(['UnrecognizedClientException', 'UnrecognizedClient', 'InvalidClientTokenId']);
const BAD_KEY = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'RequestExpired',
  'SignatureDoesNotMatch',
  'InvalidSignatureException',
  'IncompleteSignature',
  'MissingAuthenticationToken',
  'MissingAuthenticationTokenException',
  'CredentialsProviderError',
  'TokenProviderError',
]);
const BAD_REQUEST = new Set([
  'BadRequestException',
  'InvalidNextTokenException',
  'InvalidNextToken',
  'ValidationException',
  'ValidationError',
  'InvalidParameterValue',
]);
/** The system's codes for a connection that did not come about, or broke. */
export const NETWORK: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'EPIPE',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'EMFILE',
]);

/** Regions that every account has from the start; any other answers "unknown key" until it is enabled. Source: AWS Regions reference. */
const ALWAYS_ON = new Set(
  (
    'us-east-1 us-east-2 us-west-1 us-west-2 ca-central-1 sa-east-1 eu-west-1 eu-west-2 eu-west-3 eu-central-1 eu-north-1 ' +
    'ap-south-1 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-southeast-1 ap-southeast-2 us-gov-east-1 us-gov-west-1 eusc-de-east-1'
  ).split(' '),
);

/**
 * What kind of failure an error of a call in `region` is.
 * Source: the error tables of the SES v2, SES v1 and STS API references, and "Common errors" of each.
 */
export function failureKind(facts: ErrorFacts, region: string): FailureKind {
  const { name, code, message, status } = facts;
  if (THROTTLED.has(name) || status === 429 || /rate exceeded/i.test(message)) return 'throttled';
  if (NOT_SUBSCRIBED.has(name)) return 'region-off';
  if (UNKNOWN_KEY.has(name)) return ALWAYS_ON.has(region) ? 'credentials' : 'region-off';
  if (BAD_KEY.has(name)) return 'credentials';
  if (DENIED.has(name)) return 'denied';
  if (code === 'ENOTFOUND') return 'region-off';
  if (NETWORK.has(code) || name === 'TimeoutError' || name === 'AbortError' || (status !== undefined && status >= 500)) return 'transient';
  if (name === 'NotFoundException') return 'not-found';
  if (BAD_REQUEST.has(name)) return 'bad-request';
  return status === 403 ? 'denied' : 'other';
}
