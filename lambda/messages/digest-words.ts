// The words of a digest: its subject, and the sentences that the mail and the chat share.
import { isUnjudgedKey } from '../model/alert.ts';
import type { Digest, DigestOpen, EndedAlert, Pending, RunningMute, Unseen } from '../model/digest.ts';
import { causeName, groupTitle } from './group-words.ts';
import { cutMiddle, plural } from './layout.ts';
import { MAX_SUBJECT, nameOf, placeOf, titleOf } from './subject.ts';
import { distance, utc, utcWithDistance } from './times.ts';
import { type Words, wordAlert } from './worded.ts';

const count = (n: number): string => n.toLocaleString('en-US');

export interface DigestCounts {
  readonly open: number;
  readonly critical: number;
  readonly identities: number;
  readonly healthy: number;
  readonly broken: number;
  /** Could not be judged, or not be read. */
  readonly unknown: number;
  /** Broken, but muted. */
  readonly muted: number;
  /** Targets that could not be read, or not whole. */
  readonly unread: number;
}

export function digestCounts({ open, targets, unseen }: Digest): DigestCounts {
  const sum = (of: (t: Digest['targets'][number]) => number): number => targets.reduce((n, target) => n + of(target), 0);
  return {
    open: open.length,
    critical: open.filter(({ severity }) => severity === 'critical').length,
    identities: sum((t) => t.identities),
    healthy: sum((t) => t.healthy),
    broken: sum((t) => t.broken),
    unknown: sum((t) => t.unknown),
    muted: sum((t) => t.muted),
    unread: unseen.filter(({ gap }) => gap !== undefined).length,
  };
}

/** `[DKIM digest] 3 open (1 critical), 1,204 healthy, 2 muted`: numbers only, so that no name can lengthen it. */
export function digestSubject(digest: Digest): string {
  const { open, critical, healthy, unknown, muted, unread } = digestCounts(digest);
  const parts = [
    open === 0 ? 'nothing open' : `${count(open)} open${critical > 0 ? ` (${count(critical)} critical)` : ''}`,
    `${count(healthy)} healthy`,
    ...(unknown > 0 ? [`${count(unknown)} not judged`] : []),
    ...(unread > 0 ? [`${plural(unread, 'target')} unread`] : []),
    ...(muted > 0 ? [`${count(muted)} muted`] : []),
  ];
  return cutMiddle(`[DKIM digest] ${parts.join(', ')}`, MAX_SUBJECT);
}

/** How the whole is: identities, accounts, regions. */
export function wholeSentence(digest: Digest): string {
  const { identities, healthy, broken, unknown, muted } = digestCounts(digest);
  const distinct = (of: 'account' | 'region'): number => new Set(digest.targets.map((target) => target[of])).size;
  const where = `${plural(distinct('account'), 'account')} and ${plural(distinct('region'), 'region')}`;
  const rest = [
    ...(broken > 0 ? [`${count(broken)} broken`] : []),
    ...(unknown > 0 ? [`${count(unknown)} could not be judged`] : []),
    ...(muted > 0 ? [`${count(muted)} broken but muted`] : []),
  ];
  const partial = digest.targets.some(({ complete }) => !complete) ? ' Not every listing is complete yet.' : '';
  return `${count(healthy)} of ${plural(identities, 'SES identity', 'SES identities')} in ${where} ${healthy === 1 ? 'is' : 'are'} healthy${rest.length > 0 ? `; ${rest.join(', ')}` : ''}.${partial}`;
}

/** Proof of life. */
export function lifeSentence({ sweeps, since, at }: Digest, now: string): string {
  return `The monitor is alive: ${plural(sweeps, 'sweep')} since ${utcWithDistance(since, now)}, the last one ${utc(at)}.`;
}

export interface Entry {
  /** Whom it is about, a name that others chose. */
  readonly name: string;
  /** Account and region, or empty. */
  readonly place: string;
  readonly says: string;
}

export function openEntry({ alert, severity, told, deadline }: DigestOpen, words: Words, now: string): Entry {
  const left =
    deadline === undefined ? '' : ` Time left until ${utcWithDistance(deadline.at, now)}${deadline.estimated ? ', estimated' : ''}.`;
  const rest = ` Since ${utcWithDistance(alert.openedAt, now)}.${left}${told ? '' : ' No message was sent about it.'}`;
  // A group is named by how many are left of it, and by its cause.
  if (alert.cause !== undefined)
    return { name: groupTitle({ alert, reason: 'new' }, 'reminder'), place: '', says: `${severity.toUpperCase()}.${rest}` };
  return {
    name: nameOf(alert),
    place: alert.affected.length === 0 ? '' : placeOf(alert),
    says: `${severity.toUpperCase()}: ${titleOf(wordAlert(alert, words, 1))}.${rest}`,
  };
}

const ENDED_WHY: Readonly<Record<string, string>> = {
  'identity-deleted': 'deleted from SES',
  'target-removed': 'its account and region left the configuration',
  'account-removed': 'its account left the configuration or the organisation, or was suspended or closed',
  'identity-abandoned': 'never finished, and not used',
};

export function endedEntry(ended: EndedAlert, now: string): Entry {
  const { event, cause, identity, identities, account, region, at, kinds, key, why = '' } = ended;
  const whom = plural(identities, 'identity', 'identities');
  const what = isUnjudgedKey(key) ? 'can be judged again' : identities === 0 ? 'can be read again' : 'healthy again';
  const who = cause === undefined && identities > 1 ? ` (${whom})` : '';
  return {
    name: cause === undefined ? (identity ?? `${account}/${region}`) : `${whom}, ${causeName(cause)}`,
    place: identity === undefined || cause !== undefined ? '' : `${region}, ${account}`,
    says: `${event === 'recovered' ? what : `no longer watched: ${ENDED_WHY[why] ?? 'gone'}`}${who}, ${utcWithDistance(at, now)}. It was: ${kinds.join(', ')}.`,
  };
}

export function muteSays({ kinds, until, reason, account, region }: RunningMute, now: string): string {
  const where = [region, account].filter((part) => part !== undefined).join(', ');
  const end = until === undefined ? 'without an end' : `until ${utcWithDistance(until, now)}`;
  const why = reason === undefined || reason.trim() === '' ? 'no reason given' : reason;
  return `${kinds.length === 0 ? 'everything' : kinds.join(', ')}${where === '' ? '' : `, only in ${where}`}, ${end}: ${why}`;
}

export function unseenSays({ gap, unjudged, unread }: Unseen): string {
  return [
    ...(gap === undefined ? [] : [`could not be read (${gap.reason}): ${gap.detail.replace(/\.$/, '')}`]),
    ...(unjudged > 0 ? [`${plural(unjudged, 'identity', 'identities')} could not be judged`] : []),
    ...(unread > 0 ? [`${plural(unread, 'identity', 'identities')} not read, or not yet`] : []),
  ].join('; ');
}

export function pendingSays({ until }: Pending, now: string): string {
  return until === undefined
    ? 'verification is under way'
    : `verification is under way; SES stops looking ${utc(until)} (${distance(until, now)})`;
}
