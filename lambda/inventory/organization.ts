// The accounts of an organisation, as AWS Organizations lists them to the management account or a delegated administrator.
import type { Account, OrganizationsClient } from '@aws-sdk/client-organizations';
import type { OrganizationAccount } from '../model/estate.ts';
import { parseAccountId, type Region } from '../model/names.ts';
import { visible } from '../model/safe-text.ts';
import type { Clock, EstateReader } from '../sweep/ports.ts';
import { errorFacts } from './failure.ts';
import { organizationFailure } from './organization-words.ts';

export interface OrganizationOptions {
  /** Where the monitor runs; the SDK finds the one endpoint of its partition by it. */
  readonly region: Region;
  readonly clock: Clock;
  /** Bound of one call with the SDK's own retries, in milliseconds. */
  readonly callTimeoutMs: number;
  /** The SDK's own tries of one call. */
  readonly maxAttempts: number;
}

/** What no organisation has: 10,000 accounts at 20 a page, and units five deep. Source: AWS Organizations User Guide, "Quotas". */
const MOST_PAGES = 600;
const MOST_UNITS = 2_500;

type Page<T> = { readonly items: readonly T[]; readonly nextToken: string | undefined };
type Sdk = typeof import('./organizations-client.ts');

export interface Organization {
  readonly accountsOf: EstateReader['accountsOf'];
  close(): void;
}

/** Opens the line to Organizations. Neither the SDK's client is loaded nor anything called before the first question. */
export function openOrganization(options: OrganizationOptions): Organization {
  let open: Promise<{ readonly sdk: Sdk; readonly client: OrganizationsClient }> | undefined;
  const line = () => {
    open ??= import('./organizations-client.ts').then((sdk) => ({
      sdk,
      client: new sdk.OrganizationsClient({ region: options.region, maxAttempts: options.maxAttempts }),
    }));
    return open;
  };

  /** All pages of one listing. Throws what the SDK throws, and an {@link OutOfBounds}. */
  async function all<T>(
    until: number,
    ask: (token: string | undefined, abortSignal: AbortSignal) => Promise<Page<T>>,
  ): Promise<readonly T[]> {
    const items: T[] = [];
    let token: string | undefined;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const left = until - options.clock();
      if (left <= 0) throw new OutOfBounds('the time for it was over');
      const answer = await ask(token, AbortSignal.timeout(Math.min(options.callTimeoutMs, left)));
      items.push(...answer.items);
      if (answer.nextToken === undefined || answer.nextToken === '') return items;
      if (answer.nextToken === token) throw new OutOfBounds('its listing goes in circles');
      token = answer.nextToken;
    }
    throw new OutOfBounds(`its listing has more than ${MOST_PAGES} pages`);
  }

  const everyAccount = async (until: number): Promise<readonly Account[]> => {
    const { sdk, client } = await line();
    return all(until, async (NextToken, abortSignal) => {
      const answer = await client.send(new sdk.ListAccountsCommand(NextToken === undefined ? {} : { NextToken }), { abortSignal });
      return { items: answer.Accounts ?? [], nextToken: answer.NextToken };
    });
  };

  async function accountsBelow(parent: string, until: number): Promise<readonly Account[]> {
    const { sdk, client } = await line();
    const accounts: Account[] = [];
    const units = [parent];
    // The list grows while it is walked, up to its bound.
    for (const ParentId of units) {
      const direct = await all(until, async (NextToken, abortSignal) => {
        const input = { ParentId, ...(NextToken === undefined ? {} : { NextToken }) };
        const answer = await client.send(new sdk.ListAccountsForParentCommand(input), { abortSignal });
        return { items: answer.Accounts ?? [], nextToken: answer.NextToken };
      });
      accounts.push(...direct);
      const nested = await all(until, async (NextToken, abortSignal) => {
        const input = { ParentId, ...(NextToken === undefined ? {} : { NextToken }) };
        const answer = await client.send(new sdk.ListOrganizationalUnitsForParentCommand(input), { abortSignal });
        return { items: answer.OrganizationalUnits ?? [], nextToken: answer.NextToken };
      });
      units.push(...nested.flatMap(({ Id }) => (Id === undefined || units.includes(Id) ? [] : [Id])));
      if (units.length > MOST_UNITS) throw new OutOfBounds(`it has more than ${MOST_UNITS} units`);
    }
    return accounts;
  }

  return {
    async accountsOf(entry, until) {
      try {
        const accounts = entry === 'organization' ? await everyAccount(until) : await accountsBelow(entry, until);
        const organization = accounts.map(({ Arn }) => organizationOf(Arn)).find((id) => id !== undefined);
        return { kind: 'read', accounts: accounts.flatMap(readAccount), ...(organization === undefined ? {} : { organization }) };
      } catch (error) {
        if (error instanceof OutOfBounds)
          return { kind: 'failed', lasting: false, detail: `The accounts of ${entry} could not be listed: ${error.message}.` };
        if (UNKNOWN.has(errorFacts(error).name)) return { kind: 'unknown' };
        return organizationFailure(error, entry);
      }
    },
    close: () => void open?.then(({ client }) => client.destroy()),
  };
}

class OutOfBounds extends Error {}

/** No such root or unit. Source: AWS Organizations API Reference, ListAccountsForParent, Errors. */
const UNKNOWN = new Set(['ParentNotFoundException', 'OrganizationalUnitNotFoundException', 'TargetNotFoundException']);

/** `State` takes the place of `Status`, which AWS has given notice of. Whoever has neither is watched: reading it will tell. */
function readAccount({ Id, State, Status }: Account): readonly OrganizationAccount[] {
  const id = parseAccountId(Id ?? '');
  return id.ok ? [{ id: id.value, state: visible(String(State ?? Status ?? 'ACTIVE'), 40) }] : [];
}

/** The ARN of an account names its organisation: arn:aws:organizations::111111111111:account/o-exampleorgid/222222222222. */
function organizationOf(arn: unknown): string | undefined {
  return typeof arn === 'string' ? /:account\/(o-[a-z0-9]{10,32})\//.exec(arn)?.[1] : undefined;
}
