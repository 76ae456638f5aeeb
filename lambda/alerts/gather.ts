// Many alerts that open in one sweep become few: one for each cause they share, which from then on lives as one alert.
import { type Alert, type AlertMemory, type Belief, type Cause, isTargetAlert } from '../model/alert.ts';
import { byCause, causeText, mayShare, type Shareable, type SharedCause } from './cause.ts';
import { type Begun, explained, explainedAtFirst, hitsOf, type Watched, withHits } from './common-cause.ts';
import { kindsOf, severityOf, subjectKey } from './facts.ts';
import { alertId, groupKey } from './fingerprint.ts';
import { shared } from './group.ts';
import type { Due } from './tellings.ts';

/** Up to this many messages in one sweep people read one by one. */
const FEW_MESSAGES = 10;
/** Above this many alerts at once it is a storm, and three messages must tell it. */
const STORM = 50;
const STORM_CAUSES = 2;

export interface Gathered {
  /** What is due, with groups in the place of their members. */
  readonly due: readonly Due[];
  /** The groups that were made, with their members. */
  readonly groups: readonly { readonly alert: Alert; readonly members: readonly Due[] }[];
}

/**
 * Gathers what opens in this sweep for one cause. `open` has been told one by one not long ago: it stays as it is, but with it the cause is seen
 * sooner. A cause that closed within the last day (`closed`) comes back under its id. In a storm the two largest causes have a message each, and one tells all the rest.
 */
export function gather(
  due: readonly Due[],
  closed: NonNullable<AlertMemory['closed']>,
  now: string,
  watched: Watched,
  open: readonly Begun[] = [],
): Gathered {
  const opening = due.filter((one) => one.event === 'opened' && one.decision.reason === 'new' && mayShare(one.alert));
  const shareable = opening.map((one) => ({ ...shareOf(one), due: one }));
  const before = hitsOf(open, now);
  const explains = (cause: Cause, of: readonly Shareable[]): number => explained(cause, withHits(before(cause), of), watched);
  const few = byCause(shareable, FEW_MESSAGES, explains);
  const messages = few.groups.length + few.rest.length;
  const storm = opening.length > STORM || messages > FEW_MESSAGES;
  const kept = storm ? byCause(shareable, STORM_CAUSES, explains) : few;
  const loose = storm && kept.rest.length > 1 ? [{ cause: SEVERAL, members: kept.rest, explains: 0 }] : [];
  const groups = [...kept.groups, ...loose].map((one) => groupOf(one, closed, now));
  const inside = new Set(groups.flatMap(({ members }) => members));
  return {
    due: [...due.filter((one) => !inside.has(one)), ...groups.map(({ due: one }) => one)],
    groups: groups.map(({ due: { alert }, members }) => ({ alert, members })),
  };
}

/** Groups what a first summary tells: it names each of them, and from then on those of one cause live as one alert. */
export function gatherSummarised(due: readonly Due[], now: string, watched: Watched): Gathered['groups'] {
  const shareable = due.filter(({ alert }) => mayShare(alert)).map((one) => ({ ...shareOf(one), due: one }));
  const none = hitsOf([], now);
  return byCause(shareable, FEW_MESSAGES, (cause, of) => explainedAtFirst(cause, withHits(none(cause), of), watched)).groups.map((one) => {
    const { due: made, members } = groupOf({ ...one, explains: 0 }, {}, now);
    return { alert: made.alert, members };
  });
}

/**
 * One cause in a target that is known and in one that is seen for the first time is one group. It is told as what opens is, with all of its members; the
 * first look names its own as well. Returns both anew: `introduced` is left with the groups that have members of first looks only.
 */
