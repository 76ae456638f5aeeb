// The confusion matrix in a form that fits a terminal, and a mistake in full.

import type { Step } from './fault.ts';
import { FAULTS } from './faults.ts';
import type { Mistake, MistakeKind } from './judge.ts';
import type { Played } from './play.ts';

const WIDTH = 100;
const HEALTHY = '(nothing)';

interface Row {
  injected: number;
  readonly told: Map<string, number>;
}

/** What was injected against what was told, over all estates. */
export class Matrix {
  shown = 0;
  readonly #rows = new Map<string, Row>();
  readonly #mistakes = new Map<MistakeKind, number>();
  #identities = 0;
  #faults = 0;

  add({ plot, expected, sweeps, mistakes }: Played): void {
    this.#faults += plot.faults.length;
    for (const { key, faults } of expected) {
      const { findings = [] } = sweeps.at(-1)?.get(key) ?? {};
      if (key.split('/').length === 3) this.#identities += 1;
      const row = this.#row(faults.length === 0 ? HEALTHY : [...faults].sort().join(' + '));
      row.injected += 1;
      for (const kind of findings.length === 0 ? [HEALTHY] : findings.map((one) => one.kind))
        row.told.set(kind, (row.told.get(kind) ?? 0) + 1);
    }
    for (const { kind } of mistakes) this.#mistakes.set(kind, (this.#mistakes.get(kind) ?? 0) + 1);
  }

  mistakes(): number {
    return [...this.#mistakes.values()].reduce((sum, n) => sum + n, 0);
  }

  /** One row for each fault, or pair that met on one identity; in it only what was told, most often first. */
  print(run: {
    readonly seed: number;
    readonly count: number;
    readonly from: number;
    readonly only: string | undefined;
    readonly seconds: number;
  }): string {
    const place = (name: string): number => FAULTS.findIndex((one) => one.name === name.split(' + ')[0]);
    const rows = [...this.#rows].sort(([a], [b]) => place(a) - place(b) || (a < b ? -1 : 1));
    const lines = rows.flatMap(([name, { injected, told }]) => {
      const cells = [...told].sort((a, b) => b[1] - a[1]).map(([kind, n]) => `${kind} ${n}`);
      return wrapped(`${name}  ×${injected}`, cells);
    });
    const of = (kind: MistakeKind): number => this.#mistakes.get(kind) ?? 0;
    return [
      'Injected (identities, targets or domains hit)  →  told in the last sweep',
      ...lines,
      '',
      `${run.count} estates from number ${run.from}, seed ${run.seed}${run.only === undefined ? '' : `, only ${run.only}`}: ${this.#identities} identities, ${this.#faults} faults, ${run.seconds.toFixed(0)} s`,
      `wrong causes ${of('wrong-cause')} · missed ${of('missed')} · false alarms ${of('false-alarm')} · well but not judged ${of('not-judged')}`,
      '',
    ].join('\n');
  }

  #row(name: string): Row {
    const known = this.#rows.get(name) ?? { injected: 0, told: new Map<string, number>() };
    this.#rows.set(name, known);
    return known;
  }
}

function wrapped(head: string, cells: readonly string[]): readonly string[] {
  const lines = [`${head}  →`];
  for (const cell of cells) {
    const last = lines.at(-1) ?? '';
    if (last.length + cell.length + 3 > WIDTH) lines.push(`      ${cell}`);
    else lines[lines.length - 1] = `${last}${last.endsWith('→') ? ' ' : ' · '}${cell}`;
  }
  return lines;
}

/** A mistake with all that is needed to understand and repeat it. */
export function describeMistake({ plot, sweeps, expected }: Played, { kind, key, sweep, says }: Mistake): string {
  const { estate, faults, noise } = plot;
  const found = sweeps.at(-1)?.get(key);
  const each = sweeps.map(
    (told) =>
      `${
        told
          .get(key)
          ?.findings.map((one) => one.kind)
          .join('+') || 'nothing'
      } (${told.get(key)?.diagnosis ?? '-'})`,
  );
  const due = expected.find((one) => one.key === key);
  return [
    `${kind.toUpperCase()} estate ${estate.index}, sweep ${sweep}: ${key}`,
    `  ${says}`,
    `  due: ${due?.told.map((one) => `${one.kind} (${one.severity}) ${JSON.stringify(one.facts)}`).join('; ') || 'nothing'}; ${due?.diagnosis}`,
    `  told at last: ${found?.findings.map((one) => `${one.kind} (${one.severity}) ${JSON.stringify(one.facts)}`).join('; ') || 'nothing'}; ${found?.diagnosis ?? ''} ${found?.detail ?? ''}`,
    `  sweep by sweep: ${each.join(' | ')}`,
    ...faults.flatMap((fault) => [
      `  injected: ${fault.name}: ${fault.about}`,
      ...(['begin', 'after', 'late'] as const).flatMap((moment) => (fault[moment] ?? []).map((step) => `    ${moment}: ${stepText(step)}`)),
    ]),
    ...noise.map((one) => `  noise: ${one.says}`),
    ...estate.zones.map(
      (zone) => `  zone ${zone.apex} at ${zone.servers.join(' ')}${zone.remarks.length > 0 ? ` (${zone.remarks.join('; ')})` : ''}`,
    ),
    ...estate.members.map((one) => `  identity ${one.account}/${one.region}/${one.name} ${one.part} ${JSON.stringify(one.state)}`),
  ].join('\n');
}

function stepText(step: Step): string {
  switch (step.kind) {
    case 'records':
      return `${step.at} in ${step.zone.apex}: ${JSON.stringify(step.records)}${step.servers ? ` at ${step.servers.join()}` : ''}`;
    case 'ses':
      return `SES on ${step.member.region}/${step.member.name}: ${JSON.stringify(step.state)}`;
    case 'world':
      return step.says;
  }
}
