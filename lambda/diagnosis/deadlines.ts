// The clocks that run while something is wrong. All are estimates on the early side: SES publishes no times.
import type { Evidence, IdentityHistory } from '../model/evidence.ts';
import type { Deadline } from '../model/finding.ts';
import { lastSuccessOf } from './last-success.ts';

const HOUR_MS = 3_600_000;
/** SES looks for the records for 72 hours and then stops (SES developer guide, "Troubleshooting DKIM"). */
export const VERIFICATION_HOURS = 72;
/** After its warning SES keeps the set-up for five days (SES's own warning mail). */
const GRACE_HOURS = 5 * 24;
/** A domain verified by DKIM loses its right to send after about three days of misses (inferred, so always an estimate). */
const SENDING_HOURS = 72;

/** The time `hours` after `iso`, in ISO 8601 UTC; undefined if `iso` is no time. */
export function hoursAfter(iso: string, hours: number): string | undefined {
  const at = Date.parse(iso) + hours * HOUR_MS;
  return Number.isFinite(at) && Math.abs(at) < 8.64e15 ? new Date(at).toISOString() : undefined;
}

/** Whole and part hours from `from` to `to`; undefined if either is no time. */
export function hoursBetween(from: string, to: string): number | undefined {
  const hours = (Date.parse(to) - Date.parse(from)) / HOUR_MS;
  return Number.isFinite(hours) ? hours : undefined;
}

/**
 * Since when the identity has been pending. SES gives no such time: for Easy DKIM it is when the key was made, else our own first sight of
 * the present spell, marked `estimated`. Undefined at first sight: then nobody knows.
 */
export function pendingSince({
  identity,
  history,
  now,
}: Pick<Evidence, 'identity' | 'history' | 'now'>): { readonly at: string; readonly estimated: boolean } | undefined {
  const { method, ses } = identity;
  const made = method === 'easy' ? ses.lastKeyGeneratedAt : undefined;
  const success = [ses.lastSuccessAt, history?.lastSuccessAt]
    .filter((at) => at !== undefined)
    .sort()
    .at(-1);
  // A key made before the last success belongs to an earlier spell.
  if (made !== undefined && !Number.isNaN(Date.parse(made)) && (success === undefined || success < made))
    return { at: made, estimated: false };
  return history === undefined ? undefined : { at: history.pendingSince ?? now, estimated: true };
}

/** When every record was last seen right, as far as anybody remembers: there the clocks of lost records start. */
export function lastRightAt(history: IdentityHistory | undefined): string | undefined {
  const { lastHealthyAt, lastRightAt: right } = history ?? {};
  return lastHealthyAt === undefined || (right !== undefined && right > lastHealthyAt) ? right : lastHealthyAt;
}

/**
 * Where the clocks of SES started, once it says that it misses the records: not before its last success, and as early as it can have been after
 * that. It does not begin anew with every time that a record was there between two of its looks. Undefined if nobody saw it begin.
 */
function missedSince({ identity, history }: Evidence): string | undefined {
  const right = history?.missedAt === undefined ? lastRightAt(history) : history.missedFrom;
  if (right === undefined) return undefined;
  const success = lastSuccessOf({ identity, history });
  const earliest = success !== undefined && success < right ? success : right;
  const { lastSuccessAt } = identity.ses;
  return lastSuccessAt !== undefined && lastSuccessAt > earliest ? lastSuccessAt : earliest;
}

/**
 * The clocks of lost records: what SES drops, and when at the earliest. They start when the records were last right; where nobody saw that,
 * when SES last knew them right. None without such a time.
 */
export function lostRecordDeadlines(evidence: Evidence): readonly Deadline[] {
  const { status } = evidence.identity.ses;
  if (status === 'PENDING') return verificationDeadline(evidence);
  if (status !== 'SUCCESS' && status !== 'TEMPORARY_FAILURE') return [];
  const from = status === 'SUCCESS' ? lastRightAt(evidence.history) : missedSince(evidence);
  return from === undefined ? unseenRecordDeadlines(evidence) : clocks(evidence, from);
}

/**
 * The clocks where only SES can tell when they began: it misses records that look right, or nobody saw them right. At first sight an old success
 * says nothing of the present spell, so what could have come by then and has not is left out.
 */
export function unseenRecordDeadlines(evidence: Evidence): readonly Deadline[] {
  const { status } = evidence.identity.ses;
  if (status === 'PENDING') return verificationDeadline(evidence);
  const began = status === 'TEMPORARY_FAILURE' ? missedSince(evidence) : undefined;
  const from = began ?? lastKnownToSes(evidence);
  if (from === undefined) return [];
  return clocks(evidence, from)
    .filter(({ at }) => began !== undefined || at > evidence.now)
    .map((one) => ({ ...one, countedFrom: from }));
}

/** The clocks of what SES may well not mind: they run once it says that it does. */
export function mindedDeadlines(evidence: Evidence): readonly Deadline[] {
  const { status } = evidence.identity.ses;
  return status === 'TEMPORARY_FAILURE' || status === 'PENDING' ? unseenRecordDeadlines(evidence) : [];
}

function clocks({ identity }: Evidence, from: string): readonly Deadline[] {
  return [
    ...(identity.ses.verifiedForSending === false ? [] : deadline('sending-lost', from, SENDING_HOURS, true)),
    ...deadline('signing-lost', from, GRACE_HOURS, true),
  ];
}

/** Until when SES cannot have missed the records. */
function lastKnownToSes({ identity, history }: Evidence): string | undefined {
  const { status, readAt, lastCheckedAt, lastSuccessAt } = identity.ses;
  if (status === 'SUCCESS')
    return lastSuccessAt !== undefined && lastCheckedAt !== undefined && lastCheckedAt > lastSuccessAt ? lastSuccessAt : readAt;
  return lastSuccessOf({ identity, history });
}

/** When SES stops looking. */
export function verificationDeadline(evidence: Evidence): readonly Deadline[] {
  const since = pendingSince(evidence);
  return since === undefined ? [] : deadline('verification-ends', since.at, VERIFICATION_HOURS, since.estimated);
}

function deadline(name: Deadline['name'], from: string, hours: number, estimated: boolean): readonly Deadline[] {
  const at = hoursAfter(from, hours);
  return at === undefined ? [] : [{ name, at, estimated }];
}
