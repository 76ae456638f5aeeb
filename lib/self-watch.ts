// Who watches the watcher: alarms about the monitor itself, to a topic of their own.
import { Aws } from 'aws-cdk-lib';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { ALARM_NAMES, type AlarmKey, alarmConditions, STEPS_ALARM_NAMES, type Watched } from './alarms.ts';
import { subscribeByEmail } from './alert-topic.ts';

export interface SelfWatchProps extends Watched {
  /** Addresses that are told of alarms. */
  readonly email: readonly string[];
}

/** A topic apart from the alerts': an alert topic that fails cannot announce its own failure. */
export class SelfWatch extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, props: SelfWatchProps) {
    super(scope, id);
    this.topic = operationsTopic(this);
    subscribeByEmail(this.topic, props.email);
    const action = new SnsAction(this.topic);
    for (const [key, { meaning, ...condition }] of Object.entries(alarmConditions(props))) {
      const alarmName = { ...ALARM_NAMES, ...STEPS_ALARM_NAMES }[key as AlarmKey];
      const alarm = new Alarm(this, key, {
        ...condition,
        alarmName,
        alarmDescription: `${meaning} What to do: docs/runbook.md, ${alarmName}.`,
      });
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
    }
  }
}

function operationsTopic(scope: Construct): Topic {
  // No KMS key: alarms cannot publish to a topic under the key that AWS manages (alias/aws/sns).
  const topic = new Topic(scope, 'Topic', { displayName: 'DKIM monitor itself', enforceSSL: true });
  // enforceSSL replaces the default policy, which is what lets alarms of the same account publish: it must be said again.
  topic.addToResourcePolicy(
    new PolicyStatement({
      sid: 'AlarmsOfThisAccountPublish',
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
    }),
  );
  return topic;
}
