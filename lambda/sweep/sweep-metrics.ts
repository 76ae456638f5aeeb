// The numbers of one sweep: from what it saw, decided and could not do to the metrics that alarms and dashboard watch. Pure.
import type { OpenCounts } from '../alerts/open-counts.ts';
import { isDamagedMemory } from '../model/identity.ts';
import { judgedIn, type Report, type TargetReport } from '../model/report.ts';
import { isInventoryOld, type ReadingPace } from './inventory-age.ts';
import { type MetricName, RARE_METRICS, STEADY_METRICS, TROUBLE_METRICS } from './metrics.ts';

export interface SweepNumbers {
  readonly report: Pick<Report, 'summary' | 'cost'>;
  readonly targets: readonly TargetReport[];
  readonly pace: ReadingPace;
  /** Undefined if the memory of alerts cannot be read: then nobody knows what is open. */
  readonly open: OpenCounts | undefined;
  /** How many blobs of the deployment could not be read. */
  readonly unreadable: number;
  readonly notPublished: number;
  readonly pingFailed: boolean;
  /** True if one function does it all, and comes near to what it may use. */
  readonly nearLimits: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export type MetricValues = Readonly<Partial<Record<MetricName, number>>>;

/** Every steady metric, and the others that have something to say. */
export function metricsOf(sweep: SweepNumbers): MetricValues {
  const { report, targets, pace, open, now } = sweep;
  return {
    [STEADY_METRICS.gaps]: targets.filter((target) => target.gap !== undefined || isMostlyBlind(target)).length,
    [STEADY_METRICS.finished]: 1,
    ...ifAny(TROUBLE_METRICS.broken, report.summary.broken),
    ...ifAny(TROUBLE_METRICS.unknown, report.summary.unknown),
    ...ifAny(TROUBLE_METRICS.openCritical, open?.critical ?? 0),
    ...ifAny(TROUBLE_METRICS.openWarning, open?.warning ?? 0),
    ...(open?.hoursToDeadline === undefined ? {} : { [RARE_METRICS.hoursToDeadline]: open.hoursToDeadline }),
    ...ifAny(RARE_METRICS.inventoriesOld, targets.filter((target) => isInventoryOld(target, pace, now)).length),
    ...ifAny(RARE_METRICS.memoryUnreadable, unreadableBlobs(targets, sweep.unreadable)),
    ...ifAny(RARE_METRICS.notPublished, sweep.notPublished),
    ...ifAny(RARE_METRICS.heartbeatPingFailed, sweep.pingFailed ? 1 : 0),
    ...ifAny(RARE_METRICS.nearLimits, sweep.nearLimits ? 1 : 0),
  };
}

/** How many memories could not be read: those of the deployment, and of single targets. */
export function unreadableBlobs(targets: readonly TargetReport[], ofDeployment: number): number {
  const damaged = targets.filter(({ gap }) => gap !== undefined && isDamagedMemory(gap.detail)).length;
  return damaged + ofDeployment;
}

const ifAny = (name: MetricName, count: number): MetricValues => (count > 0 ? { [name]: count } : {});

/** A quarter of a target's identities that nobody could judge for three sweeps: the fault is hardly that of the customers' DNS hosts alone. */
function isMostlyBlind(report: TargetReport): boolean {
  const blind = report.results.filter(({ diagnosis, history }) => diagnosis.kind === 'unknown' && history.unknownSweeps >= 3).length;
  return blind > 0 && blind * 4 >= judgedIn(report);
}
