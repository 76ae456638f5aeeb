// Writes the long tables of numbers of the public suffix list as text: half the size, and nothing that Node has to read number by number.
import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/** A table with fewer numbers stays as it is. */
const LONG = 500;

/** The first character: all from here to the end of ASCII but one need no escape. */
const FIRST = '#'.charCodeAt(0);

const TABLE = /new (Uint8Array|Uint16Array)\(\[([\d, ]+)\]\)/g;

/** For tldts' trie. A form of it that is not known here stays as it is. */
export const compactTables: Plugin = {
  name: 'compact-tables',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]tldts[\\/].*[\\/]data[\\/]trie\.js$/ }, async ({ path: file }) => {
      const text = await readFile(file, 'utf8');
      return {
        contents: text.replace(TABLE, (table, type: string, list: string) => asText(type, list.split(',').map(Number)) ?? table),
        loader: 'js',
      };
    });
  },
};

/** Undefined where it would not pay: a number beyond a few hundred costs more as an escape than as digits. */
function asText(type: string, numbers: readonly number[]): string | undefined {
  const small = numbers.filter((one) => one + FIRST < 127).length;
  if (numbers.length < LONG || small < 0.8 * numbers.length || numbers.some((one) => one + FIRST >= 0xd800)) return undefined;
  const text = numbers.map((one) => String.fromCharCode(one + FIRST)).join('');
  return `${type}.from(${JSON.stringify(text)}, (character) => character.charCodeAt(0) - ${FIRST})`;
}
