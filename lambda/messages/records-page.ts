// What `dkim-monitor records` shows: a page with every form for people, or one form alone, to be pasted.
import { COMMAND } from '../model/command.ts';
import type { DkimMethod } from '../model/identity.ts';
import type { RecordSheet, SheetPlace } from '../model/record-sheet.ts';
import type { RecordForms } from '../model/report.ts';
import { visible } from '../model/safe-text.ts';
import { recordLines } from './finding-text.ts';
import { verbatim, wrap } from './layout.ts';
import { sesSays } from './mail-parts.ts';
import { type Screen, toned } from './terminal-findings.ts';

/** The forms that can be had alone. */
export const RECORD_FORMATS = ['table', 'bind', 'route53', 'terraform', 'cli'] as const;
export type RecordFormat = (typeof RECORD_FORMATS)[number];

const METHODS: { readonly [M in DkimMethod]: string } = {
  easy: 'Easy DKIM (CNAME records)',
  byodkim: 'your own key (one TXT record)',
  deed: 'a replica of another region (CNAME records)',
  none: 'DKIM not set up',
};

/** Everything, a part for each place, ending with a line break. */
export function recordsPage(found: RecordSheet, screen: Screen): string {
  const several = new Set(found.places.flatMap(({ forms }) => forms?.route53ChangeBatch ?? [])).size > 1;
  const lines = [
    ...wrap(`DNS records for DKIM of ${found.identity}`, screen.width).map((line) => toned(line, 'bold', screen)),
    ...zoneLines(found, screen.width),
    ...(several ? wrap(SEVERAL, screen.width) : []),
    ...found.places.flatMap((place, i) => ['', ...placeLines(place, found.places.slice(0, i), screen)]),
  ];
  return `${lines.join('\n')}\n`;
}

const SEVERAL = "Each region has its own records. Publish those of every region that sends: they do not get in each other's way.";

/** One form of the records of all places together, each set of records once, and nothing else but, where there are several sets, a comment above each that says whose it is; empty if there are none. */
export function recordsToPaste({ all, places }: RecordSheet, format: RecordFormat): string {
  if (all.table.length === 0) return '';
  if (format === 'table' || format === 'bind') return `${byPlace(places, format).join('\n')}\n`;
  const lines = formLines(all, format);
  return `${lines.join('\n')}\n`;
}

/** The sets of records one after the other; with several, each below a line that names its places. Zone files take it as a comment. */
function byPlace(places: readonly SheetPlace[], format: 'table' | 'bind'): readonly string[] {
  const sets = new Map<string, { readonly forms: RecordForms; readonly regions: string[] }>();
  for (const { forms, region = 'as given' } of places) {
    if (forms === undefined) continue;
    const known = sets.get(forms.route53ChangeBatch);
    if (known === undefined) sets.set(forms.route53ChangeBatch, { forms, regions: [region] });
    else known.regions.push(region);
  }
  if (sets.size === 1) return [...sets.values()].flatMap(({ forms }) => formLines(forms, format));
  const mark = format === 'bind' ? '; ' : '';
  return [...sets.values()].flatMap(({ forms, regions }, i) => [
    ...(i === 0 ? [] : ['']),
    whole(`${mark}For ${regions.join(' and ')}:`),
    ...formLines(forms, format),
  ]);
}

/** What must be known beside one form: sentences, to be shown elsewhere than in it. */
export function recordsNotes(found: RecordSheet, format: RecordFormat): readonly string[] {
  const zone = found.zoneUnknown === undefined || found.all.table.length === 0 ? [] : [withoutZone(found.zoneUnknown)];
  const notes = found.places.flatMap((place) => [
    ...(place.problem === undefined ? [] : [place.problem]),
    ...place.notes.map((note) => (place.region === undefined ? note : `${place.region}: ${note}`)),
  ]);
  const zoneId =
    format === 'cli' && found.all.cli.length > 0
      ? [`Put the id of the hosted zone in place of ZONE_ID${found.all.cli.length > 1 ? ': the first command shows it' : ''}.`]
      : [];
  return [...zone, ...notes, ...zoneId];
}

