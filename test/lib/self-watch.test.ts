// The alarms about the monitor itself: that they reach somebody, and that silence is an alarm.
import { readFileSync } from 'node:fs';
import { FUNCTION_TIMEOUT_SECONDS, RESERVE_MS } from '../../lambda/settings.ts';
import { METRIC_NAMESPACE, METRICS, RARE_METRICS, STEADY_METRICS } from '../../lambda/sweep/metrics.ts';
import { ALARM_NAMES, STEPS_ALARM_NAMES } from '../../lib/alarms.ts';
import { SAVED_QUERIES } from '../../lib/saved-queries.ts';
import { monitorStack, type Properties, TemplateView } from './stacks.ts';

const view = new TemplateView(monitorStack());
const alarms = Object.values(view.resources('AWS::CloudWatch::Alarm'));
const alarm = (name: string, from = alarms): Properties => from.find(({ AlarmName }) => AlarmName === name) ?? {};

test('alarms for "failed", "did not run", "could not see", and more', () => {
  expect(alarms.map(({ AlarmName }) => AlarmName).sort()).toEqual(Object.values(ALARM_NAMES).sort());
});

test('each alarm → its topic → a policy that lets CloudWatch of this account publish → a subscriber', () => {
  for (const { AlarmName, AlarmActions, OKActions } of alarms) {
    expect({ AlarmName, actions: AlarmActions.length }).toEqual({ AlarmName, actions: 1 });
    expect(OKActions).toEqual(AlarmActions);
    const topic = AlarmActions[0].Ref as string;
    expect(view.resources('AWS::SNS::Topic')[topic]).not.toHaveProperty('KmsMasterKeyId');
    const policies = Object.entries(view.resources('AWS::SNS::TopicPolicy')).filter(([, { Topics }]) =>
      Topics.some((t: Properties) => t.Ref === topic),
    );
    const statements = view.statements('AWS::SNS::TopicPolicy').filter(({ on }) => policies.some(([id]) => id === on));
    expect(statements).toContainEqual({
      on: policies[0]?.[0],
      effect: 'Allow',
      actions: ['sns:Publish'],
      resources: [JSON.stringify({ Ref: topic })],
      principal: '{"Service":"cloudwatch.amazonaws.com"}',
      condition: '{"StringEquals":{"aws:SourceAccount":{"Ref":"AWS::AccountId"}}}',
    });
    const subscribers = Object.values(view.resources('AWS::SNS::Subscription')).filter(({ TopicArn }) => TopicArn.Ref === topic);
    expect(subscribers.map(({ Endpoint }) => Endpoint)).toEqual(['ops@example.com']);
  }
});

test('the operations topic is not the alert topic', () => {
  const variables = view.only('AWS::Lambda::Function').Environment.Variables;
  expect(alarms.map(({ AlarmActions }) => AlarmActions[0])).not.toContainEqual(variables.MONITOR_TOPIC_ARN);
});

describe('did not run', () => {
  test('counts sweeps that came to their end, and missing data breaches', () => {
    expect(alarm(ALARM_NAMES.didNotRun)).toMatchObject({
      Namespace: METRIC_NAMESPACE,
      MetricName: METRICS.finished,
      Statistic: 'Sum',
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 1,
      TreatMissingData: 'breaching',
    });
  });
  test.each([
    ['rate(1 minute)', 600],
    ['rate(5 minutes)', 600],
    ['rate(1 hour)', 3600],
    ['rate(12 hours)', 43_200],
  ])('with %s a period is %i seconds, and CloudWatch takes it', (schedule, period) => {
    const own = Object.values(new TemplateView(monitorStack({ schedule, inventoryEvery: '12h' })).resources('AWS::CloudWatch::Alarm'));
    expect(alarm(ALARM_NAMES.didNotRun, own)).toMatchObject({ Period: period, EvaluationPeriods: 3 });
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html: a day in all, or a week where periods are of an hour or more.
    for (const { Period, EvaluationPeriods } of own)
      expect(Period * EvaluationPeriods).toBeLessThanOrEqual(Period >= 3600 ? 604_800 : 86_400);
  });
});

