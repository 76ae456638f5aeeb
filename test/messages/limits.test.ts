import fc from 'fast-check';
import { MAX_BYTES, payloadBytes, snsPayload } from '../../lambda/messages/limits.ts';
import { renderTelling } from '../../lambda/messages/render.ts';
import type { Words } from '../../lambda/messages/worded.ts';
import type { Alert, AlertEvent } from '../../lambda/model/alert.ts';
import type { Message } from '../../lambda/model/message.ts';
import type { Telling } from '../../lambda/model/telling.ts';
import { finding } from '../alerts/build.ts';
import { alert, expectSound, NOW, subject, wordsOf } from './build.ts';

const EVENTS: readonly AlertEvent[] = ['opened', 'changed', 'reminder', 'escalated', 'reopened', 'recovered', 'expired'];
const told = (given: Alert, event: AlertEvent = 'opened'): Telling => ({
  kind: 'alert',
  event,
  reason: 'new',
  alert: given,
  messageId: 'm1',
});
const summary = (alerts: readonly Alert[], event: AlertEvent = 'opened', targets = 0): Telling => ({
  kind: 'summary',
  occasion: targets > 0 ? 'first-sweep' : 'many-at-once',
  event,
  alertId: 'summary-1',
  messageId: 'm1',
  alerts,
  targets: [...Array(targets).keys()].map((i) => ({
    account: `${i}`.padStart(12, '9'),
    region: 'us-east-1',
    identities: 3,
    healthy: 1,
    broken: 1,
    unknown: 1,
    muted: 0,
    complete: false,
  })),
});

const NASTY = '\u0000\u001b[31m\u202e"\\\u{1f4a3}\u{e0041}`<!channel>|@here [x](http://evil.example) \u2028\n\t';
const hostile = (length: number): string => NASTY.repeat(Math.ceil(length / NASTY.length)).slice(0, length);
const crowd = (n: number, name: (i: number) => string): Alert =>
  alert({
    affected: [...Array(n).keys()].map((i) => ({ subject: subject(name(i)), findings: [finding('record-missing', 'critical', ['abc'])] })),
  });

function expectFits(message: Message): void {
  expectSound(message);
  expect(payloadBytes(message)).toBeLessThanOrEqual(MAX_BYTES);
}

