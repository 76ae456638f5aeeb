import { takeLease } from '../../lambda/sweep/lease.ts';
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
