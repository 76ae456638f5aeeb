// A mistake in full: all that is needed to understand it and to play it again.
import { MOMENTS, type Step } from './fault.ts';
import type { Mistake } from './judge.ts';
import type { Played } from './play.ts';

/** Several lines. */
export function describeMistake({ plot, sweeps, expected }: Played, { kind, key, sweep, says }: Mistake): string {
  const { estate, faults, noise } = plot;
  const due = expected.find((one) => one.key === key);
  const each = sweeps.map((told) => {
    const { findings = [], diagnosis = '-' } = told.get(key) ?? {};
    return `${findings.map((one) => one.kind).join('+') || 'nothing'} (${diagnosis})`;
  });
  const last = sweeps.at(-1)?.get(key);
  return [
    `${kind.toUpperCase()} estate ${estate.index}, sweep ${sweep}: ${key}`,
    `  ${says}`,
    `  due: ${listed(due?.told ?? [])}; ${due?.diagnosis ?? '-'}`,
    `  told at last: ${listed(last?.findings ?? [])}; ${last?.diagnosis ?? '-'} ${last?.detail ?? ''}`,
    `  sweep by sweep: ${each.join(' | ')}`,
    ...faults.flatMap((fault) => [
      `  injected: ${fault.name}: ${fault.about}`,
      ...MOMENTS.flatMap((moment) => (fault[moment] ?? []).map((step) => `    ${moment}: ${stepText(step)}`)),
    ]),
    ...noise.map((one) => `  noise: ${one.says}`),
    ...estate.zones.map(({ apex, servers, remarks }) => `  zone ${apex} at ${servers.join(' ')} ${remarks.join('; ')}`),
    ...estate.members.map((one) => `  identity ${one.account}/${one.region}/${one.name} ${one.part} ${JSON.stringify(one.state)}`),
  ].join('\n');
}

function listed(findings: readonly { readonly kind: string; readonly severity: string; readonly facts: object }[]): string {
  return findings.map((one) => `${one.kind} (${one.severity}) ${JSON.stringify(one.facts)}`).join('; ') || 'nothing';
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
