// Makes the published report of what all targets saw. Pure.
import { subjectOf } from '../alerts/beliefs.ts';
import { isMuted } from '../alerts/policy.ts';
import { ACROSS_TARGETS } from '../diagnosis/across.ts';
import type { toReportFinding } from '../diagnosis/report-finding.ts';
import type { Subject } from '../model/alert.ts';
import type { OrganizationSeen } from '../model/estate.ts';
import type { Finding, Severity } from '../model/finding.ts';
import type { Target } from '../model/identity.ts';
import type { AlertPolicy } from '../model/policy.ts';
import {
  type Cost,
  type IdentityResult,
  knownIn,
  type Report,
  type ReportFinding,
  type ReportIdentity,
  type ReportTarget,
  type TargetFinding,
  type TargetReport,
  type UnreadResult,
} from '../model/report.ts';
import { visible } from '../model/safe-text.ts';
import { targetSubject } from './subject.ts';

/** Puts a finding into words, as {@link toReportFinding} does. */
export type FindingWords = typeof toReportFinding;

export interface ReportInput {
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly targets: readonly TargetReport[];
  readonly targetFindings: readonly TargetFinding[];
  readonly policy: Pick<AlertPolicy, 'mute'>;
  readonly cost: Cost;
  /** True for a person at a terminal: findings carry their records in the forms that people paste. The published report does not; they follow from `records`. */
  readonly toPaste: boolean;
  readonly words: FindingWords;
  readonly organization?: OrganizationSeen;
}

export type Wording = Pick<ReportInput, 'policy' | 'finishedAt' | 'toPaste' | 'words'>;

/** The report, schema 1: every target and every identity accounted for. */
export function assembleReport(input: ReportInput): Report {
  const identities = input.targets.flatMap((target) => [
    ...target.results.map((result) => reportIdentity(result, input)),
    ...target.unread.map((unread) => unreadIdentity(target, unread)),
  ]);
  const counts = startCounts();
  for (const identity of identities) countIdentity(counts, identity);
  return reportAround(input, identities, counts);
}

/**
 * The report around its identities, which were counted one by one ({@link countIdentity}). For it the targets must hold those identities that differ between
 * targets, and may leave out others ({@link Besides}).
 */
export function reportAround(input: ReportInput, identities: readonly ReportIdentity[], counts: Counts): Report {
  const findings = [
    ...input.targetFindings.map(({ targets, finding }) => targetFinding(targets, finding, input)),
    ...acrossFindings(input),
  ];
  for (const one of findings) countFinding(counts, one);
  return {
    schema: 1,
    startedAt: input.startedAt,
    finishedAt: input.finishedAt,
    targets: input.targets.map(targetRow),
    identities,
    findings,
    summary: { ...counts, bySeverity: { ...counts.bySeverity } },
    cost: input.cost,
    ...(input.organization === undefined ? {} : { organization: input.organization }),
  };
}

const targetRow = (target: TargetReport): ReportTarget => ({
  account: target.account,
  region: target.region,
  identities: knownIn(target),
  ...(target.inventoryAt !== undefined ? { inventoryAt: target.inventoryAt } : {}),
  ...(target.undetailed !== undefined ? { undetailed: target.undetailed } : {}),
  ...(target.gap ? { gap: { reason: target.gap.reason, detail: visible(target.gap.detail, 1000) } } : {}),
});

/** One identity as the report shows it. */
export function reportIdentity(result: IdentityResult, input: Wording): ReportIdentity {
  const { identity, diagnosis } = result;
  const own = diagnosis.findings.filter(({ kind }) => !ACROSS_TARGETS.has(kind));
  const findings = own.map((finding) => wordsOf(finding, subjectOf(result), input));
  const { ses } = identity;
  const counts = findings.some(({ muted, severity }) => muted !== true && severity !== 'notice');
  return {
    account: identity.account,
    region: identity.region,
    identity: visible(identity.identity, 320),
    type: identity.type,
    method: identity.method,
    ses: { ...ses, ...(ses.statusText !== undefined ? { statusText: visible(ses.statusText, 80) } : {}) },
    // An identity all of whose troubles are muted is listed with them, but counts as healthy.
    diagnosis: diagnosis.kind === 'broken' && !counts ? 'healthy' : diagnosis.kind,
    ...(diagnosis.kind === 'unknown' ? { unknown: { reason: diagnosis.reason, detail: visible(diagnosis.detail, 1000) } } : {}),
    findings,
    ...(Object.keys(identity.tags).length > 0 ? { tags: identity.tags } : {}),
    ...(identity.provisional === true ? { provisional: true } : {}),
  };
}

/** What is told once for several targets, though each identity it is about carries it: the first of them stands for all. */
function acrossFindings(input: ReportInput): Report['findings'] {
  const told = new Set<string>();
  return input.targets.flatMap(({ results }) =>
    results.flatMap(({ identity, diagnosis }) =>
      diagnosis.findings.flatMap((finding) => {
        const key = `${finding.kind} ${identity.identity}`;
        if (finding.kind !== 'setup-differs' || told.has(key)) return [];
        told.add(key);
        const targets = finding.facts.sides.map(({ account, region }) => ({ account, region }));
        return [{ ...wordsOf(finding, subjectOf({ identity }), input), targets }];
      }),
    ),
  );
}

function published(finding: ReportFinding, { toPaste }: Wording): ReportFinding {
  if (toPaste) return finding;
  const { paste: _, ...rest } = finding;
  return rest;
}

/** A whole target is muted by its key, `account/region`, as the alert about it is. */
function targetFinding(targets: readonly Target[], finding: Finding, input: ReportInput): Report['findings'][number] {
  const words = published(input.words(finding, targetSubject(targets, input.finishedAt)), input);
  const muted = targets.every((target) => isMuted(target, finding.kind, input.policy.mute, input.finishedAt));
  return { ...words, ...(muted ? { muted } : {}), targets: targets.map(({ account, region }) => ({ account, region })) };
}

function wordsOf(finding: Finding, subject: Subject, input: Wording): ReportFinding {
  const words = published(input.words(finding, subject), input);
  return isMuted(subject, finding.kind, input.policy.mute, input.finishedAt) ? { ...words, muted: true } : words;
}

/** One that could not be read, as the report shows it. */
export function unreadIdentity(target: Target, unread: UnreadResult): ReportIdentity {
  return {
    account: target.account,
    region: target.region,
    identity: visible(unread.identity, 320),
    type: unread.type,
    method: 'none',
    ses: { status: 'UNKNOWN' },
    diagnosis: 'unknown',
    unknown: { reason: unread.reason, detail: visible(unread.detail, 1000) },
    findings: [],
  };
}

/** The summary while it is counted. */
export interface Counts {
  healthy: number;
  broken: number;
  unknown: number;
  readonly bySeverity: Record<Severity, number>;
}

export const startCounts = (): Counts => ({ healthy: 0, broken: 0, unknown: 0, bySeverity: { notice: 0, warning: 0, critical: 0 } });

/** Counts one identity of the report. */
export function countIdentity(counts: Counts, { diagnosis, findings }: ReportIdentity): void {
  counts[diagnosis] += 1;
  for (const one of findings) countFinding(counts, one);
}

function countFinding({ bySeverity }: Counts, { muted, severity }: ReportFinding): void {
  if (muted !== true) bySeverity[severity] += 1;
}
