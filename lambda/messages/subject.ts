// The subject line of a mail, which is also the title in chat: ASCII, under 100 characters, the worst first.
import type { Alert, AlertEvent, NearClock } from '../model/alert.ts';
import type { Severity } from '../model/finding.ts';
import type { ReportFinding } from '../model/report.ts';
import { visible } from '../model/safe-text.ts';
import type { TargetCounts, Telling } from '../model/telling.ts';
import { clockTag, groupTitle } from './group-words.ts';
import { cutMiddle, listed, plural } from './layout.ts';
import { isUnjudged, unjudgedTitle, unjudgedWho } from './unjudged.ts';
import { unreadCount } from './unread-targets.ts';
import { areTargets, targetsTitle } from './unreadable.ts';
import { distinctFindings, leadOf, type WordedAlert } from './worded.ts';

/** Amazon SNS API Reference, Publish: "less than 100 characters long", ASCII, no line breaks or control characters. */
export const MAX_SUBJECT = 99;

/** The subject of a message about one alert. */
export function alertSubject(event: AlertEvent, view: WordedAlert, clock?: NearClock): string {
  const { alert } = view;
  const tag = `[${tagOf(event, alert.severity, clock)}] `;
  // What is said of a target names its account and region itself.
  if (alert.affected.length === 0) return cutMiddle(ascii(`${tag}${headline(event, view, clock)}`), MAX_SUBJECT);
  const others = othersOf(alert);
  return compose(tag, headline(event, view, clock), nameOf(alert), [`${others} (${placeOf(alert)})`, others]);
}

/** The subject of a message about several alerts. */
export function summarySubject(telling: Extract<Telling, { kind: 'summary' }>): string {
  if (telling.occasion === 'first-sweep') return cutMiddle(ascii(firstSubject(telling)), MAX_SUBJECT);
  const tag = tagOf(telling.event, (telling.group?.alert ?? telling.alerts[0])?.severity ?? 'notice', telling.group?.clock);
  if (telling.group) return fitting(`[${tag}] `, ascii(groupTitle(telling.group, telling.event)));
  if (telling.alerts.every(isUnjudged)) return cutMiddle(ascii(`[${tag}] ${unjudgedTitle(telling.alerts, telling.event)}`), MAX_SUBJECT);
  if (areTargets(telling.alerts)) return cutMiddle(ascii(`[${tag}] ${targetsTitle(telling.alerts, telling.event)}`), MAX_SUBJECT);
  return cutMiddle(ascii(`[${tag}] ${MANY[telling.event](whoOf(telling.alerts))}`), MAX_SUBJECT);
}

// Whole parts give way, so that no word is cut: first what "left" says as well, then where it is, from the end. A single long name is cut in its middle before that.
function fitting(tag: string, title: string): string {
  const room = MAX_SUBJECT - tag.length;
  const short = title.replace(/ identit(?:y|ies)(?= left )/, '');
  const [first = '', ...where] = title.split(', ');
  const titles = [title, short, ...where.map((_, i) => [first, ...where.slice(0, where.length - 1 - i)].join(', '))];
  const fits = titles.find((one) => one.length <= room);
  const name = where.length === 1 ? /[^ ]{40,}/.exec(short)?.[0] : undefined;
  const left = room - (short.length - (name?.length ?? 0));
  if (name !== undefined && short.length > room && left >= 24) return tag + short.replace(name, () => cutMiddle(name, left));
  return cutMiddle(tag + (fits ?? first), MAX_SUBJECT);
}

/** The name of whom an alert is about: the identity, the target, or how many cannot be judged. */
export function nameOf(alert: Alert): string {
  if (isUnjudged(alert)) return unjudgedWho([alert]);
  return alert.affected[0]?.subject.identity ?? `${alert.target.account}/${alert.target.region}`;
}

// Replicas of one domain are its regions, which the place counts; others are named by their number alone.
function othersOf(alert: Alert): string {
  const names = new Set(alert.affected.map(({ subject }) => subject.identity));
  return isUnjudged(alert) || names.size < 2 ? '' : ` and ${(names.size - 1).toLocaleString('en-US')} more`;
}

/** Where an alert plays: `us-east-1, 111111111111`, or the number of regions for a family of replicas. */
export function placeOf({ affected, target }: Alert): string {
  const regions = new Set(affected.map(({ subject }) => subject.region));
  const accounts = new Set(affected.map(({ subject }) => subject.account));
  const region = regions.size > 1 ? plural(regions.size, 'region') : target.region;
  return accounts.size > 1 ? region : `${region}, ${target.account}`;
}

/** `14 identities`, `3 targets`, or both: whom some alerts are about. */
export function whoOf(alerts: readonly Alert[]): string {
  const identities = alerts.reduce((sum, alert) => sum + alert.affected.length, 0);
  const targets = alerts.filter((alert) => alert.affected.length === 0).length;
  const parts = [
    ...(identities > 0 ? [plural(identities, 'identity', 'identities')] : []),
    ...(targets > 0 ? [plural(targets, 'target')] : []),
  ];
  return listed(parts);
}

