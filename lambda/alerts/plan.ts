// One sweep's alerts from beliefs to tellings: everything that is decided before the first message is written.
import { type Alert, type AlertMemory, type Belief, type ClosedAlert, isUnjudgedKey } from '../model/alert.ts';
import type { Decision } from '../model/decision.ts';
import { type Target, targetKey } from '../model/identity.ts';
import type { AlertPolicy } from '../model/policy.ts';
import type { TargetFinding, TargetReport } from '../model/report.ts';
import type { AlertTelling } from '../model/telling.ts';
import { beliefsOf } from './beliefs.ts';
import { type Brake, brakeOf, isDistrusted, withoutJoiners } from './brake.ts';
import { mayShare } from './cause.ts';
import { type Begun, isYoung, watchedBy } from './common-cause.ts';
import { decide, type TellingContext } from './decide.ts';
import { digestDue, digestMemoryOf } from './digest.ts';
import { withoutEvidence } from './facts.ts';
import { summaryAlertId, summaryMessageId } from './fingerprint.ts';
import { countTarget, type FirstSweep, firstSeenOf, firstSweepOf, firstSweepToCome, summaryStage, unreadIn } from './first-sweep.ts';
import { gather, gatherSummarised, joinIntroduced, membersOf } from './gather.ts';
import { returnable, youngClosed } from './hold-down.ts';
import { alertTellings, type Due, worstFirst } from './tellings.ts';
import { watchedIn, watchedOf } from './unjudged.ts';

export interface PlanInput {
  readonly reports: readonly TargetReport[];
  readonly configuredTargets: readonly Target[];
  /** `target-unreadable` findings of this sweep, one for each target that could not be read. */
  readonly targetFindings: readonly TargetFinding[];
  readonly memory: AlertMemory;
  readonly policy: AlertPolicy;
  /** As the channel answers. */
  readonly audience: { readonly kind: 'known'; readonly confirmed: number } | { readonly kind: 'unknown' };
  /** True if a name that is always there could not be looked up in this sweep. */
  readonly controlFailed: boolean;
  /** Start of the sweep, ISO 8601 UTC. */
  readonly now: string;
  /** True for an early check: see {@link beliefsOf}. It sums up nothing, and what is remembered of targets and of the brake stays as it was. */
  readonly early?: boolean;
}

export interface Plan {
  /** One for each alert that is open or opened, told or quiet, with its reason: to be logged. */
  readonly decisions: readonly Decision[];
  /** Messages to be sent, the first summary first, then worst first. */
  readonly tellings: readonly AlertTelling[];
  /**
   * What to remember before anything is published, also if nothing is. It fixes when alerts opened, and with that the ids of their messages:
   * written first, a crash in the middle repeats a message under the same id.
   */
  readonly memoryBefore: AlertMemory;
  readonly brake: Brake;
  /** The time that a digest is due for, if one is and somebody listens: its telling is made after all others were published. */
  readonly digestFor?: string;
}

/** Plans one sweep. Publish each telling in order, and write `applyTold` of it before the next. */
export function planAlerts(input: PlanInput): Plan {
  const { reports, memory, policy, now, early = false } = input;
  const seen = beliefsOf(input);
  const unreadable = new Set(input.targetFindings.flatMap((f) => f.targets.map(targetKey)));
  const firstSeen = firstSeenOf(input.configuredTargets, memory, now);
  const first = early
    ? firstSweepToCome(input.configuredTargets, memory)
    : firstSweepOf(reports, { ...memory, firstSeen }, unreadable, now);
  const isIntroduced = (target: Target): boolean => memory.introduced[targetKey(target)] !== undefined;
  const brake = brakeOf(seen, reports, memory, policy, { controlFailed: input.controlFailed, isIntroduced, early });
  const beliefs = brake.held ? seen.map((belief) => withoutJoiners(belief, memory.alerts[belief.key])) : seen;

  const alerts: Record<string, Alert> = { ...memory.alerts };
  const closed = youngClosed(memory, now);
  const decisions: Decision[] = [];
  const told: Due[] = [];
  for (const belief of beliefs) {
    const alert = memory.alerts[belief.key];
    if (alert === undefined && belief.kind !== 'broken') continue;
    const { next, decision } = decide(alert, belief, contextOf(belief, first, brake, input, closed[belief.key]), now, policy);
    decisions.push(decision);
    if (next === undefined) delete alerts[belief.key];
    else alerts[belief.key] = next === alert ? alert : withoutEvidence(next);
    if (next !== undefined && decision.event !== undefined) told.push({ alert: next, event: decision.event, decision, belief });
  }

  const watched = watchedBy(early ? undefined : reports);
  const mayReturn = returnable(closed, memory);
  const summarised = told.filter((t) => t.decision.reason === 'first-summary');
  const { gathered, introduced } = joinIntroduced(
    gather(told, mayReturn, now, watched, toldSingly(beliefs, memory, now)),
    gatherSummarised(summarised, now, watched),
    mayReturn,
    now,
  );
  for (const { alert, members } of [...gathered.groups, ...introduced]) {
    for (const { alert: member } of members) delete alerts[member.key];
    alerts[alert.key] = withoutEvidence(alert);
  }
  const absorbed = new Set(gathered.groups.flatMap(({ members }) => members.map(({ decision }) => decision)));
  const settled = decisions.map(
    (one): Decision => (absorbed.has(one) ? { key: one.key, tell: false, reason: 'told-with-its-group' } : one),
  );

  const memoryBefore: AlertMemory = {
    schema: 1,
    alerts,
    introduced: Object.fromEntries(Object.entries(memory.introduced).filter(([key]) => firstSeen[key] !== undefined)),
    firstSeen,
    unreadableSince: early ? memory.unreadableSince : unreadableSinceOf(input),
    // What a sweep held back is told by the next one, whatever is looked at in between.
    brakedLastSweep: early ? memory.brakedLastSweep : brake.held,
    closed,
    ...(early ? keptDigest(memory) : digestMemoryOf(memory, policy, now)),
  };
  const digestFor = !early && isHeard(input) ? digestDue(memoryBefore, policy, now) : undefined;
  const apart = new Set(introduced.flatMap(({ members }) => members));
  // Whoever lives on in a group that opens is named under its id.
  const idOf = new Map(gathered.groups.flatMap(({ alert, members }) => members.map((one) => [one, alert.id] as const)));
  const alone = summarised.filter((one) => !apart.has(one)).map((one) => ({ ...one.alert, id: idOf.get(one) ?? one.alert.id }));
  const named = [...alone, ...introduced.map(({ alert }) => alert)];
  const summary = brake.held ? [] : summaryTelling(input, first, named, firstSeen);
  const grouped = gathered.due
    .filter(({ alert }) => gathered.groups.some((group) => group.alert === alert))
    .map(({ decision }) => decision);
  return {
    decisions: [...settled, ...grouped],
    tellings: [...summary, ...alertTellings(gathered.due, watchedOf(reports), Object.values(alerts), now)],
    memoryBefore,
    brake,
    ...(digestFor === undefined ? {} : { digestFor }),
  };
}

