// The state table of docs/alerts.md, made by asking the code: each state of an alert, each thing a sweep may believe of it, and what is decided.
import { readFileSync } from 'node:fs';
import { type Decided, decide, type TellingContext } from '../lambda/alerts/decide.ts';
import { closedAlert } from '../lambda/alerts/hold-down.ts';
import { markTold } from '../lambda/alerts/told.ts';
import { CATALOG } from '../lambda/diagnosis/catalog.ts';
import type { AffectedIdentity, Alert, Belief, ClosedAlert } from '../lambda/model/alert.ts';
import type { Deadline, Finding, Severity } from '../lambda/model/finding.ts';
import type { SesStatus, Target } from '../lambda/model/identity.ts';
import type { AlertPolicy } from '../lambda/model/policy.ts';

const HOUR_MS = 3_600_000;
const BEGAN = Date.parse('2026-03-01T12:00:00.000Z');
const at = (hours: number): string => new Date(BEGAN + hours * HOUR_MS).toISOString();

/** When the sweep of the table runs: an hour after the alert was told, far from every reminder and deadline. */
const NOW = 1;
const POLICY: AlertPolicy = { remindEveryMs: 24 * HOUR_MS, minimumSeverity: 'warning', mute: [] };
const KEY = '111111111111/eu-west-1/example.com';
const TARGET = { account: '111111111111', region: 'eu-west-1' } as Target;

function trouble(severity: Severity = 'warning', deadlines: readonly Deadline[] = [], more: readonly Finding[] = []): Belief {
  const missing = { ...(CATALOG['record-missing'].example as Finding), severity, deadlines, evidence: [] };
  const affected: AffectedIdentity = {
    subject: { ...TARGET, identity: 'example.com', type: 'domain', method: 'easy', status: 'SUCCESS', readAt: at(0) },
    findings: [missing, ...more],
  };
  return { key: KEY, kind: 'broken', affected: [affected], target: TARGET, muted: false };
}

const WHO = { ...TARGET, identity: 'example.com', type: 'domain', method: 'easy' } as const;
const unknown = (status: SesStatus): Belief => ({
  key: KEY,
  kind: 'unknown',
  detail: 'dns-unanswered',
  target: TARGET,
  unseen: [{ who: KEY, what: 'dns', read: { ...WHO, status, readAt: at(NOW) } }],
});
const dark = unknown('TEMPORARY_FAILURE');
const darkAndWell = unknown('SUCCESS');

const clock = (hours: number): readonly Deadline[] => [{ name: 'signing-lost', at: at(hours), estimated: true }];
const signingOff: Finding = { ...(CATALOG['signing-disabled'].example as Finding), severity: 'warning', evidence: [] };

export interface LifeState {
  readonly name: string;
  readonly alert?: (deadlines: readonly Deadline[]) => Alert;
  readonly closed?: ClosedAlert;
}

const LISTENING: TellingContext = { audience: 'confirmed', braked: false, summary: 'none' };
const opened = (deadlines: readonly Deadline[]): Alert =>
  must(decide(undefined, trouble('warning', deadlines), LISTENING, at(0), POLICY).next);
const told = (deadlines: readonly Deadline[]): Alert => markTold(opened(deadlines), 'opened', { messageId: 'm' }, at(0));
const back = (deadlines: readonly Deadline[]): Alert => ({ ...told(deadlines), reopened: 1 });

/** The states of an alert, in the order of a life. */
export const LIFE_STATES: readonly LifeState[] = [
  { name: 'none' },
  { name: 'untold', alert: opened },
  { name: 'told', alert: told },
  { name: 'closing', alert: (deadlines) => ({ ...told(deadlines), closing: { event: 'recovered', at: at(0.5) } }) },
  { name: 'closed', closed: closedAlert(told([]), at(0.5)) },
  { name: 'back', alert: back },
  { name: 'back, well', alert: (deadlines) => ({ ...back(deadlines), wellSince: at(0.9) }) },
];

