// Parts that several mails share: the page, sections, what is new, how to silence it, what to quote.
import { type Alert, type AlertEvent, givenUpPoint, type NearClock } from '../model/alert.ts';
import type { FindingKind } from '../model/finding.ts';
import type { SesStatus } from '../model/identity.ts';
import { visible } from '../model/safe-text.ts';
import { againWords, clockSentence, unseenSentences } from './group-words.ts';
import { verbatim, wrap } from './layout.ts';
import { nameOf } from './subject.ts';
import { distance, utc, utcWithDistance } from './times.ts';
import { isUnjudged } from './unjudged.ts';

/** Columns of a mail. */
export const WIDTH = 76;

export interface MailIds {
  readonly messageId: string;
  /** ISO 8601 UTC. */
  readonly now: string;
  /** Of an escalation: the deadline that is near, or has passed. */
  readonly clock?: NearClock;
}

/** What is different from the last message, for people who read that one: label and value. Empty for the first message. */
export function newsOf(alert: Alert, event: AlertEvent, now: string, clock?: NearClock): readonly (readonly [string, string])[] {
  const { told } = alert;
  if (event === 'reopened') return [['Again', againWords(alert)]];
  if (event === 'escalated' && clock !== undefined)
    return [
      [clock.within === 0 ? 'Time is up' : 'Time left', clockSentence(clock, now)],
      ...unseenSentences(alert, now).map((sentence) => ['Not seen', sentence] as const),
    ];
  if (told === undefined) return [];
  const before = ['Told before', `${utc(told.at)}, ${distance(told.at, now)}`] as const;
  if (event === 'reminder') return [['Reminder', `still so; first told ${utcWithDistance(told.firstAt, now)}`]];
  const changes = [
    ...(alert.severity === told.severity ? [] : [`severity was ${told.severity}`]),
    ...alert.kinds.filter((kind) => !told.kinds.includes(kind)).map((kind) => `new: ${kind}`),
    ...(isGivenUp(alert) ? ['SES has given up looking for the records (FAILED)'] : []),
  ];
  const more = isUnjudged(alert) ? 'more identities than in the last message' : 'more records or identities than in the last message';
  return [['Changed', changes.length > 0 ? changes.join('; ') : more], before];
}

/** True if SES has given up on one of them since people were last told. */
function isGivenUp({ affected, kinds, told }: Alert): boolean {
  const { points } = told ?? {};
  // Those kinds say so themselves.
  if (points === undefined || kinds.includes('revoked') || kinds.includes('verification-failed')) return false;
  return affected.some(
    ({ subject: { account, region, identity, status } }) =>
      status === 'FAILED' &&
      points.some((point) => point.startsWith(`${account}/${region}/${identity} `)) &&
      !points.includes(givenUpPoint({ account, region, identity })),
  );
}

/** Status and switch as SES gave them: `SUCCESS, signing on`. A switch that is on beside another status does not mean that SES signs. */
export function sesSays({
  status,
  signing,
  errorType,
}: {
  readonly status: SesStatus;
  readonly signing?: boolean;
  readonly errorType?: string;
}): string {
  const known = status === 'UNKNOWN' ? 'status unknown' : status;
  return [known, ...(signing === undefined ? [] : [switchWords(status, signing)]), ...(errorType ? [visible(errorType, 60)] : [])].join(
    ', ',
  );
}

function switchWords(status: SesStatus, signing: boolean): string {
  if (!signing) return 'signing off';
  if (status === 'SUCCESS') return 'signing on';
  if (status === 'UNKNOWN') return 'signing switch on';
  return `signing switch on, but SES ${status === 'TEMPORARY_FAILURE' ? 'most likely does not sign' : 'does not sign'} while ${status}`;
}

/** A titled part with a line free above it; nothing if it has no lines. */
export function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', ...wrap(title, WIDTH), ...lines];
}

/** The entry for the configuration that mutes this alert for a week. */
export function muteLines(alert: Alert, now: string): readonly string[] {
  return muteEntry(subjectToMute(alert), alert.kinds, now);
}

/** The same for a pattern and kinds, on a page of `width` columns. */
export function muteEntry(pattern: string, kinds: readonly FindingKind[], now: string, width = WIDTH): readonly string[] {
  const week = new Date((Date.parse(now) || 0) + 7 * 86_400_000).toISOString().slice(0, 10);
  const entry = { identity: visible(pattern, 320), kinds, until: week, reason: 'why' };
  return [
    ...wrap('Add this to "mute" in monitor.config.json and deploy; it ends by itself on that day (UTC):', width, '  '),
    ...verbatim(JSON.stringify(entry), '    '),
  ];
}

// Many that cannot be judged are muted by their target; any other alert by the name it is about.
function subjectToMute(alert: Alert): string {
  const { account, region } = alert.target;
  return isUnjudged(alert) && alert.affected.length !== 1 ? `${account}/${region}` : nameOf(alert);
}

/** The last lines of every mail: what to quote when somebody asks. */
export function footer(alert: Pick<Alert, 'id'>, { messageId, now }: MailIds): readonly string[] {
  return ['', '-- ', `ses-dkim-monitor, ${utc(now)}`, `alert ${alert.id}, message ${messageId}`, ''];
}
