import { takeLease, takeLeaseForSweep, waitForLease } from '../../lambda/sweep/lease.ts';
import { SmallWorld, START } from './small-world.ts';

const memory = () => new SmallWorld().world().memory;
const MINUTES = 60_000;

test('the second sweep finds the lease held, and gets it once it is released', async () => {
  const store = memory();
  const first = await takeLease(store, 'first', START, START + 15 * MINUTES);
  expect(first.kind).toBe('taken');
  expect(await takeLease(store, 'second', START + 5 * MINUTES, START + 20 * MINUTES)).toMatchObject({ kind: 'held', owner: 'first' });
  if (first.kind === 'taken') await first.release();
  expect((await takeLease(store, 'second', START + 5 * MINUTES, START + 20 * MINUTES)).kind).toBe('taken');
});

test('a killed sweep frees the lease when its invocation would have ended', async () => {
  const store = memory();
  await takeLease(store, 'killed', START, START + 15 * MINUTES);
  expect((await takeLease(store, 'next', START + 15 * MINUTES, START + 30 * MINUTES)).kind).toBe('taken');
});

test('two that start at the same moment: one wins', async () => {
  const store = memory();
  const both = await Promise.all(['a', 'b'].map((owner) => takeLease(store, owner, START, START + MINUTES)));
  expect(both.map(({ kind }) => kind).sort()).toEqual(['held', 'taken']);
});

test('a lease far in the future is a damaged clock, not a sweep', async () => {
  const store = memory();
  await store.write('lease/deployment', { schema: 1, owner: 'ghost', until: START + 1e12 } as { schema: number }, 'absent');
  expect((await takeLease(store, 'me', START, START + MINUTES)).kind).toBe('taken');
});

test('a damaged lease names no holder: it is written anew', async () => {
  const store = memory();
  await store.write('lease/deployment', { schema: 1, owner: 'somebody', until: START + MINUTES } as { schema: number }, 'absent');
  const damaged = { ...store, read: async () => ({ kind: 'unreadable' as const, detail: 'It is not JSON.' }) };
  expect((await takeLease(damaged, 'me', START, START + MINUTES)).kind).toBe('taken');
});

test('the retry of one invocation takes its own lease again', async () => {
  const store = memory();
  await takeLease(store, 'same', START, START + 15 * MINUTES);
  expect((await takeLease(store, 'same', START + MINUTES, START + 15 * MINUTES)).kind).toBe('taken');
});

/** Time that passes when everybody sleeps: the earliest sleeper wakes next. */
function virtualTime(): { readonly clock: () => number; readonly sleep: (ms: number) => Promise<void> } {
  let now = START;
  const sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  const wakeNext = (): void => {
    sleepers.sort((a, b) => a.at - b.at);
    const next = sleepers.shift();
    if (next === undefined) return;
    now = Math.max(now, next.at);
    next.wake();
  };
  return {
    clock: () => now,
    sleep: (ms) =>
      new Promise((wake) => {
        sleepers.push({ at: now + ms, wake });
        setImmediate(wakeNext);
      }),
  };
}

test('however many early checks queue up, a sweep that waits comes right after the one that runs', async () => {
  const store = memory();
  const { clock, sleep } = virtualTime();
  const order: string[] = [];
  const work = async (owner: string, early: boolean, startsAfter: number): Promise<void> => {
    await sleep(startsAfter);
    const take = () => takeLease(store, owner, clock(), clock() + 5 * MINUTES, { early: true });
    const waitUntil = clock() + 5 * MINUTES;
    const lease = early
      ? await waitForLease(take, { clock, sleep, everyMs: 15_000, until: waitUntil, worthIt: () => true })
      : await takeLeaseForSweep(store, { owner, leaseUntil: clock() + 15 * MINUTES, waitUntil }, { clock, sleep });
    if (lease.kind === 'held') return;
    order.push(owner);
    await sleep(50_000);
    await lease.release();
  };
  // Two early checks at a time, as the queue starts them, and a sweep that is due in the midst of the first.
  const queue = async (name: string): Promise<void> => {
    for (let i = 0; i < 4; i += 1) await work(`${name}${i}`, true, 10);
  };
  await Promise.all([queue('a'), queue('b'), work('sweep', false, 20_000)]);
  expect(order[1]).toBe('sweep');
  expect(order).toHaveLength(9);
});

test('a sweep that was killed while it waited keeps early checks away only until it would have given up', async () => {
  const store = memory();
  await store.write('lease/sweep-waits', { schema: 1, owner: 'killed', until: START + 5 * MINUTES } as { schema: number }, 'absent');
  const early = (now: number) => takeLease(store, 'early', now, now + MINUTES, { early: true });
  expect(await early(START + MINUTES)).toEqual({ kind: 'held', owner: 'killed', until: START + 5 * MINUTES });
  expect((await early(START + 5 * MINUTES)).kind).toBe('taken');
});
