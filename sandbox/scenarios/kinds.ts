// The kinds of findings that scenarios speak of, and the usual ways to expect them.
import type { Expectation } from './plot.ts';

/** Public identifiers: users mute and route by them. Written down here a second time on purpose. */
export const KINDS = [
  'domain-gone',
  'record-missing',
  'record-name-doubled',
  'record-wrong-target',
  'txt-unanswerable',
  'nameservers-disagree',
  'key-malformed',
  'key-revoked',
  'signing-disabled',
  'dkim-not-set-up',
  'verification-pending',
  'verification-overdue',
  'verification-failed',
  'revoked',
  'ses-cannot-verify',
  'target-unreadable',
  'identity-unknown',
] as const;

export type Kind = (typeof KINDS)[number];

interface More {
  readonly facts?: Readonly<Record<string, unknown>>;
  /** Kinds that may be there too. */
  readonly maybe?: readonly Kind[];
}

/** This kind, and no other. */
export function only(kind: Kind, diagnosis: Expectation['diagnosis'], { facts, maybe = [] }: More = {}): Expectation {
  return {
    mandatory: [kind],
    forbidden: KINDS.filter((other) => other !== kind && !maybe.includes(other)),
    ...(diagnosis && { diagnosis }),
    ...(facts && { facts: { [kind]: facts } }),
  };
}

/** Broken, by this kind and no other. */
export function broken(kind: Kind, facts?: Readonly<Record<string, unknown>>): Expectation {
  return only(kind, 'broken', facts && { facts });
}

/** Nothing said, and healthy. */
export const HEALTHY: Expectation = { mandatory: [], forbidden: KINDS, diagnosis: 'healthy' };

/** Not judged: neither healthy nor broken, and no finding about DNS. */
export const UNKNOWN: Expectation = {
  mandatory: [],
  forbidden: KINDS.filter((kind) => kind !== 'identity-unknown'),
  diagnosis: 'unknown',
};
