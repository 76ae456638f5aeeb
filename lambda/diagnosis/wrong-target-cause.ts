// Guesses how a CNAME came by its wrong target, from the target alone.
import { isSesDkimZone, regionsOfZone } from '../dkim/region-zones.ts';
import type { ExpectedRecord } from '../model/expectation.ts';
import type { WrongTargetCause } from '../model/finding.ts';

/** Slips of the keyboard that are still taken for one. */
const MAX_SLIPS = 2;

/**
 * `target` as DNS gave it (lower case, no final dot). `tokens` are those of the identity: one of the others is a mix-up, not a former
 * identity's. The order matters: some regions' zones differ by a single character, which is not a slip.
 */
export function wrongTargetCause(
  record: Extract<ExpectedRecord, { type: 'CNAME' }>,
  target: string,
  tokens: readonly string[],
): { readonly cause: WrongTargetCause; readonly zone?: string } {
  const appended = target.startsWith(`${record.target}.`) ? target.slice(record.target.length + 1) : undefined;
  if (appended !== undefined && record.name.endsWith(`.${appended}`)) return { cause: 'domain-appended' };
  const dot = target.indexOf('.');
  const [label, zone] = [target.slice(0, Math.max(dot, 0)), target.slice(dot + 1)];
  if (isSesDkimZone(zone)) {
    // A zone of a region that is not known yet, unless it is nearly the right one.
    const isRegions = regionsOfZone(zone).length > 0 || !withinSlips(target, record.target);
    if (label === record.token && isRegions) return { cause: 'other-region-zone', zone };
    if (tokens.includes(label) && label !== record.token) return { cause: 'typo' };
  }
  if (withinSlips(target, record.target)) return { cause: 'typo' };
  return { cause: isSesDkimZone(zone) && /^[a-z0-9]{20,63}$/.test(label) ? 'stale-token' : 'unrelated' };
}

/** True if the edit distance (insert, delete, replace) is at most {@link MAX_SLIPS}. Quick for names, which have at most 253 characters. */
function withinSlips(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > MAX_SLIPS) return false;
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    if (Math.min(...next) > MAX_SLIPS) return false;
    row = next;
  }
  return (row[b.length] ?? MAX_SLIPS + 1) <= MAX_SLIPS;
}
