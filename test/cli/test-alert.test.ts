// `test-alert` against the sandbox's SNS: what is sent, who gets it, and what is said of the others.
import { snsPayload } from '../../lambda/messages/limits.ts';
import { maskedEndpoint, subscriptionsPage } from '../../lambda/messages/subscriptions-page.ts';
import { testMessage } from '../../lambda/messages/test-message.ts';
import type { SubscriptionWorld } from '../../sandbox/aws/aws-world.ts';
import { hasControls, openStage, type Ran, run, type Stage } from './stage.ts';

const ACCOUNT = '111111111111';
// Another region than that of the environment: a topic answers only in its own.
const TOPIC = `arn:aws:sns:eu-west-1:${ACCOUNT}:alerts`;
const QUEUE = `arn:aws:sqs:eu-west-1:${ACCOUNT}:alerts`;

const ALL: readonly SubscriptionWorld[] = [
  { protocol: 'email', endpoint: 'dns@example.com', confirmed: true },
  { protocol: 'email', endpoint: 'late@example.com', confirmed: false },
  { protocol: 'https', endpoint: 'https://global.sns-api.chatbot.amazonaws.com/secret?token=1', confirmed: true },
  { protocol: 'sqs', endpoint: QUEUE, confirmed: true, filterPolicy: { severity: ['warning'] } },
  {
    protocol: 'email',
    endpoint: 'eu@example.com',
    confirmed: true,
    filterPolicy: { region: [{ prefix: 'eu-' }], team: [{ exists: false }] },
  },
  { protocol: 'email', endpoint: 'new@example.com', confirmed: true, filterPolicy: { event: ['opened'] } },
  {
    protocol: 'lambda',
    endpoint: `${QUEUE}-body`,
    confirmed: true,
    filterPolicy: { severity: ['warning'] },
    filterPolicyScope: 'MessageBody',
  },
];

let stage: Stage;
beforeEach(() => open());
afterEach(() => stage.close());

/** A world whose topic has these subscriptions, in the place of the one before. */
async function open(subscriptions: readonly SubscriptionWorld[] = ALL): Promise<void> {
  const topics = [{ name: 'alerts', region: 'eu-west-1', subscriptions }];
  stage = await openStage({ aws: { [ACCOUNT]: { topics } }, dns: { zones: {} } }, ACCOUNT);
}
const testAlert = (...argv: string[]): Promise<Ran> => run(['test-alert', ...argv], 200);
const got = (): readonly string[] => stage.sandbox.aws.outbox.map(({ endpoint }) => endpoint);

test('who is confirmed gets a message that is marked as a test; of each subscription it is said what it is', async () => {
  const { code, out, err } = await testAlert('--topic', TOPIC);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out.split('\n').slice(1, -1)).toEqual([
    '7 subscriptions; 3 of them get this test:',
    '  email d…s@example.com: confirmed, gets it',
    '  email l…e@example.com: pending: gets nothing until somebody follows the link in the mail that AWS sent (or confirms the end point)',
    '  https https://global.sns-api.chatbot.amazonaws.com/…: confirmed, gets it',
    `  sqs ${QUEUE}: confirmed, but its filter policy leaves this message out, by severity`,
    '  email e…@example.com: confirmed, gets it',
    '  email n…w@example.com: confirmed, but its filter policy leaves this message out, by event; a real alert has another one, and may pass',
    expect.stringContaining(
      '-body: confirmed, has a filter policy on the body (FilterPolicyScope MessageBody), which this command does not',
    ),
  ]);
  expect(out).not.toContain('secret');
  expect(got()).toEqual(['dns@example.com', ALL[2]?.endpoint, 'eu@example.com', `${QUEUE}-body`]);
  const [mail, chat, , json] = stage.sandbox.aws.outbox;
  expect(mail).toMatchObject({
    subject: '[TEST] DKIM monitor: this is a test, nothing is wrong',
    body: expect.stringContaining('This is a test. Nothing is wrong, and nothing needs doing.'),
    attributes: {
      event: 'test',
      kind: 'none',
      severity: 'critical',
      account: ACCOUNT,
      region: 'eu-west-1',
      alertId: expect.stringMatching(/^test-/),
    },
  });
  expect(JSON.parse(chat?.body ?? '')).toMatchObject({
    version: '1.0',
    source: 'custom',
    content: { title: expect.stringContaining('TEST') },
  });
  expect(JSON.parse(json?.body ?? '')).toMatchObject({ schema: 1, test: true, event: 'test', findings: [] });
});

test('with another severity the other filter policies let it through', async () => {
  expect((await testAlert('--topic', TOPIC, '--severity', 'warning')).out).toContain(`sqs ${QUEUE}: confirmed, gets it`);
  expect(got()).toContain(QUEUE);
});

test('--json, with end points that give nothing away', async () => {
  const { out } = await testAlert('--topic', TOPIC, '--json');
  expect(out).not.toMatch(/secret|dns@/);
  expect(JSON.parse(out)).toMatchObject({
    schema: 1,
    topic: TOPIC,
    sent: true,
    severity: 'critical',
    subscriptions: expect.arrayContaining([{ protocol: 'sqs', endpoint: QUEUE, delivery: { kind: 'filtered-out', by: 'severity' } }]),
  });
});

