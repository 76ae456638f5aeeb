// One whole sweep: take the lease, sweep every target, conclude once for all, remember, and say how it went.

import { alertKeys } from '../alerts/group.ts';
import { type AlertMemory, EMPTY_ALERT_MEMORY } from '../model/alert.ts';
import { type Identity, type Target, targetKey } from '../model/identity.ts';
import type { AlertPolicy, ConfiguredKey } from '../model/policy.ts';
import type { Cost, Report, TargetReport } from '../model/report.ts';
import { visible } from '../model/safe-text.ts';
import { ALERTS_KEY, SCHEMA, ZONES_KEY } from './blobs.ts';
import { conclude } from './conclude.ts';
import { inParallel } from './in-parallel.ts';
import { takeLease } from './lease.ts';
import { METRICS, type MetricName } from './metrics.ts';
import type { Channel, Memory } from './ports.ts';
import { sweepTarget } from './sweep-target.ts';
import type { SweepTargetPlan, SweepTargetWorld } from './target-plan.ts';

export interface SweepWorld extends SweepTargetWorld {
  readonly channel: Channel;
  /** Writes the sweep's metrics, once. */
  readonly metrics: (values: Readonly<Partial<Record<MetricName, number>>>) => void;
}

export interface SweepPlan {
  readonly targets: readonly Target[];
  readonly regionMayBeOff: boolean;
  readonly keys: readonly ConfiguredKey[];
  readonly policy: AlertPolicy;
  readonly inventoryEveryMs: number;
  /** Milliseconds between two sweeps: servers are asked in turn by it. */
  readonly scheduleMs: number;
  /** Milliseconds that reading SES may take in this sweep. */
  readonly inventoryMs: number;
  readonly confirmAfterMs: number;
  /** Milliseconds since the epoch: what is not done by then becomes unknown, and the sweep concludes all the same. */
  readonly until: number;
  /** Milliseconds since the epoch: the lease ends here, with the invocation. */
  readonly leaseUntil: number;
  /** True for a person at a terminal: findings carry their records in the forms that people paste. */
  readonly toPaste: boolean;
  /** Who holds the lease: one invocation. */
  readonly owner: string;
}

export type SweepOutcome =
  | { readonly kind: 'swept'; readonly report: Report; readonly told: number; readonly troubles: readonly string[] }
  /** Another sweep is running: nothing was done. */
  | { readonly kind: 'held'; readonly owner: string /** ISO 8601 UTC. */; readonly until: string };

/** Targets swept at once. Each has its own SES limiter; the DNS room is shared and paced. */
const TARGETS_AT_ONCE = 40;

/** Runs one sweep. Throws only for our own bugs and for a memory that cannot be reached at all. */
export async function runSweep(plan: SweepPlan, world: SweepWorld): Promise<SweepOutcome> {
  const began = world.clock();
  const lease = await takeLease(world.memory, plan.owner, began, plan.leaseUntil);
  if (lease.kind === 'held') {
    world.log('warn', 'sweep-skipped', {
      reason: 'another sweep is running',
      holder: lease.owner,
      until: new Date(lease.until).toISOString(),
    });
    return { kind: 'held', owner: lease.owner, until: new Date(lease.until).toISOString() };
  }
  try {
    return await sweepAndConclude(plan, world, began);
  } finally {
    // Also after a failure: the next sweep is its retry, and must not wait for the lease to run out.
    await lease.release();
  }
}

async function sweepAndConclude(plan: SweepPlan, world: SweepWorld, began: number): Promise<SweepOutcome> {
  const startedAt = new Date(began).toISOString();
  const remembered = await world.memory.read(ALERTS_KEY, SCHEMA.alerts);
  const alerts = remembered.kind === 'found' ? (remembered.value as AlertMemory) : EMPTY_ALERT_MEMORY;
  const zones = await world.memory.read(ZONES_KEY, SCHEMA.zones);
  if (zones.kind === 'found') world.dns.importCache((zones.value as { readonly cache?: unknown }).cache);
  const targets = await sweepAll(plan, world, alerts, began, startedAt);
  const calls = world.inventory.calls();
  const cost: Cost = { sesCalls: calls.sesCalls, stsCalls: calls.stsCalls, dnsQuestions: world.dns.questions() };
  const concluded = await conclude(
    {
      startedAt,
      targets,
      configured: plan.targets,
      policy: plan.policy,
      cost,
      toPaste: plan.toPaste,
      alerts,
      alertsVersion: versionOf(remembered),
    },
    world,
  );
  await rememberZones(world);
  const troubles = [
    ...targets.flatMap(({ account, region, failed, gap }) => (failed === true ? [`${account}/${region}: ${gap?.detail}`] : [])),
    ...concluded.troubles,
    ...(remembered.kind === 'unreadable' ? [`The memory of alerts cannot be read: ${remembered.detail}`] : []),
  ];
  writeMetrics(
    concluded.report,
    { targets, troubles: troubles.length, seconds: (world.clock() - began) / 1000, now: world.clock() },
    world,
  );
  return { kind: 'swept', report: concluded.report, told: concluded.told, troubles };
}

