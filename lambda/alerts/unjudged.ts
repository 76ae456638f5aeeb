// What cannot be judged for long: the part of each identity in the one alert that says so for its target, and how many it is of.
import { type Alert, type AlertMemory, type Belief, isUnjudgedKey, type Subject, unjudgedKey } from '../model/alert.ts';
import type { FindingOf } from '../model/finding.ts';
import { type Target, targetKey } from '../model/identity.ts';
import type { AlertPolicy } from '../model/policy.ts';
import type { IdentityResult, TargetReport } from '../model/report.ts';
import { subjectKey } from './facts.ts';
import { isFindingMuted } from './policy.ts';

/** Less than this is a passing fault of DNS, of the network or of ours, and nobody can do anything about it. */
const LASTING_MS = 3_600_000;

export interface UnjudgedContext {
  readonly target: Target;
  readonly subject: Subject;
  /** True if the target could not be read: what is not broken there is not said to be well. */
  readonly hidden: boolean;
  /** True if the identity is in the open alert ({@link unjudgedIn}). */
  readonly known: boolean;
  readonly policy: AlertPolicy;
  /** ISO 8601 UTC. */
  readonly now: string;
}

/**
 * What one result means for the alert about its target's unjudged identities: nothing, for an identity that is judged and was not in it.
 * A quick look is enough to end it: some server answered, and what is told is only that nothing could be seen.
 */
export function unjudgedBelief(
  { diagnosis, nameServers }: IdentityResult,
  { target, subject, hidden, known, policy, now }: UnjudgedContext,
): Belief | undefined {
  const key = unjudgedKey(target);
  const lasting = diagnosis.findings.find((f) => f.kind === 'identity-unknown');
  if (lasting !== undefined && isLasting(lasting, now)) {
    const muted = isFindingMuted(subject, lasting.kind, policy, now);
    return {
      key,
      kind: 'broken',
      affected: [{ subject, findings: [lasting] }],
      target,
      muted,
      ...(nameServers === undefined ? {} : { nameServers }),
    };
  }
  if (!known) return undefined;
  if (diagnosis.kind === 'unknown' || (hidden && diagnosis.kind !== 'broken'))
    return { key, kind: 'unknown', detail: 'identity-unknown', target };
  return { key, kind: 'healthy', panel: true, target };
}

/** Everybody in open alerts about what cannot be judged, as `account/region/identity`. */
export function unjudgedIn({ alerts }: AlertMemory): ReadonlySet<string> {
  const open = Object.values(alerts).filter(({ key }) => isUnjudgedKey(key));
  return new Set(open.flatMap(({ affected }) => affected.map(({ subject }) => subjectKey(subject))));
}

function isLasting({ facts }: FindingOf<'identity-unknown'>, now: string): boolean {
  return Date.parse(now) - Date.parse(facts.since) >= LASTING_MS;
}

/** How many identities of each target have records to be looked up, by `account/region`: if nearly all are unjudged, the fault may be ours. */
export function watchedOf(reports: readonly TargetReport[]): ReadonlyMap<string, number> {
  return new Map(
    reports.map((report) => [
      targetKey(report),
      report.results.filter(({ expectation }) => expectation.kind !== 'nothing').length + (report.besides?.watched ?? 0),
    ]),
  );
}

/** How many of them are in the targets of these alerts. */
export function watchedIn(watched: ReadonlyMap<string, number>, alerts: readonly Pick<Alert, 'target'>[]): number {
  return alerts.reduce((sum, { target }) => sum + (watched.get(targetKey(target)) ?? 0), 0);
}
