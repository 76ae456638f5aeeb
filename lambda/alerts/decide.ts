// The life of one alert: compares what is true with what was told, and says what to tell now, or why to stay quiet.
import type { AffectedIdentity, Alert, AlertEvent, Belief, ClosedAlert, Subject } from '../model/alert.ts';
import type { Decision, DecisionReason } from '../model/decision.ts';
import type { AlertPolicy } from '../model/policy.ts';
import { escalationOf } from './clocks.ts';
import { kindsOf, severityOf, subjectKey } from './facts.ts';
import { alertId } from './fingerprint.ts';
import { heldBack } from './hold-down.ts';
import { hasHalved, newsOf } from './news.ts';
import { isFindingMuted, isMuted, isTellable } from './policy.ts';
import { unseenPart } from './unseen.ts';

/** What surrounds one decision. */
export interface TellingContext {
  /** Is anybody listening? `unknown` if the channel could not say. */
  readonly audience: 'confirmed' | 'none' | 'unknown';
  /** True if new alerts are held back in this sweep (brake.ts). */
  readonly braked: boolean;
  /** `waiting`: the first summary of the alert's target is still to come. `now`: it is due in this sweep and tells this alert. `none`: no summary concerns it. */
  readonly summary: 'none' | 'waiting' | 'now';
  /** The former life of the key, if it was told to be over within the last day. */
  readonly closed?: ClosedAlert;
}

/** `next` is what to remember; it never says that anybody was told, which only `markTold` does, after publishing. */
export interface Decided {
  readonly next: Alert | undefined;
  readonly decision: Decision;
}

/**
 * Decides about one alert key. `now` is ISO 8601 UTC.
 *
 * Without an alert only a broken belief does anything. An unknown belief neither opens, closes nor reminds; but a deadline that was told runs on
 * though nobody can see, and escalates; and who was seen well leaves a group though others of it cannot be seen.
 */
export function decide(alert: Alert | undefined, belief: Belief, context: TellingContext, now: string, policy: AlertPolicy): Decided {
  const quiet = (next: Alert | undefined, reason: DecisionReason): Decided => ({
    next,
    decision: { key: belief.key, tell: false, reason },
  });
  const tell = (next: Alert, event: AlertEvent, reason: DecisionReason, clock?: Decision['clock']): Decided => {
    // Nothing is published into a void: SNS would take it, and it would be lost. The alert stays untold, or stays closing.
    if (context.audience === 'none') return quiet(next, 'nobody-confirmed');
    if (context.audience === 'unknown') return quiet(next, 'audience-unknown');
    return { next, decision: { key: belief.key, tell: true, event, reason, ...(clock === undefined ? {} : { clock }) } };
  };

  switch (belief.kind) {
    case 'unknown': {
      const kept = alert && withoutLeavers(alert, belief);
      const part = unseenPart(kept, belief, policy, now);
      const clock = part && escalationOf(part.due, now, policy);
      if (part !== undefined && clock !== undefined) {
        const escalated = tell(part.next, 'escalated', clock.within === 0 ? 'deadline-passed' : 'deadline-near', clock);
        return escalated.decision.tell ? escalated : { ...escalated, next: kept };
      }
      if (kept !== undefined && kept !== alert && isTellable(kept.severity, policy) && hasHalved(kept, now))
        return tell(kept, 'changed', 'fewer-than-told');
      return quiet(kept, 'unknown-changes-nothing');
    }

    case 'healthy': {
      if (alert === undefined) return quiet(undefined, 'never-told');
      // Servers that disagree would open and close an alert for ever if one healthy answer were enough.
      if (!belief.panel) return quiet(alert, 'not-yet-panel-confirmed');
      // Nobody heard of the trouble, so nobody needs to hear of its end.
      if (alert.told === undefined) return quiet(undefined, 'never-told');
      if (isWhollyMuted(alert, policy, now)) return quiet(undefined, 'muted');
      const held = heldBack(alert, now, policy);
      if (held !== undefined) return quiet(held, 'hold-down');
      return tell(closed({ ...alert, ...asideOf(alert, belief.aside, []) }, 'recovered', now), 'recovered', 'healthy-again');
    }

    case 'gone': {
      if (alert?.told === undefined) return quiet(undefined, 'never-told');
      if (isWhollyMuted(alert, policy, now)) return quiet(undefined, 'muted');
      return tell(closed(alert, 'expired', now, belief.why), 'expired', belief.why);
    }

    case 'broken': {
      const next = open(alert, belief, now, context.closed);
      // A mute and the minimum silence every event of an alert; it is kept all the same: after their end what nobody heard of, or what has changed, is told at once.
      if (belief.muted) return quiet(next, 'muted');
      if (!isTellable(next.severity, policy)) return quiet(next, 'below-minimum-severity');
      const news = newsOf(next, now, policy);
      if (news.event === undefined) return quiet(next, news.reason);
      // Only what nobody has heard of waits: for the summary that will list it, or for the brake.
      if (next.told === undefined && context.summary === 'waiting') return quiet(next, 'waiting-for-first-summary');
      if (next.told === undefined && context.braked) return quiet(next, 'held-by-brake');
      if (next.told === undefined && context.summary === 'now') return tell(next, 'opened', 'first-summary');
      return tell(next, news.event, news.reason, news.clock);
    }
  }
}

