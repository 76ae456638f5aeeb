// When troubles that share something are taken for one cause, and when for chance: of 2,000 domains on one host's servers some are always being lost by their owners.
import type { Alert, Cause } from '../model/alert.ts';
import type { TargetReport } from '../model/report.ts';
import { causesOf, causeText, type Shareable, sharedBy } from './cause.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** So many make a group. In one zone three are the work of one hand; what is larger has chance in it. */
const ENOUGH: { readonly [B in Cause['by']]: number } = { zone: 3, servers: 5, account: 5, provider: 5, several: Number.POSITIVE_INFINITY };

/** In a bad month one domain in a hundred is lost in a day for a reason of its own, which is 0.04 % in an hour: this share of all that are watched is no chance. */
const SHARE_IN_AN_HOUR = 0.005;
/** The same for a day, and for what a first look finds, of which nobody knows when it began. */
const SHARE_IN_A_DAY = 0.1;

/** So many in one sweep belong to what they share with an open group, however long ago that began. */
const ENOUGH_TO_JOIN = 3;

/** How many identities are watched that the cause could hit. */
export type Watched = (cause: Cause) => number;

/** A trouble that began in this sweep, or, with `since` (ISO 8601 UTC), before. */
export type Begun = Shareable & { readonly since?: string };

interface Count {
  readonly identities: number;
  readonly alerts: number;
}

/** What may have one cause, by when it began: in this sweep, within an hour, within a day. Each counts the former too. */
export interface Hits {
  readonly sweep: Count;
  readonly hour: Count;
  readonly day: Count;
}

const NONE: Count = { identities: 0, alerts: 0 };
const NO_HITS: Hits = { sweep: NONE, hour: NONE, day: NONE };

/** The hits of each cause by its text. `now` is ISO 8601 UTC. */
export function hitsOf(troubles: readonly Begun[], now: string): (cause: Cause) => Hits {
  const hits = new Map<string, Hits>();
  for (const trouble of troubles) {
    const age = trouble.since === undefined ? undefined : Date.parse(now) - Date.parse(trouble.since);
    for (const text of causesOf(trouble).map(causeText)) {
      const { sweep, hour, day } = hits.get(text) ?? NO_HITS;
      hits.set(text, {
        sweep: age === undefined ? plus(sweep, trouble) : sweep,
        hour: age === undefined || age <= HOUR_MS ? plus(hour, trouble) : hour,
        day: age === undefined || age <= DAY_MS ? plus(day, trouble) : day,
      });
    }
  }
  return (cause) => hits.get(causeText(cause)) ?? NO_HITS;
}

/** The same hits with these of this sweep. */
export function withHits(hits: Hits, troubles: readonly Shareable[]): Hits {
  return { sweep: troubles.reduce(plus, hits.sweep), hour: troubles.reduce(plus, hits.hour), day: troubles.reduce(plus, hits.day) };
}

const plus = ({ identities, alerts }: Count, { affected }: Shareable): Count => ({
  identities: identities + affected.length,
  alerts: alerts + 1,
});

/**
 * How many identities the cause explains; 0 if what they have in common may be chance. One zone has one owner: what breaks there within a day belongs
 * together. Servers, operators and accounts are shared by strangers: several in one sweep do, or a share of all that are watched there.
 */
export function explained(cause: Cause, { sweep, hour, day }: Hits, watched: Watched): number {
  const enough = ENOUGH[cause.by];
  const isMet = ({ identities, alerts }: Count, least: number): boolean => alerts > 1 && identities >= Math.max(enough, least);
  if (!isMet(day, 0)) return 0;
  if (cause.by === 'zone') return day.identities;
  const all = watched(cause);
  // A day is long enough for strangers at one large operator.
  if (cause.by === 'servers' && isMet(day, all * SHARE_IN_A_DAY)) return day.identities;
  if (isMet(hour, all * SHARE_IN_AN_HOUR)) return hour.identities;
  return isMet(sweep, 0) ? sweep.identities : 0;
}

/** The same for what a first look finds. */
export function explainedAtFirst(cause: Cause, { sweep }: Hits, watched: Watched): number {
  const least = cause.by === 'zone' ? 0 : watched(cause) * SHARE_IN_A_DAY;
  return sweep.alerts > 1 && sweep.identities >= Math.max(ENOUGH[cause.by], least) ? sweep.identities : 0;
}

/** True for a group that what breaks may still belong to, and for an alert that may still belong to a group: for a day. `now` is ISO 8601 UTC. */
export const isYoung = ({ openedAt }: { readonly openedAt: string }, now: string): boolean =>
  Date.parse(now) - Date.parse(openedAt) < DAY_MS;

/**
 * True if an open group that is {@link isYoung} takes in what breaks for its cause: always in one zone, and on servers of which it has hit much;
 * else in its first hour, in the hour after a message about it, or if more than a stray one breaks. `hits` are those outside of it.
 */
export function takesIn(group: Alert & { readonly cause: Cause }, hits: Hits, watched: Watched, now: string): boolean {
  const { cause, openedAt, told, affected, most = affected.length } = group;
  if (cause.by === 'zone') return true;
  const isFresh = [openedAt, told?.at].some((at) => at !== undefined && Date.parse(now) - Date.parse(at) <= HOUR_MS);
  if (isFresh || hits.sweep.identities >= ENOUGH_TO_JOIN) return true;
  if (cause.by === 'servers' && most >= watched(cause) * SHARE_IN_A_DAY) return true;
  return explained(cause, hits, watched) > 0;
}

/** Counts what is watched, once somebody asks. Undefined for an early check, which sees too little to know: then no share of it is noticeable. */
export function watchedBy(reports: readonly TargetReport[] | undefined): Watched {
  let counts: ReadonlyMap<string, number> | undefined;
  return (cause) => {
    if (reports === undefined) return Number.POSITIVE_INFINITY;
    counts ??= countsOf(reports);
    return counts.get(placeText(cause)) ?? 0;
  };
}

const placeText = ({ by, names }: Omit<Cause, 'kind'>): string => causeText({ by, names });

function countsOf(reports: readonly TargetReport[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const add = (place: Omit<Cause, 'kind'>, n: number): void => {
    const text = placeText(place);
    counts.set(text, (counts.get(text) ?? 0) + n);
  };
  // Who runs a set of servers is worked out once for each set.
  const sets = new Map<string, { readonly nameServers: readonly string[]; n: number }>();
  for (const { account, results } of reports) {
    add({ by: 'account', names: [account] }, results.length);
    for (const { nameServers = [] } of results) {
      const known = sets.get(nameServers.join(' '));
      if (known) known.n += 1;
      else sets.set(nameServers.join(' '), { nameServers, n: 1 });
    }
  }
  for (const { nameServers, n } of sets.values()) for (const place of sharedBy({ nameServers })) add(place, n);
  return counts;
}
