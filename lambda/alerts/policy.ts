// What the user does not want told: mutes and the minimum severity.
import type { Subject } from '../model/alert.ts';
import { compareSeverity, type FindingKind, type Severity } from '../model/finding.ts';
import type { AlertPolicy, Mute } from '../model/policy.ts';

/** Who a mute may be about: an identity, or, without a name, the target itself. */
export interface Mutable {
  readonly account: string;
  readonly region: string;
  readonly identity?: string;
}

/**
 * True if some mute covers this kind of this subject at `now` (ISO 8601 UTC).
 * It is named by the identity's name or, for a target, by `account/region`; a mute may say in which account and region it counts.
 */
export function isMuted({ account, region, identity }: Mutable, kind: string, mutes: readonly Mute[], now: string): boolean {
  const name = identity ?? `${account}/${region}`;
  return mutes.some(
    (mute) =>
      matchesPattern(name, mute.identity) &&
      (mute.account ?? account) === account &&
      (mute.region ?? region) === region &&
      (mute.kinds === undefined || mute.kinds.length === 0 || mute.kinds.includes(kind)) &&
      isRunning(mute.until, now),
  );
}

/**
 * True if this kind is muted for an identity: by its name, or, for what cannot be judged, by `account/region` too,
 * because that alert is about the whole target.
 */
export function isFindingMuted(
  subject: Pick<Subject, 'account' | 'region' | 'identity'>,
  kind: FindingKind,
  policy: AlertPolicy,
  now: string,
): boolean {
  if (isMuted(subject, kind, policy.mute, now)) return true;
  const { account, region } = subject;
  return kind === 'identity-unknown' && isMuted({ account, region }, kind, policy.mute, now);
}

/** True if an alert of this severity may be told at all. Notices never are, whatever the minimum. */
export function isTellable(severity: Severity, policy: AlertPolicy): boolean {
  return severity !== 'notice' && compareSeverity(severity, policy.minimumSeverity) >= 0;
}

/** `*` stands for any run of characters, dots included; case and a final dot do not count. Takes time linear in the text for each `*`. */
export function matchesPattern(text: string, pattern: string): boolean {
  const subject = fold(text);
  const parts = fold(pattern).split('*');
  const first = parts[0] ?? '';
  if (parts.length === 1) return subject === first;
  const last = parts[parts.length - 1] ?? '';
  if (!subject.startsWith(first) || !subject.endsWith(last) || subject.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = subject.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= subject.length - last.length;
}

function fold(text: string): string {
  const lower = text.toLowerCase();
  return lower.endsWith('.') ? lower.slice(0, -1) : lower;
}

/**
 * True if a mute with this end is still in force. `until` is exclusive and UTC: a bare date is its midnight, and a time without a zone is read as UTC,
 * not as the machine's zone. What cannot be read as a time mutes nothing: too much noise is better than silence nobody meant.
 */
export function isRunning(until: string | undefined, now: string): boolean {
  if (until === undefined) return true;
  const text = /^\d{4}-\d{2}-\d{2}T[\d:.]+$/.test(until) ? `${until}Z` : until;
  return Date.parse(now) < Date.parse(text);
}