export interface LifeEvent {
  readonly name: string;
  readonly belief: Belief;
  readonly hours?: number;
  readonly context?: Partial<TellingContext>;
  readonly policy?: Partial<AlertPolicy>;
  /** Deadlines as they were when the alert was told. */
  readonly before?: readonly Deadline[];
}

/** What a sweep may believe, and what may surround it. */
export const LIFE_EVENTS: readonly LifeEvent[] = [
  { name: 'broken, as before', belief: trouble() },
  { name: 'broken, worse', belief: trouble('critical') },
  { name: 'broken, another cause as well', belief: trouble('warning', [], [signingOff]) },
  { name: 'broken, a day later', belief: trouble(), hours: 24 },
  { name: 'broken, a deadline came near', belief: trouble('warning', clock(49)), before: clock(49), hours: 2 },
  { name: 'broken, a deadline passed', belief: trouble('warning', clock(2)), before: clock(2), hours: 3 },
  { name: 'broken, clock stepped back', belief: trouble(), hours: -48 },
  { name: 'broken, muted', belief: { ...trouble(), muted: true } as Belief },
  { name: 'broken, below the minimum', belief: trouble(), policy: { minimumSeverity: 'critical' } },
  { name: 'broken, brake on', belief: trouble(), context: { braked: true } },
  { name: 'broken, first summary to come', belief: trouble(), context: { summary: 'waiting' } },
  { name: 'broken, nobody listens', belief: trouble('critical'), context: { audience: 'none' } },
  { name: 'unknown', belief: dark },
  { name: 'unknown, a deadline came near', belief: dark, before: clock(49), hours: 2 },
  { name: 'unknown, a deadline passed', belief: dark, before: clock(2), hours: 3 },
  { name: 'unknown, a deadline passed, SES says SUCCESS', belief: darkAndWell, before: clock(2), hours: 3 },
  { name: 'healthy by one server', belief: { key: KEY, kind: 'healthy', panel: false, target: TARGET } },
  { name: 'healthy by all', belief: { key: KEY, kind: 'healthy', panel: true, target: TARGET } },
  { name: 'healthy by all, an hour later', belief: { key: KEY, kind: 'healthy', panel: true, target: TARGET }, hours: 2 },
  { name: 'identity deleted', belief: { key: KEY, kind: 'gone', why: 'identity-deleted', target: TARGET } },
];

/** What the code decides for one state and one event. */
export function lifeOf(state: LifeState, event: LifeEvent): Decided {
  const context = { ...LISTENING, ...event.context, ...(state.closed === undefined ? {} : { closed: state.closed }) };
  return decide(state.alert?.(event.before ?? []), event.belief, context, at(event.hours ?? NOW), { ...POLICY, ...event.policy });
}

/** `**opened** new` for what is told, `already-told` for what is not; `—` where there is nothing to decide. */
export function cellOf(state: LifeState, event: LifeEvent): string {
  if (state.alert === undefined && event.belief.kind !== 'broken') return '—';
  const { decision } = lifeOf(state, event);
  return decision.event === undefined ? decision.reason : `**${decision.event}** ${decision.reason}`;
}

const BEGIN = '<!-- generated: states -->';
const END = '<!-- end -->';

/** The page docs/alerts.md with its table made anew; the rest of it is written by hand. */
export function alertsPage(): string {
  const page = readFileSync('docs/alerts.md', 'utf8');
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`docs/alerts.md needs ${BEGIN} and ${END}`);
  return `${page.slice(0, from + BEGIN.length)}\n${table()}\n${page.slice(to)}`;
}

function table(): string {
  const head = `| a sweep finds | ${LIFE_STATES.map(({ name }) => name).join(' | ')} |`;
  const rows = LIFE_EVENTS.map((event) => `| ${event.name} | ${LIFE_STATES.map((state) => cellOf(state, event)).join(' | ')} |`);
  return [head, `|---|${LIFE_STATES.map(() => '---|').join('')}`, ...rows].join('\n');
}

function must(alert: Alert | undefined): Alert {
  if (alert === undefined) throw new Error('an alert was expected');
  return alert;
}
