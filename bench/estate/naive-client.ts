// The client that most people would write: the listing, then GetEmailIdentity of each identity, one call a second.
import { GetEmailIdentityCommand, ListEmailIdentitiesCommand, SESv2Client, TooManyRequestsException } from '@aws-sdk/client-sesv2';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { inParallel } from '../../lambda/sweep/in-parallel.ts';
import type { BenchClock } from './clock.ts';

export interface NaiveTarget {
  readonly account: string;
  readonly region: string;
  /** Absent: read with the own keys. */
  readonly roleArn?: string;
}

/** One call a second, and a hair, for lines are not even. */
const INTERVAL_MS = 1005;
const MOST_TRIES = 10;

/** Reads everything once; returns how many identities it read. Largest pages, and keys once for each account: it is naive, not careless. */
export async function readNaively(targets: readonly NaiveTarget[], atOnce: number, clock: BenchClock): Promise<number> {
  const sts = new STSClient({});
  const keys = new Map<string, Promise<SESv2Client['config']['credentials'] | undefined>>();
  let read = 0;
  const keysOf = ({ account, roleArn }: NaiveTarget) => {
    const known = keys.get(account) ?? assume(sts, roleArn);
    keys.set(account, known);
    return known;
  };
  await inParallel(targets, atOnce, async (target) => {
    const credentials = await keysOf(target);
    const ses = new SESv2Client({ region: target.region, maxAttempts: 1, ...(credentials === undefined ? {} : { credentials }) });
    let turn = clock.now();
    // Throttled all the same where lines are unsteady: then once more, a second later.
    const inTurn = async <T>(call: () => Promise<T>): Promise<T> => {
      for (let tries = 1; ; tries += 1) {
        if (turn > clock.now()) await clock.sleep(turn - clock.now());
        turn = Math.max(turn, clock.now()) + INTERVAL_MS;
        try {
          return await call();
        } catch (error) {
          if (!(error instanceof TooManyRequestsException) || tries === MOST_TRIES) throw error;
        }
      }
    };
    let token: string | undefined;
    const names: string[] = [];
    do {
      const after: string | undefined = token;
      const page = await inTurn(() => ses.send(new ListEmailIdentitiesCommand({ PageSize: 1000, NextToken: after })));
      names.push(...(page.EmailIdentities ?? []).flatMap(({ IdentityName }) => (IdentityName === undefined ? [] : [IdentityName])));
      token = page.NextToken;
    } while (token !== undefined);
    for (const name of names) {
      await inTurn(() => ses.send(new GetEmailIdentityCommand({ EmailIdentity: name })));
      read += 1;
    }
    ses.destroy();
  });
  sts.destroy();
  return read;
}

async function assume(sts: STSClient, roleArn: string | undefined): Promise<SESv2Client['config']['credentials'] | undefined> {
  if (roleArn === undefined) return undefined;
  const { Credentials: keys } = await sts.send(new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'naive' }));
  if (keys?.AccessKeyId === undefined || keys.SecretAccessKey === undefined) throw new Error(`no keys for ${roleArn}`);
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken } = keys;
  return async () => ({ accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) });
}
