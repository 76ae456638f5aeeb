// Why a call to SES, STS or Organizations failed.
import type { Refuser } from './refusal.ts';

export type FailureKind =
  /** The identity does not exist (any more). */
  | 'not-found'
  /** The request was refused as such: a paging token that has expired, a name SES cannot read. */
  | 'bad-request'
  | 'throttled'
  | 'denied'
  | 'role-refused'
  | 'region-off'
  /** AWS does not accept the keys: expired, or wrong. New ones may cure it. */
  | 'credentials'
  /** May go away by itself: no answer, a broken connection, SES's own trouble. */
  | 'transient'
  | 'other';

export interface Failure {
  readonly kind: FailureKind;
  /** Of a denial: the policy in the way. */
  readonly by?: Refuser;
  /** One sentence for people, sanitised and without secrets. */
  readonly detail: string;
}
