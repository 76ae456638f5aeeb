// The key record holds another key than the configuration names.
import { keyEnd } from '../../dkim/judge-key.ts';
import { lostRecordDeadlines } from '../deadlines.ts';
import { finding, lookupsOf, type Rule } from '../rule.ts';

/** Compared by the bytes of the key, so that neither tags nor white space count. */
export const keyMismatch: Rule = (evidence, reading) =>
  reading.records.flatMap((one) => {
    if (one.verdict.kind !== 'bad-key' || one.verdict.key.kind !== 'mismatch') return [];
    const facts = {
      name: one.record.name,
      published: keyEnd(one.verdict.key.publicKey),
      configured: keyEnd(one.record.type === 'TXT' ? (one.record.publicKey ?? '') : ''),
    };
    return [
      finding('key-mismatch', 'critical', facts, {
        records: [one.record],
        zone: reading.zone,
        evidence: lookupsOf([one]),
        deadlines: lostRecordDeadlines(evidence),
      }),
    ];
  });
