// Events on a bus, against the sandbox's EventBridge.
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { eventBus } from '../../lambda/channel/event-bus.ts';
import { DETAIL_TYPES, eventEntries } from '../../lambda/messages/event.ts';
import { renderTelling } from '../../lambda/messages/render.ts';
import type { AlertEvent } from '../../lambda/model/alert.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { finding } from '../alerts/build.ts';
import { alert, NOW, subject } from '../messages/build.ts';

const ACCOUNT = '111111111111';

const message = (event: AlertEvent = 'opened', given = alert()) =>
  renderTelling({ kind: 'alert', event, reason: 'new', alert: given, messageId: 'm1' }, NOW);

let sandbox: Sandbox;
let client: EventBridgeClient;
beforeEach(async () => {
  sandbox = await startSandbox({ aws: { [ACCOUNT]: {} }, dns: { zones: {} } });
  const credentials = sandbox.credentials(ACCOUNT);
  client = new EventBridgeClient({ endpoint: sandbox.endpoint, region: 'eu-west-1', credentials, maxAttempts: 1 });
});
afterEach(async () => {
  client.destroy();
  await sandbox.close();
});

const open = (bus = 'default') => eventBus({ id: 'bus', client, bus, entries: eventEntries, timeoutMs: 300 });

test('the alert is an event: its JSON is the detail, with its schema number', async () => {
  const sent = await open('arn:aws:events:eu-west-1:222222222222:event-bus/alerts').publish(message());
  expect(sent).toEqual({ kind: 'sent', channelId: sandbox.aws.events[0]?.id });
  expect(sandbox.aws.events).toMatchObject([
    {
      bus: 'arn:aws:events:eu-west-1:222222222222:event-bus/alerts',
      source: 'ses-dkim-monitor',
      detailType: 'DKIM Alert Opened',
      detail: { schema: 1, alertId: alert().id, messageId: 'm1', severity: 'critical', identities: [{ identity: 'example.com' }] },
    },
  ]);
});

test('each event of its life has a detail-type of its own; a first look and a digest are none of them', () => {
  const { digest, test: _test, ...ofLife } = DETAIL_TYPES;
  const types = (Object.keys(ofLife) as AlertEvent[]).map((event) => eventEntries(message(event))[0]?.DetailType);
  expect(new Set(types).size).toBe(7);
  expect(types.every((type) => type?.startsWith('DKIM Alert '))).toBe(true);
  const whole = { at: NOW, since: NOW, sweeps: 1, open: [], ended: [], endedDropped: 0, mutes: [], unseen: [], pending: [], targets: [] };
  const daily = renderTelling({ kind: 'digest', event: 'digest', alertId: 'digest-1', messageId: 'm1', digest: whole }, NOW);
  expect(eventEntries(daily)).toMatchObject([{ DetailType: digest, Source: 'ses-dkim-monitor' }]);
  expect(digest).toBe('DKIM Digest');
  const first = { kind: 'summary', occasion: 'first-sweep', event: 'opened', alertId: 'summary-1', messageId: 'm1' } as const;
  expect(eventEntries(renderTelling({ ...first, alerts: [], targets: [] }, NOW)).map((e) => e.DetailType)).toEqual(['DKIM First Look']);
});

test('3,000 identities at once fit into one event', async () => {
  const affected = [...Array(3000).keys()].map((i) => ({ subject: subject(`customer-${i}.example`), findings: [finding()] }));
  expect(await open().publish(message('opened', alert({ affected })))).toMatchObject({ kind: 'sent' });
  expect(sandbox.aws.events[0]?.detail).toMatchObject({ schema: 1, omitted: expect.any(Number) });
});

test('each of 25 alerts in one message is an event beside it, ten in a call; one call that fails is a failed publish', async () => {
  const alerts = [...Array(25).keys()].map((i) =>
    alert({ id: `id-${i}`, affected: [{ subject: subject(`c${i}.example`), findings: [] }] }),
  );
  const many = { kind: 'summary', occasion: 'many-at-once', event: 'recovered', alertId: 'many-1', messageId: 'm1' } as const;
  const told = renderTelling({ ...many, alerts, targets: [] }, NOW);
  expect(await open().publish(told)).toMatchObject({ kind: 'sent' });
  expect(sandbox.aws.events.map(({ detailType }) => detailType)).toEqual(['DKIM Many Alerts', ...Array(25).fill('DKIM Alert Recovered')]);
  expect(sandbox.aws.events.slice(1).map(({ detail }) => (detail as { alertId: string }).alertId)).toEqual(alerts.map(({ id }) => id));
  sandbox.aws.refuseEvents = 'ThrottlingException';
  expect(await open().publish(told)).toMatchObject({ kind: 'failed' });
});

test('an answer of 200 that refuses the event is a failed publish', async () => {
  sandbox.aws.refuseEvents = 'ThrottlingException';
  expect(await open().publish(message())).toEqual({ kind: 'failed', detail: 'EventBridge refused the event: ThrottlingException.' });
  expect(sandbox.aws.events).toEqual([]);
});

test.each([
  ['no right', { status: 400, code: 'AccessDeniedException' }, 'Access denied: events:PutEvents on the bus is needed'],
  ['no such bus', { status: 400, code: 'ResourceNotFoundException' }, 'The bus does not exist'],
  ['an error inside', { status: 500, code: 'InternalException' }, 'EventBridge said InternalException'],
  ['no answer', { status: 500, code: 'x', hang: true }, 'EventBridge did not answer in time.'],
])('%s: failed, with the reason, and nothing thrown', async (_what, fault, sentence) => {
  sandbox.aws.faults.push({ service: 'events', ...fault });
  expect(await open().publish(message())).toEqual({ kind: 'failed', detail: expect.stringContaining(sentence) });
});
