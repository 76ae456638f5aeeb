// Words and commands for the role in another account: one made by hand, or that of all accounts of the organisation.
import { MEMBER_ROLE_NAME, MEMBER_STACK_NAME } from '../../settings.ts';
import type { MemberRole } from '../trouble.ts';
import { shellWord } from './entry.ts';

/** The app that makes the role in another account. */
export function memberStack({ hub, roleName, organization }: MemberRole): string {
  const name = roleName === MEMBER_ROLE_NAME ? '' : ` -c roleName=${shellWord(roleName, 'ROLE_NAME')}`;
  const id = organization?.id === undefined ? '' : ` -c organization=${shellWord(organization.id, 'ORGANIZATION')}`;
  return `npx cdk deploy --app "npx tsx bin/member.ts" -c hub=${shellWord(hub, 'HUB_ACCOUNT')} -c externalId=EXTERNAL_ID${name}${id}`;
}

export const lookAtTrust = ({ roleName }: MemberRole): string =>
  `aws iam get-role --role-name ${shellWord(roleName, 'ROLE_NAME')} --query Role.AssumeRolePolicyDocument`;

/** What EXTERNAL_ID stands for. */
export const externalIdWords = ({ organization }: MemberRole): string =>
  `EXTERNAL_ID is the "externalId" of ${organization === undefined ? 'that account' : '"organization"'} in monitor.config.json.`;

/** One more reason why a role may refuse; empty where it does not apply. */
export const organizationWords = ({ organization }: MemberRole): string =>
  organization === undefined ? '' : ' or it demands a caller of another organisation (aws:PrincipalOrgID);';

/** Where the monitor's own StackSet makes the role, that comes first; ends with a space, or is empty. */
export const stackSetFirst = ({ organization }: MemberRole): string =>
  organization?.stackSet === undefined
    ? ''
    : `With the credentials of the monitor's account see what the StackSet ${MEMBER_STACK_NAME} says of that account: it may not have come there yet, or failed. It skips the management account of the organisation, which needs the role by hand. `;

export const lookAtStackSet = ({ organization }: MemberRole): readonly string[] =>
  organization?.stackSet === undefined
    ? []
    : [
        `aws cloudformation list-stack-instances --stack-set-name ${MEMBER_STACK_NAME}${organization.stackSet === 'SELF' ? '' : ` --call-as ${organization.stackSet}`}`,
      ];

/** Where the role is there and lacks a permission. */
export const againWords = (role: MemberRole): string =>
  role.organization?.stackSet === undefined
    ? `Deploy the member stack of this version again, with the credentials of that account: it allows all that is read. ${externalIdWords(role)}`
    : `Deploy the monitor again: its StackSet ${MEMBER_STACK_NAME} then allows all that is read. In the management account, which it skips, deploy the member stack again. ${externalIdWords(role)}`;

export const againCommands = (role: MemberRole): readonly string[] =>
  role.organization?.stackSet === undefined ? [memberStack(role)] : ['npx cdk deploy', ...lookAtStackSet(role), memberStack(role)];
