// Records that every authoritative server says are not there.
import type { Evidence } from '../../model/evidence.ts';
import type { DnsName } from '../../model/names.ts';
import { lostRecordDeadlines } from '../deadlines.ts';
import { absentFrom, seenRightAt } from '../known-records.ts';
import { withLastKey } from '../last-key.ts';
import { otherPrimary, sideOf } from '../other-primary.ts';
import type { Reading, RecordReading } from '../reading.ts';
import type { RecordVerdict } from '../record-verdict.ts';
import { finding, lookupsOf, type Rule } from '../rule.ts';
import { recordSeverity } from '../severity.ts';

type Lost = RecordReading & { readonly verdict: Extract<RecordVerdict, { kind: 'absent-confirmed' }> };

/** Not there, and found nowhere else. */
export function isLost(one: RecordReading): one is Lost {
  return one.verdict.kind === 'absent-confirmed' && one.doubledAt === undefined && one.misplaced === undefined;
}

/** One finding for all missing records of the identity. A record found elsewhere, or behind a wildcard, is told as that instead. */
export const recordMissing: Rule = (evidence, reading) => {
  const missing = reading.records.filter((one) => isLost(one) && one.verdict.wildcard === undefined);
  if (missing.length === 0) return [];
  const { identity, history, now } = evidence;
  const absences = new Set(missing.flatMap(({ verdict }) => (verdict.kind === 'absent-confirmed' ? [verdict.absence] : [])));
  const lastSeen = (history?.lastRecords ?? []).filter(({ name }) => missing.some(({ record }) => record.name === name));
  const records = missing.map(({ record }) => record);
  const seen = seenRightAt(history, records);
  const facts = {
    missing: missing.length,
    expected: reading.records.length,
    absence: absences.size > 1 ? 'mixed' : ([...absences][0] ?? 'nodata'),
    since: absentFrom(
      history,
      records.map(({ name }) => name),
      now,
    ),
    ...(seen === undefined ? {} : { lastHealthyAt: seen }),
    lastSeen: lastSeen.map(({ name, value }) => ({ name, value })),
    ...(seen === undefined ? {} : movedFrom(evidence, reading)),
    nameServers: reading.nameServers,
    sesNoticed: identity.ses.status !== 'SUCCESS' && identity.ses.status !== 'UNKNOWN',
    ...newTokens(evidence, reading),
    ...stillAt(evidence, reading),
  } as const;
  return [
    finding('record-missing', recordSeverity(identity), facts, {
      records: records.map((record) => withLastKey(record, history?.lastRecords ?? [])),
      zone: reading.zone,
      evidence: lookupsOf(missing),
      deadlines: lostRecordDeadlines(evidence),
    }),
  ];
};

/** The domain moved if none of today's name servers was there when all was well; a server added or dropped is no move. */
function movedFrom({ history }: Evidence, { nameServers }: Reading): { readonly movedFrom?: readonly DnsName[] } {
  const before = history?.lastNameServers ?? [];
  const moved = before.length > 0 && nameServers.length > 0 && !nameServers.some((name) => before.includes(name));
  return moved ? { movedFrom: before } : {};
}

/** Records were remembered from when all was well, and every one of them by other names than those that SES wants now. */
function newTokens({ history, identity }: Evidence, { records }: Reading): { readonly newTokens?: true } {
  const before = history?.lastRecords ?? [];
  const easy = identity.method === 'easy' && before.length > 0 && before.every(({ type }) => type === 'CNAME');
  return easy && records.every(({ record }) => !before.some(({ name }) => name === record.name)) ? { newTokens: true } : {};
}

/** The server that SES looked at still has them: the domain was moved away from it, even if nobody watched at the time. */
function stillAt(evidence: Evidence, reading: Reading): { readonly stillAt?: DnsName } {
  const { expectation, dns } = evidence;
  const primary = otherPrimary(evidence, reading);
  const there = expectation.kind === 'records' && sideOf(dns.sesSide ?? [], expectation.records) === 'right';
  return primary !== undefined && there ? { stillAt: primary } : {};
}
