// What is remembered of an identity after a sweep.
import type { Diagnosis } from '../model/diagnosis.ts';
import type { Evidence, IdentityHistory } from '../model/evidence.ts';
import type { FindingKind } from '../model/finding.ts';
import type { DnsName } from '../model/names.ts';
import { withoutPrivateKeysWithin } from '../model/private-keys.ts';
import { cutAt } from '../model/safe-text.ts';
import { lastRightAt } from './deadlines.ts';
import { keyChange } from './key-change.ts';
import { absentFrom } from './known-records.ts';
import { lastSuccessOf } from './last-success.ts';
import { type Reading, readEvidence } from './reading.ts';
import { rightSince } from './right-since.ts';
import { serverTrouble } from './server-trouble.ts';

const MAX_RECORDS = 3;
const MAX_VALUE = 1000;

/**
 * The history to keep, from this sweep's evidence and diagnosis and the history before it (inside the evidence).
 * An unknown sweep ends no spell and starts no new one but its own: what was known stays known.
 */
export function nextHistory(evidence: Evidence, diagnosis: Diagnosis): IdentityHistory {
  const { history, identity, now } = evidence;
  const reading = readEvidence(evidence);
  const healthy = diagnosis.kind === 'healthy';
  const unknown = diagnosis.kind === 'unknown';
  // Right at the name servers, and refused by everybody who checks DNSSEC: SES may be one of these.
  const bogus = diagnosis.findings.some(({ kind }) => kind === 'dnssec-bogus');
  const right = bogus ? undefined : dnsRightSince(evidence, reading);
  const disputes = diagnosis.findings.some(({ kind }) => DISPUTES.includes(kind)) || undefined;
  const misses = identity.ses.status === 'TEMPORARY_FAILURE';
  // Broken by SES's word, perhaps, while DNS is as dark as before: that spell goes on.
  const dark = unknown || (diagnosis.kind === 'broken' && reading.blind !== undefined);
  const absent = absentRecords(reading, history);
  const wrong = [...new Set([...confirmedWrong(reading, diagnosis), ...(unknown ? (history?.confirmedWrong ?? []) : [])])];
  const change = keyChange(evidence, reading);
  const success = identity.ses.status === 'SUCCESS' ? later(identity.ses.readAt, lastSuccessOf(evidence)) : lastSuccessOf(evidence);
  return compact({
    firstSeenAt: history?.firstSeenAt ?? now,
    last: diagnosis.kind,
    lastHealthyAt: healthy ? now : history?.lastHealthyAt,
    lastRightAt: healthy ? undefined : reading.right && !bogus && !unknown ? now : history?.lastRightAt,
    missedAt: misses ? (history?.missedAt ?? now) : undefined,
    missedFrom: !misses ? undefined : history?.missedAt === undefined ? lastRightAt(history) : history.missedFrom,
    lastSuccessAt: success,
    pendingSince: identity.ses.status === 'PENDING' ? (history?.pendingSince ?? now) : undefined,
    signing: signingOf(evidence),
    maySend: identity.ses.verifiedForSending === true || history?.maySend === true ? true : identity.ses.verifiedForSending,
    brokenSince: healthy ? undefined : (history?.brokenSince ?? (unknown ? undefined : now)),
    unknownSince: dark ? (history?.unknownSince ?? now) : undefined,
    unknownSweeps: dark ? (history?.unknownSweeps ?? 0) + 1 : 0,
    dnsRightSince: right,
    sesDisputes: right === undefined || identity.ses.status === 'SUCCESS' ? undefined : disputes || history?.sesDisputes,
    lastRecords: reading.right && change === undefined ? recordsOf(reading) : history?.lastRecords,
    lastNameServers: reading.right ? reading.nameServers : history?.lastNameServers,
    absentRecords: absent.length > 0 ? absent : undefined,
    confirmedWrong: wrong.length > 0 ? wrong : undefined,
    absentSince: absent.length > 0 ? absentFrom(history, absent, now) : undefined,
    serverTroubleSweeps: troubleSweeps(evidence),
    offAirSweeps: serverTrouble(evidence)?.allLame === true ? (history?.offAirSweeps ?? 0) + 1 : undefined,
    keyChangedAt: change?.since,
    keyChangedTo: change?.now,
    worldAskedAt: evidence.dns.records.some(({ resolvers }) => resolvers.length > 0) ? now : history?.worldAskedAt,
    mailAskedAt: evidence.dns.mail === undefined ? history?.mailAskedAt : now,
  });
}

