// CNAMEs that are there but lead elsewhere.
import type { WrongTargetCause } from '../../model/finding.ts';
import type { DnsName } from '../../model/names.ts';
import { lostRecordDeadlines } from '../deadlines.ts';
import type { RecordReading } from '../reading.ts';
import { finding, lookupsOf, type Rule } from '../rule.ts';
import { recordSeverity } from '../severity.ts';
import { wrongTargetCause } from '../wrong-target-cause.ts';

interface Wrong {
  readonly reading: RecordReading;
  readonly cause: WrongTargetCause;
  readonly zone?: string;
  readonly found: { readonly name: DnsName; readonly target: string; readonly expected: DnsName };
}

/** One finding for each cause, so that three records with the same slip are told once. */
export const recordWrongTarget: Rule = (evidence, reading) => {
  const tokens = reading.records.map(({ record }) => record.token);
  const wrong = reading.records.flatMap((one): readonly Wrong[] => {
    const { record, verdict } = one;
    if (verdict.kind !== 'wrong' || record.type !== 'CNAME') return [];
    return verdict.targets.map((target) => ({
      reading: one,
      ...wrongTargetCause(record, target, tokens),
      found: { name: record.name, target, expected: record.target },
    }));
  });
  return [...new Set(wrong.map(({ cause }) => cause))].map((cause) => {
    const same = wrong.filter((one) => one.cause === cause);
    const zone = same.find((one) => one.zone !== undefined)?.zone;
    const readings = [...new Set(same.map((one) => one.reading))];
    const facts = { cause, found: same.map(({ found }) => found), ...(zone === undefined ? {} : { zone }) };
    return finding('record-wrong-target', recordSeverity(evidence.identity), facts, {
      records: readings.map(({ record }) => record),
      zone: reading.zone,
      evidence: lookupsOf(readings),
      deadlines: lostRecordDeadlines(evidence),
    });
  });
};
