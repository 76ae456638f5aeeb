// The first look at targets, in numbers: the sentence and the table that open its mail.
import { COMMAND } from '../model/command.ts';
import type { TargetCounts, Telling } from '../model/telling.ts';
import { plural, wrap } from './layout.ts';
import { section, WIDTH } from './mail-parts.ts';
import { unreadCount, unreadGroups } from './unread-targets.ts';

type Summary = Extract<Telling, { kind: 'summary' }>;

/** How many identities are healthy, broken, unknown and muted, in all and by target, and how many targets could not be read. */
export function firstLookLines(telling: Pick<Summary, 'targets' | 'unreadable'>): readonly string[] {
  const { targets } = telling;
  const unread = unreadCount(telling);
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
    ...wrap(
      `First look at ${plural(identities, 'SES identity', 'SES identities')} in ${where}: ${parts.join(', ')}.${unread === '' ? '' : ` But ${unread}.`}`,
      WIDTH,
    ),
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

/** The part of a first look's mail that names them; nothing if all could be read. */
export function unreadLines({ unreadable = [] }: Pick<Summary, 'unreadable'>): readonly string[] {
  if (unreadable.length === 0) return [];
  const { groups, more } = unreadGroups(unreadable);
  return section('COULD NOT BE READ', [
    ...groups.flatMap(({ account, regions, why }) => [
      ...wrap(`account ${account}: ${regions}`, WIDTH, '    ', '  - '),
      ...wrap(`Reason: ${why}`, WIDTH, '    '),
    ]),
    ...(more > 0 ? [`  and ${more.toLocaleString('en-US')} more`] : []),
    '',
    ...wrap(NOT_WATCHED, WIDTH, '  '),
  ]);
}

const NOT_WATCHED = `Nothing new is known of SES there. What to do about it is in a message of its own, and shown by: ${COMMAND} sweep. Once they can be read, you get their first look.`;
