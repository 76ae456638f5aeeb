// The shape of a rule, and how rules make findings.
import type { Evidence } from '../model/evidence.ts';
import type { PublishedRecord } from '../model/expectation.ts';
import type { Deadline, Finding, FindingFacts, FindingKind, FindingOf, Severity } from '../model/finding.ts';
import type { DnsRecord, Lookup } from '../model/lookup.ts';
import { withoutPrivateKeysIn, withoutPrivateKeysWithin } from '../model/private-keys.ts';
import { cutAt } from '../model/safe-text.ts';
import type { Reading, RecordReading } from './reading.ts';

/** Looks at one identity's evidence and its reading, and at what the rules before it found; gives the findings of one kind, usually none or one. */
export type Rule = (evidence: Evidence, reading: Reading, found: readonly Finding[]) => readonly Finding[];

/** Lookups shown with one finding. */
const MAX_EVIDENCE = 20;
/** Records kept of one answer, and characters of one value. */
const MAX_RECORDS = 10;
const MAX_VALUE = 600;

export interface FindingParts {
  readonly records?: readonly PublishedRecord[];
  readonly zone?: Reading['zone'];
  readonly evidence?: readonly Lookup[];
  readonly deadlines?: readonly Deadline[];
}

/** A finding with its parts; evidence is cut at 20 lookups. Findings are kept and handed on: a private key that DNS shows stays out of them. */
export function finding<K extends FindingKind>(
  kind: K,
  severity: Severity,
  facts: FindingFacts[K],
  parts: FindingParts = {},
): FindingOf<K> {
  return {
    kind,
    severity,
    facts: withoutPrivateKeysWithin(facts),
    records: parts.records ?? [],
    ...(parts.zone === undefined ? {} : { zone: parts.zone }),
    evidence: (parts.evidence ?? []).slice(0, MAX_EVIDENCE).map(trimmed),
    deadlines: parts.deadlines ?? [],
  };
}

/** Findings are remembered: an answer of 64 KiB must not fill the memory with what nobody will read. */
function trimmed(lookup: Lookup): Lookup {
  if (lookup.outcome.kind !== 'answer') return lookup;
  const records = lookup.outcome.records.slice(0, MAX_RECORDS);
  const texts = withoutPrivateKeysIn(records.map((record) => (record.type === 'TXT' ? record.strings.join('') : '')));
  return { ...lookup, outcome: { ...lookup.outcome, records: records.map((record, i) => trimmedRecord(record, texts[i] ?? '')) } };
}

function trimmedRecord(record: DnsRecord, text: string): DnsRecord {
  switch (record.type) {
    case 'TXT':
      return { ...record, strings: [cutAt(text, MAX_VALUE)] };
    case 'SOA':
      return { ...record, primary: cutAt(record.primary, MAX_VALUE) };
    case 'CNAME':
    case 'NS':
    case 'A':
    case 'MX':
      return { ...record, value: cutAt(record.value, MAX_VALUE) };
  }
}

/**
 * The lookups that show what is said of these records: the latest round, one question a server (CNAME for a CNAME, else TXT) and a record
 * before anything else, so that the cut at 20 leaves something of every record.
 */
export function lookupsOf(readings: readonly RecordReading[]): readonly Lookup[] {
  const telling: Lookup[] = [];
  const rest: Lookup[] = [];
  for (const { record, evidence } of readings) {
    if (evidence === undefined) continue;
    const latest = evidence.confirmation.length > 0 ? evidence.confirmation : evidence.lookups;
    const typed = latest.filter(({ question }) => question.type === record.type);
    telling.push(...(typed.length > 0 ? typed : latest));
    rest.push(...evidence.beside.filter(({ outcome }) => outcome.kind === 'answer'));
  }
  return [...telling, ...rest];
}
