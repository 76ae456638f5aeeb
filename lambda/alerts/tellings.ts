// Which messages one sweep sends: one an alert, one a group of a common cause, or one for many that have the same event.
import { type Alert, type AlertEvent, type Belief, isTargetAlert, isUnjudgedKey } from '../model/alert.ts';
import type { Decision } from '../model/decision.ts';
import { compareSeverity } from '../model/finding.ts';
import { isDamagedMemory } from '../model/identity.ts';
import type { AlertTelling } from '../model/telling.ts';
import { compareText, pointsOf } from './facts.ts';
import { manyAlertId, messageId, summaryMessageId } from './fingerprint.ts';
import { membersOf } from './gather.ts';
import { shared } from './group.ts';
import { watchedIn } from './unjudged.ts';
import { openBeside } from './unseen.ts';

/** More alerts than this with the same event in one sweep are told in one message: a hundred mails at once are read by nobody. */
export const MANY = 10;

/** An alert that is to be told, and what it follows from. */
export interface Due {
  readonly alert: Alert;
  readonly event: AlertEvent;
  readonly decision: Decision;
  readonly belief: Belief;
}

const EVENT_ORDER: readonly AlertEvent[] = ['opened', 'reopened', 'escalated', 'changed', 'reminder', 'recovered', 'expired'];

/**
 * The messages of everything that is due besides the first summary: one an alert, or one for many with the same event; worst first.
 * What cannot be judged has one message for all targets; targets that cannot be read have one for each account and reason. `watched` counts identities with records by target;
 * `open` are all alerts, for what was open before it could not be judged.
 */
export function alertTellings(
  told: readonly Due[],
  watched: ReadonlyMap<string, number>,
  open: readonly Alert[],
  now: string,
): readonly AlertTelling[] {
  const due = told.filter((t) => t.decision.reason !== 'first-summary' && t.alert.cause === undefined);
  const groups = told.filter((t) => t.decision.reason !== 'first-summary' && t.alert.cause !== undefined).map(groupTelling);
  const single = EVENT_ORDER.flatMap((event) => {
    const same = due.filter((t) => t.event === event);
    const broken = same.filter((t) => !isUnjudgedKey(t.alert.key));
    const unjudged = same.filter((t) => isUnjudgedKey(t.alert.key));
    const all = watchedIn(
      watched,
      unjudged.map((t) => t.alert),
    );
    const isOver = event === 'recovered' || event === 'expired';
    const beside = isOver
      ? []
      : openBeside(
          unjudged.map((t) => t.alert),
          open,
          now,
        );
    return [
      ...byServers(
        event,
        broken.filter((t) => !isTargetAlert(t.alert)),
      ),
      ...oneCauseEach(broken.filter((t) => isTargetAlert(t.alert))).flatMap((cause) => together(event, cause, 1)),
      ...together(event, unjudged, 1).map((telling) => ({
        ...telling,
        watched: all,
        ...(beside.length > 0 ? { openBeside: beside } : {}),
      })),
    ];
  });
  // The sort is stable: among equally severe ones the order of events stands.
  return [...groups, ...single].sort((a, b) => {
    const [x, y] = [worstOf(a), worstOf(b)];
    return x === undefined || y === undefined ? 0 : compareSeverity(y.severity, x.severity);
  });
}

/** More alerts than this that say the same of domains on the very same name servers have one cause: a DNS host, an account there, a move. */
const SAME_CAUSE = 4;

// One message for each set of name servers that many share; for all of them if even these are many. What opens was gathered before (gather.ts).
function byServers(event: AlertEvent, due: readonly Due[]): readonly AlertTelling[] {
  if (due.length <= SAME_CAUSE) return together(event, due, MANY);
  const causes = groups(due, ({ alert, belief }) =>
    belief.kind === 'broken' && belief.nameServers !== undefined && belief.nameServers.length > 0
      ? `${[...alert.kinds].sort().join(' ')} ${belief.nameServers.join(' ')}`
      : alert.key,
  );
  const common = causes.filter((cause) => cause.length > SAME_CAUSE);
  const rest = causes.filter((cause) => cause.length <= SAME_CAUSE).flat();
  if (common.length > MANY || (common.length > 0 && rest.length > MANY)) return together(event, due, MANY);
  return [...common.flatMap((cause) => together(event, cause, SAME_CAUSE)), ...together(event, rest, MANY)];
}

/** The same reason in more accounts than this is one cause for all of them: a stack set, a policy of the organisation, the monitor's own role. */
const FEW_ACCOUNTS = 3;

