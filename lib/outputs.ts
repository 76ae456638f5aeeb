// What the deployment tells the person who deployed: what is still to be done, and where things are.
import { CfnOutput, type Stack } from 'aws-cdk-lib';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Configuration } from '../lambda/configuration.ts';
import { addressesOf } from '../lambda/exits.ts';
import { COMMAND } from '../lambda/model/command.ts';
import { organizationId } from '../lambda/organization-schema.ts';
import { MEMBER_ROLE_NAME, MEMBER_STACK_NAME } from '../lambda/settings.ts';
import { ALARM_NAMES } from './alarms.ts';
import { consoleAddress } from './console-address.ts';
import type { Exits } from './exit-topics.ts';
import { MEMBER_TEMPLATE } from './member-template-stack.ts';
import { MONITOR_NAME } from './props.ts';
import type { Sweeper } from './sweeper.ts';

export interface OutputProps {
  readonly configuration: Configuration;
  readonly bucket: Bucket;
  readonly alertTopic: ITopic;
  readonly exits: Exits;
  readonly operationsTopic: ITopic;
  readonly sweeper: Sweeper;
}

/** Names of the outputs; scripts and the runbook refer to them. */
export const OUTPUTS = {
  confirm: 'ConfirmSubscriptions',
  firstSweep: 'FirstSweep',
  doctor: 'CheckInstallation',
  alertTopic: 'AlertTopicArn',
  exitTopics: 'ExitTopics',
  operationsTopic: 'OperationsTopicArn',
  function: 'FunctionName',
  bucket: 'MemoryBucketName',
  logGroup: 'LogGroupName',
  dashboard: 'DashboardUrl',
  member: 'MemberDeployCommand',
  memberRoles: 'MemberRoles',
} as const;

/** Adds the outputs to the stack. */
export function outputs(stack: Stack, { configuration, bucket, alertTopic, exits, operationsTopic, sweeper }: OutputProps): void {
  const output = (name: string, value: string, description: string) => new CfnOutput(stack, name, { value, description });
  output(
    OUTPUTS.confirm,
    toConfirm(addressesOf(configuration)),
    'AWS sends each address a mail. Until its link is followed, that address gets nothing.',
  );
  output(
    OUTPUTS.firstSweep,
    `The first sweep begins within ${minutes(configuration.schedule.minutes)}. Until it has ended, the alarm ${ALARM_NAMES.didNotRun} is on.`,
    'After a first deployment that alarm is no trouble; it ends by itself.',
  );
  output(
    OUTPUTS.doctor,
    `AWS_REGION=${stack.region} ${COMMAND} doctor`,
    'Run it now, in this clone: it checks the whole chain, roles in other accounts and confirmed subscriptions included.',
  );
  output(OUTPUTS.alertTopic, alertTopic.topicArn, 'Alerts about records. Anything that SNS can reach may be subscribed here too.');
  if (exits.deployed.length > 0)
    output(
      OUTPUTS.exitTopics,
      exits.deployed.map(({ id, topic }) => `${id}: ${topic.topicArn}`).join(' '),
      'Topics for some of the alerts (alerts.critical, alerts.routes).',
    );
  output(OUTPUTS.operationsTopic, operationsTopic.topicArn, 'Alarms about the monitor itself.');
  output(OUTPUTS.function, sweeper.function.functionName, 'Invoke it to sweep at once.');
  output(OUTPUTS.bucket, bucket.bucketName, 'Inventories, alerts and reports. Stays when the stack is deleted.');
  output(OUTPUTS.logGroup, sweeper.logGroup.logGroupName, 'One line for each target and each decision.');
  if (configuration.operations.dashboard)
    output(
      OUTPUTS.dashboard,
      `${consoleAddress(stack.region)}/cloudwatch/home?region=${stack.region}#dashboards/dashboard/${MONITOR_NAME}`,
      'Health, open alerts, deadlines and the monitor itself, to be looked at.',
    );
  output(OUTPUTS.member, memberCommand(stack.account, configuration), 'Run once with the credentials of each other account to be watched.');
  if (configuration.organization !== undefined)
    output(
      OUTPUTS.memberRoles,
      configuration.organization.deployRoles
        ? `The StackSet ${MEMBER_STACK_NAME} deploys the role to the accounts of the organization. AWS leaves out its management account: if that is to be watched, run the command of ${OUTPUTS.member} there.`
        : `Every account of the organization that is to be watched needs the role: by ${MEMBER_TEMPLATE}, or with organization.deployRoles.`,
      'docs/accounts.md says more.',
    );
}

const minutes = (count: number): string => (count === 1 ? '1 minute' : `${count} minutes`);

const MOST_NAMED = 10;

/** One sentence; long lists are cut, since an output holds little. */
export function toConfirm(addresses: readonly string[]): string {
  if (addresses.length === 0) return 'No e-mail address is configured: nobody is told anything by e-mail.';
  const more = addresses.length > MOST_NAMED ? ` and ${addresses.length - MOST_NAMED} more` : '';
  return `Follow the link "Confirm subscription" in the mail from AWS, in each of these mailboxes: ${addresses.slice(0, MOST_NAMED).join(', ')}${more}`;
}

/** The command for the other accounts. The external id is named, not shown: outputs are read by more people than the configuration. */
function memberCommand(hub: string, { accounts, organization }: Configuration): string {
  const names = [...new Set(accounts.flatMap(({ id, roleName }) => (id === hub || roleName === undefined ? [] : [roleName])))];
  if (organization?.roleName !== undefined && !names.includes(organization.roleName)) names.push(organization.roleName);
  const id = organization === undefined ? undefined : organizationId(organization);
  const role =
    names.length === 1 && names[0] !== MEMBER_ROLE_NAME ? ` -c roleName=${names[0]}` : names.length > 1 ? ' -c roleName=ROLE_NAME' : '';
  return `npx cdk deploy --app "npx tsx bin/member.ts" -c hub=${hub} -c externalId=EXTERNAL_ID${role}${id === undefined ? '' : ` -c organization=${id}`}`;
}
