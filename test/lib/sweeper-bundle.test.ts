// The files that are deployed: built as `cdk deploy` builds them, small enough to load fast, the configuration beside them.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CHECKED_CONFIG_FILE, CONFIG_FILE_IN_BUNDLE } from '../../lambda/settings.ts';

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

const chunks = (): readonly string[] => readdirSync(join(folder, 'chunks')).map((name) => `chunks/${name}`);

/** KiB of these files together. */
const sizeOf = (files: Iterable<string>): number => [...files].reduce((sum, file) => sum + statSync(join(folder, file)).size, 0) / 1024;

/** What Node loads with `index.mjs` before the handler can be called: all that it imports, and what that imports, but for `import()`. */
function loadedAtOnce(): ReadonlySet<string> {
  const found = new Set(['index.mjs']);
  for (const file of found)
    for (const [, from = ''] of readFileSync(join(folder, file), 'utf8').matchAll(/(?:from|import)"(\.[^"]+)"/g))
      found.add(posix.join(posix.dirname(file), from));
  return found;
}

test('the bundle, its chunks, and the configuration as it was written and as it was checked', () => {
  expect(readdirSync(folder).sort()).toEqual(['chunks', 'index.mjs', CHECKED_CONFIG_FILE, CONFIG_FILE_IN_BUNDLE].sort());
  expect(readFileSync(join(folder, CONFIG_FILE_IN_BUNDLE), 'utf8')).toBe(TEXT);
});

test('all of it stays under 1,150 KiB: past that, something was bundled that nobody uses', () => {
  expect(sizeOf(['index.mjs', ...chunks()])).toBeLessThan(1150);
});

test('what is loaded before the handler is ready stays under 600 KiB: past that, something is loaded that most sweeps do not use', () => {
  const files = loadedAtOnce();
  expect(files.size).toBeGreaterThan(1);
  expect(sizeOf(files)).toBeLessThan(600);
});

test('every chunk that a file names was deployed, and every one deployed is named', () => {
  const named = ['index.mjs', ...chunks()].flatMap((file) =>
    [...readFileSync(join(folder, file), 'utf8').matchAll(/(?:from|import|import\()"(\.[^"]+)"/g)].map(([, from = '']) =>
      posix.join(posix.dirname(file), from),
    ),
  );
  expect([...new Set(named)].sort()).toEqual([...chunks()].sort());
});

test('what only the command needs is not in it: the library that checks messages, and credentials of profiles and of SSO', () => {
  const text = ['index.mjs', ...chunks()].map((file) => readFileSync(join(folder, file), 'utf8')).join('');
  // Not the text itself: a failure would print a megabyte.
  const words = ['mailauth', 'libmime', 'iconv-lite', 'Only if the private key is lost', 'sso_start_url', 'credential_process'];
  expect(words.filter((word) => text.includes(word))).toEqual([]);
});

test('it loads, without any package beside it, and has the handler', () => {
  const script = `import(${JSON.stringify(pathToFileURL(join(folder, 'index.mjs')).href)}).then((m) => console.log(typeof m.handler))`;
  expect(spawnSync(process.execPath, ['-e', script], { encoding: 'utf8', cwd: folder }).stdout).toBe('function\n');
});
