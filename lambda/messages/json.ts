// The alert as JSON for programs, schema 1: a contract. Fields may be added, none is renamed or dropped.
import type { Alert, AlertEvent, Subject } from '../model/alert.ts';
import type { FindingKind, Severity } from '../model/finding.ts';
import type { Message } from '../model/message.ts';
import type { ReportFinding } from '../model/report.ts';
import { visible } from '../model/safe-text.ts';
import type { TargetCounts, UnreadTarget } from '../model/telling.ts';
import { unreadJson } from './unread-targets.ts';
import type { WordedAlert } from './worded.ts';

export interface AlertJson {
  readonly schema: 1;
  readonly alertId: string;
  readonly messageId: string;
  readonly event: AlertEvent;
  /** For a message about several alerts: why they are told together. */
  readonly occasion?: NonNullable<Message['occasion']>;
  /** When the message was made, ISO 8601 UTC. */
  readonly at: string;
  readonly severity: Severity;
  /** Worst first. */
  readonly kinds: readonly FindingKind[];
  readonly openedAt?: string;
  readonly targets: readonly { readonly account: string; readonly region: string }[];
  readonly identities: readonly Subject[];
  /** Each with account, region and identity in its facts. */
  readonly findings: readonly unknown[];
  /** Identities that did not fit into the message; absent if none. */
  readonly omitted?: number;
  /** For a message about several alerts: each of them, worst first, under the id of its own later messages. Absent for one alert, also for one that many identities share. */
  readonly members?: readonly MemberJson[];
  /** Alerts that did not fit into `members`; absent if none. */
  readonly membersOmitted?: number;
  /** For the first summary of targets. */
  readonly summary?: readonly TargetCounts[];
  /** Targets that a first summary could not read; absent if none. */
  readonly unreadable?: readonly UnreadTarget[];
}

/** One alert of a message about several. */
export interface MemberJson {
  readonly alertId: string;
  readonly event: AlertEvent;
  readonly severity: Severity;
  readonly account: string;
  readonly region: string;
  /** Of its identities the first; absent for a target. */
  readonly identity?: string;
}

export interface JsonParts {
  readonly alertId: string;
  readonly messageId: string;
  readonly event: AlertEvent;
  readonly occasion?: NonNullable<Message['occasion']>;
  readonly at: string;
  readonly severity: Severity;
  readonly kinds: readonly FindingKind[];
  readonly views: readonly WordedAlert[];
  /** All alerts of the message, those without a view too. */
  readonly alerts: readonly Alert[];
  /** Alerts that have lives of their own, of which as many are listed as fit into so many characters. */
  readonly members?: { readonly alerts: readonly Alert[]; readonly room: number };
  readonly targets?: readonly TargetCounts[];
  readonly unreadable?: readonly UnreadTarget[];
}

const MAX_TARGETS = 100;

/** Characters of `members`, of which a message holds two copies: some 300 alerts. */
export const MEMBERS_ROOM = 45_000;

/** JSON text of one message. */
export function alertJson(parts: JsonParts): string {
  const identities = parts.views.flatMap((view) => view.identities.map(({ subject }) => subject));
  const all = parts.alerts.reduce((n, alert) => n + alert.affected.length, 0);
  const findings = parts.views.flatMap((view) => [
    ...(view.targetFinding ? [view.targetFinding] : []),
    ...view.identities.flatMap((i) => i.findings),
  ]);
  const targets = new Map<string, { account: string; region: string }>();
  for (const alert of parts.alerts)
    for (const { account, region } of [alert.target, ...alert.affected.map((a) => a.subject)])
      targets.set(`${account}/${region}`, { account, region });
  for (const { account, region } of [...(parts.targets ?? []), ...(parts.unreadable ?? [])])
    targets.set(`${account}/${region}`, { account, region });
  const [only] = parts.alerts;
  const body: AlertJson = {
    schema: 1,
    alertId: parts.alertId,
    messageId: parts.messageId,
    event: parts.event,
    ...(parts.occasion === undefined ? {} : { occasion: parts.occasion }),
    at: parts.at,
    severity: parts.severity,
    kinds: parts.kinds,
    ...(parts.alerts.length === 1 && only ? { openedAt: only.openedAt } : {}),
    targets: [...targets.values()].slice(0, MAX_TARGETS),
    identities,
    findings: findings.map(findingJson),
    ...(all > identities.length ? { omitted: all - identities.length } : {}),
    ...(parts.members === undefined ? {} : membersJson(parts.members.alerts, parts.event, parts.members.room)),
    ...(parts.targets && parts.targets.length > 0 ? { summary: parts.targets.slice(0, MAX_TARGETS) } : {}),
    ...(parts.unreadable && parts.unreadable.length > 0 ? { unreadable: unreadJson(parts.unreadable, MAX_TARGETS) } : {}),
  };
  return JSON.stringify(harmless(body, 0));
}

function membersJson(alerts: readonly Alert[], event: AlertEvent, room: number): Pick<AlertJson, 'members' | 'membersOmitted'> {
  const members: MemberJson[] = [];
  let left = room;
  for (const alert of alerts) {
    const subject = alert.affected[0]?.subject;
    const { account, region } = subject ?? alert.target;
    const name = subject === undefined ? {} : { identity: visible(subject.identity, 320) };
    const member = { alertId: alert.id, event, severity: alert.severity, account, region, ...name };
    left -= JSON.stringify(member).length + 1;
    if (left < 0) break;
    members.push(member);
  }
  return { members, ...(alerts.length > members.length ? { membersOmitted: alerts.length - members.length } : {}) };
}

// Programs have the records; the forms for pasting are for people and would only use up the space.
function findingJson({ paste: _, ...finding }: ReportFinding): unknown {
  return { ...finding, evidence: finding.evidence.slice(0, 6) };
}

/** Every text made harmless, every list and depth bounded: facts may hold what DNS supplied. */
export function harmless(value: unknown, depth: number): unknown {
  // Steps have lines: in JSON a line break is an escape like any other.
  if (typeof value === 'string')
    return value
      .slice(0, 4000)
      .split('\n')
      .map((line) => visible(line, 2000))
      .join('\n');
  if (value === null || typeof value !== 'object') return value;
  if (depth > 8) return null;
  if (Array.isArray(value)) return value.slice(0, 1000).map((item) => harmless(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, 100)
      .map(([key, item]) => [visible(key, 100), harmless(item, depth + 1)]),
  );
}
