// Which accounts and regions a sweep looks at.
import { partitionOf, SES_REGIONS } from '../dkim/region-zones.ts';
import type { Target } from '../model/identity.ts';
import type { AccountId, Region } from '../model/names.ts';

/** Where the monitor itself runs: the default for what the configuration leaves out. */
export interface Home {
  readonly account: AccountId;
  readonly region: Region;
}

/** The part of the configuration that names targets. */
export interface Configured {
  readonly accounts: readonly { readonly id: AccountId }[];
  readonly regions: 'all' | readonly Region[];
}

/** Every configured account in every configured region, in the configuration's order. `"all"` is every SES region of the home region's partition. */
export function planTargets(configuration: Configured, home: Home): readonly Target[] {
  const accounts = configuration.accounts.length > 0 ? configuration.accounts.map(({ id }) => id) : [home.account];
  const regions =
    configuration.regions === 'all'
      ? allRegions(home.region)
      : configuration.regions.length > 0
        ? [...new Set(configuration.regions)]
        : [home.region];
  return accounts.flatMap((account) => regions.map((region) => ({ account, region })));
}

function allRegions(home: Region): readonly Region[] {
  return SES_REGIONS.filter((region) => partitionOf(region) === partitionOf(home));
}
