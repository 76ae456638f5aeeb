// Asks the decision itself why each alert is quiet: as if the next sweep saw what the last one saw.
import type { AffectedIdentity, Alert, AlertMemory, Belief } from '../model/alert.ts';
import type { DecisionReason } from '../model/decision.ts';
import { compareSeverity, type Finding } from '../model/finding.ts';
import type { AlertPolicy, Mute } from '../model/policy.ts';
import type { ClosedStanding, Standing } from '../model/standing.ts';
import { isDistrusted } from './brake.ts';
import { clocksOf, nextEscalationAt } from './clocks.ts';
import { decide, type TellingContext } from './decide.ts';
import { compareText, severityOf, subjectKey } from './facts.ts';
import { type FirstSweep, summaryStage } from './first-sweep.ts';
import { heldUntil, youngClosed } from './hold-down.ts';
import { pacedUntil } from './news.ts';
import { isFindingMuted, isMuted, isTellable } from './policy.ts';

/** What is known besides the memory of alerts. */
export interface Outlook {
  /** `assumed` if nobody asked the channel: somebody listens. */
  readonly audience: TellingContext['audience'] | 'assumed';
  /** Start of the last sweep, ISO 8601 UTC; absent if its report is not there. */
  readonly lastSweepAt?: string;
  /** The targets that it had listed completely, by `account/region`: their first summary does not wait for more. */
  readonly listed?: ReadonlySet<string>;
  /** What that sweep made of an identity, by `account/region/identity`. */
  readonly diagnosisOf: (who: string) => 'healthy' | 'broken' | 'unknown' | undefined;
}

/** Every alert in the memory, worst first, then the one whose deadline is nearest. `now` is ISO 8601 UTC. */
export function standings(memory: AlertMemory, policy: AlertPolicy, now: string, outlook: Outlook): readonly Standing[] {
  return Object.values(memory.alerts)
    .map((alert) => standingOf(alert, memory, policy, now, outlook))
    .sort(
      (a, b) =>
        Number(b.counts) - Number(a.counts) ||
        compareSeverity(b.severity, a.severity) ||
        dueAt(a) - dueAt(b) ||
        compareText(a.alert.key, b.alert.key),
    );
}

/** The alerts that were told to be over within a day before `now`, the latest first. */
export function closedStandings(memory: AlertMemory, now: string): readonly ClosedStanding[] {
  return Object.entries(youngClosed(memory, now))
    .map(([key, closed]) => ({ ...closed, key }))
    .sort((a, b) => compareText(b.closedAt, a.closedAt) || compareText(a.key, b.key));
}

function standingOf(alert: Alert, memory: AlertMemory, policy: AlertPolicy, now: string, outlook: Outlook): Standing {
  const audience = outlook.audience === 'assumed' ? 'confirmed' : outlook.audience;
  const belief = beliefOf(alert, policy, now, outlook);
  const context: TellingContext = {
    audience,
    // The brake never holds twice in a row; what it held stays untold until the next sweep.
    braked: memory.brakedLastSweep && isDistrusted(belief),
    summary: summaryStage(belief, firstSweepIn(memory, outlook.listed ?? new Set())),
  };
  const { next, decision } = decide(alert, belief, context, now, policy);
  const { reason, event } = overAlready(alert, decision);
  const loud = belief.kind === 'broken' ? belief : loudOf(alert, policy, now);
  const muted = reason === 'muted' || loud.muted;
  const mutes = mutesOf(alert, policy, now);
  const until = untilOf(reason, next ?? alert, policy, now);
  const deadline = clocksOf(loud).find(({ at }) => Date.parse(at) > Date.parse(now));
  const severity = severityOf(loud);
  return {
    alert,
    severity,
    ...(event === undefined ? {} : { event }),
    reason,
    ...(until === undefined ? {} : { until }),
    ...(mutes.length > 0 ? { mutes } : {}),
    ...(deadline === undefined ? {} : { deadline }),
    counts: !muted && alert.closing === undefined && isTellable(severity, policy),
  };
}

// A closing message that is still in the memory could not be sent when it was decided.
function overAlready(
  alert: Alert,
  { tell, event, reason }: ReturnType<typeof decide>['decision'],
): Pick<Standing, 'event'> & { readonly reason: DecisionReason } {
  if (!tell || event === undefined) return { reason };
  return alert.closing === undefined ? { event, reason } : { event, reason: 'publish-failed' };
}

