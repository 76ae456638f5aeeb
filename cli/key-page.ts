// The page of `dkim-monitor byodkim verify`: what the key is, what is wrong, what is published, what to do.
import type { FoundKey, KeyFile } from '../lambda/dkim/key-file.ts';
import { fixLines, recordLines } from '../lambda/messages/finding-text.ts';
import { labelled, verbatim, wrap } from '../lambda/messages/layout.ts';
import { type Tone, toned } from '../lambda/messages/terminal-findings.ts';
import type { DnsName } from '../lambda/model/names.ts';
import { DELETE_SES_KEY, HAND_OVER } from './key-commands.ts';
import { headline, type KeyReport, recordOf, writtenAs } from './key-report.ts';

export interface Width {
  readonly width: number;
  readonly color: boolean;
}

const VERDICTS: { readonly [V in KeyReport['verdict']]: readonly [string, Tone] } = {
  fine: ['Nothing is wrong.', 'green'],
  wrong: ['Something is wrong.', 'red'],
  unknown: ['The key is all right; what is published could not be told.', 'yellow'],
};

/** SES takes a sound key in PKCS #8 without a word, and may then never verify the domain: "nothing is wrong" would be read as "give it to SES". */
const CONVERT = ['The key is good. Convert it before you give it to SES (below).', 'yellow'] as const;

function verdictWords({ verdict, key, forSes }: KeyReport): readonly [string, Tone] {
  return verdict === 'fine' && key?.form === 'pkcs8' && forSes !== undefined ? CONVERT : VERDICTS[verdict];
}

/** Ends with a line break. `recordName` is the name at which the key belongs, where it is known. */
export function keyPage(report: KeyReport, file: KeyFile, recordName: DnsName | undefined, screen: Width): string {
  const { width } = screen;
  const block = (title: string, lines: readonly string[]): readonly string[] =>
    lines.length === 0 ? [] : ['', toned(title, 'bold', screen), ...lines];
  const bullets = (sentences: readonly string[]): readonly string[] => sentences.flatMap((says) => wrap(says, width, '    ', '  - '));
  const { published } = report;
  const [verdict, tone] = verdictWords(report);
  const showRecord =
    file.kind === 'key' &&
    published !== undefined &&
    published.leaked !== true &&
    !['match', 'unknown', 'no-domain'].includes(published.kind);
  const wrong = [
    ...report.problems.map(({ says }) => says),
    ...(published === undefined || ['match', 'unknown'].includes(published.kind) ? [] : [published.says, ...published.servers]),
  ];
  const lines = [
    ...wrap(headline(report, file), width).map((line) => toned(line, 'bold', screen)),
    ...wrap(verdict, width).map((line) => toned(line, tone, screen)),
    ...(file.kind === 'key' ? ['', ...facts(report, file, width)] : []),
    ...block('What is wrong', bullets(wrong)),
    ...(published !== undefined && ['match', 'unknown'].includes(published.kind) ? block('In DNS', bullets([published.says])) : []),
    ...block('What to do', fixLines({ fix: report.fix, records: [] }, { width, now: '' })),
    ...(showRecord && recordName !== undefined && report.key !== undefined
      ? block(
          'The record that belongs to this key',
          recordLines({ records: [], paste: recordOf(recordName, report.selector ?? '', report.key.publicKey) }),
        )
      : []),
    ...block('Worth knowing', bullets(report.notes.map(({ says }) => says))),
    ...(report.forSes === undefined
      ? []
      : block('What SES takes of it: PKCS #1 in base64, without header, footer and line breaks', [
          ...verbatim(report.forSes),
          ...wrap(HAND_OVER, width, '  '),
          ...verbatim(DELETE_SES_KEY),
        ])),
  ];
  return `${lines.join('\n')}\n`;
}

function facts({ key, selector }: KeyReport, file: FoundKey, width: number): readonly string[] {
  const pairs: (readonly [string, string])[] = [['Written as', writtenAs(file)]];
  if (selector !== undefined) pairs.push(['Selector', selector]);
  return [...labelled(pairs, width), ...verbatim(`Public key  ${key?.publicKey ?? ''}`)];
}
