// Reads the details of listed identities one by one, so that one identity's error never costs another its turn.
import { GetEmailIdentityCommand } from '@aws-sdk/client-sesv2';
import type { Identity, PendingName } from '../model/identity.ts';
import type { Clock } from '../sweep/ports.ts';
import { withHeard } from './batch-facts.ts';
import type { Answer, Failure, FailureKind } from './failure.ts';
import { readIdentity } from './read-identity.ts';
import type { Send, SesSession } from './session.ts';

export interface DetailOutcome {
  readonly read: readonly Identity[];
  /** Deleted since they were listed. */
  readonly gone: readonly PendingName[];
  /** Tried as often as is worth it, without success. */
  readonly failed: readonly { readonly name: PendingName; readonly failure: Failure }[];
  /** Not reached, or stopped at. */
  readonly left: readonly PendingName[];
  /** Why the target was left before the end, other than for want of time. */
  readonly stoppedBy?: Failure;
  /** The last failure, if there was any. */
  readonly lastFailure?: Failure;
}

/** How often one identity is asked for before it counts as unread. Zero: the target as a whole cannot be read, so the run ends. */
const TRIES: Readonly<Record<FailureKind, number>> = {
  'not-found': 1,
  'bad-request': 1,
  denied: 1,
  throttled: 5,
  transient: 3,
  other: 3,
  credentials: 0,
  'role-refused': 0,
  'region-off': 0,
};

/** After so many failures of one kind, with nothing read in between, the rest of the target would fare no better. */
const IN_A_ROW = 20;
/** Throttled calls pause for up to half a minute each. */
const THROTTLED_IN_A_ROW = 8;

/** What can wait takes this part of the pace. */
const UNHURRIED_SHARE = 0.5;

/** One GetEmailIdentity; one that can wait (`unhurried`) takes half of the pace. */
export function askIdentity(
  session: SesSession,
  name: PendingName,
  until: number,
  clock: Clock,
  unhurried = false,
): Promise<Answer<Identity>> {
  const send: Send<Identity> = async ({ v2 }, options) => {
    const answer = await v2.send(new GetEmailIdentityCommand({ EmailIdentity: name.identity }), options);
    return withHeard(readIdentity(session.target, name, answer, new Date(clock()).toISOString()), name);
  };
  return session.call('ses:GetEmailIdentity', until, send, unhurried ? UNHURRIED_SHARE : 1);
}

/** A known identity as the listing named it. */
export function nameOf({ identity, type, ses, heard }: Identity): PendingName {
  return { identity, type, ...(ses.sendingEnabled === undefined ? {} : { sendingEnabled: ses.sendingEnabled }), ...heard };
}

export interface DetailOptions {
  readonly onProgress?: ((done: number, of: number) => void) | undefined;
  /** Asked before each call. Default: none can wait. */
  readonly isUnhurried?: (name: PendingName) => boolean;
}

/** Reads `names` in their order, what failed once more at the end, until `until` (ms since the epoch). */
export async function readDetails(
  session: SesSession,
  names: readonly PendingName[],
  until: number,
  clock: Clock,
  { onProgress, isUnhurried }: DetailOptions = {},
): Promise<DetailOutcome> {
  const read: Identity[] = [];
  const gone: PendingName[] = [];
  const failed: { name: PendingName; failure: Failure }[] = [];
  const queue = names.map((name) => ({ name, tries: 0 }));
  let row: { readonly kind: FailureKind; readonly length: number } | undefined;
  let lastFailure: Failure | undefined;
  const result = (from: number, stoppedBy?: Failure): DetailOutcome => {
    const rest = queue.slice(from);
    // What was tried before a stop has had its turn: the next run begins with the others. A throttle is nobody's fault.
    const tried = stoppedBy !== undefined && stoppedBy.kind !== 'throttled' && TRIES[stoppedBy.kind] > 0;
    const untried = tried ? rest.filter(({ tries }, i) => i > 0 && tries === 0) : rest;
    const given = tried ? rest.filter(({ tries }, i) => i === 0 || tries > 0).map(({ name }) => ({ name, failure: stoppedBy })) : [];
    return {
      read,
      gone,
      failed: [...failed, ...given],
      left: untried.map(({ name }) => name),
      ...(stoppedBy === undefined ? {} : { stoppedBy }),
      ...(lastFailure === undefined ? {} : { lastFailure }),
    };
  };

  // The queue grows only by the bounded tries.
  for (let at = 0; ; at++) {
    const next = queue[at];
    if (next === undefined) return result(at);
    const answer = await askIdentity(session, next.name, until, clock, isUnhurried?.(next.name));
    if (answer.kind === 'out-of-time') return result(at);
    onProgress?.(Math.min(at + 1, names.length), names.length);
    if (answer.kind === 'ok') {
      read.push(answer.value);
      row = undefined;
      continue;
    }
    const { failure } = answer;
    if (failure.kind === 'not-found') {
      gone.push(next.name);
      row = undefined;
      continue;
    }
    lastFailure = failure;
    row = { kind: failure.kind, length: row?.kind === failure.kind ? row.length + 1 : 1 };
    if (TRIES[failure.kind] === 0 || row.length >= (failure.kind === 'throttled' ? THROTTLED_IN_A_ROW : IN_A_ROW))
      return result(at, failure);
    if (next.tries + 1 < TRIES[failure.kind]) queue.push({ name: next.name, tries: next.tries + 1 });
    else failed.push({ name: next.name, failure });
  }
}
