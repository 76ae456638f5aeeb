// What a long run was worth: time to detect, what was missed, what was told without cause, messages an incident, repeats.
import type { Incident, Schedule } from './incidents.ts';
import { HOUR, type Sent, type SoakWorld } from './world.ts';

export interface Score {
  readonly incidents: number;
  /** Minutes from the beginning to the message, for incidents that met no outage of the monitor's own. */
  readonly detectMinutes: readonly number[];
  /** The same for what SES alone can tell, which is read once an hour. */
  readonly sesMinutes: readonly number[];
  /** The same for those that did. */
  readonly lateMinutes: readonly number[];
  /** More than one sweep late without an outage. */
  readonly slow: readonly string[];
  readonly missed: readonly string[];
  readonly falseAlarms: readonly string[];
  /** Still told to be broken although it was over long before. */
  readonly open: readonly string[];
  readonly messages: readonly number[];
  readonly repeats: number;
  readonly messagesInAll: number;
}

const ALARMS = ['opened', 'changed', 'escalated', 'reminder', 'reopened'];

/** `detected` holds, by the incident's number, when all whom it hit had been told. */
export function score({ incidents, outages }: Schedule, world: SoakWorld, detected: ReadonlyMap<number, number>, everyMs: number): Score {
  const last = world.now;
  const detectMinutes: number[] = [];
  const lateMinutes: number[] = [];
  const sesMinutes: number[] = [];
  const slow: string[] = [];
  const missed: string[] = [];
  const messages: number[] = [];
  const short = 2 * everyMs;
  incidents.forEach((incident, i) => {
    const at = detected.get(i);
    const name = `${incident.kind} ${incident.who[0]}${incident.who.length > 1 ? ` and ${incident.who.length - 1} more` : ''} ${new Date(incident.from).toISOString()}`;
    const wasOut = outages.some(
      ({ from, to, host }) =>
        (host === undefined || incident.hosts.includes(host)) && from <= (at ?? incident.to) && to + everyMs >= incident.from,
    );
    if (at === undefined) {
      // Over before the second sweep, or only begun at the end: nobody could have told it.
      if (incident.to - incident.from > short + (wasOut ? 3 * HOUR : 0) && incident.from < last - short) missed.push(name);
      return;
    }
    const minutes = (at - incident.from) / 60_000;
    (wasOut ? lateMinutes : incident.bySes ? sesMinutes : detectMinutes).push(minutes);
    // One sweep, and what a sweep itself takes with its pause for confirmation; what SES alone can tell, one reading of it more.
    if (!wasOut && at - incident.from > everyMs + 15 * 60_000 + (incident.bySes ? HOUR : 0))
      slow.push(`${name}: ${minutes.toFixed(0)} min`);
    if (incident.to < last - 2 * HOUR) messages.push(world.sent.filter((sent) => isAbout(sent, incident, incidents)).length);
  });
  const ids = world.sent.map(({ message }) => message.messageId);
  const told = world.toldOf();
  const isOver = (who: string): boolean => incidents.every((incident) => !incident.who.includes(who) || incident.to < last - 14 * HOUR);
  return {
    incidents: incidents.length,
    detectMinutes,
    lateMinutes,
    sesMinutes,
    slow,
    missed,
    falseAlarms: world.sent.flatMap((sent) => falseIn(sent, incidents)),
    open: [...told].filter(isOver),
    messages,
    repeats: ids.length - new Set(ids).size,
    messagesInAll: ids.length,
  };
}

// A message belongs to an incident if it names one whom it hit, from its beginning until its end could be told.
function isAbout({ at, names }: Sent, { who, from, to }: Incident, all: readonly Incident[]): boolean {
  if (at < from || at > to + 14 * HOUR) return false;
  const others = all.filter((other) => other.from !== from && other.from <= at && at <= other.to + 14 * HOUR).flatMap((other) => other.who);
  return (
    names.some((name) => who.includes(name)) ||
    (names.includes('and more') && who.length > 20 && !names.every((name) => others.includes(name)))
  );
}

function falseIn({ at, names, message }: Sent, incidents: readonly Incident[]): readonly string[] {
  if (!ALARMS.includes(message.event) || message.kinds.every((kind) => kind === 'identity-unknown')) return [];
  const guilty = new Set(incidents.filter(({ from, to }) => from <= at && at <= to + 15 * HOUR).flatMap(({ who }) => who));
  // A target that cannot be read is told with its account and region.
  return names
    .filter((name) => name !== 'and more' && !guilty.has(name))
    .map((name) => `${new Date(at).toISOString()} ${message.event} ${message.kinds.join(' ')} ${name}`);
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const most = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), 0);

const span = (values: readonly number[]): string =>
  `median ${median(values).toFixed(1)}, worst ${most(values).toFixed(1)} (${values.length} incidents)`;

/** The score as people read it. */
export function scoreText(score: Score, run: Readonly<Record<string, number>>): string {
  const list = (title: string, all: readonly string[]): readonly string[] =>
    all.length === 0 ? [] : [title, ...all.slice(0, 20).map((one) => `  ${one}`)];
  return [
    `${run.days} days, ${run.identities} identities, a sweep every ${run.minutes} minutes (seed ${run.seed}): ${run.sweeps} sweeps, ${run.failed} of them failed, ${run.kills} were killed`,
    `incidents ${score.incidents} · messages ${score.messagesInAll} · repeated under the same id ${score.repeats}`,
    `time to detect, minutes: ${span(score.detectMinutes)}; what SES alone can tell, read once an hour: ${span(score.sesMinutes)}`,
    `with an outage of the monitor, of its channel or of the customer's DNS meanwhile: ${span(score.lateMinutes)}`,
    `messages an incident: median ${median(score.messages)}, worst ${most(score.messages)} (${score.messages.length} that were over by the end)`,
    `missed ${score.missed.length} · false alarms ${score.falseAlarms.length} · later than one sweep ${score.slow.length} · not withdrawn ${score.open.length}`,
    ...list('missed:', score.missed),
    ...list('false alarms:', score.falseAlarms),
    ...list('later than one sweep:', score.slow),
    ...list('not withdrawn:', score.open),
    '',
  ].join('\n');
}
