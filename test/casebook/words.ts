// Compares the words of a play with what a case demands: every departure is one sentence.
import type { Report, ReportFinding } from '../../lambda/model/report.ts';
import type { Told } from './case.ts';
import type { Mail, Played } from './theatre.ts';

/** Empty if the words are as the case demands. */
export function wordDepartures(told: Told, { moments, asked }: Played): readonly string[] {
  const after = moments.filter(({ step }) => step !== undefined);
  const mails = (after.length > 0 ? after : moments).flatMap((moment) => moment.mails);
  const last = moments.at(-1);
  const text = folded([...mails.map(mailText), ...(last ? findingsOf(last.report).map(findingText) : [])].join('\n'));
  const sent = after.flatMap((moment) => moment.mails);
  const names = told.neverAsks === undefined ? [] : asked.filter((name) => told.neverAsks?.test(name));
  return [
    ...(told.mails === undefined || told.mails === sent.length
      ? []
      : [`${sent.length} mails, not ${told.mails}: ${sent.map(({ subject }) => subject).join(' | ')}`]),
    ...(told.says ?? []).filter((words) => !holds(text, words)).map((words) => `does not say ${words}`),
    ...(told.never ?? []).filter((words) => holds(text, words)).map((words) => `says ${words}`),
    ...names.map((name) => `asks about ${name}`),
  ];
}

const holds = (text: string, words: string | RegExp): boolean => (typeof words === 'string' ? text.includes(words) : words.test(text));

const mailText = ({ subject, body }: Mail): string => `${subject}\n${body}`;

const findingText = ({ title, meaning, next, fix, records }: ReportFinding): string =>
  [title, meaning, next, ...fix, ...records.map(({ name, type, value }) => `${name} ${type} ${value}`)].join('\n');

const findingsOf = (report: Report): readonly ReportFinding[] => [
  ...report.identities.flatMap(({ findings }) => findings),
  ...report.findings,
];

/** Mails break their lines: where they do says nothing. */
const folded = (text: string): string => text.replace(/[\n ]+/g, ' ');
