// Which regions are switched on in one account, as the account itself is told by the Account Management API.
import type { AccountClient, Region as RegionEntry } from '@aws-sdk/client-account';
import type { AccountRegions } from '../model/estate.ts';
import { parseRegion, type Region } from '../model/names.ts';
import type { Clock, EstateReader } from '../sweep/ports.ts';
import type { AccountCredentials } from './credentials.ts';
import { regionsFailure } from './organization-words.ts';

export interface AccountRegionsOptions {
  readonly credentials: AccountCredentials;
  /** Where the monitor runs; the SDK finds the one endpoint of its partition by it. */
  readonly region: Region;
  readonly clock: Clock;
  readonly callTimeoutMs: number;
  readonly maxAttempts: number;
}

/** AWS has some forty regions, at 50 a page. */
const MOST_PAGES = 10;

/**
 * As `EstateReader.regionsOf`: asks with the account's own role, so that no permission over other accounts is needed.
 * Source: AWS Account Management Reference Guide, ListRegions.
 */
export function openAccountRegions(options: AccountRegionsOptions): EstateReader['regionsOf'] {
  const { credentials, region, clock } = options;
  return async (account, until) => {
    const access = await credentials.access(account, region);
    if (access.kind === 'failed') return { kind: 'failed', lasting: false, detail: access.failure.detail };
    const sdk = await import('./account-client.ts');
    const client = new sdk.AccountClient({
      region,
      maxAttempts: options.maxAttempts,
      ...(access.kind === 'role' ? { credentials: access.keys } : {}),
    });
    try {
      const entries = await allPages(client, sdk, () => Math.min(options.callTimeoutMs, until - clock()));
      return { kind: 'read', ...sorted(entries) };
    } catch (error) {
      return regionsFailure(error, account, access);
    } finally {
      client.destroy();
    }
  };
}

async function allPages(
  client: AccountClient,
  { ListRegionsCommand }: typeof import('./account-client.ts'),
  left: () => number,
): Promise<readonly RegionEntry[]> {
  const entries: RegionEntry[] = [];
  let NextToken: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const input = { MaxResults: 50, ...(NextToken === undefined ? {} : { NextToken }) };
    const answer = await client.send(new ListRegionsCommand(input), { abortSignal: AbortSignal.timeout(Math.max(1, left())) });
    entries.push(...(answer.Regions ?? []));
    if (answer.NextToken === undefined || answer.NextToken === NextToken) break;
    NextToken = answer.NextToken;
  }
  return entries;
}

/** A region on its way out may still hold identities; one on its way in cannot be asked yet. */
const OFF = new Set(['DISABLED', 'ENABLING']);

function sorted(entries: readonly RegionEntry[]): AccountRegions {
  const regions = entries.flatMap(({ RegionName, RegionOptStatus }) => {
    const name = parseRegion(RegionName ?? '');
    return name.ok ? [{ name: name.value, off: OFF.has(RegionOptStatus ?? '') }] : [];
  });
  return { enabled: regions.flatMap(({ name, off }) => (off ? [] : [name])), off: regions.flatMap(({ name, off }) => (off ? [name] : [])) };
}
