// The kinds of findings that scenarios speak of, and the usual ways to expect them.
import type { Diagnosis, Expectation, Severity } from './plot.ts';

/** Public identifiers: users mute and route by them. Written down here a second time on purpose. */
export const KINDS = [
  'domain-gone',
  'record-missing',
  'record-name-doubled',
  'record-misplaced',
  'record-wrong-target',
  'record-wrong-type',
  'record-ambiguous',
  'wildcard-answer',
  'txt-unanswerable',
  'target-has-no-key',
  'nameservers-disagree',
  'nameserver-broken',
  'dnssec-bogus',
  'zone-elsewhere',
  'key-revoked',
  'key-malformed',
  'key-wrong-type',
  'key-too-short',
  'key-weak',
  'key-testing',
  'key-restricted',
  'key-mismatch',
  'key-changed',
  'signing-disabled',
  'dkim-not-set-up',
  'verification-pending',
  'verification-overdue',
  'verification-failed',
  'revoked',
  'ses-cannot-verify',
  'sending-lost',
  'replica-broken',
  'address-overrides-domain',
  'address-without-domain',
  'setup-differs',
  'identity-abandoned',
  'mail-from-broken',
  'dmarc-at-risk',
  'target-unreadable',
  'identity-unknown',
] as const;

export type Kind = (typeof KINDS)[number];

type Facts = Readonly<Record<string, unknown>>;

interface More {
  readonly facts?: Facts;
  readonly severity?: Severity;
  /** Kinds that may be there too. */
  readonly maybe?: readonly Kind[];
}

/** These kinds with these facts, and no others. */
export function says(
  told: Partial<Readonly<Record<Kind, Facts>>>,
  diagnosis?: Expectation['diagnosis'],
  more: { readonly maybe?: readonly Kind[]; readonly severity?: Partial<Readonly<Record<Kind, Severity>>> } = {},
): Expectation {
  const mandatory = KINDS.filter((kind) => told[kind] !== undefined);
  const { maybe = [], severity } = more;
  const facts = Object.entries(told).filter(([, wanted]) => Object.keys(wanted).length > 0);
  return {
    mandatory,
    forbidden: KINDS.filter((kind) => !mandatory.includes(kind) && !maybe.includes(kind)),
    ...(maybe.length > 0 && { maybe }),
    ...(diagnosis && { diagnosis }),
    ...(facts.length > 0 && { facts: Object.fromEntries(facts) }),
    ...(severity && { severity: severity as Readonly<Record<string, Severity>> }),
  };
}

/** This kind, and no other. */
export function only(kind: Kind, diagnosis: Expectation['diagnosis'], { facts = {}, severity, maybe }: More = {}): Expectation {
  return says({ [kind]: facts }, diagnosis, { ...(maybe && { maybe }), ...(severity && { severity: { [kind]: severity } }) });
}

/** Broken, by this kind and no other. */
export function broken(kind: Kind, facts: Facts = {}, more: Omit<More, 'facts'> = {}): Expectation {
  return only(kind, 'broken', { facts, ...more });
}

/** Healthy, with one thing worth knowing. */
export function notice(kind: Kind, facts: Facts = {}, more: Omit<More, 'facts' | 'severity'> = {}): Expectation {
  return only(kind, 'healthy', { facts, severity: 'notice', ...more });
}

/** Nothing is demanded; only these may be said. */
export function atMost(maybe: readonly Kind[], diagnosis?: Expectation['diagnosis']): Expectation {
  return says({}, diagnosis, { maybe });
}

/** Nothing said, and healthy. */
export const HEALTHY: Expectation = atMost([], 'healthy');

/** Not judged: neither healthy nor broken, and no finding about DNS. */
export const UNKNOWN: Expectation = atMost(['identity-unknown'], 'unknown');

/** What is right while a change is under way: anything but a false word. */
export const UNDECIDED: readonly Diagnosis[] = ['healthy', 'unknown'];
