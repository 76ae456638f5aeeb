// What is said of a group: many identities with one cause, how many there are by now, and where to look; and of a deadline that has come near.
import type { Alert, Cause, NearClock } from '../model/alert.ts';
import type { Telling } from '../model/telling.ts';
import { deadlineSentence } from './finding-text.ts';
import { listed, plural } from './layout.ts';
import { moveName, withMove } from './moved.ts';
import { span, utc, utcWithDistance } from './times.ts';

type Group = NonNullable<Extract<Telling, { kind: 'summary' }>['group']>;
type GroupEvent = Extract<Telling, { kind: 'summary' }>['event'];

/** `2,996 identities`. */
const count = (n: number): string => `${n.toLocaleString('en-US')} ${n === 1 ? 'identity' : 'identities'}`;

/** Where the cause lies, short enough for a subject. */
export function causeName({ by, names }: Cause): string {
  switch (by) {
    case 'zone':
      return `zone ${listed(names, 1)}`;
    case 'servers':
      return `servers ${names[0] ?? ''}${names.length > 1 ? ` +${names.length - 1}` : ''}`;
    case 'provider':
      return names[0] === 'awsdns' ? 'Route 53' : `servers of ${listed(names, 2)}`;
    case 'account':
      return `account ${listed(names, 1)}`;
    case 'several':
      return 'no single cause';
  }
}

const SAYS: { readonly [B in Cause['by']]: string } = {
  zone: 'All of them are in one DNS zone: look there first.',
  servers: 'All of them are on the same name servers: ask there what happened.',
  provider: 'Their name servers have one operator: ask there what happened, or look for an account of yours there.',
  account: 'All of them are in one AWS account: look there for what changed.',
  several: 'They share no zone, name server or account. Look for one cause all the same: a deployment, a migration, a tool that cleans up.',
};

/** How many it hit at the worst time; without those who left it and were not seen well, of whom nobody can say that they are over. */
const mostOf = ({ affected, aside = [], most = affected.length }: Alert): number => Math.max(affected.length, most - aside.length);

/** Of those who left it without being seen well; empty if nobody did. */
function asideWords({ aside = [] }: Alert): readonly string[] {
  const n = aside.length;
  if (n === 0) return [];
  return [
    n === 1
      ? 'Of one more nothing is said: it was muted meanwhile, or is no longer watched.'
      : `Of ${n.toLocaleString('en-US')} more nothing is said: they were muted meanwhile, or are no longer watched.`,
  ];
}

/** One line about a group, for a subject: how many, and why they are one. */
export function groupTitle({ alert, part }: Group, event: GroupEvent): string {
  const [now, most] = [alert.affected.length, mostOf(alert)];
  const where = alert.cause === undefined || alert.cause.by === 'several' ? '' : `, ${causeName(alert.cause)}`;
  // How many of a part there were, or who of them was left last, nobody remembers.
  if (part && event === 'recovered') return `DKIM is healthy again${where}`;
  if (part && event === 'expired') return `No longer watched${where}`;
  switch (event) {
    case 'recovered':
      return `DKIM is healthy again: ${alert.aside === undefined ? 'all ' : ''}${count(most)}${where}`;
    case 'expired':
      return `No longer watched: ${count(now)}${where}`;
    default:
      return now < most
        ? `${now.toLocaleString('en-US')} of ${count(most)} left with DKIM trouble${movedWhere(alert) ?? where}`
        : `DKIM trouble with ${count(now)}${movedWhere(alert) ?? where}`;
  }
}

// A move is the cause itself: it comes before where all of them are.
function movedWhere(alert: Alert): string | undefined {
  const move = alert.cause === undefined ? undefined : moveName(alert, alert.cause.by, causeName(alert.cause));
  return move === undefined ? undefined : `, ${move}`;
}

/** The sentences that open a message about a group, or about a route's part of one. */
export function groupSentences(group: Group, event: GroupEvent, now: string): readonly string[] {
  const isOver = event === 'recovered' || event === 'expired' || group.part?.over === true;
  return [
    ...(group.part === undefined ? wholeSentences(group, event, now) : partSentences(group, group.part, event, now)),
    ...(isOver ? [] : partlyUnseenWords(group.alert, now)),
  ];
}

function partSentences(group: Group, { of, over }: NonNullable<Group['part']>, event: GroupEvent, now: string): readonly string[] {
  const hit = group.alert.affected.length;
  const aside = asideWords(group.alert);
  const others = `${count(of)} with the same cause still ${of === 1 ? 'is' : 'are'}`;
  if (over && aside.length > 0)
    return [`Yours were checked in full and are well, as far as anything is said of them; ${others} in trouble.`, ...aside];
  if (over) return [`None of yours is in trouble any more; ${others}.`];
  if (event === 'recovered') return ['All with this cause are healthy again. They were checked in full.', ...aside];
  if (event === 'expired')
    return ['No longer watched: they were deleted from SES, or they or their account left the configuration or the organisation.'];
  const opening =
    event === 'changed' && group.reason === 'fewer-than-told'
      ? [
          `Fewer are in trouble: ${count(hit)} of yours still ${hit === 1 ? 'is' : 'are'}. The others were checked in full and are well.`,
          ...aside,
        ]
      : wholeSentences(group, event, now);
  if (of === hit) return opening;
  return [...opening, `Only yours are named here: ${hit.toLocaleString('en-US')} of ${count(of)} with the same cause.`];
}

