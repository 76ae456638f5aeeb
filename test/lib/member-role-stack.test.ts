// The role in other accounts: read-only, and only for the monitor.
import { ENVIRONMENT, MEMBER_ROLE_NAME, MONITOR_ROLE_NAME, SESSION_NAME } from '../../lambda/settings.ts';
import { readMemberContext } from '../../lib/member-context.ts';
import { HOME, memberStack, TemplateView } from './stacks.ts';

const view = new TemplateView(memberStack());
const statements = view.statements('AWS::IAM::Role');
const trust = statements.filter(({ principal }) => principal !== '');
const allows = statements.filter(({ principal }) => principal === '');

test('one role, no assets and no bootstrap rule: accounts without "cdk bootstrap" take it', () => {
  expect(view.types()).toEqual(['AWS::IAM::Role']);
  const template = view.template.toJSON();
  expect(template).not.toHaveProperty('Parameters');
  expect(template).not.toHaveProperty('Rules');
  expect(JSON.stringify(template).length).toBeLessThan(51_200);
});

test('it only reads SES, and which regions its own account has', () => {
  expect(allows.flatMap(({ actions }) => actions).sort()).toEqual([
    'account:ListRegions',
    'ses:GetEmailIdentity',
    'ses:GetIdentityDkimAttributes',
    'ses:ListEmailIdentities',
  ]);
});

test('only the role with the fixed name in the hub account is trusted, by its name, so that it may be re-created', () => {
  for (const { principal, condition } of trust) {
    expect(principal).toContain(`:iam::${HOME}:root`);
    expect(JSON.parse(condition).ArnEquals['aws:PrincipalArn']['Fn::Join'][1].at(-1)).toBe(`:iam::${HOME}:role/${MONITOR_ROLE_NAME}`);
  }
});

test('to assume it takes the external id; the source identity may only be the monitor', () => {
  const of = (action: string) => JSON.parse(trust.find(({ actions }) => actions.includes(action))?.condition ?? '{}').StringEquals;
  expect(trust.flatMap(({ actions }) => actions)).toEqual(['sts:AssumeRole', 'sts:SetSourceIdentity']);
  expect(of('sts:AssumeRole')).toEqual({ 'sts:ExternalId': 'Qm3xN8vLr2TzKd7WbYp0' });
  expect(of('sts:SetSourceIdentity')).toEqual({ 'sts:SourceIdentity': SESSION_NAME });
});

describe('what -c gives', () => {
  test('hub and external id are enough', () => {
    expect(readMemberContext({ hub: HOME, externalId: 'Qm3xN8vLr2TzKd7WbYp0' })).toEqual({
      ok: true,
      value: { hub: HOME, externalId: 'Qm3xN8vLr2TzKd7WbYp0', roleName: MEMBER_ROLE_NAME },
    });
  });
  test.each([
    ['nothing', {}, [/-c hub=… is missing/, /-c externalId=… is missing/, /Usage: npx cdk deploy/]],
    ['a short account id', { hub: '1234', externalId: 'Qm3xN8vLr2TzKd7WbYp0' }, [/hub: "1234" is not an AWS account id/]],
    ['another spelling', { hub: HOME, 'external-id': 'abc' }, [/You gave "external-id": did you mean "externalId"\?/]],
    ['an external id with a space', { hub: HOME, externalId: 'a b' }, [/externalId: is not an external id/]],
    ['a role path', { hub: HOME, externalId: 'Qm3xN8vLr2TzKd7WbYp0', roleName: 'a/b' }, [/roleName: "a\/b" is not a role name/]],
    ['everything wrong', { hub: 'x', externalId: '!', roleName: '' + '/' }, [/hub: /, /externalId: /, /roleName: /]],
    ['an object', { hub: {}, externalId: [] }, [/-c hub=… is missing/, /-c externalId=… is missing/]],
  ])('%s: every mistake is said', (_name, context, expected) => {
    const read = readMemberContext(context);
    expect(read.ok).toBe(false);
    for (const sentence of expected) expect(read.ok ? '' : read.message).toMatch(sentence);
  });
  test('keys of the CDK and a hub that the shell made a number are no mistakes', () => {
    expect(
      readMemberContext({ hub: 111111111111, externalId: 'Qm3xN8vLr2TzKd7WbYp0', '@aws-cdk/core:x': true, [ENVIRONMENT.bucket]: 1 }),
    ).toMatchObject({
      ok: true,
    });
  });
});
