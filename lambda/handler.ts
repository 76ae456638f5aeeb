// The Lambda function: one invocation is one sweep, one step of a sweep that Step Functions runs, or one early check of what a batch of queued events names.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Context } from 'aws-lambda';
import { readConfiguration } from './checked-configuration.ts';
import type { Configuration } from './configuration.ts';
import { isDoctorCall } from './doctor-event.ts';
import type { Checkup } from './model/checkup.ts';
import { targetKey } from './model/identity.ts';
import { parseAccountId, parseRegion } from './model/names.ts';
import { visible } from './model/safe-text.ts';
import { CONFIG_FILE_IN_BUNDLE, ENVIRONMENT, GRACE_MS } from './settings.ts';
import type { StepAnswer } from './step-handler.ts';
import { parseStep, type Step } from './steps/parse-step.ts';
import { METRIC_NAMESPACE, METRIC_SERVICE } from './sweep/metrics.ts';
import type { Limits } from './sweep/near-limits.ts';
import type { Home } from './sweep/plan-targets.ts';
import type { Log } from './sweep/ports.ts';
import { type Resolved, resolveTargets } from './sweep/resolve-targets.ts';
import { runSweep, type SweepWorld } from './sweep/run-sweep.ts';
import { earlyPlan, type Moment, refreshing, sweepPlan } from './sweep-plan.ts';
import { type QueuedEvent, queuedEvents } from './triggers/queued-events.ts';
import { openItemList, openWorld, type SharedPace } from './wiring.ts';

// Text from DNS and SES reaches the log: control and bidirectional characters are written out, long values cut.
const logger = new Logger({
  serviceName: METRIC_SERVICE,
  jsonReplacerFn: (_key, value) => (typeof value === 'string' ? visible(value, 4000) : value),
});
const metrics = new Metrics({ namespace: METRIC_NAMESPACE, serviceName: METRIC_SERVICE });

const log: Log = (level, event, fields) => logger[level](event, { ...fields });