function wholeSentences(group: Group, event: GroupEvent, now: string): readonly string[] {
  const { alert, reason, clock } = group;
  const [hit, most, before] = [alert.affected.length, mostOf(alert), alert.told?.hit];
  const says = alert.cause === undefined ? '' : withMove(alert, SAYS[alert.cause.by]);
  switch (event) {
    case 'opened':
      return alert.beside === undefined
        ? [`Trouble began with ${count(hit)} in one sweep.`, says]
        : [
            `Trouble with ${hit.toLocaleString('en-US')} more ${hit === 1 ? 'identity' : 'identities'}; ${alert.beside.toLocaleString('en-US')} with the same cause ${alert.beside === 1 ? 'was' : 'were'} told one by one before. What breaks for this cause from now on is told here.`,
            says,
          ];
    case 'reopened':
      return [`It came back: trouble with ${count(hit)}. It was told to be over less than a day ago.`, says];
    case 'changed':
      if (reason === 'fewer-than-told')
        return [
          `${count(hit)} ${hit === 1 ? 'is' : 'are'} left of ${most.toLocaleString('en-US')}; the others were checked in full and are well.`,
          ...asideWords(alert),
        ];
      return before !== undefined && hit > before
        ? [`${count(hit - before)} more for the same cause: ${hit.toLocaleString('en-US')} now.`, says]
        : [`What is wrong changed for some of them. ${count(hit)} now.`, says];
    case 'escalated':
      return [
        ...(clock === undefined ? [] : [clockSentence(clock, now)]),
        ...unseenSentences(alert, now),
        alert.unseen === undefined ? `${count(hit)} still in trouble.` : `${count(hit)} in trouble when last seen.`,
      ];
    case 'reminder':
      return [
        `Trouble goes on with ${hit < most ? `${hit.toLocaleString('en-US')} of ${count(most)}` : count(hit)}.`,
        says,
        ...asideWords(alert),
      ];
    case 'recovered':
      return [`All of them are healthy again (${count(most)} at the worst time). They were checked in full.`, ...asideWords(alert)];
    case 'expired':
      return [
        `No longer watched: they were deleted from SES, or they or their account left the configuration or the organisation (${count(hit)}).`,
      ];
  }
}

/** Short, for the tag of a subject: `UNDER 24 H LEFT`, `TIME IS UP`. */
export function clockTag({ within }: NearClock): string {
  return within === 0 ? 'TIME IS UP' : `UNDER ${Number.isInteger(within) ? within : within.toFixed(1)} H LEFT`;
}

/** What a near deadline means, in a sentence with its time. */
export function clockSentence({ name, at, within, estimated }: NearClock, now: string): string {
  const what = deadlineSentence(name);
  const early = estimated ? ' (estimated, the earliest time)' : '';
  if (within === 0) return `The time is up: since ${utc(at)}${early} this may have happened: ${what}`;
  return `${span(Date.parse(at) - Date.parse(now))} left, until ${utc(at)}${early}: ${what}`;
}

/** Of an alert that is told without being seen: since when its facts stand; of several by that which was seen first. Empty for any other. */
export function unseenSentences({ unseen, affected, lastSeenAt: last }: Alert, now: string): readonly string[] {
  const lastSeenAt = earliestOf(affected) ?? last;
  if (unseen === undefined)
    return affected.length === 1 && affected[0]?.seenAt !== undefined
      ? [`What is said of it is of ${utcWithDistance(lastSeenAt, now)}, when it was last seen.`]
      : [];
  const what =
    unseen === 'dns' ? 'DNS cannot be seen at present: what is said of it' : 'SES cannot be read at present: what is said of it and of DNS';
  return [`${what} is of ${utcWithDistance(lastSeenAt, now)}, when it was last seen. The time runs all the same.`];
}

const earliestOf = (affected: Alert['affected']): string | undefined =>
  affected.flatMap(({ seenAt }) => (seenAt === undefined ? [] : [seenAt])).sort()[0];

/** Of those of a group who could not be seen in full: since when what is said of them stands. Empty where all were seen, or where it is said of the whole. */
function partlyUnseenWords({ unseen, affected }: Alert, now: string): readonly string[] {
  const blind = affected.filter(({ seenAt }) => seenAt !== undefined);
  const first = earliestOf(blind);
  if (unseen !== undefined || first === undefined) return [];
  const [all, one] = [blind.length === affected.length, blind.length === 1];
  const of = all ? (one ? 'it' : 'them') : `${blind.length.toLocaleString('en-US')} of them`;
  return [
    `What is said of ${of} is of ${utcWithDistance(first, now)}, when ${one ? 'it was' : 'they were'} last seen broken: whether ${one ? 'it still is' : 'they still are'} cannot be said at present.`,
  ];
}

/** Of an alert that came back: how often by now. */
export function againWords({ reopened = 0 }: Alert): string {
  return `it was told to be over less than a day ago${reopened > 1 ? `; it has come back ${plural(reopened, 'time')}` : ''}`;
}
