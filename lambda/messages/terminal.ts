// What the command shows at a terminal: the table of a sweep, the page of one domain, and the line of progress.
import { COMMAND } from '../model/command.ts';
import type { CheckedIdentity } from '../model/dns-view.ts';
import type { Report, ReportIdentity, ReportTarget } from '../model/report.ts';
import { cutAt, visible } from '../model/safe-text.ts';
import { fixLines } from './finding-text.ts';
import { cutMiddle, labelled, listed, plural, verbatim, wrap } from './layout.ts';
import { sesSays } from './mail-parts.ts';
import { sideBySide } from './side-by-side.ts';
import { findingBlocks, type Screen, SEVERITY_TONES, type Tone, toned, unknownSentence, worstFirst } from './terminal-findings.ts';
import { distance, span } from './times.ts';

export interface TableOptions extends Screen {
  /** List healthy identities too. */
  readonly all: boolean;
}

/** A sweep's report for people, ending with a line break. */
export function reportTable(report: Report, options: TableOptions): string {
  const rows = report.identities.filter((i) => options.all || i.diagnosis !== 'healthy' || i.findings.some((f) => f.muted === true));
  const sorted = [...rows].sort((a, b) => rank(a) - rank(b) || compare(placeKey(a), placeKey(b)));
  const lines = [
    ...summaryLines(report, options),
    ...gapLines(report, options),
    ...(sorted.length > 0 ? ['', ...tableLines(sorted, options)] : []),
    ...report.findings.flatMap((finding) => [
      '',
      ...heading(
        listed(
          finding.targets.map((t) => `${t.account}/${t.region}`),
          5,
        ),
        options,
      ),
      ...findingBlocks([finding], options),
    ]),
    ...sorted.filter((i) => i.diagnosis !== 'healthy').flatMap((identity) => ['', ...identityBlock(identity, options)]),
    ...(options.all ? noticeLines(sorted, options) : []),
    ...hiddenLines(report, rows.length, options),
  ];
  return `${lines.join('\n')}\n`;
}

/** One domain's page, for healthy, broken and unknown alike, ending with a line break. An empty account means that only DNS was asked. */
export function domainPage(identity: ReportIdentity & Partial<CheckedIdentity>, screen: Screen): string {
  const name = visible(identity.identity, 320);
  const verdicts: { readonly [D in ReportIdentity['diagnosis']]: readonly [string, Tone] } = {
    healthy: [identity.type === 'address' ? `${name}: no DKIM trouble of its own.` : `${name}: DKIM is healthy.`, 'green'],
    broken: [`${name}: DKIM is broken.`, 'red'],
    unknown: [`${name}: DKIM could not be judged.`, 'yellow'],
  };
  const [verdict, tone] = verdicts[identity.diagnosis];
  const why = {
    healthy:
      identity.type === 'address'
        ? ''
        : identity.method === 'byodkim'
          ? 'Its name servers hold a usable key at the selector.'
          : 'Its name servers hold the records that were expected, and answer the questions that SES and mailbox providers ask.',
    broken: '',
    unknown: unknownSentence(identity),
  }[identity.diagnosis];
  const lines = [
    ...wrap(verdict, screen.width).map((line) => toned(line, tone, screen)),
    ...(why === '' ? [] : wrap(why, screen.width)),
    ...domainLines(identity, screen),
    ...(identity.account === '' ? [] : ['', ...viewLines(identity, screen)]),
    ...toDoLines(identity, screen),
    ...(identity.findings.length > 0 ? ['', ...findingBlocks(identity.findings, screen)] : []),
  ];
  return `${lines.join('\n')}\n`;
}

// What an address is signed with are its domain's keys, whose records this page says nothing of.
function domainLines({ type, domain, region }: ReportIdentity & Partial<CheckedIdentity>, screen: Screen): readonly string[] {
  if (type !== 'address' || domain === undefined) return [];
  return [
    ...wrap(`An address has no DKIM records: those of ${domain} are what receivers look up. To check them:`, screen.width),
    ...verbatim(`${COMMAND} check ${domain} --region ${region}`, '    '),
  ];
}

// What a finding would say itself: where nothing could be judged there is none.
function toDoLines({ unknown }: Pick<Partial<CheckedIdentity>, 'unknown'>, screen: Screen): readonly string[] {
  const { fix = [] } = unknown ?? {};
  return fix.length === 0 ? [] : ['', toned('  What to do', 'bold', screen), ...fixLines({ fix, records: [] }, screen)];
}

