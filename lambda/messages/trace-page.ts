// The trace of a check as a terminal shows it: phase by phase, each question with why it was asked, each server with what it answered.
import type { LookupRemark } from '../model/lookup.ts';
import { visible } from '../model/safe-text.ts';
import type { Trace, TraceEntry, TracePhase } from '../model/trace.ts';
import { cutMiddle, plural, verbatim, wrap } from './layout.ts';
import { type Screen, toned } from './terminal-findings.ts';

/** Answers of servers shown in all, of one question, and records of one answer. */
const MAX_ENTRIES = 200;
const MAX_SERVERS = 15;
const MAX_ANSWERS = 3;
/** Characters of one record: both ends of a key tell it from another. */
const MAX_ANSWER = 160;

const PHASES: { readonly [P in TracePhase]: readonly [string, string] } = {
  servers: ['Finding the name servers', 'The resolver says which zone holds the names, and who serves it.'],
  'first-look': ['First look', 'One name server, one question a record: in a sweep that would be all, if all is well.'],
  'servers-anew': [
    'Finding the name servers anew',
    'Without what was cached, and from the servers above the domain: it may have moved, or lapsed.',
  ],
  'all-servers': ['All name servers', 'SES and mailbox providers ask any of them.'],
  probes: ['Probes', 'Where else the record may be, and whether we are fooled.'],
  'second-round': ['Second round', 'After a pause, from new ports: nothing is called missing or wrong after a single look.'],
};

const REMARKS: { readonly [R in LookupRemark]: string } = {
  'over-tcp': 'over TCP, because the answer was cut',
  'without-edns': 'without EDNS',
  'case-not-kept': "gives names back in other letters' case",
  'server-dead': 'not asked again, because it had been silent',
};

/** The whole trace, ending with a line break. */
export function tracePage({ entries, omitted }: Trace, screen: Screen): string {
  const packets = entries.reduce((sum, one) => sum + one.packets, 0);
  const head = `How it was looked up: ${plural(entries.length + omitted, 'question')}, ${plural(packets, 'packet')} (times in UTC)`;
  const shown = entries.slice(0, MAX_ENTRIES);
  const hidden = entries.length - shown.length + omitted;
  const phases = (Object.keys(PHASES) as TracePhase[]).filter((phase) => shown.some((one) => one.phase === phase));
  const lines = [
    ...wrap(head, screen.width).map((line) => toned(line, 'bold', screen)),
    ...phases.flatMap((phase, i) => phaseLines(phase, i + 1, shown, screen)),
    ...(hidden > 0 ? ['', ...wrap(`And ${plural(hidden, 'more question')}, not shown here: --json has up to 2,000.`, screen.width)] : []),
  ];
  return `${lines.join('\n')}\n`;
}

function phaseLines(phase: TracePhase, number: number, entries: readonly TraceEntry[], screen: Screen): readonly string[] {
  const [title, purpose] = PHASES[phase];
  const groups = new Map<string, TraceEntry[]>();
  for (const one of entries) {
    if (one.phase !== phase) continue;
    const key = `${one.question}\n${one.why}`;
    const same = groups.get(key);
    if (same) same.push(one);
    else groups.set(key, [one]);
  }
  return [
    '',
    toned(`${number}. ${title}`, 'bold', screen),
    ...wrap(purpose, screen.width, '   ').map((line) => toned(line, 'dim', screen)),
    ...[...groups.values()].flatMap((group) => questionLines(group, screen)),
  ];
}

/** One question with every server that it was put to. */
function questionLines(group: readonly TraceEntry[], screen: Screen): readonly string[] {
  const [first] = group;
  if (first === undefined) return [];
  const more = group.length - MAX_SERVERS;
  return [
    ...verbatim(visible(first.question, 300), '   '),
    ...wrap(first.why, screen.width, '       ', '     - ').map((line) => toned(line, 'dim', screen)),
    ...group.slice(0, MAX_SERVERS).flatMap((one) => answerLines(one, screen)),
    ...(more > 0 ? [`     and ${more} more`] : []),
  ];
}

function answerLines(one: TraceEntry, { width }: Screen): readonly string[] {
  const time = Number.isNaN(Date.parse(one.at)) ? '' : `${new Date(one.at).toISOString().slice(11, 19)} `;
  const role = one.role === 'resolver' ? 'resolver ' : '';
  const answers = one.answers.slice(0, MAX_ANSWERS).map((answer) => cutMiddle(visible(answer, 700), MAX_ANSWER));
  const more = one.answers.length - answers.length;
  const said = [...answers, ...(more > 0 ? [`and ${more} more`] : [])].join(' | ');
  const how = course(one);
  const text = `${time}${role}${one.server}: ${one.outcome}${said === '' ? '' : `: ${said}`}${how === '' ? '' : ` (${how})`}`;
  return wrap(text, width, '         ', '     ');
}

/** Time, packets beyond the first, and what was odd. */
function course({ packets, ms, remarks }: TraceEntry): string {
  const udp = packets - (remarks.includes('over-tcp') ? 1 : 0);
  return [
    ...(packets > 0 ? [`${ms} ms`] : []),
    ...(udp > 1 ? [`sent ${udp} times`] : []),
    ...remarks.map((remark) => REMARKS[remark]),
  ].join(', ');
}
