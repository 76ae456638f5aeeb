// Customers who share a DNS host or an account, and nothing else: what each of them loses for reasons of his own is told by itself, and no host is blamed; what a host loses is one message.
import { type AlertMemory, EMPTY_ALERT_MEMORY } from '../../lambda/model/alert.ts';
import type { Diagnosis } from '../../lambda/model/diagnosis.ts';
import type { IdentityResult } from '../../lambda/model/report.ts';
import type { AlertTelling } from '../../lambda/model/telling.ts';
import { at, broken, DAY, finding, HOUR, healthy, input, introduced, report, result, sweep, target } from './build.ts';

const MINUTE = 60_000;
const N = 3000;
const HOST = ['ns1.host.example', 'ns2.host.example'];

/** As customers are: two in five at Cloudflare, and many at two other large hosts, each of which gives them servers from its stock. */
const large = (i: number): readonly string[] => {
  const of100 = i % 100;
  if (of100 < 40) return [`a${i % 47}.ns.cloudflare.com`, `b${i % 43}.ns.cloudflare.com`];
  if (of100 < 60) return [`ns${i % 80}.domaincontrol.com`, `ns${(i % 80) + 1}.domaincontrol.com`];
  if (of100 < 75) return [`ns-${i}.awsdns-${i % 64}.com`, `ns-${i + 1}.awsdns-${i % 63}.co.uk`];
  return [`ns.h${i}.example`];
};
/** Two thousand on the very same servers. */
const hoster = (i: number): readonly string[] => (i < 2000 ? HOST : [`ns.h${i}.example`]);

/** Customers of one account, each with a zone of his own, seen sweep by sweep. */
class Customers {
  memory: AlertMemory;
  readonly heard: AlertTelling[] = [];
  private readonly results: IdentityResult[];
  private readonly lost: Diagnosis;

  constructor(serversOf: (i: number) => readonly string[], lost = broken(), memory = introduced(target())) {
    this.memory = memory;
    this.lost = lost;
    this.results = Array.from({ length: N }, (_, i) =>
      result(`c${i}.example`, healthy, { zone: `c${i}.example`, nameServers: serversOf(i) }),
    );
  }

  lose(...which: readonly number[]): this {
    return this.turn(which, this.lost);
  }

  mend(...which: readonly number[]): this {
    return this.turn(which, healthy);
  }

  look(ms: number): readonly AlertTelling[] {
    const { plan, memory } = sweep(input([report([...this.results])], { memory: this.memory, now: at(ms) }));
    this.memory = memory;
    this.heard.push(...plan.tellings);
    return plan.tellings;
  }

  private turn(which: readonly number[], diagnosis: Diagnosis): this {
    for (const i of which) {
      const one = this.results[i];
      if (one !== undefined) this.results[i] = { ...one, diagnosis };
    }
    return this;
  }
}

const range = (from: number, to: number): readonly number[] => Array.from({ length: to - from }, (_, i) => from + i);
const told = (tellings: readonly AlertTelling[]): readonly string[] =>
  tellings.map((telling) => {
    if (telling.kind === 'alert') return telling.event;
    const { group, occasion, event, alerts } = telling;
    return `${group?.alert.cause?.by ?? occasion} ${event} ${group?.alert.affected.length ?? alerts.length}`;
  });