/** One line of progress, without line break. */
export function progressLine(event: {
  readonly stage: 'inventory' | 'dns' | 'confirm' | 'conclude';
  readonly target?: { readonly account: string; readonly region: string };
  readonly done: number;
  readonly of: number;
  readonly note?: string;
}): string {
  const stages = { inventory: 'Reading SES', dns: 'Asking DNS', confirm: 'Asking again what looked wrong', conclude: 'Writing the report' };
  const where = event.target ? ` ${event.target.account}/${event.target.region}` : '';
  const count = event.of > 0 ? `: ${event.done.toLocaleString('en-US')} of ${event.of.toLocaleString('en-US')}` : '';
  return visible(`${stages[event.stage]}${where}${count}${event.note === undefined ? '' : ` (${event.note})`}`, 300);
}

function summaryLines({ summary, targets, identities, cost, startedAt, finishedAt }: Report, screen: Screen): readonly string[] {
  const n = (count: number): string => count.toLocaleString('en-US');
  const ms = Date.parse(finishedAt) - Date.parse(startedAt);
  const took = ms < 60_000 ? `${Math.max(0, Math.round(ms / 1000))} s` : span(ms);
  const parts = [`${n(summary.healthy)} healthy`, `${n(summary.broken)} broken`, `${n(summary.unknown)} unknown`].join(', ');
  const where = plural(targets.length, 'target');
  const provisional = identities.filter((identity) => identity.provisional === true).length;
  const tone: Tone = summary.broken > 0 ? 'red' : summary.unknown > 0 || targets.some((t) => t.gap) ? 'yellow' : 'green';
  return [
    ...wrap(`${plural(identities.length, 'identity', 'identities')} in ${where}: ${parts}.`, screen.width).map((l) =>
      toned(l, tone, screen),
    ),
    ...(provisional === 0
      ? []
      : wrap(
          `${plural(provisional, 'identity is', 'identities are')} known provisionally: SES was not asked about each by itself yet.`,
          screen.width,
        ).map((l) => toned(l, 'yellow', screen))),
    ...wrap(`Took ${took}: ${plural(cost.dnsQuestions, 'DNS question')}, ${plural(cost.sesCalls, 'SES call')}.`, screen.width).map((l) =>
      toned(l, 'dim', screen),
    ),
  ];
}

// Targets that have a finding of their own are explained there.
function gapLines({ targets, findings }: Report, screen: Screen): readonly string[] {
  const explained = new Set(findings.flatMap((f) => f.targets.map((t) => `${t.account}/${t.region}`)));
  const gaps = targets.filter(
    (t): t is ReportTarget & { gap: NonNullable<ReportTarget['gap']> } => t.gap !== undefined && !explained.has(`${t.account}/${t.region}`),
  );
  if (gaps.length === 0) return [];
  return [
    '',
    toned(`Could not be read (${gaps.length} of ${plural(targets.length, 'target')}):`, 'yellow', screen),
    ...gaps.flatMap((t) => wrap(`${t.account}/${t.region}: ${t.gap.reason}. ${t.gap.detail}`, screen.width, '    ', '  - ')),
  ];
}

const HEADS = ['IDENTITY', 'ACCOUNT/REGION', 'DKIM BY', 'SES SAYS', 'VERDICT', 'WORST FINDING'] as const;

function tableLines(identities: readonly ReportIdentity[], screen: Screen): readonly string[] {
  const rows = identities.map((identity) =>
    [
      identity.identity,
      `${identity.account}/${identity.region}`,
      identity.method,
      identity.ses.status,
      verdictOf(identity),
      headlineOf(identity),
    ].map((cell) => visible(cell, 600)),
  );
  const longest = (column: number): number => [HEADS, ...rows].reduce((most, row) => Math.max(most, (row[column] ?? '').length), 0);
  const fixed = [1, 2, 3, 4].map(longest);
  const spare = screen.width - fixed.reduce((sum, w) => sum + w + 2, 0) - 4;
  // The name gets up to half of what is left; where the screen is narrow the finding goes to the blocks below.
  const nameWidth = Math.max(16, Math.min(longest(0), Math.floor(spare / 2)));
  const room = spare - nameWidth;
  const widths = [nameWidth, ...fixed, room];
  const columns = room >= 16 ? 6 : 5;
  const draw = (row: readonly string[]): readonly string[] =>
    row.slice(0, columns).map((cell, i) => (i === 5 ? cutAt(cell, room) : cutMiddle(cell, widths[i] ?? 0).padEnd(widths[i] ?? 0)));
  return [
    toned(`  ${draw(HEADS).join('  ').trimEnd()}`, 'bold', screen),
    ...rows.map((row, i) => {
      const cells = draw(row);
      const tone = toneOf(identities[i]);
      return `  ${cells.map((cell, column) => (column === 4 ? toned(cell, tone, screen) : cell)).join('  ')}`.trimEnd();
    }),
  ];
}

