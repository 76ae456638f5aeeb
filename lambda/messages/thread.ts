// The thread that a message stands in: in chat everything about one trouble is said in one place.
import { createHash } from 'node:crypto';
import type { AlertTelling } from '../model/telling.ts';

/**
 * `metadata.threadId` of a telling's chat body. One alert keeps its own id through its whole life, also one that many identities share. A message
 * about many alerts stands in the thread of exactly these alerts, whatever its event: their recovery answers their opening if none has gone its own
 * way meanwhile.
 * Source: Amazon Q Developer in chat applications, Administrator Guide, "Custom notifications" (threadId; no length is published).
 */
export function threadOf(telling: AlertTelling): string {
  if (telling.kind === 'alert') return telling.alert.id;
  if (telling.occasion !== 'many-at-once') return telling.alertId;
  const ids = telling.alerts.map(({ id }) => id).sort();
  return `many-${createHash('sha256').update(JSON.stringify(ids)).digest('hex').slice(0, 20)}`;
}
