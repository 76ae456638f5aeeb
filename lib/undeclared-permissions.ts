// Permissions of the function that no call in our own code shows, each with its reason; the rooms' `actions.ts` hold all others.
import type { DeclaredAction } from '../lambda/model/declared-action.ts';

/** A permission of the function: on what the rooms know, or on what only the stack knows. */
export interface Permission extends Omit<DeclaredAction, 'on'> {
  readonly on: DeclaredAction['on'] | 'own-log-group' | 'dead-letters' | 'early-events';
}

export const UNDECLARED_PERMISSIONS: readonly Permission[] = [
  { action: 's3:ListBucket', on: 'memory-bucket', why: 'Without it S3 answers 403 instead of 404 for a blob that was never written.' },
  { action: 'logs:CreateLogStream', on: 'own-log-group', why: 'The Lambda service writes the log with the role of the function.' },
  { action: 'logs:PutLogEvents', on: 'own-log-group', why: 'The Lambda service writes the log with the role of the function.' },
  {
    action: 'sqs:SendMessage',
    on: 'dead-letters',
    why: 'The Lambda service puts events that could not be handled aside with the role of the function.',
  },
  {
    action: 'sqs:ReceiveMessage',
    on: 'early-events',
    why: 'The Lambda service takes the events that start early checks from their queue with the role of the function.',
  },
  { action: 'sqs:DeleteMessage', on: 'early-events', why: 'The same, for events that are done with.' },
  { action: 'sqs:GetQueueAttributes', on: 'early-events', why: 'The same: how many are waiting.' },
];

/** Every `*` in a policy of the function, and why nothing narrower will do. A test finds any other. */
export const EXPLAINED_WILDCARDS: Readonly<
  Record<'any' | 'memory-objects' | 'own-log-group' | 'many-member-roles' | 'run-objects' | 'own-executions', string>
> = {
  any: 'ses:ListEmailIdentities and ses:GetIdentityDkimAttributes know no resource, and identities are not known in advance; all are reading actions. Where an organisation names the accounts, the listings of its roots and units, which come and go.',
  'memory-objects': 'Objects of its own bucket: their names follow the accounts, regions and times of the sweeps.',
  'own-log-group': 'Streams of its own log group: the Lambda service chooses their names.',
  'run-objects': 'What the runs of the state machine leave in the bucket: their names follow the executions.',
  'own-executions': 'Executions of the state machine itself: Step Functions chooses their names.',
  'many-member-roles':
    'Only with more than 80 accounts, whose role names fit into no policy, or where an organisation names them: the role name in any account. Who may be assumed is then decided by the trust of each role alone.',
};
