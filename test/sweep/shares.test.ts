// What of a message about many a route gets: its own part and nobody else's, in one thread, its beginning before its end, and nothing that is no news to it.

import { renderTelling } from '../../lambda/messages/render.ts';
import { type AlertMemory, EMPTY_ALERT_MEMORY } from '../../lambda/model/alert.ts';
import type { Finding } from '../../lambda/model/finding.ts';
import type { Route } from '../../lambda/model/policy.ts';
import type { IdentityResult } from '../../lambda/model/report.ts';
import type { AlertTelling } from '../../lambda/model/telling.ts';
import { shareOf } from '../../lambda/sweep/shares.ts';
import { at, blind, broken, DAY, finding, HOUR, healthy, input, introduced, report, result, sweep, target } from '../alerts/build.ts';
import { alert, subject } from '../messages/build.ts';
import { ROUTE } from './with-exits.ts';

const route = (...identities: readonly string[]): Route => ({ ...ROUTE, exit: `route-${identities.join()}`, identities });
const A = route('a*.example');
const B = route('b*.example');
const heardIt = (): boolean => true;
const newToIt = (): boolean => false;

/** Domains on the same name servers, of which some have lost their records. */
const hosted = (names: readonly string[], lost: readonly string[], what: (name: string) => readonly Finding[] = () => [finding()]) =>
  names.map(
    (name): IdentityResult => result(name, lost.includes(name) ? broken(...what(name)) : healthy, { nameServers: ['ns1.host.net'] }),
  );

const NAMES = ['a1', 'a2', 'a3', 'a4', 'b1', 'b2'].map((name) => `${name}.example`);
const start = introduced(target());
const one = (results: readonly IdentityResult[], memory: AlertMemory, ms: number) =>
  sweep(input([report(results)], { memory, now: at(ms) }));
const only = ({ plan }: ReturnType<typeof one>): AlertTelling => {
  const [telling, ...more] = plan.tellings;
  if (telling === undefined || more.length > 0) throw new Error(`one telling was expected, there are ${plan.tellings.length}`);
  return telling;
};
const named = (telling: AlertTelling | undefined): readonly string[] =>
  (telling === undefined ? [] : telling.kind === 'alert' ? [telling.alert] : telling.alerts)
    .flatMap(({ affected }) => affected.map(({ subject }) => subject.identity))
    .sort();
const idOf = (telling: AlertTelling | undefined) => (telling?.kind === 'alert' ? telling.alert.id : telling?.alertId);

describe('a group', () => {
  const opened = one(hosted(NAMES, NAMES.slice(0, 5)), start, 0);

  test('names to each route its own, as one alert, each part with an id of its own', () => {
    const whole = only(opened);
    const [a, b] = [shareOf(whole, A, newToIt).telling, shareOf(whole, B, newToIt).telling];
    expect([named(a), named(b)]).toEqual([NAMES.slice(0, 4), ['b1.example']]);
    expect(new Set([whole, a, b].map(idOf)).size).toBe(1);
    expect(new Set([whole, a, b].map((telling) => telling?.messageId)).size).toBe(3);
    expect(shareOf(whole, A, newToIt).telling?.messageId).toBe(a?.messageId);
    expect(b).toMatchObject({ occasion: 'one-cause', event: 'opened', group: { alert: { affected: [{}] }, part: { of: 5 } } });
  });

  test('that is all a route’s own is told to it as it is', () => {
    const whole = only(opened);
    expect(shareOf(whole, route('*.example'), newToIt).telling).toBe(whole);
  });

  test('that grows begins for whom it had spared, and is no news to the others', () => {
    const grown = only(one(hosted(NAMES, NAMES), opened.memory, 2 * HOUR));
    expect(grown.event).toBe('changed');
    expect(shareOf(grown, A, heardIt)).toEqual({});
    expect(shareOf(grown, B, heardIt).telling).toMatchObject({ event: 'changed', group: { alert: { told: { hit: 1 } } } });
    const fresh = route('b2.example');
    expect(shareOf(grown, fresh, newToIt).telling).toMatchObject({ event: 'opened', group: { alert: { told: { hit: 0 } } } });
  });

  test('in which one gets worse is news to that route alone', () => {
    const mild = (name: string) => [finding('record-missing', name === 'b1.example' ? 'critical' : 'warning')];
    const before = one(
      hosted(NAMES, NAMES.slice(0, 5), () => [finding('record-missing', 'warning')]),
      start,
      0,
    );
    const worse = only(one(hosted(NAMES, NAMES.slice(0, 5), mild), before.memory, HOUR));
    expect(shareOf(worse, A, heardIt)).toEqual({});
    expect(shareOf(worse, B, heardIt).telling).toMatchObject({ event: 'changed', group: { alert: { severity: 'critical' } } });
  });

  test('none of which is a route’s own any more is over for it, once; and its end is for those who still hear', () => {
    const left = only(one(hosted(NAMES, ['a1.example', 'a2.example']), opened.memory, 2 * HOUR));
    expect(left.event).toBe('changed');
    expect(named(shareOf(left, A, heardIt).telling)).toEqual(['a1.example', 'a2.example']);
    const over = shareOf(left, B, heardIt);
    expect(over).toMatchObject({ over: true, telling: { event: 'recovered', alerts: [], group: { part: { of: 2, over: true } } } });
    expect(shareOf(left, B, newToIt)).toEqual({});
    const ended = only(one(hosted(NAMES, []), opened.memory, 2 * HOUR));
    expect(shareOf(ended, B, heardIt).telling).toMatchObject({ event: 'recovered', alerts: [{}] });
    expect(shareOf(ended, route('gone.example'), heardIt).telling).toMatchObject({ event: 'recovered', alerts: [] });
    expect(shareOf(ended, route('gone.example'), newToIt)).toEqual({});
  });

  test('that comes back without a route’s own is none of its business any more', () => {
    const ended = one(hosted(NAMES, []), opened.memory, HOUR);
    const back = only(
      one(hosted(NAMES, NAMES.slice(0, 4).concat('c.example')).concat(hosted(['c.example'], ['c.example'])), ended.memory, 2 * HOUR),
    );
    expect(back.event).toBe('reopened');
    expect(shareOf(back, B, heardIt)).toEqual({ over: true });
    expect(named(shareOf(back, A, heardIt).telling)).toEqual(NAMES.slice(0, 4));
  });

  test('with a deadline that is all others’ escalates for them alone', () => {
    const clock = (hours: number): Finding =>
      ({ ...finding(), deadlines: [{ name: 'signing-lost', at: at(hours * HOUR), estimated: true }] }) as Finding;
    const what = (name: string) => [clock(name.startsWith('a') ? 60 : 400)];
    const before = one(hosted(NAMES, NAMES, what), start, 0);
    const near = only(one(hosted(NAMES, NAMES, what), before.memory, 13 * HOUR));
    expect(near.event).toBe('escalated');
    expect(named(shareOf(near, A, heardIt).telling)).toEqual(NAMES.slice(0, 4));
    expect(shareOf(near, B, heardIt)).toEqual({});
  });

  test('is reminded of to each with its own', () => {
    const again = only(one(hosted(NAMES, NAMES.slice(0, 5)), opened.memory, DAY));
    expect(again.event).toBe('reminder');
    expect(named(shareOf(again, B, heardIt).telling)).toEqual(['b1.example']);
  });
});

