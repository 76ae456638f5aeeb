// What one digest says, from the memory after the sweep's messages and from what the sweep saw.
import { type Alert, type AlertMemory, isTargetAlert } from '../model/alert.ts';
import type { Digest, DigestOpen, Pending, RunningMute, Unseen } from '../model/digest.ts';
import type { AlertPolicy } from '../model/policy.ts';
import type { TargetReport } from '../model/report.ts';
import type { DigestTelling } from '../model/telling.ts';
import { digestAlertId, digestMessageId } from './fingerprint.ts';
import { countTarget } from './first-sweep.ts';
import { openAlerts } from './open-counts.ts';
import { isFindingMuted, isMuted, isRunning } from './policy.ts';

export interface DigestInput {
  readonly memory: AlertMemory;
  readonly reports: readonly TargetReport[];
  readonly policy: AlertPolicy;
  /** Start of the sweep, ISO 8601 UTC. */
  readonly now: string;
}

/** The digest due for `slot` (see `digestDue`). Its ids depend on that time and on the last digest only: a repeat after a crash has the same. */
export function digestTelling(slot: string, { memory, reports, policy, now }: DigestInput): DigestTelling {
  const { at: since, sweeps, recovered, dropped = 0 } = memory.digest ?? { at: now, sweeps: 0, recovered: [] };
  const digest: Digest = {
    at: now,
    since,
    sweeps,
    open: openIn(memory, policy, now),
    ended: [...recovered].reverse(),
    endedDropped: dropped,
    mutes: runningMutes(policy, now),
    unseen: reports.flatMap((report) => unseenIn(report)),
    pending: reports.flatMap((report) => pendingIn(report, policy, now)).sort((a, b) => endOf(a) - endOf(b)),
    targets: reports.map((report) => countTarget(report, policy, now)),
  };
  return { kind: 'digest', event: 'digest', alertId: digestAlertId(since, slot), messageId: digestMessageId(since, slot), digest };
}

const endOf = ({ until }: { readonly until?: string }): number => {
  const at = Date.parse(until ?? '');
  return Number.isNaN(at) ? Number.MAX_SAFE_INTEGER : at;
};

function openIn(memory: AlertMemory, policy: AlertPolicy, now: string): readonly DigestOpen[] {
  return openAlerts(memory, policy, now).flatMap(({ key, severity, told, deadline }) => {
    const alert = memory.alerts[key];
    if (alert === undefined || severity === 'notice') return [];
    return [{ alert: loud(alert, policy, now), severity, told, ...(deadline === undefined ? {} : { deadline }) }];
  });
}

// Of an alert only what is not muted; a target's own finding names no identity.
function loud(alert: Alert, policy: AlertPolicy, now: string): Alert {
  if (isTargetAlert(alert)) return alert;
  const { targetFinding, ...rest } = alert;
  const affected = alert.affected
    .map(({ subject, findings }) => ({ subject, findings: findings.filter(({ kind }) => !isFindingMuted(subject, kind, policy, now)) }))
    .filter(({ findings }) => findings.length > 0);
  const hidden = targetFinding === undefined || isMuted(alert.target, targetFinding.kind, policy.mute, now);
  return { ...rest, affected, ...(hidden ? {} : { targetFinding }) };
}

function runningMutes({ mute }: AlertPolicy, now: string): readonly RunningMute[] {
  return mute
    .filter(({ until }) => isRunning(until, now))
    .map(({ identity, account, region, kinds = [], until, reason }) => ({
      identity,
      ...(account === undefined ? {} : { account }),
      ...(region === undefined ? {} : { region }),
      kinds,
      ...(until === undefined ? {} : { until }),
      ...(reason === undefined ? {} : { reason }),
    }))
    .sort((a, b) => endOf(a) - endOf(b));
}

function unseenIn({ account, region, gap, results, unread }: TargetReport): readonly Unseen[] {
  const unjudged = results.filter(({ diagnosis }) => diagnosis.kind === 'unknown').length;
  if (gap === undefined && unjudged === 0 && unread.length === 0) return [];
  return [
    { account, region, unjudged, unread: unread.length, ...(gap === undefined ? {} : { gap: { reason: gap.reason, detail: gap.detail } }) },
  ];
}

function pendingIn({ account, region, results }: TargetReport, policy: AlertPolicy, now: string): readonly Pending[] {
  return results.flatMap(({ identity, diagnosis }) => {
    const found = diagnosis.findings.find(({ kind }) => kind === 'verification-pending');
    if (found === undefined || isMuted(identity, found.kind, policy.mute, now)) return [];
    const until = found.deadlines.find(({ name }) => name === 'verification-ends')?.at;
    return [{ account, region, identity: identity.identity, ...(until === undefined ? {} : { until }) }];
  });
}
