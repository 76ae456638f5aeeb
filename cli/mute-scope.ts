// What a mute covers and until when, as somebody typed it: read by the rules of the configuration, with its error sentences.
import { parseConfiguration } from '../lambda/configuration.ts';
import { parseDuration } from '../lambda/durations.ts';
import { quoted } from '../lambda/model/names.ts';
import type { Mute } from '../lambda/model/policy.ts';
import { visible } from '../lambda/model/safe-text.ts';
import { UsageError } from './exit.ts';

export interface ScopeFlags {
  readonly kind?: readonly string[];
  readonly account?: string;
  readonly region?: string;
}

const DAY_MS = 86_400_000;
const YEAR_MS = 366 * DAY_MS;

/** The mute that the words mean, without its end. Throws {@link UsageError} with every mistake. */
export function scopeOf(identity: string, { kind, account, region }: ScopeFlags): Mute {
  const typed = { identity, ...(kind ? { kinds: kind } : {}), ...(account ? { account } : {}), ...(region ? { region } : {}) };
  const read = parseConfiguration({ mute: [typed] });
  if (!read.ok) throw new UsageError(read.problems.map((problem) => problem.replace(/^mute\[0\]\./, '')).join('\n'));
  const [mute] = read.value.mute;
  if (mute === undefined) throw new Error('a mute went in, and none came out');
  const { kinds, ...where } = mute;
  return { ...where, ...(kinds.length > 0 ? { kinds } : {}) };
}

/** The end of a mute that begins at `now` (milliseconds since the epoch), as ISO 8601 UTC. Throws {@link UsageError} for none, a past one, or one too far. */
export function endOf(text: string, now: number): string {
  const duration = parseDuration(text);
  const ms = duration.ok ? now + duration.value : dateOf(text);
  if (Number.isNaN(ms))
    throw new UsageError(
      `--until takes a day such as 2027-03-01, a time such as 2027-03-01T06:00Z, or how long, such as 12h or 7d; not ${quoted(text, 100)}.`,
    );
  if (ms <= now) throw new UsageError(`--until ${visible(text, 40)} is not in the future: a day ends a mute as it begins (UTC).`);
  if (ms - now > YEAR_MS)
    throw new UsageError(
      '--until is more than a year away. What is never to be told belongs into "mute" in monitor.config.json, where it is reviewed.',
    );
  return new Date(ms).toISOString();
}

function dateOf(text: string): number {
  const ms = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?Z)?$/.test(text) ? Date.parse(text) : Number.NaN;
  // 30 February parses, as 2 March.
  return Number.isNaN(ms) || !new Date(ms).toISOString().startsWith(text.slice(0, 10)) ? Number.NaN : ms;
}

/** `example.com (key-weak) in 111111111111, eu-west-1`. */
export function scopeText({ identity, account, region, kinds = [] }: Mute): string {
  const where = [account, region].filter((part) => part !== undefined).join(', ');
  const what = kinds.length > 0 ? ` (${kinds.map((kind) => visible(kind, 60)).join(', ')})` : '';
  return `${visible(identity, 300)}${what}${where === '' ? '' : ` in ${visible(where, 60)}`}`;
}
