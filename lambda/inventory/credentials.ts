// The keys for each watched account: the monitor's own, or those of a role it assumes there.
import type { Credentials, STSClient } from '@aws-sdk/client-sts';
import type { AccountId } from '../model/names.ts';
import type { Clock } from '../sweep/ports.ts';
import { READ_ACTIONS } from './actions.ts';
import type { Failure } from './failure.ts';
import { errorFacts } from './failure.ts';
import { roleFailure } from './failure-words.ts';

export interface WatchedAccount {
  readonly id: AccountId;
  /** The role to assume there; not needed for the home account. */
  readonly roleName?: string;
  readonly externalId?: string;
}

export interface CredentialsOptions {
  readonly accounts: readonly WatchedAccount[];
  /** The role in every account that is not in `accounts`: those that an organisation names. Absent: no other account is read. */
  readonly others?: Omit<WatchedAccount, 'id'>;
  /** The account of the monitor's own credentials. Absent: accounts without a role name are read with the own credentials. */
  readonly homeAccount?: AccountId;
  readonly partition: string;
  readonly sessionName: string;
  readonly clock: Clock;
  /** Called for each request sent to STS. */
  readonly onCall: () => void;
  /** Bound of one call with the SDK's own retries, in milliseconds. */
  readonly callTimeoutMs: number;
}

export interface RoleKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export type Access =
  | { readonly kind: 'own' }
  /** `secrets` are what no sentence about a call with these keys may quote. */
  | { readonly kind: 'role'; readonly roleArn: string; readonly keys: RoleKeys; readonly secrets: readonly string[] }
  | { readonly kind: 'failed'; readonly failure: Failure };

export interface AccountCredentials {
  /** `region` is used for STS only if the environment names none. Refusals are remembered for a minute: one role serves many regions. */
  access(account: AccountId, region: string): Promise<Access>;
  /** AWS no longer accepts the account's keys: the next access assumes the role anew. False if there is no role, or its keys are new. */
  renew(account: AccountId): boolean;
  close(): void;
}

/** Loaded when the first role is assumed: with one account there is none. */
const sts = () => import('./assume-role-client.ts');

/** The longest that role chaining allows, and the least that every role does. Source: STS API reference, AssumeRole, DurationSeconds. */
const DURATION_SECONDS = 3600;
const REFRESH_BEFORE_MS = 5 * 60_000;
const REMEMBER_MS = 60_000;

/**
 * What each session is narrowed to: a session has only what both its role and this policy allow.
 * Source: IAM User Guide, "Policies and permissions", Session policies.
 */
export const SESSION_POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: READ_ACTIONS.map(({ action }) => action), Resource: '*' }],
});

/** Opens the keeper of keys. Nothing is called before the first access. Keys, tokens and external ids stay inside. */
export function openCredentials(options: CredentialsOptions): AccountCredentials {
  const { clock } = options;
  const kept = new Map<AccountId, { readonly access: Promise<Access>; readonly since: number; until: number }>();
  let client: STSClient | undefined;

  async function stsClient(region: string): Promise<STSClient> {
    if (client !== undefined) return client;
    const { STSClient: Client } = await sts();
    const standard = new Client({});
    // A machine without a configured region still has targets that name one.
    const configured = await standard.config.region().then(
      () => true,
      () => false,
    );
    client ??= configured ? standard : new Client({ region });
    if (client !== standard) standard.destroy();
    return client;
  }

  async function assume(account: WatchedAccount, region: string, sourceIdentity: boolean): Promise<Credentials | undefined> {
    options.onCall();
    const { AssumeRoleCommand } = await sts();
    const command = new AssumeRoleCommand({
      RoleArn: roleArnOf(account),
      RoleSessionName: options.sessionName,
      DurationSeconds: DURATION_SECONDS,
      ...(account.externalId === undefined ? {} : { ExternalId: account.externalId }),
      // Whatever the role may do besides, this session may not: it is for reading SES alone.
      Policy: SESSION_POLICY,
      ...(sourceIdentity ? { SourceIdentity: options.sessionName } : {}),
    });
    const asked = await stsClient(region);
    return (await asked.send(command, { abortSignal: AbortSignal.timeout(options.callTimeoutMs) })).Credentials;
  }

  function roleArnOf(account: WatchedAccount): string {
    return `arn:${options.partition}:iam::${account.id}:role/${account.roleName ?? ''}`;
  }

  async function assumeOrFail(account: WatchedAccount, region: string): Promise<Access & { readonly expires?: number }> {
    const roleArn = roleArnOf(account);
    // Before the rest: what cannot be loaded is a broken deployment, and no refusal by AWS.
    await sts();
    try {
      const keys = await assume(account, region, true).catch((error: unknown) => {
        // A trust policy written before the source identity was asked for: better an unnamed session than none.
        if (!/SetSourceIdentity/.test(errorFacts(error).message)) throw error;
        return assume(account, region, false);
      });
      if (!keys?.AccessKeyId || !keys.SecretAccessKey) {
        return { kind: 'failed', failure: { kind: 'role-refused', detail: `STS gave no keys for ${roleArn}.` } };
      }
      return {
        kind: 'role',
        roleArn,
        keys: {
          accessKeyId: keys.AccessKeyId,
          secretAccessKey: keys.SecretAccessKey,
          ...(keys.SessionToken ? { sessionToken: keys.SessionToken } : {}),
        },
        secrets: [keys.SecretAccessKey, ...[keys.SessionToken, account.externalId].filter((one) => one !== undefined)],
        expires: keys.Expiration?.getTime() ?? clock() + 2 * REFRESH_BEFORE_MS,
      };
    } catch (error) {
      return { kind: 'failed', failure: roleFailure(error, roleArn, region, account.externalId === undefined ? [] : [account.externalId]) };
    }
  }

  return {
    async access(id, region) {
      if (id === options.homeAccount) return { kind: 'own' };
      const account = options.accounts.find((known) => known.id === id) ?? (options.others && { id, ...options.others });
      if (account?.roleName === undefined) return options.homeAccount === undefined ? { kind: 'own' } : noRole(id);
      const known = kept.get(id);
      if (known !== undefined && clock() < known.until) return known.access;
      const asked = assumeOrFail(account, region);
      // Kept while it is under way too, so that the regions of one account share one call.
      const entry = { access: asked as Promise<Access>, since: clock(), until: Number.POSITIVE_INFINITY };
      kept.set(id, entry);
      const { expires } = await asked;
      entry.until = expires === undefined ? clock() + REMEMBER_MS : expires - REFRESH_BEFORE_MS;
      return asked;
    },
    renew(id) {
      const known = kept.get(id);
      // Keys that were refused when new will be refused again: no second call for each identity.
      return known !== undefined && clock() - known.since > REMEMBER_MS && kept.delete(id);
    },
    close: () => client?.destroy(),
  };
}

function noRole(id: AccountId): Access {
  return {
    kind: 'failed',
    failure: { kind: 'role-refused', detail: `No role is configured for account ${id}, which is not the monitor's own: set its roleName.` },
  };
}
