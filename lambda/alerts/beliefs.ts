// What one sweep believes about every alert key: each identity, each unreadable target, and everything remembered that was not seen again.
import {
  type AffectedIdentity,
  type Alert,
  type AlertMemory,
  type Belief,
  isTargetAlert,
  isUnjudgedKey,
  type Subject,
  type Unseen,
} from '../model/alert.ts';
import { type Finding, isBlindness } from '../model/finding.ts';
import { type Target, targetKey } from '../model/identity.ts';
import type { AlertPolicy } from '../model/policy.ts';
import type { IdentityResult, TargetFinding, TargetReport } from '../model/report.ts';
import type { Shareable } from './cause.ts';
import { watchedBy } from './common-cause.ts';
import { subjectKey } from './facts.ts';
import { alertKeys, type Member, mergeMembers } from './group.ts';
import { type Broken, openGroups } from './joining.ts';
import { isMuted } from './policy.ts';
import { unjudgedBelief, unjudgedIn } from './unjudged.ts';

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
  /** True for an early check: only the identities in the reports were looked at, and nothing is believed of any other, nor of a target as a whole. */
  readonly early?: boolean;
}

/** What this sweep looked at, for the remembered alerts that it did not meet. */
interface Sweep {
  /** Identities met, as `account/region/identity`, and those among them that could not be read. */
  readonly seen: Set<string>;
  readonly unread: Set<string>;
  readonly unreadable: ReadonlySet<string>;
  readonly configured: ReadonlyMap<string, Target>;
  /** Accounts of which anything is watched. */
  readonly accounts: ReadonlySet<string>;
  readonly reports: ReadonlyMap<string, TargetReport>;
  readonly early: boolean;
}

/** One belief for each alert key of this sweep, in the order in which the keys were first met. Bounded by identities, targets and remembered alerts. */
export function beliefsOf(input: BeliefInput): readonly Belief[] {
  const { reports, targetFindings, memory } = input;
  const sweep: Sweep = {
    seen: new Set(),
    unread: new Set(),
    unreadable: new Set(targetFindings.flatMap((f) => f.targets.map(targetKey))),
    configured: new Map(input.configuredTargets.map((target) => [targetKey(target), target])),
    accounts: new Set(input.configuredTargets.map(({ account }) => account)),
    reports: new Map(reports.map((report) => [targetKey(report), report])),
    early: input.early === true,
  };
  const members = new Map<string, [Member, ...Member[]]>();
  const add = (belief: Belief, who?: string): void => {
    const member: Member = who === undefined ? { belief } : { belief, who };
    const known = members.get(belief.key);
    if (known) known.push(member);
    else members.set(belief.key, [member]);
  };

  for (const { targets, finding } of targetFindings) for (const target of targets) add(targetBroken(target, finding, input));
  const keyOf = alertKeys(reports, memory);
  const groupOf = openGroups(memory, () => loudlyBroken(input, keyOf), watchedBy(input.early === true ? undefined : reports), input.now);
  const knownUnjudged = unjudgedIn(memory);
  for (const report of reports) {
    const target = { account: report.account, region: report.region };
    const hidden = sweep.unreadable.has(targetKey(target));
    for (const result of report.results) {
      const subject = subjectOf(result);
      const who = subjectKey(subject);
      sweep.seen.add(who);
      const own = keyOf(subject);
      const joined = result.diagnosis.kind === 'broken' && memory.alerts[own] === undefined ? groupOf(shareOf(result)) : undefined;
      const key = joined ?? own;
      // Without SES nobody can say that all is well: its identities are hidden, and no alert closes. But records that DNS shows to be lost are lost.
      if (hidden && result.diagnosis.kind !== 'broken')
        add({ key, kind: 'unknown', detail: 'target-unreadable', target, ...unseenIn(result, 'ses') }, who);
      else {
        const belief = identityBelief(key, target, result, input);
        // What is muted joins nobody: it would be counted among those who are told of.
        add(joined !== undefined && belief.kind === 'broken' && belief.muted ? { ...belief, key: own } : belief, who);
      }
      // How many cannot be judged is the matter of a sweep, which sees all of them.
      const unjudged =
        input.early === true ? undefined : unjudgedBelief(result, { ...input, target, subject, hidden, known: knownUnjudged.has(who) });
      if (unjudged !== undefined) add(unjudged, who);
    }
    for (const unread of report.unread) {
      const named = { account: report.account, region: report.region, identity: unread.identity };
      const who = subjectKey(named);
      add({ key: keyOf(named), kind: 'unknown', detail: unread.reason, target, unseen: [{ who, what: 'ses' }] }, who);
      sweep.seen.add(who);
      sweep.unread.add(who);
    }
  }
  for (const alert of Object.values(memory.alerts)) {
    if (input.early === true && !members.has(alert.key)) continue;
    for (const { belief, who } of unseenMembers(alert, sweep)) add(belief, who);
  }
  return [...members.entries()].map(([key, all]) => mergeMembers(key, all, memory.alerts[key], input));
}

function loudlyBroken({ reports, memory, policy, now }: BeliefInput, keyOf: ReturnType<typeof alertKeys>): readonly Broken[] {
  return reports.flatMap(({ results }) =>
    results
      .filter(
        ({ identity, diagnosis }) =>
          diagnosis.kind === 'broken' && diagnosis.findings.some(({ kind }) => !isMuted(identity, kind, policy.mute, now)),
      )
      .map((result) => ({ trouble: shareOf(result), alert: memory.alerts[keyOf(subjectOf(result))] })),
  );
}

function shareOf(result: IdentityResult): Shareable {
  return {
    affected: [affectedOf(result, result.diagnosis.findings)],
    ...(result.zone === undefined ? {} : { zone: result.zone }),
    ...(result.nameServers === undefined ? {} : { nameServers: result.nameServers }),
  };
}

