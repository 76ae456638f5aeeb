// What the role of the state machine may do, each with its reason.
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';

export interface StateMachineResources {
  readonly functionArn: string;
  readonly machineArn: string;
  /** ARN pattern of its executions. */
  readonly executionsArn: string;
  /** ARN pattern of the objects that runs leave. */
  readonly runObjects: string;
}

/** Source of those about executions: AWS Step Functions Developer Guide, "IAM policies for using Distributed Map states". */
export const STATE_MACHINE_PERMISSIONS: readonly {
  readonly action: string;
  readonly on: keyof StateMachineResources;
  readonly why: string;
}[] = [
  { action: 'lambda:InvokeFunction', on: 'functionArn', why: 'Each step is one invocation of the function.' },
  { action: 's3:GetObject', on: 'runObjects', why: 'The Distributed Map reads the list of pieces that the first step wrote.' },
  {
    action: 'states:StartExecution',
    on: 'machineArn',
    why: 'The Distributed Map starts one child execution of its own state machine for each piece.',
  },
  { action: 'states:DescribeExecution', on: 'executionsArn', why: 'The Distributed Map follows its child executions.' },
  { action: 'states:StopExecution', on: 'executionsArn', why: 'A run that is stopped stops its child executions.' },
];

export function stateMachinePermissions(resources: StateMachineResources): PolicyStatement[] {
  const kinds = [...new Set(STATE_MACHINE_PERMISSIONS.map(({ on }) => on))];
  return kinds.map(
    (kind) =>
      new PolicyStatement({
        actions: STATE_MACHINE_PERMISSIONS.filter(({ on }) => on === kind).map(({ action }) => action),
        resources: [resources[kind]],
      }),
  );
}
