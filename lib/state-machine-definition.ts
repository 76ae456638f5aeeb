// The run of a very large estate, in the Amazon States Language: plan, all pieces side by side, conclude. A value, so that tests can walk it.
import { RUN_TIMEOUT_SECONDS, STEPS_CUT } from '../lambda/settings.ts';

/** What is known only where it is deployed. */
export interface Places {
  readonly functionArn: string;
  /** `aws`, `aws-us-gov`, …: part of the names of service integrations too. */
  readonly partition: string;
}

/** The function's own time limit is shorter: this ends a task whose answer was lost. */
const TASK_SECONDS = 930;

/** Errors of the Lambda service, not of the step: the same invocation may work a moment later. Source: AWS Step Functions Developer Guide, "Handle transient Lambda service exceptions". */
const TRANSIENT = [
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.TooManyRequestsException',
];

const AGAIN_IF_TRANSIENT = {
  ErrorEquals: TRANSIENT,
  IntervalSeconds: 2,
  BackoffRate: 2,
  MaxAttempts: 6,
  MaxDelaySeconds: 60,
  JitterStrategy: 'FULL',
};
/** A piece that ran out of time would do so again, at the cost of all who wait for it. */
const NOT_IF_LATE = { ErrorEquals: ['Sandbox.Timedout', 'States.Timeout', 'States.HeartbeatTimeout'], MaxAttempts: 0 };
const ONCE_MORE = {
  ErrorEquals: ['States.ALL'],
  IntervalSeconds: 5,
  BackoffRate: 2,
  MaxAttempts: 2,
  MaxDelaySeconds: 60,
  JitterStrategy: 'FULL',
};
/** What failed leaves no report, and the last step makes a gap of that: it never fails the run. */
const LEAVE_TO_CONCLUDE = { ErrorEquals: ['States.ALL'], ResultPath: null };

/** The state machine. Its input means nothing. */
export function stateMachineDefinition({ functionArn, partition }: Places) {
  const invoke = (payload: Readonly<Record<string, unknown>>) => ({
    Type: 'Task',
    Resource: `arn:${partition}:states:::lambda:invoke`,
    Parameters: { FunctionName: functionArn, Payload: payload },
    TimeoutSeconds: TASK_SECONDS,
  });
  const pieceOf = { 'run.$': '$.run', 'item.$': '$.item' };
  /** The outputs of all children together must stay below 256 KiB: each gives back nothing, for its report is in the bucket. */
  const done = { OutputPath: null, End: true };
  const failed = { Type: 'Pass', Comment: 'It wrote no report: the last step tells of a gap.', ...done };

  return {
    Comment: 'ses-dkim-monitor: one sweep of a very large estate.',
    TimeoutSeconds: RUN_TIMEOUT_SECONDS,
    StartAt: 'Plan',
    States: {
      Plan: {
        ...invoke({ step: 'plan', 'run.$': '$$.Execution.Name' }),
        OutputPath: '$.Payload',
        Retry: [AGAIN_IF_TRANSIENT],
        Next: 'Is the last run over?',
      },
      'Is the last run over?': {
        Type: 'Choice',
        Choices: [{ Variable: '$.outcome', StringEquals: 'planned', Next: 'All pieces' }],
        Default: 'Held',
      },
      Held: { Type: 'Succeed', Comment: 'The last run is still under way: nothing was done.' },
      'All pieces': {
        Type: 'Map',
        MaxConcurrency: STEPS_CUT.itemsAtOnce,
        ToleratedFailurePercentage: 100,
        ItemReader: {
          Resource: `arn:${partition}:states:::s3:getObject`,
          ReaderConfig: { InputType: 'JSON' },
          Parameters: { 'Bucket.$': '$.bucket', 'Key.$': '$.key' },
        },
        ItemSelector: { 'run.$': '$.run', 'item.$': '$$.Map.Item.Value' },
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
          StartAt: 'Is it large?',
          States: {
            'Is it large?': {
              Type: 'Choice',
              Choices: [{ Variable: '$.item.kind', StringEquals: 'large', Next: 'Read its inventory' }],
              Default: 'Sweep its targets',
            },
            'Sweep its targets': {
              ...invoke({ step: 'target', ...pieceOf }),
              Retry: [NOT_IF_LATE, AGAIN_IF_TRANSIENT, ONCE_MORE],
              Catch: [{ ...LEAVE_TO_CONCLUDE, Next: 'Failed' }],
              ...done,
            },
            'Read its inventory': {
              ...invoke({ step: 'inventory', ...pieceOf }),
              ResultPath: null,
              Retry: [NOT_IF_LATE, AGAIN_IF_TRANSIENT, ONCE_MORE],
              Catch: [{ ...LEAVE_TO_CONCLUDE, Next: 'Failed' }],
              Next: 'All parts',
            },
            'All parts': {
              Type: 'Map',
              MaxConcurrency: STEPS_CUT.partsAtOnce,
              ItemsPath: '$.item.parts',
              ItemSelector: { ...pieceOf, 'part.$': '$$.Map.Item.Value' },
              ItemProcessor: {
                ProcessorConfig: { Mode: 'INLINE' },
                StartAt: 'Sweep one part',
                States: {
                  'Sweep one part': {
                    ...invoke({ step: 'part', ...pieceOf, 'part.$': '$.part' }),
                    Retry: [NOT_IF_LATE, AGAIN_IF_TRANSIENT, ONCE_MORE],
                    Catch: [{ ...LEAVE_TO_CONCLUDE, Next: 'Part failed' }],
                    ...done,
                  },
                  'Part failed': failed,
                },
              },
              ...done,
            },
            Failed: failed,
          },
        },
        ResultPath: null,
        // Whatever became of the pieces, what they left is concluded.
        Catch: [{ ...LEAVE_TO_CONCLUDE, Next: 'Conclude' }],
        Next: 'Conclude',
      },
      Conclude: {
        ...invoke({ step: 'conclude', 'run.$': '$.run' }),
        OutputPath: '$.Payload',
        // Not of its own errors: it fails where something must be looked at, having told all that it could.
        Retry: [AGAIN_IF_TRANSIENT],
        End: true,
      },
    },
  };
}