const writeMetrics: SweepWorld['metrics'] = (values) => {
  for (const [name, value] of Object.entries(values)) metrics.addMetric(name, MetricUnit.Count, value);
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

/** What the queue is answered: the messages that are to come back. Source: AWS Lambda Developer Guide, "Implementing partial batch responses". */
export interface BatchAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** What one invocation works with. */
interface Invocation {
  readonly configuration: Configuration;
  readonly home: Home;
  readonly moment: Moment;
  readonly limits: Limits;
}

/**
 * Sweeps once, or looks early at what the events of a batch name. Throws if it could not remember or tell what it must: the failure alarm hangs on that, and a
 * batch comes back as a whole.
 */
export async function handler(event: unknown, context: Context): Promise<SweepAnswer | StepAnswer | BatchAnswer | Checkup> {
  logger.addContext(context);
  if (isDoctorCall(event)) return await examine(event, context);
  const configuration = await readConfiguration(taskRoot(), configurationFile());
  const home = homeOf(context);
  const moment: Moment = { now: Date.now(), remainingMs: context.getRemainingTimeInMillis(), owner: context.awsRequestId };
  const limits: Limits = {
    timeMs: moment.remainingMs,
    memoryBytes: Number(context.memoryLimitInMB) * 1024 * 1024,
    memoryUsed: () => process.memoryUsage.rss(),
  };
  const invocation: Invocation = { configuration, home, moment, limits };
  const step = parseStep(event);
  if (step !== undefined) return await takeStep(step, invocation);
  const events = queuedEvents(event);
  return events === undefined ? await sweep(invocation) : await checkEarly(events, invocation);
}

async function takeStep(step: Step, invocation: Invocation): Promise<StepAnswer> {
  const bucket = required(ENVIRONMENT.bucket);
  const { handleStep } = await import('./step-handler.ts');
  return await handleStep(step, {
    ...invocation,
    bucket,
    items: openItemList(bucket, invocation.home.account),
    watched: () =>
      inWorld(invocation, sweepPlan(invocation.configuration, [], invocation.moment).until, (world) => watched(invocation, world)),
    inWorld: (until, pace, work) => inWorld(invocation, until, work, pace),
  });
}

async function sweep(invocation: Invocation): Promise<SweepAnswer> {
  const { configuration, moment, limits } = invocation;
  const { until } = sweepPlan(configuration, [], moment);
  const outcome = await inWorld(invocation, until, async (world) => {
    const { targets, estate } = await watched(invocation, world);
    return await runSweep({ ...sweepPlan(configuration, targets, moment), estate, limits }, world);
  });
  if (outcome.kind === 'held') return { outcome: 'held' };
  if (outcome.troubles.length > 0) throw new Error(`The sweep ended, but: ${outcome.troubles.join(' · ')}`);
  const { healthy, broken, unknown } = outcome.report.summary;
  return { outcome: 'swept', healthy, broken, unknown, told: outcome.told };
}

/** Who is watched. Throws if that is not known: a sweep of nobody must not pass for one that found nothing. */
async function watched({ configuration, home, moment }: Invocation, world: OpenWorld): Promise<Extract<Resolved, { kind: 'resolved' }>> {
  const resolved = await resolveTargets(configuration, home, world, refreshing(configuration, moment, true));
  if (resolved.kind === 'blind') throw new Error(`Nothing was swept. ${resolved.detail}`);
  return resolved;
}

/** Lines about single events in one batch; the rest is only counted. */
const LOGGED_EVENTS = 20;

/** One check for all events of the batch together. Those that name nothing watched are done with; the others come back if a sweep runs all the while. */
async function checkEarly(events: readonly QueuedEvent[], invocation: Invocation): Promise<BatchAnswer> {
  const { configuration, moment } = invocation;
  const { readBatch } = await import('./triggers/read-batch.ts');
  const { runEarlyCheck } = await import('./sweep/run-early-check.ts');
  const { beginUntil, lookMs } = earlyPlan(configuration, [], { named: new Map(), changed: [] }, moment);
  return await inWorld(invocation, beginUntil + lookMs, async (world) => {
    const resolved = await resolveTargets(configuration, invocation.home, world, refreshing(configuration, moment, false));
    // No sweep has found out yet who is watched; the first one will look at everybody.
    if (resolved.kind === 'blind') {
      log('warn', 'events-left-to-sweep', { events: events.length, detail: resolved.detail });
      return { batchItemFailures: [] };
    }
    const { targets } = resolved;
    const { focus, messageIds, ignored, dropped } = readBatch(events, new Set(targets.map(targetKey)));
    for (const one of ignored.slice(0, LOGGED_EVENTS)) log('info', 'event-ignored', { ...one });
    const identities = [...focus.named.values()].reduce((sum, { names }) => sum + names.length, 0);
    log('info', 'events-read', { events: events.length, ignored: ignored.length, identities, records: focus.changed.length, dropped });
    if (messageIds.length === 0) return { batchItemFailures: [] };
    const outcome = await runEarlyCheck(earlyPlan(configuration, targets, focus, moment), world);
    if (outcome.kind === 'held') return { batchItemFailures: messageIds.map((itemIdentifier) => ({ itemIdentifier })) };
    if (outcome.troubles.length > 0) throw new Error(`The early check ended, but: ${outcome.troubles.join(' · ')}`);
    return { batchItemFailures: [] };
  });
}

type OpenWorld = ReturnType<typeof openWorld>;

/** Opens the world for one piece of work. What is still being asked soon after `until` (ms since the epoch) is given up, so that the rest is for telling. */
async function inWorld<T>(
  { configuration, home }: Invocation,
  until: number,
  work: (world: OpenWorld) => Promise<T>,
  pace?: SharedPace,
): Promise<T> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), until - Date.now() + GRACE_MS);
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
    ...(pace === undefined ? {} : { pace }),
    ...(heartbeatUrl === undefined ? {} : { heartbeatUrl }),
  });
  try {
    return await work(world);
  } finally {
    clearTimeout(timer);
    world.close();
  }
}

/** `dkim-monitor doctor` asked: nothing is swept, told or remembered. */
async function examine(event: unknown, context: Context): Promise<Checkup> {
  const [{ answerDoctor }, { parseConfigurationText }] = await Promise.all([import('./doctor-call.ts'), import('./configuration.ts')]);
  const text = readFileSync(join(taskRoot(), configurationFile()), 'utf8');
  return answerDoctor(event, {
    read: parseConfigurationText(text),
    text,
    home: homeOf(context),
    functionName: context.functionName,
    remainingMs: context.getRemainingTimeInMillis(),
    environment: process.env,
  });
}

const taskRoot = (): string => process.env.LAMBDA_TASK_ROOT ?? '.';
const configurationFile = (): string => process.env[ENVIRONMENT.configFile] ?? CONFIG_FILE_IN_BUNDLE;

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