// Opens an alert, or brings an open one up to date. One that was closing and is broken again was never told to be well: it simply goes on.
// One that was over not long ago is the same story again.
function open(alert: Alert | undefined, belief: Extract<Belief, { kind: 'broken' }>, now: string, before?: ClosedAlert): Alert {
  const trouble = {
    affected: alert?.cause === undefined ? belief.affected : withSince(alert, belief.affected, now),
    ...(belief.targetFinding ? { targetFinding: belief.targetFinding } : {}),
  };
  const openedAt = alert?.openedAt ?? now;
  const reopened = alert === undefined && before !== undefined ? before.reopened + 1 : alert?.reopened;
  return {
    key: belief.key,
    id: alert?.id ?? before?.id ?? alertId(belief.key, openedAt),
    target: alert?.target ?? belief.target,
    openedAt,
    severity: severityOf(trouble),
    kinds: kindsOf(trouble),
    ...trouble,
    lastSeenAt: now,
    ...(alert?.told ? { told: alert.told } : {}),
    ...(reopened === undefined ? {} : { reopened }),
    ...(alert?.cause ? { cause: alert.cause, most: Math.max(alert.most ?? 0, belief.affected.length) } : {}),
    ...(alert?.beside === undefined ? {} : { beside: alert.beside }),
    ...asideOf(alert, belief.aside, belief.affected),
  };
}

// A group of which nobody is seen broken, with those who may be. One that was well as a whole goes on as a whole.
function withoutLeavers(alert: Alert, { rest, aside }: Extract<Belief, { kind: 'unknown' }>): Alert {
  if (rest === undefined || alert.closing !== undefined || alert.wellSince !== undefined) return alert;
  const trouble = { affected: rest };
  const { aside: _before, ...kept } = alert;
  return { ...kept, ...trouble, severity: severityOf(trouble), kinds: kindsOf(trouble), ...asideOf(alert, aside, rest) };
}

// Who left a group without being seen well, by now; whoever is in trouble again is not among them.
function asideOf(
  alert: Alert | undefined,
  now: readonly Subject[] = [],
  affected: readonly AffectedIdentity[],
): { readonly aside?: readonly Subject[] } {
  const all = [...(alert?.aside ?? []), ...now];
  if (all.length === 0) return {};
  const inside = new Set(affected.map(({ subject }) => subjectKey(subject)));
  const aside = [...new Map(all.map((subject) => [subjectKey(subject), subject])).entries()].flatMap(([who, subject]) =>
    inside.has(who) ? [] : [subject],
  );
  return aside.length > 0 ? { aside } : {};
}

// Of those who were in the group before what is remembered of their beginning; who joins begins now.
function withSince({ affected }: Alert, members: readonly AffectedIdentity[], now: string): readonly AffectedIdentity[] {
  const before = new Map(affected.map(({ subject, since }) => [subjectKey(subject), since]));
  return members.map((one) => {
    const who = subjectKey(one.subject);
    const since = before.has(who) ? before.get(who) : now;
    return since === undefined ? one : { ...one, since };
  });
}

// The closing message that could not be sent is tried again with the time at which the alert really closed.
function closed(alert: Alert, event: 'recovered' | 'expired', now: string, why?: string): Alert {
  if (alert.closing?.event === event) return alert;
  return { ...alert, closing: { event, at: now, ...(why === undefined ? {} : { why }) } };
}

// Someone who muted a trouble after hearing of it does not want its end either.
function isWhollyMuted({ affected, target, targetFinding }: Alert, policy: AlertPolicy, now: string): boolean {
  const of = affected.flatMap(({ subject, findings }) =>
    findings.filter((f) => f.severity !== 'notice').map((f) => isFindingMuted(subject, f.kind, policy, now)),
  );
  const all = targetFinding === undefined ? of : [...of, isMuted(target, targetFinding.kind, policy.mute, now)];
  return all.length > 0 && all.every((muted) => muted);
}
