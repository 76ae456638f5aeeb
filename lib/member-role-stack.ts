// The role in another account as a stack of its own, for `cdk deploy` with the credentials of that account.
import { CfnOutput, type IStackSynthesizer, LegacyStackSynthesizer, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Forwarding } from './forwarding.ts';
import type { MemberContext } from './member-context.ts';
import { memberRole } from './member-role.ts';

/** For the app beside it. */
export { MEMBER_STACK_NAME } from '../lambda/settings.ts';

/** One role, no assets; and, if asked for, the rules that forward events of the region that it is deployed to. */
export class MemberRoleStack extends Stack {
  constructor(scope: Construct, id: string, { forwardTo, ...trust }: MemberContext) {
    super(scope, id, {
      description: `Lets ses-dkim-monitor in account ${trust.hub} read the SES identities of this account.`,
      // The only one that neither uploads the template nor takes on bootstrap roles: accounts without `cdk bootstrap` work too.
      // The cast is for an optional property that the library types less strictly than this project.
      synthesizer: new LegacyStackSynthesizer() as IStackSynthesizer,
    });
    const role = memberRole(this, trust);
    if (forwardTo !== undefined) new Forwarding(this, 'Forwarding', { account: trust.hub, region: forwardTo });
    new CfnOutput(this, 'RoleArn', { value: role.roleArn, description: 'The role that the monitor assumes in this account.' });
  }
}
