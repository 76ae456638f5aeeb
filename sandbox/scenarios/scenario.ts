// All scenarios by name.
import { blindness } from './blindness.ts';
import { firstLight } from './first-light.ts';
import { harmless } from './harmless.ts';
import { lostRecords } from './lost-records.ts';
import { ownKeys } from './own-keys.ts';
import type { Scenario } from './plot.ts';
import { sesStatus } from './ses-status.ts';
import { wrongRecords } from './wrong-records.ts';

const ALL: readonly Scenario[] = [firstLight, ...lostRecords, ...wrongRecords, ...ownKeys, ...sesStatus, ...blindness, ...harmless];

export const SCENARIOS: Readonly<Record<string, Scenario>> = Object.fromEntries(ALL.map((one) => [one.name, one]));

/** A scenario by name. Throws, with the names there are, if there is none such. */
export function scenario(name: string): Scenario {
  const found = SCENARIOS[name];
  if (found === undefined) throw new Error(`there is no scenario "${name}"; there are ${Object.keys(SCENARIOS).join(', ')}`);
  return found;
}
