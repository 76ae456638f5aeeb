// Tells by its first bytes whether DER holds a private key or a public one: keys that were cut are secret too.

const SEQUENCE = 0x30;
const INTEGER = 0x02;
const OCTET_STRING = 0x04;
const OBJECT_ID = 0x06;
/** Bytes: a modulus of 512 bits. */
const LEAST_MODULUS = 64;
/** 1.2.840.113549.1.5 (PKCS #5: PBES1, PBES2) and 1.2.840.113549.1.12.1 (PKCS #12): algorithms that encrypt with a password. */
const BY_PASSWORD: readonly string[] = ['2a864886f70d0105', '2a864886f70d010c01'];

/**
 * PKCS #1 (RFC 8017 A.1.2: version 0, modulus), PKCS #8 (RFC 5208 §5: version, algorithm; §6, encrypted: an algorithm that encrypts) or SEC 1
 * (RFC 5915: version 1, octets). A public key begins with the algorithm of a key, or with its modulus.
 */
export function isPrivateDer(der: Buffer): boolean {
  const outer = contentOf(der, 0, SEQUENCE);
  if (outer === undefined) return false;
  if (isEncrypted(der, outer.at)) return true;
  const version = contentOf(der, outer.at, INTEGER);
  if (version === undefined || version.length !== 1) return false;
  const number = der[version.at];
  const next = version.at + 1;
  if (number === 0 && (contentOf(der, next, INTEGER)?.length ?? 0) >= LEAST_MODULUS) return true;
  if (number === 1 && contentOf(der, next, OCTET_STRING) !== undefined) return true;
  const algorithm = contentOf(der, next, SEQUENCE);
  return (number === 0 || number === 1) && algorithm !== undefined && der[algorithm.at] === OBJECT_ID;
}

/** SubjectPublicKeyInfo, or PKCS #1's modulus. */
export function isPublicDer(der: Buffer): boolean {
  const outer = contentOf(der, 0, SEQUENCE);
  if (outer === undefined || isEncrypted(der, outer.at)) return false;
  const algorithm = contentOf(der, outer.at, SEQUENCE);
  return (algorithm !== undefined && der[algorithm.at] === OBJECT_ID) || (contentOf(der, outer.at, INTEGER)?.length ?? 0) >= LEAST_MODULUS;
}

/** EncryptedPrivateKeyInfo: what stands first is how it was encrypted. */
function isEncrypted(der: Buffer, at: number): boolean {
  const algorithm = contentOf(der, at, SEQUENCE);
  const id = algorithm && contentOf(der, algorithm.at, OBJECT_ID);
  if (id === undefined) return false;
  const hex = der.subarray(id.at, id.at + id.length).toString('hex');
  return BY_PASSWORD.some((family) => hex.startsWith(family));
}

/** Where the content of an element begins, and how long it says it is; undefined if another element stands there. */
function contentOf(der: Buffer, at: number, tag: number): { readonly at: number; readonly length: number } | undefined {
  const first = der[at + 1];
  if (der[at] !== tag || first === undefined) return undefined;
  if (first < 0x80) return { at: at + 2, length: first };
  const size = first & 0x7f;
  if (size < 1 || size > 3 || at + 2 + size > der.length) return undefined;
  return { at: at + 2 + size, length: der.readUIntBE(at + 2, size) };
}
