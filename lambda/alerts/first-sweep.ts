// The first summary: which targets are seen for the first time, when they may be summed up, and their counts.
import type { AlertMemory, Belief } from '../model/alert.ts';
import { isBlindness } from '../model/finding.ts';
import { type Target, targetKey } from '../model/identity.ts';
import type { AlertPolicy } from '../model/policy.ts';
import { knownIn, type TargetReport } from '../model/report.ts';
import type { TargetCounts, UnreadTarget } from '../model/telling.ts';
import { isMuted } from './policy.ts';

/** A listing that never completes must not hold the summary, and with it every alert of the target, for ever. */
const LONGEST_WAIT_MS = 6 * 3_600_000;

export interface FirstSweep {
  /** Targets whose first summary is due in this sweep, by key. */
  readonly due: ReadonlySet<string>;
  /** Targets that have had no summary yet and must wait for it, by key. */
  readonly waiting: ReadonlySet<string>;
}

/**
 * Sorts the targets without a summary: due once their listing is complete, or six hours after they were first seen if anything is known of them.
 * Unreadable ones wait, for their own alert tells what is wrong; so do regions that are off, of which there is nothing to tell. `firstSeen` holds ISO 8601 UTC times by target; a clock that stepped back only makes them wait longer.
 */
export function firstSweepOf(
  reports: readonly TargetReport[],
  memory: Pick<AlertMemory, 'introduced' | 'firstSeen'>,
  unreadable: ReadonlySet<string>,
  now: string,
): FirstSweep {
  const due = new Set<string>();
  const waiting = new Set<string>();
  for (const report of reports) {
    const key = targetKey(report);
    if (memory.introduced[key] !== undefined) continue;
    const waited = Date.parse(now) - Date.parse(memory.firstSeen[key] ?? now);
    const known = knownIn(report);
    const listed = report.inventoryComplete && !unreadable.has(key);
    if (listed || (waited >= LONGEST_WAIT_MS && known > 0)) due.add(key);
    else waiting.add(key);
  }
  return { due, waiting };
}

/** For an early check: it sums up nothing, and what it finds in a target without a summary waits for that. */
export function firstSweepToCome(configuredTargets: readonly Target[], { introduced }: Pick<AlertMemory, 'introduced'>): FirstSweep {
  return { due: new Set(), waiting: new Set(configuredTargets.map(targetKey).filter((key) => introduced[key] === undefined)) };
}

/**
 * How the first summary concerns a belief. An alert that reaches into several targets (a family of replicas) is told by the first of them
 * whose summary is due, and waits only if all its targets wait. A target's own alert never waits.
 */
export function summaryStage(belief: Belief, first: FirstSweep): 'none' | 'waiting' | 'now' {
  if (belief.kind !== 'broken' || belief.affected.length === 0) return 'none';
  const targets = belief.affected.map(({ subject }) => `${subject.account}/${subject.region}`);
  if (targets.some((key) => first.due.has(key))) return 'now';
  return targets.every((key) => first.waiting.has(key)) ? 'waiting' : 'none';
}

/** Counts one target's identities as the summary shows them: muted ones apart, unread ones as unknown. */
export function countTarget(report: TargetReport, policy: AlertPolicy, now: string): TargetCounts {
  const counts = { healthy: report.besides?.healthy ?? 0, broken: 0, unknown: report.unread.length, muted: 0 };
  for (const { identity, diagnosis } of report.results) {
    const loud = diagnosis.findings.some(
      (f) => f.severity !== 'notice' && !isBlindness(f.kind) && !isMuted(identity, f.kind, policy.mute, now),
    );
    counts[diagnosis.kind === 'broken' && !loud ? 'muted' : diagnosis.kind] += 1;
  }
  return {
    account: report.account,
    region: report.region,
    identities: knownIn(report),
    ...counts,
    complete: report.inventoryComplete,
  };
}

/**
 * Targets without a summary of their own that could not be read in this sweep: a first look that is silent about them would say "all healthy" of what
 * nobody saw. Muted ones are left out; so are those introduced before, of which people were told apart.
 */
export function unreadIn(reports: readonly TargetReport[], first: FirstSweep, policy: AlertPolicy, now: string): readonly UnreadTarget[] {
  return reports.flatMap(({ account, region, gap }): readonly UnreadTarget[] => {
    const key = targetKey({ account, region });
    if (
      gap === undefined ||
      !(first.waiting.has(key) || first.due.has(key)) ||
      isMuted({ account, region }, 'target-unreadable', policy.mute, now)
    )
      return [];
    return [{ account, region, reason: gap.reason, detail: gap.detail }];
  });
}

/** When each configured target was first seen: kept for known ones, `now` for new ones, dropped for those no longer configured. */
export function firstSeenOf(configuredTargets: readonly Target[], memory: AlertMemory, now: string): Readonly<Record<string, string>> {
  return Object.fromEntries(configuredTargets.map((target) => [targetKey(target), memory.firstSeen[targetKey(target)] ?? now]));
}