function identityBlock(identity: ReportIdentity, screen: Screen): readonly string[] {
  return [
    ...heading(`${identity.identity}  (${identity.account}/${identity.region})`, screen),
    ...placeLines(identity, screen),
    ...(identity.diagnosis === 'unknown' ? wrap(unknownSentence(identity), screen.width, '  ') : []),
    ...(identity.findings.length > 0 ? ['', ...findingBlocks(identity.findings, screen)] : []),
  ];
}

/** Both sides where they are known, else SES's alone. */
function viewLines({ dns, ...identity }: ReportIdentity & Partial<CheckedIdentity>, screen: Screen): readonly string[] {
  if (dns === undefined || identity.type === 'address') return placeLines(identity, screen);
  const { account, region, ses } = identity;
  const read = ses.readAt === undefined ? '' : `; SES read ${distance(ses.readAt, screen.now)}`;
  return [...labelled([['Where', `account ${account}, ${region}${read}`]], screen.width), '', ...sideBySide({ ...identity, dns }, screen)];
}

function placeLines({ ses, account, region }: ReportIdentity, screen: Screen): readonly string[] {
  const read = ses.readAt === undefined ? '' : `; read ${distance(ses.readAt, screen.now)}`;
  return labelled(
    [
      ['Where', `account ${account}, ${region}`],
      ['SES says', `${sesSays({ status: ses.status, ...(ses.signing === undefined ? {} : { signing: ses.signing }) })}${read}`],
    ],
    screen.width,
  );
}

function noticeLines(identities: readonly ReportIdentity[], screen: Screen): readonly string[] {
  const noticed = identities.filter((i) => i.diagnosis === 'healthy' && i.findings.some((f) => f.muted !== true));
  return noticed.flatMap((identity) => ['', ...identityBlock(identity, screen)]);
}

function hiddenLines({ identities, summary }: Report, shown: number, options: TableOptions): readonly string[] {
  const hidden = identities.length - shown;
  if (hidden === 0) return [];
  const notices = summary.bySeverity.notice > 0 ? `, ${plural(summary.bySeverity.notice, 'notice')} among all` : '';
  return [
    '',
    ...wrap(`${plural(hidden, 'healthy identity', 'healthy identities')} not listed${notices}: --all shows everything.`, options.width),
  ];
}

function heading(text: string, screen: Screen): readonly string[] {
  const [first = '', ...rest] = wrap(text, screen.width);
  return [toned(first, 'bold', screen), ...rest.map((line) => toned(line, 'bold', screen))];
}

function headlineOf(identity: ReportIdentity): string {
  const [worst] = worstFirst(identity.findings);
  // The name stands in the first column already.
  if (worst !== undefined) return visible(worst.title, 600).replace(`: ${visible(identity.identity, 260)}`, '');
  return identity.diagnosis === 'unknown' ? visible(unknownSentence(identity), 300) : '';
}

function verdictOf({ diagnosis, findings }: ReportIdentity): string {
  return diagnosis === 'healthy' && findings.some((f) => f.muted === true) ? 'muted' : diagnosis;
}

function toneOf(identity: ReportIdentity | undefined): Tone {
  if (identity?.diagnosis === 'healthy') return 'green';
  if (identity?.diagnosis === 'unknown') return 'yellow';
  const worst = identity ? worstFirst(identity.findings)[0] : undefined;
  return worst ? SEVERITY_TONES[worst.severity] : 'red';
}

function rank(identity: ReportIdentity): number {
  if (identity.diagnosis === 'broken') return identity.findings.some((f) => f.severity === 'critical' && f.muted !== true) ? 0 : 1;
  return identity.diagnosis === 'unknown' ? 2 : 3;
}

const placeKey = (i: ReportIdentity): string => `${i.identity} ${i.account} ${i.region}`;
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
