// The memory in a directory: the contract, and what only a file system can do wrong.
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { directoryMemory } from '../../lambda/memory/directory-memory.ts';
import { memoryContract } from './memory-contract.ts';

const made: string[] = [];

async function emptyDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'dkim-memory-'));
  made.push(directory);
  return directory;
}

afterAll(async () => {
  for (const directory of made) await rm(directory, { recursive: true, force: true });
});

memoryContract('directoryMemory', async () => {
  const directory = join(await emptyDirectory(), 'not', 'yet', 'there');
  return {
    memory: directoryMemory(directory),
    plant: async (key, bytes) => {
      const path = join(directory, `${key}.json.gz`);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, bytes);
    },
  };
});

describe('on the disk', () => {
  const key = 'alerts/deployment';
  const value = { schema: 1, a: 1 };

  test('files are for their owner only, and nothing else is left behind', async () => {
    const directory = await emptyDirectory();
    await directoryMemory(directory).write(key, value, 'absent');
    expect((await stat(join(directory, 'alerts'))).mode & 0o777).toBe(0o700);
    expect((await stat(join(directory, `${key}.json.gz`))).mode & 0o777).toBe(0o600);
    expect(await readdir(join(directory, 'alerts'))).toEqual(['deployment.json.gz']);
  });

  test("a dead process's lock is cleared away", async () => {
    const directory = await emptyDirectory();
    const lock = join(directory, `${key}.json.gz.lock`);
    await mkdir(dirname(lock), { recursive: true });
    await writeFile(lock, 'somebody who died');
    const longAgo = new Date(Date.now() - 3_600_000);
    await utimes(lock, longAgo, longAgo);
    expect(await directoryMemory(directory).write(key, value, 'absent')).toMatchObject({ kind: 'written' });
    expect(await readdir(dirname(lock))).toEqual(['deployment.json.gz']);
  });

  test('of many writers that meet a stale lock exactly one wins', async () => {
    const directory = await emptyDirectory();
    const lock = join(directory, `${key}.json.gz.lock`);
    await mkdir(dirname(lock), { recursive: true });
    await writeFile(lock, 'somebody who died');
    const longAgo = new Date(Date.now() - 3_600_000);
    await utimes(lock, longAgo, longAgo);
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, (_, owner) => ({ schema: 1, owner })).map((mine) => directoryMemory(directory).write(key, mine, 'absent')),
    );
    expect(outcomes.filter((o) => o.kind === 'written')).toHaveLength(1);
  });

  test("a living process's lock is awaited, then the write fails with the file to look at; the lock stays", async () => {
    const directory = await emptyDirectory();
    const lock = join(directory, `${key}.json.gz.lock`);
    await mkdir(dirname(lock), { recursive: true });
    await writeFile(lock, 'somebody alive');
    await expect(directoryMemory(directory, { patienceMs: 40 }).write(key, value, 'absent')).rejects.toThrow(
      /locked by another process.*\.lock/,
    );
    expect(await readFile(lock, 'utf8')).toBe('somebody alive');
  });

  test('a folder where the file should be is unreadable, not absent', async () => {
    const directory = await emptyDirectory();
    await mkdir(join(directory, `${key}.json.gz`), { recursive: true });
    expect(await directoryMemory(directory).read(key, 1)).toMatchObject({ kind: 'unreadable' });
  });

  test('a file where the directory should be: the write says so', async () => {
    const directory = await emptyDirectory();
    await writeFile(join(directory, 'alerts'), '');
    await expect(directoryMemory(directory).write(key, value, 'any')).rejects.toThrow(/The memory alerts\/deployment could not be written/);
  });
});
