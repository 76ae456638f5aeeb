// The public suffix list in the function's bundle is the package's own, packed.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const PROGRAM = `
import { build } from 'esbuild';
import { compactTables } from ${JSON.stringify(pathToFileURL(resolve('lib/compact-tables.ts')).href)};
const tables = async (plugins) => {
  const { outputFiles: [{ text }] } = await build({ entryPoints: ['node_modules/tldts/dist/es6/src/data/trie.js'], bundle: true, format: 'esm', platform: 'node', minify: true, write: false, plugins });
  const module = await import('data:text/javascript,' + encodeURIComponent(text));
  const plain = Object.entries(module).map(([name, value]) => [name, ArrayBuffer.isView(value) ? [value.constructor.name, ...value] : value]);
  return { size: text.length, plain: Object.fromEntries(plain) };
};
console.log(JSON.stringify({ own: await tables([]), compact: await tables([compactTables]) }));
`;

interface Tables {
  readonly size: number;
  readonly plain: Readonly<Record<string, unknown>>;
}

test('the tables hold the same, in half of the text', () => {
  const options = { encoding: 'utf8', maxBuffer: 32 * 1024 * 1024 } as const;
  const tsx = pathToFileURL(resolve('node_modules/tsx/dist/loader.mjs')).href;
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', tsx, '--input-type=module', '--eval', PROGRAM], options);
  expect(stderr).toBe('');
  const { own, compact } = JSON.parse(stdout) as Readonly<Record<'own' | 'compact', Tables>>;
  expect(Object.keys(own.plain)).toContain('edgeChild');
  expect(compact.plain).toEqual(own.plain);
  expect(compact.size).toBeLessThan(0.5 * own.size);
});
