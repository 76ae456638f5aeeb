// The key record holds an RSA key that is too short.
import { lostRecordDeadlines } from '../deadlines.ts';
import { withLastKey } from '../last-key.ts';
import { finding, lookupsOf, type Rule } from '../rule.ts';

/** Receivers must refuse RSA keys under 1024 bits (RFC 8301 §3.2). */
export const keyTooShort: Rule = (evidence, reading) =>
  reading.records.flatMap((one) => {
    if (one.verdict.kind !== 'bad-key' || one.verdict.key.kind !== 'too-short') return [];
    const facts = { name: one.record.name, bits: one.verdict.key.bits };
    return [
      finding('key-too-short', 'critical', facts, {
        records: [withLastKey(one.record, evidence.history?.lastRecords ?? [])],
        zone: reading.zone,
        evidence: lookupsOf([one]),
        deadlines: lostRecordDeadlines(evidence),
      }),
    ];
  });
