// What a diagnosis says, in one line, and its facts.
import { diagnose } from '../../lambda/diagnosis/diagnose.ts';
import type { Finding, FindingKind, FindingOf } from '../../lambda/model/finding.ts';
import type { Outcome } from '../../lambda/model/lookup.ts';
import { answer, cname, evidence, type Scene } from './build.ts';

/** A case of a table: its name, the scene, and what is said. */
export type Case = readonly [name: string, scene: Scene, said: string];

/** `healthy`, `broken` or `unknown(reason)`, then each finding as `kind/severity`, in order. */
export function outcomeOf(scene: Scene): string {
  const diagnosis = diagnose(evidence(scene));
  const kinds = diagnosis.findings.map(({ kind, severity }) => `${kind}/${severity}`);
  return [diagnosis.kind === 'unknown' ? `unknown(${diagnosis.reason})` : diagnosis.kind, ...kinds].join(' ');
}

/** The one finding of the scene; fails if it is of another kind or not alone. */
export function alone<K extends FindingKind>(scene: Scene, kind: K): FindingOf<K> {
  const { findings } = diagnose(evidence(scene));
  expect(findings.map((one: Finding) => one.kind)).toEqual([kind]);
  return findings[0] as FindingOf<K>;
}

/** The finding of this kind among others; fails if there is none. */
export function among<K extends FindingKind>(scene: Scene, kind: K): FindingOf<K> {
  const found = diagnose(evidence(scene)).findings.filter((one) => one.kind === kind);
  expect(found.length).toBe(1);
  return found[0] as FindingOf<K>;
}

/** What a resolver says that followed the CNAME to where nothing is. */
export const followed =
  (target: string): NonNullable<Scene['resolvers']> =>
  (record): readonly Outcome[] => [answer(cname(record.name, target))];
