// Turns the configuration and the time there is into a plan for one sweep.
import type { Configuration } from './configuration.ts';
import type { Target } from './model/identity.ts';
import { RESERVE_MS } from './settings.ts';
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

/** The plan of one sweep over `targets`. */
export function sweepPlan(configuration: Configuration, targets: readonly Target[], moment: Moment): SweepPlan {
  const { alerts, byodkim, dns, inventoryEvery, mute, regions, schedule, ses } = configuration;
  const { digest } = alerts;
  // A third of a short limit, 90 s of a long one, is kept for deciding, telling and remembering.
  const reserve = Math.min(RESERVE_MS, moment.remainingMs / 3);
  return {
    targets,
    regionMayBeOff: regions === 'all',
    keys: byodkim,
    policy: {
      remindEveryMs: alerts.remindEvery,
      minimumSeverity: alerts.minimumSeverity,
      escalateBeforeMs: alerts.escalateBefore,
      holdDownMs: alerts.holdDown,
      mute,
      ...(digest === undefined ? {} : { digest: { every: digest.every, atMinute: digest.at, on: digest.on ?? 'monday' } }),
    },
    inventoryEveryMs: inventoryEvery,
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
