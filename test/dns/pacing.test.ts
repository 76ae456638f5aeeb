// Politeness with a clock made of numbers.
import { createPacing, type Pacing, type PacingLimits, PENALTY_MS } from '../../lambda/dns/pacing.ts';

const limits: PacingLimits = {
  server: { perSecond: 50, burst: 2, unproven: 2, proven: 32 },
  resolver: { perSecond: 400, burst: 20, unproven: 100, proven: 100 },
  inFlight: 200,
  waiting: 1000,
};

/** Queues `count` conversations that end as soon as they begin, and tells when each began. */
function queue(pacing: Pacing, key: string, count: number, kind: 'server' | 'resolver' = 'server') {
  const begun: number[] = [];
  let now = 0;
  for (let i = 0; i < count; i += 1) {
    pacing.begin(key, kind, () => {
      begun.push(now);
      pacing.end(key, false);
    });
  }
  const run = (until: number, from = 0): readonly number[] => {
    for (now = from; now <= until; now += 10) pacing.pump(now);
    return begun;
  };
  return { begun, run };
}

test('fifty a second to one server, two at once', () => {
  const { run } = queue(createPacing(limits), 'a', 200);
  const begun = run(1000);
  expect(begun.filter((at) => at === 0)).toHaveLength(2);
  expect(begun).toHaveLength(52);
});

test('a server that was idle gets no more than the burst at once', () => {
  const pacing = createPacing(limits);
  pacing.pump(0);
  const { begun } = queue(pacing, 'a', 10);
  pacing.pump(60_000);
  expect(begun).toHaveLength(2);
});

test('half the rate for ten minutes after distress', () => {
  const pacing = createPacing({ ...limits, waiting: 100_000 });
  const { begun, run } = queue(pacing, 'a', 50_000);
  run(0);
  pacing.penalise('a', 0);
  run(10_000, 10);
  expect(begun.length).toBe(2 + 250);
  run(PENALTY_MS + 10_000, 10_010);
  expect(begun.filter((at) => at > PENALTY_MS + 1000 && at <= PENALTY_MS + 2000)).toHaveLength(50);
});

test('resolvers have their own rate', () => {
  expect(queue(createPacing(limits), 'resolvers', 900, 'resolver').run(1000)).toHaveLength(420);
});

test('a busy server does not keep the others from their turn', () => {
  const pacing = createPacing({ ...limits, inFlight: 4 });
  const order: string[] = [];
  for (let i = 0; i < 500; i += 1) pacing.begin('busy', 'server', () => order.push('busy'));
  for (const key of ['b', 'c', 'd']) pacing.begin(key, 'server', () => order.push(key));
  pacing.pump(0);
  expect(order).toEqual(['busy', 'b', 'c', 'd']);
});

test('a server that never answered holds two slots, one that did holds more', () => {
  const pacing = createPacing({ ...limits, server: { ...limits.server, burst: 100 } });
  let running = 0;
  for (let i = 0; i < 100; i += 1) pacing.begin('a', 'server', () => (running += 1));
  pacing.pump(0);
  expect(running).toBe(2);
  pacing.proved('a');
  pacing.pump(1);
  expect(running).toBe(32);
});

test('no more than the cap are under way in all', () => {
  const pacing = createPacing(limits);
  let running = 0;
  for (let i = 0; i < 900; i += 1) pacing.begin(`server ${i}`, 'server', () => (running += 1));
  pacing.pump(0);
  expect(running).toBe(200);
  pacing.end('server 0', false);
  pacing.pump(1);
  expect(running).toBe(201);
});

test('a further packet of a running conversation goes before those that have not begun, and needs no slot', () => {
  const pacing = createPacing(limits);
  const order: string[] = [];
  for (const name of ['one', 'two', 'three']) pacing.begin('a', 'server', () => order.push(name));
  pacing.pump(0);
  pacing.again('a', () => order.push('again'));
  pacing.pump(5);
  expect(order).toEqual(['one', 'two']);
  pacing.pump(40);
  expect(order).toEqual(['one', 'two', 'again']);
});

test('a conversation that sends nothing after all gives its token back', () => {
  const pacing = createPacing(limits);
  let begun = 0;
  for (let i = 0; i < 500; i += 1) {
    pacing.begin('dead', 'server', () => {
      begun += 1;
      pacing.end('dead', true);
    });
  }
  pacing.pump(0);
  expect(begun).toBe(500);
});

test('beyond the bound nobody waits', () => {
  const pacing = createPacing({ ...limits, waiting: 3 });
  const accepted = [1, 2, 3, 4].map(() => pacing.begin('a', 'server', () => undefined));
  expect(accepted).toEqual([true, true, true, false]);
});

test('at the end everybody goes at once', () => {
  const pacing = createPacing(limits);
  const { begun } = queue(pacing, 'a', 700);
  pacing.flush();
  expect(begun).toHaveLength(700);
  expect(pacing.busy()).toBe(false);
});

describe('more servers than are remembered', () => {
  /** Twenty thousand others, each asked once and done. */
  const crowd = (pacing: Pacing, now: number): void => {
    for (let i = 0; i <= 20_000; i += 1) pacing.begin(`other ${i}`, 'server', () => pacing.end(`other ${i}`, false));
    pacing.pump(now);
  };
  const begunAt = (pacing: Pacing, count: number, now: number): number => {
    let begun = 0;
    for (let i = 0; i < count; i += 1) {
      pacing.begin('a', 'server', () => {
        begun += 1;
        pacing.end('a', false);
      });
    }
    pacing.pump(now);
    return begun;
  };
  const many = { ...limits, waiting: 100_000 };

  test('one whose burst is spent is not met afresh', () => {
    const pacing = createPacing(many);
    expect(begunAt(pacing, 2, 0)).toBe(2);
    crowd(pacing, 1);
    pacing.pump(2);
    expect(begunAt(pacing, 2, 3)).toBe(0);
  });

  test('one in distress stays so', () => {
    const pacing = createPacing(many);
    begunAt(pacing, 2, 0);
    pacing.penalise('a', 0);
    crowd(pacing, 60_000);
    pacing.pump(61_000);
    let begun = 0;
    for (let i = 0; i < 10; i += 1) pacing.begin('a', 'server', () => (begun += 1));
    // Two at once, and then one in 40 ms instead of 20.
    const after = [61_000, 61_030, 61_050].map((now) => {
      pacing.pump(now);
      pacing.proved('a');
      return begun;
    });
    expect(after).toEqual([2, 2, 3]);
  });
});
