// Says whether what was found at a selector lets receivers check SES's signatures.
import type { AmbiguousCause, KeyMalformedReason } from '../model/finding.ts';
import { readKeyRecord } from './key-record.ts';

export type KeyVerdict =
  /** `testing`: marked t=y, so that receivers may treat the mail as unsigned. */
  | { readonly kind: 'usable'; readonly bits: number; readonly publicKey: string; readonly testing: boolean }
  /** `leaked`: the private key itself was published. */
  | { readonly kind: 'malformed'; readonly reason: KeyMalformedReason; readonly detail: string; readonly leaked?: true }
  | { readonly kind: 'revoked' }
  | { readonly kind: 'wrong-type'; readonly type: string }
  | { readonly kind: 'too-short'; readonly bits: number }
  | { readonly kind: 'restricted'; readonly tag: 's' | 'h'; readonly value: string; readonly publicKey: string }
  /** A good key, but not the configured one. */
  | { readonly kind: 'mismatch'; readonly publicKey: string }
  /** Several TXT records where one belongs. `usable`: one of them would do. */
  | { readonly kind: 'ambiguous'; readonly cause: AmbiguousCause; readonly usable: boolean }
  | { readonly kind: 'nothing' };

/** Shorter RSA keys must be refused by receivers (RFC 8301 §3.2). */
const MIN_BITS = 1024;
/** Values tried for whether two of them are the halves of one key. */
const MAX_PIECES = 4;

/**
 * Judges the TXT values found at a selector, worst first. `configured` is the public key the user gave (base64 SubjectPublicKeyInfo), if any;
 * keys compare by bytes.
 */
export function judgeKey(values: readonly string[], configured: string | undefined): KeyVerdict {
  const [value, ...more] = values;
  if (value === undefined) return { kind: 'nothing' };
  return more.length === 0 ? judgeOne(value, configured) : judgeSeveral(values, configured);
}

/** True if receivers can check signatures with it and will count them. */
export function isGood(verdict: KeyVerdict): verdict is Extract<KeyVerdict, { kind: 'usable' }> {
  return verdict.kind === 'usable' && !verdict.testing;
}

function judgeOne(value: string, configured: string | undefined): KeyVerdict {
  const record = readKeyRecord(value);
  switch (record.kind) {
    case 'malformed':
    case 'revoked':
      return record;
    case 'other-type':
      return { kind: 'wrong-type', type: record.type };
    case 'rsa': {
      const { bits, publicKey, restriction, testing } = record;
      if (bits < MIN_BITS) return { kind: 'too-short', bits };
      if (restriction !== undefined) return { kind: 'restricted', ...restriction, publicKey };
      if (configured !== undefined && !sameKey(publicKey, configured)) return { kind: 'mismatch', publicKey };
      return { kind: 'usable', bits, publicKey, testing };
    }
  }
}

/** RFC 6376 §3.6.2.2: the result of several records is undefined. Two that make one key when joined were one key once. */
function judgeSeveral(values: readonly string[], configured: string | undefined): KeyVerdict {
  if (values.some((value) => isUsable(judgeOne(value, configured)))) return { kind: 'ambiguous', cause: 'several-txt', usable: true };
  // A piece that is a whole key by itself was not cut off from anything.
  const pieces = values.slice(0, MAX_PIECES).filter((value) => !isUsable(judgeOne(value, undefined)));
  const joined = pieces.some((head, i) => pieces.some((tail, j) => i !== j && isUsable(judgeOne(head + tail, undefined))));
  return { kind: 'ambiguous', cause: joined ? 'cut-into-two-records' : 'several-txt', usable: false };
}

const isUsable = (verdict: KeyVerdict): boolean => verdict.kind === 'usable';

/** Both as base64 SubjectPublicKeyInfo; compared after parsing, so that padding and white space do not count. */
export function sameKey(parsed: string, configured: string): boolean {
  if (parsed === configured) return true;
  const other = readKeyRecord(`p=${configured.replace(/\s/g, '')}`);
  return other.kind === 'rsa' && other.publicKey === parsed;
}

/** The end of a key by which people tell it from another; the last seven characters are the same in nearly every key. */
export function keyEnd(publicKey: string): string {
  return publicKey.slice(-KEY_END);
}

const KEY_END = 24;
