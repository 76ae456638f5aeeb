// What subscribers really get, by parts that are not ours: moto's SNS filters by the message's attributes, moto's EventBridge by its rules.
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { eventBus } from '../../lambda/channel/event-bus.ts';
import { snsChannel } from '../../lambda/channel/sns-channel.ts';
import { eventEntries } from '../../lambda/messages/event.ts';
import { snsPayload } from '../../lambda/messages/limits.ts';
import { renderTelling } from '../../lambda/messages/render.ts';
import type { Alert, AlertEvent } from '../../lambda/model/alert.ts';
import type { Message } from '../../lambda/model/message.ts';
import { finding } from '../alerts/build.ts';
import { alert, NOW, subject } from '../messages/build.ts';
import { type Moto, startMoto } from './moto.ts';

const ACCOUNT = '123456789012';
const REGION = 'us-east-1';

let moto: Moto;
let sns: SNSClient;
let events: EventBridgeClient;
let queues = 0;

beforeAll(async () => {
  moto = await startMoto();
  const options = { endpoint: moto.endpoint, region: REGION, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
  sns = new SNSClient(options);
  events = new EventBridgeClient(options);
}, 60_000);
afterAll(() => {
  sns?.destroy();
  events?.destroy();
  moto?.close();
});

/** A call of SQS: too few to need its client. */
async function sqs(action: string, body: object): Promise<Readonly<Record<string, unknown>>> {
  const headers = {
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': `AmazonSQS.${action}`,
    authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/${REGION}/sqs/aws4_request, SignedHeaders=host, Signature=x`,
  };
  const answer = await fetch(`${moto.endpoint}/`, { method: 'POST', headers, body: JSON.stringify(body) });
  return (await answer.json()) as Record<string, unknown>;
}

async function newQueue(): Promise<{ readonly arn: string; readonly read: () => Promise<readonly string[]> }> {
  queues += 1;
  const name = `queue-${queues}`;
  const { QueueUrl } = await sqs('CreateQueue', { QueueName: name });
  return {
    arn: `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`,
    read: async () => {
      const bodies: string[] = [];
      for (;;) {
        const { Messages = [] } = (await sqs('ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 600 })) as {
          readonly Messages?: readonly { readonly Body: string }[];
        };
        if (Messages.length === 0) return bodies;
        bodies.push(...Messages.map(({ Body }) => Body));
      }
    },
  };
}

const about = (identity: string, more: Partial<Alert> = {}, at: Parameters<typeof subject>[1] = {}): Alert =>
  alert({ id: identity, key: identity, affected: [{ subject: subject(identity, at), findings: [finding()] }], ...more });
const message = (given: Alert, event: AlertEvent = 'opened'): Message =>
  renderTelling({ kind: 'alert', event, reason: 'new', alert: given, messageId: `m-${given.id}-${event}` }, NOW);

const crowd = (n: number, id: string): Alert =>
  about(id, {
    affected: [...Array(n).keys()].map((i) => ({ subject: subject(`c${i}.${id}`), findings: [finding()] })),
  });

const MESSAGES: Readonly<Record<string, Message>> = {
  critical: message(about('shop.example')),
  warning: message(about('news.example', { severity: 'warning', kinds: ['key-weak'] })),
  recovered: message(about('shop.example'), 'recovered'),
  'elsewhere, two kinds': message(
    about('mail.example', { kinds: ['record-missing', 'signing-disabled'] }, { account: '222222222222', region: 'eu-west-1' }),
  ),
  'two regions': message(
    alert({
      id: 'two',
      affected: ['eu-west-1', 'eu-north-1'].map((region) => ({ subject: subject('two.example', { region }), findings: [finding()] })),
    }),
  ),
  '40 domains': message(crowd(40, 'forty.example')),
  '3,000 domains': message(crowd(3000, 'crowd.example')),
};

const POLICIES: readonly (readonly [string, object, readonly string[]])[] = [
  ['what is critical', { severity: ['critical'] }, Object.keys(MESSAGES).filter((name) => name !== 'warning')],
  ['what began', { event: ['opened', 'reopened'], severity: ['warning'] }, ['warning']],
  ['how it ended', { event: ['recovered', 'expired'] }, ['recovered']],
  ['the second kind of two', { kind: ['signing-disabled'] }, ['elsewhere, two kinds']],
  ['one account', { account: ['222222222222'] }, ['elsewhere, two kinds']],
  ['one region, also of two', { region: ['eu-north-1'] }, ['two regions']],
  ['all but one region', { region: [{ 'anything-but': ['us-east-1'] }], account: ['222222222222'] }, ['elsewhere, two kinds']],
  ['one domain', { domain: ['shop.example'] }, ['critical', 'recovered']],
  ['one domain of 40', { domain: ['c39.forty.example'] }, ['40 domains']],
  ['one domain, or more than a message has room for', { domain: ['c2999.crowd.example', '*'] }, ['3,000 domains']],
  ['domains by their beginning', { domain: [{ prefix: 'news.' }] }, ['warning']],
  ['many at once', { identities: [{ numeric: ['>=', 40] }] }, ['40 domains', '3,000 domains']],
  ['one message', { messageId: [MESSAGES.warning?.messageId] }, ['warning']],
];

test('filter policies on every attribute let through what they name, with raw delivery too', async () => {
  const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'alerts' }));
  const subscribed = [];
  for (const [name, policy, expected] of POLICIES) {
    const queue = await newQueue();
    const Attributes = { FilterPolicy: JSON.stringify(policy), RawMessageDelivery: 'true' };
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: queue.arn, Attributes }));
    subscribed.push({ name, expected, queue });
  }
  const channel = snsChannel({ client: sns, topicArn: TopicArn, payload: snsPayload });
  for (const given of Object.values(MESSAGES)) expect(await channel.publish(given)).toMatchObject({ kind: 'sent' });
  const nameOf = new Map(Object.entries(MESSAGES).map(([name, { messageId }]) => [messageId, name]));
  for (const { name, expected, queue } of subscribed) {
    const got = (await queue.read()).map((body) => nameOf.get((JSON.parse(body) as { messageId: string }).messageId));
    expect({ name, got: got.sort() }).toEqual({ name, got: [...expected].sort() });
  }
}, 60_000);

const RULES: readonly (readonly [string, object, readonly string[]])[] = [
  ['everything of the monitor', { source: ['ses-dkim-monitor'] }, Object.keys(MESSAGES)],
  [
    'what became critical',
    { source: ['ses-dkim-monitor'], 'detail-type': ['DKIM Alert Opened'], detail: { severity: ['critical'] } },
    Object.keys(MESSAGES).filter((name) => name !== 'warning' && name !== 'recovered'),
  ],
  ['what recovered', { 'detail-type': ['DKIM Alert Recovered'] }, ['recovered']],
  ['a kind', { detail: { kinds: ['signing-disabled'] } }, ['elsewhere, two kinds']],
];

test('events reach the targets of rules, with the alert as their detail', async () => {
  const rules = [];
  for (const [i, [name, pattern, expected]] of RULES.entries()) {
    const queue = await newQueue();
    await events.send(new PutRuleCommand({ Name: `rule-${i}`, EventPattern: JSON.stringify(pattern) }));
    await events.send(new PutTargetsCommand({ Rule: `rule-${i}`, Targets: [{ Id: 'queue', Arn: queue.arn }] }));
    rules.push({ name, expected, queue });
  }
  const bus = eventBus({ id: 'event-bus', client: events, bus: 'default', entries: eventEntries });
  for (const given of Object.values(MESSAGES)) expect(await bus.publish(given)).toMatchObject({ kind: 'sent' });
  const nameOf = new Map(Object.entries(MESSAGES).map(([name, { messageId }]) => [messageId, name]));
  for (const { name, expected, queue } of rules) {
    const got = (await queue.read()).map((body) => JSON.parse(body) as { detail: { schema: number; messageId: string } });
    expect(got.every(({ detail }) => detail.schema === 1)).toBe(true);
    expect({ name, got: got.map(({ detail }) => nameOf.get(detail.messageId)).sort() }).toEqual({ name, got: [...expected].sort() });
  }
}, 60_000);

test('moto had no error of its own', () => {
  expect(moto.errors()).toEqual([]);
});
