// When SES last said that DKIM was all right, by its own word or by our memory.
import type { Evidence } from '../model/evidence.ts';

/** The later of both, ISO 8601 UTC; undefined if neither is known. */
export function lastSuccessOf({ identity, history }: Pick<Evidence, 'identity' | 'history'>): string | undefined {
  return [identity.ses.lastSuccessAt, history?.lastSuccessAt]
    .filter((at) => at !== undefined)
    .sort()
    .at(-1);
}