const withoutZone = (why: string): string => `Names are given in full: the zone that holds them is not known. ${why}`;

function zoneLines({ identity, zone, zoneUnknown, all, places }: RecordSheet, width: number): readonly string[] {
  if (all.table.length === 0) return [];
  if (zone === undefined) return wrap(withoutZone(zoneUnknown ?? ''), width);
  const region = places.find(({ forms }) => forms !== undefined)?.region;
  const belong = `They belong into the zone ${zone}.`;
  if (region === undefined) return wrap(`${belong} Whether they are there: ${COMMAND} check, with the same flags.`, width);
  return [...wrap(`${belong} Whether they are there:`, width), ...verbatim(`${COMMAND} check ${identity} --region ${region}`)];
}

function placeLines(place: SheetPlace, before: readonly SheetPlace[], screen: Screen): readonly string[] {
  const { forms, notes, problem } = place;
  const head = wrap(headOf(place), screen.width).map((line) => toned(line, 'bold', screen));
  const said = [...notes, ...(problem === undefined ? [] : [problem])].flatMap((note) => noteLines(note, screen.width));
  if (forms === undefined) return [...head, ...said];
  const twin = before.find((other) => other.forms !== undefined && other.forms.route53ChangeBatch === forms.route53ChangeBatch);
  if (twin !== undefined)
    return [...head, ...said, ...wrap(`The same records as for ${twin.region ?? 'the first'}, shown above.`, screen.width, '  ')];
  return [...head, ...said, ...RECORD_FORMATS.flatMap((format) => formBlock(forms, format, screen))];
}

/** A sentence, and the commands that follow it. */
function noteLines(note: string, width: number): readonly string[] {
  const [sentence = '', ...commands] = note.split('\n');
  return [...wrap(sentence, width, '  '), ...commands.flatMap((line) => verbatim(line, '    '))];
}

function headOf({ account, region, method, status, forms }: SheetPlace): string {
  const where = [...(account === undefined ? [] : [`account ${account}`]), ...(region === undefined ? [] : [region])].join(', ');
  const by = method === undefined || forms === undefined ? '' : METHODS[method];
  const says = status === undefined ? '' : `SES says ${sesSays({ status })}`;
  const facts = [by, says].filter((part) => part !== '').join('; ');
  return `${where === '' ? 'As given' : where}${facts === '' ? '' : `: ${facts}`}`;
}

const TITLES: { readonly [F in RecordFormat]: string } = {
  table: 'For a web form',
  bind: 'For a zone file (BIND)',
  route53: 'For Route 53: a change batch, as a file for --change-batch file://FILE',
  terraform: 'For Terraform, if the zone is in Route 53',
  cli: 'For the AWS CLI, if the zone is in Route 53',
};

function formBlock(forms: RecordForms, format: RecordFormat, { width, color }: Screen): readonly string[] {
  const hint = format === 'cli' && forms.cli.length > 1 ? ' (the first command shows the id to put in place of ZONE_ID)' : '';
  return [
    '',
    ...wrap(`${TITLES[format]}${hint}`, width, '  ').map((line) => toned(line, 'bold', { color })),
    ...formLines(forms, format).map((line) => (line === '' ? '' : `  ${line}`)),
  ];
}

function formLines(forms: RecordForms, format: RecordFormat): readonly string[] {
  switch (format) {
    case 'table':
      return recordLines({ records: [], paste: forms }, '', forms.table.length, false);
    case 'bind':
      return forms.bind.map(whole);
    case 'route53':
      return JSON.stringify(JSON.parse(forms.route53ChangeBatch), undefined, 2).split('\n');
    case 'terraform':
      return forms.terraform.trimEnd().split('\n').map(whole);
    case 'cli':
      return forms.cli.map(whole);
  }
}

/** A line that a shell or a parser reads: made harmless, and never broken however long it is. */
const whole = (line: string): string => visible(line, 100_000);
