// An identity that could not be judged for several sweeps running.
import type { Diagnosis } from '../../model/diagnosis.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { FindingOf } from '../../model/finding.ts';
import type { Reading } from '../reading.ts';
import { finding, lookupsOf } from '../rule.ts';

/** Fewer sweeps are a passing fault of DNS or of ours. */
const MIN_SWEEPS_BEFORE = 3;

/** Looks at an answer that came out as unknown: not a rule of the rulebook, because it is about what the rulebook could not say. */
export function identityUnknown({ history, now }: Evidence, reading: Reading, why: Why): readonly FindingOf<'identity-unknown'>[] {
  if (history === undefined || history.unknownSweeps < MIN_SWEEPS_BEFORE) return [];
  return [unknownOf(reading, why, { since: history.unknownSince ?? now, sweeps: history.unknownSweeps + 1 })];
}

type Why = Pick<Extract<Diagnosis, { kind: 'unknown' }>, 'reason' | 'detail'>;

/** The finding itself, however long it has lasted: `since` is ISO 8601 UTC. */
export function unknownOf(
  reading: Reading,
  { reason, detail }: Why,
  lasting: { readonly since: string; readonly sweeps: number },
): FindingOf<'identity-unknown'> {
  const records = reading.records.filter(({ verdict }) => verdict.kind !== 'present');
  return finding(
    'identity-unknown',
    'warning',
    { reason, detail, ...lasting },
    { records: records.map(({ record }) => record), zone: reading.zone, evidence: lookupsOf(records) },
  );
}
