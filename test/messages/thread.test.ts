// One thread for each alert in chat, through every event of its life; and the subject that is read in a phone's list.
import { renderTelling } from '../../lambda/messages/render.ts';
import type { Alert, AlertEvent } from '../../lambda/model/alert.ts';
import type { Telling } from '../../lambda/model/telling.ts';
import { finding } from '../alerts/build.ts';
import { alert, NOW, subject } from './build.ts';

const EVENTS: readonly AlertEvent[] = ['opened', 'changed', 'reminder', 'escalated', 'recovered', 'reopened', 'expired'];
const one = (event: AlertEvent, given: Alert): Telling => ({ kind: 'alert', event, reason: 'new', alert: given, messageId: `m-${event}` });
const many = (event: AlertEvent, alerts: readonly Alert[]): Telling => ({
  kind: 'summary',
  occasion: 'many-at-once',
  event,
  alertId: `many-${event}`,
  messageId: 'm1',
  alerts,
  targets: [],
});
const threadOf = (telling: Telling): string => JSON.parse(renderTelling(telling, NOW).chat).metadata.threadId;

test('opened, escalated, recovered, reopened…: all stand in the thread of their alert', () => {
  expect(new Set(EVENTS.map((event) => threadOf(one(event, alert()))))).toEqual(new Set([alert().id]));
});

test('a message about many alerts is answered in its own thread, while they are the same ones', () => {
  const alerts = ['a', 'b', 'c'].map((id) => alert({ id, key: id }));
  const opened = threadOf(many('opened', alerts));
  expect(threadOf(many('recovered', [...alerts].reverse()))).toBe(opened);
  expect(threadOf(many('recovered', alerts.slice(1)))).not.toBe(opened);
});

test('many identities with one cause are one alert, with one thread through its whole life', () => {
  const whole = alert({ id: 'group-1', cause: { by: 'zone', names: ['example.com'], kind: 'record-missing' } });
  const group = (event: AlertEvent): Telling =>
    ({ ...many(event, [whole]), occasion: 'one-cause', alertId: whole.id, group: { alert: whole, reason: 'new' } }) as Telling;
  expect(new Set(EVENTS.map((event) => threadOf(group(event))))).toEqual(new Set(['group-1']));
});

test('first looks keep the thread of their targets', () => {
  const first: Telling = { ...many('opened', []), occasion: 'first-sweep', alertId: 'summary-1' } as Telling;
  expect(threadOf(first)).toBe('summary-1');
});

describe('subject', () => {
  const crowd = (n: number, name = (i: number) => `customer-${i}.example`): Alert =>
    alert({ affected: [...Array(n).keys()].map((i) => ({ subject: subject(name(i)), findings: [finding()] })) });
  const subjectOf = (event: AlertEvent, given: Alert): string => renderTelling(one(event, given), NOW).subject;

  test.each(EVENTS)('%s: what it is comes first, then the domain, then how many more', (event) => {
    const text = subjectOf(event, crowd(3000));
    expect(text).toMatch(/^\[[A-Z, ]+\] /);
    expect(text).toContain('customer-0.example');
    expect(text).toContain('and 2,999 more');
    expect(text.length).toBeLessThanOrEqual(99);
  });

  test('the number stays where a long name leaves no room for the place', () => {
    const text = subjectOf(
      'opened',
      crowd(40, (i) => `${'long-label-'.repeat(5)}${i}.example`),
    );
    expect(text).toContain(' and 39 more');
    expect(text.length).toBeLessThanOrEqual(99);
  });

  test('replicas of one domain are one name', () => {
    const regions = ['us-east-1', 'eu-west-1'].map((region) => ({ subject: subject('example.com', { region }), findings: [finding()] }));
    expect(subjectOf('opened', alert({ affected: regions }))).not.toContain('more');
  });

  test('escalated is told from changed: it says how much time is left', () => {
    const clock = { name: 'signing-lost', at: NOW, estimated: true, within: 24 } as const;
    const subject = renderTelling({ ...one('escalated', alert()), clock } as Telling, NOW).subject;
    expect(subject).toMatch(/^\[CRITICAL, UNDER 24 H LEFT\]/);
    expect(subjectOf('escalated', alert())).toMatch(/^\[CRITICAL, WORSE\]/);
  });
});
