// How old an inventory may be before somebody should look: twice its interval, or more where SES's own pace makes that impossible.
import { knownIn, type TargetReport } from '../model/report.ts';

/** What of the plan decides how fast SES can be read. All times in milliseconds. */
export interface ReadingPace {
  readonly inventoryEveryMs: number;
  readonly scheduleMs: number;
  /** Time that reading SES may take in one sweep. */
  readonly inventoryMs: number;
  /** Calls a second, for each account and region. */
  readonly sesCallsPerSecond: number;
}

/**
 * Milliseconds that an inventory of so many identities may be old. Twice the interval is the rule. But one call a second is all that SES allows, and
 * reading gets only its share of each sweep: ten thousand identities take three hours at full pace and nearly five beside the DNS checks, whatever
 * interval is asked for. So the interval, the sweep that notices that it has passed, and twice the time that the reading needs are allowed as well.
 */
export function allowedAgeMs(identities: number, { inventoryEveryMs, scheduleMs, inventoryMs, sesCallsPerSecond }: ReadingPace): number {
  const share = Math.min(1, inventoryMs / scheduleMs);
  const readingMs = ((identities / sesCallsPerSecond) * 1000) / share;
  return Math.max(2 * inventoryEveryMs, inventoryEveryMs + scheduleMs + 2 * readingMs);
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

/** True if SES has not been read completely for longer than it may take. */
export function isInventoryOld(report: TargetReport, pace: ReadingPace, now: number): boolean {
  const age = inventoryAgeMs(report, now);
  return age !== undefined && age > allowedAgeMs(knownIn(report), pace);
}
