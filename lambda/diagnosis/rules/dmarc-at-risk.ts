// What the domain's own DMARC policy makes of lost signatures.
import { txtAtEnd } from '../../dkim/answer-chain.ts';
import { type DmarcPolicy, dmarcPolicy } from '../../dkim/dmarc.ts';
import { dmarcNames } from '../../dkim/questions.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { Finding, FindingKind } from '../../model/finding.ts';
import type { Lookup } from '../../model/lookup.ts';
import { type DnsName, isWithin } from '../../model/names.ts';
import { readMail } from '../mail-reading.ts';
import { finding, type Rule } from '../rule.ts';

/** Kinds of which that is always true. */
const UNSIGNED: ReadonlySet<FindingKind> = new Set<FindingKind>([
  'txt-unanswerable',
  'record-missing',
  'record-name-doubled',
  'record-misplaced',
  'wildcard-answer',
  'record-wrong-target',
  'key-revoked',
  'key-malformed',
  'key-wrong-type',
  'key-too-short',
  'key-restricted',
  'key-mismatch',
  'key-testing',
  'target-has-no-key',
  'ses-cannot-verify',
  'revoked',
  'signing-disabled',
  'dkim-not-set-up',
  'verification-failed',
  'verification-overdue',
]);

/**
 * True if mail goes out without a signature that counts because of this finding, now or at SES's next look. Of several records one may serve,
 * and while some name servers work, they answer.
 */
export function leavesUnsigned(finding: Finding, { identity }: Pick<Evidence, 'identity'>): boolean {
  if (finding.severity === 'notice') return false;
  switch (finding.kind) {
    case 'record-wrong-type':
      // Receivers find a flattened key.
      return finding.facts.cause !== 'flattened';
    case 'record-ambiguous':
      return !finding.facts.usable;
    case 'nameserver-broken':
      return finding.facts.all;
    case 'zone-elsewhere':
    case 'replica-broken':
      // Not while a first verification is on its way: what never was there is not lost.
      return identity.ses.status === 'TEMPORARY_FAILURE' || identity.ses.status === 'FAILED';
    case 'dnssec-bogus':
      // Who does not validate sees the key. Who does comes to no policy either, nor past a zone like that to one above it.
      return isBeside(identity.domain, finding.zone);
    default:
      return UNSIGNED.has(finding.kind);
  }
}

/** The domain's own policy stands outside the zone. */
function isBeside(domain: DnsName | undefined, zone: DnsName | undefined): boolean {
  const at = domain === undefined ? undefined : dmarcNames(domain)[0];
  return at !== undefined && zone !== undefined && !isWithin(at, zone);
}

/**
 * Critical if mail of the domain is refused or put into spam by its own policy: DKIM is lost, and SPF does not align in its place (no working
 * custom MAIL FROM domain, or `aspf=s`, which asks for the very same name). A notice if there is no policy at all. An identity that may not send loses nothing.
 */
export const dmarcAtRisk: Rule = (evidence, _reading, found) => {
  const { identity, dns } = evidence;
  if (dns.dmarc === undefined || identity.ses.verifiedForSending === false || identity.domain === undefined) return [];
  const stands = policyIn(dns.dmarc, identity.domain);
  if (stands === 'unknown') return [];
  if (!found.some((one) => leavesUnsigned(one, evidence))) return [];
  if (stands === 'absent') return [finding('dmarc-at-risk', 'notice', { policy: 'absent' }, { evidence: dns.dmarc })];
  const own = stands.at === `_dmarc.${identity.domain}`;
  const policy = own ? stands.policy.policy : stands.policy.forSubdomains;
  const spfWorks = readMail(evidence)?.works === true;
  if (policy === 'none' || (spfWorks && !isTooStrict(evidence, stands.policy))) return [];
  const facts = { policy, at: stands.at, ...(spfWorks ? ({ strictSpf: true } as const) : {}) };
  return [finding('dmarc-at-risk', 'critical', facts, { evidence: dns.dmarc })];
};

/** The domain's own policy, else that of its organizational domain; `unknown` if a resolver failed on the way there, or one of the names was not asked, so that nobody can say. */
function policyIn(
  lookups: readonly Lookup[],
  domain: DnsName,
): { readonly at: DnsName; readonly policy: DmarcPolicy } | 'absent' | 'unknown' {
  for (const name of dmarcNames(domain)) {
    const heard = lookups.filter(
      ({ question, outcome }) => question.name === name && (outcome.kind === 'answer' || outcome.kind === 'absent'),
    );
    const [first] = heard;
    if (first === undefined) return 'unknown';
    const policy = first.outcome.kind === 'answer' ? dmarcPolicy(txtAtEnd(first.outcome.records, name)) : undefined;
    if (policy !== undefined) return { at: name, policy };
  }
  return 'absent';
}

/** A MAIL FROM domain of the user's own lies in the domain that sends: it aligns unless the policy wants the very same name (RFC 7489 §3.1.2). */
const isTooStrict = ({ identity }: Evidence, { strictSpf }: DmarcPolicy): boolean =>
  strictSpf && identity.ses.mailFrom?.domain !== identity.domain;
