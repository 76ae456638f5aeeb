// The alarms about the monitor itself: when each goes off. Their names are the headings of docs/runbook.md.
import { Duration } from 'aws-cdk-lib';
import { type AlarmProps, ComparisonOperator, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { METRIC_NAMESPACE, METRIC_SERVICE, METRICS, type MetricName } from '../lambda/sweep/metrics.ts';
import { MONITOR_NAME } from './props.ts';

/** What the alarms watch. */
export interface Watched {
  readonly function: IFunction;
  readonly deadLetters: IQueue;
  readonly alertTopic: ITopic;
  /** Minutes between two sweeps. */
  readonly scheduleMinutes: number;
  /** Milliseconds between two readings of SES. */
  readonly inventoryEveryMs: number;
}

export const ALARM_NAMES = {
  failed: `${MONITOR_NAME}-failed`,
  didNotRun: `${MONITOR_NAME}-did-not-run`,
  couldNotSee: `${MONITOR_NAME}-could-not-see`,
  inventoryOld: `${MONITOR_NAME}-inventory-old`,
  troubled: `${MONITOR_NAME}-troubled`,
  notDelivered: `${MONITOR_NAME}-not-delivered`,
  deadLetters: `${MONITOR_NAME}-dead-letters`,
} as const;

export type AlarmKey = keyof typeof ALARM_NAMES;

type Condition = Pick<
  AlarmProps,
  'metric' | 'threshold' | 'comparisonOperator' | 'evaluationPeriods' | 'datapointsToAlarm' | 'treatMissingData'
> & { readonly meaning: string };

/** The largest target takes three hours at SES's pace of one call a second; twice that is too long. */
const OLD_INVENTORY_SECONDS = 6 * 3600;

const AT_LEAST = ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD;

/** When each alarm goes off. Periods follow the schedule, so that a slow schedule does not look like silence. */
export function alarmConditions(watched: Watched): Readonly<Record<AlarmKey, Condition>> {
  const every = (atLeastMinutes: number) => Duration.minutes(Math.max(watched.scheduleMinutes, atLeastMinutes));
  return {
    failed: {
      meaning: 'A sweep ended in an error or ran out of time.',
      metric: watched.function.metricErrors({ statistic: Stats.SUM, period: every(5) }),
      ...anyOf(1),
      treatMissingData: TreatMissingData.NOT_BREACHING,
    },
    didNotRun: {
      meaning: 'No sweep came to its end for a while: nobody is watching the records.',
      // A sweep may take 15 minutes: three periods of ten without an end are more than one slow sweep.
      metric: own(METRICS.finished, Stats.SUM, every(10)),
      threshold: 1,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: 3,
      treatMissingData: TreatMissingData.BREACHING,
    },
    couldNotSee: {
      meaning: 'For an hour or more every sweep had an account or region that it could not read, or whose DNS it could not judge.',
      metric: own(METRICS.gaps, Stats.MINIMUM, every(20)),
      threshold: 1,
      comparisonOperator: AT_LEAST,
      evaluationPeriods: 3,
      // Silence is the matter of "did not run"; here it changes nothing.
      treatMissingData: TreatMissingData.IGNORE,
    },
    inventoryOld: {
      meaning: 'SES has not been read completely for hours: identities made or changed since are not known.',
      metric: own(METRICS.oldestInventorySeconds, Stats.MINIMUM, every(20)),
      threshold: Math.max(OLD_INVENTORY_SECONDS, (3 * watched.inventoryEveryMs) / 1000),
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 3,
      treatMissingData: TreatMissingData.IGNORE,
    },
    troubled: {
      meaning: 'Sweeps could not read their memory, or could not publish what they had to tell.',
      metric: own(METRICS.troubled, Stats.SUM, every(5)),
      threshold: 1,
      comparisonOperator: AT_LEAST,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    },
    notDelivered: {
      meaning: 'SNS could not deliver an alert to one of its subscribers.',
      metric: new Metric({
        namespace: 'AWS/SNS',
        metricName: 'NumberOfNotificationsFailed',
        dimensionsMap: { TopicName: watched.alertTopic.topicName },
        statistic: Stats.SUM,
        period: Duration.minutes(5),
      }),
      ...anyOf(1),
      treatMissingData: TreatMissingData.NOT_BREACHING,
    },
    deadLetters: {
      meaning: 'An event that should have started a sweep was put aside.',
      // What arrives, not what lies there: the letters stay to be looked at, and the alarm ends by itself.
      metric: watched.deadLetters.metricNumberOfMessagesSent({ statistic: Stats.SUM, period: Duration.minutes(5) }),
      ...anyOf(1),
      treatMissingData: TreatMissingData.NOT_BREACHING,
    },
  };
}

function anyOf(threshold: number): Pick<Condition, 'threshold' | 'comparisonOperator' | 'evaluationPeriods'> {
  return { threshold, comparisonOperator: AT_LEAST, evaluationPeriods: 1 };
}

/** A metric that the sweeps write themselves. */
function own(metricName: MetricName, statistic: string, period: Duration): Metric {
  return new Metric({ namespace: METRIC_NAMESPACE, metricName, dimensionsMap: { service: METRIC_SERVICE }, statistic, period });
}