/** What is absent now, and what was and could not be told this time: a sweep that cannot see ends no spell. */
function absentRecords({ records, gone }: Reading, history: IdentityHistory | undefined): readonly DnsName[] {
  const before = history?.absentRecords ?? [];
  if (gone !== undefined) return [];
  if (records.length === 0) return before;
  return records.flatMap(({ record, verdict, masked }) =>
    verdict.kind === 'absent-confirmed' || masked || (verdict.kind === 'unknown' && before.includes(record.name)) ? [record.name] : [],
  );
}

/** Counted over sweeps that saw it. A quick look that was right saw only one server: it can see trouble in the delegation, and never the end of any. */
function troubleSweeps(evidence: Evidence): number | undefined {
  const { history, dns } = evidence;
  if (serverTrouble(evidence)?.half === true) return (history?.serverTroubleSweeps ?? 0) + 1;
  return dns.level === 'panel' && dns.delegation?.kind === 'delegated' ? undefined : history?.serverTroubleSweeps;
}

/** Verdicts that only a second round gives. */
const CONFIRMED_WRONG = ['wrong', 'wrong-type', 'ambiguous', 'bad-key', 'disagree', 'txt-unanswerable'];

/** Findings that hold SES's word against records that look right. */
const DISPUTES: readonly FindingKind[] = ['ses-cannot-verify', 'zone-elsewhere', 'verification-overdue'];

/** Findings that only a second round gives, and that no record's verdict shows. */
const CONFIRMED_KINDS: readonly FindingKind[] = ['dnssec-bogus', 'target-has-no-key', 'mail-from-broken'];

/** Of a key that is good in itself (`key-testing`, `key-changed`) the record's name is what is known. */
const confirmedWrong = (reading: Reading, { findings }: Diagnosis): readonly string[] => [
  ...(reading.gone === undefined ? [] : ['domain-gone']),
  ...reading.records.flatMap(({ record, verdict }) => (CONFIRMED_WRONG.includes(verdict.kind) ? [record.name] : [])),
  ...findings.flatMap(({ kind, severity, records }): readonly string[] => {
    if (severity === 'notice') return [];
    if (kind === 'key-testing' || kind === 'key-changed') return records.map(({ name }) => name);
    return CONFIRMED_KINDS.includes(kind) ? [kind] : [];
  }),
];

/** JSON has no undefined, and the types say "absent": drop what is not known. */
function compact(fields: { readonly [K in keyof IdentityHistory]-?: IdentityHistory[K] | undefined }): IdentityHistory {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as unknown as IdentityHistory;
}

const later = (a: string, b: string | undefined): string => (b !== undefined && b > a ? b : a);

/** A switch that was on and is now off stays remembered as on, so that "somebody turned it off" is not forgotten after one sweep. */
function signingOf({ identity, history }: Evidence): boolean | undefined {
  const { signing } = identity.ses;
  return signing === undefined || (history?.signing === true && !signing) ? history?.signing : signing;
}

/** Broken off by a sweep that saw DNS wrong; one that could not see changes nothing. */
function dnsRightSince({ identity, history, now }: Evidence, reading: Reading): string | undefined {
  if (reading.right) return rightSince(identity, history, now);
  const wrong =
    reading.gone !== undefined || reading.records.some(({ verdict }) => verdict.kind !== 'present' && verdict.kind !== 'unknown');
  return wrong ? undefined : history?.dnsRightSince;
}

/** Keys are compared as parsed from here: a private key beside the public one is taken out of the text, and leaves that as it was. */
function recordsOf({ records }: Reading): NonNullable<IdentityHistory['lastRecords']> {
  return records
    .slice(0, MAX_RECORDS)
    .flatMap(({ record, verdict }) =>
      verdict.kind === 'present'
        ? [{ name: record.name, type: record.type, value: cutAt(withoutPrivateKeysWithin(verdict.value), MAX_VALUE) }]
        : [],
    );
}
