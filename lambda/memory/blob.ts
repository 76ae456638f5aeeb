// The form in which a memory is stored: versioned JSON, compressed, bounded both ways.
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { withoutPrivateKeys } from '../model/private-keys.ts';
import { visible } from '../model/safe-text.ts';

/** The most that a stored blob may hold, in bytes: compressed, and after decompression. Far above 10,000 identities; a bomb stops here. */
export const MAX_COMPRESSED_BYTES = 64 * 1024 * 1024;
export const MAX_JSON_BYTES = 256 * 1024 * 1024;

export type Decoded = { readonly kind: 'value'; readonly value: unknown } | { readonly kind: 'unreadable'; readonly detail: string };

// The asynchronous forms: a large blob must not hold up the DNS sockets of the same process.
const compress = promisify(gzip);
const decompress = promisify(gunzip);

/**
 * JSON text of `value`, gzipped, without the private keys that its texts may hold: people publish them in DNS, and what is kept is read by many. Throws if it is larger than {@link decodeBlob} would take back: a memory that cannot be read must not be
 * written.
 */
export async function encodeBlob(value: { readonly schema: number } & object): Promise<Uint8Array> {
  const json = Buffer.from(
    JSON.stringify(value, (_, one: unknown) => (typeof one === 'string' ? withoutPrivateKeys(one) : one)),
    'utf8',
  );
  if (json.byteLength > MAX_JSON_BYTES) throw new Error(`The memory is too large to be kept: ${json.byteLength} bytes of JSON.`);
  const bytes = await compress(json);
  if (bytes.byteLength > MAX_COMPRESSED_BYTES) throw new Error(`The memory is too large to be kept: ${bytes.byteLength} bytes compressed.`);
  return bytes;
}

/**
 * The value in `bytes`, for a reader that understands schemas up to `schema`. An older schema is handed over as it is.
 * Damage, a missing schema number or a newer one is `unreadable`, with a sentence; nothing throws.
 */
export async function decodeBlob(bytes: Uint8Array, schema: number, maxJsonBytes = MAX_JSON_BYTES): Promise<Decoded> {
  if (bytes.byteLength > MAX_COMPRESSED_BYTES) return unreadable(`It is larger than ${MAX_COMPRESSED_BYTES} bytes.`);
  let json: string;
  try {
    json = (await decompress(bytes, { maxOutputLength: maxJsonBytes })).toString('utf8');
  } catch (error) {
    return unreadable(`It cannot be decompressed (${reasonOf(error)}).`);
  }
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    // The parser's own message quotes the content, which may be anything.
    return unreadable('It is not JSON.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return unreadable('It is not a JSON object.');
  const found = (value as { readonly schema?: unknown }).schema;
  if (typeof found !== 'number' || !Number.isInteger(found) || found < 1) return unreadable('It has no schema number.');
  if (found > schema)
    return unreadable(
      `It was written by a newer version (schema ${found}; this version reads up to ${schema}). Deploy the newer version again.`,
    );
  return { kind: 'value', value };
}

/** SHA-256 of the bytes, in hexadecimal. */
export function contentHash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function unreadable(detail: string): Decoded {
  return { kind: 'unreadable', detail };
}

function reasonOf(error: unknown): string {
  return visible(error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? error.message) : String(error), 100);
}
