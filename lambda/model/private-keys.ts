// Finds private keys in text that this program is about to show: people paste them into TXT records, reports and mails are read by many.
import { isPrivateDer, isPublicDer } from './private-key-der.ts';
import { withoutHexKeys } from './private-key-hex.ts';

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

/** The text with every private key in it replaced, whole or cut (PKCS #1, PKCS #8 also encrypted, SEC 1, PEM, and base64 or hexadecimal of these). Public keys stay. */
export function withoutPrivateKeys(text: string): string {
  return text.length < LEAST ? text : withoutHexKeys(withoutBare(withoutPem(text)), NOT_SHOWN);
}

/**
 * The same for texts that belong together, such as the records at one name: beside a private key, other base64 may be the rest of it, which
 * nothing tells from any other bytes. Only what begins as a public key stays.
 */
export function withoutPrivateKeysIn(texts: readonly string[]): readonly string[] {
  const without = texts.map(withoutPrivateKeys);
  if (without.every((text, i) => text === texts[i])) return texts;
  return without.map((text) =>
    keyLikeRuns(text).reduce((rest, run) => (isPublicDer(Buffer.from(run, 'base64')) ? rest : rest.replace(run, NOT_SHOWN)), text),
  );
}

/** Fewer characters give too little of a private key away to find the rest. */
const LEAST_PIECE = 64;

/**
 * Texts found at one name, where only the middle or the end of a key may stand: of a private key nothing tells it. Long base64 stays where it begins a public key,
 * or where another of the texts does, whose rest it may be.
 */
export function withoutPiecesIn(texts: readonly string[]): readonly string[] {
  const without = withoutPrivateKeysIn(texts);
  const runs = without.map((text) => keyLikeRuns(text).filter((run) => run.length >= LEAST_PIECE));
  if (runs.flat().length === 0 || runs.flat().some((run) => isPublicDer(Buffer.from(run, 'base64')))) return without;
  return without.map((text, i) =>
    (runs[i] ?? []).reduce((rest, run) => rest.replace(run, `[${run.length} characters, maybe of a private key, not shown]`), text),
  );
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

/** True if the text may hold a key of any kind, or a part of one: long base64, which no name or word looks like. */
export function looksLikeKey(text: string): boolean {
  return keyLikeRuns(text).length > 0;
}

/** The long pieces of base64: with capital and small letters, as names typed by people never are for so long. */
export function keyLikeRuns(text: string): readonly string[] {
  return (text.match(/[A-Za-z0-9+/_-]{40,}/g) ?? []).filter((run) => /[A-Z]/.test(run) && /[a-z]/.test(run));
}

/**
 * A value with every private key in its texts replaced, however deep; for what is kept or handed on. Texts of one list belong together, and so do
 * the lines of one text: they are what was found at one name.
 */
export function withoutPrivateKeysWithin<T>(value: T): T {
  if (typeof value === 'string') return withoutPrivateKeysIn(value.split('\n')).join('\n') as T;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value))
    return (value.every((one) => typeof one === 'string') ? withoutPrivateKeysIn(value) : value.map(withoutPrivateKeysWithin)) as T;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, withoutPrivateKeysWithin(one)])) as T;
}
