// The monitor as one CloudFormation stack.
import { Annotations, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { MEMBER_ROLE_NAME } from '../lambda/settings.ts';
import { acknowledgeRules } from './acknowledged-rules.ts';
import { AlertTopic } from './alert-topic.ts';
import { dashboard } from './dashboard.ts';
import { memberStackSet } from './member-stack-set.ts';
import { memoryBucket } from './memory-bucket.ts';
import { outputs } from './outputs.ts';
import type { MonitorProps } from './props.ts';
import { savedQueries } from './saved-queries.ts';
import { SelfWatch } from './self-watch.ts';
import { Sweeper } from './sweeper.ts';

/** One function and its small surroundings. Its names are fixed: one monitor an account, which reads all regions and other accounts from there. */
export class MonitorStack extends Stack {
  constructor(scope: Construct, name: string, { configuration, configurationText, remarks, ...stackProps }: MonitorProps) {
    super(scope, name, { description: 'ses-dkim-monitor: watches the DKIM records of Amazon SES identities.', ...stackProps });
    for (const { id, text } of remarks) Annotations.of(this).addWarningV2(`ses-dkim-monitor:${id}`, text);
    const bucket = memoryBucket(this, { runs: configuration.scale === 'step-functions' });
    const { topic, exits } = new AlertTopic(this, 'Alerts', configuration.alerts);
    const sweeper = new Sweeper(this, 'Sweeper', { configuration, configurationText, bucket, topic, exits });
    const selfWatch = new SelfWatch(this, 'SelfWatch', {
      function: sweeper.function,
      deadLetters: sweeper.deadLetters,
      alertTopics: [topic, ...exits.deployed.map((exit) => exit.topic)],
      scheduleMinutes: configuration.schedule.minutes,
      ...(sweeper.steps === undefined ? {} : { machine: sweeper.steps.machine }),
      email: configuration.operations.email,
    });
    memberStackSet(this, configuration.organization);
    savedQueries(this, sweeper.logGroup);
    if (configuration.operations.dashboard)
      dashboard(this, {
        function: sweeper.function,
        deadLetters: sweeper.deadLetters,
        logGroup: sweeper.logGroup,
        bucket,
        scheduleMinutes: configuration.schedule.minutes,
        steps: sweeper.steps !== undefined,
      });
    outputs(this, { configuration, bucket, alertTopic: topic, exits, operationsTopic: selfWatch.topic, sweeper });
    const { organization } = configuration;
    const everywhere = organization === undefined ? {} : { organizationRole: organization.roleName ?? MEMBER_ROLE_NAME };
    acknowledgeRules({ bucket, role: sweeper.role, ...everywhere });
  }
}
