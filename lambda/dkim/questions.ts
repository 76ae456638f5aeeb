// Chooses what to ask DNS about an identity's records, and says whether one answer looks right.
import type { IdentityHistory } from '../model/evidence.ts';
import type { Expectation, ExpectedRecord } from '../model/expectation.ts';
import type { MisplacedHow } from '../model/finding.ts';
import type { Lookup, Question } from '../model/lookup.ts';
import { type DnsName, dnsName, parseDnsName } from '../model/names.ts';
import { cnameChain, cnameTargets, holdsBesideCname, sameName, txtAtEnd } from './answer-chain.ts';
import { isGood, judgeKey } from './judge-key.ts';
import { organizationalDomain } from './organizational-domain.ts';

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
  if (cnameTargets(outcome.records, record.name).length > 1 || holdsBesideCname(outcome.records, record.name)) return false;
  return record.type === 'CNAME'
    ? cnameChain(outcome.records, record.name).includes(record.target)
    : isGood(judgeKey(txtAtEnd(outcome.records, record.name), record.publicKey));
}

/** False if this answer shows another own key than the one remembered: then more has to be asked before anything is said. A configured key counts instead. */
export function keepsKey({ question, outcome }: Lookup, record: ExpectedRecord, remembered: IdentityHistory['lastRecords']): boolean {
  if (record.type !== 'TXT' || record.publicKey !== undefined || outcome.kind !== 'answer') return true;
  const value = remembered?.find(({ name, type }) => name === record.name && type === 'TXT')?.value;
  const before = value === undefined ? undefined : judgeKey([value], undefined);
  const now = judgeKey(txtAtEnd(outcome.records, question.name), undefined);
  return before?.kind !== 'usable' || now.kind !== 'usable' || before.publicKey === now.publicKey;
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

/** Names of one label that people often publish a domain's records under by mistake. */
const CHILDREN = ['www', 'mail'];
/** Children of the domain tried besides. */
const MAX_CHILDREN = 4;
/** Parents tried above a domain that lies inside a zone. */
const MAX_PARENTS = 3;

/**
 * Where the usual slips put a record: without the underscore of `_domainkey`, without that label, with the two labels swapped, below a
 * parent of the domain inside the zone `apex`, or below a child of it (`children` are names below the domain that are known to be in use, others are passed over). Each at
 * most once, never the right name.
 */
export function misplacedNames(
  record: ExpectedRecord,
  domain: DnsName,
  apex: DnsName,
  children: readonly DnsName[] = [],
): readonly Misplaced[] {
  const { token } = record;
  const parents = parentsOf(domain, apex).slice(0, MAX_PARENTS);
  const below = [
    ...children.filter((child) => child.endsWith(`.${domain}`)).slice(0, MAX_CHILDREN),
    ...CHILDREN.map((child) => `${child}.${domain}`),
  ];
  const candidates: readonly (readonly [MisplacedHow, string])[] = [
    ['no-underscore', `${token}.domainkey.${domain}`],
    ['without-domainkey', `${token}.${domain}`],
    ['labels-swapped', `_domainkey.${token}.${domain}`],
    ...parents.map((parent) => ['under-parent', `${token}._domainkey.${parent}`] as const),
    ...below.map((child) => ['under-child', `${token}._domainkey.${child}`] as const),
  ];
  const seen = new Set<string>([record.name]);
  return candidates.flatMap(([how, text]) => {
    const parsed = parseDnsName(text);
    if (!parsed.ok || seen.has(parsed.value)) return [];
    seen.add(parsed.value);
    return [{ name: parsed.value, how }];
  });
}

export interface Misplaced {
  readonly name: DnsName;
  readonly how: MisplacedHow;
}

/** Which slip put the record at this name, one of {@link misplacedNames}. */
export function misplacedHow({ token }: ExpectedRecord, domain: DnsName, name: DnsName): MisplacedHow {
  if (name === `${token}.domainkey.${domain}`) return 'no-underscore';
  if (name === `${token}.${domain}`) return 'without-domainkey';
  if (name === `_domainkey.${token}.${domain}`) return 'labels-swapped';
  return name.endsWith(`.${domain}`) ? 'under-child' : 'under-parent';
}

/** The names above `domain` down from the nearest to `apex`, itself included; none where `apex` does not lie above it. */
function parentsOf(domain: DnsName, apex: DnsName): readonly string[] {
  if (domain === apex || !domain.endsWith(`.${apex}`)) return [];
  const parents: string[] = [];
  for (let at: string = domain; at !== apex; ) {
    at = at.slice(at.indexOf('.') + 1);
    parents.push(at);
  }
  return parents;
}

/**
 * Where the domain's DMARC policy may stand, in the order asked: its own name, then its organizational domain (RFC 7489 §6.6.3; no name of one
 * label). Two at most. A policy at a name between is seen by no receiver that follows RFC 7489, as most do, and so it is not counted: RFC 9989,
 * which replaces it, finds the organizational domain by walking up the tree instead of by the public suffix list, and would take such a name
 * only where the domain above has no policy at all.
 */
export function dmarcNames(domain: DnsName): readonly DnsName[] {
  if (!domain.includes('.')) return [];
  return [...new Set([domain, organizationalDomain(domain)])].flatMap((name) => {
    const parsed = parseDnsName(`_dmarc.${name}`);
    return parsed.ok ? [parsed.value] : [];
  });
}
