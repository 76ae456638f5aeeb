// A second opinion on what hides what, and on what DMARC makes of lost signatures. Written from docs/findings.md's principles, not from the rulebook.
import { getDomain } from 'tldts';
import { type Estate, type Member, relative, zoneOf } from './estate.ts';
import type { Due, Told } from './fault.ts';

/**
 * How deep a cause lies. Of one identity only the deepest is told, with two exceptions: what stands on the same rung does not explain each
 * other, and what has a remedy of its own (`own`) is explained only by the first two.
 */
const RUNGS: Readonly<Record<string, number>> = {
  'identity-abandoned': 1,
  'domain-gone': 2,
  'dnssec-bogus': 3,
  'txt-unanswerable': 3,
  'record-missing': 3,
  'wildcard-answer': 3,
  'record-name-doubled': 3,
  'record-misplaced': 3,
  'record-wrong-target': 3,
  'record-wrong-type': 3,
  'record-ambiguous': 3,
  'nameservers-disagree': 3,
  'key-revoked': 3,
  'key-malformed': 3,
  'key-wrong-type': 3,
  'key-too-short': 3,
  'key-restricted': 3,
  'key-mismatch': 3,
  'key-changed': 3,
  'target-has-no-key': 4,
  'replica-broken': 4,
  'zone-elsewhere': 4,
  'verification-failed': 5,
  'verification-overdue': 5,
  'verification-pending': 5,
  'ses-cannot-verify': 5,
};
const OWN_REMEDY = 'own';
/** Rungs that explain even what has a remedy of its own: nobody waits for the identity, or the domain does not exist. */
const EXPLAINS_ALL = 2;

/** Servers none of which speaks for the zone are as deep as lost records; a few broken ones explain nothing. */
function rungOf({ kind, facts }: Told): number | typeof OWN_REMEDY {
  return kind === 'nameserver-broken' && facts.all === true ? 3 : (RUNGS[kind] ?? OWN_REMEDY);
}

/** True for what can only be said while DNS is seen to be right. */
export function needsSight({ kind, facts }: Told): boolean {
  const always = ['target-has-no-key', 'zone-elsewhere', 'ses-cannot-verify', 'verification-pending'];
  return always.includes(kind) || (kind === 'verification-overdue' && facts.why === 'dns-right-for-hours');
}

/** True for what is said about records and the servers that hold them. */
export function needsRecords({ kind, facts }: Told): boolean {
  const unseen = kind === 'identity-unknown' && facts.reason !== 'no-expectation';
  return unseen || kind === 'nameserver-broken' || kind === 'key-testing' || RUNGS[kind] === 3 || RUNGS[kind] === 2;
}

/** Those of the findings that nothing else among them explains. */
export function unexplained(told: readonly Due[]): readonly Due[] {
  const rungs = told.map(rungOf);
  const deepest = Math.min(...rungs.map((rung) => (rung === OWN_REMEDY ? Number.POSITIVE_INFINITY : rung)));
  return told.filter((_, i) => {
    const rung = rungs[i];
    return rung === OWN_REMEDY ? deepest > EXPLAINS_ALL : rung === deepest;
  });
}

/** With these, whatever else, mail carries no signature that counts, or will not at SES's next look. */
const UNSIGNED = new Set([
  'dnssec-bogus',
  'txt-unanswerable',
  'record-missing',
  'wildcard-answer',
  'record-name-doubled',
  'record-misplaced',
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
]);

/** As above; where it depends on how bad it is, by its facts. */
function leavesUnsigned({ kind, facts }: Due, { state }: Member): boolean {
  // Receivers find a flattened key, and one of several records may do.
  if (kind === 'record-wrong-type') return facts.cause !== 'flattened';
  if (kind === 'record-ambiguous') return facts.usable === false;
  if (kind === 'nameserver-broken') return facts.all === true;
  if (kind === 'replica-broken' || kind === 'zone-elsewhere') return state.status === 'TEMPORARY_FAILURE' || state.status === 'FAILED';
  return UNSIGNED.has(kind);
}

/** The findings with what the domain's own policy adds to them: refused mail, which makes all that leads to it critical; or a word that there is no policy. */
export function withDmarc(told: readonly Due[], member: Member, estate: Estate): readonly Due[] {
  const unsigned = told.filter((one) => leavesUnsigned(one, member));
  const isGone = told.some(({ kind }) => RUNGS[kind] !== undefined && (RUNGS[kind] ?? 0) <= EXPLAINS_ALL);
  if (unsigned.length === 0 || !maySend(member) || member.part === 'address' || isGone) return told;
  const policy = policyOf(member.name.toLowerCase(), estate);
  if (policy === 'invisible') return told;
  if (policy === 'absent') return [...told, { kind: 'dmarc-at-risk', severity: 'notice', facts: { policy: 'absent' }, flickers: false }];
  if (policy.asks === 'none' || isAligned(told, member, policy.strict)) return told;
  return [
    ...told.map((one) => (unsigned.includes(one) ? { ...one, severity: 'critical' as const } : one)),
    { kind: 'dmarc-at-risk', severity: 'critical', facts: { policy: policy.asks, at: policy.at }, flickers: false },
  ];
}

/** SES's status of a member as it ends. */
export function statusOf({ state, part }: Member): string {
  return state.status ?? (part === 'bare' ? 'NOT_STARTED' : 'SUCCESS');
}

/** Whether SES takes mail from it at all, as it ends. */
export function maySend(member: Member): boolean {
  const { state, part } = member;
  return state.sending ?? (part === 'bare' || ['SUCCESS', 'TEMPORARY_FAILURE'].includes(statusOf(member)));
}

/** A custom MAIL FROM domain lies in the domain that sends, so SPF passes in its name, unless the policy wants the very same name. */
function isAligned(told: readonly Due[], { state }: Member, strict: boolean): boolean {
  const broken = told.some(({ kind }) => kind === 'mail-from-broken');
  return state.mailFrom !== undefined && (state.mailFrom.status ?? 'SUCCESS') === 'SUCCESS' && !broken && !strict;
}

type Policy = 'invisible' | 'absent' | { readonly asks: string; readonly at: string; readonly strict: boolean };

/** The policy of the domain itself, or, without one, that of the domain that its owner registered: names between are not asked (RFC 7489 §6.6.3). */
function policyOf(domain: string, estate: Estate): Policy {
  for (const at of new Set([domain, getDomain(domain, { allowPrivateDomains: true }) ?? domain])) {
    const name = `_dmarc.${at}`;
    const zone = zoneOf(estate, name);
    if (zone === undefined) break;
    if (zone.mute) return 'invisible';
    const text = zone.content.get(relative(name, zone.apex))?.TXT;
    if (typeof text !== 'string') continue;
    const tag = (key: string): string | undefined => new RegExp(`; ${key}=(\\w+)`).exec(text)?.[1];
    const asks = (at === domain ? undefined : tag('sp')) ?? tag('p') ?? 'none';
    return { asks, at: name, strict: tag('aspf') === 's' };
  }
  return 'absent';
}
