// Records that every authoritative server says are not there.
import type { Evidence } from '../../model/evidence.ts';
import type { DnsName } from '../../model/names.ts';
import { lostRecordDeadlines } from '../deadlines.ts';
import { withLastKey } from '../last-key.ts';
import type { Reading } from '../reading.ts';
import { finding, lookupsOf, type Rule } from '../rule.ts';
import { recordSeverity } from '../severity.ts';

/** One finding for all missing records of the identity. A record found at its doubled name is told as that instead. */
export const recordMissing: Rule = (evidence, reading) => {
  const missing = reading.records.filter(({ verdict, doubledAt }) => verdict.kind === 'absent-confirmed' && doubledAt === undefined);
  if (missing.length === 0) return [];
  const { identity, history, now } = evidence;
  const absences = new Set(missing.flatMap(({ verdict }) => (verdict.kind === 'absent-confirmed' ? [verdict.absence] : [])));
  const lastSeen = (history?.lastRecords ?? []).filter(({ name }) => missing.some(({ record }) => record.name === name));
  const facts = {
    missing: missing.length,
    expected: reading.records.length,
    absence: absences.size > 1 ? 'mixed' : ([...absences][0] ?? 'nodata'),
    since: history?.absentSince ?? now,
    ...(history?.lastHealthyAt === undefined ? {} : { lastHealthyAt: history.lastHealthyAt }),
    lastSeen: lastSeen.map(({ name, value }) => ({ name, value })),
    ...movedFrom(evidence, reading),
    nameServers: reading.nameServers,
    sesNoticed: identity.ses.status !== 'SUCCESS' && identity.ses.status !== 'UNKNOWN',
    ...(missing.some(({ verdict }) => verdict.kind === 'absent-confirmed' && verdict.wildcard) ? { wildcard: true } : {}),
  } as const;
  return [
    finding('record-missing', recordSeverity(identity), facts, {
      records: missing.map(({ record }) => withLastKey(record, history?.lastRecords ?? [])),
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
