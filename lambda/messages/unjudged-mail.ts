// The mail about what cannot be judged: honest about what is not seen, identity by identity, and what people can do about it.
import type { AlertEvent } from '../model/alert.ts';
import { COMMAND } from '../model/command.ts';
import { evidenceLines, fixLines } from './finding-text.ts';
import { labelled, plural, wrap } from './layout.ts';
import { type MailIds, muteLines, newsOf, section, WIDTH } from './mail-parts.ts';
import { span, utc, utcWithDistance } from './times.ts';
import { unjudgedFinding, unjudgedSince, unjudgedTitle, unjudgedWho } from './unjudged.ts';
import type { Advice } from './unjudged-advice.ts';
import type { WordedAlert } from './worded.ts';

/** The mail's lines without its last ones, for every event of such an alert. */
export function unjudgedMailLines(
  view: WordedAlert,
  event: AlertEvent,
  ids: MailIds,
  advice: Advice | undefined,
  beside: readonly string[] = [],
): readonly string[] {
  return event === 'recovered' || event === 'expired' ? closingLines(view, event, ids) : openLines(view, event, ids, advice, beside);
}

function openLines(
  view: WordedAlert,
  event: AlertEvent,
  { now }: MailIds,
  advice: Advice | undefined,
  beside: readonly string[],
): readonly string[] {
  const { alert } = view;
  const { account, region } = alert.target;
  const only = alert.affected.length === 1 ? alert.affected[0] : undefined;
  const lead = view.identities[0]?.findings[0];
  return [
    ...wrap(`${unjudgedTitle([alert], event)}.`, WIDTH),
    '',
    ...labelled(
      [
        ['Severity', alert.severity],
        ['Since', utcWithDistance(unjudgedSince(alert), now)],
        ...newsOf(alert, event, now),
        ...(only ? ([[only.subject.type === 'domain' ? 'Domain' : 'Address', only.subject.identity]] as const) : []),
        ['Account', account],
        ['Region', region],
      ],
      WIDTH,
    ),
    ...section('WHAT IT MEANS', [
      ...wrap(advice?.meaning ?? '', WIDTH, '  '),
      ...(only ? ['', ...wrap(unjudgedFinding(only)?.facts.detail ?? '', WIDTH, '  ')] : []),
    ]),
    ...beside,
    ...section('WHAT HAPPENS NEXT', wrap(advice?.next ?? '', WIDTH, '  ')),
    ...section('THE FAULT MAY BE OURS', wrap(advice?.ours ?? '', WIDTH, '  ')),
    ...section('WHAT TO DO', fixLines({ fix: advice?.steps ?? [], records: [] }, { width: WIDTH, now })),
    ...(only ? [] : section('WHO CANNOT BE JUDGED', whoLines(view, now))),
    ...section(
      only ? 'HOW WE KNOW (times in UTC)' : 'HOW WE KNOW, FOR THE FIRST OF THEM (times in UTC)',
      lead ? evidenceLines(lead, 6) : [],
    ),
    ...section('TO SILENCE THIS', muteLines(alert, now)),
  ];
}

function closingLines(view: WordedAlert, event: AlertEvent, { now }: MailIds): readonly string[] {
  const { alert } = view;
  const at = alert.closing?.at ?? now;
  const who = unjudgedWho([alert]);
  const head =
    event === 'recovered'
      ? `DKIM of ${who} can be judged again. If anything is wrong with it, a message of its own says so.`
      : alert.closing?.why === 'target-removed'
        ? `${who}: the account and region are no longer in the configuration. This monitor does not watch them any more.`
        : alert.closing?.why === 'account-removed'
          ? `${who}: the account is not watched any more. It left the configuration or the organisation, or was suspended or closed.`
          : `${who}: deleted from SES. There is nothing left to watch.`;
  return [
    ...wrap(head, WIDTH),
    '',
    ...labelled(
      [
        ['Began', utc(unjudgedSince(alert))],
        [
          event === 'recovered' ? 'Ended' : 'Closed',
          `${utcWithDistance(at, now)}, after ${span(Date.parse(at) - Date.parse(unjudgedSince(alert)))}`,
        ],
        ['Account', alert.target.account],
        ['Region', alert.target.region],
      ],
      WIDTH,
    ),
    ...(alert.affected.length > 1 ? section('WHO COULD NOT BE JUDGED TO THE LAST', whoLines(view, now, false)) : []),
    ...section('WHAT TO DO', wrap(event === 'recovered' ? 'Nothing.' : 'Nothing, if that was meant.', WIDTH, '  ')),
  ];
}

/** The identities shown, each with since when and why; `why` false leaves their names only. */
export function whoLines({ alert, identities, more }: WordedAlert, now: string, why = true): readonly string[] {
  const lines = alert.affected.slice(0, identities.length).flatMap((one) => {
    const facts = unjudgedFinding(one)?.facts;
    return [
      ...wrap(one.subject.identity, WIDTH, '    ', '  - '),
      ...(facts && why ? wrap(`Since ${utcWithDistance(facts.since, now)}. ${facts.detail}`, WIDTH, '    ') : []),
    ];
  });
  return more > 0 ? [...lines, `  and ${plural(more, 'more', 'more')}. All of them: ${COMMAND} sweep`] : lines;
}
