// The state machine as it is deployed: valid, least in its permissions, and absent unless it is configured.

import aslValidator from 'asl-validator';
import { AwsSolutionsChecks } from 'cdk-nag';
import { parseConfiguration } from '../../lambda/configuration.ts';
import { FUNCTION_TIMEOUT_SECONDS, RUN_ASK_SECONDS, RUN_TIMEOUT_SECONDS, STEPS_CUT, STEPS_MEMORY_MIB } from '../../lambda/settings.ts';
import { RUNS_PREFIX } from '../../lambda/steps/run.ts';
import { ALARM_NAMES, STEPS_ALARM_NAMES } from '../../lib/alarms.ts';
import { STATE_MACHINE_PERMISSIONS } from '../../lib/state-machine-permissions.ts';
import { EVERYTHING, HOME, monitorStack, type Properties, TemplateView, testApp } from './stacks.ts';

const view = new TemplateView(monitorStack({ ...EVERYTHING, scale: 'step-functions' }));
const alone = new TemplateView(monitorStack());

/** The definition with every reference to another resource, and pseudo parameters, resolved as CloudFormation would. */
function definition(): Properties {
  const { DefinitionString } = view.only('AWS::StepFunctions::StateMachine');
  const parts: readonly unknown[] = DefinitionString['Fn::Join'][1];
  const text = parts.map((part) =>
    typeof part === 'string'
      ? part
      : JSON.stringify(part).includes('AWS::Partition')
        ? 'aws'
        : `arn:aws:lambda:us-east-1:${HOME}:function:ses-dkim-monitor`,
  );
  return JSON.parse(text.join('')) as Properties;
}

test('the deployed definition is valid in the Amazon States Language', () => {
  const { isValid, errors } = aslValidator(definition());
  expect(errors).toEqual([]);
  expect(isValid).toBe(true);
});

test('the validator would say so if it were not', () => {
  const { States, ...rest } = definition();
  expect(aslValidator({ ...rest, States: { ...States, Conclude: { ...States.Conclude, Next: 'Nowhere' } } }).isValid).toBe(false);
});

