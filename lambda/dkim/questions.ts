// Chooses what to ask DNS about an identity's records, and says whether one answer looks right.
import type { Expectation, ExpectedRecord } from '../model/expectation.ts';
import type { Lookup, Question } from '../model/lookup.ts';
import { type DnsName, dnsName, parseDnsName } from '../model/names.ts';
import { cnameChain, cnameTargets, sameName, txtAtEnd } from './answer-chain.ts';
import { judgeKey } from './judge-key.ts';

/** The quick look: one TXT question a record. A TXT answer shows the CNAME, its target, and that TXT questions are answered at all. */
export function quickQuestions(
  expectation: Extract<Expectation, { kind: 'records' }>,
): readonly { readonly record: ExpectedRecord; readonly question: Question }[] {
  return expectation.records.map((record) => ({ record, question: { name: record.name, type: 'TXT' } }));
}

/** The full panel's questions about one record, to be put to every server. */
export function panelQuestions(record: ExpectedRecord): readonly Question[] {
  return [
    { name: record.name, type: 'TXT' },
    { name: record.name, type: 'CNAME' },
  ];
}

/**
 * True if this one answer shows the record to be all right: for Easy DKIM a CNAME chain through the expected target in a TXT answer
 * (an empty TXT behind it is normal), for BYODKIM exactly one TXT with a usable RSA key, the configured one where one is configured.
 * An authoritative server must say it with authority (AA).
 */
export function looksRight(lookup: Lookup, record: ExpectedRecord): boolean {
  const { question, outcome, server } = lookup;
  if (question.type !== 'TXT' || !sameName(question.name, record.name) || outcome.kind !== 'answer') return false;
  if (server.role === 'authoritative' && !outcome.aa) return false;
  if (cnameTargets(outcome.records, record.name).length > 1) return false;
  return record.type === 'CNAME'
    ? cnameChain(outcome.records, record.name).includes(record.target)
    : judgeKey(txtAtEnd(outcome.records, record.name), record.publicKey).kind === 'usable';
}

/**
 * Where the record ends up if a form appended the zone or the domain to a full name: `<name>.<apex>` and `<name>.<domain>`.
 * Names longer than 253 characters are left out: nobody can have published them.
 */
export function doubledNames(record: ExpectedRecord, domain: DnsName, apex: DnsName): DnsName[] {
  return [...new Set([apex, domain])].flatMap((suffix) => {
    const parsed = parseDnsName(`${record.name}.${suffix}`);
    return parsed.ok ? [parsed.value] : [];
  });
}

/** A name beside the records that nobody has published, from a random label: what answers there is a wildcard. The label is cut if the name would be too long. */
export function besideName(domain: DnsName, label: string): DnsName {
  const parent = `_domainkey.${domain}`;
  return dnsName(`${label.slice(0, Math.max(1, 252 - parent.length))}.${parent}`);
}
