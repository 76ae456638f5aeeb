// Finds private keys that somebody wrote down in hexadecimal: DER or PEM, byte by byte, or the numbers of `openssl rsa -text`.
import { isPrivateDer } from './private-key-der.ts';

/** A byte, with what stands between bytes in dumps, over lines too. */
const BYTE = '(?:0x|\\\\x)?[0-9a-f]{2}[\\s:,-]{0,8}';
/** How DER of a SEQUENCE and "-----B" begin. */
const START = /(?<![0-9a-z])(?:0x|\\x)?(?:30[\s:,-]{0,3}(?:0x|\\x)?[0-8][0-9a-f]|2d[\s:,-]{0,3}(?:0x|\\x)?2d)/gi;
const RUN = new RegExp(`(?:${BYTE})+`, 'iy');
/** The secret numbers of an RSA key; modulus and publicExponent are public. */
const NUMBERS = new RegExp(`\\b(privateExponent|prime[12]|exponent[12]|coefficient|priv):?\\s{1,8}(?:${BYTE}){16,}`, 'gi');
/** Characters that show what it is, and bytes under which there is no key. */
const ENOUGH = 300;
const LEAST_BYTES = 24;

/** The text with `instead` in the place of each. */
export function withoutHexKeys(text: string, instead: string): string {
  const named = text.replace(NUMBERS, (_, name: string) => `${name}: ${instead}`);
  let out = '';
  let from = 0;
  for (const { index } of named.matchAll(START)) {
    if (index < from || !isSecret(named.slice(index, index + ENOUGH))) continue;
    const run = runAt(named, index);
    out += named.slice(from, index) + instead;
    // What stands behind the last byte belongs to the text.
    from = index + run.replace(/[\s:,-]+$/, '').length;
  }
  return out + named.slice(from);
}

function isSecret(text: string): boolean {
  const bytes = Buffer.from(runAt(text, 0).replace(/0x|\\x|[\s:,-]/gi, ''), 'hex');
  if (bytes.length < LEAST_BYTES) return false;
  return isPrivateDer(bytes) || /^-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY/.test(bytes.toString('latin1'));
}

function runAt(text: string, index: number): string {
  RUN.lastIndex = index;
  return RUN.exec(text)?.[0] ?? '';
}
