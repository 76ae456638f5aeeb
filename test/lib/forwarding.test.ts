// Events of other accounts and regions on their way to the monitor: the same rules as there, to its bus and nowhere else.
import { AwsSolutionsChecks } from 'cdk-nag';
import { ForwardStack } from '../../lib/forwarding.ts';
import { readForwardContext, readMemberContext } from '../../lib/member-context.ts';
import { MemberRoleStack } from '../../lib/member-role-stack.ts';
import { HOME, memberStack, monitorStack, TemplateView, testApp } from './stacks.ts';

const HUB = { account: HOME, region: 'us-east-1' } as const;
const member = { hub: HOME, externalId: 'Qm3xN8vLr2TzKd7WbYp0', roleName: 'ses-dkim-monitor-read' };
const forward = () => new TemplateView(new ForwardStack(testApp(), 'ses-dkim-monitor-forward', HUB));
const patterns = (view: TemplateView) =>
  Object.values(view.resources('AWS::Events::Rule'))
    .filter(({ EventPattern, EventBusName }) => EventPattern !== undefined && EventBusName === undefined)
    .map(({ EventPattern }) => EventPattern);

test('what is forwarded is what the monitor listens to', () => {
  expect(patterns(forward())).toEqual(patterns(new TemplateView(monitorStack({}))));
  expect(patterns(forward())).toHaveLength(4);
});

test('each rule has the one bus for its target, by a role that may put events on it and nothing else', () => {
  const view = forward();
  const role = view.only('AWS::IAM::Role');
  for (const { Targets } of Object.values(view.resources('AWS::Events::Rule'))) {
    expect(JSON.stringify(Targets)).toContain(':events:us-east-1:111111111111:event-bus/ses-dkim-monitor-events');
    expect(Targets[0].RoleArn).toBeDefined();
  }
  const allowed = view.statements('AWS::IAM::Role').filter(({ principal }) => principal === '');
  expect(allowed.map(({ actions }) => actions)).toEqual([['events:PutEvents']]);
  expect(allowed[0]?.resources.join()).toContain(':event-bus/ses-dkim-monitor-events');
  expect(JSON.stringify(role.AssumeRolePolicyDocument)).toContain('aws:SourceAccount');
  // There is one such stack in each region of an account: a fixed name would let only the first of them in.
  expect(role).not.toHaveProperty('RoleName');
  expect(view.resources('AWS::IAM::Policy')).toEqual({});
});

test('the role in other accounts forwards only if asked to, and reads the same either way', () => {
  const plain = new TemplateView(memberStack());
  const both = new TemplateView(new MemberRoleStack(testApp(), 'ses-dkim-monitor-member', { ...member, forwardTo: 'us-east-1' }));
  expect(plain.resources('AWS::Events::Rule')).toEqual({});
  expect(patterns(both)).toEqual(patterns(forward()));
  expect(Object.values(both.resources('AWS::IAM::Role'))).toContainEqual(plain.only('AWS::IAM::Role'));
});

test('neither needs a bootstrapped account, an asset or more than CloudFormation takes without a bucket', () => {
  for (const stack of [
    new ForwardStack(testApp(), 'ses-dkim-monitor-forward', HUB),
    new MemberRoleStack(testApp(), 'ses-dkim-monitor-member', { ...member, forwardTo: 'us-east-1' }),
  ]) {
    const text = JSON.stringify(new TemplateView(stack).template.toJSON());
    expect(text).not.toMatch(/BootstrapVersion|AssetParameters/);
    expect(text.length).toBeLessThan(51_200);
  }
});

test('no rule of cdk-nag is broken', () => {
  const app = testApp();
  new ForwardStack(app, 'ses-dkim-monitor-forward', HUB);
  expect(new AwsSolutionsChecks(app).validateScope(app).violations).toEqual([]);
});

test('what is missing or wrong is said at once', () => {
  expect(readForwardContext({ hub: HOME, forwardTo: 'us-east-1' })).toEqual({ ok: true, value: HUB });
  const { message } = readForwardContext({ hub: '12', 'forward-to': 'x' }) as { message: string };
  expect(message).toMatch(/-c forwardTo=… is missing.*You gave "forward-to"/);
  expect(message).toMatch(/hub: "12" is not an AWS account id/);
  expect(message).toMatch(/Usage: npx cdk deploy --app "npx tsx bin\/forward.ts"/);
  expect(readMemberContext({ hub: HOME, externalId: 'Qm3xN8vLr2TzKd7WbYp0', forwardTo: 'Frankfurt' })).toMatchObject({
    ok: false,
    message: expect.stringMatching(/forwardTo: "Frankfurt" is not an AWS region/),
  });
  expect(readMemberContext({ hub: HOME, externalId: 'Qm3xN8vLr2TzKd7WbYp0', forwardTo: 'us-east-1' })).toMatchObject({
    ok: true,
    value: { forwardTo: 'us-east-1' },
  });
});
