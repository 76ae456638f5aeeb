// Events that start early checks: which are let through, how they are gathered, and who may send them.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FUNCTION_TIMEOUT_SECONDS } from '../../lambda/settings.ts';
import { readDeployment } from '../../lib/deployment.ts';
import { monitorStack, type Properties, TemplateView } from './stacks.ts';

const everything = new TemplateView(monitorStack());
const plain = new TemplateView(monitorStack({}));
const rules = (view: TemplateView) =>
  Object.values(view.resources('AWS::Events::Rule')).filter(({ EventPattern }) => EventPattern !== undefined);
const queueOf = (view: TemplateView): Properties & { readonly id: string } => {
  const [[id, queue] = []] = Object.entries(view.resources('AWS::SQS::Queue')).filter(
    ([, { RedrivePolicy }]) => RedrivePolicy !== undefined,
  );
  if (id === undefined || queue === undefined) throw new Error('there is no queue of events');
  return { ...queue, id };
};

test('a burst becomes a few checks: gathered for a minute, a thousand at a time, two batches at most, failed ones alone come back', () => {
  expect(plain.only('AWS::Lambda::EventSourceMapping')).toMatchObject({
    BatchSize: 1000,
    MaximumBatchingWindowInSeconds: 60,
    ScalingConfig: { MaximumConcurrency: 2 },
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    EventSourceArn: { 'Fn::GetAtt': [queueOf(plain).id, 'Arn'] },
  });
});

test('the queue is encrypted, waits six times as long as the function may take, and puts aside what fails three times', () => {
  const { RedrivePolicy, ...queue } = queueOf(plain);
  expect(queue).toMatchObject({
    SqsManagedSseEnabled: true,
    VisibilityTimeout: 6 * FUNCTION_TIMEOUT_SECONDS,
    MessageRetentionPeriod: 86_400,
  });
  expect(RedrivePolicy.maxReceiveCount).toBe(3);
  const deadLetters = RedrivePolicy.deadLetterTargetArn['Fn::GetAtt'][0];
  expect(plain.only('AWS::Lambda::Function').DeadLetterConfig.TargetArn['Fn::GetAtt'][0]).toBe(deadLetters);
});

test('four rules by default, each to the queue, each let in by its own ARN', () => {
  expect(rules(plain).map(({ EventPattern }) => EventPattern)).toEqual([
    {
      source: ['aws.health'],
      'detail-type': ['AWS Health Event'],
      detail: { service: ['SES'], eventTypeCode: [{ prefix: 'AWS_SES_DKIM' }, { prefix: 'AWS_SES_CMF' }] },
    },
    { source: ['aws.ses'], 'detail-type': ['Open', 'Resolved', 'Closed'].map((state) => `Advisor Recommendation Status ${state}`) },
    {
      source: ['aws.ses'],
      'detail-type': ['AWS API Call via CloudTrail'],
      detail: {
        eventSource: ['ses.amazonaws.com'],
        eventName: expect.arrayContaining([
          'CreateEmailIdentity',
          'DeleteEmailIdentity',
          'PutEmailIdentityDkimSigningAttributes',
          'VerifyDomainDkim',
        ]),
      },
    },
    {
      source: ['aws.route53'],
      'detail-type': ['AWS API Call via CloudTrail'],
      detail: { eventSource: ['route53.amazonaws.com'], eventName: ['ChangeResourceRecordSets'] },
    },
  ]);
  for (const { Targets, EventBusName } of rules(plain)) {
    expect(Targets).toEqual([expect.objectContaining({ Arn: { 'Fn::GetAtt': [queueOf(plain).id, 'Arn'] } })]);
    expect(EventBusName).toBeUndefined();
  }
  const allowed = plain.statements('AWS::SQS::QueuePolicy').filter(({ effect, on }) => effect === 'Allow' && on.includes('EarlyEvents'));
  expect(allowed).toHaveLength(4);
  for (const { actions, condition, principal } of allowed) {
    expect(actions).toContain('sqs:SendMessage');
    expect(principal).toBe('{"Service":"events.amazonaws.com"}');
    expect(condition).toMatch(/^\{"ArnEquals":\{"aws:SourceArn":/);
  }
});

test.each([
  [{ health: false }, 3],
  [{ health: false, advisor: false }, 2],
  [{ cloudTrail: false }, 2],
])('with %j there are %i rules', (triggers, count) => {
  expect(rules(new TemplateView(monitorStack({ triggers })))).toHaveLength(count);
});

test('with nothing to listen to there is no queue, no bus, and no permission on one', () => {
  const view = new TemplateView(
    monitorStack({ triggers: { health: false, advisor: false, cloudTrail: false, fromOrganization: 'o-a1b2c3d4e5' } }),
  );
  expect(rules(view)).toEqual([]);
  expect(Object.keys(view.resources('AWS::SQS::Queue'))).toHaveLength(1);
  for (const type of ['AWS::Lambda::EventSourceMapping', 'AWS::Events::EventBus']) expect(view.resources(type)).toEqual({});
  expect(view.statements('AWS::IAM::Role').flatMap(({ actions }) => actions)).not.toContain('sqs:ReceiveMessage');
});

describe('events of other accounts and regions', () => {
  test('by default there is no bus for them', () => expect(plain.resources('AWS::Events::EventBus')).toEqual({}));
  test('a bus of its own takes those of the organisation and of the accounts, and nobody may do anything else with it', () => {
    expect(everything.only('AWS::Events::EventBus').Name).toBe('ses-dkim-monitor-events');
    const statements = Object.values(everything.resources('AWS::Events::EventBusPolicy')).map(({ Statement }) => Statement);
    expect(statements).toHaveLength(2);
    for (const { Action, Effect } of statements) expect({ Action, Effect }).toEqual({ Action: 'events:PutEvents', Effect: 'Allow' });
    const [ofOrganization] = statements.filter(({ Condition }) => Condition !== undefined);
    expect(ofOrganization.Condition).toEqual({ StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } });
    const [ofAccounts] = statements.filter(({ Condition }) => Condition === undefined);
    expect(JSON.stringify(ofAccounts.Principal)).toMatch(/:iam::222222222222:root.*:iam::333333333333:root/);
  });
  test('for other regions of the same account alone the bus needs no policy: their role says what it may', () => {
    const view = new TemplateView(monitorStack({ triggers: { fromAccounts: true } }));
    expect(view.only('AWS::Events::EventBus').Name).toBe('ses-dkim-monitor-events');
    expect(view.resources('AWS::Events::EventBusPolicy')).toEqual({});
  });
  test('it has the same rules as the bus of the account', () => {
    const bus = rules(everything).filter(({ EventBusName }) => EventBusName !== undefined);
    expect(bus.map(({ EventPattern }) => EventPattern)).toEqual(rules(plain).map(({ EventPattern }) => EventPattern));
  });
  test.each([
    [
      { triggers: { fromAccounts: true }, accounts: Array.from({ length: 101 }, (_, i) => ({ id: String(400_000_000_000 + i) })) },
      /101 accounts do not fit.*fromOrganization/,
    ],
    [{ triggers: { fromOrganization: '123456' } }, /triggers\.fromOrganization: "123456" is not the id of an organisation/],
    [{ triggers: { cloudtrail: true } }, /Did you mean "cloudTrail"/],
  ])('%j cannot be deployed', (configuration, problem) => {
    const folder = mkdtempSync(join(tmpdir(), 'triggers-'));
    try {
      writeFileSync(join(folder, 'monitor.config.json'), JSON.stringify(configuration));
      expect(readDeployment(folder, undefined)).toMatchObject({ ok: false, message: expect.stringMatching(problem) });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
