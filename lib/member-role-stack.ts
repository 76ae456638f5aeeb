// The role that lets the monitor read SES in another account: read-only, and only for the monitor's own role.
import { Aws, CfnOutput, type IStackSynthesizer, LegacyStackSynthesizer, Stack } from 'aws-cdk-lib';
import { AccountPrincipal, type Conditions, PolicyDocument, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { MONITOR_ROLE_NAME, SESSION_NAME } from '../lambda/settings.ts';
import { acknowledgeMemberRules } from './acknowledged-rules.ts';
import { Forwarding } from './forwarding.ts';
import type { MemberContext } from './member-context.ts';
import { memberPermissions } from './permissions.ts';

export const MEMBER_STACK_NAME = 'ses-dkim-monitor-member';

/** One role, no assets; and, if asked for, the rules that forward events of the region that it is deployed to. */
export class MemberRoleStack extends Stack {
  constructor(scope: Construct, id: string, { hub, externalId, roleName, forwardTo }: MemberContext) {
    super(scope, id, {
      description: `Lets ses-dkim-monitor in account ${hub} read the SES identities of this account.`,
      // The only one that neither uploads the template nor takes on bootstrap roles: accounts without `cdk bootstrap` work too.
      // The cast is for an optional property that the library types less strictly than this project.
      synthesizer: new LegacyStackSynthesizer() as IStackSynthesizer,
    });
    // The role's ARN stands in a condition and not as the principal: IAM would replace a principal by its id, and the trust would die with a re-created role.
    const onlyTheMonitor: Conditions = { ArnEquals: { 'aws:PrincipalArn': `arn:${Aws.PARTITION}:iam::${hub}:role/${MONITOR_ROLE_NAME}` } };
    const assume = { ...onlyTheMonitor, StringEquals: { 'sts:ExternalId': externalId } };
    const role = new Role(this, 'Role', {
      roleName,
      description: 'For ses-dkim-monitor: reads SES identities and their DKIM settings. Changes nothing.',
      assumedBy: new AccountPrincipal(hub).withConditions(assume),
      inlinePolicies: { 'read-ses': new PolicyDocument({ statements: [readSes()] }) },
    });
    // A statement of its own, because the external id is a fact of sts:AssumeRole alone: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html
    role.assumeRolePolicy?.addStatements(
      new PolicyStatement({
        sid: 'NameItselfInCloudTrail',
        actions: ['sts:SetSourceIdentity'],
        principals: [new AccountPrincipal(hub)],
        conditions: { ...onlyTheMonitor, StringEquals: { 'sts:SourceIdentity': SESSION_NAME } },
      }),
    );
    acknowledgeMemberRules(role);
    if (forwardTo !== undefined) new Forwarding(this, 'Forwarding', { account: hub, region: forwardTo });
    new CfnOutput(this, 'RoleArn', { value: role.roleArn, description: 'The role that the monitor assumes in this account.' });
  }
}

function readSes(): PolicyStatement {
  return new PolicyStatement({ sid: 'ReadSes', actions: memberPermissions().map(({ action }) => action), resources: ['*'] });
}
