// Whether an identity was begun and then forgotten.
import type { Evidence } from '../model/evidence.ts';
import { hoursBetween } from './deadlines.ts';
import { lastSuccessOf } from './last-success.ts';

/** SES stops looking after three days; who has not come back after three weeks will not. */
const ABANDONED_HOURS = 21 * 24;

/** Since when it has been waiting, by the key that SES made for it or by our first sight of it; undefined if it may send, once worked, is young, or SES has looked lately. */
export function abandonedSince(
  evidence: Pick<Evidence, 'identity' | 'history' | 'now'>,
): { readonly at: string; readonly estimated: boolean } | undefined {
  const { identity, history, now } = evidence;
  const { ses, type, method } = identity;
  if (type !== 'domain' || !['PENDING', 'FAILED', 'NOT_STARTED'].includes(ses.status) || lastSuccessOf(evidence) !== undefined)
    return undefined;
  // What SES did not say is no "no".
  if (ses.verifiedForSending !== false || ses.sendingEnabled === true || history?.maySend === true) return undefined;
  const made = method === 'easy' ? ses.lastKeyGeneratedAt : undefined;
  // Somebody may have started it again: SES looks while it is pending, and has not looked since it gave up.
  const idleSince =
    [made, ses.lastCheckedAt]
      .filter((at) => at !== undefined)
      .sort()
      .at(-1) ?? history?.firstSeenAt;
  if (idleSince === undefined || !((hoursBetween(idleSince, now) ?? 0) >= ABANDONED_HOURS)) return undefined;
  return { at: made ?? history?.firstSeenAt ?? idleSince, estimated: made === undefined };
}
