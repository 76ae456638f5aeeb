// Names of the metrics that each sweep writes; the alarms in lib/ use the same names.

export const METRIC_NAMESPACE = 'ses-dkim-monitor';

/** Value of the one dimension, `service`, that every metric carries; an alarm that named another would never see one. */
export const METRIC_SERVICE = 'ses-dkim-monitor';

/**
 * Ten, which is what CloudWatch gives free of charge. No account or region dimensions: each set of dimensions is a metric of its own and costs 0.30 USD a month.
 */
export const METRICS = {
  healthy: 'HealthyIdentities',
  broken: 'BrokenIdentities',
  unknown: 'UnknownIdentities',
  gaps: 'Gaps',
  sweepSeconds: 'SweepSeconds',
  dnsQuestions: 'DnsQuestions',
  sesCalls: 'SesCalls',
  oldestInventorySeconds: 'OldestInventorySeconds',
  /** 1 for each sweep that came to its end: the heartbeat. */
  finished: 'SweepsFinished',
  /** 1 for each sweep that could not read its memory or could not publish. */
  troubled: 'SweepsTroubled',
} as const;

export type MetricName = (typeof METRICS)[keyof typeof METRICS];