test('dead letters: the alarm is on while letters lie there, of early events too, which SQS moves without counting them as sent', () => {
  const queues = Object.entries(view.resources('AWS::SQS::Queue')).map(([id, { MessageRetentionPeriod }]) => ({
    id,
    MessageRetentionPeriod,
  }));
  // What is put aside lies in this one queue, wherever it comes from.
  const [queue] = queues.filter(({ MessageRetentionPeriod }) => MessageRetentionPeriod === 14 * 86_400);
  for (const { RedrivePolicy } of Object.values(view.resources('AWS::SQS::Queue')))
    if (RedrivePolicy !== undefined) expect(RedrivePolicy.deadLetterTargetArn).toEqual({ 'Fn::GetAtt': [queue?.id, 'Arn'] });
  expect(queue?.MessageRetentionPeriod).toBe(14 * 86_400);
  expect(alarm(ALARM_NAMES.deadLetters)).toMatchObject({
    Namespace: 'AWS/SQS',
    MetricName: 'ApproximateNumberOfMessagesVisible',
    Statistic: 'Maximum',
    Period: 300,
    EvaluationPeriods: 1,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    Threshold: 1,
    TreatMissingData: 'notBreaching',
    Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [queue?.id, 'QueueName'] } }],
  });
});

test.each([
  ['throttled', 'AWS/Lambda', 'Throttles', 'Sum', 1],
  ['nearTimeLimit', 'AWS/Lambda', 'Duration', 'Maximum', 720_000],
  ['inventoryOld', METRIC_NAMESPACE, METRICS.inventoriesOld, 'Sum', 1],
  ['memoryUnreadable', METRIC_NAMESPACE, METRICS.memoryUnreadable, 'Sum', 1],
  ['notPublished', METRIC_NAMESPACE, METRICS.notPublished, 'Sum', 1],
] as const)(
  '%s: %s %s, in two of three periods; where nothing is written all is well',
  (key, Namespace, MetricName, Statistic, Threshold) => {
    expect(alarm(ALARM_NAMES[key])).toMatchObject({
      Namespace,
      MetricName,
      Statistic,
      Threshold,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      EvaluationPeriods: 3,
      DatapointsToAlarm: 2,
      TreatMissingData: 'notBreaching',
    });
  },
);

test('near the time limit rings before a sweep leaves anything undone', () => {
  expect(alarm(ALARM_NAMES.nearTimeLimit).Threshold).toBeLessThan(FUNCTION_TIMEOUT_SECONDS * 1000 - RESERVE_MS);
});

test('small estates stay small: no more alarms, than CloudWatch gives free, and no metric in every sweep but those that an alarm waits for', () => {
  expect(alarms.length).toBeLessThanOrEqual(10);
  expect(Object.values(STEADY_METRICS).sort()).toEqual([METRICS.gaps, METRICS.finished].sort());
  expect(view.resources('AWS::CloudWatch::CompositeAlarm')).toEqual({});
});

