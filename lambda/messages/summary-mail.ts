// The mail about many alerts at once: the first look at new targets, or so many troubles in one sweep that one message tells them.
import type { AlertEvent } from '../model/alert.ts';
import { COMMAND } from '../model/command.ts';
import type { ReportFinding } from '../model/report.ts';
import { cutAt, visible } from '../model/safe-text.ts';
import type { Telling } from '../model/telling.ts';
import { deadlineLines, fixLines, leadingSteps, publishesFirst } from './finding-text.ts';
import { addressLines, firstLookLines, unreadLines } from './first-look.ts';
import { groupSentences, unseenSentences } from './group-words.ts';
import { listed, plural, verbatim, wrap } from './layout.ts';
import { footer, type MailIds, section, sesSays, WIDTH } from './mail-parts.ts';
import { besideLines } from './open-beside.ts';
import { nameOf, placeOf, whoOf } from './subject.ts';
import { utcWithDistance } from './times.ts';
import { isUnjudged, unjudgedFinding, unjudgedSince, unjudgedTitle } from './unjudged.ts';
import type { Advice } from './unjudged-advice.ts';
import { leadOf, type WordedAlert, type Words } from './worded.ts';

type Summary = Extract<Telling, { kind: 'summary' }>;

/** The mail's text; `views` are the alerts to be named, worst first, the rest is counted. */
export function summaryMail(telling: Summary, views: readonly WordedAlert[], ids: MailIds, words: Words, advice?: Advice): string {
  const more = telling.alerts.length - views.length;
  const shared = sharedNext(telling, views);
  // What is broken comes before what nobody can see.
  const lists = [
    listLines(
      LIST_TITLES[telling.event],
      views.filter(({ alert }) => !isUnjudged(alert)),
      telling.event,
      ids.now,
      shared === undefined,
    ),
    listLines(
      UNJUDGED_TITLES[telling.event],
      views.filter(({ alert }) => isUnjudged(alert)),
      telling.event,
      ids.now,
      shared === undefined,
    ),
  ];
  const body = telling.occasion === 'first-sweep' ? firstLookLines(telling) : manyLines(telling, ids.now, advice);
  return [
    ...body,
    ...unreadLines(telling),
    ...lists.flat(),
    ...(shared === undefined ? [] : section('WHAT HAPPENS NEXT', wrap(shared, WIDTH, '  '))),
    ...(telling.event === 'recovered' || telling.event === 'expired' || telling.alerts.every(isUnjudged)
      ? []
      : ['', ...wrap(ALL_STEPS, WIDTH)]),
    ...(more > 0 ? ['', `  and ${more.toLocaleString('en-US')} more. All of them: ${COMMAND} sweep`] : []),
    ...(telling.targets.some((t) => t.unknown > 0) ? ['', ...wrap(WHY_UNKNOWN, WIDTH)] : []),
    ...besideLines(telling, words, ids.now),
    ...(advice && telling.event === 'opened' ? adviceLines(advice, ids.now) : []),
    ...addressLines(telling),
    ...(telling.occasion === 'first-sweep' ? ['', 'WHAT HAPPENS NOW', ...wrap(FROM_NOW_ON, WIDTH, '  ')] : []),
    ...footer({ id: telling.alertId }, ids),
  ].join('\n');
}

/** What happens next to all of them, where it is the same for all: then it is said once. */
function sharedNext({ alerts, event }: Summary, views: readonly WordedAlert[]): string | undefined {
  if (event === 'recovered' || event === 'expired' || alerts.some(isUnjudged)) return undefined;
  const next = new Set(views.map((view) => leadOf(view)?.next));
  return views.length > 1 && next.size === 1 ? [...next][0] : undefined;
}

function listLines(title: string, views: readonly WordedAlert[], event: AlertEvent, now: string, each: boolean): readonly string[] {
  const over = event === 'recovered' || event === 'expired';
  if (views.length === 0) return [];
  return ['', title, ...views.flatMap((view, i) => [...(i > 0 && !over ? [''] : []), ...entryLines(view, event, i, now, each)])];
}

function adviceLines({ ours, next, steps }: Advice, now: string): readonly string[] {
  return [
    ...section('WHAT HAPPENS NEXT TO WHAT CANNOT BE JUDGED', wrap(next, WIDTH, '  ')),
    ...section('THE FAULT MAY BE OURS', wrap(ours, WIDTH, '  ')),
    ...section('WHAT TO DO ABOUT WHAT CANNOT BE JUDGED', fixLines({ fix: steps, records: [] }, { width: WIDTH, now })),
  ];
}

const WHY_UNKNOWN = `Which ones could not be judged, and why, is shown by: ${COMMAND} sweep`;

const ALL_STEPS = `All steps for each of them, with how we know (in the project's folder): ${COMMAND} sweep`;

const FROM_NOW_ON =
  'DNS is checked in every sweep. You get one message when a trouble begins, when it gets worse, from time to time while it lasts, and when it ends.';

const LIST_TITLES: { readonly [K in AlertEvent]: string } = {
  opened: 'BROKEN, WORST FIRST',
  reopened: 'BROKEN AGAIN, WORST FIRST',
  escalated: 'WORSE, WORST FIRST',
  changed: 'CHANGED, WORST FIRST',
  reminder: 'STILL BROKEN, WORST FIRST',
  recovered: 'HEALTHY AGAIN',
  expired: 'NO LONGER WATCHED',
};

const UNJUDGED_TITLES: { readonly [K in AlertEvent]: string } = {
  opened: 'CANNOT BE JUDGED',
  reopened: 'CANNOT BE JUDGED AGAIN',
  escalated: 'CANNOT BE JUDGED',
  changed: 'CANNOT BE JUDGED, MORE THAN BEFORE',
  reminder: 'STILL CANNOT BE JUDGED',
  recovered: 'CAN BE JUDGED AGAIN',
  expired: 'NO LONGER WATCHED',
};

