// Tickets by `detail.alertId`: what was told alone, in a first look or with many is opened and closed by the same id.
import { DETAIL_TYPES, eventEntries, FIRST_LOOK, MANY_ALERTS } from '../../lambda/messages/event.ts';
import type { AlertJson } from '../../lambda/messages/json.ts';
import { MAX_BYTES, payloadBytes } from '../../lambda/messages/limits.ts';
import { MAX_MEMBER_EVENTS, renderTelling } from '../../lambda/messages/render.ts';
import type { Alert, AlertEvent } from '../../lambda/model/alert.ts';
import { EMPTY_ALERT_MEMORY } from '../../lambda/model/alert.ts';
import type { Telling } from '../../lambda/model/telling.ts';
import { at, broken, finding, HOUR, input, report, result, sweep } from '../alerts/build.ts';
import { alert, expectSound, NOW, subject } from './build.ts';

const MINUTE = 60_000;

/** What the rules of docs/alerts.md make of events: open tickets, by alert id. */
class Tickets {
  readonly open = new Set<string>();
  readonly strangers: string[] = [];
  readonly types: string[] = [];

  take(tellings: readonly Telling[], now: string): void {
    for (const { DetailType, Detail } of tellings.flatMap((telling) => eventEntries(renderTelling(telling, now)))) {
      this.types.push(DetailType);
      const { alertId } = JSON.parse(Detail) as AlertJson;
      if (DetailType === DETAIL_TYPES.opened || DetailType === DETAIL_TYPES.reopened) this.open.add(alertId);
      if (DetailType === DETAIL_TYPES.recovered || DetailType === DETAIL_TYPES.expired)
        if (!this.open.delete(alertId)) this.strangers.push(alertId);
    }
  }
}

/** A thousand domains, each with servers of its own; the first `hit` of them are broken. */
const estate = (hit: number) => [
  report(
    [...Array(1000).keys()].map((i) =>
      result(`c${i}.example`, i < hit ? broken() : undefined, { nameServers: [`ns.c${i}.example`], zone: `c${i}.example` }),
    ),
  ),
];

test('eleven alerts that were opened one by one and end together close eleven tickets', () => {
  const tickets = new Tickets();
  let { memory } = sweep(input(estate(0), { memory: EMPTY_ALERT_MEMORY, now: at(-HOUR) }));
  const next = (hit: number, now: string): void => {
    const done = sweep(input(estate(hit), { memory, now }));
    memory = done.memory;
    tickets.take(done.plan.tellings, now);
  };
  for (let hit = 1; hit <= 11; hit += 1) next(hit, at(hit * 5 * MINUTE));
  expect(tickets.open.size).toBe(11);
  next(0, at(HOUR));
  expect(tickets.types.filter((type) => type === MANY_ALERTS)).toHaveLength(1);
  expect([...tickets.open]).toEqual([]);
  expect(tickets.strangers).toEqual([]);
});

test('what is broken at the first look opens tickets, which its end closes', () => {
  const tickets = new Tickets();
  const first = sweep(input(estate(3), { memory: EMPTY_ALERT_MEMORY, now: at(0) }));
  tickets.take(first.plan.tellings, at(0));
  expect(tickets.types).toEqual([FIRST_LOOK, ...Array(3).fill(DETAIL_TYPES.opened)]);
  expect(tickets.open.size).toBe(3);
  tickets.take(sweep(input(estate(0), { memory: first.memory, now: at(HOUR) })).plan.tellings, at(HOUR));
  expect(tickets.open.size).toBe(0);
  expect(tickets.strangers).toEqual([]);
});

const crowd = (n: number, name = 'example'): readonly Alert[] =>
  [...Array(n).keys()].map((i) =>
    alert({ id: `${i}`.padStart(20, '0'), affected: [{ subject: subject(`c${i}.${name}`), findings: [finding()] }] }),
  );
const many = (alerts: readonly Alert[], event: AlertEvent = 'recovered', occasion: 'many-at-once' | 'first-sweep' = 'many-at-once') =>
  renderTelling({ kind: 'summary', occasion, event, alertId: 'many-1', messageId: 'm1', alerts, targets: [] }, NOW);
const jsonOf = (text: string): AlertJson => JSON.parse(text) as AlertJson;

test('the JSON names each alert with its event; an alert alone, and its own event, have no members', () => {
  const message = many(crowd(12));
  const { members, membersOmitted } = jsonOf(message.json);
  expect(members?.slice(0, 1)).toEqual([
    {
      alertId: `${0}`.padStart(20, '0'),
      event: 'recovered',
      severity: 'critical',
      account: expect.any(String),
      region: expect.any(String),
      identity: 'c0.example',
    },
  ]);
  expect(members?.length).toBe(12);
  expect(membersOmitted).toBeUndefined();
  const own = message.members?.map(jsonOf) ?? [];
  expect(own.map(({ alertId }) => alertId)).toEqual(members?.map(({ alertId }) => alertId));
  expect(new Set(own.map(({ messageId }) => messageId)).size).toBe(12);
  expect(own[3]).toMatchObject({ schema: 1, event: 'recovered', identities: [{ identity: 'c3.example' }] });
  expect(own[3]).not.toHaveProperty('members');
  expect(own[3]).not.toHaveProperty('occasion');
});

test.each(['many-at-once', 'first-sweep'] as const)(
  '%s: more alerts than are told one by one are only listed, as an alert that no rule misses',
  (occasion) => {
    expect(eventEntries(many(crowd(MAX_MEMBER_EVENTS), 'opened', occasion))).toHaveLength(1 + MAX_MEMBER_EVENTS);
    const entries = eventEntries(many(crowd(MAX_MEMBER_EVENTS + 1), 'opened', occasion));
    expect(entries.map(({ DetailType }) => DetailType)).toEqual([occasion === 'first-sweep' ? FIRST_LOOK : DETAIL_TYPES.opened]);
    expect(jsonOf(entries[0]?.Detail ?? '').members).toHaveLength(MAX_MEMBER_EVENTS + 1);
  },
);

test('of 3,000 alerts as many are listed as fit, and the others are counted; hostile names make no difference', () => {
  for (const name of ['example', '\u0000"\\'.repeat(80)]) {
    const message = many(crowd(3000, name));
    expectSound(message);
    expect(payloadBytes(message)).toBeLessThanOrEqual(MAX_BYTES);
    const { members = [], membersOmitted = 0 } = jsonOf(message.json);
    expect(members.length).toBeGreaterThan(name === 'example' ? 250 : 20);
    expect(members.length + membersOmitted).toBe(3000);
  }
});

test('one cause is one alert: it opens and closes under its own id, and has no members', () => {
  const group = { alert: alert({ id: 'group-1', cause: { by: 'zone', names: ['example'] } }), reason: 'new' } as const;
  const message = renderTelling(
    { kind: 'summary', occasion: 'one-cause', event: 'opened', alertId: 'group-1', messageId: 'm1', alerts: crowd(4), group, targets: [] },
    NOW,
  );
  expect(jsonOf(message.json)).not.toHaveProperty('members');
  expect(eventEntries(message).map(({ DetailType }) => DetailType)).toEqual([DETAIL_TYPES.opened]);
});