test.each([
  ['no subscription at all', [], 1, 'The topic has no subscription: nobody gets anything.'],
  ['only a pending one', ALL.slice(1, 2), 1, '1 subscription; 0 of them get this test:'],
  ['only one that is left out', ALL.slice(3, 4), 1, 'by severity'],
  ['only one that cannot be judged', ALL.slice(6), 2, 'does not'],
])('%s: exit code and sentence', async (_title, subscriptions, code, sentence) => {
  await stage.close();
  await open(subscriptions);
  expect(await testAlert('--topic', TOPIC)).toMatchObject({ code, out: expect.stringContaining(sentence) });
});

test('more than a page of subscriptions', async () => {
  await stage.close();
  await open(Array.from({ length: 130 }, (_, i) => ({ protocol: 'email', endpoint: `reader${i}@example.com`, confirmed: false }) as const));
  expect((await testAlert('--topic', TOPIC)).out).toContain('130 subscriptions; 0 of them get this test:');
});

test('what is refused is said with the right that is missing, exit 2', async () => {
  stage.sandbox.aws.faults.push({ action: 'Publish', status: 403, code: 'AuthorizationError' });
  expect(await testAlert('--topic', TOPIC)).toMatchObject({
    code: 2,
    err: expect.stringContaining('the test was not sent: Access denied: sns:Publish'),
  });
  stage.sandbox.aws.faults.length = 0;
  stage.sandbox.aws.faults.push({ action: 'ListSubscriptionsByTopic', status: 403, code: 'AuthorizationError' });
  expect(await testAlert('--topic', TOPIC)).toMatchObject({
    code: 2,
    err: expect.stringContaining('who gets it cannot be read: Access denied: sns:ListSubscriptionsByTopic'),
  });
  stage.sandbox.aws.faults.length = 0;
  stage.sandbox.aws.faults.push({ action: 'GetSubscriptionAttributes', status: 403, code: 'AuthorizationError' });
  expect(await testAlert('--topic', TOPIC)).toMatchObject({
    code: 2,
    out: expect.stringContaining('whether it has a filter policy is not known: Access denied'),
  });
  stage.sandbox.aws.faults.length = 0;
  expect((await testAlert('--topic', `${TOPIC}-gone`)).err).toContain('The topic does not exist in this account and region.');
});

test('a topic of a route is tested like the main one, and nobody else hears of it', async () => {
  await stage.close();
  const name = 'ses-dkim-monitor-route-shop';
  const subscriber = (endpoint: string, filterPolicy?: SubscriptionWorld['filterPolicy']): SubscriptionWorld => ({
    protocol: 'email',
    endpoint,
    confirmed: true,
    ...(filterPolicy === undefined ? {} : { filterPolicy }),
  });
  const ofRoute = [subscriber('team@example.com'), subscriber('one@example.com', { domain: ['shop.example', '*'] })];
  const topics = [
    { name: 'alerts', region: 'eu-west-1', subscriptions: [subscriber('dns@example.com')] },
    { name, region: 'us-west-2', subscriptions: ofRoute },
  ];
  stage = await openStage({ aws: { [ACCOUNT]: { topics } }, dns: { zones: {} } }, ACCOUNT);
  const { code, out } = await testAlert('--topic', `arn:aws:sns:us-west-2:${ACCOUNT}:${name}`);
  expect({ code, got: got() }).toEqual({ code: 0, got: ['team@example.com'] });
  expect(out).toContain('by domain; a real alert has another one, and may pass');
  expect(stage.sandbox.aws.outbox[0]?.attributes).toMatchObject({ event: 'test', region: 'us-west-2', domain: 'none', identities: '0' });
});

test('wrong usage', async () => {
  expect(await testAlert()).toMatchObject({ code: 64, err: expect.stringContaining('Which topic? Give --topic') });
  expect(await testAlert('--topic', 'alerts')).toMatchObject({ code: 64, err: expect.stringContaining('takes the ARN of an SNS topic') });
  expect(await testAlert('--topic', TOPIC, '--severity', 'bad')).toMatchObject({ code: 64 });
  expect(got()).toEqual([]);
});

test('masked: enough to know which one; hostile end points do no harm', () => {
  expect(maskedEndpoint('email', 'a@b.example')).toBe('a…@b.example');
  expect(maskedEndpoint('sms', '+491701234567')).toBe('…67');
  expect(maskedEndpoint('https', 'not an address')).toBe('…');
  const hostile = { protocol: 'email', endpoint: 'x\u001b[2Jy@z\n.example', delivery: { kind: 'filtered-out', by: 'a\u202eb' } } as const;
  expect(hasControls(subscriptionsPage([hostile], false, 80))).toBe(false);
  expect(subscriptionsPage([hostile], true, 80)).toContain('and more that were not listed');
});

test('the message fits, and has the attributes of an alert', () => {
  const message = testMessage({
    topicArn: TOPIC,
    account: ACCOUNT,
    region: 'eu-west-1',
    severity: 'warning',
    id: 'x',
    now: '2026-03-01T00:00:00Z',
  });
  expect(message.subject).toMatch(/^[ -~]{1,99}$/);
  expect(Object.keys(snsPayload(message).MessageAttributes).sort()).toEqual([
    'account',
    'alertId',
    'domain',
    'event',
    'identities',
    'kind',
    'messageId',
    'region',
    'severity',
  ]);
  expect(message.email.split('\n').filter((line) => line.length > 76 && !line.includes('arn:'))).toEqual([]);
});
