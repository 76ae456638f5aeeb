// The own keys (BYODKIM) that are published as they should be, as parsed.
import { judgeKey, type KeyVerdict } from '../dkim/judge-key.ts';
import type { Reading, RecordReading } from './reading.ts';

export interface GoodKey {
  readonly one: RecordReading;
  readonly key: Extract<KeyVerdict, { kind: 'usable' }>;
}

/** Keys behind the CNAMEs of Easy DKIM are SES's own affair, and not among them. */
export function goodKeys({ records }: Reading): readonly GoodKey[] {
  return records.flatMap((one) => {
    if (one.record.type !== 'TXT' || one.verdict.kind !== 'present') return [];
    const key = judgeKey([one.verdict.value], one.record.publicKey);
    return key.kind === 'usable' ? [{ one, key }] : [];
  });
}
