// One identity's evidence in, one of three answers out: healthy, broken or unknown.
import type { Diagnosis, UnknownReason } from '../model/diagnosis.ts';
import type { Evidence } from '../model/evidence.ts';
import type { Finding, FindingKind } from '../model/finding.ts';
import { visible } from '../model/safe-text.ts';
import { withinPropagation } from './disagreement.ts';
import { disputedDnssec } from './dnssec.ts';
import { type Reading, readEvidence } from './reading.ts';
import { RULEBOOK } from './rulebook.ts';
import { leavesUnsigned } from './rules/dmarc-at-risk.ts';
import { identityUnknown } from './rules/identity-unknown.ts';
import { areBroken } from './severity.ts';

/**
 * Runs the rulebook. `broken` needs a finding of warning or critical; `healthy` needs every expected record seen right on an authoritative
 * server and a status of SES that can be read; everything else is `unknown`, with the reason. Never throws for what DNS or SES said.
 */
export function diagnose(evidence: Evidence): Diagnosis {
  const reading = readEvidence(evidence);
  const findings = raisedByDmarc(findingsOf(evidence, reading), evidence);
  if (areBroken(findings)) return { kind: 'broken', findings: [...findings, ...inTheDark(evidence, reading, findings)] };
  // Nobody waits for it any more: what else could be wrong with it is no trouble, and no riddle either.
  if (findings.some(({ kind }) => kind === 'identity-abandoned')) return { kind: 'healthy', findings };
  const blind = blindness(evidence, reading);
  if (blind === undefined) return { kind: 'healthy', findings };
  // A change on its way has an hour's time, and is no riddle meanwhile.
  const riddle = withinPropagation(evidence, reading) ? [] : identityUnknown(evidence, reading, blind);
  return { kind: 'unknown', ...blind, findings: [...findings, ...riddle] };
}

/** What SES says by itself, whatever DNS looks like. */
const BY_SES: ReadonlySet<FindingKind> = new Set<FindingKind>([
  'revoked',
  'sending-lost',
  'signing-disabled',
  'replica-broken',
  'verification-failed',
  'verification-overdue',
  'mail-from-broken',
]);

/** Broken by SES's word alone, and DNS cannot be judged: whoever starts again has to know both. Any finding about DNS would say why already. */
function inTheDark(evidence: Evidence, reading: Reading, findings: readonly Finding[]): readonly Finding[] {
  const { blind } = reading;
  const bySes = findings.every(({ kind, severity }) => severity === 'notice' || BY_SES.has(kind));
  return blind !== undefined && blind.reason !== 'no-expectation' && bySes ? identityUnknown(evidence, reading, blind) : [];
}

/** The findings of the rulebook, in its order, without those that a cause hides. */
function findingsOf(evidence: Evidence, reading: Reading): readonly Finding[] {
  const found: Finding[] = [];
  const kinds = new Set<FindingKind>();
  for (const { kind, rule, hiddenBy } of RULEBOOK) {
    if (hiddenBy.some((cause) => kinds.has(cause))) continue;
    const more = rule(evidence, reading, found);
    if (more.length > 0) kinds.add(kind);
    found.push(...more);
  }
  return found;
}

/** Where the domain's own policy has unsigned mail refused, whatever leaves it unsigned is critical. */
function raisedByDmarc(findings: readonly Finding[], evidence: Evidence): readonly Finding[] {
  if (!findings.some(({ kind, severity }) => kind === 'dmarc-at-risk' && severity === 'critical')) return findings;
  return findings.map((one) => (one.severity === 'warning' && leavesUnsigned(one, evidence) ? { ...one, severity: 'critical' } : one));
}

/** Why nothing can be called healthy although nothing is known to be broken; undefined if all is known and well. */
function blindness(evidence: Evidence, reading: Reading): { readonly reason: UnknownReason; readonly detail: string } | undefined {
  if (reading.blind !== undefined) return reading.blind;
  const { expectation, identity } = evidence;
  if (expectation.kind === 'nothing')
    return expectation.reason === 'address' ? undefined : unread('SES says that DKIM is not set up, without a status to match');
  if (withinPropagation(evidence, reading))
    return { reason: 'unconfirmed', detail: 'Some name servers have an older version of the zone; a change seems to be on its way.' };
  const disputed = disputedDnssec(evidence);
  if (disputed !== undefined) return { reason: 'unconfirmed', detail: dispute(disputed) };
  if (!reading.right) return { reason: 'dns-unanswered', detail: 'Not every record could be judged.' };
  if (evidence.dnsOnly) return undefined;
  const { status, statusText, signing } = identity.ses;
  if (status === 'UNKNOWN')
    return unread(
      `DNS is right, but SES gave ${statusText === undefined ? 'no DKIM status' : `the DKIM status "${visible(statusText, 60)}", unknown here`}`,
    );
  if (status === 'SUCCESS' && signing === undefined) return unread('DNS is right, but SES did not say whether signing is on');
  return undefined;
}

const dispute = ({ refusing, believing }: NonNullable<ReturnType<typeof disputedDnssec>>): string =>
  `Resolvers that check DNSSEC do not agree: ${refusing.join(', ')} refuse the records, and ${believing.join(', ')} do not.`;

const unread = (detail: string): { readonly reason: UnknownReason; readonly detail: string } => ({
  reason: 'not-read',
  detail: `${detail}.`,
});
