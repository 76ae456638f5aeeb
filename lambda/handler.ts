// The Lambda function: one invocation is one sweep.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Context } from 'aws-lambda';
import { type Configuration, parseConfigurationText } from './configuration.ts';
import { parseAccountId, parseRegion } from './model/names.ts';
import { visible } from './model/safe-text.ts';
import { CONFIG_FILE_IN_BUNDLE, ENVIRONMENT, GRACE_MS } from './settings.ts';
import { METRIC_NAMESPACE, METRIC_SERVICE, METRICS } from './sweep/metrics.ts';
import { type Home, planTargets } from './sweep/plan-targets.ts';
import type { Log } from './sweep/ports.ts';
import { runSweep, type SweepWorld } from './sweep/run-sweep.ts';
import { sweepPlan } from './sweep-plan.ts';
import { openWorld } from './wiring.ts';

// Text from DNS and SES reaches the log: control and bidirectional characters are written out, long values cut.
const logger = new Logger({
  serviceName: METRIC_SERVICE,
  jsonReplacerFn: (_key, value) => (typeof value === 'string' ? visible(value, 4000) : value),
});
const metrics = new Metrics({ namespace: METRIC_NAMESPACE, serviceName: METRIC_SERVICE });

const log: Log = (level, event, fields) => logger[level](event, { ...fields });

const UNITS: Readonly<Record<string, (typeof MetricUnit)[keyof typeof MetricUnit]>> = {
  [METRICS.oldestInventorySeconds]: MetricUnit.Seconds,
};

const writeMetrics: SweepWorld['metrics'] = (values) => {
  for (const [name, value] of Object.entries(values)) metrics.addMetric(name, UNITS[name] ?? MetricUnit.Count, value);
  metrics.publishStoredMetrics();
};

/** What one invocation answers: short, since the report is in the bucket. */
export interface SweepAnswer {
  readonly outcome: 'swept' | 'held';
  readonly healthy?: number;
  readonly broken?: number;
  readonly unknown?: number;
  readonly told?: number;
}

/** Sweeps once. Throws if the sweep could not remember or tell what it must: the failure alarm hangs on that. */
export async function handler(_event: unknown, context: Context): Promise<SweepAnswer> {
  logger.addContext(context);
  const configuration = readConfiguration();
  const home = homeOf(context);
  const stop = new AbortController();
  const remainingMs = context.getRemainingTimeInMillis();
  const plan = sweepPlan(configuration, planTargets(configuration, home), { now: Date.now(), remainingMs, owner: context.awsRequestId });
  // What is still being asked when the sweep's time is over is given up soon after, so that the rest of the reserve is for telling.
  const timer = setTimeout(() => stop.abort(), plan.until - Date.now() + GRACE_MS);
  const { heartbeatUrl } = configuration.operations;
  const world = openWorld({
    configuration,
    home,
    memory: { bucket: required(ENVIRONMENT.bucket) },
    topicArn: required(ENVIRONMENT.topicArn),
    exits: true,
    log,
    metrics: writeMetrics,
    signal: stop.signal,
    ...(heartbeatUrl === undefined ? {} : { heartbeatUrl }),
  });
  try {
    const outcome = await runSweep(plan, world);
    if (outcome.kind === 'held') return { outcome: 'held' };
    if (outcome.troubles.length > 0) throw new Error(`The sweep ended, but: ${outcome.troubles.join(' · ')}`);
    const { healthy, broken, unknown } = outcome.report.summary;
    return { outcome: 'swept', healthy, broken, unknown, told: outcome.told };
  } finally {
    clearTimeout(timer);
    world.close();
  }
}

function readConfiguration(): Configuration {
  const file = process.env[ENVIRONMENT.configFile] ?? CONFIG_FILE_IN_BUNDLE;
  const read = parseConfigurationText(readFileSync(join(process.env.LAMBDA_TASK_ROOT ?? '.', file), 'utf8'));
  if (!read.ok) throw new Error(`The configuration cannot be used: ${read.problems.join(' · ')}`);
  return read.value;
}

/** Account and region of the function itself, from its ARN. */
function homeOf(context: Context): Home {
  const [, , , region = '', account = ''] = context.invokedFunctionArn.split(':');
  const parsedAccount = parseAccountId(account);
  const parsedRegion = parseRegion(region);
  if (!parsedAccount.ok || !parsedRegion.ok)
    throw new Error(`The function's ARN names no account and region: ${visible(context.invokedFunctionArn, 200)}`);
  return { account: parsedAccount.value, region: parsedRegion.value };
}

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`The environment variable ${name} is missing: deploy the stack again.`);
  return value;
}
