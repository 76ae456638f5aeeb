// The body of an S3 upload: plain or in signed chunks, with its checksum.
import { createHash } from 'node:crypto';

export type Upload =
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  | { readonly kind: 'bad'; readonly code: 'BadDigest' | 'IncompleteBody'; readonly message: string };

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

/** CRC-32 (IEEE) as S3 writes it: base64 of four bytes, most significant first. */
export function crc32Base64(bytes: Uint8Array): string {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (TABLE[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  const out = Buffer.alloc(4);
  out.writeUInt32BE((crc ^ 0xffffffff) >>> 0);
  return out.toString('base64');
}

/** Takes the body apart and checks what the client says about it. */
export function readUpload(headers: Readonly<Record<string, string>>, body: Buffer): Upload {
  const chunked =
    (headers['content-encoding'] ?? '').includes('aws-chunked') || (headers['x-amz-content-sha256'] ?? '').startsWith('STREAMING-');
  const decoded = chunked ? dechunk(body) : { bytes: body, trailers: {} };
  if (decoded === undefined) return { kind: 'bad', code: 'IncompleteBody', message: 'The request body terminated unexpectedly' };
  const { bytes, trailers } = decoded;
  const said: Readonly<Record<string, string | undefined>> = { ...headers, ...trailers };
  const checks: readonly (readonly [string, () => string])[] = [
    ['x-amz-checksum-crc32', () => crc32Base64(bytes)],
    ['x-amz-checksum-sha256', () => createHash('sha256').update(bytes).digest('base64')],
    ['content-md5', () => createHash('md5').update(bytes).digest('base64')],
  ];
  for (const [name, compute] of checks)
    if (said[name] !== undefined && said[name] !== compute())
      return { kind: 'bad', code: 'BadDigest', message: `The ${name} you specified did not match the calculated checksum.` };
  return { kind: 'bytes', bytes };
}

/** `aws-chunked`: `<hex size>[;chunk-signature=…]\r\n<bytes>\r\n`, a chunk of size 0, then trailers (AWS, "Signature calculations: multiple chunks"). */
function dechunk(body: Buffer): { readonly bytes: Buffer; readonly trailers: Readonly<Record<string, string>> } | undefined {
  const parts: Buffer[] = [];
  let at = 0;
  for (;;) {
    const line = body.indexOf('\r\n', at);
    if (line === -1) return undefined;
    const size = Number.parseInt(body.toString('latin1', at, line), 16);
    if (!(size >= 0)) return undefined;
    if (size === 0) return { bytes: Buffer.concat(parts), trailers: readTrailers(body.toString('latin1', line + 2)) };
    if (line + 2 + size + 2 > body.length) return undefined;
    parts.push(body.subarray(line + 2, line + 2 + size));
    at = line + 2 + size + 2;
  }
}

function readTrailers(text: string): Readonly<Record<string, string>> {
  const pairs = text.split('\r\n').flatMap((line) => {
    const colon = line.indexOf(':');
    return colon === -1 ? [] : [[line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()] as const];
  });
  return Object.fromEntries(pairs);
}
