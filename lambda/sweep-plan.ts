// Turns the configuration and the time there is into a plan for one sweep.
import type { Configuration } from './configuration.ts';
import { addressesOf, routingOf } from './exits.ts';
import type { Focus } from './model/focus.ts';
import type { Target } from './model/identity.ts';
import type { AlertPolicy } from './model/policy.ts';
import { RESERVE_MS } from './settings.ts';
import type { Refreshing } from './sweep/organization-accounts.ts';
import type { EarlyPlan } from './sweep/run-early-check.ts';
import type { SweepPlan } from './sweep/run-sweep.ts';

export interface Moment {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Milliseconds until the invocation is ended from outside. */
  readonly remainingMs: number;
  /** Names this invocation in the lease. */
  readonly owner: string;
}

/**
 * Reading SES may take this share of the time between two sweeps, and of one sweep's own: DNS is asked meanwhile, but the sweep concludes once for all,
 * and one that reads for long is not to look like one that is stuck near its time limit.
 */
const INVENTORY_SHARE = 0.6;

/** Milliseconds that a step may read SES which does nothing else. */
export const readingMs = ({ remainingMs }: Pick<Moment, 'remainingMs'>): number => remainingMs * INVENTORY_SHARE;

/** The plan of one sweep over `targets`. */
export function sweepPlan(configuration: Configuration, targets: readonly Target[], moment: Moment): SweepPlan {
  const { byodkim, dns, inventoryEvery, regions, schedule, ses } = configuration;
  // A third of a short limit, 90 s of a long one, is kept for deciding, telling and remembering.
  const reserve = Math.min(RESERVE_MS, moment.remainingMs / 3);
  return {
    targets,
    regionMayBeOff: regions === 'all',
    keys: byodkim,
    policy: policyOf(configuration),
    inventoryEveryMs: inventoryEvery,
    detailsEveryMs: ses.detailsEvery,
    scheduleMs: schedule.minutes * 60_000,
    inventoryMs: Math.min(schedule.minutes * 60_000, moment.remainingMs) * INVENTORY_SHARE,
    sesCallsPerSecond: ses.callsPerSecond,
    confirmAfterMs: dns.confirmAfter,
    until: moment.now + moment.remainingMs - reserve,
    leaseUntil: moment.now + moment.remainingMs,
    toPaste: false,
    owner: moment.owner,
  };
}

/** Finding out who is watched may take this share of an invocation, and this long (ms). */
const RESOLVE_SHARE = 0.25;
const RESOLVE_MS = 120_000;

/** When accounts and regions are read anew: at the pace of the inventory by a sweep, never by an early check. */
export function refreshing({ inventoryEvery }: Pick<Configuration, 'inventoryEvery'>, moment: Moment, refresh: boolean): Refreshing {
  const until = moment.now + Math.min(RESOLVE_MS, moment.remainingMs * RESOLVE_SHARE);
  return { everyMs: inventoryEvery, until, refresh };
}

/** What the configuration wants told. */
export function policyOf(configuration: Configuration): AlertPolicy {
  const { alerts, mute } = configuration;
  const { digest } = alerts;
  const routing = routingOf(alerts);
  return {
    remindEveryMs: alerts.remindEvery,
    minimumSeverity: alerts.minimumSeverity,
    escalateBeforeMs: alerts.escalateBefore,
    holdDownMs: alerts.holdDown,
    mute,
    addresses: addressesOf(configuration),
    ...(routing === undefined ? {} : { routing }),
    ...(digest === undefined ? {} : { digest: { every: digest.every, atMinute: digest.at, on: digest.on ?? 'monday' } }),
  };
}

const MINUTE_MS = 60_000;
/** An early check is short, for a sweep may be waiting for it: time for SES and two rounds of DNS, beside the pause between the rounds. */
const EARLY_LOOK_MS = 3 * MINUTE_MS;
const EARLY_CONCLUDE_MS = MINUTE_MS;
/** So long it waits for a sweep to end. */
const EARLY_WAIT_MS = 5 * MINUTE_MS;

/** The plan of one early check of what `focus` names, out of `targets`. */
export function earlyPlan(configuration: Configuration, targets: readonly Target[], focus: Focus, moment: Moment): EarlyPlan {
  const { until: _until, leaseUntil: _leaseUntil, toPaste: _toPaste, ...plan } = sweepPlan(configuration, targets, moment);
  const lookMs = Math.min(EARLY_LOOK_MS + plan.confirmAfterMs, moment.remainingMs / 2);
  const lastBeginning = moment.now + moment.remainingMs - lookMs - EARLY_CONCLUDE_MS;
  return {
    ...plan,
    focus,
    lookMs,
    concludeMs: EARLY_CONCLUDE_MS,
    beginUntil: Math.min(moment.now + EARLY_WAIT_MS, lastBeginning),
  };
}
