// The first look at targets, in numbers: the sentence and the table that open its mail.
import type { TargetCounts } from '../model/telling.ts';
import { plural, wrap } from './layout.ts';
import { WIDTH } from './mail-parts.ts';

/** How many identities are healthy, broken, unknown and muted, in all and by target. */
export function firstLookLines(targets: readonly TargetCounts[]): readonly string[] {
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
