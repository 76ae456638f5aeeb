// Messages from tellings: the words and every body of one message, within SNS's limits.
import { toReportFinding } from '../diagnosis/report-finding.ts';
import type { AffectedIdentity, Alert } from '../model/alert.ts';
import type { FindingKind } from '../model/finding.ts';
import type { Message } from '../model/message.ts';
import { visible } from '../model/safe-text.ts';
import type { DigestTelling, Telling } from '../model/telling.ts';
import { alertChat, summaryChat } from './chat.ts';
import { digestChat, digestJson } from './digest-chat.ts';
import { digestMail } from './digest-mail.ts';
import { digestSubject } from './digest-words.ts';
import { alertMail } from './email.ts';
import { alertJson, MEMBERS_ROOM } from './json.ts';
import { fitMessage } from './limits.ts';
import { besideLines, besideSentences } from './open-beside.ts';
import { alertSubject, summarySubject } from './subject.ts';
import { summaryMail } from './summary-mail.ts';
import { threadOf } from './thread.ts';
import { isUnjudged } from './unjudged.ts';
import { adviceOf } from './unjudged-advice.ts';
import { unreadableOf } from './unreadable.ts';
import { unreadableMail } from './unreadable-mail.ts';
import { type Words, wordAlert } from './worded.ts';

/** The message of any telling. `now` is ISO 8601 UTC; deadlines and ages are counted from it. */
export function renderTelling(telling: Telling, now: string, words: Words = toReportFinding): Message {
  if (telling.kind === 'digest') return renderDigest(telling, now, words);
  return telling.kind === 'alert' ? renderAlert(telling, now, words) : renderSummary(telling, now, words);
}

/** The message about one alert, for every event of its life. */
export function renderAlert(telling: Extract<Telling, { kind: 'alert' }>, now: string, words: Words = toReportFinding): Message {
  const { alert, event, messageId, clock } = telling;
  const near = clock === undefined ? {} : { clock };
  const places = [alert.target, ...alert.affected.map((a) => a.subject)];
  const base = {
    messageId,
    alertId: alert.id,
    event,
    severity: alert.severity,
    kinds: alert.kinds,
    ...placesOf(places),
    ...whoIn([alert]),
    ...alert.target,
  };
  const advice = isUnjudged(alert) ? adviceOf([alert], telling) : undefined;
  const beside = besideSentences(telling, words, now);
  return fitMessage((shown) => {
    const view = wordAlert(alert, words, shown);
    const subject = alertSubject(event, view, clock);
    return {
      ...base,
      subject,
      email: alertMail(view, event, { messageId, now, ...near }, advice, besideLines(telling, words, now)),
      chat: alertChat(view, event, { thread: threadOf(telling), messageId, subject, now, ...near }, advice, beside),
      json: alertJson({ ...base, at: now, views: [view], alerts: [alert] }),
    };
  });
}

/** Up to so many alerts in one message are also events of their own on a bus. */
export const MAX_MEMBER_EVENTS = 50;

// The members of a group that a first look names one by one have one life: the alert that is told of from then on. Worst first, as they come.
function livesOf(alerts: readonly Alert[]): readonly Alert[] {
  const lives = new Map<string, Alert>();
  for (const alert of alerts) {
    const known = lives.get(alert.id);
    lives.set(
      alert.id,
      known === undefined
        ? alert
        : { ...known, affected: [...known.affected, ...alert.affected], kinds: [...new Set([...known.kinds, ...alert.kinds])] },
    );
  }
  return [...lives.values()];
}

// The JSON that each alert of a message would have alone, with as many identities as it is named with there.
function membersOf(
  alerts: readonly Alert[],
  { event, messageId }: Extract<Telling, { kind: 'summary' }>,
  now: string,
  words: Words,
): readonly string[] {
  return alerts.map((alert) => {
    const { id: alertId, severity, kinds } = alert;
    const base = { alertId, messageId: `${messageId}-${alertId}`, event, at: now, severity, kinds };
    return alertJson({ ...base, views: [wordAlert(alert, words, 3)], alerts: [alert] });
  });
}

