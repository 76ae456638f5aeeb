// What is remembered of these very records: a new method or new tokens bring names that nobody has ever published.
import type { IdentityHistory } from '../model/evidence.ts';
import type { ExpectedRecord } from '../model/expectation.ts';
import { lastRightAt } from './deadlines.ts';

/** When all of these were last seen right; undefined if any of them never was, as far as anybody remembers. */
export function seenRightAt(history: IdentityHistory | undefined, records: readonly ExpectedRecord[]): string | undefined {
  const known = history?.lastRecords ?? [];
  const wasThere = records.every((record) => known.some(({ name, type }) => name === record.name && type === record.type));
  return wasThere ? lastRightAt(history) : undefined;
}

/** Since when the first of these has been absent; `now` if none of them was when DNS was last seen. ISO 8601 UTC. */
export function absentFrom(
  history: Pick<IdentityHistory, 'absentRecords' | 'absentSince'> | undefined,
  names: readonly string[],
  now: string,
): string {
  const goesOn = history?.absentRecords?.some((name) => names.includes(name)) === true;
  return (goesOn ? history?.absentSince : undefined) ?? now;
}
