// `dkim-monitor explain`: one kind, all kinds, and what was probably meant.
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kindsInOrder } from '../../lambda/diagnosis/explain.ts';
import { hasControls, run } from './stage.ts';

test('all kinds, grouped by section', async () => {
  const { code, out, err } = await run(['explain']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  for (const kind of kindsInOrder()) expect(out).toContain(`\n  ${kind} `);
  expect(out.match(/^[A-D]\. .*$/gm)).toHaveLength(4);
});

test('one kind', async () => {
  const { code, out } = await run(['explain', 'record-missing'], 80);
  expect(code).toBe(0);
  expect(out).toMatch(/^record-missing\n/);
  expect(out).toContain('CRITICAL: 1 of 3 DKIM records is missing: example.com');
  expect(out).toMatch(/"kinds":\["record-missing"\],"until":"\d{4}-\d\d-\d\d"/);
});

test.each(['Record-Missing', 'record_missing', ' record missing '])('%j is understood', async (word) => {
  expect((await run(['explain', word])).out).toMatch(/^record-missing\n/);
});

test('--json: all without examples, one with it', async () => {
  const all = JSON.parse((await run(['explain', '--json'])).out) as { schema: number; kinds: Record<string, unknown>[] };
  expect(all.schema).toBe(1);
  expect(all.kinds.map(({ kind }) => kind)).toEqual(kindsInOrder());
  expect(Object.keys(all.kinds[0] ?? {})).toEqual(
    expect.arrayContaining(['kind', 'section', 'sectionTitle', 'severities', 'summary', 'found', 'hiddenBy', 'hides']),
  );
  expect(all.kinds[0]).not.toHaveProperty('example');
  const one = JSON.parse((await run(['explain', 'revoked', '--json'])).out) as Record<string, unknown>;
  expect(one).toMatchObject({
    schema: 1,
    kind: 'revoked',
    section: 'C',
    severities: ['critical'],
    hiddenBy: expect.arrayContaining(['domain-gone']),
    example: { kind: 'revoked', severity: 'critical', title: expect.any(String), fix: expect.any(Array) },
  });
});

test.each([
  ['recrod-missing', 'Did you mean record-missing?'],
  ['pending', 'Did you mean verification-pending?'],
  ['', '"" is no kind of finding. All of them: npx dkim-monitor explain'],
  ['nonsense', 'All of them: npx dkim-monitor explain'],
  ['a\u001b[31m\n', '\\u001b'],
  ['x'.repeat(5000), 'is no kind of finding'],
])('%j is no kind: one sentence, exit 64', async (word, sentence) => {
  const { code, out, err } = await run(['explain', word]);
  expect({ code, out }).toEqual({ code: 64, out: '' });
  expect(err).toContain(sentence);
  expect(err.trimEnd().split('\n')).toHaveLength(1);
  expect(err.length).toBeLessThan(300);
  expect(hasControls(err)).toBe(false);
});

test.each(['explain', 'inspect', 'sweep --config'])('%s quotes nothing of a key given in its place', async (command) => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const text = privateKey.export({ type: 'pkcs1', format: 'der' }).toString('base64');
  const folder = mkdtempSync(join(tmpdir(), 'key-'));
  const file = join(folder, 'a');
  writeFileSync(file, text);
  const { code, out, err } = await run([...command.split(' '), command === 'explain' ? text.slice(0, 70) : file]);
  rmSync(folder, { recursive: true });
  expect({ code, out }).toEqual({ code: 64, out: '' });
  expect(err).not.toContain(text.slice(0, 6));
  if (command !== 'sweep --config') expect(err).toMatch(/\(a text (of \d+ characters|as long as a key)\)/);
  else expect(err).toContain('This is not JSON');
});
