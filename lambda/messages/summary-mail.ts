// The mail about many alerts at once: the first look at new targets, or so many troubles in one sweep that one message tells them.
import type { AlertEvent } from '../model/alert.ts';
import type { TargetCounts, Telling } from '../model/telling.ts';
import { footer, type MailIds, sesSays, WIDTH } from './email.ts';
import { deadlineLines, fixShowsRecords } from './finding-text.ts';
import { listed, plural, verbatim, wrap } from './layout.ts';
import { nameOf, placeOf, whoOf } from './subject.ts';
import { utcWithDistance } from './times.ts';
import { leadOf, type WordedAlert } from './worded.ts';

type Summary = Extract<Telling, { kind: 'summary' }>;

/** The mail's text; `views` are the alerts to be named, worst first, the rest is counted. */
export function summaryMail(telling: Summary, views: readonly WordedAlert[], ids: MailIds): string {
  const more = telling.alerts.length - views.length;
  const over = telling.event === 'recovered' || telling.event === 'expired';
  const list = views.flatMap((view, i) => [...(i > 0 && !over ? [''] : []), ...entryLines(view, telling.event, i, ids.now)]);
  const body = telling.occasion === 'first-sweep' ? firstLines(telling) : manyLines(telling);
  return [
    ...body,
    ...(list.length > 0 ? ['', LIST_TITLES[telling.event], ...list] : []),
    ...(more > 0 ? ['', `  and ${more.toLocaleString('en-US')} more. All of them: dkim-monitor sweep`] : []),
    ...(telling.targets.some((t) => t.unknown > 0) ? ['', ...wrap(WHY_UNKNOWN, WIDTH)] : []),
    ...(telling.occasion === 'first-sweep' ? ['', 'WHAT HAPPENS NOW', ...wrap(FROM_NOW_ON, WIDTH, '  ')] : []),
    ...footer({ id: telling.alertId }, ids),
  ].join('\n');
}

const WHY_UNKNOWN = 'Which ones could not be judged, and why, is shown by: dkim-monitor sweep';

const FROM_NOW_ON =
  'DNS is checked in every sweep. You get one message when a trouble begins, when it gets worse, from time to time while it lasts, and when it ends.';

const LIST_TITLES: { readonly [K in AlertEvent]: string } = {
  opened: 'BROKEN, WORST FIRST',
  reopened: 'BROKEN AGAIN, WORST FIRST',
  escalated: 'WORSE, WORST FIRST',
  changed: 'CHANGED, WORST FIRST',
  reminder: 'STILL BROKEN, WORST FIRST',
  recovered: 'HEALTHY AGAIN',
  expired: 'NO LONGER WATCHED',
};

function firstLines({ targets }: Summary): readonly string[] {
  const sum = (of: (counts: TargetCounts) => number): number => targets.reduce((n, counts) => n + of(counts), 0);
  const identities = sum((t) => t.identities);
  const parts = [
    `${sum((t) => t.healthy).toLocaleString('en-US')} healthy`,
    `${sum((t) => t.broken).toLocaleString('en-US')} broken`,
    ...(sum((t) => t.unknown) > 0 ? [`${sum((t) => t.unknown).toLocaleString('en-US')} could not be judged`] : []),
    ...(sum((t) => t.muted) > 0 ? [`${sum((t) => t.muted).toLocaleString('en-US')} muted`] : []),
  ];
  const distinct = (of: (counts: TargetCounts) => string): number => new Set(targets.map(of)).size;
  const where = `${plural(
    distinct((t) => t.account),
    'account',
  )} and ${plural(
    distinct((t) => t.region),
    'region',
  )}`;
  return [
    ...wrap(`First look at ${plural(identities, 'SES identity', 'SES identities')} in ${where}: ${parts.join(', ')}.`, WIDTH),
    '',
    ...targetTable(targets),
  ];
}

/** Targets in the table; those without identities and beyond 40 are counted below it. */
const MAX_ROWS = 40;

