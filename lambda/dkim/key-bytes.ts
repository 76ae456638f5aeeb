// Says which key some DER bytes are: RSA in one of its forms, another kind of key, or none. Never throws.
import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { INTEGER, insideOf, SEQUENCE, sequenceLength } from './der.ts';

/** PKCS #1 (RFC 8017 A.1), PKCS #8 (RFC 5208), SubjectPublicKeyInfo (RFC 5280 §4.1.2.7). */
export type KeyForm = 'pkcs1' | 'pkcs8' | 'spki';

export type NoKeyReason =
  | 'empty'
  | 'encrypted'
  | 'certificate'
  | 'certificate-request'
  /** SSH's own form of a private key, and of a public one. */
  | 'openssh'
  | 'openssh-public'
  /** A store of keys and certificates under a password (.p12, .pfx). */
  | 'pkcs12'
  | 'ec'
  | 'ed25519'
  /** A key of a kind that is rare: its name is the detail. */
  | 'other-type'
  /** Fewer bytes than the key says it has. */
  | 'cut'
  | 'not-base64'
  /** It looks like a key, but its parts do not belong together. */
  | 'damaged'
  /** The text of a DKIM record whose key cannot be read. */
  | 'bad-record'
  /** The same, with the private key in the place of the public one. */
  | 'private-in-record'
  /** JSON that speaks of a key and cannot be read. */
  | 'broken-json'
  | 'not-a-key';

export type KeyBytes =
  | { readonly kind: 'key'; readonly role: 'private' | 'public'; readonly form: KeyForm; readonly bits: number; readonly publicKey: string }
  | { readonly kind: 'no-key'; readonly reason: NoKeyReason; readonly detail?: string };

/** How long an element is, in hexadecimal digits: one to four bytes, or left open. */
const LENGTH_HEX = '(?:[0-7].|80|81..|82.{4}|83.{6})';

/** Longer keys are refused anyhow: their parts are not tried. */
const TRIED_BITS = 4096;

export function readKeyBytes(der: Buffer): KeyBytes {
  const whole = sequenceLength(der);
  if (isPkcs12(der) && (whole ?? 0) <= der.length) return { kind: 'no-key', reason: 'pkcs12' };
  // RFC 8410: the bare bytes of an Ed25519 key.
  if (whole === undefined) return { kind: 'no-key', reason: der.length === 32 ? 'ed25519' : 'not-a-key' };
  if (whole > der.length) return { kind: 'no-key', reason: 'cut', detail: `${der.length} of ${whole} bytes` };
  if (whole < der.length) return { kind: 'no-key', reason: 'damaged' };
  if (insideOf(der) === INTEGER) return startsWithNumber(der);
  return insideOf(der) === SEQUENCE ? startsWithSequence(der) : { kind: 'no-key', reason: 'not-a-key' };
}

/** Every private key, and the PKCS #1 form of a public one. */
function startsWithNumber(der: Buffer): KeyBytes {
  for (const type of ['pkcs8', 'pkcs1', 'sec1'] as const) {
    const key = attempt(() => createPrivateKey({ key: der, format: 'der', type }));
    if (key !== undefined && type !== 'sec1' && key.asymmetricKeyType === 'rsa') return privateKey(key, type);
    if (key !== undefined) return otherKind(key);
  }
  const key = attempt(() => createPublicKey({ key: der, format: 'der', type: 'pkcs1' }));
  return key === undefined ? { kind: 'no-key', reason: 'damaged' } : { ...rsa(key), role: 'public', form: 'pkcs1' };
}

function startsWithSequence(der: Buffer): KeyBytes {
  const key = attempt(() => createPublicKey({ key: der, format: 'der', type: 'spki' }));
  if (key !== undefined) return key.asymmetricKeyType === 'rsa' ? { ...rsa(key), role: 'public', form: 'spki' } : otherKind(key);
  if (attempt(() => new X509Certificate(der)) !== undefined) return { kind: 'no-key', reason: 'certificate' };
  return { kind: 'no-key', reason: isEncrypted(der) ? 'encrypted' : 'not-a-key' };
}

/** RFC 7292 §4: version 3, then content of PKCS #7. Some programs leave lengths open, which is no DER. */
const isPkcs12 = (der: Buffer): boolean => PKCS12.test(der.subarray(0, 40).toString('hex'));

const PKCS12 = new RegExp(`^30${LENGTH_HEX}02010330${LENGTH_HEX}06092a864886f70d0107`);

function privateKey(key: KeyObject, form: KeyForm): KeyBytes {
  const found = { ...rsa(createPublicKey(key)), role: 'private', form } as const;
  return found.bits > TRIED_BITS || agreesWithItself(key) ? found : { kind: 'no-key', reason: 'damaged' };
}

/**
 * A key in which one character was changed often still reads as a key, and OpenSSL even signs with it by a detour.
 * RFC 8017 §3.2: n = pq, e·dP ≡ 1 (mod p-1), e·dQ ≡ 1 (mod q-1), q·qInv ≡ 1 (mod p).
 */
function agreesWithItself(key: KeyObject): boolean {
  const jwk = key.export({ format: 'jwk' });
  const n = (name: 'n' | 'e' | 'd' | 'p' | 'q' | 'dp' | 'dq' | 'qi'): bigint =>
    BigInt(`0x${Buffer.from(jwk[name] ?? '', 'base64url').toString('hex') || '0'}`);
  const [p, q, e, d] = [n('p'), n('q'), n('e'), n('d')];
  if (p < 3n || q < 3n || p * q !== n('n')) return false;
  const halves = (e * n('dp')) % (p - 1n) === 1n && (e * n('dq')) % (q - 1n) === 1n;
  return halves && d % (p - 1n) === n('dp') && d % (q - 1n) === n('dq') && (q * n('qi')) % p === 1n;
}

const rsa = (key: KeyObject): { readonly kind: 'key'; readonly bits: number; readonly publicKey: string } => ({
  kind: 'key',
  bits: key.asymmetricKeyDetails?.modulusLength ?? 0,
  publicKey: key.export({ format: 'der', type: 'spki' }).toString('base64'),
});

function otherKind(key: KeyObject): KeyBytes {
  const type = key.asymmetricKeyType ?? 'unknown';
  if (type === 'ec' || type === 'ed25519') return { kind: 'no-key', reason: type };
  return { kind: 'no-key', reason: 'other-type', detail: type };
}

function isEncrypted(der: Buffer): boolean {
  try {
    createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_MISSING_PASSPHRASE';
  }
}

/** The key library throws for bytes that are no key: here that is an answer, not an error. */
function attempt<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}
