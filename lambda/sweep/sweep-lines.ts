// The structured lines of one sweep, all of bounded number: each target, identities that changed or are not healthy, open alerts, failing servers, the end. Fields are single values, so that Logs Insights finds each by its name.
import type { OpenAlert } from '../alerts/open-counts.ts';
import type { Report, TargetReport } from '../model/report.ts';
import { cutAt } from '../model/safe-text.ts';
import type { Log } from './ports.ts';
import type { ServerTally } from './server-tally.ts';

type Line = Readonly<Record<string, unknown>>;

/** Lines about identities in one sweep. */
export const MOST_IDENTITY_LINES = 200;

/** Most lines of each sort in one sweep: at 288 sweeps a day some 25 MB even where thousands of identities are broken. */
const MOST = { identities: MOST_IDENTITY_LINES, alerts: 50, servers: 50 } as const;

/** One line for each target. `state` is `read`, or why it could not be. */
export function targetLine(report: TargetReport): Line {
  const count = (kind: string): number => report.results.filter(({ diagnosis }) => diagnosis.kind === kind).length;
  return {
    account: report.account,
    region: report.region,
    state: report.gap?.reason ?? 'read',
    identities: report.results.length,
    healthy: count('healthy'),
    broken: count('broken'),
    unknown: count('unknown'),
    unread: report.unread.length,
    inventoryAt: report.inventoryAt,
    inventoryComplete: report.inventoryComplete,
    ...(report.gap ? { gap: report.gap.reason, detail: report.gap.detail } : {}),
  };
}

/**
 * Lines for identities whose diagnosis is another than a sweep before (`was`), then for those that are broken, unknown or unread as before: by turns,
 * where there are more than a sweep may log. `keyOf` names the alert that an identity belongs to; `rotation` counts sweeps.
 */
export function identityLines(
  targets: readonly TargetReport[],
  {
    keyOf,
    rotation,
  }: { readonly keyOf: (identity: { account: string; region: string; identity: string }) => string; readonly rotation: number },
): { readonly lines: readonly Line[]; readonly of: number } {
  const all = targets.flatMap((target) => [...statesOf(target)]);
  const changed = all.filter(({ was }) => was !== undefined);
  const lasting = all.filter(({ was }) => was === undefined);
  const room = Math.max(0, MOST.identities - changed.length);
  const from = lasting.length <= room || room === 0 ? 0 : (rotation * room) % lasting.length;
  const turn = [...lasting.slice(from), ...lasting.slice(0, from)].slice(0, room);
  const lines = [...changed.slice(0, MOST.identities), ...turn].map((state) => ({ ...state, alert: keyOf(state) }));
  const fresh = targets.reduce((sum, { besides }) => sum + (besides?.fresh ?? 0), 0);
  return { lines, of: all.length + fresh };
}

interface State {
  readonly account: string;
  readonly region: string;
  readonly identity: string;
  readonly diagnosis: string;
  readonly was?: string;
  /** Kinds of its findings, or why nothing could be said. */
  readonly why: string;
}

function* statesOf({ account, region, results, unread, gone }: TargetReport): Generator<State> {
  for (const { identity, diagnosis, was } of results) {
    const changed = was !== undefined && was !== diagnosis.kind;
    // That a new one is healthy is worth a line; that an old one still is, is not.
    if (!changed && diagnosis.kind === 'healthy') continue;
    const kinds = [...new Set(diagnosis.findings.map(({ kind }) => kind))].join(', ');
    yield {
      account,
      region,
      identity: identity.identity,
      diagnosis: diagnosis.kind,
      ...(changed ? { was } : {}),
      why: diagnosis.kind === 'unknown' ? `${diagnosis.reason}: ${cutAt(diagnosis.detail, 300)}` : kinds,
    };
  }
  for (const { identity, reason, detail } of unread)
    yield { account, region, identity, diagnosis: 'unknown', why: `${reason}: ${cutAt(detail, 300)}` };
  for (const identity of gone ?? [])
    yield { account, region, identity, diagnosis: 'gone', was: 'watched', why: 'It is in the listing of SES no more.' };
}

/** Logs the identities, with a line that says how many were left out. */
export function logIdentities({ lines, of }: ReturnType<typeof identityLines>, log: Log): void {
  for (const line of lines) log('info', 'identity-state', line);
  if (of > lines.length) log('info', 'identity-states-left-out', { logged: lines.length, of });
}

/** Logs the worst open alerts, each with the time left to its nearest deadline. */
export function logOpenAlerts(open: readonly OpenAlert[], now: string, log: Log): void {
  for (const { kinds, deadline, ...alert } of open.slice(0, MOST.alerts))
    log('info', 'open-alert', {
      alert: alert.key,
      severity: alert.severity,
      kinds: kinds.join(', '),
      identities: alert.identities,
      openedAt: alert.openedAt,
      told: alert.told ? 'yes' : 'no',
      deadline: deadline?.name ?? 'none',
      ...(deadline ? { deadlineAt: deadline.at, hoursLeft: hours(Date.parse(deadline.at) - Date.parse(now)) } : {}),
    });
  if (open.length > MOST.alerts) log('info', 'open-alerts-left-out', { logged: MOST.alerts, of: open.length });
}

const hours = (ms: number): number => Math.round(ms / 360_000) / 10;

/** Logs the servers that failed most often. */
export function logFailingServers(tally: ServerTally, log: Log): void {
  const { worst, of } = tally.failing(MOST.servers);
  for (const server of worst) log('info', 'server-failing', { ...server });
  if (of > worst.length) log('info', 'servers-left-out', { logged: worst.length, of });
}

/** The last line of a sweep: what it saw, and what it cost. */
export function finishedLine(
  { summary, cost }: Pick<Report, 'summary' | 'cost'>,
  sweep: {
    readonly seconds: number;
    readonly told: number;
    readonly notPublished: number;
    readonly troubles: number;
    readonly oldestInventorySeconds: number;
  },
): Line {
  const { healthy, broken, unknown } = summary;
  return { healthy, broken, unknown, ...cost, ...sweep };
}
