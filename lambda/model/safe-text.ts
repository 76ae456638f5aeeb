// Makes hostile bytes harmless before they leave this program: DNS, SES and users supply them, terminals, mails, chat and logs show them.
import { withoutPrivateKeys } from './private-keys.ts';

// C0 and C1 controls, bidirectional overrides, zero-width and line separators, the byte-order mark, tags and lone surrogates.
const DANGEROUS =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what is replaced.
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|\udb40[\udc00-\udc7f]/g;

/**
 * The text on one line with every dangerous character written as `\uXXXX`, cut at `max` characters (default 500), without private keys.
 * A backslash stays as it is: the result is for people to read, not to be parsed back.
 */
export function visible(text: string, max = 500): string {
  const cut = cutAt(withoutPrivateKeys(text), max);
  return cut.replace(DANGEROUS, (c) =>
    [...Array(c.length).keys()].map((i) => `\\u${c.charCodeAt(i).toString(16).padStart(4, '0')}`).join(''),
  );
}

/** Cuts at `max` UTF-16 units, never inside a surrogate pair; `…` shows the cut. */
export function cutAt(text: string, max: number): string {
  if (text.length <= max) return text;
  const end = /[\ud800-\udbff]/.test(text[max - 2] ?? '') ? max - 2 : max - 1;
  return `${text.slice(0, end)}…`;
}