export function joinIntroduced(
  gathered: Gathered,
  introduced: Gathered['groups'],
  closed: NonNullable<AlertMemory['closed']>,
  now: string,
): { readonly gathered: Gathered; readonly introduced: Gathered['groups'] } {
  const keys = new Set(gathered.groups.map(({ alert }) => alert.key));
  const regroup = (cause: Cause, members: readonly Due[], beside: number) => {
    const explains = beside + members.reduce((n, { alert }) => n + alert.affected.length, 0);
    return groupOf({ cause, members: members.map((due) => ({ due })), explains }, closed, now);
  };
  const made = gathered.groups.map((group) => {
    const more = introduced.find(({ alert }) => alert.key === group.alert.key);
    const { cause, beside = 0 } = group.alert;
    return more === undefined || cause === undefined
      ? undefined
      : { group, ...regroup(cause, [...group.members, ...more.members], beside) };
  });
  const instead = new Map(made.flatMap((one) => (one === undefined ? [] : [[one.group.alert, one.due] as const])));
  return {
    gathered: {
      due: gathered.due.map((one) => instead.get(one.alert) ?? one),
      groups: gathered.groups.map((group, i) => {
        const one = made[i];
        return one === undefined ? group : { alert: one.due.alert, members: one.members };
      }),
    },
    introduced: introduced.filter(({ alert }) => !keys.has(alert.key)),
  };
}

const SEVERAL: Cause = { by: 'several', names: [] };

function shareOf({ alert, belief }: Due) {
  return {
    affected: alert.affected,
    ...(belief.kind === 'broken' && belief.zone !== undefined ? { zone: belief.zone } : {}),
    ...(belief.kind === 'broken' && belief.nameServers !== undefined ? { nameServers: belief.nameServers } : {}),
  };
}

function groupOf(
  { cause, members: shares, explains }: SharedCause<{ readonly due: Due }>,
  closed: NonNullable<AlertMemory['closed']>,
  now: string,
): { readonly due: Due; readonly members: readonly Due[] } {
  const members = shares.map(({ due }) => due);
  const alerts = members.map(({ alert }) => alert);
  const [first] = alerts;
  if (first === undefined) throw new Error('a group has members');
  const openedAt = alerts.reduce((earliest, alert) => (alert.openedAt < earliest ? alert.openedAt : earliest), now);
  const affected = alerts.flatMap((alert) =>
    alert.affected.map((one) => (alert.openedAt === openedAt ? one : { ...one, since: alert.openedAt })),
  );
  const beside = explains - affected.length;
  const text = causeText(cause);
  const before =
    cause.by === 'several' ? undefined : Object.values(closed).find((one) => one.cause !== undefined && causeText(one.cause) === text);
  // By when it was made: its members may be of one age with those of another group of the cause, as when mutes end one after the other.
  const key = groupKey(cause, now);
  const alert: Alert = {
    key,
    id: before?.id ?? alertId(key, openedAt),
    target: first.target,
    openedAt,
    severity: severityOf({ affected }),
    kinds: kindsOf({ affected }),
    affected,
    lastSeenAt: now,
    cause,
    most: affected.length,
    ...(beside > 0 ? { beside } : {}),
    ...(before === undefined ? {} : { reopened: before.reopened + 1 }),
  };
  const nameServers = shared(members.map(({ belief }) => (belief.kind === 'broken' ? (belief.nameServers ?? []) : [])));
  const belief: Belief = {
    key,
    kind: 'broken',
    affected,
    target: first.target,
    muted: false,
    ...(nameServers.length > 0 ? { nameServers } : {}),
  };
  const event = before === undefined ? 'opened' : 'reopened';
  const decision = { key, tell: true, event, reason: before === undefined ? 'new' : 'back-again' } as const;
  return { due: { alert, event, decision, belief }, members };
}

/** A group as single alerts, one for each identity, as messages name them. */
export function membersOf(group: Alert): readonly Alert[] {
  if (isTargetAlert(group)) return [group];
  const { cause: _cause, most: _most, told: _told, ...rest } = group;
  return group.affected.map((one) => {
    const trouble = { affected: [one] };
    const times = { openedAt: one.since ?? rest.openedAt, lastSeenAt: one.seenAt ?? rest.lastSeenAt };
    return { ...rest, ...trouble, ...times, key: subjectKey(one.subject), severity: severityOf(trouble), kinds: kindsOf(trouble) };
  });
}
