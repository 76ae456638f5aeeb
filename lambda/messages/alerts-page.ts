// The list of `dkim-monitor alerts`: what is open, worst first, who knows of it, and why the quiet ones are quiet.
import { toReportFinding } from '../diagnosis/report-finding.ts';
import type { Alert, AlertEvent } from '../model/alert.ts';
import type { DecisionReason } from '../model/decision.ts';
import type { Mute } from '../model/policy.ts';
import { visible } from '../model/safe-text.ts';
import type { ClosedStanding, Standing, WaitingMessage } from '../model/standing.ts';
import { deadlineSentence } from './finding-text.ts';
import { groupTitle } from './group-words.ts';
import { plural, wrap } from './layout.ts';
import { alertSubject } from './subject.ts';
import { type Screen, SEVERITY_TONES, toned } from './terminal-findings.ts';
import { utcWithDistance } from './times.ts';
import { wordAlert } from './worded.ts';

export interface ListedMute extends Mute {
  /** Where it was set. */
  readonly from: 'command' | 'configuration';
  readonly by?: string | undefined;
}

export interface AlertsPage {
  readonly alerts: readonly Standing[];
  readonly closed: readonly ClosedStanding[];
  readonly lastSweepAt?: string;
  /** Those that still run. */
  readonly mutes: readonly ListedMute[];
  /** What exits besides the main topic miss. */
  readonly waiting?: readonly WaitingMessage[];
}

/** Why an alert is quiet, or would be told. The time at which that ends stands behind it. */
const WHY: { readonly [R in DecisionReason]: string } = {
  new: 'nobody was told yet; the next sweep tells it, if somebody has confirmed a subscription',
  'facts-changed': 'there is news; the next sweep tells it',
  'severity-raised': 'it got worse; the next sweep tells it',
  'remind-interval-passed': 'a reminder is due; the next sweep sends it',
  'deadline-near': 'a deadline is near; the next sweep says so',
  'deadline-passed': 'a deadline has passed; the next sweep says so',
  'back-again': 'it came back, and nobody was told yet; the next sweep tells it',
  'fewer-than-told': 'fewer are left than were told; the next sweep says so',
  'healthy-again': 'it is well again; the next sweep says so',
  'identity-deleted': 'it is not watched any more; the next sweep says so',
  'target-removed': 'it is not watched any more; the next sweep says so',
  'account-removed': 'its account is not watched any more; the next sweep says so',
  'identity-abandoned': 'it is not watched any more; the next sweep says so',
  'first-summary': 'it is told with the first summary of its account and region',
  'already-told': 'quiet: people were told, and nothing is new',
  'below-minimum-severity': 'quiet: below alerts.minimumSeverity of the configuration',
  muted: 'quiet: muted',
  'nobody-confirmed': 'quiet: nobody has confirmed a subscription of the topic; it is told as soon as somebody has',
  'audience-unknown': 'quiet: who listens to the topic cannot be read',
  'unknown-changes-nothing': 'quiet: the last sweep could not judge it, and what is unknown changes nothing',
  'not-yet-panel-confirmed': 'quiet: seen well by some, and waiting until every server of it says so, and SES does not say otherwise',
  'never-told': 'quiet: nobody was told that it began, so nobody is told that it is over',
  'held-by-brake': 'quiet: too much turned bad in the last sweep, which may be our own fault; the next sweep tells it if it is still so',
  'waiting-for-first-summary': 'quiet: waiting for the first summary of its account and region, which tells it',
  'escalation-soon': 'quiet: a reminder is due, but a deadline is told soon',
  'hold-down': 'quiet: seen well again, but it came back before; its end is told if it lasts',
  'group-paced': 'quiet: its group was told often lately; growth is told once an hour',
  'told-with-its-group': 'quiet: told with its group',
  'publish-failed': 'it is over; the message that says so could not be sent yet, and the next sweep tries again',
};

const UNTIL: { readonly [R in DecisionReason]?: string } = {
  muted: 'until',
  'hold-down': 'then',
  'group-paced': 'next',
  'already-told': 'next message',
  'escalation-soon': 'next message',
};

/** At most so many are listed; a person who wants more takes `--json`. */
const MOST = { alerts: 200, closed: 20, mutes: 100, waiting: 50 } as const;

