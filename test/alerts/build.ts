// Builders for alert tests: start from one healthy identity and change one thing.
import { type Plan, type PlanInput, planAlerts } from '../../lambda/alerts/plan.ts';
import { applyTold } from '../../lambda/alerts/told.ts';
import { type AlertMemory, type Belief, EMPTY_ALERT_MEMORY } from '../../lambda/model/alert.ts';
import type { Diagnosis } from '../../lambda/model/diagnosis.ts';
import type { Finding, FindingFacts, FindingKind, Severity } from '../../lambda/model/finding.ts';
import type { DkimMethod, Identity, Target } from '../../lambda/model/identity.ts';
import { type AccountId, dnsName, type Region } from '../../lambda/model/names.ts';
import type { AlertPolicy } from '../../lambda/model/policy.ts';
import type { IdentityResult, TargetReport } from '../../lambda/model/report.ts';

export const ACCOUNT = '111111111111';
export const DAY = 86_400_000;
export const HOUR = 3_600_000;
export const START = '2026-11-23T21:00:00.000Z';

/** START plus some milliseconds. */
export const at = (ms: number): string => new Date(Date.parse(START) + ms).toISOString();

export const POLICY: AlertPolicy = { remindEveryMs: DAY, minimumSeverity: 'warning', mute: [] };

export const target = (region = 'us-east-1', account = ACCOUNT): Target => ({ account: account as AccountId, region: region as Region });

const FACTS: { readonly [K in FindingKind]?: FindingFacts[K] } = {
  'record-missing': { missing: 1, expected: 3, absence: 'nxdomain', since: START, lastSeen: [], nameServers: [], sesNoticed: false },
  'signing-disabled': { wasEnabled: true },
  'key-malformed': { reason: 'truncated', detail: 'cut at 255' },
  revoked: { statusNow: 'FAILED' },
  'verification-pending': { estimated: true },
  'target-unreadable': { reason: 'role-refused', detail: 'The role refused.', since: START, identities: 12 },
  'identity-unknown': { reason: 'dns-unanswered', detail: 'No server answered.', since: START, sweeps: 3 },
  'nameservers-disagree': { holding: ['ns1'], lacking: ['ns2'], different: [], serials: [], cause: 'split' },
};

export function finding(kind: FindingKind = 'record-missing', severity: Severity = 'critical', records: readonly string[] = []): Finding {
  return {
    kind,
    severity,
    facts: FACTS[kind] ?? {},
    records: records.map((token) => ({
      type: 'CNAME',
      name: dnsName(`${token}._domainkey.example.com`),
      token,
      target: dnsName(`${token}.dkim.amazonses.com`),
    })),
    evidence: [
      {
        server: { role: 'authoritative', name: dnsName('ns1.example.net'), address: '192.0.2.1' },
        question: { name: dnsName('a._domainkey.example.com'), type: 'TXT' },
        outcome: { kind: 'absent', how: 'nxdomain', aa: true },
        at: START,
      },
    ],
    deadlines: [],
  } as Finding;
}

export const healthy: Diagnosis = { kind: 'healthy', findings: [] };
export const broken = (...findings: readonly Finding[]): Diagnosis => ({
  kind: 'broken',
  findings: findings.length > 0 ? findings : [finding()],
});
export const unknown = (...findings: readonly Finding[]): Diagnosis => ({
  kind: 'unknown',
  reason: 'dns-unanswered',
  detail: 'No server answered.',
  findings,
});

/** Not judged since `since`, and marked so. */
export const blind = (since = at(-2 * HOUR)): Diagnosis =>
  unknown({ ...finding('identity-unknown', 'warning'), facts: { ...FACTS['identity-unknown'], since } } as Finding);

export interface ResultOptions {
  readonly region?: string;
  readonly account?: string;
  readonly method?: DkimMethod;
  readonly type?: 'domain' | 'address';
  readonly panel?: boolean;
  readonly zone?: string;
  readonly nameServers?: readonly string[];
}

export function result(name: string, diagnosis: Diagnosis = healthy, options: ResultOptions = {}): IdentityResult {
  const identity: Identity = {
    ...target(options.region, options.account),
    identity: name,
    type: options.type ?? 'domain',
    method: options.method ?? 'easy',
    tokens: ['a', 'b', 'c'],
    ses: { status: 'SUCCESS', signing: true, readAt: START },
    tags: {},
  };
  return {
    identity,
    expectation: { kind: 'nothing', reason: 'not-set-up' },
    diagnosis,
    history: { firstSeenAt: START, unknownSweeps: 0 },
    panel: options.panel ?? true,
    ...(options.zone === undefined ? {} : { zone: options.zone }),
    ...(options.nameServers === undefined ? {} : { nameServers: options.nameServers }),
  };
}

export function report(results: readonly IdentityResult[], more: Partial<TargetReport> = {}): TargetReport {
  return { ...target(), inventoryComplete: true, results, unread: [], ...more };
}

export function input(reports: readonly TargetReport[], more: Partial<PlanInput> = {}): PlanInput {
  return {
    reports,
    configuredTargets: reports.map((r) => ({ account: r.account, region: r.region })),
    targetFindings: [],
    memory: introduced(...reports),
    policy: POLICY,
    audience: { kind: 'known', confirmed: 1 },
    controlFailed: false,
    now: START,
    ...more,
  };
}

/** A memory in which these targets had their first summary. */
export function introduced(...targets: readonly Target[]): AlertMemory {
  const keys = targets.map((t) => `${t.account}/${t.region}`);
  return {
    ...EMPTY_ALERT_MEMORY,
    introduced: Object.fromEntries(keys.map((key) => [key, { at: START, messageId: 'm0' }])),
    firstSeen: Object.fromEntries(keys.map((key) => [key, START])),
  };
}

/** Publishes every telling of a plan, as the story does. */
export function publishAll(plan: Plan, now: string): AlertMemory {
  return plan.tellings.reduce((memory, telling) => applyTold(memory, telling, telling, now), plan.memoryBefore);
}

/** Plans and publishes one sweep. */
export function sweep(given: PlanInput): { readonly plan: Plan; readonly memory: AlertMemory } {
  const plan = planAlerts(given);
  return { plan, memory: publishAll(plan, given.now) };
}

export const events = (plan: Plan): readonly string[] =>
  plan.tellings.map((t) => (t.kind === 'summary' ? `${t.occasion}:${t.event}` : t.event));
export const reasons = (plan: Plan): readonly string[] => plan.decisions.map((d) => d.reason);

export function brokenBelief(findings: readonly Finding[] = [finding()], more: Partial<Extract<Belief, { kind: 'broken' }>> = {}): Belief {
  const { identity } = result('example.com');
  return {
    key: `${ACCOUNT}/us-east-1/example.com`,
    kind: 'broken',
    affected: [
      {
        subject: {
          account: ACCOUNT,
          region: 'us-east-1',
          identity: identity.identity,
          type: 'domain',
          method: 'easy',
          status: 'SUCCESS',
          readAt: START,
        },
        findings,
      },
    ],
    target: target(),
    muted: false,
    ...more,
  };
}
