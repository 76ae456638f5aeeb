// The memory in a local directory, for the command: the same promises as in S3.
import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { visible } from '../model/safe-text.ts';
import type { Memory, MemoryRead } from '../sweep/ports.ts';
import { contentHash, decodeBlob, encodeBlob, MAX_COMPRESSED_BYTES } from './blob.ts';
import { blobName } from './blob-name.ts';
import { type LockWaiting, withLock } from './lock-file.ts';

type Raw = { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly version: string } | Exclude<MemoryRead, { kind: 'found' }>;

/**
 * {@link Memory} over the files below `directory` (created when first written, mode 700, files 600). A version is the SHA-256 of the
 * content. `waiting` says how long a lock of another process is awaited.
 */
export function directoryMemory(directory: string, waiting: LockWaiting = {}): Memory {
  const pathOf = (key: string) => join(directory, blobName(key));

  async function read(key: string, schema: number): Promise<MemoryRead> {
    const raw = await readRaw(pathOf(key));
    if (raw.kind === 'absent') return raw;
    if (raw.kind === 'unreadable') return { kind: 'unreadable', detail: `${key}: ${raw.detail}` };
    const decoded = await decodeBlob(raw.bytes, schema);
    if (decoded.kind === 'unreadable') return { kind: 'unreadable', detail: `${key}: ${decoded.detail}` };
    return { kind: 'found', value: decoded.value, version: raw.version };
  }

  async function write(
    key: string,
    value: { readonly schema: number } & object,
    expected: string | 'absent' | 'any',
  ): Promise<{ readonly kind: 'written'; readonly version: string } | { readonly kind: 'conflict' }> {
    const path = pathOf(key);
    const bytes = await encodeBlob(value);
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      return await withLock(path, waiting, async () => {
        if (expected !== 'any' && !(await isAt(path, expected))) return { kind: 'conflict' };
        await replaceFile(path, bytes);
        return { kind: 'written', version: contentHash(bytes) };
      });
    } catch (error) {
      throw new Error(`The memory ${key} could not be written: ${visible((error as Error).message, 300)}`, { cause: error });
    }
  }

  return { read, write };
}

async function isAt(path: string, expected: string): Promise<boolean> {
  const raw = await readRaw(path);
  if (raw.kind === 'absent') return expected === 'absent';
  return raw.kind === 'bytes' && raw.version === expected;
}

async function readRaw(path: string): Promise<Raw> {
  try {
    const { size } = await stat(path);
    if (size > MAX_COMPRESSED_BYTES) return { kind: 'unreadable', detail: `The file is larger than ${MAX_COMPRESSED_BYTES} bytes.` };
    const bytes = await readFile(path);
    return { kind: 'bytes', bytes, version: contentHash(bytes) };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    if (code === 'ENOENT') return { kind: 'absent' };
    return { kind: 'unreadable', detail: `The file cannot be read (${visible(code, 40)}).` };
  }
}

/** All or nothing, also when the power fails: a new file, on the disk before it takes the old one's name. */
async function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.new`;
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
