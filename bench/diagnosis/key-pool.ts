// Own keys for estates: so many that two domains of one estate do not share theirs.
import { generateKeyPairSync } from 'node:crypto';

const SIZE = 12;
const made = new Map<number, ReturnType<typeof generateKeyPairSync>>();
const pool = new Map<number, string>();

/** An RSA key of 2048 bits, base64 SubjectPublicKeyInfo. The same number gives the same key in one run; numbers come round after twelve. */
export function keyNumber(n: number): string {
  const place = n % SIZE;
  const known =
    pool.get(place) ??
    generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  pool.set(place, known);
  return known;
}

/** An RSA key pair of this length; the same one in one run. */
export function keyPair(bits: number): ReturnType<typeof generateKeyPairSync> {
  const pair = made.get(bits) ?? generateKeyPairSync('rsa', { modulusLength: bits });
  made.set(bits, pair);
  return pair;
}
