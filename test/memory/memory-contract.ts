// What every memory promises, run against each of them.
import { gzipSync } from 'node:zlib';
import type { Memory } from '../../lambda/sweep/ports.ts';

export interface MemoryUnderTest {
  readonly memory: Memory;
  /** Puts raw bytes where the memory keeps `key`, as damage or another version of the program would. */
  plant(key: string, bytes: Uint8Array): Promise<void>;
}

/** Declares the contract's cases for one memory. `open` gives an empty one for each case. */
export function memoryContract(name: string, open: () => Promise<MemoryUnderTest>): void {
  const key = 'alerts/deployment';
  const first = { schema: 1, text: 'grüße \u{1F4EC}', list: [1, 2, 3] };
  const second = { schema: 1, text: 'later' };
  const other = { schema: 1, text: 'from the past' };
  const ownedBy = (owner: number) => ({ schema: 1, owner });

  async function versionOf(memory: Memory, at = key): Promise<string> {
    const read = await memory.read(at, 1);
    if (read.kind !== 'found') throw new Error(`expected a value at ${at}, found ${read.kind}`);
    return read.version;
  }

  describe(`${name} keeps the contract of a memory`, () => {
    test('what was never written is absent', async () => {
      const { memory } = await open();
      expect(await memory.read(key, 1)).toEqual({ kind: 'absent' });
    });

    test('what was written is read back, with the version that the write returned', async () => {
      const { memory } = await open();
      const written = await memory.write(key, first, 'absent');
      if (written.kind !== 'written') throw new Error('not written');
      expect(await memory.read(key, 1)).toEqual({ kind: 'found', value: first, version: written.version });
    });

    test('keys do not touch each other', async () => {
      const { memory } = await open();
      await memory.write('inventory/111111111111/eu-west-1', first, 'absent');
      await memory.write('inventory/111111111111/us-east-1', second, 'absent');
      expect(await memory.read('inventory/111111111111/eu-west-1', 1)).toMatchObject({ value: first });
      expect(await memory.read('inventory/111111111111', 1)).toEqual({ kind: 'absent' });
    });

    test('a write that expects absence conflicts with what is there, and leaves it', async () => {
      const { memory } = await open();
      await memory.write(key, first, 'absent');
      expect(await memory.write(key, second, 'absent')).toEqual({ kind: 'conflict' });
      expect(await memory.read(key, 1)).toMatchObject({ value: first });
    });

    test('a write over the version last read succeeds and gives a new version', async () => {
      const { memory } = await open();
      await memory.write(key, first, 'absent');
      const before = await versionOf(memory);
      const written = await memory.write(key, second, before);
      expect(written).toEqual({ kind: 'written', version: await versionOf(memory) });
      expect(await versionOf(memory)).not.toBe(before);
    });

    test('a write over an old version conflicts, and leaves the newer value', async () => {
      const { memory } = await open();
      await memory.write(key, first, 'absent');
      const old = await versionOf(memory);
      await memory.write(key, second, old);
      expect(await memory.write(key, other, old)).toEqual({ kind: 'conflict' });
      expect(await memory.read(key, 1)).toMatchObject({ value: second });
    });

    test('an unconditional write replaces whatever is there, also nothing', async () => {
      const { memory } = await open();
      expect(await memory.write(key, first, 'any')).toMatchObject({ kind: 'written' });
      expect(await memory.write(key, second, 'any')).toMatchObject({ kind: 'written' });
      expect(await memory.read(key, 1)).toMatchObject({ value: second });
    });

    test('of writers that all expect absence exactly one wins', async () => {
      const { memory } = await open();
      const outcomes = await Promise.all([1, 2, 3, 4, 5].map((owner) => memory.write(key, ownedBy(owner), 'absent')));
      expect(outcomes.map((o) => o.kind).sort()).toEqual(['conflict', 'conflict', 'conflict', 'conflict', 'written']);
      const winner = outcomes.findIndex((o) => o.kind === 'written') + 1;
      expect(await memory.read(key, 1)).toMatchObject({ value: ownedBy(winner) });
    });

    test.each([
      ['bytes that are not gzip', Buffer.from('hello'), /decompressed/],
      ['an empty blob', Buffer.alloc(0), /decompressed/],
      ['gzip cut off', gzipSync('{"schema":1,"a":"aaaaaaaaaaaaaaaa"}').subarray(0, 24), /decompressed/],
      ['gzip of what is not JSON', gzipSync('{"schema":1'), /not JSON/],
      ['JSON that is not an object', gzipSync('[1]'), /not a JSON object/],
      ['JSON null', gzipSync('null'), /not a JSON object/],
      ['no schema number', gzipSync('{"alerts":{}}'), /no schema number/],
      ['a schema that is text', gzipSync('{"schema":"1"}'), /no schema number/],
      ['a newer schema', gzipSync('{"schema":2}'), /newer version \(schema 2/],
    ])('%s: unreadable, never an empty memory', async (_what, bytes, sentence) => {
      const { memory, plant } = await open();
      await plant(key, bytes);
      const read = await memory.read(key, 1);
      expect(read).toMatchObject({ kind: 'unreadable', detail: expect.stringMatching(sentence) });
      expect(read).toMatchObject({ detail: expect.stringContaining(key) });
      expect(await memory.write(key, first, 'absent')).toEqual({ kind: 'conflict' });
    });

    test('an older schema is handed over as it is', async () => {
      const { memory } = await open();
      await memory.write(key, first, 'absent');
      expect(await memory.read(key, 2)).toMatchObject({ kind: 'found', value: first });
    });

    test('10,000 identities and more fit', async () => {
      const { memory } = await open();
      const large = {
        schema: 1,
        identities: Array.from({ length: 10_000 }, (_, i) => ({ identity: `customer-${i}.example.com`, tokens: ['a', 'b', 'c'] })),
      };
      await memory.write(key, large, 'absent');
      expect(await memory.read(key, 1)).toMatchObject({ kind: 'found', value: large });
    });

    test.each(['../outside', 'a//b', '/abs', 'a/..', '', 'a/.hidden', 'a b', 'a\0b'])(
      'the key %j is refused: it is a bug of ours',
      async (bad) => {
        const { memory } = await open();
        await expect(memory.read(bad, 1)).rejects.toThrow('Not a memory key');
        await expect(memory.write(bad, first, 'any')).rejects.toThrow('Not a memory key');
      },
    );
  });
}
