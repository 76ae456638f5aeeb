// Decides whether some bytes are a mail message, and puts them into the form in which it was sent: CRLF line ends and nothing in front.
import { quoted } from '../lambda/model/names.ts';

export type MessageBytes =
  | { readonly ok: true; readonly message: Buffer }
  /** One sentence without subject: "is empty". */
  | { readonly ok: false; readonly problem: string };

const CR = 0x0d;
const LF = 0x0a;
/** Bytes. Headers of real mail stay under 100 KB. */
const MAX_HEADER = 262_144;
/** Header lines: reading them takes time that grows with their square. */
const MAX_LINES = 5000;
/** Bytes of a body line. RFC 5322 §2.1.1 allows 998; reading a line takes time that grows with its square. */
const MAX_LINE = 1_048_576;
/** RFC 5322 §2.2: a field name is printable ASCII without a colon. */
const FIELD = /^[!-9;-~]{1,200}[ \t]*:/;

const no = (problem: string): MessageBytes => ({ ok: false, problem });

/** Never throws. Bounds here keep what comes after from taking minutes on bytes made to that end. */
export function readMessageBytes(bytes: Buffer): MessageBytes {
  if (bytes.length === 0) return no('is empty.');
  const foreign = foreignForm(bytes);
  if (foreign !== undefined) return no(foreign);
  const message = withCrlf(withoutFront(bytes));
  const end = headerEnd(message);
  const header = message.subarray(0, end).toString('latin1');
  const [first = ''] = header.split('\r\n', 1);
  if (!FIELD.test(first)) return no(`is not a mail message: its first line is ${quoted(first, 60)}, not a header field such as "From: …".`);
  const long = tooLong(header, end < message.length);
  if (long !== undefined) return no(long);
  if (header.includes('\u0000')) return no('is not a mail message: its header holds binary data.');
  if (/\r(?!\n)/.test(header)) return no('is damaged: its header holds carriage returns without line feeds.');
  if (longestLine(message, end) > MAX_LINE)
    return no('has a line of more than 1 MB, where mail has lines of at most 998 characters: it is not as it was sent.');
  // A header alone is a message with an empty body; the verifier waits for the line between them.
  return { ok: true, message: end === message.length ? Buffer.concat([message, Buffer.from('\r\n\r\n')]) : message };
}

/** Why a header is not read; `ended` says whether an empty line follows it. */
function tooLong(header: string, ended: boolean): string | undefined {
  const lines = header.split('\r\n').length - 1;
  if (header.length <= MAX_HEADER && lines <= MAX_LINES) return undefined;
  if (!ended) return 'is not a mail message: its header never ends.';
  return header.length > MAX_HEADER
    ? `has a header of ${Math.ceil(header.length / 1024)} KB. At most ${MAX_HEADER / 1024} KB are read; real mail stays under 100 KB.`
    : `has a header of ${lines} lines. At most ${MAX_LINES} are read; real mail has a few hundred.`;
}

const RAW = 'save the message as its raw source (.eml), and try again.';

/** Other things in which a message may have been saved. */
function foreignForm(bytes: Buffer): string | undefined {
  const start = bytes.subarray(0, 4).toString('hex');
  if (start.startsWith('fffe') || start.startsWith('feff')) return `is written as UTF-16, which breaks every signature: ${RAW}`;
  if (start === 'd0cf11e0') return `is in Outlook's own form (.msg), without the message as it was sent: ${RAW}`;
  if (start === '25504446') return `is a PDF: ${RAW}`;
  if (start.startsWith('504b03')) return `is a ZIP file: unpack it, or ${RAW}`;
  if (/^\s*<(!doctype|html|\?xml)/i.test(bytes.subarray(0, 200).toString('latin1'))) return `is a web page: ${RAW}`;
  return undefined;
}

/** Without byte-order mark, empty lines in front, and the line "From …" with which mailbox files begin a message. */
function withoutFront(bytes: Buffer): Buffer {
  let start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  while (bytes[start] === CR || bytes[start] === LF) start += 1;
  if (bytes.subarray(start, start + 5).toString('latin1') === 'From ') {
    const line = bytes.indexOf(LF, start);
    start = line < 0 ? bytes.length : line + 1;
  }
  return bytes.subarray(start);
}

/** Files on disk often have bare line feeds; what was signed had CRLF. */
function withCrlf(bytes: Buffer): Buffer {
  let bare = 0;
  for (let i = bytes.indexOf(LF); i >= 0; i = bytes.indexOf(LF, i + 1)) if (bytes[i - 1] !== CR) bare += 1;
  if (bare === 0) return bytes;
  const sent = Buffer.allocUnsafe(bytes.length + bare);
  let at = 0;
  for (let i = 0; i < bytes.length; i += 1) {
    const byte = bytes[i] ?? 0;
    if (byte === LF && bytes[i - 1] !== CR) sent[at++] = CR;
    sent[at++] = byte;
  }
  return sent;
}

/** Where the header ends, its last line's end included. */
function headerEnd(message: Buffer): number {
  const blank = message.indexOf('\r\n\r\n');
  return blank < 0 ? message.length : blank + 2;
}

function longestLine(message: Buffer, from: number): number {
  let longest = 0;
  let start = from;
  for (let i = message.indexOf(LF, from); i >= 0; i = message.indexOf(LF, i + 1)) {
    longest = Math.max(longest, i - start);
    start = i + 1;
  }
  return Math.max(longest, message.length - start);
}
