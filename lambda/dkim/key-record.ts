// Reads a DKIM key record (RFC 6376 §3.6.1, RFC 8301, RFC 8463) and says what is wrong with it. Never throws, whatever the bytes are.
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import type { KeyMalformedReason } from '../model/finding.ts';
import { mayHoldKeyPiece } from '../model/key-pieces.ts';
import { quoted } from '../model/names.ts';
import { visible } from '../model/safe-text.ts';
import { INTEGER, insideOf, SEQUENCE, sequenceLength } from './der.ts';

export type KeyRecord =
  | {
      readonly kind: 'rsa';
      /** Length of the modulus. */
      readonly bits: number;
      /** Base64 SubjectPublicKeyInfo, encoded anew from the parsed key: nothing of DNS's own bytes is left in it. */
      readonly publicKey: string;
      /** `t=y`: receivers may treat the mail as unsigned. */
      readonly testing: boolean;
      /** Set if `s=` or `h=` shuts SES's signatures out. */
      readonly restriction?: { readonly tag: 's' | 'h'; readonly value: string };
    }
  /** A key, but not one that SES signs with. */
  | { readonly kind: 'other-type'; readonly type: string }
  /** `p=` is there and empty. */
  | { readonly kind: 'revoked' }
  /** `leaked`: the private key itself was published. */
  | { readonly kind: 'malformed'; readonly reason: KeyMalformedReason; readonly detail: string; readonly leaked?: true };

type Malformed = Extract<KeyRecord, { kind: 'malformed' }>;

/** A 4096-bit key takes 736 characters; nothing sensible comes near this. */
const MAX_LENGTH = 16_384;

const malformed = (reason: KeyMalformedReason, detail: string): Malformed => ({ kind: 'malformed', reason, detail });

const LEAKED: Malformed = {
  ...malformed('not-a-public-key', 'This is a PRIVATE key, published for everyone to read: replace the key pair now.'),
  leaked: true,
};

