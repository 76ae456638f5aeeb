// One whole sweep: take the lease, sweep every target, conclude once for all, remember, and say how it went.
import { alertKeys } from '../alerts/group.ts';
import { countOpen, openAlerts } from '../alerts/open-counts.ts';
import { type AlertMemory, EMPTY_ALERT_MEMORY } from '../model/alert.ts';
import type { Target } from '../model/identity.ts';
import type { AlertPolicy, ConfiguredKey } from '../model/policy.ts';
import type { Cost, Report, TargetReport } from '../model/report.ts';
import { ALERTS_KEY, SCHEMA, ZONES_KEY } from './blobs.ts';
import { type Concluded, conclude } from './conclude.ts';
import { oldestInventorySeconds } from './inventory-age.ts';
import { takeLeaseForSweep } from './lease.ts';
import { type Ledger, readLedger, writeLedger } from './ledger.ts';
import { readPolicy } from './mutes.ts';
import { type Limits, NEAR_LIMITS_ADVICE, nearLimits } from './near-limits.ts';
import type { Channel, Heartbeat, Memory, MemoryRead } from './ports.ts';
import type { Estate } from './resolve-targets.ts';
import { serverTally } from './server-tally.ts';
import { finishedLine, identityLines, logFailingServers, logIdentities, logOpenAlerts } from './sweep-lines.ts';
import { type MetricValues, metricsOf, unreadableBlobs } from './sweep-metrics.ts';
import { sweepTargets, targetPlanOf } from './sweep-targets.ts';
import type { SweepTargetWorld } from './target-plan.ts';

export interface SweepWorld extends SweepTargetWorld {
  readonly channel: Channel;
  /** Writes the sweep's metrics, once. */
  readonly metrics: (values: MetricValues) => void;
  /** Told of each good sweep; absent if nobody outside listens. */
  readonly heartbeat?: Heartbeat;
}

export interface SweepPlan {
  readonly targets: readonly Target[];
  /** How the targets came about, where AWS named them. */
  readonly estate?: Estate;
  readonly regionMayBeOff: boolean;
  readonly keys: readonly ConfiguredKey[];
  readonly policy: AlertPolicy;
  readonly inventoryEveryMs: number;
  /** Milliseconds within which SES's details of each identity are read once. Default: a day. */
  readonly detailsEveryMs?: number;
  /** Milliseconds between two sweeps: servers are asked in turn by it. */
  readonly scheduleMs: number;
  /** Milliseconds that reading SES may take in this sweep. */
  readonly inventoryMs: number;
  /** Calls a second that SES is read with, for each account and region. */
  readonly sesCallsPerSecond: number;
  readonly confirmAfterMs: number;
  /** Milliseconds since the epoch: what is not done by then becomes unknown, and the sweep concludes all the same. */
  readonly until: number;
  /** Milliseconds since the epoch: the lease ends here, with the invocation. */
  readonly leaseUntil: number;
  /** True for a person at a terminal: findings carry their records in the forms that people paste. */
  readonly toPaste: boolean;
  /** Who holds the lease: one invocation. */
  readonly owner: string;
  /** What the one function that does it all may use; absent where none is alone, or nobody counts. */
  readonly limits?: Limits;
}

export type SweepOutcome =
  | { readonly kind: 'swept'; readonly report: Report; readonly told: number; readonly troubles: readonly string[] }
  /** Another sweep is running: nothing was done. */
  | { readonly kind: 'held'; readonly owner: string /** ISO 8601 UTC. */; readonly until: string };

/**
 * Targets swept at once. Each has its own SES limiter, and most of its time is waiting: for SES's one call a second, and for the pause before the second round;
 * the DNS room is shared and paced, and the pools of connections bound what is sent at once. What they hold in memory is held until the end anyway.
 */

/** Runs one sweep. Throws only for our own bugs and for a memory that cannot be reached at all. */
export async function runSweep(plan: SweepPlan, world: SweepWorld): Promise<SweepOutcome> {
  const asked = world.clock();
  // An early check is short and looks at little: this sweep is not lost to it.
  const waitUntil = asked + (plan.until - asked) / 2;
  const lease = await takeLeaseForSweep(world.memory, { ...plan, waitUntil }, world);
  const began = world.clock();
  if (began - asked >= 1_000) world.log('info', 'sweep-waited', { seconds: (began - asked) / 1000, reason: 'an early check was running' });
  if (lease.kind === 'held') {
    world.log('warn', 'sweep-skipped', {
      reason: 'another sweep is running',
      holder: lease.owner,
      until: new Date(lease.until).toISOString(),
    });
    return { kind: 'held', owner: lease.owner, until: new Date(lease.until).toISOString() };
  }
  try {
    const { policy, noMutes } = await readPolicy(plan.policy, world, began);
    return await sweepAndConclude({ ...plan, policy }, world, began, noMutes);
  } finally {
    // Also after a failure: the next sweep is its retry, and must not wait for the lease to run out.
    await lease.release();
  }
}

