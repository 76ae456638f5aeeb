// What a chat message about alerts says; its form is chat-notification.ts.
import type { Alert, AlertEvent } from '../model/alert.ts';
import type { ReportFinding } from '../model/report.ts';
import type { Telling } from '../model/telling.ts';
import { type ChatIds, notification } from './chat-notification.ts';
import { code, codeBlock, prose } from './chat-text.ts';
import { countedWords, deadlineSentence, isRecord, leadingSteps, publishesFirst } from './finding-text.ts';
import { groupSentences, unseenSentences } from './group-words.ts';
import { plural } from './layout.ts';
import { newsOf, sesSays } from './mail-parts.ts';
import { nameOf, placeOf, titleOf } from './subject.ts';
import { distance, utc, utcWithDistance } from './times.ts';
import { isUnjudged, unjudgedSince } from './unjudged.ts';
import type { Advice } from './unjudged-advice.ts';
import { unjudgedText } from './unjudged-chat.ts';
import { unreadCount, unreadGroups } from './unread-targets.ts';
import { type Unreadable, unreadableAccounts } from './unreadable.ts';
import { distinctFindings, leadOf, type WordedAlert } from './worded.ts';

/** Records in the block to be copied. */
const MAX_RECORDS = 6;

/** The chat body of a message about one alert, as JSON text; `beside` says what is open of those who cannot be judged. */
export function alertChat(view: WordedAlert, event: AlertEvent, ids: ChatIds, advice?: Advice, beside: readonly string[] = []): string {
  const over = event === 'recovered' || event === 'expired';
  const unjudged = isUnjudged(view.alert);
  const lead = leadOf(view);
  const fix = unjudged ? { fix: advice?.steps ?? [], records: [] } : lead;
  // What stands in the description to be published is not said again.
  const shown = !unjudged && lead !== undefined && publishesFirst(lead) ? lead : { records: [] };
  return notification(ids, {
    description: over
      ? closingText(view, event, ids.now)
      : unjudged
        ? unjudgedText(view, event, ids, advice, beside)
        : troubleText(view, event, ids),
    nextSteps: over || fix === undefined ? [] : fix.fix.slice(0, 8).map((step) => stepText(step, shown)),
    keywords: [view.alert.severity, ...view.alert.kinds],
    eventType: event,
    alerts: [view.alert],
  });
}

/** The chat body of a message about many alerts; `views` are those to be named. */
export function summaryChat(
  telling: Extract<Telling, { kind: 'summary' }>,
  views: readonly WordedAlert[],
  ids: ChatIds,
  {
    advice,
    unreadable,
    beside = [],
  }: { readonly advice?: Advice | undefined; readonly unreadable?: Unreadable | undefined; readonly beside?: readonly string[] } = {},
): string {
  const over = telling.event === 'recovered' || telling.event === 'expired';
  const shown = views.slice(0, 25);
  const lines = unreadable
    ? accountTexts(telling.alerts)
    : shown.map((view) => {
        const { alert } = view;
        const what = over
          ? ''
          : `: ${alert.severity}, ${[prose(titleOf(view), 300), ...unseenSentences(alert, ids.now).map((one) => prose(one))].join('. ')}`;
        return `- ${code(nameOf(alert), 253)} (${prose(placeOf(alert))})${what}`;
      });
  const more = unreadable ? 0 : telling.alerts.length - shown.length;
  const sum = (of: (t: (typeof telling.targets)[number]) => number): number => telling.targets.reduce((n, t) => n + of(t), 0);
  const counts =
    telling.occasion === 'first-sweep'
      ? [
          `${sum((t) => t.healthy)} healthy, ${sum((t) => t.broken)} broken, ${sum((t) => t.unknown)} could not be judged.`,
          ...unreadText(telling),
        ]
      : telling.group
        ? groupSentences(telling.group, telling.event, ids.now).map((sentence) => prose(sentence))
        : [];
  const ours = over ? '' : (advice?.ours ?? '');
  return notification(ids, {
    description: [
      ...counts,
      ...(unreadable && !over ? [prose(unreadable.meaning), `What happens next: ${prose(unreadable.next)}`] : []),
      ...(ours === '' ? [] : [prose(ours)]),
      ...lines,
      ...(more > 0 ? [`and ${more.toLocaleString('en-US')} more`] : []),
      ...beside.map((sentence) => `Open: ${prose(sentence, 900)}`),
    ].join('\n'),
    nextSteps: over
      ? []
      : [
          ...firstSteps(unreadable ? [] : shown),
          ...(unreadable?.steps ?? advice?.steps ?? []).slice(0, 8).map((step) => stepText(step, { records: [] })),
        ],
    keywords: [...new Set(telling.alerts.flatMap((a) => [a.severity, ...a.kinds]))].slice(0, 20),
    eventType: telling.event,
    alerts: telling.alerts.slice(0, 20),
  });
}

function accountTexts(alerts: readonly Alert[]): readonly string[] {
  const accounts = unreadableAccounts(alerts);
  const more = accounts.length - 25;
  return [
    ...accounts.slice(0, 25).map(({ account, regions }) => `- ${code(account, 60)} (${prose(regions, 500)})`),
    ...(more > 0 ? [`and ${more.toLocaleString('en-US')} more`] : []),
  ];
}

