// The mail about several targets that cannot be read for one cause, for every event of their alerts.
import { COMMAND } from '../model/command.ts';
import type { Telling } from '../model/telling.ts';
import { fixLines } from './finding-text.ts';
import { labelled, listed, verbatim, wrap } from './layout.ts';
import { footer, type MailIds, muteEntry, newsOf, section, WIDTH } from './mail-parts.ts';
import { span, utc, utcWithDistance } from './times.ts';
import { targetsTitle, type Unreadable, unreadableAccounts } from './unreadable.ts';

type Summary = Extract<Telling, { kind: 'summary' }>;

/** The mail's text; at most `shown` accounts are named, the rest is counted. */
export function unreadableMail(telling: Summary, unreadable: Unreadable, shown: number, ids: MailIds): string {
  const over = telling.event === 'recovered' || telling.event === 'expired';
  return [
    ...wrap(`${targetsTitle(telling.alerts, telling.event)}${over ? '.' : ''}`, WIDTH),
    '',
    ...(over ? closingLines(telling, shown, ids) : openLines(telling, unreadable, shown, ids)),
    ...footer({ id: telling.alertId }, ids),
  ].join('\n');
}

function openLines({ alerts, event }: Summary, unreadable: Unreadable, shown: number, { now }: MailIds): readonly string[] {
  const [worst] = alerts;
  const several = unreadable.mute === undefined;
  return [
    ...labelled(
      [
        ['Severity', worst?.severity ?? 'warning'],
        ['Since', `${utcWithDistance(earliest(alerts), now)}, as seen by this monitor`],
        ...(worst ? newsOf(worst, event, now) : []),
        ...placeLines(alerts),
      ],
      WIDTH,
    ),
    ...section('WHAT IT MEANS', wrap(unreadable.meaning, WIDTH, '  ')),
    ...section('WHAT HAPPENS NEXT', wrap(unreadable.next, WIDTH, '  ')),
    ...section('WHAT CANNOT BE READ', accountLines(alerts, shown, several)),
    ...section(
      unreadable.sameForAll ? 'WHAT TO DO' : 'WHAT TO DO, FOR THE FIRST OF THEM',
      fixLines({ fix: unreadable.steps, records: [] }, { width: WIDTH, now }),
    ),
    ...(unreadable.sameForAll
      ? []
      : wrap(`The steps for each of the others are alike, with its own account and region: ${COMMAND} sweep`, WIDTH, '  ')),
    ...(unreadable.mute === undefined ? [] : section('TO SILENCE THIS', muteEntry(unreadable.mute, ['target-unreadable'], now))),
  ];
}

function placeLines(alerts: Summary['alerts']): readonly (readonly [string, string])[] {
  const accounts = [...new Set(alerts.map(({ target }) => target.account))];
  const regions = [...new Set(alerts.map(({ target }) => target.region))];
  return [
    [accounts.length === 1 ? 'Account' : 'Accounts', listed(accounts, 6)],
    [regions.length === 1 ? 'Region' : 'Regions', listed(regions, 8)],
  ];
}

function closingLines({ alerts, event }: Summary, shown: number, { now }: MailIds): readonly string[] {
  const at = alerts.reduce((last, { closing }) => (closing && closing.at > last ? closing.at : last), alerts[0]?.closing?.at ?? now);
  const began = earliest(alerts);
  const recovered = event === 'recovered';
  return [
    ...wrap(
      recovered
        ? 'Their identities are watched again.'
        : 'They are no longer in the configuration. This monitor does not watch them any more.',
      WIDTH,
    ),
    '',
    ...labelled(
      [
        ['Began', utc(began)],
        [recovered ? 'Ended' : 'Closed', `${utcWithDistance(at, now)}, after ${span(Date.parse(at) - Date.parse(began))}`],
      ],
      WIDTH,
    ),
    ...section('WHERE', accountLines(alerts, shown, false)),
    ...section(
      'WHAT TO DO',
      wrap(recovered ? 'Nothing. You get a new message if it happens again.' : 'Nothing, if that was meant.', WIDTH, '  '),
    ),
  ];
}

function earliest(alerts: Summary['alerts']): string {
  return alerts.reduce((least, { openedAt }) => (openedAt < least ? openedAt : least), alerts[0]?.openedAt ?? '');
}

function accountLines(alerts: Summary['alerts'], shown: number, details: boolean): readonly string[] {
  const accounts = unreadableAccounts(alerts);
  const more = accounts.length - shown;
  return [
    ...accounts
      .slice(0, shown)
      .flatMap(({ account, regions, detail }) => [
        ...wrap(`account ${account}: ${regions}`, WIDTH, '    ', '  - '),
        ...(details ? wrap(detail, WIDTH, '    ') : []),
      ]),
    ...(more > 0 ? verbatim(`and ${more.toLocaleString('en-US')} more. All of them: ${COMMAND} sweep`) : []),
  ];
}
