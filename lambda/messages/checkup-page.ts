// What `dkim-monitor doctor` shows at a terminal: what fails first, what to do about it, and in few lines what is well.
import type { CheckOutcome, CheckResult, Checkup, Place } from '../model/checkup.ts';
import { listed, plural, verbatim, wrap } from './layout.ts';
import { type Screen, type Tone, toned } from './terminal-findings.ts';

type Shown = Exclude<CheckOutcome, 'ok' | 'skipped'>;

const HEADS: { readonly [O in Shown]: readonly [string, Tone] } = {
  fail: ['FAILS', 'red'],
  unknown: ['NOT TOLD', 'yellow'],
  warn: ['WARNING', 'yellow'],
};

const INDENT = '    ';

/** Ends with a line break. */
export function checkupPage(checkup: Checkup, screen: Pick<Screen, 'width' | 'color'>): string {
  const { results } = checkup;
  const amiss = results.filter((one): one is CheckResult & { outcome: Shown } => one.outcome !== 'ok' && one.outcome !== 'skipped');
  const lines = [
    ...headLines(checkup, screen),
    ...amiss.flatMap((result) => ['', ...resultLines(result, screen)]),
    ...fineLines(results, screen),
    ...skippedLines(results, screen),
  ];
  return `${lines.join('\n')}\n`;
}

function headLines({ summary, rights, accounts, targets }: Checkup, screen: Pick<Screen, 'width' | 'color'>): readonly string[] {
  const { fail, unknown, warn, ok } = summary;
  const counts = [
    ...(fail > 0 ? [plural(fail, 'check fails', 'checks fail')] : []),
    ...(unknown > 0 ? [`${unknown.toLocaleString('en-US')} could not be told`] : []),
    ...(warn > 0 ? [plural(warn, 'warning')] : []),
    `${ok.toLocaleString('en-US')} fine`,
  ];
  const tone: Tone = fail > 0 ? 'red' : unknown > 0 || warn > 0 ? 'yellow' : 'green';
  const size = targets === 0 ? '' : ` ${plural(accounts, 'account')}, ${plural(targets, 'target')}.`;
  const who = rights.arn === undefined ? '' : ` (${rights.arn})`;
  const whose =
    rights.of === 'function'
      ? `Checked by the deployed function, with its own rights${who}.`
      : `Checked with YOUR rights${who}, not the monitor's: what is denied to you may be allowed to it, and the reverse.`;
  return [...wrap(`${listed(counts)}.`, screen.width).map((line) => toned(line, tone, screen)), ...wrap(`${whose}${size}`, screen.width)];
}

function resultLines(result: CheckResult & { readonly outcome: Shown }, screen: Pick<Screen, 'width' | 'color'>): readonly string[] {
  const { width } = screen;
  const [head, tone] = HEADS[result.outcome];
  const [first = '', ...rest] = wrap(`${head}: ${result.title}`, width, INDENT, '');
  return [
    toned(first, tone, screen),
    ...rest.map((line) => toned(line, tone, screen)),
    ...placeLines(result, width),
    ...(result.says === '' ? [] : wrap(result.says, width, INDENT)),
    ...(result.detail === undefined ? [] : wrap(`Seen${result.count > 1 ? ' in one of them' : ''}: ${result.detail}`, width, INDENT)),
    ...(result.todo === '' ? [] : wrap(result.todo, width, INDENT)),
    ...result.commands.flatMap((command) => verbatim(command, `${INDENT}  `)),
  ];
}

const MOST_NAMED = 6;
const MOST_LINES = 6;

