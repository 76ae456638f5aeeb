// All scenarios by name.
import { addresses } from './addresses.ts';
import { blindness } from './blindness.ts';
import { delegations } from './delegations.ts';
import { dmarcScenarios } from './dmarc.ts';
import { firstLight } from './first-light.ts';
import { harmless } from './harmless.ts';
import { lostRecords } from './lost-records.ts';
import { mailFromScenarios } from './mail-from.ts';
import { misplacedRecords } from './misplaced-records.ts';
import { noise } from './noise.ts';
import { ownKeys } from './own-keys.ts';
import type { Scenario } from './plot.ts';
import { providerHabits } from './provider-habits.ts';
import { regions } from './regions.ts';
import { sesStatus } from './ses-status.ts';
import { weakKeys } from './weak-keys.ts';
import { wildcards } from './wildcards.ts';
import { wrongRecords } from './wrong-records.ts';

const ALL: readonly Scenario[] = [
  firstLight,
  ...lostRecords,
  ...misplacedRecords,
  ...wrongRecords,
  ...providerHabits,
  ...wildcards,
  ...delegations,
  ...ownKeys,
  ...weakKeys,
  ...sesStatus,
  ...addresses,
  ...regions,
  ...mailFromScenarios,
  ...dmarcScenarios,
  ...blindness,
  ...harmless,
  ...noise,
];

export const SCENARIOS: Readonly<Record<string, Scenario>> = Object.fromEntries(ALL.map((one) => [one.name, one]));

/** A scenario by name. Throws, with the names there are, if there is none such. */
export function scenario(name: string): Scenario {
  const found = SCENARIOS[name];
  if (found === undefined) throw new Error(`there is no scenario "${name}"; there are ${Object.keys(SCENARIOS).join(', ')}`);
  return found;
}
