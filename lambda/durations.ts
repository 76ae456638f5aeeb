// Reads the durations and schedules that stand in the configuration.
import { type Parsed, quoted } from './model/names.ts';

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `"45s"`, `"5m"`, `"24h"`, `"7d"` → milliseconds. */
export function parseDuration(text: string): Parsed<number> {
  const match = /^(\d{1,6})(s|m|h|d)$/.exec(text.trim());
  const unit = UNITS[match?.[2] ?? ''];
  if (!match || unit === undefined)
    return { ok: false, problem: `${quoted(text)} is not a duration: write a number and s, m, h or d, such as "24h".` };
  return { ok: true, value: Number(match[1]) * unit };
}

/** `"07:00"` → minutes after midnight. */
export function parseTimeOfDay(text: string): Parsed<number> {
  const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text.trim());
  if (!match) return { ok: false, problem: `${quoted(text)} is not a time of day: write it like "07:00" (24 hours, UTC).` };
  return { ok: true, value: Number(match[1]) * 60 + Number(match[2]) };
}

const MINUTES: Readonly<Record<string, number>> = { minute: 1, minutes: 1, hour: 60, hours: 60 };
const LONGEST_MINUTES = 12 * 60;

/** `"rate(5 minutes)"` → 5. EventBridge's rate form (singular for 1), at most 12 hours: a longer pause could miss half of SES's warning time. */
export function parseSchedule(text: string): Parsed<number> {
  const match = /^rate\((\d{1,5}) (minutes?|hours?)\)$/.exec(text.trim());
  const value = Number(match?.[1] ?? 0) * (MINUTES[match?.[2] ?? ''] ?? 0);
  if (!match || value < 1)
    return { ok: false, problem: `${quoted(text)} is not a schedule: write it like "rate(5 minutes)" or "rate(1 hour)".` };
  const plural = match[2]?.endsWith('s') ?? false;
  if ((match[1] === '1') === plural)
    return {
      ok: false,
      problem: `${quoted(text)} is not a schedule that EventBridge takes: it wants "rate(1 minute)" but "rate(2 minutes)".`,
    };
  if (value > LONGEST_MINUTES)
    return { ok: false, problem: `${quoted(text)} is too seldom: SES gives five days of notice, so sweep at least every 12 hours.` };
  return { ok: true, value };
}
