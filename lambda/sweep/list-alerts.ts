// Reads what is open from a monitor's memory, with the reason why each quiet alert is quiet: for `dkim-monitor alerts`.
import { closedStandings, standings } from '../alerts/standing.ts';
import { type AlertMemory, EMPTY_ALERT_MEMORY } from '../model/alert.ts';
import type { AlertPolicy } from '../model/policy.ts';
import type { Report } from '../model/report.ts';
import type { ClosedStanding, Standing, WaitingMessage } from '../model/standing.ts';
import { ALERTS_KEY, LATEST_REPORT_KEY, OUTBOX_KEY, SCHEMA } from './blobs.ts';
import { type KeptMute, readMutes, withKeptMutes } from './mutes.ts';
import type { Outbox } from './outbox.ts';
import type { Channel, Memory } from './ports.ts';

export interface AlertList {
  /** Worst first; those that do not count come last. */
  readonly alerts: readonly Standing[];
  readonly closed: readonly ClosedStanding[];
  /** Start of the last sweep, ISO 8601 UTC; absent if there was none, or if its report cannot be read. */
  readonly lastSweepAt?: string;
  /** What the command muted; undefined if that cannot be read, and `mutesUnreadable` says why. */
  readonly mutes?: readonly KeptMute[];
  readonly mutesUnreadable?: string;
  /** What exits besides the main topic miss, in the order of sending; undefined if that cannot be read, and `waitingUnreadable` says why. */
  readonly waiting?: readonly WaitingMessage[];
  readonly waitingUnreadable?: string;
}

export type AlertListRead = { readonly kind: 'read'; readonly list: AlertList } | { readonly kind: 'unreadable'; readonly detail: string };

/** `now` is ISO 8601 UTC. Without `audience` somebody is assumed to listen. Only reads. */
export async function listAlerts(
  memory: Pick<Memory, 'read'>,
  policy: AlertPolicy,
  now: string,
  audience?: Awaited<ReturnType<Channel['audience']>>,
): Promise<AlertListRead> {
  const read = await memory.read(ALERTS_KEY, SCHEMA.alerts);
  if (read.kind === 'unreadable') return read;
  const alerts = read.kind === 'found' ? (read.value as AlertMemory) : EMPTY_ALERT_MEMORY;
  const kept = await readMutes(memory, Date.parse(now));
  const waiting = await readWaiting(memory);
  const report = await memory.read(LATEST_REPORT_KEY, SCHEMA.report);
  const last = report.kind === 'found' ? (report.value as Report) : undefined;
  const diagnoses = new Map<string, Report['identities'][number]['diagnosis']>(
    last?.identities.map((one) => [`${one.account}/${one.region}/${one.identity}`, one.diagnosis]),
  );
  const outlook = {
    audience: audience === undefined ? 'assumed' : audience.kind === 'unknown' ? 'unknown' : audience.confirmed > 0 ? 'confirmed' : 'none',
    ...(last === undefined ? {} : { lastSweepAt: last.startedAt }),
    listed: new Set(last?.targets.flatMap((one) => (one.inventoryAt === undefined || one.gap ? [] : [`${one.account}/${one.region}`]))),
    diagnosisOf: (who: string) => diagnoses.get(who),
  } as const;
  return {
    kind: 'read',
    list: {
      alerts: standings(alerts, withKeptMutes(policy, kept), now, outlook),
      closed: closedStandings(alerts, now),
      ...(last === undefined ? {} : { lastSweepAt: last.startedAt }),
      ...(kept.kind === 'read' ? { mutes: kept.mutes } : { mutesUnreadable: kept.detail }),
      ...waiting,
    },
  };
}

async function readWaiting(memory: Pick<Memory, 'read'>): Promise<Pick<AlertList, 'waiting' | 'waitingUnreadable'>> {
  const read = await memory.read(OUTBOX_KEY, SCHEMA.outbox);
  if (read.kind === 'unreadable') return { waitingUnreadable: read.detail };
  const unsent = read.kind === 'found' ? (read.value as Outbox).unsent : [];
  return {
    waiting: unsent.map(({ exit, since, message: { alertId, messageId, event, subject } }) => ({
      exit,
      since,
      alertId,
      messageId,
      event,
      subject,
    })),
  };
}
