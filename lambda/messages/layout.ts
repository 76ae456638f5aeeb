// Plain text on a page of limited width: wrapping, indenting, columns, cutting. Everything shown goes through here, so that no byte does harm.
import { visible } from '../model/safe-text.ts';

/** RFC 5322 §2.1.1 allows 998 characters in a line of mail: longer words are broken there, shorter ones never. */
const LONGEST_WORD = 900;

/**
 * Breaks text at spaces into lines of at most `width` columns. Words longer than a line stay whole: they are names and values to be copied.
 * `indent` starts every line, `first` the first one instead. Text is made harmless; its line breaks become spaces.
 */
export function wrap(text: string, width: number, indent = '', first = indent): readonly string[] {
  const lines: string[] = [];
  let line = first;
  let empty = true;
  for (const word of words(text)) {
    if (!empty && line.length + 1 + word.length > width) {
      lines.push(line);
      line = indent;
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  if (!empty || first.trim() !== '') lines.push(line);
  return lines;
}

function words(text: string): readonly string[] {
  const pieces: string[] = [];
  for (const word of visible(text.replace(/\s+/g, ' '), 20_000).split(' ')) pieces.push(...pieceByPiece(word));
  return pieces;
}

// In pieces of at most the longest word, never cut inside a character.
function pieceByPiece(text: string): readonly string[] {
  const pieces: string[] = [];
  for (let at = 0; at < text.length; ) {
    const end = at + LONGEST_WORD - (/[\ud800-\udbff]/.test(text[at + LONGEST_WORD - 1] ?? '') ? 1 : 0);
    pieces.push(text.slice(at, end));
    at = end;
  }
  return pieces;
}

/** A line to be copied as it stands: made harmless, indented, never wrapped; broken only where mail itself would break it. */
export function verbatim(text: string, indent = '  '): readonly string[] {
  return text.split('\n').flatMap((line) => pieceByPiece(visible(line, 20_000)).map((piece) => `${indent}${piece}`));
}

/** Label and value lines with the values in one column; long values wrap under themselves. */
export function labelled(pairs: readonly (readonly [string, string])[], width: number, indent = '  '): readonly string[] {
  const column = Math.max(...pairs.map(([label]) => label.length), 0) + 2;
  return pairs.flatMap(([label, value]) => wrap(value, width, `${indent}${' '.repeat(column)}`, `${indent}${label.padEnd(column)}`));
}

/** Cut in the middle at `max` characters, so that both ends of a long name stay readable; never inside a character. */
export function cutMiddle(text: string, max: number): string {
  if (text.length <= max) return text;
  if (max <= 3) return text.slice(0, Math.max(0, max));
  const head = Math.ceil((max - 3) / 2);
  const start = text.slice(0, head).replace(/[\ud800-\udbff]$/, '');
  const end = text.slice(text.length - (max - 3 - head)).replace(/^[\udc00-\udfff]/, '');
  return `${start}...${end}`;
}

/** "1 record", "2 records": the plural is the singular with an s unless given. */
export function plural(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString('en-US')} ${n === 1 ? one : many}`;
}

/** "a", "a and b", "a, b and c"; beyond `max` "a, b and 5 more". */
export function listed(items: readonly string[], max = items.length): string {
  const shown = items.length > max ? [...items.slice(0, max), `${(items.length - max).toLocaleString('en-US')} more`] : items;
  if (shown.length < 2) return shown[0] ?? '';
  return `${shown.slice(0, -1).join(', ')} and ${shown[shown.length - 1]}`;
}
