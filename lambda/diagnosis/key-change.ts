// Whether an own key in DNS is another one than was there when all was well, and SES has not accepted it since.
import { judgeKey, keyEnd } from '../dkim/judge-key.ts';
import type { Evidence } from '../model/evidence.ts';
import type { DnsName } from '../model/names.ts';
import { lastSuccessOf } from './last-success.ts';
import type { Reading } from './reading.ts';

export interface KeyChange {
  readonly name: DnsName;
  /** The last characters of both keys. */
  readonly before: string;
  readonly now: string;
  /** When it was first seen, ISO 8601 UTC. */
  readonly since: string;
}

/**
 * Undefined without a remembered key, and where the configuration names the key (then that one counts). A success that SES dates after the
 * change settles it: SES checks the record against the private key that it signs with.
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
    const since = history?.keyChangedAt ?? now;
    const success = evidence.identity.ses.status === 'SUCCESS' ? lastSuccessOf({ ...evidence, history: undefined }) : undefined;
    if (success !== undefined && Date.parse(success) > Date.parse(since)) continue;
    return { name: record.name, before: keyEnd(before.publicKey), now: keyEnd(after.publicKey), since };
  }
  return undefined;
}
