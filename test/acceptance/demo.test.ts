// `npm start` as a new user runs it: the bundled handler over four sweeps, three mails, a report on disk.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Report } from '../../lambda/model/report.ts';

const path = (relative: string): string => fileURLToPath(new URL(`../../${relative}`, import.meta.url));

interface LogLine {
  readonly message?: string;
  readonly [field: string]: unknown;
}

test('the main job, told in plain words', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dkim-monitor-demo-test-'));
  try {
    const { status, stdout, stderr } = spawnSync(path('node_modules/.bin/tsx'), [path('demo/main.ts')], { cwd: folder, encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout.match(/^Sweep \d: .*$/gm)?.map((line) => line.replace(/(No SES call|\d+ SES calls), \d+ DNS.*$/, ''))).toEqual([
      'Sweep 1: 15 identities in 6 targets: 15 healthy, 0 broken, 0 unknown. ',
      'Sweep 2: 15 identities in 6 targets: 14 healthy, 1 broken, 0 unknown. ',
      'Sweep 3: 15 identities in 6 targets: 14 healthy, 1 broken, 0 unknown. ',
      'Sweep 4: 15 identities in 6 targets: 15 healthy, 0 broken, 0 unknown. ',
    ]);
    const output = join(folder, 'last-report');
    expect(readdirSync(output).sort()).toEqual(['mail-1.txt', 'mail-2.txt', 'mail-4.txt', 'report.json', 'sweeps.log']);
    const mail = (sweep: number): string => readFileSync(join(output, `mail-${sweep}.txt`), 'utf8');
    expect(mail(1)).toContain('all healthy, 15 identities');
    expect(mail(2)).toMatch(/^Subject: \[CRITICAL\] 1 of 3 DKIM records is missing: northwind-shop\.com/);
    expect(mail(2)).toMatch(/Value +\S+\.dkim\.amazonses\.com\./);
    expect(mail(4)).toMatch(/^Subject: \[RECOVERED\]/);
    expect(JSON.parse(readFileSync(join(output, 'report.json'), 'utf8')) as Report).toMatchObject({
      schema: 1,
      summary: { healthy: 15, broken: 0, unknown: 0 },
    });
    checkLog(
      readFileSync(join(output, 'sweeps.log'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as LogLine),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 60_000);

/** Every line is structured: one for each target, one for each decision with its reason, the metrics without account or region. */
function checkLog(lines: readonly LogLine[]): void {
  expect(lines.filter(({ message }) => message === 'target-swept')).toHaveLength(4 * 6);
  const decisions = lines.filter(({ message }) => message === 'decision');
  expect(decisions.map(({ tell, reason }) => [tell, reason])).toEqual([
    [true, 'new'],
    [false, 'already-told'],
    [true, 'healthy-again'],
  ]);
  const metrics = lines.filter((line) => line._aws !== undefined);
  expect(metrics).toHaveLength(4);
  expect(JSON.stringify(metrics.map(({ _aws }) => _aws))).not.toMatch(/account|region/i);
  for (const name of ['Gaps', 'SweepsFinished']) expect(metrics.every((line) => typeof line[name] === 'number')).toBe(true);
  // External ids and credentials never reach the log.
  expect(JSON.stringify(lines)).not.toMatch(/first-light-external-id|SecretAccessKey|SessionToken/);
}
