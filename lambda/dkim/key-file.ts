// Reads a key file that somebody made for DKIM: which key it holds, in which form, and how the file was damaged. Never throws, and never quotes a key.
import { SEQUENCE } from './der.ts';
import { type KeyForm, type NoKeyReason, readKeyBytes } from './key-bytes.ts';
import { readKeyRecord } from './key-record.ts';
import { bareText, blockOf, cleanBase64, decodeText, parsedJson, signingAttributes, type TextFlaw, zoneFileStrings } from './key-text.ts';

export type KeyRole = 'private' | 'public';

/** How the key stands in the file: `record` is the text of a DKIM record, `signing-attributes` the JSON that the AWS CLI takes. */
export type Wrapping = 'pem' | 'base64' | 'der' | 'record' | 'signing-attributes';

export interface FoundKey {
  readonly kind: 'key';
  readonly role: KeyRole;
  readonly form: KeyForm;
  readonly wrapping: Wrapping;
  /** Length of the modulus. */
  readonly bits: number;
  /** Base64 SubjectPublicKeyInfo: what stands after `p=` in the record. */
  readonly publicKey: string;
  /** What is wrong with the text around the key, although the key could be read. */
  readonly flaws: readonly TextFlaw[];
  /** The selector that stands beside the key in signing attributes. */
  readonly selector?: string;
}

export interface NoKey {
  readonly kind: 'no-key';
  readonly reason: NoKeyReason;
  /** What was read are not the bytes of the file, but base64 in it. */
  readonly inBase64?: true;
  /** Never a part of a key. Not made harmless: show it through `visible`. */
  readonly detail?: string;
}

export type KeyFile = FoundKey | NoKey;

/** Reads the bytes of a file. `wanted` chooses among several keys in one file. */
export function readKeyFile(bytes: Buffer, wanted: KeyRole): KeyFile {
  if (looksLikeDer(bytes)) {
    const found = readKeyBytes(bytes);
    return found.kind === 'key' ? { ...found, wrapping: 'der', flaws: [] } : found;
  }
  const { text, flaws } = decodeText(bytes);
  if (text.trim() === '') return none('empty');
  return text.includes('\u0000') ? none('not-a-key') : readText(text, wanted, flaws);
}

/** No text has such bytes where every DER key has them. */
const looksLikeDer = (bytes: Buffer): boolean => bytes[0] === SEQUENCE && bytes.subarray(1, 8).some((byte) => byte < 9 || byte >= 0x80);

const none = (reason: NoKeyReason, detail?: string): NoKey => ({ kind: 'no-key', reason, ...(detail === undefined ? {} : { detail }) });

function readText(text: string, wanted: KeyRole, flaws: readonly TextFlaw[]): KeyFile {
  if (text.trimStart().startsWith('{')) return readAttributes(text, wanted, flaws);
  const record = zoneFileStrings(text) ?? text;
  if (/^\s*(["']?\s*v\s*=|p\s*=|k\s*=)/i.test(record)) return readRecord(record.trim(), flaws);
  const ssh = /^\s*(ssh-[a-z0-9]+|ecdsa-sha2-)/.exec(text)?.[1];
  if (ssh !== undefined) return SSH_TYPES[ssh] ?? none('other-type', ssh);
  const bare = bareText(text);
  return readPem(bare.text, wanted, [...flaws, ...bare.flaws]) ?? readBase64(bare.text, wanted, [...flaws, ...bare.flaws]);
}

/** How the line of a public key begins that ssh-keygen writes (RFC 4253 §6.6, RFC 5656, RFC 8709). */
const SSH_TYPES: Readonly<Record<string, NoKey>> = {
  'ssh-rsa': none('openssh-public'),
  'ssh-ed25519': none('ed25519'),
  'ecdsa-sha2-': none('ec'),
};

function readRecord(text: string, flaws: readonly TextFlaw[]): KeyFile {
  const record = readKeyRecord(text);
  switch (record.kind) {
    case 'rsa':
      return { kind: 'key', role: 'public', form: 'spki', wrapping: 'record', bits: record.bits, publicKey: record.publicKey, flaws };
    case 'other-type':
      return none('other-type', record.type);
    case 'revoked':
      return none('empty', 'its p= is empty, which revokes the key');
    case 'malformed':
      return record.leaked === true ? none('private-in-record') : none('bad-record', record.detail);
  }
}

/** Undefined if there is no PEM block in the text. */
function readPem(text: string, wanted: KeyRole, flaws: readonly TextFlaw[]): KeyFile | undefined {
  const block = blockOf(text, wanted);
  if (block === undefined) return undefined;
  if (block.kind === 'other') return none(block.reason, block.label);
  const cleaned = cleanBase64(block.body);
  if ('odd' in cleaned) return none('not-base64', cleaned.odd);
  const found = readKeyBytes(cleaned.der);
  // Where lines are of another length or missing, OpenSSL does not find the block.
  return found.kind === 'key' ? { ...found, wrapping: 'pem', flaws: [...flaws, ...(block.tidy ? [] : (['pem-layout'] as const))] } : found;
}

function readBase64(text: string, wanted: KeyRole, flaws: readonly TextFlaw[]): KeyFile {
  const halved = /-----(BEGIN|END)[A-Z0-9 ]*(-----)?/.test(text);
  const body = text.replace(/-----(BEGIN|END)?[A-Z0-9 ]*(-----)?/g, '').trim();
  const cleaned = cleanBase64(body);
  if ('odd' in cleaned) return body.startsWith('MI') || halved ? none('not-base64', cleaned.odd) : none('not-a-key');
  const marks: TextFlaw[] = [...flaws, ...cleaned.flaws];
  if (halved) marks.push('half-header');
  else if (/[\r\n]/.test(body)) marks.push('line-breaks');
  const inner = decodedText(cleaned.der);
  if (inner !== undefined && !flaws.includes('encoded-twice')) return readText(inner, wanted, ['encoded-twice']);
  const found = readKeyBytes(cleaned.der);
  return found.kind === 'key' ? { ...found, wrapping: 'base64', flaws: marks } : { ...found, inBase64: true };
}

/** The text inside if base64 was encoded once more, with or without its header (hashicorp/terraform-provider-aws#29729). */
function decodedText(der: Buffer): string | undefined {
  const text = der.toString('latin1');
  return text.includes('-----BEGIN') || /^MI[A-Za-z0-9+/=\s]{60,}$/.test(text) ? text : undefined;
}

function readAttributes(text: string, wanted: KeyRole, flaws: readonly TextFlaw[]): KeyFile {
  const json = parsedJson(text);
  if (json === undefined)
    return text.includes('DomainSigningPrivateKey') ? none('broken-json') : none('not-a-key', 'it begins as JSON does, and is none');
  const attributes = signingAttributes(json);
  if (attributes === undefined) return none('not-a-key', 'JSON without a DomainSigningPrivateKey');
  const found = readText(attributes.key, wanted, flaws);
  if (found.kind === 'no-key') return found;
  const marks =
    found.wrapping === 'pem' ? [...found.flaws.filter((flaw) => flaw !== 'pem-layout'), 'pem-in-attributes' as const] : found.flaws;
  return {
    ...found,
    wrapping: 'signing-attributes',
    flaws: marks,
    ...(attributes.selector === undefined ? {} : { selector: attributes.selector }),
  };
}
