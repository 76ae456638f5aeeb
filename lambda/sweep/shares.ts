// What of a message about several a route gets: its own part, in words of its own, so that nobody has to look for himself among other people's domains.
import { clocksOf } from '../alerts/clocks.ts';
import { kindsOf, namedIn, pointsOf, severityOf, subjectKey } from '../alerts/facts.ts';
import { shareMessageId } from '../alerts/fingerprint.ts';
import { type AffectedIdentity, type Alert, isUnjudgedKey } from '../model/alert.ts';
import { compareSeverity } from '../model/finding.ts';
import type { Route } from '../model/policy.ts';
import type { AlertTelling } from '../model/telling.ts';
import { matches } from './routing.ts';

type Summary = Extract<AlertTelling, { kind: 'summary' }>;
type Group = NonNullable<Summary['group']>;

export interface Share {
  /** Absent: there is nothing in it for this route. The telling itself: all of it is. */
  readonly telling?: AlertTelling;
  /** What was its own is over while the alert goes on with others: it need not hear how. */
  readonly over?: true;
}

/**
 * The share of a route in a telling. `heard` says of an alert, by its id, whether the route was told of it: then it also hears the end of it.
 * An alert about one identity, about the replicas of one domain or about a target is never divided.
 */
export function shareOf(telling: AlertTelling, route: Route, heard: (alertId: string) => boolean): Share {
  if (telling.kind === 'alert') return ofAlert(telling, route);
  return telling.group === undefined ? ofSeveral(telling, route, heard) : ofGroup(telling, telling.group, route, heard);
}

function ofAlert(telling: Extract<AlertTelling, { kind: 'alert' }>, route: Route): Share {
  // No route leads there any more: whoever gets it has heard of it.
  const alert = partOf(telling.alert, route, { heard: true, over: isOver(telling) });
  if (alert === undefined) return {};
  if (alert === telling.alert) return { telling };
  return {
    telling: { ...withoutBeside(telling), ...besideOf(telling, route), alert, messageId: shareMessageId(telling.messageId, route.exit) },
  };
}

function ofSeveral(telling: Summary, route: Route, heard: (alertId: string) => boolean): Share {
  const alerts = telling.alerts.flatMap((alert) => partOf(alert, route, { heard: heard(alert.id), over: isOver(telling) }) ?? []);
  const targets = telling.targets.filter((target) => matches(target, route));
  const unreadable = telling.unreadable?.filter((target) => matches(target, route)) ?? [];
  const counts = targets.length === telling.targets.length && unreadable.length === (telling.unreadable?.length ?? 0);
  if (counts && alerts.length === telling.alerts.length && alerts.every((alert, i) => alert === telling.alerts[i])) return { telling };
  const { unreadable: _all, addressesAtRisk: _main, ...rest } = withoutBeside(telling);
  const share = { ...rest, ...besideOf(telling, route), messageId: shareMessageId(telling.messageId, route.exit), alerts, targets };
  if (targets.length > 0) return { telling: { ...share, ...(unreadable.length > 0 ? { unreadable } : {}) } };
  const [only] = alerts;
  if (only === undefined) return {};
  // What is left is no first look; and one alert has a message, and a thread, of its own.
  if (alerts.length > 1) return { telling: { ...share, occasion: 'many-at-once' } };
  const { event, messageId, watched, sharedNameServers } = share;
  const around = {
    ...besideOf(telling, route),
    ...(watched === undefined ? {} : { watched }),
    ...(sharedNameServers === undefined ? {} : { sharedNameServers }),
  };
  return { telling: { kind: 'alert', event, reason: 'told-with-its-group', alert: only, messageId, ...around } };
}

function ofGroup(telling: Summary, group: Group, route: Route, heard: (alertId: string) => boolean): Share {
  const { alert } = group;
  const own = alert.affected.filter(({ subject }) => matches(subject, route));
  const known = heard(alert.id);
  // For who has not heard of it yet, what happens to it is how it begins.
  const begins = !known && LATER.includes(telling.event);
  const isAllOwn = own.length === alert.affected.length && alert.aside?.every((subject) => matches(subject, route)) !== false;
  if (isAllOwn && !begins) return { telling };
  const share = {
    ...telling,
    messageId: shareMessageId(telling.messageId, route.exit),
    alerts: telling.alerts.filter((member) => isOwn(member, route)).map((member) => withOwnAside(member, route)),
    group: { ...group, alert: withHit(narrowed(alert, own, route)), part: { of: alert.affected.length } },
  };
  if (own.length > 0) {
    if (begins) return { telling: { ...share, event: 'opened' } };
    return isNews(share.group, telling) ? { telling: share } : {};
  }
  if (!known) return {};
  // All its own were muted, or are no longer watched: that is not the end of their trouble, and they were silenced.
  if (share.group.alert.aside !== undefined && !isAnyWell(alert, route)) return isOver(telling) ? { over: true } : {};
  if (isOver(telling)) return { telling: share };
  if (telling.event === 'reopened') return { over: true };
  return {
    telling: { ...share, event: 'recovered', group: { ...share.group, part: { of: alert.affected.length, over: true } } },
    over: true,
  };
}

