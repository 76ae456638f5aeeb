// Documents that can be wrong are read here: the README's alert and commands, links, and that the project speaks only of itself.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { METRICS } from '../../lambda/sweep/metrics.ts';
import { findingsPage } from '../../scripts/generate-findings-doc.ts';
import { permissionsPage } from '../../scripts/generate-permissions-doc.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const tracked = execFileSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' })
  .trim()
  .split('\n')
  .filter((file) => existsSync(join(ROOT, file)));
const pages = tracked.filter((file) => file.endsWith('.md'));
const README = read('README.md');
const SCRIPTS = (JSON.parse(read('package.json')) as { scripts: Record<string, string> }).scripts;

test('the README opens with a real alert: the first part of the mail that the code makes', () => {
  const shown = /<!-- alert: begin [^>]*-->\n```text\n([\s\S]*?)```\n<!-- alert: end -->/.exec(README)?.[1];
  const [mail] = read('test/messages/golden/mail-one-record-missing.txt').split('\nTHE SAME, TO PASTE');
  expect(shown).toBe(mail);
});

test('the README names the two commands, and every npm script it names exists', () => {
  expect(README).toContain('npm ci && npm start');
  expect(README).toContain('npm ci && npm test');
  const named = [...README.matchAll(/npm run ([a-z:-]+)/g)].map((match) => match[1] ?? '');
  expect(named.filter((script) => SCRIPTS[script] === undefined)).toEqual([]);
});

test('every relative link of every page leads somewhere', () => {
  const broken = pages.flatMap((page) =>
    [...read(page).matchAll(/\]\(([^)#\s]+)(#[^)]*)?\)/g)]
      .map((match) => match[1] ?? '')
      .filter((link) => !/^[a-z]+:/.test(link) && !existsSync(join(ROOT, dirname(page), link)))
      .map((link) => `${page}: ${link}`),
  );
  expect(broken).toEqual([]);
});

test('generated pages are current', () => {
  expect(read('docs/findings.md')).toBe(findingsPage());
  expect(read('docs/permissions.md')).toBe(permissionsPage());
});

test('the runbook names every metric it may send people to, rightly', () => {
  const names: readonly string[] = Object.values(METRICS);
  const named = [...read('docs/runbook.md').matchAll(/`([A-Z][a-z]+[A-Z][A-Za-z]+)`/g)]
    .map((match) => match[1] ?? '')
    .filter((name) => /(Sweep|Identities|Gaps|Inventor)/.test(name));
  expect(named.length).toBeGreaterThan(0);
  expect(named.filter((name) => !names.includes(name) && !name.startsWith('Memory'))).toEqual([]);
});

test('no absolute paths of a machine, no registry hosts', () => {
  const texts = tracked.filter((file) => /\.(ts|mjs|js|json|md|sh|py)$|^\.ci\/run$/.test(file) && file !== 'test/docs/documents.test.ts');
  const wrong = texts.filter((file) => /\/(work|root|home\/[a-z]+)\/|"resolved":|registry\.npmjs|npmjs\.org/.test(read(file)));
  expect(wrong).toEqual([]);
});
