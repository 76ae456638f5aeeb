// Which tests `npm test` runs: a path that is given wins, with and without `--third-party`.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { relative } from 'node:path';

/** The test files that would run, relative to the repository, sorted. */
function listed(...args: readonly string[]): readonly string[] {
  const { stdout } = spawnSync(process.execPath, ['scripts/run-tests.mjs', ...args, '--listTests'], { encoding: 'utf8' });
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => relative(process.cwd(), line))
    .sort();
}

test('a room', () => expect(listed('test/scripts')).toEqual(['test/scripts/run-tests.test.ts']));

test('without a path: everything but what needs third parties', () => {
  const all = listed();
  expect(all.length).toBeGreaterThan(20);
  expect(all.filter((path) => path.startsWith('test/third-party/'))).toEqual([]);
});

test('--third-party alone: all of those, and no others', () => {
  const there = readdirSync('test/third-party').filter((name) => name.endsWith('.test.ts'));
  expect(there).toContain('deploy.test.ts');
  expect(listed('--third-party')).toEqual(there.map((name) => `test/third-party/${name}`).sort());
});

test.each([
  [['--third-party', 'test/third-party/deploy']],
  [['test/third-party/deploy.test.ts', '--third-party']],
  [['--third-party', 'deploy']],
  [['--third-party', '--verbose', 'third-party/deploy', '-t', 'three sweeps']],
])('%j: that one', (args) => expect(listed(...args)).toEqual(['test/third-party/deploy.test.ts']));