/** Numbers between 0 and 1, the same for each seed (a linear congruential generator). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 2147483648;
  };
}

describe('in a bad month a customer an hour loses his records, each for a reason of his own', () => {
  test.each<readonly [string, (i: number) => readonly string[], Diagnosis]>([
    ['at the large hosts', large, broken()],
    ['at one hoster with two thousand of them', hoster, broken()],
    ['as SES says, in one account', (i) => [`ns.h${i}.example`], broken(finding('verification-failed'))],
  ])('%s: each has an alert of his own, and nobody hears of a common cause', (_, serversOf, lost) => {
    const random = numbers(7);
    const customers = new Customers(serversOf, lost);
    const mendedAt = new Map<number, number>();
    for (let hour = 1; hour <= 48; hour++) {
      for (const i of [random(), random(), random()].filter(() => random() < 1 / 3).map((one) => Math.floor(one * N))) {
        if (mendedAt.has(i)) continue;
        customers.lose(i);
        mendedAt.set(i, hour + 4 + random() * 48);
      }
      for (const [who, end] of mendedAt) if (hour > end) customers.mend(who);
      customers.look(hour * HOUR);
    }
    const tellings = customers.heard;
    expect(mendedAt.size).toBeGreaterThan(40);
    expect(told(tellings.filter(({ event }) => event === 'opened'))).toEqual(Array(mendedAt.size).fill('opened'));
    expect(tellings.filter((telling) => telling.kind === 'summary' && telling.group !== undefined)).toEqual([]);
  });
});

describe('a cause that is one', () => {
  test.each<readonly [string, (i: number) => readonly string[]]>([
    ['at large hosts and small ones', large],
    ['at one hoster', hoster],
    ['at the same servers', () => HOST],
  ])('3,000 at once, %s: at most three messages', (_, serversOf) => {
    const customers = new Customers(serversOf).lose(...range(0, N));
    // Where they share no server, the first sweep doubts itself.
    const tellings = [...customers.look(0), ...customers.look(5 * MINUTE)];
    expect(tellings.length).toBeGreaterThan(0);
    expect(tellings.length).toBeLessThanOrEqual(3);
  });

  test('a hoster whose zones vanish over an hour is one alert', () => {
    const customers = new Customers(hoster);
    for (let k = 0; k < 12; k++) customers.lose(...range(k * 166, (k + 1) * 166)).look(k * 5 * MINUTE);
    customers.look(HOUR);
    const ids = new Set(customers.heard.map((telling) => (telling.kind === 'summary' ? telling.alertId : telling.alert.id)));
    expect(ids.size).toBe(1);
    expect(customers.heard.length).toBeLessThan(8);
  });

  test('a hoster that loses one of two thousand every five minutes is one alert with the tenth, and stays one', () => {
    const customers = new Customers(hoster);
    for (let k = 0; k < 60; k++) customers.lose(k).look(k * 5 * MINUTE);
    const said = told(customers.heard);
    expect(said.slice(0, 10)).toEqual([...Array(9).fill('opened'), 'servers opened 1']);
    expect(said.slice(10).every((one) => one.startsWith('servers changed'))).toBe(true);
    expect(said.length).toBeLessThan(20);
  });

  test('Route 53 zones that are deleted one by one, some in each sweep, are one alert', () => {
    const customers = new Customers((i) => (i < 100 ? [`ns-${i}.awsdns-${i % 64}.com`] : [`ns.h${i}.example`]));
    for (let k = 0; k < 24; k++) customers.lose(2 * k, 2 * k + 1).look(k * 5 * MINUTE);
    const said = told(customers.heard);
    expect(said.slice(0, 5)).toEqual(['opened', 'opened', 'opened', 'opened', 'provider opened 2']);
    expect(said.slice(5).every((one) => one.startsWith('provider changed'))).toBe(true);
  });

  test('what breaks alone at a large host, hours after it lost many, is told alone; what breaks in numbers joins', () => {
    const customers = new Customers(large).lose(...range(0, 40));
    expect(told(customers.look(0))).toEqual(['provider opened 40']);
    expect(told(customers.lose(100).look(HOUR / 2))).toEqual(['provider changed 41']);
    expect(told(customers.lose(101).look(3 * HOUR))).toEqual(['opened']);
    expect(told(customers.lose(102, 103, 104).look(6 * HOUR))).toEqual(['provider changed 44']);
    expect(told(customers.lose(200).look(9 * HOUR))).toEqual(['opened']);
  });

  test('servers that lost a tenth of their domains are believed to lose one more, for a day', () => {
    const customers = new Customers((i) => (i < 200 ? HOST : [`ns.h${i}.example`])).lose(...range(0, 20));
    customers.look(0);
    expect(told(customers.lose(50).look(9 * HOUR))).toEqual(['servers changed 21']);
    expect(told(customers.lose(51).look(DAY + HOUR))).toContain('opened');
  });
});

test('a first look at customers of whom some were broken before, each for a reason of his own, blames no host', () => {
  const customers = new Customers(large, broken(), EMPTY_ALERT_MEMORY).lose(...range(0, 12), ...range(100, 112));
  expect(told(customers.look(0))).toEqual(['first-sweep opened 24']);
  expect(Object.values(customers.memory.alerts).map(({ cause }) => cause)).toEqual(Array(24).fill(undefined));
  const together = new Customers(hoster, broken(), EMPTY_ALERT_MEMORY).lose(...range(0, 300));
  together.look(0);
  expect(Object.values(together.memory.alerts).map(({ cause, affected }) => [cause?.by, affected.length])).toEqual([['servers', 300]]);
});
