// What `dkim-monitor explain` shows: the list of all kinds of findings, and the page of one.
import { COMMAND } from '../model/command.ts';
import type { Explanation } from '../model/explanation.ts';
import { labelled, wrap } from './layout.ts';
import { muteEntry } from './mail-parts.ts';
import { findingBlock, type Screen, SEVERITY_TONES, toned } from './terminal-findings.ts';

/** Columns that a summary needs beside the names; on a narrower screen it goes below. */
const SUMMARY_MIN = 40;

/** All kinds, grouped by section in the order given, ending with a line break. */
export function explainList(all: readonly Explanation[], screen: Screen): string {
  const nameWidth = Math.max(0, ...all.map(({ kind }) => kind.length));
  const severityWidth = Math.max(0, ...all.map((one) => severities(one).length));
  const column = 2 + nameWidth + 2 + severityWidth + 2;
  const lines = all.flatMap((one, i) => {
    const title = one.section === all[i - 1]?.section ? [] : ['', ...sectionLines(one, screen)];
    return [...title, ...row(one, nameWidth, severityWidth, column, screen)];
  });
  const foot = wrap(`More about one of them: ${COMMAND} explain KIND`, screen.width);
  return `${[...lines.slice(1), '', ...foot].join('\n')}\n`;
}

/** The page of one kind, ending with a line break. The example is shown as it looked at its own time. */
export function explainPage(one: Explanation, screen: Screen): string {
  const example = findingBlock(one.example, new Set(), { ...screen, now: one.exampleAt });
  const lines = [
    toned(one.kind, 'bold', screen),
    ...wrap(one.summary, screen.width),
    '',
    ...labelled(matterFacts(one), screen.width),
    '',
    ...title('For example, as the terminal shows it (everything in it is made up)', screen),
    '',
    ...example,
    '',
    ...title('To mute it', screen),
    ...muteEntry(one.exampleOf, [one.kind], screen.now, screen.width),
    '',
    ...title('Beside other findings', screen),
    ...labelled(placeFacts(one), screen.width),
  ];
  return `${lines.join('\n')}\n`;
}

type Facts = readonly (readonly [string, string])[];
type Named = (kind: string) => string;
const asItIs: Named = (kind) => kind;

/** What is true of the kind whatever the case: label and text. `named` is how a kind is written. */
export function kindFacts(one: Explanation, named = asItIs): Facts {
  return [...matterFacts(one), ...placeFacts(one, named)];
}

/** What the reader of an alert wants to know. */
const matterFacts = (one: Explanation): Facts => [
  ['Section', `${one.section}. ${one.sectionTitle}`],
  ['Severity', one.severityWhen ?? severities(one)],
  ['Found', one.found],
];

/** Its place in the rulebook. */
function placeFacts(one: Explanation, named = asItIs): Facts {
  const names = (kinds: readonly string[]): readonly string[] => (kinds.length > 0 ? [kinds.map(named).join(', ')] : []);
  const hides = [...names(one.hides), ...(one.alsoHides === undefined ? [] : [one.alsoHides])];
  return [
    ['Not told beside', names(one.hiddenBy)[0] ?? 'nothing hides it'],
    ['Hides', hides.length > 0 ? hides.join('; ') : 'nothing'],
    ...(one.why === undefined ? [] : [['Note', one.why] as const]),
  ];
}

const severities = ({ severities: all }: Pick<Explanation, 'severities'>): string => all.join('/');

function sectionLines({ section, sectionTitle }: Explanation, screen: Screen): readonly string[] {
  return title(`${section}. ${sectionTitle}`, screen);
}

function title(text: string, screen: Screen): readonly string[] {
  return wrap(text, screen.width).map((line) => toned(line, 'bold', screen));
}

function row(one: Explanation, nameWidth: number, severityWidth: number, column: number, screen: Screen): readonly string[] {
  const [worst = 'notice'] = one.severities;
  const severity = severities(one);
  const tone = (text: string): string => toned(text, SEVERITY_TONES[worst], screen);
  if (screen.width - column < SUMMARY_MIN) return [`  ${one.kind}  ${tone(severity)}`, ...wrap(one.summary, screen.width, '      ')];
  const [first = '', ...rest] = wrap(one.summary, screen.width, ' '.repeat(column));
  const head = `  ${one.kind.padEnd(nameWidth)}  ${tone(severity)}${' '.repeat(severityWidth - severity.length)}  `;
  return [`${head}${first.trimStart()}`, ...rest];
}
