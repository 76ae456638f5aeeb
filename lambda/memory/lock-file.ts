// A lock between processes that share a directory: a file that only one can create.
import { randomBytes } from 'node:crypto';
import { link, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';

export interface LockWaiting {
  /** How long somebody else's lock is awaited before giving up, in milliseconds. Default 10,000. */
  readonly patienceMs?: number;
  /** A lock file older than this was left by a process that died, in milliseconds. It is held for the length of one file write. Default 60,000. */
  readonly staleAfterMs?: number;
}

const POLL_MS = 20;

/** Runs `work` while `<path>.lock` is ours. Throws if the lock cannot be had within the patience: then the store cannot be written. */
export async function withLock<T>(path: string, waiting: LockWaiting, work: () => Promise<T>): Promise<T> {
  const lock = `${path}.lock`;
  const token = randomBytes(12).toString('hex');
  await acquire(lock, token, waiting);
  try {
    return await work();
  } finally {
    // Only our own: a lock taken from us as stale belongs to somebody else by now.
    if ((await contentOf(lock)) === token) await rm(lock, { force: true });
  }
}

async function acquire(lock: string, token: string, waiting: LockWaiting): Promise<void> {
  const tries = Math.ceil((waiting.patienceMs ?? 10_000) / POLL_MS) + 1;
  for (let i = 0; i < tries; i++) {
    if (await create(lock, token)) return;
    if (await breakIfStale(lock, token, waiting.staleAfterMs ?? 60_000)) continue;
    await wait(POLL_MS);
  }
  throw new Error(`The memory is locked by another process. If none is running, remove ${lock}`);
}

async function create(lock: string, token: string): Promise<boolean> {
  try {
    const file = await open(lock, 'wx', 0o600);
    try {
      await file.writeFile(token);
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * True if a dead process's lock was cleared away. Two processes may find the same lock stale: each moves it aside by an atomic rename
 * and looks at what it moved; a fresh lock moved by mistake is put back under its name.
 */
async function breakIfStale(lock: string, token: string, staleAfterMs: number): Promise<boolean> {
  const age = await ageOf(lock);
  if (age === undefined) return true;
  if (age < staleAfterMs) return false;
  const aside = `${lock}.${token}`;
  try {
    await rename(lock, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return true;
    throw error;
  }
  const moved = await ageOf(aside);
  if (moved !== undefined && moved < staleAfterMs) await link(aside, lock).catch(ignoreExisting);
  await rm(aside, { force: true });
  return true;
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}

/** Milliseconds since the file was written, by the clock that also stamps files; undefined if it is gone. */
async function ageOf(path: string): Promise<number | undefined> {
  try {
    return Date.now() - (await stat(path)).mtimeMs;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function contentOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return undefined;
  }
}
