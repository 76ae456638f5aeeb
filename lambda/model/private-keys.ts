// Finds private keys in text that this program is about to show: people paste them into TXT records, reports and mails are read by many.

const NOT_SHOWN = '[private key, not shown]';

/** What may stand inside base64 that was wrapped, typed with `\n`, or put into several strings. */
const GAP = '(?:\\s|\\\\[rnt]|["\'])';
const PIECE = '[A-Za-z0-9+/_-]';
/** Base64 goes on behind a gap with a piece that is no word: long, or with what words do not have inside. */
const RUN = new RegExp(
  `${PIECE}+(?:${GAP}{1,8}(?:${PIECE}{20,}|(?=${PIECE}{0,19}(?:[0-9+/]|[a-z][A-Z]))${PIECE}+|${PIECE}{1,19}(?==|${GAP}*$)))*={0,2}`,
  'y',
);
const PEM = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?(?:-----)?/g;
const PEM_END = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
/** How base64 of a DER SEQUENCE, of "-----BEGIN" and of base64 ("MI", "MC", "MF") begins. */
const START = /M[A-P]|LS0tLS1CRUdJTi|TU[lMNU]/g;
/** Fewer characters hold no key. */
const LEAST = 40;

/** The text with every private key in it replaced, whole or cut (PKCS #1, PKCS #8, SEC 1, PEM, and base64 of these). Public keys stay. */
export function withoutPrivateKeys(text: string): string {
  return text.length < LEAST ? text : withoutBare(withoutPem(text));
}

/**
 * The same for texts that belong together, such as the records at one name: beside a private key, other base64 may be the rest of it, which
 * nothing tells from any other bytes. Only what begins as a public key stays.
 */
export function withoutPrivateKeysIn(texts: readonly string[]): readonly string[] {
  const without = texts.map(withoutPrivateKeys);
  if (without.every((text, i) => text === texts[i])) return texts;
  return without.map((text) => keyLikeRuns(text).reduce((rest, run) => (isPublic(run) ? rest : rest.replace(run, NOT_SHOWN)), text));
}

/** SubjectPublicKeyInfo, or PKCS #1's modulus. */
function isPublic(base64: string): boolean {
  const der = Buffer.from(base64, 'base64');
  const outer = contentOf(der, 0, SEQUENCE);
  if (outer === undefined) return false;
  const algorithm = contentOf(der, outer.at, SEQUENCE);
  return (algorithm !== undefined && der[algorithm.at] === OBJECT_ID) || (contentOf(der, outer.at, INTEGER)?.length ?? 0) >= LEAST_MODULUS;
}

function withoutPem(text: string): string {
  let out = '';
  let from = 0;
  for (const { 0: header, index } of text.matchAll(PEM)) {
    if (index < from) continue;
    const end = pemEnd(text, index + header.length);
    if (end === undefined) continue;
    out += text.slice(from, index) + NOT_SHOWN;
    from = end;
  }
  return out + text.slice(from);
}

/** Where the block ends; undefined for a header that nothing follows. */
function pemEnd(text: string, body: number): number | undefined {
  PEM_END.lastIndex = body;
  const footer = PEM_END.exec(text);
  if (footer !== null) return footer.index - body < 16 ? undefined : PEM_END.lastIndex;
  const start = body + (/^(?:\s|\\[rnt]|["'])*/.exec(text.slice(body, body + 20))?.[0].length ?? 0);
  const run = runAt(text, start);
  return run.length < 16 ? undefined : start + run.length;
}

function withoutBare(text: string): string {
  let out = '';
  let from = 0;
  for (const { index } of text.matchAll(START)) {
    if (index < from || !isSecret(text.slice(index, index + 200))) continue;
    out += text.slice(from, index) + NOT_SHOWN;
    from = index + runAt(text, index).length;
  }
  return out + text.slice(from);
}

function runAt(text: string, index: number): string {
  RUN.lastIndex = index;
  return RUN.exec(text)?.[0] ?? '';
}

/** True if base64 that begins a private key stands at the beginning of the text. */
function isSecret(text: string, depth = 0): boolean {
  const base64 = runAt(text, 0).replace(/\\[rnt]|[^A-Za-z0-9+/_-]/g, '');
  if (base64.length < LEAST) return false;
  const bytes = Buffer.from(base64, 'base64');
  const inner = bytes.toString('latin1');
  return isPrivateDer(bytes) || /^-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY/.test(inner) || (depth === 0 && isSecretShort(inner));
}

/** Base64 of base64: three quarters of the characters are left. */
const isSecretShort = (inner: string): boolean => /^(M|LS0)[A-Za-z0-9+/\s]+$/.test(inner) && isSecret(inner, 1);

const SEQUENCE = 0x30;
const INTEGER = 0x02;
const OCTET_STRING = 0x04;
const OBJECT_ID = 0x06;
/** Bytes: a modulus of 512 bits. */
const LEAST_MODULUS = 64;

/**
 * PKCS #1 (RFC 8017 A.1.2: version 0, modulus), PKCS #8 (RFC 5208 §5: version, algorithm) or SEC 1 (RFC 5915: version 1, octets), judged by the
 * first bytes: cut keys are secret too. A public key begins with another SEQUENCE, or with its modulus.
 */
function isPrivateDer(der: Buffer): boolean {
  const outer = contentOf(der, 0, SEQUENCE);
  const version = outer && contentOf(der, outer.at, INTEGER);
  if (version === undefined || version.length !== 1) return false;
  const number = der[version.at];
  const next = version.at + 1;
  if (number === 0 && (contentOf(der, next, INTEGER)?.length ?? 0) >= LEAST_MODULUS) return true;
  if (number === 1 && contentOf(der, next, OCTET_STRING) !== undefined) return true;
  const algorithm = contentOf(der, next, SEQUENCE);
  return (number === 0 || number === 1) && algorithm !== undefined && der[algorithm.at] === OBJECT_ID;
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

/** True if the text may hold a key of any kind, or a part of one: long base64, which no name or word looks like. */
export function looksLikeKey(text: string): boolean {
  return keyLikeRuns(text).length > 0;
}

/** The long pieces of base64: with capital and small letters, as names typed by people never are for so long. */
export function keyLikeRuns(text: string): readonly string[] {
  return (text.match(/[A-Za-z0-9+/_-]{40,}/g) ?? []).filter((run) => /[A-Z]/.test(run) && /[a-z]/.test(run));
}
