// What matters about an alert: its severity, kinds and facts, taken from its findings and never from sentences, times or counters.
import { type AffectedIdentity, type Alert, givenUpPoint, type Subject } from '../model/alert.ts';
import { compareSeverity, type Finding, type FindingKind, type Severity } from '../model/finding.ts';

/** The part of an alert or a broken belief that holds findings. */
export interface Trouble {
  readonly affected: readonly AffectedIdentity[];
  readonly targetFinding?: Finding;
}

/** `account/region/identity`: how an identity is named in keys, everywhere in this room. */
export function subjectKey(subject: Pick<Subject, 'account' | 'region' | 'identity'>): string {
  return `${subject.account}/${subject.region}/${subject.identity}`;
}

/** Every finding of a trouble that may page: notices are listed in messages, but open and change nothing. */
export function alertingFindings(trouble: Trouble): readonly Finding[] {
  const all = trouble.affected.flatMap((a) => a.findings);
  return (trouble.targetFinding ? [trouble.targetFinding, ...all] : all).filter((f) => f.severity !== 'notice');
}

/** The worst severity among what may page; `notice` if nothing may. */
export function severityOf(trouble: Trouble): Severity {
  return alertingFindings(trouble).reduce<Severity>((worst, f) => (compareSeverity(f.severity, worst) > 0 ? f.severity : worst), 'notice');
}

/** The distinct kinds of what may page, worst first, then by name: the first one stands for the alert in message attributes. */
export function kindsOf(trouble: Trouble): readonly FindingKind[] {
  const worst = new Map<FindingKind, Severity>();
  for (const f of alertingFindings(trouble)) {
    const known = worst.get(f.kind);
    if (known === undefined || compareSeverity(f.severity, known) > 0) worst.set(f.kind, f.severity);
  }
  return [...worst.entries()].sort((a, b) => compareSeverity(b[1], a[1]) || compareText(a[0], b[0])).map(([kind]) => kind);
}

/** Ends the point that says that SES has begun to count down. */
const COUNTDOWN = ' SES counts down';

/** True for a point of {@link pointsOf} that says no more than that SES has begun to count down. */
export const isCountdown = (point: string): boolean => point.endsWith(COUNTDOWN);

/**
 * The facts of a trouble that are news when they are new, one text each, sorted: who, which kind, which variant of it, which record.
 * Findings below `minimum` are left out: they are not told, so they cannot be news either.
 */
export function pointsOf(trouble: Trouble, minimum: Severity = 'warning'): readonly string[] {
  const points = new Set<string>();
  const add = (who: string, finding: Finding): void => {
    if (finding.severity === 'notice' || compareSeverity(finding.severity, minimum) < 0) return;
    const what = `${who} ${finding.kind}${variantOf(finding)}`;
    // Which of its records cannot be judged changes from sweep to sweep, and is no news.
    if (finding.records.length === 0 || finding.kind === 'identity-unknown') points.add(what);
    if (finding.kind === 'identity-unknown') return;
    for (const record of finding.records) points.add(`${what} ${record.name}`);
    // It may have been there for long without harm; that SES has begun to count down is another matter.
    if (finding.deadlines.some(({ name }) => name === 'signing-lost')) points.add(`${what}${COUNTDOWN}`);
  };
  if (trouble.targetFinding) add('target', trouble.targetFinding);
  for (const { subject, findings } of trouble.affected) {
    for (const finding of findings) add(subjectKey(subject), finding);
    // SES does not look at the records any more, so that publishing them is not enough. Where a finding says so, that is the news.
    const isSaid = findings.some(({ kind }) => kind === 'revoked' || kind === 'verification-failed');
    const isAboutRecords = findings.some(
      ({ records, severity }) => records.length > 0 && severity !== 'notice' && compareSeverity(severity, minimum) >= 0,
    );
    if (subject.status === 'FAILED' && isAboutRecords && !isSaid) points.add(givenUpPoint(subject));
  }
  return [...points].sort(compareText);
}

/** Who is named in such points, each once; of the point of a target nobody. */
export function namedIn(points: readonly string[]): readonly Pick<Subject, 'account' | 'region' | 'identity'>[] {
  const named = new Map<string, Pick<Subject, 'account' | 'region' | 'identity'>>();
  for (const point of points) {
    const [, who, account, region, identity] = /^(([^/ ]+)\/([^/ ]+)\/([^ ]+)) /.exec(point) ?? [];
    if (who && account && region && identity) named.set(who, { account, region, identity });
  }
  return [...named.values()];
}

// A person who repairs a record and makes another mistake wants to hear of it: the cause is part of the fact.
// Reasons that come and go by themselves (a throttled target, a silent server) are not.
function variantOf(finding: Finding): string {
  switch (finding.kind) {
    case 'record-wrong-target':
    case 'record-wrong-type':
    case 'record-ambiguous':
      return `:${finding.facts.cause}`;
    case 'key-malformed':
      return `:${finding.facts.reason}`;
    case 'mail-from-broken':
      return `:${finding.facts.problem}`;
    default:
      return '';
  }
}

/** The alert as it is remembered: kinds and facts without the lookups, which only the message of the same sweep shows. */
export function withoutEvidence(alert: Alert): Alert {
  const strip = (finding: Finding): Finding => ({ ...finding, evidence: [] });
  return {
    ...alert,
    affected: alert.affected.map((a) => ({ ...a, findings: a.findings.map(strip) })),
    ...(alert.targetFinding ? { targetFinding: strip(alert.targetFinding) } : {}),
  };
}

/** Order by code units: the same on every machine, unlike a locale's. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
