// The function that sweeps, its schedule, its log, and where events end that could not be handled.
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { Architecture, Function as Lambda, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import {
  CONFIG_FILE_IN_BUNDLE,
  ENVIRONMENT,
  FUNCTION_MEMORY_MIB,
  FUNCTION_NAME,
  FUNCTION_TIMEOUT_SECONDS,
  STEPS_MEMORY_MIB,
} from '../lambda/settings.ts';
import { startEarly, triggerQueue } from './early-triggers.ts';
import type { Exits } from './exit-topics.ts';
import { MONITOR_NAME, type MonitorProps } from './props.ts';
import { SteppedSweeps } from './stepped-sweeps.ts';
import { HANDLER, sweeperCode } from './sweeper-bundle.ts';
import { sweeperRole } from './sweeper-role.ts';

/**
 * Young objects get 3 × 16 MiB: let alone, Node 24 takes up to 3 × 64 before it clears away, most of what a large sweep peaks at (docs/performance.md). Lambda's start of Node sets
 * limits of its own from the function's memory, but none where one of the two is set here; so the other one, nine tenths of the memory, is said as well.
 */
const nodeOptions = (memoryMib: number): string => `--max-semi-space-size=16 --max-old-space-size=${Math.floor(memoryMib * 0.9)}`;

export interface SweeperProps extends Pick<MonitorProps, 'configuration' | 'configurationText'> {
  readonly bucket: Bucket;
  readonly topic: ITopic;
  readonly exits: Exits;
}

/** One invocation is one sweep, or one step of it where Step Functions runs it. That two never overlap is the business of a lease in memory: reserved concurrency is refused in accounts with a limit of 10. */
export class Sweeper extends Construct {
  readonly function: Lambda;
  readonly logGroup: LogGroup;
  readonly deadLetters: Queue;
  readonly role: Role;
  /** Present where Step Functions runs the sweeps. */
  readonly steps?: SteppedSweeps;

  constructor(scope: Construct, id: string, { configuration, configurationText, bucket, topic, exits }: SweeperProps) {
    super(scope, id);
    this.logGroup = new LogGroup(this, 'Log', {
      logGroupName: `/${MONITOR_NAME}/sweeps`,
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // Nothing is replayed from here: an event only says "sweep". The letters stay as long as SQS keeps any, for whoever looks why.
    this.deadLetters = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    const early = triggerQueue(this, configuration.triggers, this.deadLetters);
    this.role = sweeperRole(this, {
      configuration,
      home: Stack.of(this).account,
      bucket,
      topic,
      exits,
      logGroup: this.logGroup,
      deadLetters: this.deadLetters,
      early,
    });
    const memorySize = configuration.scale === 'step-functions' ? STEPS_MEMORY_MIB : FUNCTION_MEMORY_MIB;
    // An event older than the pause between two sweeps is of no use: the next one asks for the same.
    const maxEventAge = Duration.minutes(Math.min(configuration.schedule.minutes, 360));
    this.function = new Lambda(this, 'Function', {
      functionName: FUNCTION_NAME,
      description: 'Compares the DKIM records that Amazon SES expects with what DNS says, and tells people once.',
      architecture: Architecture.ARM_64,
      runtime: Runtime.NODEJS_24_X,
      handler: HANDLER,
      code: sweeperCode(configurationText),
      timeout: Duration.seconds(FUNCTION_TIMEOUT_SECONDS),
      memorySize,
      role: this.role.withoutPolicyUpdates(),
      logGroup: this.logGroup,
      loggingFormat: LoggingFormat.JSON,
      deadLetterQueue: this.deadLetters,
      environment: {
        [ENVIRONMENT.bucket]: bucket.bucketName,
        [ENVIRONMENT.topicArn]: topic.topicArn,
        [ENVIRONMENT.configFile]: CONFIG_FILE_IN_BUNDLE,
        NODE_OPTIONS: nodeOptions(memorySize),
      },
      maxEventAge,
      // The next sweep is the retry: it does all that a failed one should have done.
      retryAttempts: 0,
    });
    if (configuration.scale === 'step-functions')
      this.steps = new SteppedSweeps(this, 'Steps', { configuration, function: this.function, bucket, deadLetters: this.deadLetters });
    else
      new Rule(this, 'Schedule', {
        description: 'Starts the sweeps of ses-dkim-monitor.',
        schedule: Schedule.expression(configuration.schedule.expression),
        targets: [new LambdaFunction(this.function, { maxEventAge, deadLetterQueue: this.deadLetters })],
      });
    if (early !== undefined) startEarly(this, { queue: early, function: this.function, configuration });
  }
}
