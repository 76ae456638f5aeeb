// An alert with its words: each finding as people read it, identities and findings worst first. The one form all bodies are made from.
import { type Alert, isUnjudgedKey, type Subject } from '../model/alert.ts';
import { compareSeverity, type Finding, type Severity } from '../model/finding.ts';
import type { SesStatus } from '../model/identity.ts';
import type { ReportFinding } from '../model/report.ts';
import { visible } from '../model/safe-text.ts';

/** Puts one finding about one subject into words (diagnosis/report-finding). */
export type Words = (finding: Finding, subject: Subject) => ReportFinding;

export interface WordedIdentity {
  readonly subject: Subject;
  readonly severity: Severity;
  /** Worst first. */
  readonly findings: readonly ReportFinding[];
}

export interface WordedAlert {
  readonly alert: Alert;
  /** Worst first; at most as many as were asked for. */
  readonly identities: readonly WordedIdentity[];
  /** How many more there are. */
  readonly more: number;
  readonly targetFinding?: ReportFinding;
}

/** More findings than this of one identity are never shown. */
const MAX_FINDINGS = 12;

// What is told once for several is told as it is where it is worst: "it has not noticed yet" would soothe where one region has stopped signing.
const BY_STATUS: { readonly [S in SesStatus]: number } = {
  FAILED: 0,
  TEMPORARY_FAILURE: 1,
  NOT_STARTED: 2,
  PENDING: 3,
  UNKNOWN: 4,
  SUCCESS: 5,
};

/** Words for an alert, for its `max` worst identities. */
export function wordAlert(alert: Alert, words: Words, max: number): WordedAlert {
  const order = alert.affected
    .map(({ subject, findings, past }) => ({ subject, findings: past ? findings.map(stopped) : findings, severity: worst(findings) }))
    // Which of those that cannot be judged comes first is not SES's to say.
    .sort(
      (a, b) =>
        compareSeverity(b.severity, a.severity) ||
        (isUnjudgedKey(alert.key) ? 0 : BY_STATUS[a.subject.status] - BY_STATUS[b.subject.status]),
    );
  const identities = order.slice(0, max).map(({ subject, findings, severity }) => ({
    subject,
    severity,
    findings: [...findings]
      .sort((a, b) => compareSeverity(b.severity, a.severity))
      .slice(0, MAX_FINDINGS)
      .map((finding, i) => (i === 0 ? withRefusal(words(finding, subject), findings, subject) : words(finding, subject))),
  }));
  return {
    alert,
    identities,
    more: order.length - identities.length,
    ...(alert.targetFinding ? { targetFinding: words(alert.targetFinding, targetSubject(alert)) } : {}),
  };
}

// Deadlines that are known not to run as they are remembered frighten for nothing.
const stopped = (finding: Finding): Finding => ({ ...finding, deadlines: [] });

/** The main finding begins with the worst that follows from it, which would else be read last: that receivers turn the mail away. */
function withRefusal(main: ReportFinding, findings: readonly Finding[], subject: Subject): ReportFinding {
  if (main.kind === 'dmarc-at-risk') return main;
  const refused = findings.flatMap((one) => (one.kind === 'dmarc-at-risk' && one.severity === 'critical' ? [one.facts] : []))[0];
  return refused === undefined ? main : { ...main, meaning: `${refusal(refused, subject)} ${main.meaning}` };
}

function refusal({ policy, at }: Extract<Finding, { kind: 'dmarc-at-risk' }>['facts'], { status, signing }: Subject): string {
  const unsigned = signing === false || status === 'FAILED' || status === 'NOT_STARTED' || status === 'PENDING';
  const turnAway = (mail: string): string => (policy === 'reject' ? `refuse ${mail}` : `put ${mail} into spam`);
  const why = `by the DMARC policy${at === undefined ? '' : ` at ${visible(at, 255)}`} (${policy})`;
  return unsigned
    ? `Receivers ${turnAway('its mail')} already, for it is not signed: ${why}.`
    : `As soon as its mail fails DKIM (perhaps already) receivers ${turnAway('it')}, ${why}.`;
}

/** The finding that stands for the alert: the target's own, else the worst of the worst identity. Undefined if no identity is shown. */
export function leadOf(view: WordedAlert): ReportFinding | undefined {
  return view.targetFinding ?? view.identities[0]?.findings[0];
}

/** The findings to be told in full: replicas of one domain have the same ones about the same records, and each is told once. */
export function distinctFindings(view: WordedAlert): readonly ReportFinding[] {
  const seen = new Map<string, ReportFinding>();
  for (const finding of [view.targetFinding, ...view.identities.flatMap((i) => i.findings)]) {
    if (finding === undefined) continue;
    const key = `${finding.kind} ${finding.records.map((r) => r.name).join(' ')}`;
    if (!seen.has(key)) seen.set(key, finding);
  }
  return [...seen.values()].slice(0, 6);
}

function worst(findings: readonly Finding[]): Severity {
  return findings.reduce<Severity>((most, { severity }) => (compareSeverity(severity, most) > 0 ? severity : most), 'notice');
}

/** Whom a finding about a whole target is about: no identity, and nothing was read of it. */
export function targetSubject({ target, lastSeenAt }: Alert): Subject {
  const { account, region } = target;
  return { account, region, identity: '', type: 'domain', method: 'none', status: 'UNKNOWN', readAt: lastSeenAt };
}
