// The one file that is deployed: built as `cdk deploy` builds it, small enough to load fast, its configuration beside it.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CONFIG_FILE_IN_BUNDLE } from '../../lambda/settings.ts';

const TEXT = '\ufeff{ "regions": "all" }\n';
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bundle-'));
  // In a process of its own: esbuild refuses to load inside the tests' globals.
  const script = `import(${JSON.stringify(pathToFileURL(resolve('lib/sweeper-bundle.ts')).href)}).then((m) => m.bundleSweeper(${JSON.stringify(folder)}, ${JSON.stringify(TEXT)}))`;
  const { status, stderr } = spawnSync(process.execPath, [resolve('node_modules/tsx/dist/cli.mjs'), '-e', script], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

test('two files: the bundle, and the configuration as it was written', () => {
  expect(readdirSync(folder).sort()).toEqual(['index.mjs', CONFIG_FILE_IN_BUNDLE].sort());
  expect(readFileSync(join(folder, CONFIG_FILE_IN_BUNDLE), 'utf8')).toBe(TEXT);
});

test('the bundle stays under 1,400 KiB: past that, something was bundled that nobody uses', () => {
  expect(statSync(join(folder, 'index.mjs')).size).toBeLessThan(1400 * 1024);
});

test('what only the command needs is not in it: the library that checks messages', () => {
  const text = readFileSync(join(folder, 'index.mjs'), 'utf8');
  // Not the text itself: a failure would print a megabyte.
  const found = ['mailauth', 'libmime', 'iconv-lite', 'Only if the private key is lost'].filter((word) => text.includes(word));
  expect(found).toEqual([]);
});

test('it loads, without any package beside it, and has the handler', () => {
  const script = `import(${JSON.stringify(pathToFileURL(join(folder, 'index.mjs')).href)}).then((m) => console.log(typeof m.handler))`;
  expect(spawnSync(process.execPath, ['-e', script], { encoding: 'utf8', cwd: folder }).stdout).toBe('function\n');
});
