// Words for the memory, the topics and the bus.
import { type Entries, shellWord, shown } from './entry.ts';

const regionOf = (arn: string): string => shellWord(arn.split(':')[3] ?? '', 'REGION');
const topicWord = (arn: string): string => shellWord(arn, 'TOPIC_ARN');
const bucketWord = (bucket: string): string => shellWord(bucket, 'BUCKET');

const LIST = 'sns:ListSubscriptionsByTopic';
const listSubscriptions = (arn: string): string =>
  `aws sns list-subscriptions-by-topic --region ${regionOf(arn)} --topic-arn ${topicWord(arn)}`;
const testAlert = (arn: string): string => `npx dkim-monitor test-alert --topic ${topicWord(arn)}`;

const MOST_NAMED = 5;
const named = (addresses: readonly string[]): string => {
  const more = addresses.length - MOST_NAMED;
  return `${addresses.slice(0, MOST_NAMED).map(shown).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
};
const CONFIRM =
  'Follow the link "Confirm subscription" in the mail that AWS sent to each of them. After three days the link is dead: then deploy again, or subscribe the address again.';

const everyMinutes = (minutes: number): string => (minutes === 1 ? 'every minute' : `every ${minutes} minutes`);
const invoke = (functionName: string): string =>
  `aws lambda invoke --function-name ${shellWord(functionName, 'FUNCTION')} --invocation-type Event /dev/null`;

export const SURROUNDINGS: Entries<
  | 'bucket-missing'
  | 'bucket-foreign'
  | 'bucket-refused'
  | 'bucket-elsewhere'
  | 'object-denied'
  | 'store-trouble'
  | 'no-sweep-yet'
  | 'sweep-stale'
  | 'topic-missing'
  | 'topic-denied'
  | 'topic-of-others'
  | 'topic-trouble'
  | 'nobody-subscribed'
  | 'nobody-confirmed'
  | 'some-pending'
  | 'only-by-publishing'
  | 'bus-missing'
  | 'bus-denied'
  | 'bus-of-others'
  | 'bus-trouble'
> = {
  'bucket-missing': {
    outcome: 'fail',
    words: ({ bucket }) => ({
      title: `The memory bucket ${shown(bucket)} does not exist`,
      todo: 'Somebody deleted it. Delete the stack and deploy it again, or make a bucket of that name in the same account and region: the monitor begins anew.',
      commands: [`aws s3 mb s3://${bucketWord(bucket)}`],
    }),
  },
  'bucket-foreign': {
    outcome: 'fail',
    words: ({ bucket, home }) => ({
      title: `The memory bucket ${shown(bucket)} belongs to another account`,
      says: `It is there and open to the one who asks, and its owner is not ${shown(home)}. The monitor writes nothing into foreign buckets.`,
      todo: 'Name the bucket of the stack (its output MemoryBucketName) with --bucket; for the deployed function, deploy again.',
    }),
  },
  'bucket-refused': {
    outcome: 'fail',
    words: ({ bucket, home }) => ({
      title: `The memory bucket ${shown(bucket)} may not be looked at (s3:ListBucket)`,
      says: `Either s3:ListBucket on it is missing or denied by its policy, or it does not belong to account ${shown(home)}: S3 gives one answer for both.`,
      todo: 'Deploy again, which sets the policy of the function right. If it stays, compare the owner.',
      commands: [
        'npx cdk deploy',
        `aws s3api head-bucket --bucket ${bucketWord(bucket)} --expected-bucket-owner ${shellWord(home, 'ACCOUNT')}`,
      ],
    }),
  },
  'bucket-elsewhere': {
    outcome: 'fail',
    words: ({ bucket }) => ({
      title: `The memory bucket ${shown(bucket)} is in another region`,
      todo: 'Set AWS_REGION to the region that the monitor is deployed to.',
      commands: [`aws s3api get-bucket-location --bucket ${bucketWord(bucket)}`],
    }),
  },
  'object-denied': {
    outcome: 'fail',
    words: ({ action, bucket }) => ({
      title: `${action} is denied in the memory bucket`,
      says: `The permission ${action} on the objects of ${shown(bucket)} is missing, or the policy of the bucket denies it.`,
      todo: 'Deploy again, which sets both policies right. Where these are your own rights, allow it to yourself.',
      commands: ['npx cdk deploy'],
    }),
  },
  'store-trouble': {
    outcome: 'unknown',
    words: () => ({ title: 'S3 could not be asked', todo: 'What it answered stands above. Try again in a minute.' }),
  },
  'no-sweep-yet': {
    outcome: 'warn',
    words: ({ minutes, functionName }) => ({
      title: 'No sweep has ended yet',
      todo: `After a first deployment that is no trouble: one begins ${everyMinutes(minutes)}. If it stays, start one by hand and look into the log (docs/runbook.md, "ses-dkim-monitor-did-not-run").`,
      commands: [invoke(functionName)],
    }),
  },
  'sweep-stale': {
    outcome: 'fail',
    words: ({ ago, minutes, functionName }) => ({
      title: `The last sweep ended ${ago} ago`,
      says: `The schedule asks for one ${everyMinutes(minutes)}.`,
      todo: 'See that the rule is switched on and the function does not fail (docs/runbook.md, "ses-dkim-monitor-did-not-run"), or start one by hand.',
      commands: [
        `aws events list-rule-names-by-target --target-arn "$(aws lambda get-function-configuration --function-name ${shellWord(functionName, 'FUNCTION')} --query FunctionArn --output text)"`,
        invoke(functionName),
      ],
    }),
  },
  'topic-missing': {
    outcome: 'fail',
    words: ({ topicArn, ours }) => ({
      title: `The topic ${shown(topicArn)} does not exist`,
      todo: ours
        ? 'Deploy again; if somebody deleted it by hand, delete the stack first: its bucket stays.'
        : 'Correct its "topicArn" in monitor.config.json, or make it, and deploy again.',
      commands: ['npx cdk deploy'],
    }),
  },
  'topic-denied': {
    outcome: 'fail',
    words: ({ topicArn }) => ({
      title: `${LIST} is denied`,
      says: `The permission ${LIST} on ${shown(topicArn)} is missing, or the policy of the topic denies it. While it is, the monitor cannot see whether anybody listens.`,
      todo: 'Deploy again. Where these are your own rights, allow it to yourself.',
      commands: ['npx cdk deploy'],
    }),
  },
  'topic-of-others': {
    outcome: 'warn',
    words: ({ topicArn }) => ({
      title: `The topic ${shown(topicArn)} is another account's, and does not say who listens`,
      todo: `Ask its owner to allow ${LIST}, or send a test to it.`,
      commands: [testAlert(topicArn)],
    }),
  },
  'topic-trouble': {
    outcome: 'unknown',
    words: ({ topicArn }) => ({
      title: `SNS could not be asked about ${shown(topicArn)}`,
      todo: 'What it answered stands above. Try again in a minute.',
    }),
  },
  'nobody-subscribed': {
    outcome: 'fail',
    words: ({ topicArn }) => ({
      title: `Nobody is subscribed to ${shown(topicArn)}`,
      says: 'Alerts would be told to nobody.',
      todo: 'Put addresses or chat channels into "alerts" in monitor.config.json and deploy again, or subscribe somebody.',
      commands: [
        'npx cdk deploy',
        `aws sns subscribe --region ${regionOf(topicArn)} --topic-arn ${topicWord(topicArn)} --protocol email --notification-endpoint ADDRESS`,
      ],
    }),
  },
  'nobody-confirmed': {
    outcome: 'fail',
    words: ({ topicArn, pending }) => ({
      title: `No subscription of ${shown(topicArn)} is confirmed`,
      says: `Alerts are told to nobody. Waiting to be confirmed: ${named(pending)}.`,
      todo: CONFIRM,
      commands: [listSubscriptions(topicArn)],
    }),
  },
  'some-pending': {
    outcome: 'warn',
    words: ({ topicArn, confirmed, pending }) => ({
      title: `${pending.length === 1 ? 'A subscription' : `${pending.length} subscriptions`} of ${shown(topicArn)} ${pending.length === 1 ? 'waits' : 'wait'} to be confirmed`,
      says: `${named(pending)} ${pending.length === 1 ? 'gets' : 'get'} nothing until then; ${confirmed} ${confirmed === 1 ? 'is' : 'are'} confirmed.`,
      todo: CONFIRM,
      commands: [listSubscriptions(topicArn)],
    }),
  },
  'only-by-publishing': {
    outcome: 'skipped',
    words: ({ topicArn }) => ({
      title: 'whether it may be published to (sns:Publish) shows only by publishing:',
      commands: [testAlert(topicArn)],
    }),
  },
  'bus-missing': {
    outcome: 'fail',
    words: ({ bus }) => ({
      title: `The event bus ${shown(bus)} does not exist`,
      todo: 'Correct "alerts.eventBus" in monitor.config.json and deploy again, or make the bus.',
      commands: [
        `aws events create-event-bus --region ${regionOf(bus)} --name ${shellWord(bus.split('/').at(-1) ?? '', 'NAME')}`,
        'npx cdk deploy',
      ],
    }),
  },
  'bus-denied': {
    outcome: 'fail',
    words: ({ bus }) => ({
      title: 'events:DescribeEventBus is denied',
      says: `The permission events:DescribeEventBus on the bus ${shown(bus)} is missing.`,
      todo: 'Deploy again. Where these are your own rights, allow it to yourself.',
      commands: ['npx cdk deploy'],
    }),
  },
  'bus-of-others': {
    outcome: 'warn',
    words: ({ bus }) => ({
      title: `The event bus ${shown(bus)} is another account's, and may not be looked at`,
      todo: 'Only an event shows whether events:PutEvents on it is allowed: its owner sees them arrive, and the alarm ses-dkim-monitor-not-delivered rings if they do not.',
    }),
  },
  'bus-trouble': {
    outcome: 'unknown',
    words: ({ bus }) => ({
      title: `EventBridge could not be asked about the bus ${shown(bus)}`,
      todo: 'What it answered stands above. Try again in a minute.',
    }),
  },
};
