// Finds a record at the names where slips put it, and is not fooled by a wildcard that answers there for any name.
import { cnameChain, txtAtEnd } from '../dkim/answer-chain.ts';
import { judgeKey } from '../dkim/judge-key.ts';
import { misplacedNames } from '../dkim/questions.ts';
import type { Evidence, RecordEvidence } from '../model/evidence.ts';
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

/** Where one of the other usual slips put the record, and which. */
export function foundMisplaced(
  { record, misplaced, besideMisplaced }: RecordEvidence,
  { identity, expectation, history }: Evidence,
  apex: DnsName,
): { readonly foundAt: DnsName; readonly how: MisplacedHow } | undefined {
  if (misplaced.length === 0 || expectation.kind !== 'records') return undefined;
  const places = misplacedNames(record, expectation.domain, apex, identity.ses.mailFrom?.domain);
  const known = withLastKey(record, history?.lastRecords ?? []);
  for (const { name, how } of places) {
    const there = misplaced.filter(({ question }) => question.name === name);
    // Another domain may have a selector of the same name, and a key of its own there: only this domain's key is out of place.
    const othersToo = known.type === 'TXT' && (how === 'under-parent' || how === 'under-child');
    if (othersToo && known.publicKey === undefined) continue;
    if (foundAmong(othersToo ? known : record, there, besideMisplaced) !== undefined) return { foundAt: name, how };
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
