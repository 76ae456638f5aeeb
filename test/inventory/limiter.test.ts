// The pace: one call a second, less when SES objects, on a clock that only sleeping moves.
import fc from 'fast-check';
import { type LimiterOptions, openLimiter } from '../../lambda/inventory/limiter.ts';

const FOREVER = Number.POSITIVE_INFINITY;

function world(options: Partial<LimiterOptions> = {}) {
  let time = 1_000_000;
  const limiter = openLimiter({
    now: () => time,
    sleep: async (ms) => {
      time += ms;
    },
    random: () => 1 - Number.EPSILON,
    ratePerSecond: 1,
    ...options,
  });
  const pass = (ms: number) => {
    time += ms;
  };
  return { limiter, now: () => time - 1_000_000, pass };
}

test('the first call goes at once, the next ones a second apart', async () => {
  const { limiter, now } = world();
  const at: number[] = [];
  for (let i = 0; i < 4; i++) {
    await limiter.turn(FOREVER);
    at.push(now());
  }
  expect(at).toEqual([0, 1000, 2000, 3000]);
});

test('a process that wakes late sends the next one a whole second after, not sooner', async () => {
  let time = 0;
  let late = 40;
  const sleep = async (ms: number): Promise<void> => {
    time += ms + late;
    late = 0;
  };
  const limiter = openLimiter({ now: () => time, sleep, random: () => 0.5, ratePerSecond: 1 });
  const at: number[] = [];
  for (let i = 0; i < 3; i += 1) {
    await limiter.turn(FOREVER);
    at.push(time);
  }
  expect(at).toEqual([0, 1040, 2040]);
});

test('a pause in the work gives no burst afterwards', async () => {
  const { limiter, now, pass } = world();
  await limiter.turn(FOREVER);
  pass(60_000);
  await limiter.turn(FOREVER);
  await limiter.turn(FOREVER);
  expect(now()).toBe(61_000);
});

test('a turn that would come too late is not taken, and costs nothing', async () => {
  const { limiter, now } = world();
  await limiter.turn(FOREVER);
  expect(await limiter.turn(1_000_000 + 999)).toBe(false);
  expect(now()).toBe(0);
  expect(await limiter.turn(1_000_000 + 1001)).toBe(true);
  expect(now()).toBe(1000);
});

test('throttled: half the rate, and a pause that doubles up to half a minute', async () => {
  const { limiter, now } = world();
  const pauses: number[] = [];
  for (let i = 0; i < 6; i++) {
    await limiter.turn(FOREVER);
    const before = now();
    limiter.throttled();
    await limiter.turn(FOREVER);
    pauses.push(Math.round(now() - before));
  }
  expect(pauses).toEqual([2000, 4000, 8000, 16_000, 30_000, 30_000]);
  expect(limiter.rate()).toBe(0.1);
});

test('success brings the rate back to the configured one, and no higher', () => {
  const { limiter } = world();
  limiter.throttled();
  expect(limiter.rate()).toBe(0.5);
  for (let i = 0; i < 100; i++) limiter.succeeded();
  expect(limiter.rate()).toBe(1);
});

test('a higher rate is grown to only if it is allowed', () => {
  const { limiter } = world({ maxRatePerSecond: 3 });
  expect(limiter.rate()).toBe(1);
  for (let i = 0; i < 100; i++) limiter.succeeded();
  expect(limiter.rate()).toBe(3);
});

test('whatever happens, two turns are never closer than the rate allows, and the rate stays within its bounds', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom('ok', 'throttled', 'wait'), { maxLength: 60 }), async (events) => {
      const { limiter, now, pass } = world({ maxRatePerSecond: 2 });
      let last = Number.NEGATIVE_INFINITY;
      for (const event of events) {
        if (event === 'wait') pass(700);
        await limiter.turn(FOREVER);
        expect(now() - last).toBeGreaterThanOrEqual(499);
        last = now();
        if (event === 'throttled') limiter.throttled();
        else limiter.succeeded();
        expect(limiter.rate()).toBeGreaterThanOrEqual(0.1);
        expect(limiter.rate()).toBeLessThanOrEqual(2);
      }
    }),
  );
});
