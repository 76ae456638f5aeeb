// Keeps keys that somebody typed in a wrong place out of what this program says: an error sentence may end up in a log or a ticket.
import { existsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { readKeyFile } from '../lambda/dkim/key-file.ts';
import { keyLikeRuns, looksLikeKey } from '../lambda/model/private-keys.ts';
import { visible } from '../lambda/model/safe-text.ts';
import { UsageError } from './exit.ts';

/** Longer than any name that is typed by hand; the first 100 characters of a private key are not secret yet, what follows is. */
const KEY_LIKE = /[A-Za-z0-9+/=_-]{100,}/g;

/** What becomes of a private key on a command line. */
export const HISTORY = "it is now in your shell's history: remove it there, and better use a new one.";

/** The text without anything that could be a key. */
export function withoutKeys(text: string): string {
  return text.replace(/-----BEGIN .*/gs, '(a key)').replace(KEY_LIKE, '(a text as long as a key)');
}

/** The same for sentences in which no long name of a file is to be kept: without single lines of a key, too. */
export function withoutKeyLines(text: string): string {
  const without = withoutKeys(text);
  return keyLikeRuns(without).reduce((rest, run) => rest.replace(run, '(a text that looks like a part of a key)'), without);
}

/**
 * A file's name as it may stand in a sentence that says what is the matter with it. A line of a key given in its place is named by its length
 * only; a path of folders that exist is shown, however long.
 */
export function fileCalled(name: string): string {
  const folder = dirname(name);
  const isPath = folder !== '.' && existsSync(folder) && !looksLikeKey(basename(name));
  if (!looksLikeKey(name) || isPath) return visible(name, 200);
  return `(a name of ${name.length} characters that looks like a part of a key; if it is one, ${HISTORY.replace(/\.$/, '')})`;
}

/** True if a word of the command line is, or ends in, a private key that can be read, in whatever form. */
export function isPrivateKey(word: string): boolean {
  if (word.length < 200) return false;
  return [word, word.slice(word.indexOf('=') + 1)].some((text) => {
    const file = readKeyFile(Buffer.from(text), 'private');
    return file.kind === 'key' ? file.role === 'private' : file.reason === 'encrypted';
  });
}

/**
 * Refuses an argument that is a key where a name was meant; `place` begins the sentence, such as "--key takes the name of a file". What is no
 * `file`, a domain or a selector, is not a single line of a key either.
 */
export function refuseKey(text: string, place: string, file?: 'file'): string {
  const hidden = file === undefined ? withoutKeyLines(text) : withoutKeys(text);
  if (hidden === text && !text.includes('\n')) return text;
  throw new UsageError(`${place}, not a key itself. If that was a private key, ${HISTORY}`);
}
