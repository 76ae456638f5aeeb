// Packs the long tables of the public suffix list into the bundle as compressed bytes: a third of the size, and nothing that Node has to parse number by number.
import { pathToFileURL } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import type { Plugin } from 'esbuild';

/** A table or text with fewer bytes stays as it is. */
const LONG = 500;

type Table = Uint8Array | Uint16Array | Uint32Array;

/** For tldts' trie: its exports are numbers, a text, and typed arrays. Anything else fails the build. */
export const compactTables: Plugin = {
  name: 'compact-tables',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]tldts[\\/].*[\\/]data[\\/]trie\.js$/ }, async ({ path: file }) => {
      const exported = Object.entries((await import(pathToFileURL(file).href)) as Readonly<Record<string, unknown>>);
      return {
        contents: [UNPACK, ...exported.map(([name, value]) => `export const ${name} = /*#__PURE__*/ ${packed(name, value)};`)].join('\n'),
        loader: 'js',
      };
    });
  },
};

/** Lambda's processors and those that bundle are little-endian alike. */
const UNPACK = `import { brotliDecompressSync } from 'node:zlib';
const unpack = (text) => new Uint8Array(brotliDecompressSync(Buffer.from(text, 'base64')));
const textOf = (packed) => new TextDecoder().decode(unpack(packed));`;

function packed(name: string, value: unknown): string {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return value.length < LONG ? JSON.stringify(value) : `textOf("${base64(Buffer.from(value))}")`;
  if (value instanceof Uint8Array || value instanceof Uint16Array || value instanceof Uint32Array) return table(value);
  throw new Error(
    `The public suffix list's "${name}" has a form that is not known here: bundle it as it is, or teach lib/compact-tables.ts.`,
  );
}

function table(value: Table): string {
  const type = value.constructor.name;
  if (value.byteLength < LONG) return `new ${type}([${[...value].join(',')}])`;
  const bytes = `unpack("${base64(Buffer.from(value.buffer, value.byteOffset, value.byteLength))}")`;
  return type === 'Uint8Array' ? bytes : `new ${type}(${bytes}.buffer)`;
}

const base64 = (bytes: Buffer): string =>
  brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }).toString(
    'base64',
  );
