// The line to SES in one target: keys, pace, bounded calls, and errors turned into values.
import { SESClient, type SESClientConfig } from '@aws-sdk/client-ses';
import { SESv2Client, type SESv2ClientConfig } from '@aws-sdk/client-sesv2';
import type { NodeHttpHandler } from '@smithy/node-http-handler';
import type { Target } from '../model/identity.ts';
import type { Clock } from '../sweep/ports.ts';
import type { AccountCredentials, RoleKeys } from './credentials.ts';
import type { Answer } from './failure.ts';
import { sesFailure } from './failure-words.ts';
import type { Limiter } from './limiter.ts';

export interface SesClients {
  readonly v1: SESClient;
  readonly v2: SESv2Client;
}

/** Sends one request; to be given on to the client's `send` as it is. */
export type Send<T> = (clients: SesClients, options: { readonly abortSignal: AbortSignal }) => Promise<T>;

export interface SesSession {
  readonly target: Target;
  /**
   * One call of the IAM action `action`, in its turn. Never throws for what AWS does. Expired keys of a role are renewed once;
   * any other failure is handed to the caller, who knows what is worth another try. `share` is the part of the pace that it takes (default: all).
   */
  call<T>(action: string, until: number, send: Send<T>, share?: number): Promise<Answer<T>>;
  /** Lets the clients go until the next call: in a large estate thousands would be held, most of them done. The connections are the pool's, and stay. */
  rest(): void;
}

export interface SessionOptions {
  readonly target: Target;
  readonly credentials: AccountCredentials;
  readonly limiter: Limiter;
  /** Shared by all sessions: one pool of kept-alive connections. */
  readonly http: NodeHttpHandler;
  readonly clock: Clock;
  /** Called for each request sent to SES. */
  readonly onCall: () => void;
  /** Bound of one call, in milliseconds. */
  readonly callTimeoutMs: number;
}

/** Opens the session of one target. Nothing is called before the first {@link SesSession.call}. */
export function openSession(options: SessionOptions): SesSession {
  const { target, credentials, limiter } = options;
  let open: { readonly keys: RoleKeys | undefined; readonly clients: SesClients } | undefined;

  function clientsFor(keys: RoleKeys | undefined): SesClients {
    if (open !== undefined && open.keys === keys) return open.clients;
    const settings = {
      region: target.region,
      // One try each: the limiter decides when the next one may go.
      maxAttempts: 1,
      requestHandler: options.http,
      ...(keys === undefined ? {} : { credentials: keys }),
    };
    open = { keys, clients: clientsOf(settings) };
    return open.clients;
  }

  async function attempt<T>(action: string, until: number, send: Send<T>, share?: number): Promise<Answer<T>> {
    const access = await credentials.access(target.account, target.region);
    if (access.kind === 'failed') return { kind: 'failed', failure: access.failure };
    if (!(await limiter.turn(until, share))) return { kind: 'out-of-time' };
    const clients = clientsFor(access.kind === 'role' ? access.keys : undefined);
    options.onCall();
    try {
      const value = await send(clients, { abortSignal: AbortSignal.timeout(options.callTimeoutMs) });
      limiter.succeeded();
      return { kind: 'ok', value };
    } catch (error) {
      const failure = sesFailure(error, {
        action,
        target,
        ...(access.kind === 'role' ? { roleArn: access.roleArn, secrets: access.secrets } : {}),
      });
      if (failure.kind === 'throttled') limiter.throttled();
      return { kind: 'failed', failure };
    }
  }

  return {
    target,
    async call(action, until, send, share) {
      const first = await attempt(action, until, send, share);
      const expired = first.kind === 'failed' && first.failure.kind === 'credentials';
      return expired && credentials.renew(target.account) ? attempt(action, until, send, share) : first;
    },
    rest() {
      open = undefined;
    },
  };
}

/** Each is made when it is first used: many targets need only one of them. */
function clientsOf(settings: SESv2ClientConfig & SESClientConfig): SesClients {
  let v1: SESClient | undefined;
  let v2: SESv2Client | undefined;
  return {
    get v1() {
      v1 ??= new SESClient(settings);
      return v1;
    },
    get v2() {
      v2 ??= new SESv2Client(settings);
      return v2;
    },
  };
}
