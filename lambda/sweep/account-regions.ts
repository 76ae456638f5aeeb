// The regions that are switched on in each account, for "regions": "all": read about once a day, else as they are remembered.
import type { AccountRegions } from '../model/estate.ts';
import { type AccountId, parseRegion, type Region } from '../model/names.ts';
import { REGIONS_KEY, SCHEMA } from './blobs.ts';
import { inParallel } from './in-parallel.ts';
import type { EstateWorld, Refreshing } from './organization-accounts.ts';

/** Of one account: its regions, or why they could not be read; with when that was, ISO 8601 UTC. */
type KeptRegions = { readonly readAt: string } & (AccountRegions | { readonly failed: string });

interface RegionsBlob {
  readonly schema: 1;
  readonly accounts: Readonly<Record<string, KeptRegions>>;
}

const DAY_MS = 24 * 3_600_000;
const AGAIN_MS = 3_600_000;
const ACCOUNTS_AT_ONCE = 20;

/** The regions of each account that are off; an account that does not tell has none here, and each region is tried in it. */
export async function regionsOff(
  accounts: readonly AccountId[],
  world: EstateWorld,
  refreshing: Refreshing,
): Promise<ReadonlyMap<AccountId, ReadonlySet<Region>>> {
  const { memory } = world;
  const remembered = await memory.read(REGIONS_KEY, SCHEMA.regions);
  const before = remembered.kind === 'found' ? keptOf(remembered.value) : new Map<string, KeptRegions>();
  const due = refreshing.refresh ? accounts.filter((account) => isDue(before.get(account), world.clock())) : [];
  const now = new Map([...before].filter(([account]) => accounts.some((one) => one === account)));
  await inParallel(due, ACCOUNTS_AT_ONCE, async (account) => {
    if (world.clock() >= refreshing.until) return;
    now.set(account, await readRegions(account, before.get(account), world, refreshing.until));
  });
  if (due.length > 0) {
    const blob: RegionsBlob = { schema: SCHEMA.regions, accounts: Object.fromEntries(now) };
    // Only a cache: whoever writes last has read the same.
    await memory.write(REGIONS_KEY, blob, 'any');
  }
  return new Map(
    accounts.map((account) => {
      const kept = now.get(account);
      return [account, new Set(kept !== undefined && 'off' in kept ? kept.off : [])];
    }),
  );
}

function isDue(kept: KeptRegions | undefined, now: number): boolean {
  if (kept === undefined) return true;
  return !(Math.abs(now - Date.parse(kept.readAt)) < ('failed' in kept ? AGAIN_MS : DAY_MS));
}

/** What could not be read anew stays as it was known, and is tried again in an hour. */
async function readRegions(account: AccountId, before: KeptRegions | undefined, world: EstateWorld, until: number): Promise<KeptRegions> {
  const answer = await world.estate.regionsOf(account, until);
  const at = world.clock();
  if (answer.kind === 'read') {
    world.log('info', 'regions-read', { account, enabled: answer.enabled.length, off: answer.off });
    return { readAt: new Date(at).toISOString(), enabled: answer.enabled, off: answer.off };
  }
  // Said once, not with every try: each region is asked all the same, and answers for itself.
  if (before === undefined || !('failed' in before)) world.log('warn', 'regions-unknown', { account, detail: answer.detail });
  if (before !== undefined && 'off' in before) return { ...before, readAt: new Date(at - DAY_MS + AGAIN_MS).toISOString() };
  return { readAt: new Date(at).toISOString(), failed: answer.detail };
}

function keptOf(value: unknown): ReadonlyMap<string, KeptRegions> {
  const { accounts } = value as Partial<RegionsBlob>;
  const entries = Object.entries(typeof accounts === 'object' && accounts !== null ? accounts : {}).filter(([, kept]) => isKept(kept));
  return new Map(entries);
}

function isKept(value: unknown): value is KeptRegions {
  const { readAt, enabled, off, failed } = (value ?? {}) as Readonly<Record<string, unknown>>;
  const isRegions = (one: unknown): boolean =>
    Array.isArray(one) && one.every((region) => typeof region === 'string' && parseRegion(region).ok);
  if (typeof readAt !== 'string' || Number.isNaN(Date.parse(readAt))) return false;
  return typeof failed === 'string' || (isRegions(enabled) && isRegions(off));
}
