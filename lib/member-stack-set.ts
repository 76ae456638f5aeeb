// The role in every account that the organisation names, and in those that join it: a StackSet that deploys the plain template.
import { readFileSync } from 'node:fs';
import { Aws, CfnStackSet, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Configuration } from '../lambda/configuration.ts';
import { isAccount, isUnit, organizationId, rootId } from '../lambda/organization-schema.ts';
import { MEMBER_ROLE_NAME, MEMBER_STACK_NAME } from '../lambda/settings.ts';
import { MEMBER_PARAMETERS, MEMBER_TEMPLATE } from './member-template-stack.ts';

type Organization = NonNullable<Configuration['organization']>;

/** Where a StackSet deploys to: everything below some roots or units, without some accounts of it, or only some. */
export interface Targets {
  readonly organizationalUnitIds: string[];
  readonly accountFilterType?: 'DIFFERENCE' | 'INTERSECTION';
  readonly accounts?: string[];
}

/**
 * The targets of a choice that {@link organizationContradictions} lets pass. Whole units and single accounts are groups of their own: one group has one
 * filter. Source: CloudFormation Template Reference, AWS::CloudFormation::StackSet DeploymentTargets.
 */
export function stackSetTargets(organization: Organization): readonly Targets[] {
  const { include, exclude } = organization;
  const root = rootId(organization);
  const below = root !== undefined && include.some((entry) => !isUnit(entry) && !isAccount(entry)) ? [root] : include.filter(isUnit);
  const without = exclude.filter(isAccount);
  const single = include.filter((entry) => isAccount(entry) && !exclude.includes(entry));
  return [
    ...(below.length === 0
      ? []
      : [
          {
            organizationalUnitIds: below,
            ...(without.length === 0 ? {} : { accountFilterType: 'DIFFERENCE' as const, accounts: without }),
          },
        ]),
    // Whoever is below the whole root is deployed to already.
    ...(single.length === 0 || root === undefined || below.includes(root)
      ? []
      : [{ organizationalUnitIds: [root], accountFilterType: 'INTERSECTION' as const, accounts: single }]),
  ];
}

/** Adds the StackSet where `deployRoles` asks for it. The management account is none of its targets, whatever is named: StackSets skip it. */
export function memberStackSet(scope: Construct, organization: Organization | undefined): CfnStackSet | undefined {
  if (organization?.deployRoles !== true) return undefined;
  const { externalId = '', roleName = MEMBER_ROLE_NAME, deployRolesAs, deployRolesRegion } = organization;
  const parameter = (parameterKey: string, parameterValue: string) => ({ parameterKey, parameterValue });
  return new CfnStackSet(scope, 'MemberStackSet', {
    stackSetName: MEMBER_STACK_NAME,
    description: 'Lets ses-dkim-monitor read the SES identities of the accounts of the organization.',
    permissionModel: 'SERVICE_MANAGED',
    callAs: deployRolesAs,
    autoDeployment: { enabled: true, retainStacksOnAccountRemoval: false },
    managedExecution: { Active: true },
    capabilities: ['CAPABILITY_NAMED_IAM'],
    // One account that refuses must not keep the role from all others.
    operationPreferences: { failureTolerancePercentage: 100, maxConcurrentPercentage: 100, concurrencyMode: 'SOFT_FAILURE_TOLERANCE' },
    templateBody: memberTemplate(),
    parameters: [
      parameter(MEMBER_PARAMETERS.hub, Aws.ACCOUNT_ID),
      parameter(MEMBER_PARAMETERS.externalId, externalId),
      parameter(MEMBER_PARAMETERS.roleName, roleName),
      parameter(MEMBER_PARAMETERS.organization, organizationId(organization) ?? ''),
    ],
    // IAM is global: one region is enough, and a second would be refused for the role's name.
    stackInstancesGroup: stackSetTargets(organization).map((deploymentTargets) => ({
      deploymentTargets,
      regions: [deployRolesRegion ?? Stack.of(scope).region],
    })),
  });
}

/** The plain template on one line. */
function memberTemplate(): string {
  return JSON.stringify(JSON.parse(readFileSync(new URL(`../${MEMBER_TEMPLATE}`, import.meta.url), 'utf8')));
}
