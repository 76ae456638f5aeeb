// The page that maps AWS's troubleshooting page: every kind and command that it names exists, and every kind is on it.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { main } from '../../cli/main.ts';
import { FINDING_KINDS } from '../../lambda/model/finding.ts';

const PAGE = readFileSync(fileURLToPath(new URL('../../docs/troubleshooting.md', import.meta.url)), 'utf8');
const code = [...PAGE.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');

test('every kind of finding stands on it, and no other word looks like one', () => {
  const named = new Set(code.filter((text) => /^[a-z]+(-[a-z]+)*$/.test(text)));
  expect([...named].filter((kind) => !FINDING_KINDS.some((known) => known === kind))).toEqual([]);
  expect(FINDING_KINDS.filter((kind) => !named.has(kind))).toEqual([]);
});

test('every command on it exists', async () => {
  const commands = new Set(code.filter((text) => text.startsWith('npx dkim-monitor ')).map((text) => text.split(' ')[2] ?? ''));
  let help = '';
  const out = (text: string): void => {
    help += text;
  };
  await main(['--help'], { out, err: out, interactive: false, color: false, width: 100, progressWidth: 80, environment: {} });
  expect(commands.size).toBeGreaterThan(5);
  expect([...commands].filter((command) => !new RegExp(`^  ${command}\\b`, 'm').test(help))).toEqual([]);
});

test('every check on it says what to check against: without that it exits 64', () => {
  const checks = code.filter((text) => text.startsWith('npx dkim-monitor check '));
  expect(checks.length).toBeGreaterThan(3);
  expect(checks.filter((text) => !/ --(region|token|selector) /.test(text))).toEqual([]);
});
