// The CloudWatch dashboard: what is broken and how long there is, where, and how the monitor itself is doing.
import { Duration, Stack } from 'aws-cdk-lib';
import {
  Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  LogQueryVisualizationType,
  LogQueryWidget,
  MathExpression,
  type Metric,
  SingleValueWidget,
  Stats,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { FUNCTION_TIMEOUT_SECONDS } from '../lambda/settings.ts';
import { METRICS, type MetricName } from '../lambda/sweep/metrics.ts';
import { ALARM_NAMES, NEAR_LIMIT, own, STEPS_ALARM_NAMES } from './alarms.ts';
import { dashboardText } from './dashboard-text.ts';
import { MONITOR_NAME } from './props.ts';
import { SAVED_QUERIES } from './saved-queries.ts';

export interface DashboardProps {
  readonly function: IFunction;
  readonly deadLetters: IQueue;
  readonly logGroup: LogGroup;
  readonly bucket: Bucket;
  /** Minutes between two sweeps. */
  readonly scheduleMinutes: number;
  /** True where Step Functions runs the sweeps. */
  readonly steps?: boolean;
}

/**
 * Accounts, regions and single alerts come from the log, and so do figures that no alarm waits for: as metrics each would cost 0.30 USD a month. Lines of
 * bounded number are all that these queries read.
 */
export const DASHBOARD_QUERIES = {
  Identities: `filter message = "sweep-finished"
| stats max(broken) as brokenThen, max(unknown) as unknownThen, max(healthy) as healthyThen by bin(5m)`,
  'Broken and unknown, by account and region': `filter message = "target-swept"
| stats latest(broken) as brokenNow, latest(unknown) as unknownNow by account, region
| sort brokenNow desc, unknownNow desc
| limit 20`,
  'Health by account and region': `filter message = "target-swept"
| stats latest(state) as ses, latest(healthy) as healthyNow, latest(broken) as brokenNow, latest(unknown) as unknownNow, latest(unread) as unreadNow, max(@timestamp) as at by account, region
| sort brokenNow desc, unknownNow desc, unreadNow desc
| limit 200`,
  'Open alerts: those last seen in the latest sweep are open now': `filter message = "open-alert"
| stats latest(severity) as now, latest(kinds) as what, latest(identities) as hit, latest(hoursLeft) as hoursToDeadline, latest(openedAt) as since, latest(told) as isTold, max(@timestamp) as lastSeen by alert
| sort lastSeen desc, now asc
| limit 100`,
  'DNS questions and SES calls a sweep': `filter message = "sweep-finished"
| stats max(dnsQuestions) as questions, max(sesCalls) as calls by bin(5m)`,
  'Age of the oldest inventory, in seconds': `filter message = "sweep-finished"
| stats max(oldestInventorySeconds) as age by bin(5m)`,
  'Name servers that fail': SAVED_QUERIES['which-name-servers-fail'],
} as const;

type QueryTitle = keyof typeof DASHBOARD_QUERIES;

/**
 * One dashboard. An account has three free of charge; from the fourth on it costs 3 USD a month, and `operations.dashboard: false` leaves it out.
 * The metrics on it are those that are written anyway and Lambda's and SQS's own, which are free. Each time somebody opens it these queries read the log of a
 * day: 0.005 USD a gigabyte, under a tenth of a cent for a hundred targets. Source: Amazon CloudWatch pricing.
 */
export function dashboard(scope: Construct, props: DashboardProps): Dashboard {
  const period = Duration.minutes(Math.max(props.scheduleMinutes, 5));
  const metric = (name: MetricName, label: string, statistic: string = Stats.MAXIMUM): Metric =>
    own(name, statistic, period).with({ label });
  const orZero = (name: MetricName, label: string, color: string): MathExpression => filled(metric(name, label), { name, label, color });
  const critical = orZero(METRICS.openCritical, 'critical', RED);
  const warning = orZero(METRICS.openWarning, 'warning', ORANGE);
  const hoursLeft = metric(METRICS.hoursToDeadline, 'hours to the nearest deadline', Stats.MINIMUM);
  const broken = orZero(METRICS.broken, 'broken', RED);
  const unknown = orZero(METRICS.unknown, 'unknown', GREY);
  const log = queryWidgets(props.logGroup);
  return new Dashboard(scope, 'Dashboard', {
    dashboardName: MONITOR_NAME,
    defaultInterval: Duration.days(1),
    widgets: [
      [
        new SingleValueWidget({ title: 'Open alerts (--: none all day)', metrics: [critical, warning], width: 6, height: 4 }),
        new SingleValueWidget({ title: 'Time left (--: no deadline)', metrics: [hoursLeft], width: 6, height: 4 }),
        new SingleValueWidget({ title: 'Identities (--: none all day)', metrics: [broken, unknown], width: 6, height: 4 }),
        new AlarmStatusWidget({ title: 'The monitor itself', alarms: alarms(scope, props.steps === true), width: 6, height: 4 }),
      ],
      [
        new GraphWidget({ title: 'Open alerts by severity', left: [critical, warning], stacked: true, leftYAxis: FROM_ZERO, width: 8 }),
        new GraphWidget({
          title: 'Hours to the nearest deadline',
          left: [hoursLeft],
          leftYAxis: FROM_ZERO,
          leftAnnotations: [48, 24, 6].map((value) => ({ value, label: `${value} hours` })),
          width: 8,
        }),
        log('Identities', LogQueryVisualizationType.STACKEDAREA, 8),
      ],
      [
        log('Broken and unknown, by account and region', LogQueryVisualizationType.BAR, 8),
        log('Health by account and region', LogQueryVisualizationType.TABLE, 16),
      ],
      [log('Open alerts: those last seen in the latest sweep are open now', LogQueryVisualizationType.TABLE, 24)],
      [
        new GraphWidget({
          title: 'Sweep time',
          left: [props.function.metricDuration({ statistic: Stats.MAXIMUM, period, label: 'longest, ms' })],
          leftYAxis: FROM_ZERO,
          leftAnnotations: [{ value: NEAR_LIMIT * FUNCTION_TIMEOUT_SECONDS * 1000, label: 'alarm', color: RED }],
          width: 8,
        }),
        log('DNS questions and SES calls a sweep', LogQueryVisualizationType.LINE, 8),
        log('Age of the oldest inventory, in seconds', LogQueryVisualizationType.LINE, 8),
      ],
      [
        log('Name servers that fail', LogQueryVisualizationType.TABLE, 12),
        new GraphWidget({
          title: 'Events put aside (dead letters)',
          left: [props.deadLetters.metricApproximateNumberOfMessagesVisible({ statistic: Stats.MAXIMUM, period, label: 'letters' })],
          leftYAxis: FROM_ZERO,
          width: 4,
        }),
        new TextWidget({ markdown: dashboardText(Stack.of(scope).region, props.bucket.bucketName), width: 8, height: 6 }),
      ],
    ],
  });
}

const [RED, ORANGE, GREY] = ['#d13212', '#ff9900', '#687078'];
const FROM_ZERO = { min: 0, showUnits: false };

/** A metric that is not sent while it is zero, with its zeros. Where nothing was sent in the whole range there is nothing to fill. */
function filled(
  metric: Metric,
  { name, label, color }: { readonly name: string; readonly label: string; readonly color: string },
): MathExpression {
  const id = name.charAt(0).toLowerCase() + name.slice(1);
  return new MathExpression({ expression: `FILL(${id}, 0)`, usingMetrics: { [id]: metric }, label, color, period: metric.period });
}

/** By their fixed names: the dashboard then hangs on no alarm, and shows one that is made later. */
function alarms(scope: Construct, steps: boolean): ReturnType<typeof Alarm.fromAlarmName>[] {
  const names = { ...ALARM_NAMES, ...(steps ? STEPS_ALARM_NAMES : {}) };
  return Object.entries(names).map(([key, name]) => Alarm.fromAlarmName(scope, `Shown-${key}`, name));
}

function queryWidgets(logGroup: LogGroup) {
  return (title: QueryTitle, view: LogQueryVisualizationType, width: number): LogQueryWidget =>
    new LogQueryWidget({ title, logGroupNames: [logGroup.logGroupName], queryString: DASHBOARD_QUERIES[title], view, width, height: 6 });
}
