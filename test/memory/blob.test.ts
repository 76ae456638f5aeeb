// The stored form: round trip, bounds, and no crash on any bytes.
import { generateKeyPairSync } from 'node:crypto';
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

test('a private key that somebody published in DNS is not kept', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const der = { format: 'der', type: 'pkcs8' } as const;
  const value = privateKey.export(der).toString('base64');
  const spki = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
  const kept = { schema: 1, lastRecords: [{ value: `p=${spki}; n=${value}` }] };
  const decoded = await decodeBlob(await encodeBlob(kept), 1);
  expect(decoded).toEqual({ kind: 'value', value: { schema: 1, lastRecords: [{ value: `p=${spki}; n=[private key, not shown]` }] } });
});

test('a large memory is looked through in no time', async () => {
  const one = {
    value: `v=DKIM1; k=rsa; p=${'MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA'.repeat(9)}`,
    name: `${'a'.repeat(32)}._domainkey.example.com`,
  };
  const large = { schema: 1, all: Array(30_000).fill(one) };
  const started = process.hrtime.bigint();
  await encodeBlob(large);
  expect(Number(process.hrtime.bigint() - started) / 1e6).toBeLessThan(8000);
});
