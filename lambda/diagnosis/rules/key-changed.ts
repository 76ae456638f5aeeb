// The published key is a good one, but not the one that was there while all was well.
import { isConfirmed } from '../confirmed.ts';
import { mindedDeadlines } from '../deadlines.ts';
import { keyChange } from '../key-change.ts';
import { withLastKey } from '../last-key.ts';
import { finding, lookupsOf, type Rule } from '../rule.ts';

/** A warning: it may be a key change on purpose, of which SES has not been told yet. It ends when SES has checked the record since, says SUCCESS for three days on end, or the old key is back. */
export const keyChanged: Rule = (evidence, reading) => {
  const change = keyChange(evidence, reading);
  if (change === undefined || !isConfirmed(evidence.dns)) return [];
  const changed = reading.records.filter(({ record }) => record.name === change.name);
  const { name, before, now, since } = change;
  return [
    finding(
      'key-changed',
      'warning',
      { name, before, now, since },
      {
        records: changed.map(({ record }) => withLastKey(record, evidence.history?.lastRecords ?? [])),
        zone: reading.zone,
        evidence: lookupsOf(changed),
        deadlines: mindedDeadlines(evidence),
      },
    ),
  ];
};
