// A TXT record's text in the quoted strings that hold it.

/** One character-string of a TXT record holds at most 255 bytes (RFC 1035 §3.3). */
const STRING_MAX = 255;

/** The text cut into as many pieces as it needs; receivers put them together again without anything between them. */
export function txtPieces(value: string): readonly string[] {
  return value.match(new RegExp(`.{1,${STRING_MAX}}`, 'gs')) ?? [''];
}

/** The pieces in quotes, as zone files and several DNS hosts want them: `"…" "…"`. */
export const quotedPieces = (value: string): string =>
  txtPieces(value)
    .map((piece) => `"${piece}"`)
    .join(' ');