/** The whole page, ending with a line break. */
export function alertsPage({ alerts, closed, lastSweepAt, mutes, waiting = [] }: AlertsPage, screen: Screen): string {
  const { width, now } = screen;
  const open = alerts.filter(({ counts }) => counts).length;
  const quiet = alerts.length - open;
  const head = open === 0 ? 'No alert is open' : `${plural(open, 'alert is', 'alerts are')} open`;
  const beside = quiet === 0 ? '' : `, and ${plural(quiet, 'one does', `do`).replace('1 one', 'one')} not count`;
  const when = lastSweepAt === undefined ? 'No report of a sweep is there.' : `Last sweep ${utcWithDistance(lastSweepAt, now)}.`;
  const lines = [
    ...wrap(`${head}${beside}. ${when}`, width),
    ...alerts.slice(0, MOST.alerts).flatMap((one) => ['', ...alertLines(one, screen), ...unheardLines(one, waiting, screen)]),
    ...moreLines(alerts.length - MOST.alerts),
    ...titled(
      'Not taken yet, and tried again in every sweep for a day',
      waiting.slice(0, MOST.waiting).flatMap((one) => wrap(waitingText(one, now), width, '    ', '  ')),
      waiting.length - MOST.waiting,
      screen,
    ),
    ...titled(
      'Over within the last day',
      closed.slice(0, MOST.closed).flatMap((one) => wrap(`${one.key}, ${utcWithDistance(one.closedAt, now)}`, width, '    ', '  ')),
      closed.length - MOST.closed,
      screen,
    ),
    ...titled(
      'Muted',
      mutes.slice(0, MOST.mutes).flatMap((one) => wrap(muteText(one, now), width, '    ', '  ')),
      mutes.length - MOST.mutes,
      screen,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function titled(title: string, lines: readonly string[], more: number, screen: Screen): readonly string[] {
  return lines.length === 0 ? [] : ['', toned(title, 'bold', screen), ...lines, ...moreLines(more)];
}

const moreLines = (more: number): readonly string[] => (more > 0 ? [`  … and ${more.toLocaleString('en-US')} more (--json has all)`] : []);

function alertLines({ alert, severity, event, reason, until, mutes, deadline, counts }: Standing, screen: Screen): readonly string[] {
  const { width, now } = screen;
  const line = (text: string): readonly string[] => wrap(text, width, '    ', '  ');
  const ends = until === undefined ? '' : `; ${UNTIL[reason] ?? 'until'} ${utcWithDistance(until, now)}`;
  const by = reason === 'muted' ? `; ${(mutes ?? []).slice(0, 3).map(reasonOf).join('; ')}` : '';
  return [
    ...wrap(`${severity.toUpperCase()}  ${titleOfAlert(alert)}`, width, '    ').map((one) =>
      toned(one, counts ? SEVERITY_TONES[severity] : 'dim', screen),
    ),
    ...line(`since ${utcWithDistance(alert.openedAt, now)}${toldText(alert, now)}`),
    ...(deadline === undefined
      ? []
      : line(
          `${utcWithDistance(deadline.at, now)}${deadline.estimated ? ', estimated, the earliest' : ''}: ${deadlineSentence(deadline.name)}`,
        )),
    ...line(`${WHY[reason]}${eventText(event)}${ends}${by}`),
    ...(mutes !== undefined && reason !== 'muted' ? line(`a part of it is muted: ${mutes.slice(0, 3).map(reasonOf).join('; ')}`) : []),
  ];
}

// As the subject of a message says it, without its tag: what, how many, of whom, where.
function titleOfAlert(alert: Alert): string {
  if (alert.cause !== undefined) return `${groupTitle({ alert, reason: 'already-told' }, 'reminder')} (${alert.kinds.join(', ')})`;
  return alertSubject('opened', wordAlert(alert, toReportFinding, 3)).replace(/^\[[^\]]*\] /, '');
}

function toldText({ told, reopened }: Alert, now: string): string {
  const back = reopened === undefined ? '' : `; it came back ${plural(reopened, 'time')}`;
  if (told === undefined) return `; nobody was told${back}`;
  const { firstAt, at, messageId, messages = 1, by } = told;
  const last = at === firstAt ? '' : `, last ${utcWithDistance(at, now)}`;
  const how = by === 'summary' ? ' with others' : '';
  return `; told${how} ${utcWithDistance(firstAt, now)}${last} (${plural(messages, 'message')}, the last one ${messageId})${back}`;
}

// Of a message about several alerts only its own line below tells.
function unheardLines({ alert }: Standing, waiting: readonly WaitingMessage[], { width }: Screen): readonly string[] {
  const exits = [...new Set(waiting.flatMap(({ exit, alertId }) => (alertId === alert.id ? [visible(exit, 100)] : [])))];
  return exits.length === 0 ? [] : wrap(`not heard yet by ${exits.join(', ')}: see below`, width, '    ', '  ');
}

const waitingText = ({ exit, since, subject, messageId, event }: WaitingMessage, now: string): string =>
  `${visible(exit, 100)}: ${visible(subject, 200)} (${event}, message ${messageId}), since ${utcWithDistance(since, now)}`;

const EVENTS: { readonly [E in AlertEvent]?: string } = { reopened: ' (reopened)', changed: ' (changed)', escalated: ' (escalated)' };
const eventText = (event: AlertEvent | undefined): string => (event === undefined ? '' : (EVENTS[event] ?? ''));

const reasonOf = ({ identity, reason }: Mute): string => `${identity}${reason === undefined ? '' : `: ${reason}`}`;

function muteText({ identity, account, region, kinds = [], until, reason, from, by }: ListedMute, now: string): string {
  const where = [account, region].filter((part) => part !== undefined).join(', ');
  const what = kinds.length === 0 ? '' : ` (${kinds.join(', ')})`;
  const end = until === undefined ? 'without an end' : `until ${utcWithDistance(until, now)}`;
  return `${identity}${what}${where === '' ? '' : ` in ${where}`} ${end}, by the ${from}${by === undefined ? '' : ` (${by})`}${reason === undefined ? '' : `: ${reason}`}`;
}
