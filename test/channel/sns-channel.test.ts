// Publishing and counting listeners, against the sandbox's SNS.
import { SNSClient } from '@aws-sdk/client-sns';
import { type SnsPayload, snsChannel } from '../../lambda/channel/sns-channel.ts';
import type { Message } from '../../lambda/model/message.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';

const ACCOUNT = '111111111111';
const TOPIC = `arn:aws:sns:eu-west-1:${ACCOUNT}:alerts`;

const MESSAGE: Message = {
  messageId: 'm-1',
  alertId: 'a-1',
  event: 'opened',
  severity: 'critical',
  kinds: ['record-missing'],
  account: ACCOUNT,
  region: 'eu-west-1',
  subject: 'example.com: a DKIM record is missing',
  email: 'Put it back.',
  chat: '{"version":"1.0"}',
  json: '{"schema":1}',
};

const payload = (message: Message): SnsPayload => ({
  Message: JSON.stringify({ default: message.email, email: message.email, https: message.chat, sqs: message.json }),
  Subject: message.subject,
  MessageAttributes: { severity: { DataType: 'String', StringValue: message.severity } },
});

let sandbox: Sandbox;
let client: SNSClient;
beforeEach(async () => {
  const subscriptions = [
    { protocol: 'email', endpoint: 'dns@example.com', confirmed: true },
    { protocol: 'https', endpoint: 'https://chat.example.com', confirmed: true },
    { protocol: 'email', endpoint: 'late@example.com', confirmed: false },
  ] as const;
  sandbox = await startSandbox({
    aws: { [ACCOUNT]: { topics: [{ name: 'alerts', region: 'eu-west-1', subscriptions }] } },
    dns: { zones: {} },
  });
  client = new SNSClient({ endpoint: sandbox.endpoint, region: 'eu-west-1', credentials: sandbox.credentials(ACCOUNT), maxAttempts: 1 });
});
afterEach(async () => {
  client.destroy();
  await sandbox.close();
});

const open = (topicArn = TOPIC, make = payload) => snsChannel({ client, topicArn, payload: make, timeoutMs: 300 });

test('each subscriber gets the body of its protocol, with subject and attributes', async () => {
  const sent = await open().publish(MESSAGE);
  expect(sent).toEqual({ kind: 'sent', channelId: sandbox.aws.outbox[0]?.messageId });
  expect(sandbox.aws.outbox).toMatchObject([
    { endpoint: 'dns@example.com', subject: MESSAGE.subject, body: 'Put it back.', attributes: { severity: 'critical' } },
    { endpoint: 'https://chat.example.com', body: '{"version":"1.0"}' },
  ]);
});

test.each([
  ['no right', { status: 403, code: 'AuthorizationError' }, 'Access denied: sns:Publish'],
  ['the key of the topic', { status: 400, code: 'KMSAccessDenied' }, "The topic's key cannot be used (KMSAccessDenied"],
  ['throttled', { status: 400, code: 'Throttled', message: 'Rate exceeded' }, 'SNS said Throttled'],
  [
    'a quoted signature',
    { status: 403, code: 'SignatureDoesNotMatch', message: 'x-amz-security-token:abc' },
    'SNS said SignatureDoesNotMatch',
  ],
  ['no answer', { status: 500, code: 'x', hang: true }, 'SNS did not answer in time.'],
])('%s: failed, with the reason, and nothing thrown', async (_what, fault, sentence) => {
  sandbox.aws.faults.push({ service: 'sns', ...fault });
  const published = await open().publish(MESSAGE);
  expect(published).toMatchObject({ kind: 'failed', detail: expect.stringContaining(sentence) });
  expect(JSON.stringify(published)).not.toContain('security-token');
});

test('a topic that does not exist', async () => {
  const channel = open(`${TOPIC}-gone`);
  expect(await channel.publish(MESSAGE)).toEqual({ kind: 'failed', detail: 'The topic does not exist in this account and region.' });
  expect(await channel.audience()).toMatchObject({ kind: 'unknown' });
});

test('a payload that SNS refuses is a failed message, not an exception', async () => {
  const channel = open(TOPIC, (message) => ({ ...payload(message), Subject: 'x'.repeat(200) }));
  expect(await channel.publish(MESSAGE)).toMatchObject({ kind: 'failed', detail: expect.stringContaining('Subject') });
});

describe('audience', () => {
  test('the counts of the topic, if somebody confirmed: one call', async () => {
    expect(await open().audience()).toEqual({ kind: 'known', confirmed: 2, pending: 1 });
    expect(sandbox.aws.calls.map(({ action }) => action)).toEqual(['GetTopicAttributes']);
  });

  test('nobody confirmed: said so after a look at the subscriptions themselves', async () => {
    sandbox.aws.unsubscribe('dns@example.com');
    sandbox.aws.unsubscribe('https://chat.example.com');
    expect(await open().audience()).toEqual({ kind: 'known', confirmed: 0, pending: 1 });
    expect(sandbox.aws.calls.map(({ action }) => action)).toEqual(['GetTopicAttributes', 'ListSubscriptionsByTopic']);
  });

  test('the first confirmation is seen', async () => {
    sandbox.aws.unsubscribe('dns@example.com');
    sandbox.aws.unsubscribe('https://chat.example.com');
    sandbox.aws.confirm('late@example.com');
    expect(await open().audience()).toEqual({ kind: 'known', confirmed: 1, pending: 0 });
  });

  test.each(['GetTopicAttributes', 'ListSubscriptionsByTopic'])('%s is denied: unknown, with the right that is missing', async (action) => {
    sandbox.aws.unsubscribe('dns@example.com');
    sandbox.aws.unsubscribe('https://chat.example.com');
    sandbox.aws.faults.push({ action, status: 403, code: 'AuthorizationError' });
    expect(await open().audience()).toEqual({ kind: 'unknown', detail: expect.stringContaining(`sns:${action} on the topic is needed`) });
  });
});
