// The text of a key file, and the ways in which people damage it on the way into an editor, a form, a variable or a template.
import type { NoKeyReason } from './key-bytes.ts';

/** What is wrong with the text around a key that could be read all the same. */
export type TextFlaw =
  | 'byte-order-mark'
  | 'utf-16'
  | 'quotes'
  /** A backslash and an n where a line ends. */
  | 'typed-line-breaks'
  /** Base64 without header, as SES takes it, but over several lines. */
  | 'line-breaks'
  /** The header or the footer line is there, the other is not. */
  | 'half-header'
  /** A word processor or a form made other dashes, or another number of them, of those around BEGIN and END. */
  | 'changed-dashes'
  /** Header, footer and lines are not as OpenSSL writes and reads them. */
  | 'pem-layout'
  /** The base64 of another alphabet, with - and _ (RFC 4648 §5). */
  | 'base64url'
  /** The final = are missing. */
  | 'padding'
  /** A whole key file, or its base64, was encoded in base64 once more. */
  | 'encoded-twice'
  /** The header and footer lines, or line breaks, are part of what SES would get. */
  | 'pem-in-attributes';

/** The bytes as text, without a byte-order mark. */
export function decodeText(bytes: Buffer): { readonly text: string; readonly flaws: readonly TextFlaw[] } {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { text: bytes.subarray(2).toString('utf16le'), flaws: ['utf-16'] };
  if (bytes[0] === 0xfe && bytes[1] === 0xff && bytes.length % 2 === 0)
    return { text: Buffer.from(bytes).swap16().subarray(2).toString('utf16le'), flaws: ['utf-16'] };
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf)
    return { text: bytes.subarray(3).toString('utf8'), flaws: ['byte-order-mark'] };
  return { text: bytes.toString('utf8'), flaws: [] };
}

/** The text without quotation marks around it, and with real line breaks. */
export function bareText(text: string): { readonly text: string; readonly flaws: readonly TextFlaw[] } {
  const flaws: TextFlaw[] = [];
  let bare = text.trim();
  if (/^(["']).*\1$/s.test(bare)) {
    bare = bare.slice(1, -1).trim();
    flaws.push('quotes');
  }
  if (/\\[rn]/.test(bare)) {
    bare = bare.replace(/(\\r)?\\n|\\r/g, '\n').trim();
    flaws.push('typed-line-breaks');
  }
  // Where both lines are right, the dashes of the one may touch those of the next.
  const sound = /-----BEGIN [A-Z0-9 ]+-----.*-----END [A-Z0-9 ]+-----/s.test(bare);
  const hyphens = sound ? bare : bare.replace(CHANGED_DASHES, '-----$1 $2-----');
  if (hyphens !== bare) flaws.push('changed-dashes');
  return { text: hyphens, flaws };
}

/** Hyphen, dashes, minus signs, and what is left of a dash in another character set. */
const DASH = '[-\\u2010-\\u2015\\u2212\\ufe58\\ufe63\\uff0d\\ufffd]';
const CHANGED_DASHES = new RegExp(`${DASH}{1,10}[ \\t]?(BEGIN|END) ((?:RSA )?(?:PRIVATE|PUBLIC) KEY)[ \\t]?${DASH}{1,10}`, 'g');

export type Block =
  | {
      readonly kind: 'key';
      readonly body: string;
      /** Header, body and footer stand on lines of their own, none longer than OpenSSL reads. */
      readonly tidy: boolean;
    }
  /** A block that is no plain key. */
  | { readonly kind: 'other'; readonly reason: NoKeyReason; readonly label: string };

const BLOCK = /-----BEGIN ([A-Z0-9 ]{1,60})-----(.*?)-----END \1-----/gs;

/** The PEM block (RFC 7468) to be read: the first of the wanted role, else the first that is no list of parameters. */
export function blockOf(text: string, wanted: 'private' | 'public'): Block | undefined {
  const blocks = [...text.matchAll(BLOCK)].map(([, label = '', body = '']) => ({ label, body }));
  const role = wanted === 'private' ? 'PRIVATE KEY' : 'PUBLIC KEY';
  const block = blocks.find(({ label }) => label.endsWith(role)) ?? blocks.find(({ label }) => !label.endsWith('PARAMETERS'));
  if (block === undefined) return undefined;
  const reason = reasonOf(block.label, block.body);
  if (reason !== undefined) return { kind: 'other', reason, label: block.label };
  return { kind: 'key', body: block.body, tidy: /^[ \t]*\r?\n([A-Za-z0-9+/=]{1,76}[ \t]*\r?\n)+$/.test(block.body) };
}

/** What the label says that the bytes need not be read for. */
function reasonOf(label: string, body: string): NoKeyReason | undefined {
  if (label.startsWith('ENCRYPTED') || /^\s*Proc-Type:[^\n]*ENCRYPTED/.test(body)) return 'encrypted';
  if (label.endsWith('CERTIFICATE REQUEST')) return 'certificate-request';
  if (label.endsWith('CERTIFICATE')) return 'certificate';
  if (label.startsWith('OPENSSH') || label.startsWith('SSH2')) return 'openssh';
  if (label.startsWith('EC ')) return 'ec';
  if (label.startsWith('DSA ')) return 'other-type';
  return label.endsWith('PRIVATE KEY') || label.endsWith('PUBLIC KEY') ? undefined : 'not-a-key';
}

/** The bytes that base64 stands for, white space ignored; or the first character that base64 does not have there. */
export function cleanBase64(text: string): { readonly der: Buffer; readonly flaws: readonly TextFlaw[] } | { readonly odd: string } {
  const compact = text.replace(/\s+/g, '');
  const url = /^[A-Za-z0-9_-]+={0,2}$/.test(compact) && /[_-]/.test(compact);
  const standard = url ? compact.replaceAll('-', '+').replaceAll('_', '/') : compact;
  const odd = /[^A-Za-z0-9+/=]/u.exec(standard)?.[0] ?? (/=[^=]/.test(standard) ? '=' : undefined);
  if (odd !== undefined) return { odd };
  const flaws: TextFlaw[] = url ? ['base64url'] : [];
  if (standard.length % 4 !== 0) flaws.push('padding');
  return { der: Buffer.from(standard, 'base64'), flaws };
}

/** The record's text in a line of a zone file such as `s1._domainkey IN TXT ( "v=DKIM1; " "p=…" )`; undefined if the text is none. */
export function zoneFileStrings(text: string): string | undefined {
  if (!/^[^"\n]{0,300}\bTXT\s*\(?\s*"/.test(text.trimStart())) return undefined;
  return [...text.matchAll(/"([^"]*)"/g)].map(([, string = '']) => string).join('');
}

/** Key and selector out of the JSON that `--signing-attributes` or `--cli-input-json` takes; undefined if there is no key in it. */
export function signingAttributes(json: unknown): { readonly key: string; readonly selector?: string } | undefined {
  for (const holder of [json, fieldOf(json, 'SigningAttributes'), fieldOf(json, 'DkimSigningAttributes')]) {
    const key = fieldOf(holder, 'DomainSigningPrivateKey');
    const selector = fieldOf(holder, 'DomainSigningSelector');
    if (typeof key === 'string') return { key, ...(typeof selector === 'string' ? { selector } : {}) };
  }
  return undefined;
}

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;

/** What JSON says; undefined if it is none. The parser's own error quotes the text, which may be a key: it goes no further. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