/** Undefined: the memory of alerts cannot be read, so nothing may be told or written. */
function versionOf(read: Awaited<ReturnType<Memory['read']>>): string | undefined {
  return read.kind === 'found' ? read.version : read.kind === 'absent' ? 'absent' : undefined;
}

async function sweepAll(
  plan: SweepPlan,
  world: SweepWorld,
  alerts: AlertMemory,
  began: number,
  startedAt: string,
): Promise<readonly TargetReport[]> {
  const keyOf = alertKeys([], alerts);
  const suspected = (identity: Identity): boolean => alerts.alerts[keyOf(identity)] !== undefined;
  const inventoryUntil = Math.min(plan.until, began + plan.inventoryMs);
  const { keys, inventoryEveryMs, confirmAfterMs, until, regionMayBeOff } = plan;
  const one: SweepTargetPlan = {
    keys,
    inventoryEveryMs,
    confirmAfterMs,
    until,
    regionMayBeOff,
    inventoryUntil,
    suspected,
    rotation: Math.floor(began / plan.scheduleMs),
    now: startedAt,
  };
  const reports = new Map<string, TargetReport>();
  await inParallel(plan.targets, TARGETS_AT_ONCE, async (target) => {
    const report = await sweepTarget(target, one, world).catch((error: unknown) => failedTarget(target, error, world));
    reports.set(targetKey(target), report);
    world.log('info', 'target-swept', targetLine(report));
  });
  return plan.targets.map((target) => reports.get(targetKey(target))).filter((report) => report !== undefined);
}

/** A target whose memory cannot be written, or that met a bug of ours, stops no other; the sweep still ends as troubled. */
function failedTarget(target: Target, error: unknown, world: SweepWorld): TargetReport {
  const detail = `The sweep of this target failed: ${visible(error instanceof Error ? error.message : String(error), 500)}`;
  world.log('error', 'target-failed', { ...target, detail, stack: error instanceof Error ? error.stack : undefined });
  return { ...target, gap: { reason: 'error', detail }, failed: true, inventoryComplete: false, results: [], unread: [] };
}

/** One structured line for each target. */
function targetLine(report: TargetReport): Readonly<Record<string, unknown>> {
  const count = (kind: string): number => report.results.filter(({ diagnosis }) => diagnosis.kind === kind).length;
  return {
    account: report.account,
    region: report.region,
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

async function rememberZones(world: SweepWorld): Promise<void> {
  // Only a cache: the last writer wins, and losing it costs a few questions.
  await world.memory.write(ZONES_KEY, { schema: SCHEMA.zones, cache: world.dns.exportCache() } as { readonly schema: number }, 'any');
}

/** A quarter of a target's identities that nobody could judge for three sweeps: the fault is hardly that of the customers' DNS hosts alone. */
function isMostlyBlind({ results }: TargetReport): boolean {
  const blind = results.filter(({ diagnosis, history }) => diagnosis.kind === 'unknown' && history.unknownSweeps >= 3).length;
  return blind > 0 && blind * 4 >= results.length;
}

/** Seconds since the oldest inventory was complete; one that never was counts from the first sight of its identities. */
function oldestInventory(targets: readonly TargetReport[], now: number): number {
  const since = targets.flatMap(
    ({ inventoryAt, results }) => inventoryAt ?? results.map(({ history }) => history.firstSeenAt).sort()[0] ?? [],
  );
  return Math.max(0, ...since.map((at) => (now - Date.parse(at)) / 1000));
}

function writeMetrics(
  report: Report,
  run: { readonly targets: readonly TargetReport[]; readonly troubles: number; readonly seconds: number; readonly now: number },
  world: SweepWorld,
): void {
  world.metrics({
    [METRICS.healthy]: report.summary.healthy,
    [METRICS.broken]: report.summary.broken,
    [METRICS.unknown]: report.summary.unknown,
    [METRICS.gaps]: run.targets.filter((target) => target.gap !== undefined || isMostlyBlind(target)).length,
    [METRICS.sweepSeconds]: run.seconds,
    [METRICS.dnsQuestions]: report.cost.dnsQuestions,
    [METRICS.sesCalls]: report.cost.sesCalls,
    [METRICS.oldestInventorySeconds]: oldestInventory(run.targets, run.now),
    [METRICS.finished]: 1,
    [METRICS.troubled]: run.troubles > 0 ? 1 : 0,
  });
}
