// Whether an own key in DNS is another one than was there when all was well, and SES has not accepted it since.
import { judgeKey, keyEnd } from '../dkim/judge-key.ts';
import type { Evidence } from '../model/evidence.ts';
import type { SesFacts } from '../model/identity.ts';
import type { DnsName } from '../model/names.ts';
import { hoursBetween } from './deadlines.ts';
import type { Reading } from './reading.ts';

export interface KeyChange {
  readonly name: DnsName;
  /** The last characters of both keys. */
  readonly before: string;
  readonly now: string;
  /** When it was first seen, ISO 8601 UTC. */
  readonly since: string;
}

/** SES stops believing in records that it misses for three days (SES developer guide, "Troubleshooting DKIM"): what it accepts for longer, it has checked. */
const CHECKED_HOURS = 72;

/**
 * Undefined without a remembered key, and where the configuration names the key (then that one counts), and once SES has accepted the new
 * one: it checks the record against the private key that it signs with. Then the new key is the one to be remembered.
 */
export function keyChange(evidence: Evidence, reading: Reading): KeyChange | undefined {
  const { history, now } = evidence;
  for (const { record, verdict } of reading.records) {
    if (record.type !== 'TXT' || record.publicKey !== undefined || verdict.kind !== 'present') continue;
    const remembered = history?.lastRecords?.find(({ name, type }) => name === record.name && type === 'TXT')?.value;
    const [before, after] = [remembered, verdict.value].map((value) => judgeKey(value === undefined ? [] : [value], undefined));
    if (before?.kind !== 'usable' || after?.kind !== 'usable') continue;
    // Servers with different keys disagree, and then nothing is present. A quick look sees one of them only, and is followed by a panel.
    if (before.publicKey === after.publicKey) continue;
    const end = keyEnd(after.publicKey);
    // The memory of a version that did not keep the key knows of one change only.
    const goesOn = history?.keyChangedAt !== undefined && (history.keyChangedTo ?? end) === end;
    const since = (goesOn ? history?.keyChangedAt : undefined) ?? now;
    if (isAccepted(evidence.identity.ses, since)) continue;
    return { name: record.name, before: keyEnd(before.publicKey), now: end, since };
  }
  return undefined;
}

/** SES dates a success or a look after the change, and says SUCCESS; where its stamps stand still, it says so three days later. */
function isAccepted({ status, lastSuccessAt, lastCheckedAt, readAt }: SesFacts, since: string): boolean {
  if (status !== 'SUCCESS') return false;
  const isAfter = (at: string | undefined): boolean => at !== undefined && (hoursBetween(since, at) ?? 0) > 0;
  return isAfter(lastSuccessAt) || isAfter(lastCheckedAt) || (hoursBetween(since, readAt) ?? 0) >= CHECKED_HOURS;
}