const MANY: { readonly [K in AlertEvent]: (who: string) => string } = {
  opened: (who) => `Trouble began with ${who} in one sweep.`,
  reopened: (who) => `Trouble began again with ${who} in one sweep.`,
  escalated: (who) => `Trouble got worse with ${who} in one sweep.`,
  changed: (who) => `Trouble changed with ${who} in one sweep.`,
  reminder: (who) => `Trouble goes on with ${who}.`,
  recovered: (who) => `Trouble ended with ${who}. They were checked in full, and nothing is wrong any more.`,
  expired: (who) =>
    `No longer watched: ${who}. They were deleted from SES, they or their account left the configuration or the organisation, or they were never finished and forgotten.`,
};

// Where to look first. Only what began needs it.
function hintOf({ event, sharedNameServers = [] }: Summary): string {
  if (event !== 'opened' && event !== 'reopened') return '';
  if (sharedNameServers.length > 0) return ` All of them are served by ${listed(sharedNameServers, 6)}: ask there what happened.`;
  return ' They have no name server in common. Look for one cause all the same: an account, a deployment, a migration.';
}

function manyLines(telling: Summary, now: string, advice: Advice | undefined): readonly string[] {
  const { alerts, event } = telling;
  if (telling.group)
    return wrap(
      groupSentences(telling.group, event, now)
        .filter((sentence) => sentence !== '')
        .join(' '),
      WIDTH,
    );
  if (alerts.every(isUnjudged)) {
    const over = event === 'recovered' || event === 'expired';
    const more = event === 'recovered' ? 'If anything is wrong, a message of its own says so.' : over ? '' : (advice?.meaning ?? '');
    return [...wrap(`${unjudgedTitle(alerts, event)}.`, WIDTH), '', ...wrap(more, WIDTH)];
  }
  return wrap(`${MANY[telling.event](whoOf(telling.alerts))}${hintOf(telling)}`, WIDTH);
}

function entryLines(view: WordedAlert, event: AlertEvent, i: number, now: string, each: boolean): readonly string[] {
  const { alert } = view;
  const over = event === 'recovered' || event === 'expired';
  const lead = leadOf(view);
  const subject = view.identities[0]?.subject;
  const began = isUnjudged(alert) ? unjudgedSince(alert) : alert.openedAt;
  const since = over ? utcWithDistance(alert.closing?.at ?? now, now) : utcWithDistance(began, now);
  const head = wrap(
    alert.affected.length > 0 ? `${nameOf(alert)} (${placeOf(alert)})` : nameOf(alert),
    WIDTH,
    '     ',
    `${`${i + 1}.`.padStart(4)} `,
  );
  if (over) return [...head, ...wrap(`${event === 'expired' ? 'closed' : 'ended'} ${since}`, WIDTH, '     ')];
  if (isUnjudged(alert))
    return [
      ...head,
      ...wrap(`Since ${since}${alert.affected.length > 1 ? ', the first of them' : ''}.`, WIDTH, '     '),
      ...unjudgedNames(view),
    ];
  const clocks = lead ? deadlineLines(lead, { width: WIDTH - 3, now }, 1).map((line) => `   ${line}`) : [];
  const remedy = lead !== undefined && i < MAX_REMEDIES ? firstStepLines(lead) : [];
  const bind = (lead?.paste?.bind ?? []).slice(0, 3).flatMap((line) => verbatim(line, '     '));
  return [
    ...head,
    ...wrap(`${alert.severity.toUpperCase()}: ${lead?.title ?? alert.kinds.join(', ')}`, WIDTH, '     '),
    ...wrap(`Since ${since}.${subject ? ` SES says ${sesSays(subject)}.` : ''}`, WIDTH, '     '),
    ...unseenSentences(alert, now).flatMap((sentence) => wrap(sentence, WIDTH, '     ')),
    ...(each && lead !== undefined && i < MAX_REMEDIES ? wrap(`Next: ${lead.next}`, WIDTH, '     ') : []),
    ...clocks,
    ...(lead !== undefined && publishesFirst(lead) && bind.length > 0 ? ['     To publish:', ...bind] : []),
    ...remedy,
  ];
}

/** Entries that have their first step beside them: more is not read in one mail. */
const MAX_REMEDIES = 10;
const MAX_COMMANDS = 4;

// What is not mended by publishing records alone: the step that comes first, or that must follow, with its commands.
function firstStepLines(lead: ReportFinding): readonly string[] {
  const publishes = publishesFirst(lead);
  const [step] = leadingSteps(lead).slice(publishes ? 1 : 0);
  if (step === undefined) return [];
  const [sentence = '', ...commands] = step.split('\n');
  const label = publishes ? 'Then' : `To do${lead.fix.length > 1 ? ' first' : ''}`;
  return [
    ...wrap(`${label}: ${cutAt(visible(sentence, 500), 500)}`, WIDTH, '     '),
    ...commands
      .filter((line) => line.trim() !== '')
      .slice(0, MAX_COMMANDS)
      .flatMap((line) => verbatim(cutAt(visible(line, 900), 900), '       ')),
  ];
}

// Of each target a few: whom, and what was seen of it.
function unjudgedNames({ alert, identities, more }: WordedAlert): readonly string[] {
  const lines = alert.affected
    .slice(0, identities.length)
    .flatMap((one) => wrap(`${one.subject.identity}: ${unjudgedFinding(one)?.facts.detail ?? ''}`, WIDTH, '       ', '     - '));
  return more > 0 ? [...lines, `     and ${plural(more, 'more', 'more')}`] : lines;
}