describe('many alerts in one message', () => {
  const alerts = ['a1', 'a2', 'b1', 'b2'].map((name) =>
    alert({ id: name, key: name, affected: [{ subject: subject(`${name}.example`), findings: [finding()] }] }),
  );
  const many: AlertTelling = {
    kind: 'summary',
    occasion: 'many-at-once',
    event: 'opened',
    alertId: 'many-1',
    messageId: 'm1',
    alerts,
    targets: [],
  };

  test('a route has those that are its own, and those that it heard of; of one alone the message is that alert’s', () => {
    expect(shareOf(many, B, newToIt).telling).toMatchObject({ occasion: 'many-at-once', alerts: [{ id: 'b1' }, { id: 'b2' }] });
    const single = shareOf(many, route('b1.example'), newToIt).telling;
    expect(single).toMatchObject({ kind: 'alert', event: 'opened', alert: { id: 'b1' } });
    const { chat, json } = renderTelling(single as AlertTelling, at(0));
    expect(JSON.parse(chat).metadata.threadId).toBe('b1');
    expect(JSON.parse(json)).not.toHaveProperty('occasion');
    expect(shareOf(many, route('gone.example'), (id) => id === 'a2').telling).toMatchObject({ kind: 'alert', alert: { id: 'a2' } });
    expect(shareOf(many, route('gone.example'), newToIt)).toEqual({});
  });

  test('a first look is one for who has whole accounts and regions; for domains it is their alerts', () => {
    const here = report([result('a1.example', broken()), result('b1.example', broken()), result('fine.example')]);
    const there = report([result('b2.example', broken(), { region: 'eu-west-1' })], { ...target('eu-west-1') });
    const first = only(sweep(input([here, there], { memory: EMPTY_ALERT_MEMORY })));
    expect(first).toMatchObject({ occasion: 'first-sweep' });
    const region = shareOf(
      { ...first, addressesAtRisk: [{ address: 'dns@a1.example', domain: 'a1.example' }] } as AlertTelling,
      { ...ROUTE, identities: [], regions: ['eu-west-1'] },
      newToIt,
    ).telling;
    expect(region).toMatchObject({ occasion: 'first-sweep', targets: [{ region: 'eu-west-1', identities: 1 }] });
    expect(named(region)).toEqual(['b2.example']);
    expect(region).not.toHaveProperty('addressesAtRisk');
    expect(shareOf(first, B, newToIt).telling).toMatchObject({ occasion: 'many-at-once', targets: [] });
    expect(shareOf(first, A, newToIt).telling).toMatchObject({ kind: 'alert' });
  });
});

test('of what cannot be judged in a target each route hears its own', () => {
  const results = ['a1', 'a2', 'b1'].map((name) => result(`${name}.example`, blind()));
  const whole = only(one(results, start, 0));
  expect(named(whole)).toHaveLength(3);
  expect(named(shareOf(whole, B, newToIt).telling)).toEqual(['b1.example']);
  expect(shareOf({ ...whole, event: 'changed' } as AlertTelling, route('gone.example'), heardIt)).toEqual({});
  expect(shareOf({ ...whole, event: 'recovered' } as AlertTelling, route('gone.example'), heardIt).telling).toBeDefined();
});
