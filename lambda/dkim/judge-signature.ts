// Says whether one DKIM signature of a message holds, and if not why: what receivers do (RFC 6376 §6.1, RFC 8301, RFC 8463), with the cause kept apart.
import { type DnsName, isWithin, parseDnsName } from '../model/names.ts';
import type { KeyRecord } from './key-record.ts';

/** What the signature's header field says, and what was found when it was checked. Hostile bytes may be in every text. */
export interface SignatureFacts {
  readonly domain: string;
  readonly selector: string;
  /** a=, in lower case. */
  readonly algorithm: string;
  readonly version: string | undefined;
  /** i=, the identity in whose name it was signed. */
  readonly identity: string | undefined;
  /** h=, in lower case. */
  readonly signedHeaders: readonly string[];
  /** x= in ms since the epoch. */
  readonly expires: number | undefined;
  /** l=, in bytes: how much of the body was signed. */
  readonly lengthLimit: number | undefined;
  readonly bodyLength: number;
  readonly body: 'as-signed' | 'changed' | 'not-checked';
  /** Whether the signature over the header fields fits the key. */
  readonly header: 'valid' | 'wrong' | 'not-checked';
  readonly key: LiveKey;
}

/** What DNS holds at the selector now. */
export type LiveKey =
  | { readonly kind: 'record'; readonly record: KeyRecord }
  | { readonly kind: 'several'; readonly count: number }
  | { readonly kind: 'missing'; readonly how: 'nxdomain' | 'nodata' }
  | { readonly kind: 'unknown'; readonly detail: string }
  | { readonly kind: 'not-asked' };

export type SignatureFailure =
  | 'malformed'
  | 'algorithm-unknown'
  | 'algorithm-sha1'
  | 'from-not-signed'
  | 'identity-outside'
  | 'key-missing'
  | 'key-revoked'
  | 'key-malformed'
  | 'key-wrong-type'
  | 'key-too-short'
  | 'key-restricted'
  | 'key-testing'
  | 'key-several'
  | 'header-changed'
  | 'body-changed'
  | 'body-not-covered'
  | 'expired';

export type SignatureVerdict =
  | { readonly result: 'pass' /** Bytes at the end of the body that nobody signed. */; readonly unsignedBytes: number }
  | { readonly result: 'fail'; readonly reason: SignatureFailure; readonly detail?: string }
  /** DNS did not say which key is published. */
  | { readonly result: 'unknown'; readonly detail: string };

const MIN_BITS = 1024;

const fail = (reason: SignatureFailure, detail?: string): SignatureVerdict => ({
  result: 'fail',
  reason,
  ...(detail === undefined ? {} : { detail }),
});

/** `now` in ms since the epoch. The first reason in the order in which receivers look. */
export function judgeSignature(facts: SignatureFacts, now: number): SignatureVerdict {
  const domain = parseDnsName(facts.domain);
  const unfit = domain.ok ? unfitTags(facts, domain.value) : fail('malformed', 'its d= is no domain name');
  if (unfit !== undefined) return unfit;
  const { key } = facts;
  // A body that was changed fails whatever the key is.
  if (key.kind === 'unknown') return facts.body === 'changed' ? fail('body-changed') : { result: 'unknown', detail: key.detail };
  return unfitKey(facts) ?? unfitMessage(facts, now) ?? { result: 'pass', unsignedBytes: facts.bodyLength - covered(facts) };
}

const covered = ({ lengthLimit, bodyLength }: SignatureFacts): number => Math.min(lengthLimit ?? bodyLength, bodyLength);

function unfitTags(facts: SignatureFacts, domain: DnsName): SignatureVerdict | undefined {
  if (!parseDnsName(facts.selector).ok) return fail('malformed', 'its s= is no selector');
  if (facts.version !== '1') return fail('malformed', 'its v= is not 1');
  if (facts.algorithm === 'rsa-sha1') return fail('algorithm-sha1');
  if (facts.algorithm !== 'rsa-sha256' && facts.algorithm !== 'ed25519-sha256') return fail('algorithm-unknown', facts.algorithm);
  if (facts.body === 'not-checked') return fail('malformed', 'its bh=, b= or c= is missing or unknown');
  if (!facts.signedHeaders.includes('from')) return fail('from-not-signed');
  if (facts.lengthLimit === 0) return fail('body-not-covered');
  if (facts.identity === undefined) return undefined;
  const at = parseDnsName(facts.identity.slice(facts.identity.lastIndexOf('@') + 1));
  return at.ok && isWithin(at.value, domain) ? undefined : fail('identity-outside', facts.identity);
}

function unfitKey({ key, algorithm }: SignatureFacts): SignatureVerdict | undefined {
  if (key.kind === 'missing') return fail('key-missing', key.how);
  if (key.kind === 'several') return fail('key-several', String(key.count));
  if (key.kind !== 'record') return fail('malformed', 'it names no key that could be asked for');
  const { record } = key;
  switch (record.kind) {
    case 'revoked':
      return fail('key-revoked');
    case 'malformed':
      return fail('key-malformed', record.detail);
    case 'other-type':
      // The library has read the key by then; the record reader of this program knows RSA only.
      return record.type === 'ed25519' && algorithm === 'ed25519-sha256' ? undefined : fail('key-wrong-type', record.type);
    case 'rsa':
      if (algorithm !== 'rsa-sha256') return fail('key-wrong-type', 'rsa');
      if (record.bits < MIN_BITS) return fail('key-too-short', String(record.bits));
      if (record.restriction !== undefined) return fail('key-restricted', record.restriction.tag);
      return record.testing ? fail('key-testing') : undefined;
  }
}

function unfitMessage(facts: SignatureFacts, now: number): SignatureVerdict | undefined {
  if (facts.header === 'not-checked') return fail('key-malformed', 'The library that checks signatures does not take it.');
  if (facts.header === 'wrong') return fail('header-changed');
  if (facts.body === 'changed') return fail('body-changed');
  // RFC 6376 §3.5: more than there is cannot have been signed.
  if (facts.lengthLimit !== undefined && facts.lengthLimit > facts.bodyLength) return fail('body-changed');
  return facts.expires !== undefined && facts.expires < now ? fail('expired', new Date(facts.expires).toISOString()) : undefined;
}
