// Names of the metrics that the sweeps write; the alarms and the dashboard in lib/ use the same names.

export const METRIC_NAMESPACE = 'ses-dkim-monitor';

/** Value of the one dimension, `service`, that every metric carries; an alarm that named another would never see one. */
export const METRIC_SERVICE = 'ses-dkim-monitor';

/**
 * Written by every sweep, for an alarm waits for each: CloudWatch charges 0.30 USD a month for a metric that is sent in every hour, beyond the ten that an
 * account has free. No account or region dimensions: each set of dimensions is a metric of its own. What needs no alarm is in the log line of the end of
 * each sweep, where the dashboard reads it; how long a sweep takes is Lambda's own `Duration`, which costs nothing.
 */
export const STEADY_METRICS = {
  gaps: 'Gaps',
  /** 1 for each sweep that came to its end: the heartbeat. */
  finished: 'SweepsFinished',
} as const;

/** What the dashboard shows first. Written only while it is not zero: CloudWatch charges by the hour in which a metric is sent, so a quiet month costs nothing. */
export const TROUBLE_METRICS = {
  broken: 'BrokenIdentities',
  unknown: 'UnknownIdentities',
  /** Alerts that are open after the sweep, muted ones left out. */
  openCritical: 'OpenCritical',
  openWarning: 'OpenWarning',
} as const;

/** Written only by a sweep that has something to say. */
export const RARE_METRICS = {
  /** Hours until the nearest deadline of an open alert; none is written while there is no deadline. */
  hoursToDeadline: 'HoursToDeadline',
  /** Targets whose inventory is older than it may be (inventory-age.ts). */
  inventoriesOld: 'InventoriesOld',
  /** Blobs that could not be read: the memory of alerts, that of mutes, and that of each target. */
  memoryUnreadable: 'MemoryUnreadable',
  /** Messages that should have gone out and did not, and sweeps that could not learn who listens. */
  notPublished: 'NotPublished',
  /** 1 for each sweep that could not ping `operations.heartbeatUrl`. */
  heartbeatPingFailed: 'HeartbeatPingFailed',
  /** 1 for each sweep that came near to what one function can do: it is time for `"scale": "step-functions"`. */
  nearLimits: 'NearLimits',
} as const;

export const METRICS = { ...STEADY_METRICS, ...TROUBLE_METRICS, ...RARE_METRICS } as const;

export type MetricName = (typeof METRICS)[keyof typeof METRICS];
