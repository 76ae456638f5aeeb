// The role in the accounts of an organisation: the StackSet, and the plain template that it deploys.
import { readFileSync } from 'node:fs';
import { parseConfiguration } from '../../lambda/configuration.ts';
import { SESSION_POLICY } from '../../lambda/inventory/credentials.ts';
import { stackSetTargets } from '../../lib/member-stack-set.ts';
import { memberTemplateText } from '../../scripts/generate-member-template.ts';
import { monitorStack, type Properties, TemplateView, WHOLE_ORGANIZATION } from './stacks.ts';

const view = new TemplateView(monitorStack(WHOLE_ORGANIZATION));
const set = view.only('AWS::CloudFormation::StackSet');
const TEMPLATE = JSON.parse(readFileSync('templates/ses-dkim-monitor-member.template.json', 'utf8')) as Properties;

const organization = (more: object) => {
  const read = parseConfiguration({ organization: { ...WHOLE_ORGANIZATION.organization, ...more } });
  if (!read.ok || read.value.organization === undefined) throw new Error(read.ok ? '' : read.problems.join(' '));
  return read.value.organization;
};

test('it is there only where it is asked for', () => {
  const without = { ...WHOLE_ORGANIZATION, organization: { ...WHOLE_ORGANIZATION.organization, deployRoles: false } };
  expect(new TemplateView(monitorStack(without)).types()).not.toContain('AWS::CloudFormation::StackSet');
});

test('AWS deploys to accounts that join and takes the role from those that leave; one that refuses keeps it from no other', () => {
  expect(set).toMatchObject({
    PermissionModel: 'SERVICE_MANAGED',
    CallAs: 'SELF',
    AutoDeployment: { Enabled: true, RetainStacksOnAccountRemoval: false },
    ManagedExecution: { Active: true },
    Capabilities: ['CAPABILITY_NAMED_IAM'],
    OperationPreferences: { FailureTolerancePercentage: 100 },
  });
});

test('it deploys the plain template, with the hub, the external id, the role name and the organisation', () => {
  expect(JSON.parse(set.TemplateBody)).toEqual(TEMPLATE);
  expect(set.TemplateBody.length).toBeLessThan(51_200);
  expect(set.Parameters).toEqual([
    { ParameterKey: 'HubAccount', ParameterValue: { Ref: 'AWS::AccountId' } },
    { ParameterKey: 'ExternalId', ParameterValue: WHOLE_ORGANIZATION.organization.externalId },
    { ParameterKey: 'RoleName', ParameterValue: 'ses-dkim-monitor-read' },
    { ParameterKey: 'OrganizationId', ParameterValue: 'o-a1b2c3d4e5' },
  ]);
  expect(Object.keys(TEMPLATE.Parameters).sort()).toEqual(set.Parameters.map(({ ParameterKey }: Properties) => ParameterKey).sort());
});

test('in one region, since IAM has its roles everywhere: that of the hub, or the one that is named', () => {
  expect(set.StackInstancesGroup.map(({ Regions }: Properties) => Regions)).toEqual([['us-east-1'], ['us-east-1']]);
  const elsewhere = {
    ...WHOLE_ORGANIZATION,
    organization: organization({ deployRolesRegion: 'eu-west-1', deployRolesAs: 'DELEGATED_ADMIN' }),
  };
  const other = new TemplateView(monitorStack(elsewhere)).only('AWS::CloudFormation::StackSet');
  expect(other.StackInstancesGroup[0].Regions).toEqual(['eu-west-1']);
  expect(other.CallAs).toBe('DELEGATED_ADMIN');
});

test.each<[string, object, object[]]>([
  [
    'units without an account, and a single account elsewhere',
    {},
    [
      { organizationalUnitIds: ['ou-ab12-production', 'ou-ab12-staging01'], accountFilterType: 'DIFFERENCE', accounts: ['555555555555'] },
      { organizationalUnitIds: ['r-ab12'], accountFilterType: 'INTERSECTION', accounts: ['444444444444'] },
    ],
  ],
  ['the organisation is its root', { include: ['o-a1b2c3d4e5'], exclude: [] }, [{ organizationalUnitIds: ['r-ab12'] }]],
  [
    'a root takes in whatever else is named',
    { include: ['r-ab12', 'ou-ab12-production', '444444444444'], exclude: [] },
    [{ organizationalUnitIds: ['r-ab12'] }],
  ],
  [
    'accounts alone',
    { include: ['444444444444', '666666666666'], exclude: [] },
    [{ organizationalUnitIds: ['r-ab12'], accountFilterType: 'INTERSECTION', accounts: ['444444444444', '666666666666'] }],
  ],
])('targets: %s', (_name, more, expected) => {
  expect(stackSetTargets(organization(more))).toEqual(expected);
});

test('an output names the account that StackSets leave out, and how its role is made; it shows no external id', () => {
  const { Outputs } = view.template.toJSON() as { Outputs: Record<string, { Value: unknown }> };
  expect(Outputs.MemberRoles?.Value).toMatch(/AWS leaves out its management account.*MemberDeployCommand/);
  expect(JSON.stringify(Outputs.MemberDeployCommand?.Value)).toContain('-c organization=o-a1b2c3d4e5');
  expect(JSON.stringify(Outputs)).not.toContain(WHOLE_ORGANIZATION.organization.externalId);
});

describe('the plain template', () => {
  const [role] = Object.values(TEMPLATE.Resources as Record<string, Properties>);
  const trust = role?.Properties.AssumeRolePolicyDocument.Statement as readonly Properties[];

  test('is what the code says (npm run docs)', () => {
    expect(readFileSync('templates/ses-dkim-monitor-member.template.json', 'utf8')).toBe(memberTemplateText());
  });
  test('shows the external id to nobody, and takes none that could be guessed at once', () => {
    expect(TEMPLATE.Parameters.ExternalId).toMatchObject({ NoEcho: true, MinLength: 16 });
    expect(TEMPLATE.Parameters.ExternalId).not.toHaveProperty('Default');
  });
  test('trusts only callers of the organisation, where one is named', () => {
    const named = { 'Fn::If': ['OrganizationIsNamed', { Ref: 'OrganizationId' }, { Ref: 'AWS::NoValue' }] };
    for (const { Condition } of trust) expect(Condition.StringEquals['aws:PrincipalOrgID']).toEqual(named);
    expect(trust).toHaveLength(2);
  });
  test('allows what the sweep narrows its sessions to, and nothing else', () => {
    const actions = role?.Properties.Policies.flatMap(({ PolicyDocument }: Properties) =>
      PolicyDocument.Statement.flatMap(({ Action }: Properties) => Action),
    );
    expect(JSON.parse(SESSION_POLICY).Statement).toEqual([{ Effect: 'Allow', Action: actions, Resource: '*' }]);
  });
});
