// The names and schema numbers of the blobs that a deployment remembers.
import type { IdentityHistory } from '../model/evidence.ts';
import type { Inventory, Target } from '../model/identity.ts';
import { targetKey } from '../model/identity.ts';

export const SCHEMA = {
  inventory: 1,
  history: 1,
  alerts: 1,
  outbox: 1,
  report: 1,
  zones: 1,
  lease: 1,
  mutes: 1,
  ledger: 1,
  accounts: 1,
  regions: 1,
  sizes: 1,
} as const;

export interface InventoryBlob {
  readonly schema: 1;
  readonly inventory: Inventory;
}

/** Histories by identity name. */
export interface HistoryBlob {
  readonly schema: 1;
  readonly histories: Readonly<Record<string, IdentityHistory>>;
}

export const inventoryKey = (target: Target): string => `inventory/${targetKey(target)}`;
export const historyKey = (target: Target): string => `history/${targetKey(target)}`;
export const ALERTS_KEY = 'alerts/deployment';
export const OUTBOX_KEY = 'outbox/deployment';
/** What the command muted. */
export const MUTES_KEY = 'mutes/deployment';
/** The accounts that the organisation listed. */
export const ACCOUNTS_KEY = 'accounts/deployment';
/** The regions that each account has switched on. */
export const REGIONS_KEY = 'regions/deployment';
export const ZONES_KEY = 'zones/deployment';
/** Which targets hold nobody, and whose history only went on being well. */
export const LEDGER_KEY = 'ledger/deployment';
/** How large those targets are that the last run of the state machine could not count. */
export const SIZES_KEY = 'sizes/deployment';
/** The delegations that one piece of a large estate knows. */
export const zonesKey = (piece: string): string => `zones/${piece}`;
export const LEASE_KEY = 'lease/deployment';
/** Says that a sweep waits for the lease: no early check takes it meanwhile. */
export const SWEEP_WAITS_KEY = 'lease/sweep-waits';
export const LATEST_REPORT_KEY = 'reports/latest';

/** `reports/2026/11/23/204822Z`: sorted by time, and one folder a day for people who look. */
export function reportKey(startedAt: string): string {
  const [day = '', time = ''] = startedAt.split('T');
  return `reports/${day.replaceAll('-', '/')}/${time.slice(0, 8).replaceAll(':', '')}Z`;
}

/** Where a part of a report lies that is too large for one value: `reports/2026/11/23/204822Z-0`. */
export const reportPartKey = (startedAt: string, part: number): string => `${reportKey(startedAt)}-${part}`;
