// Says whether what was found at a selector lets receivers check SES's signatures.
import type { KeyMalformedReason } from '../model/finding.ts';
import { readKeyRecord } from './key-record.ts';

export type KeyVerdict =
  | { readonly kind: 'usable'; readonly bits: number; readonly publicKey: string }
  /** `leaked`: the private key itself was published. */
  | { readonly kind: 'malformed'; readonly reason: KeyMalformedReason; readonly detail: string; readonly leaked?: true }
  | { readonly kind: 'revoked' }
  /** A well-formed key record that is wrong, or may be, in a way that has no finding of its own yet. */
  | { readonly kind: 'not-judged'; readonly detail: string };

/** Shorter RSA keys must be refused by receivers (RFC 8301 §3.2). */
const MIN_BITS = 1024;

/**
 * Judges the TXT values found at a selector. `configured` is the public key the user gave (base64 SubjectPublicKeyInfo), if any;
 * keys compare by bytes.
 */
export function judgeKey(values: readonly string[], configured: string | undefined): KeyVerdict {
  const [value, ...more] = values;
  if (value === undefined) return { kind: 'not-judged', detail: 'there is no TXT value' };
  if (more.length > 0)
    return { kind: 'not-judged', detail: `there are ${values.length} TXT records where one belongs: receivers may take either` };
  const record = readKeyRecord(value);
  switch (record.kind) {
    case 'malformed':
    case 'revoked':
      return record;
    case 'other-type':
      return { kind: 'malformed', reason: 'not-a-public-key', detail: `The key is of type ${record.type}; SES signs with RSA only.` };
    case 'rsa':
      if (record.bits < MIN_BITS)
        return {
          kind: 'malformed',
          reason: 'not-a-public-key',
          detail: `The RSA key has ${record.bits} bits; receivers refuse keys under ${MIN_BITS}.`,
        };
      if (record.restriction !== undefined)
        return { kind: 'not-judged', detail: `its ${record.restriction}= tag shuts out what SES signs` };
      if (record.testing) return { kind: 'not-judged', detail: 'it is marked t=y (testing): receivers may treat the mail as unsigned' };
      if (configured !== undefined && !sameKey(record.publicKey, configured))
        return { kind: 'not-judged', detail: 'the key is another one than the configuration gives' };
      return { kind: 'usable', bits: record.bits, publicKey: record.publicKey };
  }
}

/** Both as base64 SubjectPublicKeyInfo; compared after parsing, so that padding and white space do not count. */
function sameKey(parsed: string, configured: string): boolean {
  const other = readKeyRecord(`p=${configured.replace(/\s/g, '')}`);
  return other.kind === 'rsa' && other.publicKey === parsed;
}
