// Which targets a sweep has: those that the configuration names, and those that AWS names for it.
import { regionProblem } from '../dkim/region-zones.ts';
import type { OrganizationChoice, OrganizationSeen } from '../model/estate.ts';
import type { Target } from '../model/identity.ts';
import type { EstateWorld, Refreshing } from './organization-accounts.ts';
import { type Configured, type Home, planTargets } from './plan-targets.ts';

/** The part of the configuration that says whom AWS is to be asked for. */
export interface ConfiguredEstate extends Configured {
  readonly organization?: OrganizationChoice | undefined;
}

/** What a sweep is told of how its targets came about. */
export interface Estate {
  readonly organization?: OrganizationSeen;
  /** What a person must know of: each makes the sweep fail at its very end. */
  readonly troubles: readonly string[];
  /** What may be a mistake and harms nothing, sentences; absent if there is none. */
  readonly remarks?: readonly string[];
}

export type Resolved =
  | { readonly kind: 'resolved'; readonly targets: readonly Target[]; readonly estate: Estate }
  /** Nothing is known of what to watch. One sentence. */
  | { readonly kind: 'blind'; readonly detail: string };

/** True if AWS must be asked which accounts or regions there are. */
export function asksAws({ organization, regions }: ConfiguredEstate): boolean {
  return organization !== undefined || regions === 'all';
}

/** The targets, in the order of the configuration, accounts of the organisation last. Asks nothing where the configuration names everything. */
export async function resolveTargets(
  configured: ConfiguredEstate,
  home: Home,
  world: EstateWorld,
  refreshing: Refreshing,
): Promise<Resolved> {
  const { organization, regions } = configured;
  const foreign = regions === 'all' ? [] : regions.flatMap((region) => regionProblem(region, home.region) ?? []);
  if (foreign.length > 0) return { kind: 'blind', detail: `regions: ${foreign.join(' ')}` };
  const found = organization === undefined ? undefined : await accountsOf(organization, world, refreshing);
  if (found?.kind === 'blind') return found;
  const own = configured.accounts.map(({ id }) => id);
  const accounts = found === undefined ? (own.length > 0 ? own : [home.account]) : [...new Set([...own, ...found.accounts])];
  if (accounts.length === 0) return { kind: 'blind', detail: nobodyLeft(found?.seen) };
  const off = regions === 'all' ? await offIn(accounts, world, refreshing) : undefined;
  const targets = planTargets({ accounts: accounts.map((id) => ({ id })), regions }, home).filter(
    ({ account, region }) => off?.get(account)?.has(region) !== true,
  );
  const remarks = found?.remarks ?? [];
  const estate: Estate = {
    ...(found === undefined ? {} : { organization: found.seen }),
    troubles: found?.troubles ?? [],
    ...(remarks.length > 0 ? { remarks } : {}),
  };
  return { kind: 'resolved', targets, estate };
}

// Most configurations name everything: what asks AWS is loaded by those that do not.
type Accounts = typeof import('./organization-accounts.ts').organizationAccounts;
const accountsOf: Accounts = async (...asked) => (await import('./organization-accounts.ts')).organizationAccounts(...asked);
type Off = typeof import('./account-regions.ts').regionsOff;
const offIn: Off = async (...asked) => (await import('./account-regions.ts')).regionsOff(...asked);

function nobodyLeft(seen: OrganizationSeen | undefined): string {
  const unknown = seen?.unknown ?? [];
  const skipped = seen?.skipped ?? [];
  return [
    'organization: no account is left to watch.',
    ...(unknown.length > 0 ? [`Not known to the organisation: ${unknown.slice(0, 10).join(', ')}.`] : []),
    ...(skipped.length > 0
      ? [
          `Not active: ${skipped
            .slice(0, 10)
            .map(({ account, state }) => `${account} (${state})`)
            .join(', ')}.`,
        ]
      : []),
  ].join(' ');
}
