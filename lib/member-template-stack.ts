// The role in another account as a plain template with parameters: for the StackSet of the monitor, and for whoever deploys without the CDK.
import { Aws, CfnCondition, CfnOutput, CfnParameter, Fn, type IStackSynthesizer, LegacyStackSynthesizer, Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { MEMBER_ROLE_NAME } from '../lambda/settings.ts';
import { memberRole } from './member-role.ts';

/** Where the template stands in the repository; `npm run docs` writes it. */
export const MEMBER_TEMPLATE = 'templates/ses-dkim-monitor-member.template.json';

/** Names of its parameters. */
export const MEMBER_PARAMETERS = {
  hub: 'HubAccount',
  externalId: 'ExternalId',
  roleName: 'RoleName',
  organization: 'OrganizationId',
} as const;

/** The same role as {@link MemberRoleStack}, with every choice a parameter. */
export class MemberTemplateStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id, {
      description: 'Lets ses-dkim-monitor read the SES identities of this account. Changes nothing.',
      synthesizer: new LegacyStackSynthesizer() as IStackSynthesizer,
    });
    const hub = new CfnParameter(this, MEMBER_PARAMETERS.hub, {
      description: 'Account that the monitor is deployed to.',
      allowedPattern: '^\\d{12}$',
    });
    const externalId = new CfnParameter(this, MEMBER_PARAMETERS.externalId, {
      description: 'The externalId of monitor.config.json.',
      allowedPattern: '^[\\w+=,.@:/-]+$',
      minLength: 16,
      maxLength: 1224,
      noEcho: true,
    });
    const roleName = new CfnParameter(this, MEMBER_PARAMETERS.roleName, {
      description: 'The roleName of monitor.config.json.',
      default: MEMBER_ROLE_NAME,
      allowedPattern: '^[\\w+=,.@-]{1,64}$',
    });
    const organization = new CfnParameter(this, MEMBER_PARAMETERS.organization, {
      description: 'Organisation that the account of the monitor must be in (o-...). Empty: no matter.',
      default: '',
      allowedPattern: '^(o-[a-z0-9]{10,32})?$',
    });
    const named = new CfnCondition(this, 'OrganizationIsNamed', {
      expression: Fn.conditionNot(Fn.conditionEquals(organization.valueAsString, '')),
    });
    const role = memberRole(this, {
      hub: hub.valueAsString,
      externalId: externalId.valueAsString,
      roleName: roleName.valueAsString,
      organization: Token.asString(Fn.conditionIf(named.logicalId, organization.valueAsString, Aws.NO_VALUE)),
    });
    new CfnOutput(this, 'RoleArn', { value: role.roleArn, description: 'The role that the monitor assumes in this account.' });
  }
}
