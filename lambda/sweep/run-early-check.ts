// One early check: take the lease, look at what events named, conclude about that alone. A sweep later says the same without it.
import { alertKeys } from '../alerts/group.ts';
import { type AlertMemory, EMPTY_ALERT_MEMORY } from '../model/alert.ts';
import type { Focus } from '../model/focus.ts';
import { type Identity, type Target, targetKey } from '../model/identity.ts';
import type { TargetReport } from '../model/report.ts';
import { visible } from '../model/safe-text.ts';
import { ALERTS_KEY, SCHEMA, ZONES_KEY } from './blobs.ts';
import { concernedBy, targetsOf } from './concerned.ts';
import { type Concluded, conclude } from './conclude.ts';
import { inParallel } from './in-parallel.ts';
import { takeLease, waitForLease } from './lease.ts';
import { withdrawFromLedger } from './ledger.ts';
import { lookEarly } from './look-early.ts';
import { readPolicy } from './mutes.ts';
import { rememberZones, type SweepPlan, type SweepWorld, versionOf } from './run-sweep.ts';
import { identityLines, logIdentities } from './sweep-lines.ts';
import type { SweepTargetPlan } from './target-plan.ts';

export interface EarlyPlan extends Omit<SweepPlan, 'until' | 'leaseUntil' | 'toPaste'> {
  /** All configured targets, also those that are not looked at. */
  readonly targets: readonly Target[];
  readonly focus: Focus;
  /** Milliseconds that looking may take; half of it for SES. */
  readonly lookMs: number;
  /** Milliseconds for telling and remembering after that. */
  readonly concludeMs: number;
  /** Milliseconds since the epoch: later it does not begin, and leaves the matter to the sweeps. */
  readonly beginUntil: number;
}

export type EarlyOutcome =
  | {
      readonly kind: 'checked';
      readonly identities: number;
      readonly broken: number;
      readonly told: number;
      readonly troubles: readonly string[];
    }
  /** A sweep ran all the while: nothing was done. */
  | { readonly kind: 'held' };

/** Between two looks whether the lease is free. A sweep that waits goes first (lease.ts). */
const WAIT_EVERY_MS = 15_000;
const TARGETS_AT_ONCE = 40;

/** Runs one early check. Throws only for our own bugs and for a memory that cannot be reached at all. */
export async function runEarlyCheck(plan: EarlyPlan, world: SweepWorld): Promise<EarlyOutcome> {
  const take = () => {
    const now = world.clock();
    return takeLease(world.memory, plan.owner, now, now + plan.lookMs + plan.concludeMs, { early: true });
  };
  const lease = await waitForLease(take, { ...world, everyMs: WAIT_EVERY_MS, until: plan.beginUntil, worthIt: () => true });
  if (lease.kind === 'held') {
    world.log('warn', 'early-check-put-off', { holder: lease.owner, until: new Date(lease.until).toISOString() });
    return { kind: 'held' };
  }
  try {
    return await checkAndConclude(plan, world);
  } finally {
    await lease.release();
  }
}

async function checkAndConclude(plan: EarlyPlan, world: SweepWorld): Promise<EarlyOutcome> {
  const began = world.clock();
  const startedAt = new Date(began).toISOString();
  const remembered = await world.memory.read(ALERTS_KEY, SCHEMA.alerts);
  const alerts = remembered.kind === 'found' ? (remembered.value as AlertMemory) : EMPTY_ALERT_MEMORY;
  const zones = await world.memory.read(ZONES_KEY, SCHEMA.zones);
  if (zones.kind === 'found') world.dns.importCache((zones.value as { readonly cache?: unknown }).cache);
  const targets = await lookAtAll(plan, world, alerts, began);
  const results = targets.flatMap((target) => target.results);
  const broken = results.filter(({ diagnosis }) => diagnosis.kind === 'broken').length;
  const concluded =
    results.length === 0 ? NOTHING : await concludeEarly(plan, world, { targets, alerts, startedAt, version: versionOf(remembered) });
  if (results.length > 0) await rememberZones(world, zones);
  const keyOf = alertKeys(targets, alerts);
  logIdentities(identityLines(targets, { keyOf, rotation: Math.floor(began / plan.scheduleMs) }), world.log);
  const troubles = [
    ...targets.flatMap(({ account, region, failed, gap }) => (failed === true ? [`${account}/${region}: ${gap?.detail}`] : [])),
    ...concluded.troubles,
  ];
  world.log('info', 'early-check-finished', {
    identities: results.length,
    broken,
    told: concluded.told,
    troubles: troubles.length,
    seconds: (world.clock() - began) / 1000,
    sesCalls: world.inventory.calls().sesCalls,
    dnsQuestions: world.dns.questions(),
  });
  return { kind: 'checked', identities: results.length, broken, told: concluded.told, troubles };
}

