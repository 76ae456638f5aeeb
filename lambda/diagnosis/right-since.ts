// Since when DNS has been right, as far as it was seen: what SES says it saw is only comparable with that.
import type { IdentityHistory } from '../model/evidence.ts';
import type { Identity } from '../model/identity.ts';

/**
 * The start of the present spell for an identity whose records are seen right at `now`; `now` itself if this sweep is the first to see it. A time
 * in which nobody could see does not break the spell, unless SES may have looked in it: what it saw then nobody here knows. Where it had disagreed
 * before, that stands. All times ISO 8601 UTC.
 */
export function rightSince({ ses }: Pick<Identity, 'ses'>, history: IdentityHistory | undefined, now: string): string {
  const { dnsRightSince, sesDisputes, unknownSince } = history ?? {};
  if (dnsRightSince === undefined) return now;
  if (sesDisputes === true || unknownSince === undefined || unknownSince < dnsRightSince) return dnsRightSince;
  const { lastCheckedAt } = ses;
  return lastCheckedAt !== undefined && Date.parse(lastCheckedAt) < Date.parse(unknownSince) ? dnsRightSince : now;
}
