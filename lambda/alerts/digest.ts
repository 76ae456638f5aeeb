// When a digest is due, and what is remembered for it between two of them.
import type { Alert, AlertMemory } from '../model/alert.ts';
import { type DigestMemory, type EndedAlert, MOST_ENDED } from '../model/digest.ts';
import { type AlertPolicy, type DigestPolicy, WEEKDAYS } from '../model/policy.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

const periodOf = ({ every }: DigestPolicy): number => (every === 'day' ? DAY_MS : 7 * DAY_MS);

/** The last time at or before `now` at which a digest should have gone out; both ISO 8601 UTC, in which every day has 24 hours. */
export function digestSlot(policy: DigestPolicy, now: string): string {
  const period = periodOf(policy);
  // The epoch began on a Thursday.
  const days = policy.every === 'day' ? 0 : (WEEKDAYS.indexOf(policy.on) - WEEKDAYS.indexOf('thursday') + 7) % 7;
  const offset = days * DAY_MS + policy.atMinute * MINUTE_MS;
  return new Date(Math.floor((Date.parse(now) - offset) / period) * period + offset).toISOString();
}

/**
 * What this sweep remembers for the digest, to be spread into the memory: one sweep more. A monitor that never sent one begins to count now, so that
 * its first digest comes at the next time; one that no longer wants any forgets it.
 */
export function digestMemoryOf(
  { digest }: Pick<AlertMemory, 'digest'>,
  policy: AlertPolicy,
  now: string,
): { readonly digest?: DigestMemory } {
  if (policy.digest === undefined) return {};
  if (digest === undefined) return { digest: { at: now, sweeps: 1, recovered: [] } };
  // A clock that ran ahead for long must not silence the digest until that time comes; one that stepped back a little only waits.
  const astray = Date.parse(digest.at) - Date.parse(now) > periodOf(policy.digest);
  return { digest: { ...digest, at: astray ? now : digest.at, sweeps: digest.sweeps + 1 } };
}

/** The time that a digest is due for, ISO 8601 UTC; undefined if none is. One that was missed is due until it is told, or the next one is. */
export function digestDue({ digest }: Pick<AlertMemory, 'digest'>, policy: AlertPolicy, now: string): string | undefined {
  if (policy.digest === undefined || digest === undefined) return undefined;
  const slot = digestSlot(policy.digest, now);
  return Date.parse(slot) > Date.parse(digest.at) ? slot : undefined;
}

/** The memory with some alerts that were told to be over; the oldest are dropped and counted where they become too many. */
export function withEnded(digest: DigestMemory, ended: readonly EndedAlert[]): DigestMemory {
  const all = [...digest.recovered, ...ended];
  const dropped = (digest.dropped ?? 0) + Math.max(0, all.length - MOST_ENDED);
  return { ...digest, recovered: all.slice(-MOST_ENDED), ...(dropped > 0 ? { dropped } : {}) };
}

/** What the digest keeps of an alert that was told to be over at `now` (ISO 8601 UTC). */
export function endedAlert({ key, target, affected, most, closing, ...alert }: Alert, event: EndedAlert['event'], now: string): EndedAlert {
  const identity = affected[0]?.subject.identity;
  return {
    key,
    event,
    account: target.account,
    region: target.region,
    ...(identity === undefined ? {} : { identity }),
    identities: Math.max(most ?? 0, affected.length),
    severity: alert.severity,
    kinds: alert.kinds,
    ...(alert.cause === undefined ? {} : { cause: alert.cause }),
    openedAt: alert.openedAt,
    at: closing?.at ?? now,
    ...(closing?.why === undefined ? {} : { why: closing.why }),
  };
}
