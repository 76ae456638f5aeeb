// Times and spans as people read them at night: UTC, to the minute, with the distance from now beside them.

const MINUTE = 60_000;

/** `2026-11-23 21:04 UTC` from ISO 8601; what is no time is shown as "unknown time". */
export function utc(iso: string): string {
  const ms = Date.parse(iso);
  return Number.isNaN(ms) ? 'unknown time' : `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** `4 d 21 h`, `3 h 20 min`, `5 min`, `less than a minute`: the two largest units, rounded down. Takes milliseconds; the sign does not matter. */
export function span(ms: number): string {
  const minutes = Math.floor(Math.abs(ms) / MINUTE);
  if (Number.isNaN(minutes)) return 'unknown time';
  if (minutes < 1) return 'less than a minute';
  const [d, h, m] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60];
  // Beside a subject that says "under 24 h left" it is the same word for the same time.
  if (minutes === 1440) return '24 h';
  if (d > 0) return h > 0 ? `${d} d ${h} h` : `${d} d`;
  if (h > 0) return m > 0 ? `${h} h ${m} min` : `${h} h`;
  return `${m} min`;
}

/** `in 4 d 21 h`, `3 h ago`, `just now`; both times ISO 8601. */
export function distance(at: string, now: string): string {
  const ms = Date.parse(at) - Date.parse(now);
  if (Number.isNaN(ms)) return 'at an unknown time';
  if (Math.abs(ms) < MINUTE) return 'just now';
  return ms > 0 ? `in ${span(ms)}` : `${span(ms)} ago`;
}

/** `2026-11-23 21:04 UTC (3 h ago)`. */
export function utcWithDistance(at: string, now: string): string {
  return Number.isNaN(Date.parse(at)) ? 'unknown time' : `${utc(at)} (${distance(at, now)})`;
}
