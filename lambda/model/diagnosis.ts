// The three answers about one identity.
import type { Finding } from './finding.ts';

export type UnknownReason =
  /** SES's details of this identity could not be read. */
  | 'not-read'
  /** What should be published cannot be known (no tokens, no selector, zone unknown). */
  | 'no-expectation'
  /** No server spoke with authority, or too few. */
  | 'dns-unanswered'
  | 'ipv6-only'
  | 'address-refused'
  /** An absence that could not be confirmed, or servers that changed their mind. */
  | 'unconfirmed'
  /** Something is published that is not what was expected, in a way this version has no finding for. */
  | 'not-judged'
  | 'resolver-failed'
  | 'out-of-time'
  /** The target could not be read and there is no snapshot to go by. */
  | 'target-unreadable';

/**
 * `healthy` may carry notices; `broken` has at least one finding of warning or critical; `unknown` says why, and may carry
 * findings of section D (`identity-unknown`) and findings about SES's own status that hold whatever DNS says.
 */
export type Diagnosis =
  | { readonly kind: 'healthy'; readonly findings: readonly Finding[] }
  | { readonly kind: 'broken'; readonly findings: readonly Finding[] }
  | { readonly kind: 'unknown'; readonly reason: UnknownReason; readonly detail: string; readonly findings: readonly Finding[] };