/** What was told one by one within the last day, and is still broken: with what opens now it may have one cause. */
function toldSingly(beliefs: readonly Belief[], { alerts }: AlertMemory, now: string): readonly Begun[] {
  return beliefs.flatMap((belief) => {
    const alert = alerts[belief.key];
    if (belief.kind !== 'broken' || belief.muted || alert?.told === undefined || !mayShare(alert) || !isYoung(alert, now)) return [];
    return [{ ...belief, since: alert.openedAt }];
  });
}

/** An early check sees a few identities only: it is no sweep that a digest counts, and none that could tell one. */
const keptDigest = ({ digest }: AlertMemory): Pick<AlertMemory, 'digest'> => (digest === undefined ? {} : { digest });

const isHeard = ({ audience }: PlanInput): boolean => audience.kind === 'known' && audience.confirmed > 0;

function contextOf(belief: Belief, first: FirstSweep, brake: Brake, { audience }: PlanInput, closed?: ClosedAlert): TellingContext {
  const summary = summaryStage(belief, first);
  return {
    audience: audience.kind === 'unknown' ? 'unknown' : audience.confirmed > 0 ? 'confirmed' : 'none',
    // A held summary holds all that it would tell.
    braked: brake.held && (isDistrusted(belief) || summary === 'now'),
    summary,
    ...(closed === undefined ? {} : { closed }),
  };
}

function summaryTelling(
  { reports, policy, now, audience }: PlanInput,
  first: FirstSweep,
  alerts: readonly Alert[],
  firstSeen: Readonly<Record<string, string>>,
): readonly AlertTelling[] {
  const listening = audience.kind === 'known' && audience.confirmed > 0;
  if (first.due.size === 0 || !listening) return [];
  const targets = reports.filter((report) => first.due.has(targetKey(report)));
  const id = summaryAlertId(targets.map((t) => ({ key: targetKey(t), firstSeen: firstSeen[targetKey(t)] ?? now })));
  const groups = alerts.filter(({ cause }) => cause !== undefined);
  const worst = alerts.flatMap((alert) => (alert.cause === undefined ? [alert] : membersOf(alert))).sort(worstFirst);
  const unjudged = worst.filter(({ key }) => isUnjudgedKey(key));
  const unreadable = unreadIn(reports, first, policy, now);
  return [
    {
      kind: 'summary',
      occasion: 'first-sweep',
      event: 'opened',
      alertId: id,
      messageId: summaryMessageId(id, 'opened', worst),
      alerts: worst,
      ...(groups.length > 0 ? { groups } : {}),
      targets: targets.map((report) => countTarget(report, policy, now)),
      ...(unreadable.length > 0 ? { unreadable } : {}),
      ...(unjudged.length > 0 ? { watched: watchedIn(watchedOf(reports), unjudged) } : {}),
    },
  ];
}

function unreadableSinceOf({ targetFindings, memory, now }: PlanInput): Readonly<Record<string, string>> {
  const since: Record<string, string> = {};
  for (const { targets } of targetFindings)
    for (const target of targets) since[targetKey(target)] = memory.unreadableSince[targetKey(target)] ?? now;
  return since;
}