/** Reads one TXT value, its strings joined. */
export function readKeyRecord(text: string): KeyRecord {
  if (text.length > MAX_LENGTH) return malformed('no-tag-syntax', `It is ${text.length} characters long.`);
  if (/-----(BEGIN|END) [A-Z ]*PRIVATE KEY/.test(text)) return LEAKED;
  if (/-----(BEGIN|END)/.test(text)) return malformed('pem-header', 'It holds the header or footer lines of a key file ("-----BEGIN …").');
  if (/^\s*["']/.test(text)) return malformed('quotes', 'The quotation marks are part of the value.');
  // Folding white space is legal (RFC 6376 §2.8); a bare line break, or one typed as backslash and n, is not.
  const unfolded = text.replace(/\r\n(?=[ \t])/g, '');
  if (/[\r\n]|\\[rn]/.test(unfolded)) return malformed('line-breaks', 'It holds line breaks.');
  const tags = readTags(unfolded);
  return 'kind' in tags ? tags : readTagged(tags, text.length);
}

function readTags(text: string): ReadonlyMap<string, string> | Malformed {
  const parts = text.split(';').map((part) => part.replace(/^[ \t]+|[ \t]+$/g, ''));
  if (parts.at(-1) === '') parts.pop();
  const tags = new Map<string, string>();
  for (const [i, part] of parts.entries()) {
    const tag = /^([A-Za-z][A-Za-z0-9_]*)[ \t]*=[ \t]*(.*)$/s.exec(part);
    if (tag === null) return malformed('no-tag-syntax', `${quoted(part, 60)} is not of the form tag=value.`);
    const [, name = '', value = ''] = tag;
    if (tags.has(name))
      return malformed('duplicate-tag', `The tag ${unlessKey(name, 20)}= is there twice; the whole record is then invalid.`);
    if (name === 'v' && (i > 0 || value !== 'DKIM1'))
      return malformed('bad-version', i > 0 ? 'v= must be the first tag.' : `v= must be DKIM1, not ${quoted(value, 40)}.`);
    tags.set(name, value);
  }
  if (tags.size === 0) return malformed('no-tag-syntax', 'It is empty.');
  return tags;
}

function readTagged(tags: ReadonlyMap<string, string>, length: number): KeyRecord {
  const p = tags.get('p')?.replace(/[ \t]/g, '');
  if (p === undefined) return malformed('missing-p', 'There is no p= tag, so there is no key.');
  if (p === '') return { kind: 'revoked' };
  const type = tags.get('k') ?? 'rsa';
  if (type !== 'rsa') return { kind: 'other-type', type: unlessKey(type, 20) };
  const key = readKey(p, length);
  if (key.kind !== 'rsa') return key;
  const tag: 's' | 'h' | undefined = !allows(tags.get('s'), ['*', 'email']) ? 's' : !allows(tags.get('h'), ['sha256']) ? 'h' : undefined;
  const restriction = tag === undefined ? {} : { restriction: { tag, value: unlessKey(tags.get(tag) ?? '', 80) } };
  return { ...key, testing: listed(tags.get('t')).includes('y'), ...restriction };
}

/** A name or a value as it may be shown: a piece of a private key often lands in the wrong tag. */
const unlessKey = (text: string, max: number): string =>
  mayHoldKeyPiece(text) ? `a text of ${text.length} characters` : visible(text, max);

const listed = (value: string | undefined): readonly string[] => (value ?? '').split(':').map((item) => item.trim());

/** An absent list allows everything. */
const allows = (list: string | undefined, any: readonly string[]): boolean =>
  list === undefined || listed(list).some((item) => any.includes(item));

function readKey(p: string, length: number): KeyRecord {
  if (/["']/.test(p)) return malformed('quotes', 'Quotation marks are part of the key.');
  const odd = /[^A-Za-z0-9+/=]/.exec(p) ?? /=(?=[^=])/.exec(p);
  if (odd !== null) return malformed('not-base64', `The key holds "${visible(odd[0], 10)}", which base64 does not have there.`);
  // So many characters without one capital letter come from no key: the DNS host changed them.
  if (p.length > 100 && !/[A-Z]/.test(p)) return malformed('not-base64', 'The key is all in lower case: its capital letters were lost.');
  const der = Buffer.from(p, 'base64');
  const decoded = der.toString('latin1');
  if (/-----BEGIN [A-Z ]*PRIVATE KEY/.test(decoded)) return LEAKED;
  if (decoded.includes('-----BEGIN')) return malformed('pem-header', 'A whole key file was encoded, header lines included.');
  const whole = sequenceLength(der);
  if (whole !== undefined && whole > der.length) {
    const at255 = length === 255 || p.length === 255 ? ' It ends at 255 characters, where one string of a TXT record ends.' : '';
    return malformed('truncated', `The key is cut: ${der.length} of ${whole} bytes are there.${at255}`);
  }
  const key = parseDer(der);
  // Four characters make three bytes: one alone at the end makes nothing, and strict readers refuse the whole.
  if (key.kind === 'rsa' && p.replace(/=+$/, '').length % 4 === 1)
    return malformed('not-base64', 'The key has one character too many: base64 never has one alone at its end.');
  return key;
}

function parseDer(der: Buffer): KeyRecord {
  // SubjectPublicKeyInfo begins with a SEQUENCE inside; the PKCS #1 form, and every private key, with an INTEGER. Looked at first, because
  // the key library makes a public key of a private one without a word, and takes long to say no.
  const spki = insideOf(der) === SEQUENCE ? attempt(() => createPublicKey({ key: der, format: 'der', type: 'spki' })) : undefined;
  if (spki?.asymmetricKeyType === 'rsa') {
    const publicKey = spki.export({ format: 'der', type: 'spki' }).toString('base64');
    return { kind: 'rsa', bits: spki.asymmetricKeyDetails?.modulusLength ?? 0, publicKey, testing: false };
  }
  if (spki !== undefined) return { kind: 'other-type', type: spki.asymmetricKeyType ?? 'unknown' };
  if (insideOf(der) === INTEGER) {
    if (isPrivateKey(der)) return LEAKED;
    if (attempt(() => createPublicKey({ key: der, format: 'der', type: 'pkcs1' })))
      return malformed('pkcs1-instead-of-spki', 'The key is there in the PKCS #1 form; DKIM wants the SubjectPublicKeyInfo form.');
  }
  if (der.length === 32) return malformed('not-a-public-key', 'It looks like an Ed25519 key; SES signs with RSA only.');
  return malformed('not-a-public-key', 'The bytes are no public key.');
}

const isPrivateKey = (der: Buffer): boolean =>
  (['pkcs8', 'pkcs1'] as const).some((type) => attempt(() => createPrivateKey({ key: der, format: 'der', type })) !== undefined);

/** The key library throws for bytes that are no key: here that is an answer, not an error. */
function attempt(parse: () => KeyObject): KeyObject | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}
