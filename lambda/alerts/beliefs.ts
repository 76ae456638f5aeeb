// What one sweep believes about every alert key: each identity, each unreadable target, and everything remembered that was not seen again.
import type { AffectedIdentity, Alert, AlertMemory, Belief, Subject } from '../model/alert.ts';
import { type Finding, isBlindness } from '../model/finding.ts';
import { type Target, targetKey } from '../model/identity.ts';
import type { AlertPolicy } from '../model/policy.ts';
import type { IdentityResult, TargetFinding, TargetReport } from '../model/report.ts';
import { subjectKey } from './facts.ts';
import { alertKeys, mergeBeliefs } from './group.ts';
import { isMuted } from './policy.ts';

export interface BeliefInput {
  readonly reports: readonly TargetReport[];
  /** Targets of the configuration: an alert of any other target is gone. */
  readonly configuredTargets: readonly Target[];
  /** `target-unreadable` findings of this sweep. Such a target hides its identities: those not broken become unknown. */
  readonly targetFindings: readonly TargetFinding[];
  readonly memory: AlertMemory;
  readonly policy: AlertPolicy;
  /** ISO 8601 UTC. */
  readonly now: string;
}

/** What this sweep looked at, for the remembered alerts that it did not meet. */
interface Sweep {
  /** Identities met, as `account/region/identity`. */
  readonly seen: Set<string>;
  readonly unreadable: ReadonlySet<string>;
  readonly configured: ReadonlyMap<string, Target>;
  readonly reports: ReadonlyMap<string, TargetReport>;
}

/** One belief for each alert key of this sweep, in the order in which the keys were first met. Bounded by identities, targets and remembered alerts. */
export function beliefsOf(input: BeliefInput): readonly Belief[] {
  const { reports, targetFindings, memory } = input;
  const sweep: Sweep = {
    seen: new Set(),
    unreadable: new Set(targetFindings.flatMap((f) => f.targets.map(targetKey))),
    configured: new Map(input.configuredTargets.map((target) => [targetKey(target), target])),
    reports: new Map(reports.map((report) => [targetKey(report), report])),
  };
  const members = new Map<string, [Belief, ...Belief[]]>();
  const add = (belief: Belief): void => {
    const known = members.get(belief.key);
    if (known) known.push(belief);
    else members.set(belief.key, [belief]);
  };

  for (const { targets, finding } of targetFindings) for (const target of targets) add(targetBroken(target, finding, input));
  const keyOf = alertKeys(reports, memory);
  for (const report of reports) {
    const target = { account: report.account, region: report.region };
    const hidden = sweep.unreadable.has(targetKey(target));
    for (const result of report.results) {
      sweep.seen.add(subjectKey(result.identity));
      const key = keyOf({
        account: result.identity.account,
        region: result.identity.region,
        identity: result.identity.identity,
        method: result.identity.method,
      });
      // Without SES nobody can say that all is well: its identities are hidden, and no alert closes. But records that DNS shows to be lost are lost.
      if (hidden && result.diagnosis.kind !== 'broken') add({ key, kind: 'unknown', detail: 'target-unreadable', target });
      else add(identityBelief(key, target, result, input));
    }
    for (const unread of report.unread) {
      const named = { account: report.account, region: report.region, identity: unread.identity };
      sweep.seen.add(subjectKey(named));
      add({ key: keyOf(named), kind: 'unknown', detail: unread.reason, target });
    }
  }
  for (const alert of Object.values(memory.alerts)) for (const belief of unseenBeliefs(alert, sweep)) add(belief);
  return [...members.entries()].map(([key, beliefs]) => mergeBeliefs(key, beliefs));
}

function targetBroken(target: Target, finding: Finding, { policy, now }: BeliefInput): Belief {
  const key = targetKey(target);
  return { key, kind: 'broken', affected: [], targetFinding: finding, target, muted: isMuted(key, finding.kind, policy.mute, now) };
}

function identityBelief(key: string, target: Target, result: IdentityResult, { memory, policy, now }: BeliefInput): Belief {
  const { diagnosis } = result;
  if (diagnosis.kind === 'healthy') return { key, kind: 'healthy', panel: result.panel, target };
  // What SES itself says can be certain while DNS cannot be judged: such a critical finding opens an alert, but changes none that is open.
  const certain = diagnosis.findings.filter((f) => !isBlindness(f.kind) && (diagnosis.kind === 'broken' || f.severity === 'critical'));
  if (diagnosis.kind === 'unknown' && (certain.length === 0 || memory.alerts[key] !== undefined))
    return { key, kind: 'unknown', detail: diagnosis.reason, target };
  const loud = certain.filter((f) => !isMuted(result.identity.identity, f.kind, policy.mute, now));
  const muted = !loud.some((f) => f.severity !== 'notice');
  return {
    key,
    kind: 'broken',
    affected: [affectedOf(result, muted ? certain : loud)],
    target,
    muted,
    ...(result.zone === undefined ? {} : { zone: result.zone }),
    ...(result.nameServers === undefined ? {} : { nameServers: [...result.nameServers].sort() }),
  };
}

function affectedOf(result: IdentityResult, findings: readonly Finding[]): AffectedIdentity {
  return { subject: subjectOf(result), findings };
}

/** Who a result is about, as every message and stored alert names it. */
export function subjectOf({ identity }: Pick<IdentityResult, 'identity'>): Subject {
  return {
    account: identity.account,
    region: identity.region,
    identity: identity.identity,
    type: identity.type,
    method: identity.method,
    status: identity.ses.status,
    readAt: identity.ses.readAt,
    ...(identity.ses.signing === undefined ? {} : { signing: identity.ses.signing }),
    ...(identity.ses.errorType === undefined ? {} : { errorType: identity.ses.errorType }),
  };
}

// Beliefs about the remembered identities and targets that this sweep says nothing of. Only a complete listing, or a configuration
// without the target, proves that something is gone; anything less leaves it unknown, and its alert open.
function unseenBeliefs(alert: Alert, sweep: Sweep): readonly Belief[] {
  const { key } = alert;
  if (alert.targetFinding !== undefined && alert.affected.length === 0) {
    const target = sweep.configured.get(targetKey(alert.target));
    if (target === undefined) return [{ key, kind: 'gone', why: 'target-removed', target: alert.target }];
    const report = sweep.reports.get(targetKey(target));
    if (sweep.unreadable.has(targetKey(target))) return [];
    // Readable again, unless part of it still could not be read.
    if (report !== undefined && report.gap === undefined) return [{ key, kind: 'healthy', panel: true, target }];
    return [{ key, kind: 'unknown', detail: report?.gap?.reason ?? 'target-unreadable', target }];
  }
  return alert.affected
    .filter(({ subject }) => !sweep.seen.has(subjectKey(subject)))
    .map(({ subject }): Belief => {
      const where = `${subject.account}/${subject.region}`;
      const target = sweep.configured.get(where);
      if (target === undefined) return { key, kind: 'gone', why: 'target-removed', target: alert.target };
      if (sweep.unreadable.has(where)) return { key, kind: 'unknown', detail: 'target-unreadable', target };
      if (sweep.reports.get(where)?.inventoryComplete === true) return { key, kind: 'gone', why: 'identity-deleted', target };
      return { key, kind: 'unknown', detail: 'not-yet', target };
    });
}