/** `noMutes` says why the mutes of the command cannot be read: they count for nothing then, and the sweep is troubled. */
async function sweepAndConclude(plan: SweepPlan, open: SweepWorld, began: number, noMutes?: string): Promise<SweepOutcome> {
  const tally = serverTally();
  const world: SweepWorld = { ...open, dns: tally.watching(open.dns) };
  const startedAt = new Date(began).toISOString();
  const remembered = await world.memory.read(ALERTS_KEY, SCHEMA.alerts);
  const alerts = remembered.kind === 'found' ? (remembered.value as AlertMemory) : EMPTY_ALERT_MEMORY;
  const zones = await world.memory.read(ZONES_KEY, SCHEMA.zones);
  if (zones.kind === 'found') world.dns.importCache((zones.value as { readonly cache?: unknown }).cache);
  const ledger = await readLedger(world, alerts);
  const targets = await sweepAll(plan, world, { alerts, ledger, began, startedAt });
  const calls = world.inventory.calls();
  const cost: Cost = { sesCalls: calls.sesCalls, stsCalls: calls.stsCalls, dnsQuestions: world.dns.questions() };
  const concluded = await conclude(
    {
      startedAt,
      targets,
      configured: plan.targets,
      ...(plan.estate?.organization === undefined ? {} : { organization: plan.estate.organization }),
      policy: plan.policy,
      cost,
      toPaste: plan.toPaste,
      alerts,
      alertsVersion: versionOf(remembered),
    },
    world,
  );
  await rememberZones(world, zones);
  await writeLedger(ledger, world.memory);
  const troubles = [
    ...targets.flatMap(({ account, region, failed, gap }) => (failed === true ? [`${account}/${region}: ${gap?.detail}`] : [])),
    ...concluded.troubles,
    ...(plan.estate?.troubles ?? []),
    ...(remembered.kind === 'unreadable' ? [`The memory of alerts cannot be read: ${remembered.detail}`] : []),
    ...(noMutes === undefined ? [] : [`The mutes of the command cannot be read, and mute nothing: ${noMutes}`]),
  ];
  const unreadable = (remembered.kind === 'unreadable' ? 1 : 0) + (noMutes === undefined ? 0 : 1);
  await account({ plan, targets, concluded, troubles, began, unreadable }, world);
  logFailingServers(tally, world.log);
  return { kind: 'swept', report: concluded.report, told: concluded.told, troubles };
}

/** A sweep that has concluded, to be accounted for. */
export interface Ended {
  readonly plan: SweepPlan;
  readonly targets: readonly TargetReport[];
  readonly concluded: Omit<Concluded, 'report' | 'troubles'> & { readonly report: Pick<Report, 'startedAt' | 'summary' | 'cost'> };
  readonly troubles: readonly string[];
  readonly began: number;
  /** How many blobs of the deployment could not be read: that of the alerts, that of the mutes. */
  readonly unreadable: number;
}

/** Says how the sweep went: in lines, in metrics, and by a ping to whoever waits for one. */
export async function account({ plan, targets, concluded, troubles, began, unreadable }: Ended, world: SweepWorld): Promise<void> {
  const { report, alerts, notPublished, told } = concluded;
  const { startedAt } = report;
  const open = alerts === undefined ? undefined : openAlerts(alerts, plan.policy, startedAt);
  const keyOf = alertKeys(targets, alerts ?? EMPTY_ALERT_MEMORY);
  logIdentities(identityLines(targets, { keyOf, rotation: Math.floor(began / plan.scheduleMs) }), world.log);
  logOpenAlerts(open ?? [], startedAt, world.log);
  const good = troubles.length === 0 && unreadableBlobs(targets, unreadable) === 0 && !targets.every(({ gap }) => gap !== undefined);
  const pingFailed = good && (await pingFails(world));
  const now = world.clock();
  const seconds = (now - began) / 1000;
  const near = plan.limits === undefined ? [] : nearLimits(targets, now - began, plan.limits);
  if (near.length > 0) world.log('warn', 'near-limits', { near: near.join(', '), advice: NEAR_LIMITS_ADVICE });
  const age = oldestInventorySeconds(targets, now);
  world.log(
    'info',
    'sweep-finished',
    finishedLine(report, { seconds, told, notPublished, troubles: troubles.length, oldestInventorySeconds: Math.round(age) }),
  );
  world.metrics(
    metricsOf({
      report,
      targets,
      pace: { ...plan, inventoryMs: Math.min(plan.inventoryMs, plan.until - began) },
      open: open && countOpen(open, startedAt),
      unreadable,
      notPublished,
      pingFailed,
      nearLimits: near.length > 0,
      now,
    }),
  );
}

/** A switch that cannot be reached is its own alarm: it misses the ping. Here it is only noted. */
async function pingFails({ heartbeat, log }: SweepWorld): Promise<boolean> {
  const pinged = await heartbeat?.();
  if (pinged?.kind !== 'failed') return false;
  log('warn', 'heartbeat-ping-failed', { detail: pinged.detail });
  return true;
}

/** Undefined: the memory of alerts cannot be read, so nothing may be told or written. */
export function versionOf(read: Awaited<ReturnType<Memory['read']>>): string | undefined {
  return read.kind === 'found' ? read.version : read.kind === 'absent' ? 'absent' : undefined;
}

async function sweepAll(
  plan: SweepPlan,
  world: SweepWorld,
  {
    alerts,
    ledger,
    began,
    startedAt,
  }: { readonly alerts: AlertMemory; readonly ledger: Ledger; readonly began: number; readonly startedAt: string },
): Promise<readonly TargetReport[]> {
  return sweepTargets(plan.targets, { ...targetPlanOf(plan, alerts, began, startedAt), ledger }, world);
}

/** Keeps the delegations that were found, unless they are those that were `remembered` by this name: most sweeps learn nothing new. */
export async function rememberZones(
  world: Pick<SweepWorld, 'memory' | 'dns'>,
  remembered: MemoryRead,
  key: string = ZONES_KEY,
): Promise<void> {
  const blob = { schema: SCHEMA.zones, cache: world.dns.exportCache() };
  if (remembered.kind === 'found' && JSON.stringify(remembered.value) === JSON.stringify(blob)) return;
  // Only a cache: the last writer wins, and losing it costs a few questions.
  await world.memory.write(key, blob, 'any');
}