describe('a piece that fails', () => {
  const pieces = definition().States['All pieces'];
  const { States } = pieces.ItemProcessor;
  const tasks = [States['Sweep its targets'], States['Read its inventory'], States['All parts'].ItemProcessor.States['Sweep one part']];

  test('is tried again with growing pauses, unless it ran out of time, and then fails nobody else', () => {
    for (const { Retry, Catch } of tasks) {
      expect(Retry[0]).toMatchObject({ ErrorEquals: expect.arrayContaining(['Sandbox.Timedout', 'States.Timeout']), MaxAttempts: 0 });
      expect(Retry.slice(1).every(({ BackoffRate, MaxAttempts }: Properties) => BackoffRate > 1 && MaxAttempts > 0)).toBe(true);
      expect(Retry.at(-1).ErrorEquals).toEqual(['States.ALL']);
      expect(Catch).toMatchObject([{ ErrorEquals: ['States.ALL'] }]);
    }
    expect(pieces).toMatchObject({ ToleratedFailurePercentage: 100, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Conclude' }] });
  });

  test('children give nothing back: the outputs of ten thousand stay below 256 KiB', () => {
    const ends = [...Object.values(States as Properties), ...Object.values(States['All parts'].ItemProcessor.States as Properties)].filter(
      ({ End }) => End === true,
    );
    expect(ends.length).toBeGreaterThan(3);
    for (const { OutputPath } of ends) expect(OutputPath).toBeNull();
    expect(pieces.ResultPath).toBeNull();
  });
});

test('how much runs side by side is bounded', () => {
  const pieces = definition().States['All pieces'];
  expect(pieces.MaxConcurrency).toBe(STEPS_CUT.itemsAtOnce);
  expect(pieces.ItemProcessor.States['All parts'].MaxConcurrency).toBe(STEPS_CUT.partsAtOnce);
});

test('a run has time to ask, for a piece that began at the very end, and to conclude', () => {
  expect(RUN_TIMEOUT_SECONDS).toBeGreaterThanOrEqual(RUN_ASK_SECONDS + 2 * FUNCTION_TIMEOUT_SECONDS);
  expect(definition().TimeoutSeconds).toBe(RUN_TIMEOUT_SECONDS);
});

test('the role of the state machine: exactly the listed actions, on its own function, runs and executions', () => {
  const roles = view.resources('AWS::IAM::Role');
  const [id] = Object.entries(roles).find(([, { Description }]) => Description === 'Of the state machine of ses-dkim-monitor.') ?? [''];
  const statements = view.statements('AWS::IAM::Role').filter(({ on, actions }) => on === id && !actions.includes('sts:AssumeRole'));
  expect(statements.flatMap(({ actions }) => actions).sort()).toEqual(STATE_MACHINE_PERMISSIONS.map(({ action }) => action).sort());
  const resources = statements.flatMap((one) => one.resources);
  expect(resources).toHaveLength(4);
  expect(resources.filter((one) => one.includes('*')).every((one) => one.includes(`/${RUNS_PREFIX}*`) || one.includes(':execution:'))).toBe(
    true,
  );
  // No policy beside it that CDK would add by itself.
  expect(view.statements('AWS::IAM::Policy').filter(({ on }) => on.startsWith(id) && id !== '')).toEqual([]);
});

test('only the schedule may start it; the function itself gains nothing', () => {
  const starters = view.statements('AWS::IAM::Policy').filter(({ actions }) => actions.includes('states:StartExecution'));
  expect(starters).toHaveLength(1);
  const role = (of: TemplateView) => Object.values(of.resources('AWS::IAM::Role')).find(({ RoleName }) => RoleName === 'ses-dkim-monitor');
  expect(role(view)).toEqual(role(alone));
  const [target] = view.schedule().Targets;
  expect(target.Arn.Ref ?? target.Arn['Fn::GetAtt']?.[0]).toBe(Object.keys(view.resources('AWS::StepFunctions::StateMachine'))[0]);
});

test('a run that ended early frees its lease', () => {
  const rule = Object.values(view.resources('AWS::Events::Rule')).find(({ EventPattern }) => EventPattern?.source?.[0] === 'aws.states');
  expect(rule?.EventPattern.detail.status).toEqual(['FAILED', 'TIMED_OUT', 'ABORTED']);
  expect(rule?.Targets[0].InputTransformer).toMatchObject({
    InputTemplate: expect.stringMatching(/^\{"step":"release","run":<[\w-]+>\}$/),
    InputPathsMap: expect.objectContaining(
      Object.fromEntries([[Object.keys(rule?.Targets[0].InputTransformer.InputPathsMap)[0], '$.detail.name']]),
    ),
  });
});

test('what runs leave in the bucket is gone after a day, former versions too', () => {
  const rules: readonly Properties[] = view.only('AWS::S3::Bucket').LifecycleConfiguration.Rules;
  expect(rules.find(({ Prefix }) => Prefix === RUNS_PREFIX)).toMatchObject({
    ExpirationInDays: 1,
    NoncurrentVersionExpiration: { NoncurrentDays: 1 },
    Status: 'Enabled',
  });
});

test('an alarm counts runs that failed, timed out or were stopped, of which there may be no data at all', () => {
  const alarm = Object.values(view.resources('AWS::CloudWatch::Alarm')).find(({ AlarmName }) => AlarmName === STEPS_ALARM_NAMES.runFailed);
  const names = alarm?.Metrics.flatMap(({ MetricStat }: Properties) => MetricStat?.Metric.MetricName ?? []);
  expect(names.sort()).toEqual(['ExecutionsAborted', 'ExecutionsFailed', 'ExecutionsTimedOut']);
  expect(alarm).toMatchObject({ Threshold: 1, EvaluationPeriods: 1, TreatMissingData: 'notBreaching' });
  expect(alarm?.Metrics.find(({ Expression }: Properties) => Expression !== undefined).Expression).toBe(
    'FILL(t0, 0) + FILL(t1, 0) + FILL(t2, 0)',
  );
});

test('the function has more memory for its steps, and the heap may use the memory that comes with it', () => {
  const { MemorySize, Environment } = view.only('AWS::Lambda::Function');
  expect(MemorySize).toBe(STEPS_MEMORY_MIB);
  expect(Environment.Variables.NODE_OPTIONS).toBe('--max-semi-space-size=16 --max-old-space-size=921');
});

test('without the setting nothing of it is deployed', () => {
  expect(alone.types().filter((type) => type.startsWith('AWS::StepFunctions'))).toEqual([]);
  expect(JSON.stringify(alone.template.toJSON())).not.toContain('states:');
  expect(JSON.stringify(alone.template.toJSON())).not.toContain(RUNS_PREFIX);
});

test('no rule of cdk-nag is broken without a reason', () => {
  const app = testApp();
  monitorStack({ scale: 'step-functions' }, app);
  const { violations } = new AwsSolutionsChecks(app).validateScope(app);
  expect(
    violations.map(({ ruleName, violatingResources }) => `${ruleName} at ${violatingResources.map((r) => r.constructPath).join(', ')}`),
  ).toEqual([]);
});

test('the setting is one of two words', () => {
  expect(parseConfiguration({ scale: 'lambda' })).toEqual({
    ok: false,
    problems: ['scale: must be one of "function", "step-functions".'],
  });
});

describe('alarms know that a run may take longer than one function', () => {
  const ofSchedule = (schedule: string) =>
    Object.values(
      new TemplateView(monitorStack({ schedule, inventoryEvery: '12h', scale: 'step-functions' })).resources('AWS::CloudWatch::Alarm'),
    );
  const alarm = (name: string, from = ofSchedule('rate(5 minutes)')): Properties => from.find(({ AlarmName }) => AlarmName === name) ?? {};

  test.each([
    ['rate(1 minute)', 60],
    ['rate(5 minutes)', 300],
    ['rate(1 hour)', 3_600],
    ['rate(12 hours)', 43_200],
  ])('with %s no pause between two good runs, however long they take, rings "did not run"', (schedule, seconds) => {
    const { Period, EvaluationPeriods } = alarm(ALARM_NAMES.didNotRun, ofSchedule(schedule));
    // The next begins with the schedule after a run's end, and takes all the time it has.
    expect(Period * EvaluationPeriods).toBeGreaterThan(RUN_TIMEOUT_SECONDS + seconds);
    expect(Period % 60).toBe(0);
    expect(Period * EvaluationPeriods).toBeLessThanOrEqual(Period >= 3600 ? 604_800 : 86_400);
  });

  test.each(['inventoryOld', 'memoryUnreadable', 'notPublished'] as const)(
    '%s, which is written at the end of a run, finds two ends in three periods of runs that ask for all their time',
    (key) => {
      expect(alarm(ALARM_NAMES[key])).toMatchObject({ EvaluationPeriods: 3, DatapointsToAlarm: 2 });
      expect(alarm(ALARM_NAMES[key]).Period * 3).toBeGreaterThan(2 * RUN_ASK_SECONDS);
    },
  );

  test('a piece that failed once and was tried again is no alarm; a run that failed is', () => {
    expect(alarm(ALARM_NAMES.failed)).toMatchObject({ MetricName: 'Errors', EvaluationPeriods: 3, DatapointsToAlarm: 2 });
    expect(alarm(STEPS_ALARM_NAMES.runFailed)).toMatchObject({ EvaluationPeriods: 1 });
  });
});