describe('every message fits', () => {
  test.each(EVENTS)('one alert with 3,000 identities, each a hostile name: %s', (event) => {
    const message = renderTelling(
      told(
        crowd(3000, (i) => `${i}${hostile(300)}`),
        event,
      ),
      NOW,
      wordsOf(hostile(500), 5),
    );
    expectFits(message);
    expect(message.email).toMatch(/and [\d,]+ more/);
    expect(JSON.parse(message.json).omitted + JSON.parse(message.json).identities.length).toBe(3000);
  });

  test.each(EVENTS)('3,000 alerts in one message: %s', (event) => {
    const alerts = [...Array(3000).keys()].map((i) =>
      alert({ key: `k${i}`, affected: [{ subject: subject(`${i}${hostile(300)}`), findings: [finding()] }] }),
    );
    const message = renderTelling(summary(alerts, event), NOW, wordsOf(hostile(500), 5));
    expectFits(message);
    expect(message.email).toMatch(/and [\d,]+ more/);
  });

  test.each(EVENTS)('3,000 targets that cannot be read in one message: %s', (event) => {
    const alerts = [...Array(3000).keys()].map((i) => {
      const targetFinding = { ...finding('target-unreadable', 'warning') } as Extract<
        Alert['targetFinding'],
        { kind: 'target-unreadable' }
      >;
      return alert({
        key: `k${i}`,
        target: { ...alert().target, account: `${100_000_000_000 + i}` as Alert['target']['account'] },
        affected: [],
        targetFinding: { ...targetFinding, facts: { ...targetFinding.facts, detail: hostile(3000) } },
      });
    });
    const message = renderTelling(summary(alerts, event), NOW, wordsOf(hostile(500), 5));
    expectFits(message);
    expect(message.email).toMatch(/and [\d,]+ more/);
  });

  test('of 10,000 lost at once only what is shown is put into words', () => {
    const words = wordsOf('plain words');
    let asked = 0;
    const counting: Words = (given, about) => {
      asked += 1;
      return words(given, about);
    };
    const alerts = [...Array(10_000).keys()].map((i) =>
      alert({ key: `k${i}`, affected: [{ subject: subject(`d${i}.com`), findings: [finding()] }] }),
    );
    expectFits(renderTelling(summary(alerts), NOW, counting));
    expectFits(renderTelling(told(alert({ affected: alerts.flatMap((a) => a.affected) })), NOW, counting));
    expect(asked).toBeLessThan(1000);
  });

  test('a first look at 9,000 targets', () => {
    expectFits(renderTelling(summary([alert()], 'opened', 9000), NOW, wordsOf('plain words')));
  });

  test('a first look that could not read 9,000 targets, each for a hostile reason', () => {
    const given = summary([alert()], 'opened', 3);
    const unreadable = [...Array(9000).keys()].map((i) => ({
      account: `${100_000_000_000 + i}`,
      region: `ap-southeast-${i % 40}`,
      reason: 'error' as const,
      detail: hostile(2000),
    }));
    const message = renderTelling({ ...given, unreadable } as Telling, NOW, wordsOf('plain words'));
    expectFits(message);
    expect(message.subject).toContain('9,000 of 9,003 targets could not be read');
  });

  test('a single identity whose every text is enormous', () => {
    expectFits(renderTelling(told(alert()), NOW, wordsOf(hostile(50_000), 20)));
  });

  test('whatever the texts are', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 300 }),
        fc.string({ unit: 'binary-ascii', maxLength: 300 }),
        fc.constantFrom(...EVENTS),
        fc.integer({ min: 1, max: 4 }),
        (name, text, event, n) => {
          const given = crowd(n, () => name);
          expectFits(renderTelling(told(given, event), NOW, wordsOf(text)));
          expectFits(renderTelling(summary([given], event), NOW, wordsOf(text)));
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('snsPayload', () => {
  const message = renderTelling(told(alert()), NOW, wordsOf('plain words'));
  const payload = snsPayload(message);

  test('has one string for each protocol', () => {
    expect(JSON.parse(payload.Message)).toEqual({
      default: message.email,
      email: message.email,
      https: message.chat,
      sqs: message.json,
      lambda: message.json,
    });
  });

  test('carries what subscribers filter by', () => {
    expect(Object.fromEntries(Object.entries(payload.MessageAttributes).map(([k, v]) => [k, v.StringValue]))).toEqual({
      alertId: 'a1b2c3d4e5f60718293a',
      kind: 'record-missing',
      severity: 'critical',
      account: '111111111111',
      region: 'us-east-1',
      event: 'opened',
      messageId: 'm1',
      domain: 'example.com',
      identities: '1',
    });
  });

  test('a message about several regions can be filtered by each', () => {
    const affected = ['us-east-1', 'eu-west-1'].map((region) => ({ subject: subject('example.com', { region }), findings: [finding()] }));
    const { MessageAttributes } = snsPayload(renderTelling(told(alert({ affected })), NOW, wordsOf('plain words')));
    expect(MessageAttributes.region).toEqual({ DataType: 'String.Array', StringValue: '["eu-west-1","us-east-1"]' });
    expect(MessageAttributes.account).toEqual({ DataType: 'String', StringValue: '111111111111' });
  });

  const itemsOf = (given: Telling, name: string): unknown =>
    JSON.parse(snsPayload(renderTelling(given, NOW)).MessageAttributes[name]?.StringValue ?? '');

  test('has at most the ten attributes that a queue with raw delivery takes', () => {
    for (const given of [told(alert()), summary([alert(), alert()]), summary([], 'opened', 3)])
      expect(Object.keys(snsPayload(renderTelling(given, NOW)).MessageAttributes).length).toBeLessThanOrEqual(10);
  });

  test('a message about many domains can be filtered by each, an address by its domain; where not all fit it says so', () => {
    const few = told(crowd(3, (i) => (i === 0 ? 'someone@mail.example' : `d${i}.example`)));
    expect(itemsOf(few, 'domain')).toEqual(['d1.example', 'd2.example', 'mail.example']);
    expect(itemsOf(few, 'identities')).toBe(3);
    const many = told(crowd(3000, (i) => `customer-${i}.example`));
    const listed = itemsOf(many, 'domain') as readonly string[];
    expect(listed.length).toBeGreaterThan(900);
    expect(listed.at(-1)).toBe('*');
    expect(itemsOf(many, 'identities')).toBe(3000);
  });

  test('a message without identities has no domain', () => {
    const { MessageAttributes } = snsPayload(renderTelling(summary([], 'opened', 3), NOW));
    expect(MessageAttributes.domain).toEqual({ DataType: 'String', StringValue: 'none' });
  });

  test('a message of several kinds can be filtered by each, not by the first alone', () => {
    const { MessageAttributes } = snsPayload(
      renderTelling(told(alert({ kinds: ['record-missing', 'signing-disabled'] })), NOW, wordsOf('plain words')),
    );
    expect(MessageAttributes.kind).toEqual({ DataType: 'String.Array', StringValue: '["record-missing","signing-disabled"]' });
  });

  test('300 accounts in 17 regions can be filtered by every one of them, and fit', () => {
    const regions = [...Array(17).keys()].map((r) => `ap-southeast-${r}`);
    const alerts = [...Array(300).keys()].flatMap((i) => {
      const account = `${100_000_000_000 + i}`;
      return regions.map((region) =>
        alert({ key: `${account}/${region}`, affected: [{ subject: subject(`d${i}.com`, { account, region }), findings: [finding()] }] }),
      );
    });
    const given = summary(alerts);
    expectFits(renderTelling(given, NOW));
    // The account that the alerts are said to belong to is one more.
    expect(itemsOf(given, 'account')).toHaveLength(301);
    expect(itemsOf(given, 'region')).toHaveLength(18);
    expect(itemsOf(given, 'account')).toEqual(expect.arrayContaining(['100000000000', '100000000299']));
  });

  test('more accounts than any organisation has are cut rather than refused by SNS', () => {
    const given = summary([alert()], 'opened', 40_000);
    expectFits(renderTelling(given, NOW));
    expect((itemsOf(given, 'account') as readonly string[]).length).toBeGreaterThan(9_000);
  });

  test('a message without trouble has no empty attribute: SNS refuses one', () => {
    const quiet = renderTelling(summary([], 'opened', 2), NOW);
    expect([quiet.severity, quiet.account, quiet.region]).toEqual(['notice', 'several', 'us-east-1']);
    const { MessageAttributes } = snsPayload(quiet);
    expect(MessageAttributes.kind?.StringValue).toBe('none');
    expect(Object.values(MessageAttributes).map((a) => a.StringValue)).not.toContain('');
  });
});