// Targets that one cause explains: an account refuses all its regions alike.
function oneCauseEach(targets: readonly Due[]): readonly (readonly Due[])[] {
  const byAccount = groups(targets, ({ alert }) => `${reasonOf(alert)} ${alert.target.account}`);
  const byReason = groups(byAccount, ([first]) => (first === undefined ? '' : reasonOf(first.alert)));
  const causes = byReason.flatMap((accounts) => (accounts.length > FEW_ACCOUNTS ? [accounts.flat()] : accounts));
  return causes.length > MANY ? [causes.flat()] : causes;
}

// What is wrong with our own memory of a target says nothing of SES, whatever else failed there.
function reasonOf({ targetFinding }: Alert): string {
  if (targetFinding?.kind !== 'target-unreadable') return '';
  return isDamagedMemory(targetFinding.facts.detail) ? 'memory' : targetFinding.facts.reason;
}

function groups<T>(items: readonly T[], keyOf: (item: T) => string): readonly (readonly T[])[] {
  const same = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const known = same.get(key);
    if (known) known.push(item);
    else same.set(key, [item]);
  }
  return [...same.values()];
}

// One message each, or one for all if there are more than `most`.
function together(event: AlertEvent, same: readonly Due[], most: number): readonly AlertTelling[] {
  if (same.length <= most)
    return same.map((due) => ({
      kind: 'alert',
      event,
      reason: due.decision.reason,
      alert: due.alert,
      messageId: messageId(due.alert, event),
      ...(due.decision.clock === undefined ? {} : { clock: due.decision.clock }),
      ...(due.alert.affected.length > 1 ? sharedBy([due.belief]) : {}),
    }));
  const alerts = same.map((t) => t.alert).sort(worstFirst);
  const alertId = manyAlertId(event, alerts);
  const shared = sharedBy(same.map((t) => t.belief));
  return [
    {
      kind: 'summary',
      occasion: 'many-at-once',
      event,
      alertId,
      messageId: summaryMessageId(alertId, event, alerts),
      alerts,
      targets: [],
      ...shared,
    },
  ];
}

// One message about a group, which names its members, worst first; where some are new, these before the others.
function groupTelling({ alert, event, decision, belief }: Due): AlertTelling {
  const isNews = event === 'changed' && decision.reason !== 'fewer-than-told' ? newsIn(alert) : () => false;
  const members = membersOf(alert).map((member) => ({ member, isNew: isNews(member) }));
  const servers = alert.cause?.by === 'servers' ? alert.cause.names : undefined;
  return {
    kind: 'summary',
    occasion: 'one-cause',
    event,
    alertId: alert.id,
    messageId: messageId(alert, event),
    alerts: members.sort((a, b) => Number(b.isNew) - Number(a.isNew) || worstFirst(a.member, b.member)).map(({ member }) => member),
    group: {
      alert: event === 'changed' ? withKnown(alert) : alert,
      reason: decision.reason,
      ...(decision.clock === undefined ? {} : { clock: decision.clock }),
    },
    targets: [],
    ...(servers === undefined ? sharedBy([belief]) : { sharedNameServers: servers }),
  };
}

/** Tells of a member of a group whether any fact of it is new to those who were told of the group. */
function newsIn({ told }: Alert): (member: Alert) => boolean {
  if (told?.points === undefined) return () => false;
  const known = new Set(told.points);
  return (member) => pointsOf(member).some((point) => !known.has(point));
}

// As many may have left as have joined: how many were told is counted by who they are.
function withKnown(alert: Alert): Alert {
  const { told, affected } = alert;
  if (told?.points === undefined) return alert;
  const known = new Set(told.points);
  const hit = affected.filter((one) => pointsOf({ affected: [one] }).some((point) => known.has(point))).length;
  return { ...alert, told: { ...told, hit } };
}

function worstOf(telling: AlertTelling): Alert | undefined {
  return telling.kind === 'alert' ? telling.alert : (telling.group?.alert ?? telling.alerts[0]);
}

/** Order of alerts in a message. */
export function worstFirst(a: Alert, b: Alert): number {
  return compareSeverity(b.severity, a.severity) || b.affected.length - a.affected.length || compareText(a.key, b.key);
}

// What all of them have in common: the first thing to look at.
function sharedBy(beliefs: readonly Belief[]): { readonly sharedNameServers?: readonly string[] } {
  const servers = shared(beliefs.map((b) => (b.kind === 'broken' ? (b.nameServers ?? []) : [])));
  return servers.length > 0 ? { sharedNameServers: servers } : {};
}