// Of the first few what to do first, with its records or commands.
function firstSteps(views: readonly WordedAlert[]): readonly string[] {
  return views.slice(0, 5).flatMap((view) => {
    const lead = isUnjudged(view.alert) ? undefined : leadOf(view);
    const steps = lead === undefined ? [] : leadingSteps(lead).map((step) => stepText(step, { records: [] }));
    return steps.length === 0 ? [] : [`${code(nameOf(view.alert), 253)}: ${steps.join(' Then: ')}`];
  });
}

function unreadText(telling: Extract<Telling, { kind: 'summary' }>): readonly string[] {
  const { groups, more } = unreadGroups(telling.unreadable ?? []);
  if (groups.length === 0) return [];
  return [
    `${unreadCount(telling)}:`,
    ...groups.map(({ account, regions, why }) => `- ${code(account, 60)} (${prose(regions, 500)}): ${prose(why, 500)}`),
    ...(more > 0 ? [`and ${more.toLocaleString('en-US')} more`] : []),
  ];
}

function troubleText(view: WordedAlert, event: AlertEvent, { now, clock }: Pick<ChatIds, 'now' | 'clock'>): string {
  const { alert } = view;
  const [lead, ...also] = distinctFindings(view);
  const subject = view.identities[0]?.subject;
  const others = view.identities.length + view.more - 1;
  const clocks = [...(lead?.deadlines ?? [])].sort((a, b) => (a.at < b.at ? -1 : 1)).slice(0, 3);
  const records = lead !== undefined && publishesFirst(lead) ? (lead.paste?.bind ?? []).slice(0, MAX_RECORDS) : [];
  return [
    prose(lead?.meaning ?? alert.kinds.join(', '), 2500),
    `Since ${utcWithDistance(alert.openedAt, now)}.${subject ? ` SES says ${prose(sesSays(subject), 200)}; read ${distance(subject.readAt, now)}.` : ''}`,
    ...newsOf(alert, event, now, clock).map(([label, value]) => `${label}: ${prose(value)}`),
    ...also.map((finding) => `Also ${finding.severity}: ${prose(finding.title, 400)}`),
    ...(others > 0 ? [`Hits ${plural(others, 'more identity', 'more identities')}: ${namesOf(view)}`] : []),
    ...(lead === undefined ? [] : [`What happens next: ${prose(lead.next, 1500)}`]),
    ...clocks.map((d) => `- ${utc(d.at)} (${distance(d.at, now)}${d.estimated ? ', estimated' : ''}): ${prose(deadlineSentence(d.name))}`),
    ...clocks.flatMap(({ countedFrom }) => (countedFrom === undefined ? [] : [prose(countedWords(countedFrom))])).slice(0, 1),
    ...(records.length > 0 ? ['To publish:', codeBlock(records)] : []),
  ].join('\n');
}

const CLOSED: Readonly<Record<string, string>> = {
  'target-removed': 'Its account and region left the configuration.',
  'account-removed': 'Its account is not watched any more: it left the configuration or the organisation, or was suspended or closed.',
  'identity-abandoned': 'It was never verified in three weeks and does not send: it seems to be abandoned.',
};

function closingText({ alert }: WordedAlert, event: AlertEvent, now: string): string {
  const at = alert.closing?.at ?? now;
  const unjudged = isUnjudged(alert);
  const began = `It began ${utc(unjudged ? unjudgedSince(alert) : alert.openedAt)} and ended ${utcWithDistance(at, now)}.`;
  if (unjudged && event === 'recovered') return `If anything is wrong, a message of its own says so. ${began}`;
  if (event === 'recovered') return `It was checked in full, and nothing is wrong any more. ${began}`;
  const why = CLOSED[alert.closing?.why ?? ''] ?? 'It was deleted from SES.';
  return unjudged ? why : `${why} The trouble was not repaired; it is no longer watched.`;
}

function namesOf({ identities }: WordedAlert): string {
  return identities
    .slice(1, 11)
    .map(({ subject }) => `${code(subject.identity, 253)} (${prose(subject.region, 60)})`)
    .join(', ');
}

// The first line of a step is a sentence, the others are commands or records; the finding's own records stand in the description already.
function stepText(step: string, finding: Pick<ReportFinding, 'records'>): string {
  const [first = '', ...rest] = step.split('\n');
  const commands = rest.filter((line) => line.trim() !== '' && !isRecord(line, finding)).map((line) => commandText(line.trim()));
  return [prose(first, 800), ...commands.slice(0, 5)].join(' ');
}

// What a command must print is no command: its words stand outside of the code span, or they are copied with it.
function commandText(line: string): string {
  const [, must = '', what = ''] = /^(must [a-z ]+): (.*)$/s.exec(line) ?? [];
  if (must === '') return code(line, 800);
  // Where it is not the answer itself it is a sentence about it.
  return `${must} ${/^[a-z]+ /.test(what) ? prose(what, 780) : code(what, 780)}`;
}