function targetBroken(target: Target, finding: Finding, { policy, now }: BeliefInput): Belief {
  const key = targetKey(target);
  return { key, kind: 'broken', affected: [], targetFinding: finding, target, muted: isMuted(target, finding.kind, policy.mute, now) };
}

function identityBelief(key: string, target: Target, result: IdentityResult, { memory, policy, now, early }: BeliefInput): Belief {
  const { diagnosis } = result;
  if (diagnosis.findings.some(({ kind }) => kind === 'identity-abandoned')) return { key, kind: 'gone', why: 'identity-abandoned', target };
  // DNS is right again, and SES has not seen it yet: mail goes out unsigned, or may, so nobody is told that all is well.
  if (diagnosis.kind === 'healthy' && ['TEMPORARY_FAILURE', 'PENDING'].includes(result.identity.ses.status))
    return { key, kind: 'unknown', detail: 'waiting-for-ses', target };
  if (diagnosis.kind === 'healthy' && early === true && isSeenAcross(memory.alerts[key]))
    return { key, kind: 'unknown', detail: 'not-yet', target };
  if (diagnosis.kind === 'healthy') return { key, kind: 'healthy', panel: result.panel, target };
  // What SES itself says can be certain while DNS cannot be judged: such a critical finding opens an alert, but changes none that is open.
  const certain = diagnosis.findings.filter((f) => !isBlindness(f.kind) && (diagnosis.kind === 'broken' || f.severity === 'critical'));
  if (diagnosis.kind === 'unknown' && (certain.length === 0 || memory.alerts[key] !== undefined))
    return { key, kind: 'unknown', detail: diagnosis.reason, target, ...unseenIn(result, 'dns') };
  const loud = certain.filter((f) => !isMuted(result.identity, f.kind, policy.mute, now));
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

// Of records that were seen right nothing that is remembered to the contrary is told, whatever SES says.
function unseenIn(result: IdentityResult, what: Unseen['what']): { readonly unseen?: readonly Unseen[] } {
  const { diagnosis, history } = result;
  if (diagnosis.kind !== 'unknown') return {};
  const subject = subjectOf(result);
  const rightSince = history.dnsRightSince === undefined ? {} : { rightSince: history.dnsRightSince };
  return { unseen: [{ who: subjectKey(subject), what, ...(what === 'dns' ? { read: subject } : {}), ...rightSince }] };
}

/** What only shows beside other identities (diagnosis/across.ts) is neither found nor mended by a look at one of them. */
function isSeenAcross(alert: Alert | undefined): boolean {
  return alert?.kinds.some((kind) => kind === 'setup-differs' || kind === 'address-overrides-domain') === true;
}

function affectedOf(result: IdentityResult, findings: readonly Finding[]): AffectedIdentity {
  return { subject: subjectOf(result), findings };
}

/** Who a result is about, as every message and stored alert names it. */
export function subjectOf({ identity, fineIn }: Pick<IdentityResult, 'identity' | 'fineIn'>): Subject {
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
    ...(Object.keys(identity.tags ?? {}).length === 0 ? {} : { tags: identity.tags }),
    ...(fineIn === undefined ? {} : { fineIn }),
  };
}

// Beliefs about the remembered identities and targets that this sweep says nothing of. Only a complete listing, or a configuration
// without the target, proves that something is gone; anything less leaves it unknown, and its alert open.
function unseenMembers(alert: Alert, sweep: Sweep): readonly Member[] {
  if (isTargetAlert(alert)) return targetMember(alert, sweep);
  return alert.affected.flatMap(({ subject }): readonly Member[] => {
    const who = subjectKey(subject);
    // One that was met has a belief about its own alert already; about what cannot be judged it has one only if it was judged.
    const unread = sweep.unread.has(who) && isUnjudgedKey(alert.key);
    if (sweep.seen.has(who) && !unread) return [];
    const belief = unread ? unknownBelief(alert, 'not-read') : unseenBelief(alert, subject, sweep);
    // An early check did not look.
    return [{ belief: belief.kind === 'unknown' && !sweep.early ? { ...belief, unseen: [{ who, what: 'ses' }] } : belief, who }];
  });
}

function unseenBelief(alert: Alert, subject: Subject, sweep: Sweep): Belief {
  const where = `${subject.account}/${subject.region}`;
  const target = sweep.configured.get(where);
  if (target === undefined) return removedBelief(alert, subject.account, sweep);
  if (sweep.unreadable.has(where)) return unknownBelief(alert, 'target-unreadable', target);
  if (sweep.reports.get(where)?.inventoryComplete === true) return { key: alert.key, kind: 'gone', why: 'identity-deleted', target };
  return unknownBelief(alert, 'not-yet', target);
}

function targetMember(alert: Alert, sweep: Sweep): readonly Member[] {
  const { key } = alert;
  const target = sweep.configured.get(targetKey(alert.target));
  if (target === undefined) return [{ belief: removedBelief(alert, alert.target.account, sweep) }];
  if (sweep.unreadable.has(targetKey(target))) return [];
  // Readable again, unless part of it still could not be read.
  const report = sweep.reports.get(targetKey(target));
  if (report !== undefined && report.gap === undefined) return [{ belief: { key, kind: 'healthy', panel: true, target } }];
  return [{ belief: unknownBelief(alert, report?.gap?.reason ?? 'target-unreadable', target) }];
}

function removedBelief({ key, target }: Alert, account: string, { accounts }: Sweep): Belief {
  return { key, kind: 'gone', why: accounts.has(account) ? 'target-removed' : 'account-removed', target };
}

function unknownBelief({ key, target }: Alert, detail: string, at: Target = target): Belief {
  return { key, kind: 'unknown', detail, target: at };
}
