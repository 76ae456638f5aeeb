// Reads a file or standard input to a limit; what cannot be read is one sentence.
import { open } from 'node:fs/promises';
import { UsageError } from './exit.ts';
import { fileCalled } from './hide-keys.ts';
import type { Input, Terminal } from './terminal.ts';

export interface InputLimits {
  /** Bytes. */
  readonly most: number;
  /** The sentence for more, without the file's name: "is larger than …". */
  readonly tooLarge: string;
}

/** The bytes of the file, or of standard input for `-`. Throws {@link UsageError}. */
export async function readInput(name: string, limits: InputLimits, terminal: Terminal): Promise<Buffer> {
  if (name === '') throw new UsageError('An empty name of a file was given.');
  if (name === '-') return readStandardInput(limits, terminal);
  try {
    const file = await open(name, 'r');
    try {
      return await collect(file.createReadStream({ autoClose: false, end: limits.most }), limits, fileCalled(name));
    } finally {
      await file.close();
    }
  } catch (error) {
    const why = reason(error);
    if (why === undefined) throw error;
    throw new UsageError(`${fileCalled(name)} cannot be read: ${why}.`);
  }
}

async function readStandardInput(limits: InputLimits, terminal: Terminal): Promise<Buffer> {
  const { input } = terminal;
  if (input === undefined) throw new UsageError('There is no standard input to read: give the name of a file.');
  if (input.isTTY === true) terminal.err('Reading what you type or paste here; end it with Ctrl-D on a line of its own.\n');
  return collect(input, limits, 'Standard input');
}

/** Stops at the first byte too many, however much would follow. */
async function collect(input: Input, { most, tooLarge }: InputLimits, name: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of input) {
    length += chunk.length;
    if (length > most) throw new UsageError(`${name} ${tooLarge}`);
    chunks.push(Buffer.from(chunk));
  }
  return Buffer.concat(chunks, length);
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such folder',
  EISDIR: 'it is a folder',
  EACCES: 'it may not be read by you',
  EPERM: 'it may not be read by you',
  ENAMETOOLONG: 'its name is too long',
  ELOOP: 'its links go round in a circle',
};

function reason(error: unknown): string | undefined {
  const { code } = error as NodeJS.ErrnoException;
  return code === undefined || !/^E[A-Z]+$/.test(code) ? undefined : (REASONS[code] ?? code);
}
