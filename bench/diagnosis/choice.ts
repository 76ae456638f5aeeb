// How many faults an estate gets, and which.
import type { FaultKind } from './fault.ts';
import { FAULTS, faultsNamed } from './faults.ts';
import type { Random } from './random.ts';

/** None to three, or exactly one of those named. */
export function chosen(random: Random, only?: string): readonly FaultKind[] {
  if (only !== undefined) return [random.pick(faultsNamed(only))];
  return Array.from({ length: random.pick([0, 1, 1, 1, 2, 2, 3]) }, () => random.pick(FAULTS));
}
