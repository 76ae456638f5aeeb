// What is open after a sweep: each open alert in a few words, how many there are of each severity, and how long until the nearest deadline.
import type { Alert, AlertMemory } from '../model/alert.ts';
import { compareSeverity, type Deadline, type Finding, type FindingKind, type Severity } from '../model/finding.ts';
import type { AlertPolicy } from '../model/policy.ts';
import { isFindingMuted, isMuted } from './policy.ts';

/** One open alert as a table shows it: only what is not muted. */
export interface OpenAlert {
  readonly key: string;
  readonly severity: Severity;
  readonly kinds: readonly FindingKind[];
  /** How many identities it is about; 0 for a target that cannot be read. */
  readonly identities: number;
  readonly openedAt: string;
  /** True if people were told of it. */
  readonly told: boolean;
  /** The nearest deadline that is still to come. */
  readonly deadline?: Deadline;
}

export interface OpenCounts {
  readonly critical: number;
  readonly warning: number;
  /** Hours until the nearest deadline; absent if none is to come. */
  readonly hoursToDeadline?: number;
}

/**
 * The alerts that are open at `now` (ISO 8601 UTC), worst and most urgent first. One that is over but whose closing message could not be sent yet
 * is not open, nor is one all of whose findings are muted.
 */
export function openAlerts(memory: AlertMemory, policy: AlertPolicy, now: string): readonly OpenAlert[] {
  return Object.values(memory.alerts)
    .flatMap((alert) => (alert.closing === undefined ? (openAlert(alert, policy, now) ?? []) : []))
    .sort((a, b) => compareSeverity(b.severity, a.severity) || dueAt(a) - dueAt(b) || (a.key < b.key ? -1 : 1));
}

/** Counts what {@link openAlerts} found. Notices are never told, and not counted. */
export function countOpen(open: readonly OpenAlert[], now: string): OpenCounts {
  const of = (severity: Severity): number => open.filter((alert) => alert.severity === severity).length;
  const nearest = Math.min(...open.map(dueAt));
  return {
    critical: of('critical'),
    warning: of('warning'),
    ...(Number.isFinite(nearest) ? { hoursToDeadline: (nearest - Date.parse(now)) / 3_600_000 } : {}),
  };
}

function openAlert(alert: Alert, policy: AlertPolicy, now: string): OpenAlert | undefined {
  const loud = loudFindings(alert, policy, now);
  const [severity] = loud.map((finding) => finding.severity).sort((a, b) => compareSeverity(b, a));
  if (severity === undefined) return undefined;
  const running = loudFindings({ ...alert, affected: alert.affected.filter(({ past }) => past !== true) }, policy, now);
  const deadline = nearestDeadline(running, now);
  return {
    key: alert.key,
    severity,
    kinds: [...new Set(loud.map(({ kind }) => kind))],
    identities: alert.affected.length,
    openedAt: alert.openedAt,
    told: alert.told !== undefined,
    ...(deadline ? { deadline } : {}),
  };
}

function loudFindings({ affected, target, targetFinding }: Alert, policy: AlertPolicy, now: string): readonly Finding[] {
  const own = affected.flatMap(({ subject, findings }) => findings.filter(({ kind }) => !isFindingMuted(subject, kind, policy, now)));
  if (targetFinding === undefined || isMuted(target, targetFinding.kind, policy.mute, now)) return own;
  return [...own, targetFinding];
}

/** One that has passed is no longer counted down to. */
function nearestDeadline(findings: readonly Finding[], now: string): Deadline | undefined {
  const [nearest] = findings
    .flatMap(({ deadlines }) => deadlines)
    .filter(({ at }) => Date.parse(at) > Date.parse(now))
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return nearest;
}

const dueAt = ({ deadline }: OpenAlert): number => (deadline ? Date.parse(deadline.at) : Number.POSITIVE_INFINITY);