/** What is told of a group that somebody has heard of. */
const LATER: readonly Summary['event'][] = ['changed', 'reminder', 'escalated'];

/**
 * True if one of the route's own that was told is in trouble no more, and was not set aside: then it was seen well. Tags of such a one are not
 * remembered: it counts as the route's if the rest fits, for a word too many is better than an end that nobody hears.
 */
function isAnyWell({ told, affected, aside = [] }: Alert, route: Route): boolean {
  if (told?.points === undefined) return true;
  const still = new Set([...affected.map(({ subject }) => subject), ...aside].map(subjectKey));
  return namedIn(told.points).some((who) => !still.has(subjectKey(who)) && matches(who, { ...route, tags: {} }));
}

function withoutBeside<T extends AlertTelling>({ openBeside: _all, ...rest }: T): Omit<T, 'openBeside'> {
  return rest;
}

// What is open of other people's identities is none of the route's business.
function besideOf({ openBeside = [] }: AlertTelling, route: Route): Pick<AlertTelling, 'openBeside'> {
  const own = openBeside.filter(({ subject }) => matches(subject, route));
  return own.length > 0 ? { openBeside: own } : {};
}

/** The part of an alert that is a route's own; undefined if there is none. */
function partOf(alert: Alert, route: Route, { heard, over }: { readonly heard: boolean; readonly over: boolean }): Alert | undefined {
  if (!isUnjudgedKey(alert.key)) return heard || isOwn(alert, route) ? alert : undefined;
  const own = alert.affected.filter(({ subject }) => matches(subject, route));
  if (own.length === 0) return heard && over ? alert : undefined;
  return own.length === alert.affected.length ? alert : narrowed(alert, own, route);
}

function isOwn({ affected, target }: Alert, route: Route): boolean {
  return affected.length === 0 ? matches(target, route) : affected.some(({ subject }) => matches(subject, route));
}

// The end of a part names nobody, and is as severe as the alert was. How many were told one by one before, and whose they were, is not remembered.
function narrowed(whole: Alert, affected: readonly AffectedIdentity[], route: Route): Alert {
  const { beside: _others, ...alert } = withOwnAside(whole, route);
  const [first] = affected;
  if (first === undefined) return { ...alert, affected };
  const { account, region } = first.subject;
  return {
    ...alert,
    affected,
    target: { account, region } as Alert['target'],
    severity: severityOf({ affected }),
    kinds: kindsOf({ affected }),
  };
}

// Of how many nothing is said is counted among its own, too.
function withOwnAside({ aside = [], ...alert }: Alert, route: Route): Alert {
  const own = aside.filter((subject) => matches(subject, route));
  return own.length > 0 ? { ...alert, aside: own } : alert;
}

// How many of them were told before: those of whom any fact was. How many there were at the worst time nobody remembers.
function withHit({ most: _most, ...alert }: Alert): Alert {
  const { told } = alert;
  if (told?.points === undefined) return alert;
  const known = new Set(told.points);
  const hit = alert.affected.filter((one) => pointsOf({ affected: [one] }).some((point) => known.has(point))).length;
  return { ...alert, told: { ...told, hit } };
}

/** Two deadlines of one cause may be some minutes apart. */
const SAME_MS = 3_600_000;

// Growth, or a deadline, that is all others' is no news here.
function isNews({ alert, reason, clock }: Group, { event }: Summary): boolean {
  const { told } = alert;
  if (event === 'escalated' && clock !== undefined)
    return clocksOf(alert).some(({ name, at }) => name === clock.name && Date.parse(at) - Date.parse(clock.at) <= SAME_MS);
  if (event !== 'changed' || reason === 'fewer-than-told' || told?.points === undefined) return true;
  const known = new Set(told.points);
  return compareSeverity(alert.severity, told.severity) > 0 || pointsOf(alert).some((point) => !known.has(point));
}

const isOver = ({ event }: AlertTelling): boolean => event === 'recovered' || event === 'expired';
