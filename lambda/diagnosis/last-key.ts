// A key record as it is to be published again, with the key that was seen there while all was well.
import { judgeKey } from '../dkim/judge-key.ts';
import type { IdentityHistory } from '../model/evidence.ts';
import type { ExpectedRecord } from '../model/expectation.ts';

/** SES never tells the key. A configured one stands; else the remembered one is taken, encoded anew from the parsed key; else the record stays without. */
export function withLastKey(record: ExpectedRecord, lastRecords: NonNullable<IdentityHistory['lastRecords']>): ExpectedRecord {
  if (record.type === 'CNAME' || record.publicKey !== undefined) return record;
  const value = lastRecords.find(({ name, type }) => name === record.name && type === 'TXT')?.value;
  const verdict = judgeKey(value === undefined ? [] : [value], undefined);
  return verdict.kind === 'usable' ? { ...record, publicKey: verdict.publicKey } : record;
}
