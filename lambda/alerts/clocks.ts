// Deadlines of an alert: which is the nearest, and whether it has come so near, or passed, that people must hear of it again.
import type { Alert, NearClock } from '../model/alert.ts';
import type { Deadline } from '../model/finding.ts';
import type { AlertPolicy } from '../model/policy.ts';
import { alertingFindings, compareText, type Trouble } from './facts.ts';

const HOUR_MS = 3_600_000;
/** Before a deadline people hear of it once more at each of these. */
const DEFAULT_THRESHOLDS_MS: readonly number[] = [48 * HOUR_MS, 24 * HOUR_MS, 6 * HOUR_MS];
/** Two sweeps may compute the same deadline some minutes apart; a deadline that moves further is another one. */
const SAME_MS = HOUR_MS;

/** The deadlines of a trouble, of each name the earliest; nearest first. What is no time is left out. */
export function clocksOf(trouble: Trouble): readonly Deadline[] {
  const earliest = new Map<Deadline['name'], Deadline>();
  const running = { ...trouble, affected: trouble.affected.filter(({ past }) => past !== true) };
  for (const deadline of alertingFindings(running).flatMap(({ deadlines }) => deadlines)) {
    const known = earliest.get(deadline.name);
    if (Number.isNaN(Date.parse(deadline.at)) || (known !== undefined && Date.parse(known.at) <= Date.parse(deadline.at))) continue;
    earliest.set(deadline.name, deadline);
  }
  return [...earliest.values()].sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || compareText(a.name, b.name));
}

/**
 * The deadline that escalates at `now` (ISO 8601 UTC); undefined if none does. Only the nearest one that is still running may, or one that has
 * passed since people were last told: a message shows every deadline, so what it has shown is told.
 */
export function escalationOf(alert: Alert, now: string, policy: AlertPolicy): NearClock | undefined {
  const { told } = alert;
  if (told === undefined) return undefined;
  for (const clock of clocksOf(alert)) {
    const within = thresholdOf(clock, now, policy);
    // Alerts of before this was remembered have told what their findings said.
    const shown = told.clocks === undefined ? clock : told.clocks.find((one) => one.name === clock.name && isShown(one, clock, alert));
    const before = shown === undefined ? undefined : thresholdOf(shown, told.at, policy);
    if (within !== undefined && (before === undefined || within < before)) return { ...clock, within: within / HOUR_MS };
    if (within !== 0) return undefined;
  }
  return undefined;
}

/** When the nearest running deadline escalates next after `now`, ISO 8601 UTC; undefined if none runs. */
export function nextEscalationAt(trouble: Trouble, now: string, policy: AlertPolicy): string | undefined {
  const from = Date.parse(now);
  const running = clocksOf(trouble).find(({ at }) => Date.parse(at) > from);
  if (running === undefined) return undefined;
  const due = [...thresholdsOf(policy), 0].map((before) => Date.parse(running.at) - before).filter((at) => at > from);
  return new Date(Math.min(...due)).toISOString();
}

/** True if the nearest running deadline escalates within `ms` after `now`: a reminder just before it would say the same twice. */
export function isEscalationSoon(alert: Alert, now: string, ms: number, policy: AlertPolicy): boolean {
  const at = nextEscalationAt(alert, now, policy);
  return at !== undefined && Date.parse(at) - Date.parse(now) <= ms;
}

// The smallest threshold that the time left is within, in milliseconds; 0 once it has passed, undefined while it is far.
function thresholdOf({ at }: Pick<Deadline, 'at'>, now: string, policy: AlertPolicy): number | undefined {
  const left = Date.parse(at) - Date.parse(now);
  if (left <= 0) return 0;
  const within = thresholdsOf(policy).filter((threshold) => left <= threshold);
  return within.length === 0 ? undefined : Math.min(...within);
}

const thresholdsOf = ({ escalateBeforeMs = DEFAULT_THRESHOLDS_MS }: AlertPolicy): readonly number[] =>
  escalateBeforeMs.filter((ms) => ms > 0);

// When the nearest of a group is mended the next one is nearest: that is no news of its own, until it comes nearer than the other had come.
function isShown(told: Pick<Deadline, 'at'>, clock: Deadline, { cause }: Alert): boolean {
  return isSame(told, clock) || (cause !== undefined && Date.parse(clock.at) > Date.parse(told.at));
}

function isSame(a: Pick<Deadline, 'at'>, b: Pick<Deadline, 'at'>): boolean {
  return Math.abs(Date.parse(a.at) - Date.parse(b.at)) <= SAME_MS;
}
