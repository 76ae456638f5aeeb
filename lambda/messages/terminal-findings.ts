// Findings as a terminal shows them: the explanation, the clocks, the steps and what to paste, indented under the identity they belong to.
import type { Severity } from '../model/finding.ts';
import type { ReportFinding, ReportIdentity } from '../model/report.ts';
import { evidenceLines, fixLines, fixShowsRecords, nextLines, pasteLines, recordLines } from './finding-text.ts';
import { wrap } from './layout.ts';

/** How a terminal page is drawn. */
export interface Screen {
  /** Columns. */
  readonly width: number;
  readonly color: boolean;
  /** ISO 8601 UTC. */
  readonly now: string;
}

export type Tone = 'bold' | 'red' | 'yellow' | 'green' | 'dim';

const CODES: { readonly [T in Tone]: string } = { bold: '1', red: '31', yellow: '33', green: '32', dim: '2' };

/** Text in a tone. The only place where escape sequences are made; what is shown was made harmless before. */
export function toned(text: string, tone: Tone, { color }: Pick<Screen, 'color'>): string {
  return color && text !== '' ? `\u001b[${CODES[tone]}m${text}\u001b[0m` : text;
}

export const SEVERITY_TONES: { readonly [S in Severity]: Tone } = { critical: 'red', warning: 'yellow', notice: 'dim' };

const ORDER: { readonly [S in Severity]: number } = { critical: 0, warning: 1, notice: 2 };

/** Findings that count, worst first, then muted ones. */
export function worstFirst(findings: readonly ReportFinding[]): readonly ReportFinding[] {
  return [...findings].sort((a, b) => Number(a.muted === true) - Number(b.muted === true) || ORDER[a.severity] - ORDER[b.severity]);
}

/** Everything about one finding. Records that a finding before it showed are not shown again. */
export function findingBlock(finding: ReportFinding, shown: ReadonlySet<string>, screen: Screen): readonly string[] {
  if (finding.muted === true) return headLines(finding, screen).map((line) => toned(line, 'dim', screen));
  const fresh = finding.records.some((r) => !shown.has(recordKey(r)));
  return [
    ...findingCore(finding, screen),
    // Records that no step tells to publish may be right as they are: they are shown for comparing.
    ...(fresh && fixShowsRecords(finding)
      ? titled('The same, to paste', pasteLines(finding, { terraform: true, width: screen.width }), screen)
      : []),
    ...(fresh && !fixShowsRecords(finding) ? titled('What SES expects in DNS', recordLines(finding), screen) : []),
    ...titled('How we know (times in UTC)', evidenceLines(finding, 4), screen),
  ];
}

/** What is wrong, what it means, what happens next, what to do: a finding without its other forms to paste and its evidence. */
export function findingCore(finding: ReportFinding, screen: Screen): readonly string[] {
  return [
    ...headLines(finding, screen).map((line) => toned(line, SEVERITY_TONES[finding.severity], screen)),
    ...wrap(finding.meaning, screen.width, '  '),
    ...titled('What happens next', nextLines(finding, screen), screen),
    ...titled('What to do', fixLines(finding, screen), screen),
  ];
}

function headLines({ severity, title, muted }: ReportFinding, { width }: Screen): readonly string[] {
  return wrap(`${severity.toUpperCase()}: ${title}${muted === true ? ' (muted)' : ''}`, width, '    ', '  ');
}

function titled(name: string, lines: readonly string[], screen: Screen): readonly string[] {
  return lines.length === 0 ? [] : ['', toned(`  ${name}`, 'bold', screen), ...lines];
}

/** All findings of one identity, a blank line between them. */
export function findingBlocks(findings: readonly ReportFinding[], screen: Screen): readonly string[] {
  const shown = new Set<string>();
  return worstFirst(findings).flatMap((finding, i) => {
    const lines = findingBlock(finding, shown, screen);
    for (const record of finding.records) shown.add(recordKey(record));
    return i === 0 ? lines : ['', ...lines];
  });
}

/** Why an identity could not be judged, in a sentence. */
export function unknownSentence({ unknown }: Pick<ReportIdentity, 'unknown'>): string {
  if (unknown === undefined) return 'It could not be judged.';
  return unknown.detail === undefined || unknown.detail === '' ? `It could not be judged: ${unknown.reason}.` : unknown.detail;
}

const recordKey = (record: ReportFinding['records'][number]): string => `${record.type} ${record.name}`;
