// One finding as blocks of plain text, shared by the mail and the terminal: what it means, what happens next, what to do, what to paste, how we know.
import type { Deadline, FindingKind } from '../model/finding.ts';
import type { RecordForms, ReportFinding } from '../model/report.ts';
import { visible } from '../model/safe-text.ts';
import { quotedPieces, txtPieces } from '../model/txt-strings.ts';
import { verbatim, wrap } from './layout.ts';
import { distance, utc } from './times.ts';

export interface Page {
  /** Columns. */
  readonly width: number;
  /** ISO 8601 UTC: deadlines are counted from here. */
  readonly now: string;
}

const DEADLINES: { readonly [K in Deadline['name']]: string } = {
  'sending-lost': 'SES may stop sending for this domain altogether.',
  'signing-lost': 'SES drops the DKIM set-up. It must then be started from the beginning.',
  'verification-ends': 'SES stops looking for the records. The verification must then be started again.',
};

/** What comes at a deadline, in a sentence. */
export function deadlineSentence(name: string): string {
  return Object.hasOwn(DEADLINES, name) ? DEADLINES[name as Deadline['name']] : name;
}

/** What happens next: in sentences, then the clocks that run. Never empty. */
export function nextLines(finding: ReportFinding, page: Page): readonly string[] {
  return [...wrap(finding.next, page.width, '  '), ...deadlineLines(finding, page)];
}

/** The clocks that run, in the order in which they end; empty if none does. */
export function deadlineLines({ deadlines = [] }: ReportFinding, { width, now }: Page, max = 5): readonly string[] {
  const soonest = [...deadlines].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)).slice(0, max);
  const since = soonest.find(({ countedFrom }) => countedFrom !== undefined)?.countedFrom;
  return [
    ...soonest.flatMap(({ name, at, estimated }) => {
      const passed = Date.parse(at) <= Date.parse(now);
      const when = `${utc(at)} (${passed ? `passed ${distance(at, now)}` : distance(at, now)}${estimated ? ', estimated, the earliest' : ''}):`;
      return wrap(`${when} ${deadlineSentence(name)}`, width, '    ', '  - ');
    }),
    ...(since === undefined ? [] : wrap(countedWords(since), width, '    ')),
  ];
}

/** Where the clocks start if nobody knows since when the records are wrong. */
export const countedWords = (since: string): string =>
  `When SES began to count is not known. SES still said SUCCESS at ${utc(since)}; the times are counted from then.`;

/** Columns where nobody says otherwise: those of a mail. */
const WIDTH = 76;

/** The part of a finding that says what to do. */
export type Fix = Pick<ReportFinding, 'fix' | 'records' | 'paste'>;

/**
 * The steps, numbered. Lines after the first line of a step are commands or records: commands are shown as they stand, and the records
 * that the finding is about as a table in their place, name and value to be copied into a provider's form.
 */
export function fixLines(finding: Fix, { width }: Page): readonly string[] {
  return finding.fix.slice(0, 12).flatMap((step, i) => {
    const number = `${i + 1}.`.padStart(3);
    const [first = '', ...rest] = step.split('\n');
    const head = isCommand(first) ? [`  ${number}`, ...verbatim(first, '      ')] : wrap(first, width, '      ', `  ${number} `);
    if (rest.length > 0 && rest.every((line) => isRecord(line, finding))) return [...head, '', ...recordLines(finding, '      '), ''];
    return [...head, ...rest.flatMap((line) => (line.trim() === '' ? [''] : verbatim(line, '        ')))];
  });
}

/** True if the steps themselves show the records: then they need no section of their own. */
export function fixShowsRecords(finding: ReportFinding): boolean {
  return finding.fix.some((step) => step.split('\n').some((line) => isRecord(line, finding)));
}

/** Where publishing the records may do harm: whether to publish, and what, depends on what the first step finds out. */
const FIND_OUT_FIRST: ReadonlySet<FindingKind> = new Set<FindingKind>([
  'key-mismatch',
  'key-changed',
  'key-revoked',
  'key-wrong-type',
  'key-too-short',
]);

/** Where SES has given up: publishing alone mends nothing, and the last step starts it again. */
const START_AGAIN: ReadonlySet<FindingKind> = new Set<FindingKind>(['verification-failed', 'revoked']);

/** True if a text with room for little should show the records to publish. */
export function publishesFirst(finding: ReportFinding): boolean {
  return fixShowsRecords(finding) && !FIND_OUT_FIRST.has(finding.kind);
}

/** The steps to name where there is room for few: records that are to be published come before what must follow. */
export function leadingSteps(finding: ReportFinding): readonly string[] {
  const { kind, fix } = finding;
  if (!START_AGAIN.has(kind)) return fix.slice(0, 1);
  const publish = fix.find((step) => step.split('\n').some((line) => isRecord(line, finding)));
  return [...(publish === undefined ? [] : [publish]), ...fix.slice(-1)];
}

