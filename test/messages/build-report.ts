// Builders of published reports for terminal tests.
import { CATALOG } from '../../lambda/diagnosis/catalog.ts';
import { toReportFinding } from '../../lambda/diagnosis/report-finding.ts';
import type { Subject } from '../../lambda/model/alert.ts';
import type { Finding, FindingKind } from '../../lambda/model/finding.ts';
import type { Report, ReportIdentity } from '../../lambda/model/report.ts';
import { subject } from './build.ts';

const EXAMPLE_READ = '2026-03-01T13:40:00.000Z';

/** One identity of a report: broken if it has findings beyond notices, unknown if a reason is given, else healthy. */
export function reportIdentityOf(
  name: string,
  findings: readonly Finding[],
  unknown?: string,
  more: Partial<Subject> = {},
): ReportIdentity {
  const about = subject(name, { region: 'eu-west-1', readAt: EXAMPLE_READ, ...more });
  return {
    account: about.account,
    region: about.region,
    identity: about.identity,
    type: about.type,
    method: about.method,
    ses: { status: about.status, signing: about.signing ?? true, readAt: about.readAt },
    diagnosis: unknown !== undefined ? 'unknown' : findings.some((f) => f.severity !== 'notice') ? 'broken' : 'healthy',
    ...(unknown === undefined ? {} : { unknown: { reason: 'dns-unanswered', detail: unknown } }),
    findings: findings.map((finding) => toReportFinding(finding, about)),
  };
}

/** A report with everything in it: broken, unknown, healthy with a notice, muted, a gap and a finding about a target. */
export function exampleReport(more: Partial<Report> = {}): Report {
  const example = (kind: FindingKind): Finding => CATALOG[kind].example as Finding;
  const muted = reportIdentityOf('muted.example', [example('signing-disabled')]);
  const identities = [
    reportIdentityOf('well.example', []),
    reportIdentityOf('pending.example', [example('verification-pending')], undefined, { status: 'PENDING' }),
    reportIdentityOf('example.com', [example('record-missing')]),
    reportIdentityOf('a-very-long-name-of-a-customer.with-many-labels.example.net', [example('nameservers-disagree')], undefined, {
      region: 'us-east-1',
    }),
    reportIdentityOf('silent.example', [example('identity-unknown')], 'No name server gave an answer that counts.'),
    { ...muted, diagnosis: 'healthy' as const, findings: muted.findings.map((f) => ({ ...f, muted: true })) },
  ];
  const count = (diagnosis: ReportIdentity['diagnosis']): number => identities.filter((i) => i.diagnosis === diagnosis).length;
  const nowhere = subject('', { account: '222222222222', region: 'eu-west-1' });
  return {
    schema: 1,
    startedAt: '2026-03-01T14:02:00.000Z',
    finishedAt: '2026-03-01T14:02:31.000Z',
    targets: [
      { account: '111111111111', region: 'eu-west-1', identities: 5 },
      { account: '111111111111', region: 'us-east-1', identities: 1 },
      { account: '222222222222', region: 'eu-west-1', identities: 0, gap: { reason: 'role-refused', detail: 'The role was refused.' } },
    ],
    identities,
    findings: [{ ...toReportFinding(example('target-unreadable'), nowhere), targets: [{ account: '222222222222', region: 'eu-west-1' }] }],
    summary: {
      healthy: count('healthy'),
      broken: count('broken'),
      unknown: count('unknown'),
      bySeverity: { notice: 1, warning: 3, critical: 1 },
    },
    cost: { sesCalls: 9, dnsQuestions: 41, stsCalls: 1 },
    ...more,
  };
}
