// What AWS says of the estate itself, behind its port: accounts from Organizations, regions from each account.

import type { Region } from '../model/names.ts';
import type { Clock, EstateReader } from '../sweep/ports.ts';
import type { OpenInventory } from './open-inventory.ts';
import { type Organization, openOrganization } from './organization.ts';

export interface EstateOptions {
  /** Where the monitor runs. */
  readonly region: Region;
  readonly inventory: Pick<OpenInventory, 'regionsOf'>;
  readonly clock: Clock;
  /** The SDK's own tries of one call. Default 4. */
  readonly maxAttempts?: number;
}

const CALL_TIMEOUT_MS = 15_000;

/** The {@link EstateReader} over AWS. Nothing is loaded or called before the first question. */
export function openEstate({ region, inventory, clock, maxAttempts = 4 }: EstateOptions): EstateReader & Pick<Organization, 'close'> {
  const { accountsOf, close } = openOrganization({ region, clock, callTimeoutMs: CALL_TIMEOUT_MS, maxAttempts });
  return { accountsOf, regionsOf: inventory.regionsOf, close };
}
