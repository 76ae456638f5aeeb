// Where the doctor's accounts and regions come from: the same that a sweep would look at, as AWS says now.
import type { Configuration } from './configuration.ts';
import type { RegionsTold } from './doctor/plan.ts';
import type { Target } from './model/identity.ts';
import type { AccountId } from './model/names.ts';
import type { Home } from './sweep/plan-targets.ts';
import type { EstateReader, Memory } from './sweep/ports.ts';
import { type Estate, resolveTargets } from './sweep/resolve-targets.ts';
import { openConfiguredEstate, openConfiguredInventory } from './wiring.ts';

export type WatchedTargets =
  | {
      readonly kind: 'resolved';
      readonly targets: readonly Target[];
      readonly estate: Estate;
      /** One for each account, where AWS is asked for their regions. */
      readonly regions: readonly RegionsTold[];
    }
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
    const { reader, told } = listening(estate);
    const world = { estate: reader, memory: NO_MEMORY, clock: Date.now, log };
    const resolved = await resolveTargets(configuration, home, world, { everyMs: 0, until, refresh: true });
    if (resolved.kind === 'blind') return resolved;
    return { ...resolved, regions: configuration.regions === 'all' ? regionsTold(resolved.targets, told) : [] };
  } finally {
    estate.close();
    inventory.close();
  }
}

type Told = ReadonlyMap<AccountId, NonNullable<RegionsTold['answer']>>;

/** Hears what each account says of its regions: a sweep goes on without, and the doctor is to name what is missing. */
function listening(estate: EstateReader): { readonly reader: EstateReader; readonly told: Told } {
  const told = new Map<AccountId, NonNullable<RegionsTold['answer']>>();
  const reader: EstateReader = {
    accountsOf: (...asked) => estate.accountsOf(...asked),
    async regionsOf(account, until) {
      const answer = await estate.regionsOf(account, until);
      told.set(account, answer);
      return answer;
    },
  };
  return { reader, told };
}

/** Accounts that were not asked in time have targets in every region, and no answer. */
function regionsTold(targets: readonly Target[], told: Told): readonly RegionsTold[] {
  const accounts = new Set([...targets.map(({ account }) => account), ...told.keys()]);
  return [...accounts].map((account) => {
    const answer = told.get(account);
    return { account, ...(answer === undefined ? {} : { answer }) };
  });
}
