// The first half of a sweep for all targets: each by itself, side by side.
import { alertKeys } from '../alerts/group.ts';
import type { AlertMemory } from '../model/alert.ts';
import { type Identity, type Target, targetKey } from '../model/identity.ts';
import type { TargetReport } from '../model/report.ts';
import { visible } from '../model/safe-text.ts';
import { inParallel } from './in-parallel.ts';
import type { Log } from './ports.ts';
import type { SweepPlan } from './run-sweep.ts';
import { targetLine } from './sweep-lines.ts';
import { sweepTarget } from './sweep-target.ts';
import type { SweepTargetPlan, SweepTargetWorld } from './target-plan.ts';

const TARGETS_AT_ONCE = 200;

/** The sweeps of an hour share the first look through the resolvers, where thousands are new. */
const HOUR_MS = 3_600_000;

/** What each target's sweep is to do, in a sweep that began at `startedAt` (ISO 8601 UTC); reading SES began at `began` (ms since the epoch). */
export function targetPlanOf(plan: SweepPlan, alerts: AlertMemory, began: number, startedAt: string): SweepTargetPlan {
  const keyOf = alertKeys([], alerts);
  const { keys, inventoryEveryMs, confirmAfterMs, until, regionMayBeOff } = plan;
  return {
    keys,
    inventoryEveryMs,
    ...(plan.detailsEveryMs === undefined ? {} : { detailsEveryMs: plan.detailsEveryMs }),
    confirmAfterMs,
    until,
    regionMayBeOff,
    inventoryUntil: Math.min(plan.until, began + plan.inventoryMs),
    suspected: (identity: Identity): boolean => alerts.alerts[keyOf(identity)] !== undefined,
    rotation: Math.floor(Date.parse(startedAt) / plan.scheduleMs),
    firstLookShare: Math.min(1, plan.scheduleMs / HOUR_MS),
    now: startedAt,
  };
}

/** Sweeps targets side by side. Never throws: one that fails is a report too. */
export async function sweepTargets(
  targets: readonly Target[],
  plan: SweepTargetPlan,
  world: SweepTargetWorld,
): Promise<readonly TargetReport[]> {
  const reports = new Map<string, TargetReport>();
  const swept = targets.filter((target) => {
    const empty = plan.ledger?.reportOf(target, Date.parse(plan.now), plan.inventoryEveryMs);
    if (empty !== undefined) reports.set(targetKey(target), empty);
    return empty === undefined;
  });
  if (swept.length < targets.length) world.log('info', 'targets-known-empty', { targets: targets.length - swept.length });
  await inParallel(swept, TARGETS_AT_ONCE, async (target) => {
    const report = await sweepTarget(target, plan, world).catch((error: unknown) => failedTarget(target, error, world));
    reports.set(targetKey(target), report);
    world.log('info', 'target-swept', targetLine(report));
  });
  return targets.map((target) => reports.get(targetKey(target))).filter((report) => report !== undefined);
}

/** A target whose memory cannot be written, or that met a bug of ours, stops no other; the sweep still ends as troubled. */
export function failedTarget(target: Target, error: unknown, world: { readonly log: Log }): TargetReport {
  const detail = `The sweep of this target failed: ${visible(error instanceof Error ? error.message : String(error), 500)}`;
  world.log('error', 'target-failed', { ...target, detail, stack: error instanceof Error ? error.stack : undefined });
  return { ...target, gap: { reason: 'error', detail }, failed: true, inventoryComplete: false, results: [], unread: [] };
}
