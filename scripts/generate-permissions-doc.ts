// Makes docs/permissions.md from what the rooms declare, so that the page cannot promise other permissions than the stack grants.
import { functionPermissions, memberPermissions } from '../lib/permissions.ts';
import { STATE_MACHINE_PERMISSIONS, type StateMachineResources } from '../lib/state-machine-permissions.ts';
import { EXPLAINED_WILDCARDS, type Permission } from '../lib/undeclared-permissions.ts';

const PLACES: Readonly<Record<Permission['on'], string>> = {
  any: 'everything (`*`)',
  'memory-bucket': 'the memory bucket',
  'memory-objects': 'objects of the memory bucket',
  'alert-topic': 'the alert topic',
  'exit-topics': 'the topics of `alerts.critical` and `alerts.routes`; without any, not granted',
  'event-bus': 'the bus of `alerts.eventBus`; without it, not granted',
  'member-roles':
    "the roles of the other accounts in `accounts`; with `organization` the role of that one name in any account (each role's trust decides); without any, not granted",
  'own-account': 'the account itself; for the function only with `"regions": "all"`',
  organization: 'everything (`*`): units come and go; without `organization`, not granted',
  'own-log-group': 'its own log group',
  'dead-letters': 'its own dead-letter queue',
  'early-events': 'its own queue of events; without `triggers`, not granted',
};

const WILDCARDS: Readonly<Record<keyof typeof EXPLAINED_WILDCARDS, string>> = {
  any: '`*`',
  'memory-objects': '`<bucket>/*`',
  'own-log-group': '`<log group>:*`',
  'many-member-roles': '`arn:<partition>:iam::*:role/<role name>`',
  'run-objects': '`<bucket>/runs/*`',
  'own-executions': '`arn:<partition>:states:<region>:<account>:execution:ses-dkim-monitor:*`',
};

const OF_MACHINE: Readonly<Record<keyof StateMachineResources, string>> = {
  functionArn: 'the function',
  machineArn: 'itself',
  executionsArn: 'its own executions',
  runObjects: 'objects below `runs/` of the memory bucket',
};

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map(row).join('');
const permissionTable = (permissions: readonly Permission[]): string =>
  table(
    ['action', 'on', 'why'],
    permissions.map(({ action, on, why }) => [`\`${action}\``, PLACES[on], why]),
  );

/** Text of docs/permissions.md. */
export function permissionsPage(): string {
  return `# Permissions

This page is generated from the code (\`npm run docs\`); a test compares it with the deployed policies.

## The function: role \`ses-dkim-monitor\`

It reads SES, remembers in its own bucket, publishes to its own topic (and to those and the bus that the configuration names), and changes nothing else. It never changes an SES identity or a DNS record.

${permissionTable(functionPermissions())}
## The role in other accounts: \`ses-dkim-monitor-read\`

Only the role \`ses-dkim-monitor\` of the account that the monitor is deployed to may assume it, and only with the external id. Nothing can be changed with it.

${permissionTable(memberPermissions())}
## The state machine: only where \`scale\` is \`step-functions\`

${table(
  ['action', 'on', 'why'],
  STATE_MACHINE_PERMISSIONS.map(({ action, on, why }) => [`\`${action}\``, OF_MACHINE[on], why]),
)}
## Wildcards, and why

${table(
  ['where', 'why'],
  Object.entries(WILDCARDS).map(([key, where]) => [where, EXPLAINED_WILDCARDS[key as keyof typeof EXPLAINED_WILDCARDS]]),
)}
## Who else is let in

${table(
  ['who', 'may', 'if'],
  [
    ['EventBridge', 'invoke the function', 'by the one rule that is its schedule'],
    [
      'EventBridge (only with Step Functions)',
      'start the state machine, and invoke the function',
      'by the one rule that is its schedule, and by the one that hears of runs that ended early',
    ],
    ['EventBridge', 'send to the dead-letter queue', 'for those rules'],
    ['EventBridge', 'send to the queue of events', 'by the rules of `triggers`, each by its ARN'],
    [
      'other accounts (only if configured)',
      'put events on the bus `ses-dkim-monitor-events`',
      'of the organisation, or those of `accounts`: they start checks, and nothing else',
    ],
    ['CloudWatch alarms', 'publish to the operations topic', 'of this account (`aws:SourceAccount`)'],
    [
      'Slack and Teams channels (only if configured)',
      'show the alerts',
      'their role allows nothing, their guardrail only looking at the topic',
    ],
    ['anybody', 'nothing without TLS', 'bucket, topics and queues deny it'],
  ],
)}`;
}
