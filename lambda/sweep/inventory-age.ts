// How old an inventory may be before somebody should look: twice its interval, or more where SES's own pace makes that impossible.
import { knownIn, type TargetReport } from '../model/report.ts';

/** The details of each identity are read once in this time, by default. */
export const DETAILS_EVERY_MS = 24 * 3_600_000;

/** What of the plan decides how fast SES can be read. All times in milliseconds. */
export interface ReadingPace {
  readonly inventoryEveryMs: number;
  /** Default: a day. */
  readonly detailsEveryMs?: number;
  readonly scheduleMs: number;
  /** Time that reading SES may take in one sweep. */
  readonly inventoryMs: number;
  /** Calls a second, for each account and region. */
  readonly sesCallsPerSecond: number;
}

/** Identities that one call of the listing names, and that one call of SES v1 tells the status of. */
const A_PAGE = 1000;
const A_BATCH = 100;
/** A turn in the rotation of details takes twice its time: it leaves half of the pace to others. */
const UNHURRIED = 2;

/**
 * Milliseconds that an inventory of so many identities, that is the status of all, may be old. Twice the interval is the rule. But one call a second is
 * all that SES allows, and reading gets only its share of each sweep, and of that two thirds where details wait. So the interval, the sweep that
 * notices that it has passed, and twice the time that the reading needs are allowed as well.
 */
export function allowedAgeMs(identities: number, pace: ReadingPace): number {
  const calls = Math.ceil(identities / A_PAGE) + Math.ceil(identities / A_BATCH);
  return Math.max(2 * pace.inventoryEveryMs, pace.inventoryEveryMs + pace.scheduleMs + 2 * readingMs(1.5 * calls, pace));
}

/** Milliseconds that the oldest details may be old, or waited for: twice their interval, or as long as one call for each identity needs. */
export function allowedDetailsAgeMs(identities: number, pace: ReadingPace): number {
  const { detailsEveryMs = DETAILS_EVERY_MS } = pace;
  return Math.max(2 * detailsEveryMs, detailsEveryMs + pace.inventoryEveryMs + 2 * readingMs(UNHURRIED * identities, pace));
}

function readingMs(calls: number, { scheduleMs, inventoryMs, sesCallsPerSecond }: ReadingPace): number {
  const share = Math.min(1, inventoryMs / scheduleMs);
  return ((calls / sesCallsPerSecond) * 1000) / share;
}

/**
 * Milliseconds since the inventory behind the report was complete; one that never was counts from the first sight of its identities.
 * Undefined if nothing is known of the target: that it cannot be read is said by its gap.
 */
export function inventoryAgeMs({ inventoryAt, results, besides }: TargetReport, now: number): number | undefined {
  const counted = besides?.firstSeenAt === undefined ? [] : [besides.firstSeenAt];
  const since = inventoryAt ?? [...results.map(({ history }) => history.firstSeenAt), ...counted].sort()[0];
  return since === undefined ? undefined : Math.max(0, now - Date.parse(since));
}

/** Seconds since the inventory that is oldest was complete; 0 where nothing is known. */
export function oldestInventorySeconds(reports: readonly TargetReport[], now: number): number {
  return reports.reduce((oldest, report) => Math.max(oldest, inventoryAgeMs(report, now) ?? 0), 0) / 1000;
}

/** True if the status of all, or the details of somebody, have not been read for longer than it may take. */
export function isInventoryOld(report: TargetReport, pace: ReadingPace, now: number): boolean {
  const age = inventoryAgeMs(report, now);
  const identities = knownIn(report);
  const { detailsAt } = report;
  return (
    (age !== undefined && age > allowedAgeMs(identities, pace)) ||
    (detailsAt !== undefined && now - Date.parse(detailsAt) > allowedDetailsAgeMs(identities, pace))
  );
}
