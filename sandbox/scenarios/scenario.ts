// All scenarios by name.
import { firstLight } from './first-light.ts';
import type { Scenario } from './plot.ts';

export const SCENARIOS: Readonly<Record<string, Scenario>> = Object.fromEntries([firstLight].map((scenario) => [scenario.name, scenario]));

/** A scenario by name. Throws, with the names there are, if there is none such. */
export function scenario(name: string): Scenario {
  const found = SCENARIOS[name];
  if (found === undefined) throw new Error(`there is no scenario "${name}"; there are ${Object.keys(SCENARIOS).join(', ')}`);
  return found;
}