// Commands are copied whole: a line break inside one would run half of it.
function isCommand(text: string): boolean {
  return /^\s*(aws|dig|nslookup|openssl) /.test(text);
}

/** True for a line of a step that is one of the finding's own records. */
export function isRecord(line: string, { records }: Pick<ReportFinding, 'records'>): boolean {
  return records.some(({ name, type, value }) => line === `${name}  ${type}  ${value}`);
}

/** Records to be published: type, name and value of each in lines of their own; with `pieces` a long TXT in quoted strings besides. */
export function recordLines(finding: Omit<Fix, 'fix'>, indent = '  ', max = 10, pieces = true): readonly string[] {
  const rows = finding.paste?.table ?? finding.records.map((record) => ({ relative: record.name, ...record }));
  const lines = rows
    .slice(0, max)
    .flatMap(({ relative, name, type, value }, i) => [
      ...(i > 0 ? [''] : []),
      ...verbatim(`Type   ${type}`, indent),
      ...verbatim(`Name   ${relative}`, indent),
      ...(relative === name ? [] : verbatim(`       in full ${name}`, indent)),
      ...verbatim(`Value  ${value}`, indent),
      ...(pieces ? piecesLines(type, value, indent) : []),
    ]);
  return rows.length > max ? [...lines, '', `${indent}and ${rows.length - max} more`] : lines;
}

/** A long TXT once more as most zone files and some forms want it: which of both a form takes, only its host can tell. */
function piecesLines(type: string, value: string, indent: string): readonly string[] {
  if (type !== 'TXT' || txtPieces(value).length < 2) return [];
  return [
    ...verbatim('       or, where a form takes at most 255 characters:', indent),
    ...verbatim(`       ${quotedPieces(value)}`, indent),
  ];
}

/** The same records as zone file lines and, where they are few, as commands for Route 53, and for Terraform where asked for. */
export function pasteLines(
  { paste }: Pick<ReportFinding, 'paste'>,
  { terraform = false, width = WIDTH }: { readonly terraform?: boolean; readonly width?: number } = {},
): readonly string[] {
  if (paste === undefined || paste.table.length === 0) return [];
  const bind = ['  As zone file lines:', ...paste.bind.slice(0, 10).flatMap((line) => verbatim(line))];
  if (paste.table.length > 3) return bind;
  return [...bind, ...cliLines(paste, width), ...(terraform ? terraformLines(paste) : [])];
}

function terraformLines({ terraform }: RecordForms): readonly string[] {
  const lines = terraform.trimEnd().split('\n').slice(0, 60);
  return ['', '  With Terraform, if the zone is in Route 53:', ...lines.flatMap((line) => verbatim(line).map((part) => part.trimEnd()))];
}

function cliLines(paste: RecordForms, width: number): readonly string[] {
  if (paste.cli.length === 0) return [];
  const hint = paste.cli.length > 1 ? ' (the first command shows the id to put in place of ZONE_ID)' : '';
  return [
    '',
    ...wrap(`With the AWS CLI, if the zone is in Route 53${hint}:`, width, '  '),
    ...paste.cli.slice(0, 10).flatMap((line) => brokenBatch(line).flatMap((part) => verbatim(part))),
  ];
}

// A change batch of several records is longer than a line of mail may be. Inside the quotes a line break between two changes is only space.
function brokenBatch(command: string): readonly string[] {
  return command.split('},{"Action"').flatMap((part, i, parts) => `${i > 0 ? '{"Action"' : ''}${part}${i < parts.length - 1 ? '},' : ''}`);
}

/** How we know: each question with the answers it got, `max` answers in all. */
export function evidenceLines({ evidence: all }: ReportFinding, max = 8): readonly string[] {
  let question = '';
  const evidence = onlyOnce(all);
  const lines = evidence.slice(0, max).flatMap((one) => {
    const answers = [...new Set(one.answers)].slice(0, 3).map((a) => visible(a, 200));
    const time = Number.isNaN(Date.parse(one.at)) ? '' : `${new Date(one.at).toISOString().slice(11, 19)}  `;
    const said = `${visible(one.outcome, 200)}${answers.length > 0 ? `: ${answers.join(' | ')}` : ''}`;
    const asked = one.question === question ? [] : verbatim(visible(one.question, 300));
    question = one.question;
    return [...asked, ...verbatim(`${time}${visible(one.server, 200)}: ${said}`, '    ')];
  });
  const more = evidence.length - max;
  return more > 0 ? [...lines, `    and ${more} more`] : lines;
}

/** The same server saying the same to the same question is shown once, whichever round it was in. */
function onlyOnce(evidence: ReportFinding['evidence']): ReportFinding['evidence'] {
  const seen = new Set<string>();
  return evidence.filter(({ server, question, outcome, answers }) => {
    const key = JSON.stringify([server, question, outcome, answers]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