describe('not delivered', () => {
  const failed = (alerts: object): Properties =>
    alarm(ALARM_NAMES.notDelivered, Object.values(new TemplateView(monitorStack({ alerts })).resources('AWS::CloudWatch::Alarm')));
  const route = (i: number) => ({ name: `r${i}`, identities: [`*.r${i}.example`], email: ['a@team.example'] });
  const all = { email: ['dns@example.com'], critical: { email: ['on-call@team.example'] } };

  test('with the main topic alone it is that topic’s own metric', () => {
    expect(failed({ email: ['dns@example.com'] })).toMatchObject({ Namespace: 'AWS/SNS', MetricName: 'NumberOfNotificationsFailed' });
  });

  test('one alarm adds up all topics that are deployed, and rings though most of them have no data', () => {
    const { Metrics, Namespace, TreatMissingData } = failed({ ...all, routes: [route(0), route(1)] });
    expect(Namespace).toBeUndefined();
    expect(TreatMissingData).toBe('notBreaching');
    const [sum, ...parts] = Metrics;
    expect(sum).toMatchObject({ Expression: 'FILL(t0, 0) + FILL(t1, 0) + FILL(t2, 0) + FILL(t3, 0)' });
    const view = new TemplateView(monitorStack({ alerts: { ...all, routes: [route(0), route(1)] } }));
    const operations = alarms[0]?.AlarmActions[0].Ref;
    const topics = Object.keys(view.resources('AWS::SNS::Topic')).filter((id) => id !== operations);
    const watched = parts.map(({ MetricStat }: Properties) => MetricStat.Metric.Dimensions[0].Value['Fn::GetAtt'][0]);
    expect(watched.sort()).toEqual(topics.sort());
    for (const { MetricStat, ReturnData } of parts) {
      expect(MetricStat).toMatchObject({ Stat: 'Sum', Period: 300, Metric: { MetricName: 'NumberOfNotificationsFailed' } });
      expect(ReturnData).toBe(false);
    }
  });

  test('a topic that is not ours is for its owner to watch', () => {
    const theirs = { topicArn: 'arn:aws:sns:eu-west-1:222222222222:theirs' };
    expect(failed({ email: ['dns@example.com'], critical: theirs }).Metrics).toBeUndefined();
  });

  test('with the most routes there may be it is still one alarm of ten, of ten metrics, the main topic first', () => {
    const alerts = { ...all, routes: [...Array(20).keys()].map(route) };
    const given = Object.values(new TemplateView(monitorStack({ alerts })).resources('AWS::CloudWatch::Alarm'));
    expect(given).toHaveLength(10);
    const parts = alarm(ALARM_NAMES.notDelivered, given).Metrics.filter(({ MetricStat }: Properties) => MetricStat !== undefined);
    expect(parts).toHaveLength(10);
    const main = view.only('AWS::Lambda::Function').Environment.Variables.MONITOR_TOPIC_ARN.Ref;
    expect(parts[0].MetricStat.Metric.Dimensions[0].Value['Fn::GetAtt'][0]).toBe(main);
  });
});

test('silence of a rare metric never rings, and an alarm on a steady one says what silence means', () => {
  const rare: readonly string[] = Object.values(RARE_METRICS);
  for (const { MetricName, TreatMissingData } of alarms.filter(({ Namespace }) => Namespace === METRIC_NAMESPACE))
    expect(TreatMissingData === 'notBreaching').toBe(rare.includes(MetricName));
});

test('could not see: only if every sweep for an hour had a gap', () => {
  expect(alarm(ALARM_NAMES.couldNotSee)).toMatchObject({
    MetricName: METRICS.gaps,
    Statistic: 'Minimum',
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    Period: 1200,
    EvaluationPeriods: 3,
  });
});

test('every metric of our own that an alarm names is one that sweeps write', () => {
  const own = alarms.filter(({ Namespace }) => Namespace === METRIC_NAMESPACE);
  expect(own).toHaveLength(5);
  for (const { MetricName } of own) expect(Object.values(METRICS)).toContain(MetricName);
});

test('every alarm is in the runbook, under its own name, with what it means, where to look and what to do', () => {
  const runbook = readFileSync('docs/runbook.md', 'utf8');
  const sections = new Map(
    runbook
      .split(/^## /m)
      .slice(1)
      .map((section) => [section.slice(0, section.indexOf('\n')).trim(), section]),
  );
  const ofSteps = new TemplateView(monitorStack({ scale: 'step-functions' })).resources('AWS::CloudWatch::Alarm');
  for (const { AlarmName, AlarmDescription } of [...alarms, ...Object.values(ofSteps)]) {
    expect([...sections.keys()]).toContain(AlarmName);
    for (const part of ['**What it means.**', '**Look at.**', '**Do.**'])
      expect(`${AlarmName}: ${sections.get(AlarmName)}`).toContain(part);
    expect(AlarmDescription).toContain(`docs/runbook.md, ${AlarmName}`);
  }
  const headings = [...sections.keys()].filter((heading) => heading.startsWith('ses-dkim-monitor-'));
  expect(headings.sort()).toEqual(Object.values({ ...ALARM_NAMES, ...STEPS_ALARM_NAMES }).sort());
});

test.each(Object.entries(SAVED_QUERIES))('the saved query %s stands in the runbook as it is deployed', (name, query) => {
  const runbook = readFileSync('docs/runbook.md', 'utf8');
  expect(runbook).toContain(`\`${name}\``);
  expect(runbook).toContain(query);
});
