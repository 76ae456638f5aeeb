// Finds a record at the names where slips put it, and is not fooled by a wildcard that answers there for any name.
import { cnameChain, txtAtEnd } from '../dkim/answer-chain.ts';
import { judgeKey } from '../dkim/judge-key.ts';
import { misplacedHow } from '../dkim/questions.ts';
import type { RecordEvidence } from '../model/evidence.ts';
import type { ExpectedRecord } from '../model/expectation.ts';
import type { MisplacedHow } from '../model/finding.ts';
import type { Lookup } from '../model/lookup.ts';
import type { DnsName } from '../model/names.ts';
import { fingerprints } from './server-reading.ts';
import { fingerprint } from './server-says.ts';

/** Where the record stands, as it should be, with the domain or the zone appended to its name. */
export function foundDoubled({ record, doubled, besideDoubled }: RecordEvidence): DnsName | undefined {
  return foundAmong(record, doubled, besideDoubled);
}

/** Where one of the other usual slips put the record, and which. */
export function foundMisplaced(
  { record, misplaced, besideMisplaced }: RecordEvidence,
  domain: DnsName,
): { readonly foundAt: DnsName; readonly how: MisplacedHow } | undefined {
  const foundAt = foundAmong(record, misplaced, besideMisplaced);
  return foundAt === undefined ? undefined : { foundAt, how: misplacedHow(record, domain, foundAt) };
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
