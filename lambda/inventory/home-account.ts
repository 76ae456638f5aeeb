// Whose credentials these are, and the region that goes with them.
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { type AccountId, parseAccountId } from '../model/names.ts';
import { visible } from '../model/safe-text.ts';
import { errorFacts, NETWORK } from './failure.ts';

export type HomeAccount =
  | { readonly kind: 'known'; readonly account: AccountId; readonly partition: string; readonly arn?: string }
  /** Nobody was heard, so nothing is known about the credentials. `reason` is the system's word for it, such as ECONNREFUSED. */
  | { readonly kind: 'unreachable'; readonly reason: string }
  /** `name` is the error's, such as ExpiredToken. */
  | { readonly kind: 'unknown'; readonly name: string; readonly detail: string };

/** A provider of credentials has a network of its own: what it cannot reach is no matter of AWS's address. */
const isUnreachable = (name: string, code: string): boolean =>
  !name.endsWith('ProviderError') && (UNANSWERED.has(name) || code === 'ENOTFOUND' || NETWORK.has(code));
const UNANSWERED = new Set(['TimeoutError', 'AbortError']);

/** The region of the standard AWS settings; undefined if they name none. */
export function configuredRegion(): Promise<string | undefined> {
  return new STSClient({}).config.region().catch(() => undefined);
}

/**
 * Asks STS whose the standard credentials are. `region` is where to ask; absent, the environment says. Needs no permission.
 * Source: STS API reference, GetCallerIdentity.
 */
export async function readHomeAccount(region?: string): Promise<HomeAccount> {
  const client = new STSClient(region === undefined ? {} : { region });
  try {
    const answer = await client.send(new GetCallerIdentityCommand({}), { abortSignal: AbortSignal.timeout(20_000) });
    const account = parseAccountId(answer.Account ?? '');
    if (!account.ok) return { kind: 'unknown', name: 'NoAccount', detail: 'STS did not say whose the credentials are.' };
    const partition = /^arn:(aws[a-z-]*):/.exec(answer.Arn ?? '')?.[1] ?? 'aws';
    return { kind: 'known', account: account.value, partition, ...(answer.Arn ? { arn: visible(answer.Arn, 300) } : {}) };
  } catch (error) {
    const { name, code, message } = errorFacts(error);
    if (isUnreachable(name, code)) return { kind: 'unreachable', reason: UNANSWERED.has(name) ? 'no answer in time' : code };
    const own = name === 'CredentialsProviderError' || message === 'Region is missing' ? `: ${visible(message, 200)}` : '';
    return {
      kind: 'unknown',
      name: message === 'Region is missing' ? 'NoRegion' : name,
      detail: `STS does not say whose the credentials are (${visible(name || code, 80)})${own}.`,
    };
  } finally {
    client.destroy();
  }
}