const NOTHING: Pick<Concluded, 'told' | 'troubles'> = { told: 0, troubles: [] };

interface Looked {
  readonly targets: readonly TargetReport[];
  readonly alerts: AlertMemory;
  readonly startedAt: string;
  readonly version: string | undefined;
}

async function concludeEarly(plan: EarlyPlan, world: SweepWorld, { targets, alerts, startedAt, version }: Looked): Promise<Concluded> {
  const calls = world.inventory.calls();
  // Mutes that cannot be read mute nothing, as in a sweep; it is the sweeps that alarm, for a batch that comes back would not mend it.
  const { policy } = await readPolicy(plan.policy, world, Date.parse(startedAt));
  return await conclude(
    {
      early: true,
      startedAt,
      targets,
      configured: plan.targets,
      policy,
      cost: { sesCalls: calls.sesCalls, stsCalls: calls.stsCalls, dnsQuestions: world.dns.questions() },
      toPaste: false,
      alerts,
      alertsVersion: version,
    },
    world,
  );
}

async function lookAtAll(plan: EarlyPlan, world: SweepWorld, alerts: AlertMemory, began: number): Promise<readonly TargetReport[]> {
  const { focus, keys, inventoryEveryMs, confirmAfterMs, regionMayBeOff, scheduleMs, inventoryMs, lookMs } = plan;
  const keyOf = alertKeys([], alerts);
  const one: SweepTargetPlan = {
    keys,
    inventoryEveryMs,
    ...(plan.detailsEveryMs === undefined ? {} : { detailsEveryMs: plan.detailsEveryMs }),
    confirmAfterMs,
    regionMayBeOff,
    until: began + lookMs,
    inventoryUntil: began + Math.min(inventoryMs, lookMs / 2),
    suspected: (identity: Identity) => alerts.alerts[keyOf(identity)] !== undefined,
    rotation: Math.floor(began / scheduleMs),
    now: new Date(began).toISOString(),
  };
  const concerned = concernedBy(focus);
  const looked = targetsOf(focus, plan.targets);
  const ledger = await withdrawFromLedger(looked, world);
  const reports: TargetReport[] = [];
  await inParallel(looked, TARGETS_AT_ONCE, async (target) => {
    const look = { named: focus.named.get(targetKey(target)), concerned };
    const report = await lookEarly(target, look, { ...one, ledger }, world).catch((error: unknown) => failedTarget(target, error, world));
    if (report !== undefined) reports.push(report);
  });
  return reports.sort((a, b) => (targetKey(a) < targetKey(b) ? -1 : 1));
}

/** As in a sweep: a target that cannot be remembered, or that met a bug of ours, stops no other, and the check ends as troubled. */
function failedTarget(target: Target, error: unknown, world: SweepWorld): TargetReport {
  const detail = visible(error instanceof Error ? error.message : String(error), 500);
  world.log('error', 'early-check-failed', { ...target, detail, stack: error instanceof Error ? error.stack : undefined });
  return { ...target, gap: { reason: 'error', detail }, failed: true, inventoryComplete: false, results: [], unread: [] };
}
