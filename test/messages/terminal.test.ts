import fc from 'fast-check';
import { domainPage, progressLine, reportTable } from '../../lambda/messages/terminal.ts';
import type { Report, ReportIdentity } from '../../lambda/model/report.ts';
import { finding } from '../alerts/build.ts';
import { DANGEROUS, NOW, wordsOf } from './build.ts';
import { exampleReport, reportIdentityOf } from './build-report.ts';

const screen = { width: 100, color: false, now: NOW };
const empty: Partial<Report> = {
  targets: [],
  identities: [],
  findings: [],
  summary: { healthy: 0, broken: 0, unknown: 0, bySeverity: { notice: 0, warning: 0, critical: 0 } },
};

function hostileReport(text: string): Report {
  const words = wordsOf(text)(finding(), {
    account: '1',
    region: 'r',
    identity: 'i',
    type: 'domain',
    method: 'easy',
    status: 'SUCCESS',
    readAt: NOW,
  });
  const identity: ReportIdentity = {
    ...reportIdentityOf('x.example', []),
    identity: text,
    account: text,
    region: text,
    diagnosis: 'broken',
    findings: [words],
  };
  const lost: ReportIdentity = { ...identity, diagnosis: 'unknown', unknown: { reason: 'not-read', detail: text }, findings: [] };
  return exampleReport({
    identities: [identity, lost],
    targets: [{ account: text, region: text, identities: 2, gap: { reason: 'error', detail: text } }],
    findings: [{ ...words, targets: [{ account: text, region: text }] }],
  });
}

describe('reportTable', () => {
  test('nothing that is shown can speak to the terminal', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.integer({ min: 40, max: 200 }), (text, width) => {
        const report = hostileReport(`${text}\u001b]0;owned\u0007\u202e`);
        expect(DANGEROUS.exec(reportTable(report, { ...screen, width, all: true }))).toBeNull();
        for (const identity of report.identities) expect(DANGEROUS.exec(domainPage(identity, { ...screen, width }))).toBeNull();
      }),
      { numRuns: 60 },
    );
  });

  test('colour adds escape sequences of colour, and nothing else', () => {
    const plain = reportTable(exampleReport(), { ...screen, all: true });
    const coloured = reportTable(exampleReport(), { ...screen, all: true, color: true });
    expect(coloured).not.toBe(plain);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what is looked for.
    expect(coloured.replace(/\u001b\[[0-9]+m/g, '')).toBe(plain);
  });

  test('rows keep within the width', () => {
    for (const width of [60, 80, 100, 160]) {
      const rows = reportTable(exampleReport(), { ...screen, width, all: true })
        .split('\n')
        .filter((line) => /^ {2}\S+ .*111111111111\/\S+ +(easy|byodkim)/.test(line));
      expect(rows).toHaveLength(6);
      for (const row of rows) expect(row.length).toBeLessThanOrEqual(Math.max(width, 76));
    }
  });

  test('worst first: critical, warning, unknown, then the rest', () => {
    const table = reportTable(exampleReport(), { ...screen, all: true });
    const order = ['example.com ', 'a-very-lon', 'silent.example', 'muted.example', 'pending.example', 'well.example'].map((name) =>
      table.indexOf(`\n  ${name}`),
    );
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(order).not.toContain(-1);
  });

  test('one is one and two are two', () => {
    const one = exampleReport({
      ...empty,
      targets: [{ account: '111111111111', region: 'eu-west-1', identities: 1 }],
      identities: [reportIdentityOf('well.example', [])],
      summary: { healthy: 1, broken: 0, unknown: 0, bySeverity: { notice: 0, warning: 0, critical: 0 } },
      cost: { sesCalls: 1, dnsQuestions: 1, stsCalls: 0 },
    });
    const text = reportTable(one, { ...screen, all: false });
    expect(text).toBe(
      [
        '1 identity in 1 target: 1 healthy, 0 broken, 0 unknown.',
        'Took 31 s: 1 DNS question, 1 SES call.',
        '',
        '1 healthy identity not listed: --all shows everything.',
        '',
      ].join('\n'),
    );
    expect(reportTable(exampleReport(empty), { ...screen, all: false })).toContain('0 identities in 0 targets');
  });

  test('a gap without a finding of its own is named', () => {
    const report = exampleReport({ findings: [] });
    expect(reportTable(report, { ...screen, all: false })).toContain('  - 222222222222/eu-west-1: role-refused. The role was refused.');
  });

  test('10,000 broken identities are drawn', () => {
    const identity = reportIdentityOf('x.example', [finding()]);
    expect(reportTable(exampleReport({ identities: Array(10_000).fill(identity) }), { ...screen, all: false }).length).toBeGreaterThan(1e6);
  });
});

test('domainPage without an account shows no account', () => {
  const page = domainPage({ ...reportIdentityOf('example.com', []), account: '', region: '' }, screen);
  expect(page).not.toMatch(/account|SES says/);
});

test.each([
  [
    { stage: 'inventory', target: { account: '111111111111', region: 'eu-west-1' }, done: 12, of: 1800 },
    'Reading SES 111111111111/eu-west-1: 12 of 1,800',
  ],
  [{ stage: 'dns', done: 1, of: 1 }, 'Asking DNS: 1 of 1'],
  [{ stage: 'confirm', done: 0, of: 2, note: 'waiting 45 s' }, 'Asking again what looked wrong: 0 of 2 (waiting 45 s)'],
  [{ stage: 'conclude', done: 0, of: 0 }, 'Writing the report'],
  [{ stage: 'dns', done: 0, of: 0, note: '\u001b[2J\n' }, 'Asking DNS (\\u001b[2J\\u000a)'],
] as const)('progressLine %#', (event, line) => {
  expect(progressLine(event)).toBe(line);
});
