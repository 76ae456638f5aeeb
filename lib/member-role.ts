// The role that lets the monitor read SES in another account: read-only, and only for the monitor's own role.
import { Aws } from 'aws-cdk-lib';
import { AccountPrincipal, type Conditions, PolicyDocument, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { MONITOR_ROLE_NAME, SESSION_NAME } from '../lambda/settings.ts';
import { acknowledgeMemberRules } from './acknowledged-rules.ts';
import { memberPermissions, statements } from './permissions.ts';
import { ownAccount } from './sweeper-role.ts';

/** Whom the role trusts, as text or as parameters of a template. */
export interface MemberTrust {
  /** Account that the monitor is deployed to. */
  readonly hub: string;
  readonly externalId: string;
  readonly roleName: string;
  /** The organisation that the monitor's account must be in; absent: no matter. */
  readonly organization?: string;
}

/** Adds the role. Its permissions are those that the sweep narrows each of its sessions to. */
export function memberRole(scope: Construct, { hub, externalId, roleName, organization }: MemberTrust): Role {
  // The role's ARN stands in a condition and not as the principal: IAM would replace a principal by its id, and the trust would die with a re-created role.
  const onlyTheMonitor: Conditions = { ArnEquals: { 'aws:PrincipalArn': `arn:${Aws.PARTITION}:iam::${hub}:role/${MONITOR_ROLE_NAME}` } };
  const inOrganization = organization === undefined ? {} : { 'aws:PrincipalOrgID': organization };
  const role = new Role(scope, 'Role', {
    roleName,
    description: 'For ses-dkim-monitor: reads SES identities and their DKIM settings. Changes nothing.',
    assumedBy: new AccountPrincipal(hub).withConditions({
      ...onlyTheMonitor,
      StringEquals: { 'sts:ExternalId': externalId, ...inOrganization },
    }),
    inlinePolicies: { 'read-ses': new PolicyDocument({ statements: readSes() }) },
  });
  // A statement of its own, because the external id is a fact of sts:AssumeRole alone: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html
  role.assumeRolePolicy?.addStatements(
    new PolicyStatement({
      sid: 'NameItselfInCloudTrail',
      actions: ['sts:SetSourceIdentity'],
      principals: [new AccountPrincipal(hub)],
      conditions: { ...onlyTheMonitor, StringEquals: { 'sts:SourceIdentity': SESSION_NAME, ...inOrganization } },
    }),
  );
  acknowledgeMemberRules(role);
  return role;
}

function readSes(): PolicyStatement[] {
  return statements(memberPermissions(), { any: ['*'], 'own-account': [ownAccount(Aws.ACCOUNT_ID)] });
}