const MANY: { readonly [K in AlertEvent]: (n: string) => string } = {
  opened: (n) => `DKIM trouble with ${n}`,
  reopened: (n) => `DKIM trouble again with ${n}`,
  escalated: (n) => `DKIM trouble got worse with ${n}`,
  changed: (n) => `DKIM trouble changed with ${n}`,
  reminder: (n) => `DKIM trouble goes on with ${n}`,
  recovered: (n) => `DKIM is healthy again with ${n}`,
  expired: (n) => `No longer watched: ${n}`,
};

function tagOf(event: AlertEvent, severity: Severity, clock?: NearClock): string {
  switch (event) {
    case 'opened':
      return severity.toUpperCase();
    case 'reopened':
      return `${severity.toUpperCase()}, AGAIN`;
    case 'escalated':
      return `${severity.toUpperCase()}, ${clock === undefined ? 'WORSE' : clockTag(clock)}`;
    case 'changed':
      return `${severity.toUpperCase()}, CHANGED`;
    case 'reminder':
      return `${severity.toUpperCase()}, REMINDER`;
    case 'recovered':
      return 'RECOVERED';
    case 'expired':
      return 'CLOSED';
  }
}

/** What is wrong, in one line. */
export function titleOf(view: WordedAlert): string {
  return isUnjudged(view.alert) ? unjudgedTitle([view.alert], 'opened') : (leadOf(view)?.title ?? view.alert.kinds.join(', '));
}

function headline(event: AlertEvent, view: WordedAlert, clock?: NearClock): string {
  if (isUnjudged(view.alert)) return unjudgedTitle([view.alert], event);
  const name = nameOf(view.alert);
  const isTarget = view.alert.affected.length === 0;
  if (event === 'recovered') return isTarget ? `SES can be read again: ${name}` : `DKIM is healthy again: ${name}`;
  if (event === 'expired') return `No longer watched: ${name}`;
  return (clockedOf(view, clock) ?? leadOf(view))?.title ?? `DKIM trouble: ${name}`;
}

// The finding that the near deadline belongs to: beside the title of another, the time would be taken for that one's.
function clockedOf(view: WordedAlert, clock: NearClock | undefined): ReportFinding | undefined {
  if (clock === undefined) return undefined;
  const isIts = ({ deadlines = [] }: ReportFinding): boolean => deadlines.some(({ name, at }) => name === clock.name && at === clock.at);
  const lead = leadOf(view);
  return [...(lead ? [lead] : []), ...distinctFindings(view)].find(isIts);
}

function firstSubject(telling: Extract<Telling, { kind: 'summary' }>): string {
  const { targets, alerts } = telling;
  const sum = (of: (counts: TargetCounts) => number): number => targets.reduce((n, counts) => n + of(counts), 0);
  const all = plural(
    sum((t) => t.identities),
    'identity',
    'identities',
  );
  const [broken, unknown] = [sum((t) => t.broken), sum((t) => t.unknown)];
  const unread = unreadCount(telling);
  const severity = alerts[0]?.severity ?? (unread === '' ? undefined : 'warning');
  const tag = severity ? `[${severity.toUpperCase()}] ` : '[DKIM monitor] ';
  // What was not seen must not be cut off: the counts before it are short.
  if (unread !== '')
    return `${tag}First look at DKIM: ${[
      ...(broken > 0 ? [`${broken} broken`] : []),
      ...(unknown > 0 ? [`${unknown} not judged`] : []),
      ...(broken > 0 ? [] : [`${sum((t) => t.healthy)} healthy`]),
      unread,
    ].join(', ')}`;
  const rest = unknown > 0 ? `, ${unknown} could not be judged` : '';
  if (broken === 0 && unknown === 0) return `${tag}First look at DKIM: all healthy, ${all}`;
  return `${tag}First look at DKIM: ${broken} of ${all} broken${rest}`;
}

// The title keeps its words and the name gives way: its middle is cut, because both ends of a domain tell something.
// Where not all finds room, the place is left out before the number of the others.
function compose(tag: string, title: string, name: string, ends: readonly string[]): string {
  const [safeTitle, safeName] = [ascii(title), ascii(name)];
  const whole = safeTitle.includes(safeName) || safeName === '' ? safeTitle : `${safeTitle}: ${safeName}`;
  const rest = whole.length - safeName.length;
  for (const end of ends) {
    const room = MAX_SUBJECT - tag.length - end.length;
    if (whole.length <= room) return `${tag}${whole}${end}`;
    const short = whole.replace(safeName, () => cutMiddle(safeName, Math.max(24, room - rest)));
    if (short.length <= room) return `${tag}${short}${end}`;
  }
  const end = ends.at(-1) ?? '';
  const room = MAX_SUBJECT - tag.length - end.length;
  return cutMiddle(`${tag}${whole.length <= room ? whole : `${whole.slice(0, room - 3)}...`}${end}`, MAX_SUBJECT);
}

function ascii(text: string): string {
  return visible(text, 2000)
    .replace(/…/g, '...')
    .replace(/[–—]/g, '-')
    .replace(/[“”]/g, '"')
    .replace(/[‘’]/g, "'")
    .replace(/[^\u0020-\u007e]/g, '?')
    .replace(/ +/g, ' ')
    .trim();
}
