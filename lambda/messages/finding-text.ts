// One finding as blocks of plain text, shared by the mail and the terminal: what it means, what happens next, what to do, what to paste, how we know.
import type { Deadline } from '../model/finding.ts';
import type { ReportFinding } from '../model/report.ts';
import { visible } from '../model/safe-text.ts';
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

/** What happens next, in the order in which it happens; empty if no clock runs. */
export function deadlineLines({ deadlines = [] }: ReportFinding, { width, now }: Page): readonly string[] {
  const soonest = [...deadlines].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)).slice(0, 5);
  return soonest.flatMap(({ name, at, estimated }) => {
    const passed = Date.parse(at) <= Date.parse(now);
    const when = `${utc(at)} (${passed ? `passed ${distance(at, now)}` : distance(at, now)}${estimated ? ', estimated, the earliest' : ''}):`;
    return wrap(`${when} ${name in DEADLINES ? DEADLINES[name as Deadline['name']] : name}`, width, '    ', '  - ');
  });
}

/** The steps, numbered. Lines after the first line of a step are commands or records: they are shown as they stand. */
export function fixLines({ fix }: ReportFinding, { width }: Page): readonly string[] {
  return fix.slice(0, 12).flatMap((step, i) => {
    const number = `${i + 1}.`.padStart(3);
    const [first = '', ...rest] = step.split('\n');
    const head = isCommand(first) ? [`  ${number}`, ...verbatim(first, '      ')] : wrap(first, width, '      ', `  ${number} `);
    return [...head, ...rest.flatMap((line) => (line.trim() === '' ? [''] : verbatim(line, '      ')))];
  });
}

// Commands are copied whole: a line break inside one would run half of it.
function isCommand(text: string): boolean {
  return /^\s*(aws|dig|nslookup) /.test(text);
}

/** Records to be published: name and value of each in lines of their own, to be copied into a provider's form. */
export function recordLines(finding: ReportFinding, max = 10): readonly string[] {
  const rows = finding.paste?.table ?? finding.records.map((record) => ({ relative: undefined, ...record }));
  const lines = rows
    .slice(0, max)
    .flatMap(({ relative, name, type, value }, i) => [
      ...(i > 0 ? [''] : []),
      `  Type   ${visible(type)}`,
      ...(relative === undefined || `${relative}.` === name || relative === name
        ? verbatim(`Name   ${name}`)
        : [...verbatim(`Name   ${relative}`), ...verbatim(`       (in full: ${name})`)]),
      ...verbatim(`Value  ${value}`),
    ]);
  return rows.length > max ? [...lines, '', `  and ${rows.length - max} more`] : lines;
}

/** The same records as zone file lines and, where they are few, as commands for Route 53. */
export function pasteLines({ paste }: ReportFinding): readonly string[] {
  if (paste === undefined || paste.table.length === 0) return [];
  const bind = ['  As zone file lines:', ...paste.bind.slice(0, 10).flatMap((line) => verbatim(line))];
  if (paste.table.length > 3 || paste.cli.length === 0) return bind;
  return [...bind, '', '  With the AWS CLI, if the zone is in Route 53:', ...paste.cli.slice(0, 10).flatMap((line) => verbatim(line))];
}

/** How we know: one line a question, the first `max`. */
export function evidenceLines({ evidence }: ReportFinding, max = 6): readonly string[] {
  const lines = evidence.slice(0, max).flatMap(({ server, question, outcome, answers, at }) => {
    const answer =
      answers.length > 0
        ? `: ${answers
            .slice(0, 3)
            .map((a) => visible(a, 200))
            .join(' | ')}`
        : '';
    const time = Number.isNaN(Date.parse(at)) ? '' : `${new Date(at).toISOString().slice(11, 19)} `;
    return verbatim(`${time}${visible(server, 200)} was asked ${visible(question, 300)}`).concat(
      verbatim(`-> ${visible(outcome, 200)}${answer}`, '           '),
    );
  });
  const more = evidence.length - max;
  return more > 0 ? [...lines, `  and ${more} more`] : lines;
}
