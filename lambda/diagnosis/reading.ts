// Condenses one identity's evidence once, for all rules: what is published of each expected record, and why DNS could not be judged.
import type { UnknownReason } from '../model/diagnosis.ts';
import type { Evidence, RecordEvidence } from '../model/evidence.ts';
import type { ExpectedRecord } from '../model/expectation.ts';
import type { MisplacedHow } from '../model/finding.ts';
import type { Delegation } from '../model/lookup.ts';
import type { DnsName } from '../model/names.ts';
import { visible } from '../model/safe-text.ts';
import { isConfirmed } from './confirmed.ts';
import { foundDoubled, foundMisplaced } from './elsewhere.ts';
import { type RecordVerdict, verdictOf } from './record-verdict.ts';
import { readServers, type ServerReading } from './server-reading.ts';
import { unmasked } from './unmasked.ts';

export interface RecordReading {
  readonly record: ExpectedRecord;
  readonly verdict: RecordVerdict;
  readonly servers: readonly ServerReading[];
  /** Where the record was found with the domain or zone appended; a wildcard does not count. */
  readonly doubledAt?: DnsName;
  /** Its name has no such record, confirmed, and the verdict says what hides it. */
  readonly masked?: true;
  /** Where one of the other usual slips put it. */
  readonly misplaced?: { readonly foundAt: DnsName; readonly how: MisplacedHow };
  /** Undefined if nothing was asked about the record. */
  readonly evidence: RecordEvidence | undefined;
}

export interface Reading {
  /** One for each expected record, in order. */
  readonly records: readonly RecordReading[];
  /** Every expected record was seen right on an authoritative server, and none of them in dispute. False if nothing is expected. */
  readonly right: boolean;
  /** The domain does not exist, said twice. */
  readonly gone?: Extract<Delegation, { kind: 'gone' }>;
  readonly zone?: DnsName;
  /** Names of the zone's name servers, sorted. */
  readonly nameServers: readonly DnsName[];
  /** Primary name server by the zone's SOA, as DNS gave it. */
  readonly ourPrimary?: string;
  /** Why something about DNS could not be told; absent if all was judged. */
  readonly blind?: { readonly reason: UnknownReason; readonly detail: string };
}

/** Reading costs; the rules and the history are about the same evidence. */
const readings = new WeakMap<Evidence, Reading>();

/** Reads the evidence of one identity. Never throws, whatever DNS answered. */
export function readEvidence(evidence: Evidence): Reading {
  const reading = readings.get(evidence) ?? read(evidence);
  readings.set(evidence, reading);
  return reading;
}

function read(evidence: Evidence): Reading {
  const { expectation, dns, history } = evidence;
  const nothing = { records: [], right: false, nameServers: [] };
  if (expectation.kind === 'nothing') return nothing;
  if (expectation.kind === 'unknowable') return { ...nothing, blind: { reason: 'no-expectation', detail: expectation.detail } };
  const { delegation } = dns;
  if (delegation?.kind === 'gone') {
    return isConfirmed(dns)
      ? { ...nothing, gone: delegation }
      : { ...nothing, blind: { reason: 'unconfirmed', detail: 'The domain seems to be gone; that was not asked a second time.' } };
  }
  if (delegation?.kind !== 'delegated') return { ...nothing, blind: withoutDelegation(evidence, delegation) };
  const seen = expectation.records.map((record): RecordReading => {
    const about = dns.records.find((candidate) => sameRecord(candidate.record, record));
    const servers = about === undefined ? [] : readServers(about, dns, delegation.apex);
    const doubledAt = about === undefined ? undefined : foundDoubled(about);
    const misplaced =
      about === undefined || doubledAt !== undefined ? undefined : foundMisplaced(about, expectation.domain, history?.lastRecords ?? []);
    return {
      record,
      verdict: verdictOf(servers, {
        record,
        dns,
        delegation,
        absenceKnown: history?.absentRecords?.includes(record.name) === true,
        resolversAgree: agreeOnAbsence(about),
      }),
      servers,
      evidence: about,
      ...(doubledAt ? { doubledAt } : {}),
      ...(misplaced ? { misplaced } : {}),
    };
  });
  const records = unmasked(seen);
  const ourPrimary = primary(evidence, delegation);
  const blind = records.map(({ verdict }) => blindness(verdict, dns.outOfTime === true)).find((reason) => reason !== undefined);
  return {
    records,
    right: records.length > 0 && records.every(({ verdict }) => verdict.kind === 'present'),
    zone: delegation.apex,
    nameServers: [...new Set([...delegation.servers, ...delegation.unusable].map(({ name }) => name))].sort(),
    ...(ourPrimary === undefined ? {} : { ourPrimary }),
    ...(blind ? { blind } : {}),
  };
}

/** Resolvers reach servers that we may not, and what they all say is not there is there for nobody. */
function agreeOnAbsence(about: RecordEvidence | undefined): boolean {
  const resolvers = about?.resolvers ?? [];
  return resolvers.length > 0 && resolvers.every(({ outcome }) => outcome.kind === 'absent');
}

/** The same record is the same name, type and value: evidence about a former expectation does not count. */
function sameRecord(a: ExpectedRecord, b: ExpectedRecord): boolean {
  return a.name === b.name && (a.type === 'CNAME' ? b.type === 'CNAME' && a.target === b.target : b.type === 'TXT');
}

function blindness(verdict: RecordVerdict, outOfTime: boolean): Reading['blind'] {
  if (verdict.kind === 'unknown') return { reason: verdict.reason, detail: verdict.detail };
  if (verdict.kind !== 'absent-suspected') return undefined;
  return {
    reason: outOfTime ? 'out-of-time' : 'unconfirmed',
    detail: 'A record seems to be missing; that is said only when a second round of questions has shown the same.',
  };
}

function withoutDelegation({ dns }: Evidence, delegation: Delegation | undefined): NonNullable<Reading['blind']> {
  if (delegation?.kind === 'unknown') {
    const reason = delegation.why === 'no-servers' || delegation.why === 'loop' ? 'dns-unanswered' : delegation.why;
    return { reason, detail: visible(delegation.detail) };
  }
  return dns.outOfTime
    ? { reason: 'out-of-time', detail: 'The time ran out before DNS was asked.' }
    : { reason: 'dns-unanswered', detail: 'DNS was not asked.' };
}

function primary({ dns }: Evidence, delegation: Extract<Delegation, { kind: 'delegated' }>): string | undefined {
  if (delegation.soaPrimary !== undefined) return delegation.soaPrimary;
  for (const { outcome } of [...dns.soa, ...dns.soaConfirmation])
    if (outcome.kind === 'answer') for (const record of outcome.records) if (record.type === 'SOA') return record.primary;
  return undefined;
}
