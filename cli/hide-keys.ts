// Keeps keys that somebody typed in a wrong place out of what this program says: an error sentence may end up in a log or a ticket.
import { readKeyFile } from '../lambda/dkim/key-file.ts';
import { UsageError } from './exit.ts';

/** Longer than any name that is typed by hand; the first 100 characters of a private key are not secret yet, what follows is. */
const KEY_LIKE = /[A-Za-z0-9+/=_-]{100,}/g;

/** What becomes of a private key on a command line. */
export const HISTORY = "it is now in your shell's history: remove it there, and better use a new one.";

/** The text without anything that could be a key. */
export function withoutKeys(text: string): string {
  return text.replace(/-----BEGIN .*/gs, '(a key)').replace(KEY_LIKE, '(a text as long as a key)');
}

/** True if a word of the command line is, or ends in, a private key that can be read, in whatever form. */
export function isPrivateKey(word: string): boolean {
  if (word.length < 200) return false;
  return [word, word.slice(word.indexOf('=') + 1)].some((text) => {
    const file = readKeyFile(Buffer.from(text), 'private');
    return file.kind === 'key' ? file.role === 'private' : file.reason === 'encrypted';
  });
}

/** Refuses an argument that is a key where a name was meant; `place` begins the sentence, such as "--key takes the name of a file". */
export function refuseKey(text: string, place: string): string {
  if (withoutKeys(text) === text && !text.includes('\n')) return text;
  throw new UsageError(`${place}, not a key itself. If that was a private key, ${HISTORY}`);
}
