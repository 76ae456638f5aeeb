// `dkim-monitor test-alert`: a marked message by the way of the alerts, and what each subscription makes of it.
import { randomBytes } from 'node:crypto';
import { Command, Option } from 'commander';
import { snsPayload } from '../lambda/messages/limits.ts';
import { maskedEndpoint, subscriptionsPage } from '../lambda/messages/subscriptions-page.ts';
import { testMessage } from '../lambda/messages/test-message.ts';
import { COMMAND } from '../lambda/model/command.ts';
import type { Severity } from '../lambda/model/finding.ts';
import { visible } from '../lambda/model/safe-text.ts';
import { openSubscriptions, openTopic } from '../lambda/wiring.ts';
import { EXIT, UsageError } from './exit.ts';
import type { Terminal } from './terminal.ts';
import { checkTopic } from './topic.ts';

interface Flags {
  readonly topic?: string;
  readonly severity: Severity;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  ${COMMAND} test-alert --topic arn:aws:sns:us-east-1:111111111111:ses-dkim-monitor-alerts
  ${COMMAND} test-alert --topic arn:… --severity warning      who is told of warnings?
  ${COMMAND} test-alert --topic arn:… --json

The ARN is the output AlertTopicArn of the deployed stack; ExitTopics has those of alerts.critical and alerts.routes, OperationsTopicArn is for the
alarms of the monitor itself. Each topic is tested for itself: a test goes to the one that is named, and to no event bus. Everybody who is confirmed gets
the message, marked as a test. Its attributes are those of an alert of this severity, with event "test", kind and domain "none", identities 0.
Needed: sns:Publish and sns:ListSubscriptionsByTopic on the topic, sns:GetSubscriptionAttributes.
Exit codes: 0 somebody gets it · 1 nobody does · 2 it could not be sent, or who gets it not be read
`;

export function testAlertCommand(terminal: Terminal, done: (code: number) => void): Command {
  return new Command('test-alert')
    .description('Send a message that is marked as a test to an alert topic, and say which of its subscriptions get it.')
    .option('--topic <arn>', 'the topic')
    .addOption(
      new Option('--severity <severity>', 'what filter policies are to see').choices(['notice', 'warning', 'critical']).default('critical'),
    )
    .option('--json', 'print the result as JSON, and nothing else, on standard output')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: Flags) => done(await testAlert(flags, terminal)));
}

async function testAlert({ topic, severity, json }: Flags, terminal: Terminal): Promise<number> {
  if (topic === undefined)
    throw new UsageError(
      'Which topic? Give --topic with the output AlertTopicArn of the deployed stack:\n  aws cloudformation describe-stacks --stack-name ses-dkim-monitor --query "Stacks[0].Outputs"',
    );
  checkTopic('--topic', topic);
  const [, , , region = '', account = ''] = topic.split(':');
  const now = new Date().toISOString();
  const message = testMessage({ topicArn: topic, account, region, severity, id: randomBytes(6).toString('hex'), now });
  const published = await openTopic(topic).publish(message);
  const listed = await openSubscriptions(topic, snsPayload(message).MessageAttributes);
  if (published.kind === 'failed') terminal.err(`dkim-monitor: the test was not sent: ${visible(published.detail, 500)}\n`);
  if (listed.kind === 'unknown') terminal.err(`dkim-monitor: who gets it cannot be read: ${visible(listed.detail, 500)}\n`);
  const subscriptions = listed.kind === 'known' ? listed.subscriptions : [];
  if (json === true) {
    const masked = subscriptions.map((one) => ({ ...one, endpoint: maskedEndpoint(one.protocol, one.endpoint) }));
    const result = { schema: 1, topic, sent: published.kind === 'sent', messageId: message.messageId, severity, subscriptions: masked };
    terminal.out(`${JSON.stringify(result, undefined, 2)}\n`);
  } else {
    if (published.kind === 'sent') terminal.out(`Sent to ${topic}: ${message.messageId}\n`);
    if (listed.kind === 'known') terminal.out(subscriptionsPage(subscriptions, listed.cut, terminal.width));
  }
  if (published.kind === 'failed' || listed.kind === 'unknown') return EXIT.blind;
  const reached = subscriptions.map(({ delivery }) => delivery.kind);
  if (reached.includes('gets-it')) return EXIT.fine;
  // Where nobody surely gets it, but somebody may, it is not known.
  return listed.cut || reached.some((kind) => kind === 'has-filter' || kind === 'unread') ? EXIT.blind : EXIT.trouble;
}
