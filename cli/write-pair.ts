// Writes the two files of a key pair, both or neither, never over a file that is there, and readable by their owner only.
import { closeSync, fsyncSync, lstatSync, openSync, unlinkSync, writeFileSync } from 'node:fs';
import { UsageError } from './exit.ts';
import { fileCalled } from './hide-keys.ts';

export interface SecretFile {
  readonly name: string;
  readonly text: string;
}

const OWNER_ONLY = 0o600;

/** Creates every file or, if one cannot be, none. Throws {@link UsageError} with one sentence that never quotes the content. */
export function writePair(files: readonly SecretFile[]): void {
  const created: string[] = [];
  for (const { name, text } of files) {
    try {
      // Exclusively: neither a file nor a link that is there is followed or overwritten.
      const file = openSync(name, 'wx', OWNER_ONLY);
      created.push(name);
      try {
        writeFileSync(file, text);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
    } catch (error) {
      for (const one of created) unlinkSync(one);
      throw new UsageError(`${fileCalled(name)} was not written: ${reason(error, name)}. No key was made, and nothing was changed.`, {
        cause: error,
      });
    }
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EEXIST: 'it exists already, and may be the only copy of a key; name another with --out, or take another selector',
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'its folder is not one',
  EISDIR: 'it is a folder; give --out the name of a file',
  EACCES: 'its folder may not be written by you',
  EPERM: 'its folder may not be written by you',
  EROFS: 'its folder is on a file system that can only be read',
  ENOSPC: 'the disk is full',
  EDQUOT: 'your quota of the disk is used up',
  ENAMETOOLONG: 'its name is too long',
};

function reason(error: unknown, name: string): string {
  const { code: said } = error as NodeJS.ErrnoException;
  // "wx" says EEXIST of a folder too.
  const code = said === 'EEXIST' && lstatSync(name, { throwIfNoEntry: false })?.isDirectory() === true ? 'EISDIR' : said;
  return code === undefined ? 'it cannot be' : (REASONS[code] ?? code);
}
