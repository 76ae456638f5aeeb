// Whose credentials these are.
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { type AccountId, parseAccountId } from '../model/names.ts';
import { visible } from '../model/safe-text.ts';
import { errorFacts } from './failure.ts';

export type HomeAccount =
  | { readonly kind: 'known'; readonly account: AccountId; readonly partition: string }
  | { readonly kind: 'unknown'; readonly detail: string };

/**
 * Asks STS whose the standard credentials are. `region` is where to ask; absent, the environment says. Needs no permission.
 * Source: STS API reference, GetCallerIdentity.
 */
export async function readHomeAccount(region?: string): Promise<HomeAccount> {
  const client = new STSClient(region === undefined ? {} : { region });
  try {
    const answer = await client.send(new GetCallerIdentityCommand({}), { abortSignal: AbortSignal.timeout(20_000) });
    const account = parseAccountId(answer.Account ?? '');
    if (!account.ok) return { kind: 'unknown', detail: 'STS did not say whose the credentials are.' };
    const partition = /^arn:(aws[a-z-]*):/.exec(answer.Arn ?? '')?.[1] ?? 'aws';
    return { kind: 'known', account: account.value, partition };
  } catch (error) {
    const { name, code, message } = errorFacts(error);
    const own = name === 'CredentialsProviderError' || message === 'Region is missing' ? `: ${visible(message, 200)}` : '';
    return { kind: 'unknown', detail: `STS does not say whose the credentials are (${visible(name || code, 80)})${own}.` };
  } finally {
    client.destroy();
  }
}
