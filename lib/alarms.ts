// The alarms about the monitor itself: when each goes off. Their names are the headings of docs/runbook.md.
import { Duration } from 'aws-cdk-lib';
import {
  type AlarmProps,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { FUNCTION_TIMEOUT_SECONDS, RUN_TIMEOUT_SECONDS } from '../lambda/settings.ts';
import { METRIC_NAMESPACE, METRIC_SERVICE, METRICS, type MetricName } from '../lambda/sweep/metrics.ts';
import { MONITOR_NAME } from './props.ts';

/** What the alarms watch. */
export interface Watched {
  readonly function: IFunction;
  /** Of the function, its schedule and the queue of early events: one for all. */
  readonly deadLetters: IQueue;
  /** Topics of ours that alerts are published to, the main one first. */
  readonly alertTopics: readonly ITopic[];
  /** Minutes between two sweeps. */
  readonly scheduleMinutes: number;
  /** The state machine that runs the sweeps, where there is one. */
  readonly machine?: IStateMachine;
}

/**
 * Ten, which is what CloudWatch gives free of charge; each topic besides the main one that `notDelivered` watches is 0.10 USD a month. No composite alarm over them: it costs 0.50 USD a month, and one mail that says "something" in the place
 * of one that names it and its remedy helps nobody. No alarm for a failed ping of `operations.heartbeatUrl` either: the switch outside rings by itself.
 */
export const ALARM_NAMES = {
  failed: `${MONITOR_NAME}-failed`,
  didNotRun: `${MONITOR_NAME}-did-not-run`,
  throttled: `${MONITOR_NAME}-throttled`,
  nearTimeLimit: `${MONITOR_NAME}-near-time-limit`,
  couldNotSee: `${MONITOR_NAME}-could-not-see`,
  inventoryOld: `${MONITOR_NAME}-inventory-old`,
  memoryUnreadable: `${MONITOR_NAME}-memory-unreadable`,
  notPublished: `${MONITOR_NAME}-not-published`,
  notDelivered: `${MONITOR_NAME}-not-delivered`,
  deadLetters: `${MONITOR_NAME}-dead-letters`,
} as const;

/** Deployed only where Step Functions runs the sweeps. */
export const STEPS_ALARM_NAMES = { runFailed: `${MONITOR_NAME}-run-failed` } as const;

export type AlarmKey = keyof typeof ALARM_NAMES | keyof typeof STEPS_ALARM_NAMES;

type Condition = Pick<
  AlarmProps,
  'metric' | 'threshold' | 'comparisonOperator' | 'evaluationPeriods' | 'datapointsToAlarm' | 'treatMissingData'
> & { readonly meaning: string };

/** A sweep begins to leave things undone 90 s before the function's time limit, at nine tenths of it; before that somebody should know. */
export const NEAR_LIMIT = 0.8;

const AT_LEAST = ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD;

/** When each alarm goes off. Periods follow the schedule, so that a slow schedule does not look like silence. */
export function alarmConditions(watched: Watched): Readonly<Partial<Record<AlarmKey, Condition>>> {
  const every = (atLeastMinutes: number) => Duration.minutes(Math.max(watched.scheduleMinutes, atLeastMinutes));
  const everyEnd = (atLeastMinutes: number) =>
    every(Math.max(atLeastMinutes, watched.machine === undefined ? 0 : runPeriodMinutes(watched)));
  return {
    failed: {
      ...(watched.machine === undefined
        ? { meaning: 'A sweep ended in an error or ran out of time.', ...anyOf(1) }
        : // A step that failed once is tried again, and the run knows what came of it: see `runFailed`.
          { meaning: 'Steps of runs, or early checks, end in errors or run out of time again and again.', ...lasting(1) }),
      metric: watched.function.metricErrors({ statistic: Stats.SUM, period: every(5) }),
      treatMissingData: TreatMissingData.NOT_BREACHING,
    },
    didNotRun: {
      meaning: 'No sweep came to its end for a while: nobody is watching the records.',
      // A sweep may take 15 minutes: three periods of ten without an end are more than one slow sweep. For runs see below.
      metric: own(METRICS.finished, Stats.SUM, everyEnd(10)),
      threshold: 1,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: 3,
      treatMissingData: TreatMissingData.BREACHING,
    },
    throttled: {
      meaning: 'Lambda had no room to start sweeps: other functions of this account and region use up its concurrency.',
      // A throttled event is tried again by Lambda: only throttling that lasts costs sweeps.
      metric: watched.function.metricThrottles({ statistic: Stats.SUM, period: every(5) }),
      ...lasting(1),
      treatMissingData: TreatMissingData.NOT_BREACHING,
    },
    nearTimeLimit: {
      meaning: `Sweeps take ${NEAR_LIMIT * 100} % or more of the time that the function has: soon some identities will not be looked at.`,
      metric: watched.function.metricDuration({ statistic: Stats.MAXIMUM, period: every(15) }),
      ...lasting(NEAR_LIMIT * FUNCTION_TIMEOUT_SECONDS * 1000),
      treatMissingData: TreatMissingData.NOT_BREACHING,
    },
    couldNotSee: {
      meaning: 'For an hour or more every sweep had an account or region that it could not read, or whose DNS it could not judge.',
      metric: own(METRICS.gaps, Stats.MINIMUM, everyEnd(20)),
      threshold: 1,
      comparisonOperator: AT_LEAST,
      evaluationPeriods: 3,
      // Silence is the matter of "did not run"; here it changes nothing.
      treatMissingData: TreatMissingData.IGNORE,
    },
    inventoryOld: {
      meaning: 'SES has not been read completely for twice as long as it should take: identities made or changed since are not known.',
      // Each sweep judges by what SES's pace allows that target (lambda/sweep/inventory-age.ts), and writes nothing while all are young enough.
      metric: own(METRICS.inventoriesOld, Stats.SUM, everyEnd(10)),
      ...lasting(1),
      treatMissingData: TreatMissingData.NOT_BREACHING,
    },
    memoryUnreadable: {
      meaning: 'Sweeps could not read what they remembered: of the alerts, so that nobody is told anything, or of an account and region.',
      metric: own(METRICS.memoryUnreadable, Stats.SUM, everyEnd(5)),
      ...lasting(1),
      treatMissingData: TreatMissingData.NOT_BREACHING,
    },
    notPublished: {
      meaning: 'Alerts could not be handed to SNS, or nobody listens to them.',
      metric: own(METRICS.notPublished, Stats.SUM, everyEnd(5)),
      ...lasting(1),
      treatMissingData: TreatMissingData.NOT_BREACHING,
    },
    notDelivered: {
      meaning: 'SNS could not deliver an alert to one of its subscribers.',
      metric: failedDeliveries(watched.alertTopics.slice(0, MOST_TOPICS_WATCHED)),
      ...anyOf(1),
      treatMissingData: TreatMissingData.NOT_BREACHING,
    },
    deadLetters: {
      meaning: 'An event that should have started a sweep or an early check was put aside, and nobody has looked at it yet.',
      // What lies there, not what is sent: SQS does not count what it moves there itself, an early event that failed three times (Amazon SQS Developer Guide,
      // "Available CloudWatch metrics", NumberOfMessagesSent). A queue with messages in it is active, so the metric goes on for as long as they lie.
      metric: watched.deadLetters.metricApproximateNumberOfMessagesVisible({ statistic: Stats.MAXIMUM, period: Duration.minutes(5) }),
      ...anyOf(1),
      treatMissingData: TreatMissingData.NOT_BREACHING,
    },
    ...(watched.machine === undefined ? {} : { runFailed: runFailed(watched.machine, every(5)) }),
  };
}

/** Runs say at their end how they went, and one may take all the time it has: three of these periods are more than the schedule and the longest run. */
const runPeriodMinutes = ({ scheduleMinutes }: Watched): number => Math.floor((scheduleMinutes + RUN_TIMEOUT_SECONDS / 60) / 3) + 1;

function runFailed(machine: IStateMachine, period: Duration): Condition {
  const options = { statistic: Stats.SUM, period };
  return {
    meaning: 'A run of the state machine failed, was stopped, or ran out of time.',
    metric: filledSum(
      [machine.metricFailed(options), machine.metricTimedOut(options), machine.metricAborted(options)],
      'runs without a good end',
      period,
    ),
    ...anyOf(1),
    treatMissingData: TreatMissingData.NOT_BREACHING,
  };
}

/** The metrics that one alarm may add up. Source: Amazon CloudWatch User Guide, "Limits that apply to alarms based on metric math expressions". */
export const MOST_TOPICS_WATCHED = 10;

/** What SNS could not deliver, over all topics: an alarm for each would cost more, and say no more of what to do. */
function failedDeliveries(topics: readonly ITopic[]): IMetric {
  const period = Duration.minutes(5);
  const metrics = topics.map(
    ({ topicName }) =>
      new Metric({
        namespace: 'AWS/SNS',
        metricName: 'NumberOfNotificationsFailed',
        dimensionsMap: { TopicName: topicName },
        statistic: Stats.SUM,
        period,
      }),
  );
  const [only, ...others] = metrics;
  if (only !== undefined && others.length === 0) return only;
  return filledSum(metrics, 'failed deliveries', period);
}

/** What has nothing to count has no data at all, and a sum with a gap in it would be a gap. */
function filledSum(metrics: readonly IMetric[], label: string, period: Duration): IMetric {
  const parts = metrics.map((metric, i) => [`t${i}`, metric] as const);
  return new MathExpression({
    expression: parts.map(([name]) => `FILL(${name}, 0)`).join(' + '),
    usingMetrics: Object.fromEntries(parts),
    label,
    period,
  });
}

function anyOf(threshold: number): Pick<Condition, 'threshold' | 'comparisonOperator' | 'evaluationPeriods'> {
  return { threshold, comparisonOperator: AT_LEAST, evaluationPeriods: 1 };
}

/** In two of three periods: the next sweep is the cure of most failures, so a single one rings for nobody. */
function lasting(threshold: number): Pick<Condition, 'threshold' | 'comparisonOperator' | 'evaluationPeriods' | 'datapointsToAlarm'> {
  return { threshold, comparisonOperator: AT_LEAST, evaluationPeriods: 3, datapointsToAlarm: 2 };
}

/** A metric that the sweeps write themselves. */
export function own(metricName: MetricName, statistic: string, period: Duration): Metric {
  return new Metric({ namespace: METRIC_NAMESPACE, metricName, dimensionsMap: { service: METRIC_SERVICE }, statistic, period });
}
