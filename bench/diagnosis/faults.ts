// Every fault that can be injected, by name.
import type { FaultKind } from './fault.ts';
import { keyFaults } from './faults/keys.ts';
import { lostFaults } from './faults/lost.ts';
import { reachFaults } from './faults/reach.ts';
import { serverFaults } from './faults/servers.ts';
import { statusFaults } from './faults/status.ts';
import { valueFaults } from './faults/values.ts';

export const FAULTS: readonly FaultKind[] = [...lostFaults, ...valueFaults, ...serverFaults, ...keyFaults, ...statusFaults, ...reachFaults];

/** Those of this kind, or the one of this name. Throws if there is none. */
export function faultsNamed(name: string): readonly FaultKind[] {
  const found = FAULTS.filter((one) => one.name === name || one.name.startsWith(`${name}:`));
  if (found.length === 0) throw new Error(`There is no fault "${name}". There are: ${FAULTS.map((one) => one.name).join(', ')}`);
  return found;
}
