// Finds a record at the names where slips put it, and is not fooled by a wildcard that answers there for any name.
import { cnameChain, txtAtEnd } from '../dkim/answer-chain.ts';
import { judgeKey } from '../dkim/judge-key.ts';
import { misplacedHow } from '../dkim/questions.ts';
import type { IdentityHistory, RecordEvidence } from '../model/evidence.ts';
import type { ExpectedRecord } from '../model/expectation.ts';
import type { MisplacedHow } from '../model/finding.ts';
import type { Lookup } from '../model/lookup.ts';
import type { DnsName } from '../model/names.ts';
import { withLastKey } from './last-key.ts';
import { fingerprints } from './server-reading.ts';
import { fingerprint } from './server-says.ts';

/** Where the record stands, as it should be, with the domain or the zone appended to its name. */
export function foundDoubled({ record, doubled, besideDoubled }: RecordEvidence): DnsName | undefined {
  return foundAmong(record, doubled, besideDoubled);
}

/**
 * Where one of the other usual slips put the record, and which. A key of one's own under the parent or a child may well be theirs, of the same
 * selector: there it must be the very key that is known, by the configuration or by memory.
 */
export function foundMisplaced(
  { record, misplaced, besideMisplaced }: RecordEvidence,
  domain: DnsName,
  remembered: NonNullable<IdentityHistory['lastRecords']>,
): { readonly foundAt: DnsName; readonly how: MisplacedHow } | undefined {
  const known = withLastKey(record, remembered);
  for (const name of new Set(misplaced.map(({ question }) => question.name))) {
    const how = misplacedHow(record, domain, name);
    const others = how === 'under-parent' || how === 'under-child';
    if (others && known.type === 'TXT' && known.publicKey === undefined) continue;
    const there = misplaced.filter(({ question }) => question.name === name);
    if (foundAmong(others ? known : record, there, besideMisplaced) !== undefined) return { foundAt: name, how };
  }
  return undefined;
}

function foundAmong(record: ExpectedRecord, lookups: readonly Lookup[], beside: readonly Lookup[]): DnsName | undefined {
  const wild = fingerprints(beside);
  return lookups.find(({ question, outcome }) => {
    if (outcome.kind !== 'answer' || wild.has(fingerprint(outcome.records, question.name) ?? '')) return false;
    return record.type === 'CNAME'
      ? cnameChain(outcome.records, question.name).includes(record.target)
      : judgeKey(txtAtEnd(outcome.records, question.name), record.publicKey).kind === 'usable';
  })?.question.name;
}
