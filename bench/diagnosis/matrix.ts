// What was injected against what was told, as a table that fits a terminal.
import { FAULTS } from './faults.ts';
import type { MistakeKind } from './judge.ts';
import { describeMistake } from './mistake-text.ts';
import type { Played } from './play.ts';

const WIDTH = 100;
const NOTHING = '(nothing)';

interface Row {
  /** Identities, targets or domains that were hit so. */
  readonly injected: number;
  /** Kinds told of them in the last sweep. */
  readonly told: Readonly<Record<string, number>>;
}

/** One batch or many, in plain JSON: it travels between processes. */
export interface Summary {
  readonly estates: number;
  readonly identities: number;
  readonly faults: number;
  readonly rows: Readonly<Record<string, Row>>;
  readonly mistakes: Readonly<Partial<Record<MistakeKind, number>>>;
  /** The first mistakes in full. */
  readonly texts: readonly string[];
}

export const EMPTY: Summary = { estates: 0, identities: 0, faults: 0, rows: {}, mistakes: {}, texts: [] };

const MAX_TEXTS = 500;

export function summaryOf(played: readonly Played[]): Summary {
  return played.reduce((sum, one) => added(sum, ofEstate(one)), EMPTY);
}

function ofEstate(one: Played): Summary {
  const { plot, expected, sweeps, mistakes } = one;
  const last = sweeps.at(-1);
  const rows = expected.map(({ key, faults }): Readonly<Record<string, Row>> => {
    const kinds = last?.get(key)?.findings.map(({ kind }) => kind) ?? [];
    return { [[...faults].sort().join(' + ') || NOTHING]: { injected: 1, told: counted(kinds.length === 0 ? [NOTHING] : kinds) } };
  });
  return {
    estates: 1,
    identities: plot.estate.members.length,
    faults: plot.faults.length,
    rows: rows.reduce(addedRows, {}),
    mistakes: counted(mistakes.map(({ kind }) => kind)),
    texts: mistakes.map((mistake) => describeMistake(one, mistake)),
  };
}

/** Two summaries as one. */
export function added(a: Summary, b: Summary): Summary {
  return {
    estates: a.estates + b.estates,
    identities: a.identities + b.identities,
    faults: a.faults + b.faults,
    rows: addedRows(a.rows, b.rows),
    mistakes: addedCounts(a.mistakes, b.mistakes),
    texts: [...a.texts, ...b.texts].slice(0, MAX_TEXTS),
  };
}

function addedRows(a: Summary['rows'], b: Summary['rows']): Summary['rows'] {
  const sum = { ...a };
  for (const [name, { injected, told }] of Object.entries(b)) {
    const before = sum[name];
    sum[name] = { injected: injected + (before?.injected ?? 0), told: addedCounts(before?.told ?? {}, told) };
  }
  return sum;
}

function addedCounts(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): Record<string, number> {
  const sum = { ...a };
  for (const [name, count] of Object.entries(b)) sum[name] = (sum[name] ?? 0) + count;
  return sum;
}

const counted = (names: readonly string[]): Record<string, number> => names.reduce((sum, name) => addedCounts(sum, { [name]: 1 }), {});

export function mistakesIn({ mistakes }: Summary): number {
  return Object.values(mistakes).reduce((sum, count) => sum + count, 0);
}

/** One row for each fault, or pair that met on one identity; in it only what was told, most often first. */
export function matrixText({ rows }: Summary): string {
  const place = (name: string): number => FAULTS.findIndex((one) => one.name === name.split(' + ')[0]);
  const inOrder = Object.entries(rows).sort(
    ([a], [b]) => Number(a.includes(' + ')) - Number(b.includes(' + ')) || place(a) - place(b) || (a < b ? -1 : 1),
  );
  const lines = inOrder.flatMap(([name, { injected, told }]) => {
    const cells = Object.entries(told).sort((a, b) => b[1] - a[1]);
    return wrapped(
      `${name} ×${injected} →`,
      cells.map(([kind, count]) => `${kind} ${count}`),
    );
  });
  return ['injected ×(identities, targets or domains hit) → told in the last sweep', ...lines].join('\n');
}

/** The numbers at the end. `run` says what was played. */
export function totalsText(sum: Summary, run: string): string {
  const of = (kind: MistakeKind): number => sum.mistakes[kind] ?? 0;
  return [
    `${sum.estates} estates (${run}): ${sum.identities} identities, ${sum.faults} faults of ${FAULTS.length} kinds`,
    `wrong causes ${of('wrong-cause')} · missed ${of('missed')} · false alarms ${of('false-alarm')} · well but not judged ${of('not-judged')}`,
  ].join('\n');
}

function wrapped(head: string, cells: readonly string[]): readonly string[] {
  const lines = [head];
  for (const cell of cells) {
    const last = lines.at(-1) ?? '';
    const separator = last.endsWith('→') ? ' ' : ' · ';
    if (last.length + separator.length + cell.length > WIDTH) lines.push(`      ${cell}`);
    else lines[lines.length - 1] = `${last}${separator}${cell}`;
  }
  return lines;
}
