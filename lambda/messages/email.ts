// The mail about one alert, readable at three in the morning: what is wrong, where, since when, what happens next, what to do, what to paste, how we know.
import type { AlertEvent } from '../model/alert.ts';
import type { DkimMethod } from '../model/identity.ts';
import type { ReportFinding } from '../model/report.ts';
import { evidenceLines, fixLines, fixShowsRecords, nextLines, pasteLines, recordLines } from './finding-text.ts';
import { labelled, listed, plural, wrap } from './layout.ts';
import { footer, type MailIds, muteLines, newsOf, section, sesSays, WIDTH } from './mail-parts.ts';
import { nameOf } from './subject.ts';
import { span, utc, utcWithDistance } from './times.ts';
import { isUnjudged } from './unjudged.ts';
import type { Advice } from './unjudged-advice.ts';
import { unjudgedMailLines } from './unjudged-mail.ts';
import { distinctFindings, leadOf, type WordedAlert, type WordedIdentity } from './worded.ts';

/** The mail's text, `\n` between lines; `beside` is the section about what is open of those who cannot be judged. */
export function alertMail(view: WordedAlert, event: AlertEvent, ids: MailIds, advice?: Advice, beside: readonly string[] = []): string {
  const over = event === 'recovered' || event === 'expired';
  const lines = isUnjudged(view.alert)
    ? unjudgedMailLines(view, event, ids, advice, beside)
    : over
      ? closingLines(view, event, ids)
      : troubleLines(view, event, ids);
  return [...lines, ...footer(view.alert, ids)].join('\n');
}

function troubleLines(view: WordedAlert, event: AlertEvent, { now, clock }: MailIds): readonly string[] {
  const { alert } = view;
  const page = { width: WIDTH, now };
  const distinct = distinctFindings(view);
  const lead = leadOf(view);
  return [
    ...wrap(lead ? lead.title : `DKIM trouble with ${nameOf(alert)}.`, WIDTH),
    '',
    ...labelled(
      [
        ['Severity', alert.severity],
        ['Since', `${utcWithDistance(alert.openedAt, now)}, as seen by this monitor`],
        ...newsOf(alert, event, now, clock),
        ...placeLines(view, now),
      ],
      WIDTH,
    ),
    ...distinct.flatMap((finding, i) => [
      ...section(i === 0 ? 'WHAT IT MEANS' : `ALSO: ${finding.title}`, wrap(finding.meaning, WIDTH, '  ')),
      ...section('WHAT HAPPENS NEXT', nextLines(finding, page)),
      ...section('WHAT TO DO', fixLines(finding, page)),
      ...recordSections(finding, distinct.slice(0, i)),
      ...section('HOW WE KNOW (times in UTC)', evidenceLines(finding, i === 0 ? 6 : 3)),
    ]),
    ...(view.identities.length + view.more > 1 ? section('WHO IS HIT', identityLines(view)) : []),
    ...section('TO SILENCE THIS', muteLines(alert, now)),
  ];
}

function closingLines(view: WordedAlert, event: AlertEvent, { now }: MailIds): readonly string[] {
  const { alert } = view;
  const at = alert.closing?.at ?? now;
  const name = nameOf(alert);
  const target = alert.affected.length === 0;
  const lasted = span(Date.parse(at) - Date.parse(alert.openedAt));
  const was = [
    ...new Set(
      [view.targetFinding, ...view.identities.flatMap((i) => i.findings)]
        .filter((f) => f !== undefined && f.severity !== 'notice')
        .map((f) => f?.title ?? ''),
    ),
  ];
  const head =
    event === 'expired'
      ? closingWords(name, alert.closing?.why)
      : target
        ? `SES can be read again in ${name}. Its identities are watched again.`
        : `DKIM of ${name} is healthy again. The last sweep checked it in full and found nothing wrong any more.`;
  return [
    ...wrap(head, WIDTH),
    '',
    ...labelled(
      [
        ['Began', utc(alert.openedAt)],
        [event === 'expired' ? 'Closed' : 'Ended', `${utcWithDistance(at, now)}, after ${lasted}`],
        // As of the last sweep in which it was broken.
        ...placeLines(view, now, event === 'expired' ? '' : 'SES said'),
      ],
      WIDTH,
    ),
    ...section(
      'WHAT WAS WRONG',
      was.slice(0, 8).flatMap((title) => wrap(title, WIDTH, '    ', '  - ')),
    ),
    ...(view.identities.length + view.more > 1 ? section('WHO WAS HIT', identityLines(view)) : []),
    ...section(
      'WHAT TO DO',
      wrap(
        event === 'expired'
          ? alert.closing?.why === 'identity-abandoned'
            ? 'If it is not needed, delete the identity in SES. If it is, start its verification again: then it is watched again.'
            : 'Nothing, if that was meant. The trouble was not repaired: if somebody still sends from it, add it again.'
          : 'Nothing. You get a new message if it breaks again.',
        WIDTH,
        '  ',
      ),
    ),
  ];
}