/** Where: accounts that share their regions on one line. */
function placeLines({ places, count, title }: CheckResult, width: number): readonly string[] {
  const groups = new Map<string, { readonly regions: readonly string[]; readonly accounts: string[] }>();
  const byAccount = new Map<string, string[]>();
  for (const { account, region } of places) {
    if (account === undefined) continue;
    const regions = byAccount.get(account) ?? [];
    byAccount.set(account, regions);
    if (region !== undefined) regions.push(region);
  }
  for (const [account, regions] of byAccount) {
    const group = groups.get(regions.join(' ')) ?? { regions, accounts: [] };
    groups.set(regions.join(' '), group);
    group.accounts.push(account);
  }
  const texts = [...groups.values()].map(
    ({ accounts, regions }) =>
      `${accounts.length > 1 ? `${accounts.length} accounts: ` : 'account '}${namesText(accounts)}${regions.length === 0 ? '' : `, in ${namesText(regions)}`}`,
  );
  const subjects = places.flatMap(({ account, subject }) =>
    account === undefined && subject !== undefined && !title.includes(subject) ? [subject] : [],
  );
  const all = [...texts, ...(subjects.length > 0 ? [namesText(subjects)] : [])];
  const more = all.length - MOST_LINES;
  return [
    ...all.slice(0, MOST_LINES).flatMap((text) => wrap(text, width, `${INDENT}  `, INDENT)),
    ...(more > 0 ? [`${INDENT}and ${plural(more, 'more group')} of accounts: --json lists them`] : []),
    ...(count > places.length ? [`${INDENT}(${count.toLocaleString('en-US')} places in all)`] : []),
  ];
}

const namesText = (names: readonly string[]): string => listed(names, MOST_NAMED);

const UNITS: Readonly<Record<string, readonly [string, string]>> = {
  role: ['account', 'accounts'],
  regions: ['account', 'accounts'],
  list: ['target', 'targets'],
  detail: ['target', 'targets'],
  status: ['target', 'targets'],
};

function fineLines(results: readonly CheckResult[], screen: Pick<Screen, 'width' | 'color'>): readonly string[] {
  const fine = results.filter(({ outcome }) => outcome === 'ok');
  if (fine.length === 0) return [];
  const pairs = fine.map(({ title, link, count, places, detail }): readonly [string, string] => {
    const unit = UNITS[link];
    if (unit !== undefined) return [title, plural(count, ...unit)];
    const subjects = places.map(placeName).filter((name) => name !== '');
    return [
      title,
      [namesText([...new Set(subjects)]), ...(detail === undefined ? [] : [detail])].filter((text) => text !== '').join(': ') || 'yes',
    ];
  });
  const column = Math.max(...pairs.map(([label]) => label.length)) + 4;
  return ['', toned('FINE', 'green', screen), ...pairs.flatMap((pair) => pairLines(pair, column, screen.width))];
}

/** Label and value in two columns; a value with a name that is longer than its column stands below. */
function pairLines([label, value]: readonly [string, string], column: number, width: number): readonly string[] {
  const fits = value.split(' ').every((word) => column + word.length <= width);
  if (fits) return wrap(value, width, ' '.repeat(column), `  ${label}`.padEnd(column));
  return [`  ${label}`, ...wrap(value, width, '      ')];
}

const placeName = ({ account, subject }: Place): string => subject ?? account ?? '';

function skippedLines(results: readonly CheckResult[], screen: Pick<Screen, 'width' | 'color'>): readonly string[] {
  const skipped = results.filter(({ outcome }) => outcome === 'skipped');
  if (skipped.length === 0) return [];
  const reasons = new Map<string, CheckResult[]>();
  for (const one of skipped) reasons.set(one.title, [...(reasons.get(one.title) ?? []), one]);
  const lines = [...reasons].flatMap(([title, alike]) => {
    const links = listed([...new Set(alike.map(({ link }) => link))]);
    const count = alike.reduce((sum, one) => sum + one.count, 0);
    return [
      ...wrap(`${links}${count > alike.length ? ` (${count.toLocaleString('en-US')} times)` : ''}: ${title}`, screen.width, '      ', '  '),
      ...alike.flatMap(({ commands }) => commands.flatMap((command) => verbatim(command, '      '))),
    ];
  });
  return ['', toned('NOT LOOKED AT', 'dim', screen), ...lines];
}