// What the last sweep believed, as far as the alert and the report show it.
function beliefOf(alert: Alert, policy: AlertPolicy, now: string, outlook: Outlook): Belief {
  const { key, target, closing, wellSince } = alert;
  if (closing?.event === 'recovered' || wellSince !== undefined) return { key, kind: 'healthy', panel: true, target };
  if (closing !== undefined) return { key, kind: 'gone', why: 'identity-deleted', target };
  if (outlook.lastSweepAt === undefined || Date.parse(alert.lastSeenAt) >= Date.parse(outlook.lastSweepAt))
    return { key, kind: 'broken', target, ...loudOf(alert, policy, now) };
  const seen = alert.affected.map(({ subject }) => outlook.diagnosisOf(subjectKey(subject)));
  // Had all its servers been asked, it would have been closed.
  if (seen.length > 0 && seen.every((one) => one === 'healthy')) return { key, kind: 'healthy', panel: false, target };
  return { key, kind: 'unknown', detail: 'not-seen', target };
}

interface Loud {
  readonly affected: readonly AffectedIdentity[];
  readonly targetFinding?: Finding;
  readonly muted: boolean;
}

/** The part of an alert that is not muted; all of it, marked as muted, if nothing else is left. */
function loudOf({ affected, target, targetFinding }: Alert, policy: AlertPolicy, now: string): Loud {
  const open = affected
    .map((one) => ({ ...one, findings: one.findings.filter(({ kind }) => !isFindingMuted(one.subject, kind, policy, now)) }))
    .filter(({ findings }) => findings.some(({ severity }) => severity !== 'notice'));
  const own = targetFinding === undefined || isMuted(target, targetFinding.kind, policy.mute, now) ? {} : { targetFinding };
  if (open.length > 0 || own.targetFinding !== undefined) return { affected: open, ...own, muted: false };
  return { affected, ...(targetFinding === undefined ? {} : { targetFinding }), muted: true };
}

function firstSweepIn({ firstSeen, introduced }: AlertMemory, listed: ReadonlySet<string>): FirstSweep {
  const fresh = Object.keys(firstSeen).filter((target) => introduced[target] === undefined);
  return { due: new Set(fresh.filter((target) => listed.has(target))), waiting: new Set(fresh.filter((target) => !listed.has(target))) };
}

/** The mutes of the policy that cover something of it at `now`. */
function mutesOf(alert: Alert, policy: AlertPolicy, now: string): readonly Mute[] {
  return policy.mute.filter((mute) => findingsMutedBy(alert, [mute], policy, now).length > 0);
}

function findingsMutedBy(
  { affected, target, targetFinding }: Alert,
  mute: readonly Mute[],
  policy: AlertPolicy,
  now: string,
): readonly Finding[] {
  const by = { ...policy, mute };
  const own = affected.flatMap(({ subject, findings }) => findings.filter((one) => isFindingMuted(subject, one.kind, by, now)));
  return targetFinding !== undefined && isMuted(target, targetFinding.kind, mute, now) ? [targetFinding, ...own] : own;
}

function untilOf(reason: DecisionReason, alert: Alert, policy: AlertPolicy, now: string): string | undefined {
  switch (reason) {
    case 'muted':
      return muteEnds(alert, policy, now);
    case 'hold-down':
      return heldUntil(alert, now, policy);
    case 'group-paced':
      return pacedUntil(alert, policy);
    case 'already-told':
    case 'escalation-soon':
      return earliest([
        nextEscalationAt(alert, now, policy),
        ...(alert.told && policy.remindEveryMs > 0 && reason === 'already-told' ? [after(alert.told.at, policy.remindEveryMs)] : []),
      ]);
    default:
      return undefined;
  }
}

// The first moment at which something of it is not muted any more; undefined if that never comes.
function muteEnds(alert: Alert, policy: AlertPolicy, now: string): string | undefined {
  const ends = policy.mute.flatMap(({ until }) => (until === undefined || Number.isNaN(Date.parse(until)) ? [] : [Date.parse(until)]));
  const end = [...new Set(ends)]
    .filter((ms) => ms > Date.parse(now))
    .sort((a, b) => a - b)
    .map((ms) => new Date(ms).toISOString())
    .find((at) => !loudOf(alert, policy, at).muted);
  return end;
}

const after = (at: string, ms: number): string => new Date(Date.parse(at) + ms).toISOString();

function earliest(times: readonly (string | undefined)[]): string | undefined {
  return times.filter((at) => at !== undefined).sort(compareText)[0];
}

const dueAt = ({ deadline }: Standing): number => (deadline ? Date.parse(deadline.at) : Number.POSITIVE_INFINITY);