function targetTable(targets: readonly TargetCounts[]): readonly string[] {
  const busy = targets
    .filter((t) => t.identities > 0)
    .sort((a, b) => b.broken - a.broken || b.unknown - a.unknown || b.identities - a.identities);
  const row = (cells: readonly string[]): string =>
    `  ${(cells[0] ?? '').padEnd(14)}${(cells[1] ?? '').padEnd(16)}${cells
      .slice(2)
      .map((c) => c.padStart(9))
      .join('')}`;
  const rows = busy
    .slice(0, MAX_ROWS)
    .map(
      (t) =>
        row([t.account, t.region, ...[t.identities, t.healthy, t.broken, t.unknown].map((n) => n.toLocaleString('en-US'))]) +
        (t.complete ? '' : ' *'),
    );
  const notes = [
    ...(busy.some((t) => !t.complete) ? ['  * not all of its identities have been read yet'] : []),
    ...(busy.length > MAX_ROWS ? [`  and ${busy.length - MAX_ROWS} more`] : []),
    ...(targets.length > busy.length
      ? [`  ${busy.length > 0 ? 'not shown: ' : ''}${plural(targets.length - busy.length, 'region')} without identities`]
      : []),
  ];
  return busy.length === 0 ? notes : [row(['account', 'region', 'all', 'healthy', 'broken', 'unknown']), ...rows, ...notes];
}

const MANY: { readonly [K in AlertEvent]: (who: string) => string } = {
  opened: (who) => `Trouble began with ${who} in one sweep.`,
  reopened: (who) => `Trouble began again with ${who} in one sweep.`,
  escalated: (who) => `Trouble got worse with ${who} in one sweep.`,
  changed: (who) => `Trouble changed with ${who} in one sweep.`,
  reminder: (who) => `Trouble goes on with ${who}.`,
  recovered: (who) => `Trouble ended with ${who}. They were checked in full, and nothing is wrong any more.`,
  expired: (who) => `No longer watched: ${who}. They were deleted from SES, or taken out of the configuration.`,
};

// Where to look first. Only what began needs it, and name servers have nothing to do with targets that cannot be read.
function hintOf({ alerts, event, sharedNameServers = [] }: Summary): string {
  if (event !== 'opened' && event !== 'reopened') return '';
  if (sharedNameServers.length > 0) return ` All of them are served by ${listed(sharedNameServers, 6)}: ask there what happened.`;
  if (alerts.some((alert) => alert.affected.length === 0)) return ' Look for one cause first: a role, a policy, a deployment.';
  return ' They have no name server in common. Look for one cause all the same: an account, a deployment, a migration.';
}

function manyLines(telling: Summary): readonly string[] {
  return wrap(`${MANY[telling.event](whoOf(telling.alerts))}${hintOf(telling)}`, WIDTH);
}

function entryLines(view: WordedAlert, event: AlertEvent, i: number, now: string): readonly string[] {
  const { alert } = view;
  const over = event === 'recovered' || event === 'expired';
  const lead = leadOf(view);
  const subject = view.identities[0]?.subject;
  const since = over ? utcWithDistance(alert.closing?.at ?? now, now) : utcWithDistance(alert.openedAt, now);
  const head = wrap(
    alert.affected.length > 0 ? `${nameOf(alert)} (${placeOf(alert)})` : nameOf(alert),
    WIDTH,
    '     ',
    `${`${i + 1}.`.padStart(4)} `,
  );
  if (over) return [...head, ...wrap(`${event === 'expired' ? 'closed' : 'ended'} ${since}`, WIDTH, '     ')];
  const next = lead ? deadlineLines(lead, { width: WIDTH - 3, now }, 1).map((line) => `   ${line}`) : [];
  const bind = (lead?.paste?.bind ?? []).slice(0, 3).flatMap((line) => verbatim(line, '     '));
  return [
    ...head,
    ...wrap(`${alert.severity.toUpperCase()}: ${lead?.title ?? alert.kinds.join(', ')}`, WIDTH, '     '),
    ...wrap(`Since ${since}.${subject ? ` SES says ${sesSays(subject)}.` : ''}`, WIDTH, '     '),
    ...next,
    ...(lead !== undefined && fixShowsRecords(lead) && bind.length > 0 ? ['     To publish:', ...bind] : []),
  ];
}
