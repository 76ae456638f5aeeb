// Tries the way to SES in single targets, one call of each kind, without keeping anything.
import { GetIdentityDkimAttributesCommand } from '@aws-sdk/client-ses';
import { GetEmailIdentityCommand, ListEmailIdentitiesCommand } from '@aws-sdk/client-sesv2';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { AwsReply, TargetLook } from '../doctor/ports.ts';
import type { Target } from '../model/identity.ts';
import type { AccountId } from '../model/names.ts';
import type { Clock, Sleep } from '../sweep/ports.ts';
import { openCredentials, type WatchedAccount } from './credentials.ts';
import type { Answer } from './failure.ts';
import { openLimiter } from './limiter.ts';
import { openSession, type SesSession } from './session.ts';

export interface ProbeOptions {
  readonly accounts: readonly WatchedAccount[];
  /** The role in all accounts that are not listed, if there is one. */
  readonly others?: Omit<WatchedAccount, 'id'>;
  readonly homeAccount: AccountId;
  readonly partition: string;
  readonly sessionName: string;
  /** Calls a second to SES in each target. */
  readonly ratePerSecond: number;
  readonly clock: Clock;
  readonly sleep: Sleep;
  /** Bound of one call, in milliseconds. Default 15,000. */
  readonly callTimeoutMs?: number;
}

export interface Probes {
  /** Takes on the role of the target's account; `own` where none is needed. */
  assume(target: Target): Promise<AwsReply | { readonly kind: 'own' }>;
  /** The three reads, until `until` (ms since the epoch). */
  lookAt(target: Target, until: number): Promise<TargetLook>;
  close(): void;
}

/** A throttle or a broken connection may be chance: more would only add to the throttle. */
const TRIES = 2;

/** Asked for where the target has no identity: no such name can exist (RFC 2606), and "not found" shows that asking is allowed. */
const NOBODY = 'ses-dkim-monitor-doctor.invalid';

/** Nothing is called before the first look. Never throws for what AWS does. */
export function openProbes(options: ProbeOptions): Probes {
  const { clock, sleep, ratePerSecond } = options;
  const callTimeoutMs = options.callTimeoutMs ?? 15_000;
  const http = new NodeHttpHandler({ connectionTimeout: 5_000, httpsAgent: { keepAlive: true, maxSockets: 50 } });
  const credentials = openCredentials({ ...options, callTimeoutMs, onCall: () => {} });

  return {
    async assume({ account, region }) {
      const access = await credentials.access(account, region);
      if (access.kind === 'failed') return { kind: 'failed', failure: access.failure };
      return access.kind === 'own' ? access : { kind: 'ok' };
    },
    lookAt(target, until) {
      const limiter = openLimiter({ now: clock, sleep, random: Math.random, ratePerSecond });
      const session = openSession({ target, credentials, limiter, http, clock, callTimeoutMs, onCall: () => {} });
      return look(session, until);
    },
    close() {
      credentials.close();
      http.destroy();
    },
  };
}

/** Source: SES API v2 reference, ListEmailIdentities, GetEmailIdentity; SES API reference (v1), GetIdentityDkimAttributes. */
async function look(session: SesSession, until: number): Promise<TargetLook> {
  const page = await tried(() =>
    session.call('ses:ListEmailIdentities', until, ({ v2 }, send) => v2.send(new ListEmailIdentitiesCommand({ PageSize: 1 }), send)),
  );
  if (page.kind !== 'ok') return { list: replyOf(page) };
  const name = page.value.EmailIdentities?.[0]?.IdentityName;
  const known = name !== undefined && name !== '' && name.length <= 1000 ? name : NOBODY;
  const detail = await tried(() =>
    session.call('ses:GetEmailIdentity', until, ({ v2 }, send) => v2.send(new GetEmailIdentityCommand({ EmailIdentity: known }), send)),
  );
  const status = await tried(() =>
    session.call('ses:GetIdentityDkimAttributes', until, ({ v1 }, send) =>
      v1.send(new GetIdentityDkimAttributesCommand({ Identities: [known] }), send),
    ),
  );
  return { list: { kind: 'ok' }, detail: allowed(detail), status: allowed(status) };
}

async function tried<T>(ask: () => Promise<Answer<T>>): Promise<Answer<T>> {
  for (let times = 1; ; times += 1) {
    const answer = await ask();
    const again = answer.kind === 'failed' && (answer.failure.kind === 'throttled' || answer.failure.kind === 'transient');
    if (!again || times >= TRIES) return answer;
  }
}

/** An identity that was deleted in between, or that never was, is no matter here: the question itself was allowed. */
function allowed(answer: Answer<unknown>): AwsReply {
  const askedInVain = answer.kind === 'failed' && (answer.failure.kind === 'not-found' || answer.failure.kind === 'bad-request');
  return askedInVain ? { kind: 'ok' } : replyOf(answer);
}

const replyOf = (answer: Answer<unknown>): AwsReply => (answer.kind === 'ok' ? { kind: 'ok' } : answer);
