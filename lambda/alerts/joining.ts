// Which open group a new trouble belongs to: what breaks for a cause that was told is told there, and not once more by itself.
import type { Alert, AlertMemory, Cause } from '../model/alert.ts';
import { causesOf, causeText, mayShare, type Shareable } from './cause.ts';
import { type Begun, hitsOf, isYoung, takesIn, type Watched } from './common-cause.ts';

/** What is broken in this sweep, with its alert if it has one. */
export interface Broken {
  readonly trouble: Shareable;
  readonly alert?: Alert | undefined;
}

/**
 * Gives a new trouble the key of the open group that it belongs to; undefined if there is none. `broken` is asked for all that is broken and not
 * muted, if there is a group at all. `now` is ISO 8601 UTC.
 */
export function openGroups(
  { alerts }: AlertMemory,
  broken: () => readonly Broken[],
  watched: Watched,
  now: string,
): (trouble: Shareable) => string | undefined {
  const groups = Object.values(alerts).filter(
    (alert): alert is Group => alert.cause !== undefined && alert.closing === undefined && isYoung(alert, now),
  );
  if (groups.length === 0) return () => undefined;
  const hits = hitsOf(broken().flatMap(begunOf), now);
  const open = new Map<string, string>();
  for (const group of groups) if (takesIn(group, hits(group.cause), watched, now)) open.set(causeText(group.cause), group.key);
  return (trouble) =>
    causesOf(trouble)
      .map((cause) => open.get(causeText(cause)))
      .find((key) => key !== undefined);
}

type Group = Alert & { readonly cause: Cause };

/** What is new, or was told by itself. */
function begunOf({ trouble, alert }: Broken): readonly Begun[] {
  if (alert === undefined) return [trouble];
  return alert.told !== undefined && mayShare(alert) ? [{ ...trouble, since: alert.openedAt }] : [];
}