function closingWords(name: string, why: string | undefined): string {
  switch (why) {
    case 'target-removed':
      return `${name}: its account and region are no longer in the configuration. This monitor does not watch it any more.`;
    case 'account-removed':
      return `${name}: its account is not watched any more. It left the configuration or the organisation, or was suspended or closed.`;
    case 'identity-abandoned':
      return `${name} was never verified in three weeks, and does not send: it seems to be abandoned. You will not be reminded of it any more.`;
    default:
      return `${name} was deleted from SES. There is nothing left to watch.`;
  }
}

const METHODS: { readonly [K in DkimMethod]: string } = {
  easy: 'Easy DKIM (three CNAME records)',
  byodkim: 'own key (BYODKIM, one TXT record)',
  deed: "replica of another region's identity (Deterministic Easy DKIM)",
  none: 'no DKIM set up',
};

function placeLines({ alert, identities, more }: WordedAlert, now: string, ses = 'SES says'): readonly (readonly [string, string])[] {
  const [first] = identities;
  if (first === undefined)
    return [
      ['Account', alert.target.account],
      ['Region', alert.target.region],
    ];
  const { subject } = first;
  const single = identities.length + more === 1;
  const regions = [...new Set(identities.map((i) => i.subject.region))];
  return [
    [subject.type === 'domain' ? 'Domain' : 'Address', subject.identity],
    ['Account', subject.account],
    [regions.length > 1 ? 'Regions' : 'Region', listed(regions, 8)],
    ...(single ? ([['DKIM by', METHODS[subject.method]]] as const) : []),
    ...(isFamily(identities) ? ([['DKIM by', FAMILY]] as const) : []),
    ...(!single && ses !== '' ? ([[ses, listed(statusesOf(identities), 6)]] as const) : []),
    ...(single && ses !== '' ? ([[ses, `${sesSays(subject)}; read ${utcWithDistance(subject.readAt, now)}`]] as const) : []),
  ];
}

const FAMILY = "replicas that share their parent's records (Deterministic Easy DKIM)";

function isFamily(identities: readonly WordedIdentity[]): boolean {
  return identities.length > 1 && identities.some(({ subject }) => subject.method === 'deed');
}

// Where they differ, one alone would mislead.
function statusesOf(identities: readonly WordedIdentity[]): readonly string[] {
  const regions = new Map<string, string[]>();
  for (const { subject } of identities) {
    const known = regions.get(subject.status);
    if (known) known.push(subject.region);
    else regions.set(subject.status, [subject.region]);
  }
  return [...regions.entries()].map(([status, all]) => `${status} in ${listed([...new Set(all)], 4)}`);
}

function identityLines({ identities, more }: WordedAlert): readonly string[] {
  const lines = identities.flatMap(({ subject, findings }: WordedIdentity) => [
    ...wrap(`${subject.identity}  (${subject.region}, ${subject.account})`, WIDTH, '    ', '  - '),
    ...wrap(`SES says ${sesSays(subject)}. Found: ${listed([...new Set(findings.map((f) => f.kind))], 5)}.`, WIDTH, '    '),
  ]);
  return more > 0 ? [...lines, `  and ${plural(more, 'more', 'more')}`] : lines;
}

function recordSections(finding: ReportFinding, before: readonly ReportFinding[]): readonly string[] {
  const names = (f: ReportFinding): string => f.records.map((r) => r.name).join(' ');
  if (finding.records.length === 0 || before.some((f) => names(f) === names(finding))) return [];
  // Records that no step tells to publish may be right as they are: they are shown for comparing.
  if (!fixShowsRecords(finding)) return section('WHAT SES EXPECTS IN DNS', recordLines(finding));
  return section('THE SAME, TO PASTE', pasteLines(finding));
}
