// The stored form: round trip, bounds, and no crash on any bytes.
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { decodeBlob, encodeBlob } from '../../lambda/memory/blob.ts';

test('whatever JSON goes in comes out', async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), async (content) => {
      const value = { schema: 1, content };
      const decoded = await decodeBlob(await encodeBlob(value), 1);
      expect(decoded).toEqual({ kind: 'value', value: JSON.parse(JSON.stringify(value)) });
    }),
  );
});

test('any bytes at all are unreadable, never an exception', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.boolean(), async (bytes, zipped) => {
      const decoded = await decodeBlob(zipped ? gzipSync(bytes) : bytes, 1);
      expect(decoded.kind).toBe('unreadable');
    }),
  );
});

test('a decompression bomb stops at the bound', async () => {
  const bomb = gzipSync(Buffer.alloc(2_000_000, 0x20));
  expect(await decodeBlob(bomb, 1, 1_000_000)).toMatchObject({
    kind: 'unreadable',
    detail: expect.stringContaining('ERR_BUFFER_TOO_LARGE'),
  });
});

test('the same value gives the same bytes: a write can be recognised as our own', async () => {
  const value = { schema: 1, a: ['x', { b: 2 }] };
  expect(Buffer.from(await encodeBlob(value)).equals(await encodeBlob(value))).toBe(true);
});
