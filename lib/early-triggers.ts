// Events that start early checks: rules, a queue that gathers them, and the function at its end; from other accounts by a bus of their own.
import { Duration } from 'aws-cdk-lib';
import { EventBus, type IEventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { AccountPrincipal, AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Configuration } from '../lambda/configuration.ts';
import { EVENT_BUS_NAME, FUNCTION_TIMEOUT_SECONDS } from '../lambda/settings.ts';
import { triggerRules } from './trigger-patterns.ts';

type Triggers = Configuration['triggers'];

/** How a burst becomes a few checks: so many seconds it is gathered, up to so many events at a time. */
export const GATHERING = { seconds: 60, events: 1000 } as const;

/** The queue, or undefined if nothing is to be listened to. What fails three times is put aside with the other dead letters. */
export function triggerQueue(scope: Construct, triggers: Triggers, deadLetters: Queue): Queue | undefined {
  if (triggerRules(triggers).length === 0) return undefined;
  return new Queue(scope, 'EarlyEvents', {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    // Six times the function's time limit, as AWS advises (Lambda Developer Guide, "Configuring a queue to use with Lambda"). A batch that met a long sweep comes
    // back only then; sweeps have done its work long before, and the next inventory reads who is new.
    visibilityTimeout: Duration.seconds(6 * FUNCTION_TIMEOUT_SECONDS),
    retentionPeriod: Duration.days(1),
    deadLetterQueue: { queue: deadLetters, maxReceiveCount: 3 },
  });
}

export interface EarlyProps {
  readonly queue: Queue;
  readonly function: Lambda;
  readonly configuration: Pick<Configuration, 'triggers' | 'accounts'>;
}

/** Rules → queue → function. Two batches at most are worked on at a time, the least that Lambda takes; the lease lets one of them look. */
export function startEarly(scope: Construct, { queue, function: fn, configuration }: EarlyProps): void {
  fn.addEventSource(
    new SqsEventSource(queue, {
      batchSize: GATHERING.events,
      maxBatchingWindow: Duration.seconds(GATHERING.seconds),
      maxConcurrency: 2,
      reportBatchItemFailures: true,
    }),
  );
  const bus = forwardedEvents(scope, configuration);
  for (const { id, description, pattern } of triggerRules(configuration.triggers)) {
    const rule = { description, eventPattern: pattern, targets: [new SqsQueue(queue)] };
    new Rule(scope, `On${id}`, rule);
    // The cast is for an optional property that the library types less strictly than this project.
    if (bus !== undefined) new Rule(scope, `OnForwarded${id}`, { ...rule, eventBus: bus as IEventBus });
  }
}

/** The bus that other accounts and regions forward to, if any may. A bus of its own: the default one of the account stays closed to others. */
function forwardedEvents(scope: Construct, { triggers, accounts }: EarlyProps['configuration']): EventBus | undefined {
  const { fromOrganization, fromAccounts } = triggers;
  if (fromOrganization === undefined && !fromAccounts) return undefined;
  const bus = new EventBus(scope, 'ForwardedEvents', { eventBusName: EVENT_BUS_NAME });
  const put = { actions: ['events:PutEvents'], resources: [bus.eventBusArn] };
  if (fromOrganization !== undefined)
    bus.addToResourcePolicy(
      new PolicyStatement({
        ...put,
        sid: 'TheOrganizationForwards',
        principals: [new AnyPrincipal()],
        conditions: { StringEquals: { 'aws:PrincipalOrgID': fromOrganization } },
      }),
    );
  if (fromAccounts && accounts.length > 0)
    bus.addToResourcePolicy(
      new PolicyStatement({ ...put, sid: 'WatchedAccountsForward', principals: accounts.map(({ id }) => new AccountPrincipal(id)) }),
    );
  return bus;
}
