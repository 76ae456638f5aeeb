// Tells short pieces of keys from names and words: what an error sentence is about to repeat may be the middle of a private key.

/** Characters in which base64 shows itself; shorter pieces give too little away to guess the rest. */
const WINDOW = 16;
/** In random base64 about two neighbours of three are of different classes (nine or ten in a window); in names and words fewer, the less without digits. */
const LEAST_TURNS = 7;
const LEAST_TURNS_WITH_DIGITS = 5;
/** Bytes in hexadecimal, with or without colons. */
const HEX = /[0-9a-f]{24,}|(?:[0-9a-f]{2}:){8,}/gi;

/** True if the text may be, or hold, a piece of a key in base64 or hexadecimal, with white space in it or not. For errors: a name that looks like one is not shown either. */
export function mayHoldKeyPiece(text: string): boolean {
  const joined = text.replace(/\s/g, '');
  return (
    (joined.match(/[A-Za-z0-9+/_-]{16,}/g) ?? []).some(isMixed) ||
    (joined.match(HEX) ?? []).some((run) => /\d.*\d.*\d.*\d/.test(run) && /[a-f].*[a-f]/i.test(run))
  );
}

function isMixed(run: string): boolean {
  for (let at = 0; at + WINDOW <= run.length; at += 1) {
    const piece = run.slice(at, at + WINDOW);
    if (/[a-z]/.test(piece) && /[A-Z]/.test(piece) && turns(piece) >= (/[\d+/]/.test(piece) ? LEAST_TURNS_WITH_DIGITS : LEAST_TURNS))
      return true;
  }
  return false;
}

const classOf = (c: string): number => (/[a-z]/.test(c) ? 0 : /[A-Z]/.test(c) ? 1 : /\d/.test(c) ? 2 : 3);

const turns = (piece: string): number => [...piece].filter((c, i) => i > 0 && classOf(c) !== classOf(piece[i - 1] ?? c)).length;
