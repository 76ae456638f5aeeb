// Several targets that cannot be read for one cause, as one message tells them: whom it is about, what it means, what to do.
import { type Alert, type AlertEvent, isTargetAlert } from '../model/alert.ts';
import { isDamagedMemory } from '../model/identity.ts';
import { cutAt, visible } from '../model/safe-text.ts';
import { listed, plural } from './layout.ts';
import { utc } from './times.ts';
import { reasonWords } from './unread-targets.ts';
import { targetSubject, type Words } from './worded.ts';

/** What one message about several unreadable targets says besides their list. */
export interface Unreadable {
  readonly meaning: string;
  readonly next: string;
  /** Of the first of them. */
  readonly steps: readonly string[];
  /** False if the steps name its region or account, and read otherwise for another one. */
  readonly sameForAll: boolean;
  /** As the configuration mutes all of them; absent for several accounts, where one entry would mute too much. */
  readonly mute?: string;
}

/** True if all of the alerts are about targets that cannot be read. */
export function areTargets(alerts: readonly Alert[]): boolean {
  return alerts.length > 0 && alerts.every(isTargetAlert);
}

/** `account 222222222222, 3 regions`, or `5 accounts, 15 targets`. */
export function targetsWho(alerts: readonly Alert[]): string {
  const accounts = new Set(alerts.map(({ target }) => target.account));
  const [only] = accounts;
  return accounts.size === 1
    ? `account ${only ?? ''}, ${plural(alerts.length, 'region')}`
    : `${plural(accounts.size, 'account')}, ${plural(alerts.length, 'target')}`;
}

/** Title of such a message, for each event. */
export function targetsTitle(alerts: readonly Alert[], event: AlertEvent): string {
  const who = targetsWho(alerts);
  if (event === 'recovered') return `SES can be read again: ${who}`;
  if (event === 'expired') return `No longer watched: ${who}`;
  return `The monitor cannot read ${alerts.every((alert) => isDamagedMemory(detailOf(alert))) ? 'its own memory' : 'SES'}: ${who}`;
}

/** What it means and what to do, from the words of the first and of the last of them. */
export function unreadableOf(alerts: readonly Alert[], words: Words): Unreadable | undefined {
  const [first] = alerts;
  const last = alerts[alerts.length - 1];
  if (first?.targetFinding === undefined || last?.targetFinding === undefined || !areTargets(alerts)) return undefined;
  const one = new Set(alerts.map(({ target }) => target.account)).size === 1;
  const { fix: steps, next } = words(first.targetFinding, targetSubject(first));
  const others = words(last.targetFinding, targetSubject(last)).fix;
  return {
    meaning: meaningOf(alerts, first, one),
    next,
    steps,
    sameForAll: steps.join('\n') === others.join('\n'),
    ...(one ? { mute: `${first.target.account}/*` } : {}),
  };
}

function meaningOf(alerts: readonly Alert[], first: Alert, one: boolean): string {
  const since = alerts.reduce((least, { openedAt }) => (openedAt < least ? openedAt : least), first.openedAt);
  const known = alerts.reduce((sum, { targetFinding: f }) => sum + (f?.kind === 'target-unreadable' ? f.facts.identities : 0), 0);
  return [
    `${[...new Set(alerts.map(whyOf))].slice(0, 6).join('. ')}.`,
    `Since ${utc(since)} nothing new is known of SES in ${targetsWho(alerts)}.`,
    known === 0
      ? 'No identities are known there from before.'
      : `${plural(known, 'identity is', 'identities are')} known there from before. They are judged by old facts, or not at all.`,
    ...(one ? [`What came back: ${visible(detailOf(first), 1000)}`] : []),
  ].join(' ');
}

function whyOf({ targetFinding }: Alert): string {
  if (targetFinding?.kind !== 'target-unreadable') return 'Reading failed';
  const { reason, detail } = targetFinding.facts;
  const why = isDamagedMemory(detail) ? 'what the monitor remembers of them is damaged, so SES was not asked' : reasonWords(reason);
  return `${why.charAt(0).toUpperCase()}${why.slice(1)}`;
}

function detailOf({ targetFinding }: Alert): string {
  return targetFinding?.kind === 'target-unreadable' ? targetFinding.facts.detail : '';
}

/** One account in the list of such a message. */
export interface UnreadableAccount {
  readonly account: string;
  readonly regions: string;
  /** What AWS said of the first of its targets. */
  readonly detail: string;
}

/** Their accounts, in the order of the alerts. */
export function unreadableAccounts(alerts: readonly Alert[]): readonly UnreadableAccount[] {
  const same = new Map<string, Alert[]>();
  for (const alert of alerts) {
    const known = same.get(alert.target.account);
    if (known) known.push(alert);
    else same.set(alert.target.account, [alert]);
  }
  return [...same.entries()].map(([account, all]) => ({
    account,
    regions: listed(
      all.map(({ target }) => target.region),
      8,
    ),
    detail: all[0] ? cutAt(visible(detailOf(all[0]), 420), 420) : '',
  }));
}
