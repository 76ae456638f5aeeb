// Where the doctor's accounts and regions come from: the same that a sweep would look at, as AWS says now.
import type { Configuration } from './configuration.ts';
import type { Target } from './model/identity.ts';
import type { Home } from './sweep/plan-targets.ts';
import type { Memory } from './sweep/ports.ts';
import { resolveTargets } from './sweep/resolve-targets.ts';
import { openConfiguredEstate, openConfiguredInventory } from './wiring.ts';

export type WatchedTargets =
  | { readonly kind: 'resolved'; readonly targets: readonly Target[] }
  /** Nothing is known of what is watched. One sentence. */
  | { readonly kind: 'blind'; readonly detail: string };

/** Nothing is remembered and nothing of what sweeps remember is used: whether AWS answers is what the doctor is asked. */
const NO_MEMORY: Memory = {
  read: async () => ({ kind: 'absent' }),
  write: async () => ({ kind: 'written', version: '' }),
};

/** Asks AWS only where the configuration does not name every account and region, until `until` (ms since the epoch). */
export async function watchedTargets(configuration: Configuration, home: Home, until: number): Promise<WatchedTargets> {
  const log = (): void => undefined;
  const inventory = openConfiguredInventory(configuration, home, log);
  const estate = openConfiguredEstate(home, inventory);
  try {
    const world = { estate, memory: NO_MEMORY, clock: Date.now, log };
    return await resolveTargets(configuration, home, world, { everyMs: 0, until, refresh: true });
  } finally {
    estate.close();
    inventory.close();
  }
}
