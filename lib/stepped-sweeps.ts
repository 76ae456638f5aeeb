// The state machine that sweeps a very large estate, its schedule, and what frees the lease of a run that ended early.
import { Aws, Stack } from 'aws-cdk-lib';
import { EventField, Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction, SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import { PolicyDocument, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { DefinitionBody, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Configuration } from '../lambda/configuration.ts';
import { RUNS_PREFIX } from '../lambda/steps/run.ts';
import { acknowledgeStateMachineRules } from './acknowledged-rules.ts';
import { MONITOR_NAME } from './props.ts';
import { stateMachineDefinition } from './state-machine-definition.ts';
import { stateMachinePermissions } from './state-machine-permissions.ts';

export interface SteppedSweepsProps {
  readonly configuration: Configuration;
  readonly function: IFunction;
  readonly bucket: Bucket;
  readonly deadLetters: Queue;
}

/** One execution is one sweep. Deployed only with `"scale": "step-functions"`. */
export class SteppedSweeps extends Construct {
  readonly machine: StateMachine;
  readonly role: Role;

  constructor(scope: Construct, id: string, { configuration, function: sweeper, bucket, deadLetters }: SteppedSweepsProps) {
    super(scope, id);
    this.role = new Role(this, 'Role', {
      description: 'Of the state machine of ses-dkim-monitor.',
      assumedBy: new ServicePrincipal('states.amazonaws.com'),
      inlinePolicies: {
        run: new PolicyDocument({
          statements: stateMachinePermissions({
            functionArn: sweeper.functionArn,
            machineArn: ownArn('stateMachine', MONITOR_NAME),
            executionsArn: ownArn('execution', `${MONITOR_NAME}:*`),
            runObjects: bucket.arnForObjects(`${RUNS_PREFIX}*`),
          }),
        }),
      },
    });
    const definition = stateMachineDefinition({ functionArn: sweeper.functionArn, partition: Aws.PARTITION });
    this.machine = new StateMachine(this, 'Machine', {
      // Fixed, so that its role can name it: a Distributed Map starts executions of its own machine.
      stateMachineName: MONITOR_NAME,
      stateMachineType: StateMachineType.STANDARD,
      definitionBody: DefinitionBody.fromString(Stack.of(this).toJsonString(definition)),
      role: this.role.withoutPolicyUpdates(),
    });
    new Rule(this, 'Schedule', {
      description: 'Starts the sweeps of ses-dkim-monitor.',
      schedule: Schedule.expression(configuration.schedule.expression),
      targets: [new SfnStateMachine(this.machine, { deadLetterQueue: deadLetters })],
    });
    // The last step frees the lease. Where it did not come to that, the next run would wait for the lease to end by itself.
    new Rule(this, 'EndedEarly', {
      description: 'Frees the lease of a run that ended without its last step.',
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { stateMachineArn: [this.machine.stateMachineArn], status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
      },
      targets: [
        new LambdaFunction(sweeper, {
          event: RuleTargetInput.fromObject({ step: 'release', run: EventField.fromPath('$.detail.name') }),
          deadLetterQueue: deadLetters,
        }),
      ],
    });
    acknowledgeStateMachineRules({ machine: this.machine, role: this.role, bucket });
  }
}

const ownArn = (kind: string, name: string): string => `arn:${Aws.PARTITION}:states:${Aws.REGION}:${Aws.ACCOUNT_ID}:${kind}:${name}`;