/** The message about several alerts: the first look at targets, or many at once. Without trouble its severity is `notice`, where not all could be read `warning`. */
export function renderSummary(telling: Extract<Telling, { kind: 'summary' }>, now: string, words: Words = toReportFinding): Message {
  const { alerts, event, messageId, alertId, targets, group, unreadable = [] } = telling;
  const unread: readonly FindingKind[] = unreadable.length > 0 ? ['target-unreadable'] : [];
  // Where a route's part of a group is over, nobody is named.
  const about = alerts.length === 0 && group !== undefined ? [group.alert] : alerts;
  const kinds = [...new Set([...about.flatMap((alert): readonly FindingKind[] => alert.kinds), ...unread])];
  const places = [...targets, ...unreadable, ...alerts.flatMap((alert) => [alert.target, ...alert.affected.map((a) => a.subject)])];
  const base = {
    messageId,
    alertId,
    event,
    severity: group?.alert.severity ?? about[0]?.severity ?? (unreadable.length > 0 ? 'warning' : 'notice'),
    kinds,
    ...placesOf(places),
    ...whoIn(alerts),
    occasion: telling.occasion,
  } as const;
  const subject = summarySubject(telling);
  const unjudged = alerts.filter(isUnjudged);
  const advice = unjudged.length > 0 ? adviceOf(unjudged, telling) : undefined;
  const together = unreadableOf(alerts, words);
  // A group is one alert: its members have no lives of their own.
  const several = group === undefined && alerts.length > 0;
  const lives = livesOf(alerts);
  const own = several && lives.length <= MAX_MEMBER_EVENTS ? { members: membersOf(lives, telling, now, words) } : {};
  return fitMessage((shown) => {
    // Of each alert a few identities are enough here: it has its own place in the next message about it.
    const views = alerts.slice(0, shown).map((alert) => wordAlert(alert, words, 3));
    return {
      ...base,
      subject,
      email: together
        ? unreadableMail(telling, together, shown, { messageId, now })
        : summaryMail(telling, views, { messageId, now }, words, advice),
      chat: summaryChat(
        telling,
        views,
        { thread: threadOf(telling), messageId, subject, now },
        { advice, unreadable: together, beside: besideSentences(telling, words, now) },
      ),
      // A message that only counts has room for nobody.
      json: alertJson({
        ...base,
        at: now,
        views,
        alerts,
        targets,
        unreadable,
        ...(several ? { members: { alerts: lives, room: shown === 0 ? 0 : MEMBERS_ROOM } } : {}),
      }),
      ...own,
    };
  });
}

/** The message of a digest. It tells nothing new, so its severity is `notice`, and it has no kinds. */
export function renderDigest(telling: DigestTelling, now: string, words: Words = toReportFinding): Message {
  const { messageId, alertId, event, digest } = telling;
  const base = { messageId, alertId, event, severity: 'notice', kinds: [], ...placesOf(digest.targets) } as const;
  const subject = digestSubject(digest);
  return fitMessage((shown) => ({
    ...base,
    subject,
    email: digestMail(digest, alertId, { messageId, now }, { shown, words }),
    chat: digestChat(digest, { thread: alertId, messageId, subject, now }, { shown, words }),
    json: digestJson(base, digest, now, shown),
  }));
}

interface Place {
  readonly account: string;
  readonly region: string;
}

// Subscribers filter by account and region. A message about several names all of them; where only one word fits, that word is `several`.
function placesOf(places: readonly Place[]): Pick<Message, 'account' | 'region' | 'accounts' | 'regions'> {
  const accounts = [...new Set(places.map((p) => p.account))].sort();
  const regions = [...new Set(places.map((p) => p.region))].sort();
  return {
    account: accounts.length === 1 ? (accounts[0] ?? 'several') : 'several',
    region: regions.length === 1 ? (regions[0] ?? 'several') : 'several',
    accounts,
    regions,
  };
}

// How many identities a message is about, and their domains: also those that it has no room to name.
function whoIn(alerts: readonly { readonly affected: readonly AffectedIdentity[] }[]): Pick<Message, 'domains' | 'identities'> {
  const domains = new Set<string>();
  const identities = alerts.reduce((n, { affected }) => {
    for (const { subject } of affected) domains.add(domainOf(subject.identity));
    return n + affected.length;
  }, 0);
  return { domains: [...domains].sort(), identities };
}

const domainOf = (identity: string): string => visible(identity.slice(identity.lastIndexOf('@') + 1), 255);
