// The run-wide brake: when too much turns bad at once for no common reason, the fault may be ours, and new alerts wait one sweep.
import { type AffectedIdentity, type Alert, type AlertMemory, type Belief, isUnjudgedKey } from '../model/alert.ts';
import type { AlertPolicy } from '../model/policy.ts';
import { judgedIn, type TargetReport } from '../model/report.ts';
import { pointsOf, severityOf, subjectKey } from './facts.ts';
import { isTellable } from './policy.ts';

/** More than this share of all identities, and at least this many, must turn bad in one sweep: below that it may be chance, a customer who moved several domains. */
const SHARE = 0.02;
const AT_LEAST = 5;

export interface Brake {
  /** True: new alerts are held back in this sweep. */
  readonly held: boolean;
  readonly why?: 'control-name-failed' | 'too-many-at-once';
  /** Identities that turned bad in this sweep and would open an alert. */
  readonly newlyBroken: number;
  /** Identities seen in this sweep. */
  readonly identities: number;
}

type Broken = Extract<Belief, { kind: 'broken' }>;

/**
 * Decides whether new alerts are held back. By sweeps never twice in a row: what is still broken in the next one is told then.
 * `controlFailed` says that a name that is always there (SES's own zone) could not be looked up. `isIntroduced` tells whether the target had its first
 * summary: what is broken at first sight has not turned bad in this sweep, and counts only against a failed control name.
 * In an early check shares mean nothing: what it looks at was named because it changed. It waits as long as the control name fails, and does
 * not count among the sweeps: a second look a minute later would prove nothing.
 */
export function brakeOf(
  beliefs: readonly Belief[],
  reports: readonly TargetReport[],
  memory: AlertMemory,
  policy: AlertPolicy,
  options: { readonly controlFailed: boolean; readonly isIntroduced: (target: Belief['target']) => boolean; readonly early?: boolean },
): Brake {
  const untold = beliefs.flatMap((b) => untoldOf(b, memory.alerts[b.key])).filter((b) => isTellable(severityOf(b), policy));
  const turned = untold.filter((b) => memory.alerts[b.key]?.told !== undefined || isNew(b, memory, options.isIntroduced));
  const identities = reports.reduce((n, report) => n + judgedIn(report), 0);
  const facts = { newlyBroken: count(turned), identities };
  if (memory.brakedLastSweep && options.early !== true) return { held: false, ...facts };
  if (options.controlFailed && untold.length > 0) return { held: true, why: 'control-name-failed', ...facts };
  if (options.early === true) return { held: false, ...facts };
  const unexplained = count(turned) - largestCause(turned, reports);
  if (unexplained >= AT_LEAST && unexplained > identities * SHARE) return { held: true, why: 'too-many-at-once', ...facts };
  return { held: false, ...facts };
}

/** What the brake distrusts is our view of DNS: that a target cannot be read, or that we see nothing, has nothing to do with it. */
export function isDistrusted(belief: Belief): belief is Broken {
  return belief.kind === 'broken' && belief.affected.length > 0 && !isUnjudgedKey(belief.key);
}

/**
 * A belief about a group that was told, without those who join it in this sweep: what is held back must not reach people by that door. It goes on
 * without them; the next sweep takes them in. Where nobody else is left, nothing can be said of it. Any other belief as it is.
 */
export function withoutJoiners(belief: Belief, alert: Alert | undefined): Belief {
  const joiners = joinersOf(belief, alert);
  if (belief.kind !== 'broken' || joiners.length === 0) return belief;
  const affected = belief.affected.filter((one) => !joiners.includes(one));
  const { key, target } = belief;
  return affected.length > 0 ? { ...belief, affected } : { key, kind: 'unknown', detail: 'held-by-brake', target };
}

// What nobody has heard of: all of what was not told, and of a group that was told those who join it.
function untoldOf(belief: Belief, alert: Alert | undefined): readonly Broken[] {
  if (!isDistrusted(belief) || belief.muted) return [];
  if (alert?.told === undefined) return [belief];
  const affected = joinersOf(belief, alert);
  return affected.length > 0 ? [{ ...belief, affected }] : [];
}

function joinersOf(belief: Belief, alert: Alert | undefined): readonly AffectedIdentity[] {
  if (alert?.cause === undefined || alert.told === undefined || !isDistrusted(belief) || belief.muted) return [];
  const inside = new Set(alert.affected.map(({ subject }) => subjectKey(subject)));
  const known = new Set(alert.told.points);
  // Of whom people know as a member since the last message, nothing is held.
  return belief.affected.filter(
    (one) => !inside.has(subjectKey(one.subject)) && !pointsOf({ affected: [one] }).some((point) => known.has(point)),
  );
}

const isNew = ({ key, target }: Broken, { alerts }: AlertMemory, isIntroduced: (target: Belief['target']) => boolean): boolean =>
  alerts[key] === undefined && isIntroduced(target);

function count(beliefs: readonly Broken[]): number {
  return beliefs.reduce((n, b) => n + b.affected.length, 0);
}

// How many of them one cause explains: one zone, one name server, one account. Only the largest single cause counts,
// because a fault of ours that strikes at random also strikes several customers of every large hoster.
function largestCause(turned: readonly Broken[], reports: readonly TargetReport[]): number {
  const causes = new Map<string, number>();
  const credit = (cause: string, n: number): void => {
    causes.set(cause, (causes.get(cause) ?? 0) + n);
  };
  const seen = new Map<string, number>();
  for (const report of reports) seen.set(report.account, (seen.get(report.account) ?? 0) + judgedIn(report));
  for (const belief of turned) {
    const n = belief.affected.length;
    if (belief.zone !== undefined) credit(`zone ${belief.zone}`, n);
    for (const server of new Set(belief.nameServers ?? [])) credit(`server ${server}`, n);
    credit(`account ${belief.target.account}`, n);
  }
  let largest = 0;
  for (const [cause, n] of causes) {
    const account = cause.startsWith('account ') ? cause.slice('account '.length) : undefined;
    // An account explains nothing where it is the only one, or where most of it is well.
    if (account !== undefined && (seen.size < 2 || n * 2 < (seen.get(account) ?? 0))) continue;
    if (n > largest) largest = n;
  }
  // One identity is its own zone and its own servers: a cause is common only if it explains several.
  return largest > 1 ? largest : 0;
}
