// What exits missed is kept within bounds: in number, in time, in tries; damaged, it is left alone; without exits, it is not there.
import type { Message } from '../../lambda/model/message.ts';
import { OUTBOX_KEY } from '../../lambda/sweep/blobs.ts';
import { MAX_UNSENT } from '../../lambda/sweep/outbox.ts';
import { runSweep } from '../../lambda/sweep/run-sweep.ts';
import { easyIdentity, SmallWorld } from './small-world.ts';
import { events, everywhere, FAILED, lose, MINUTE, outboxOf, restore, troublesOf, world } from './with-exits.ts';

test('an exit that fails is asked twice in a sweep at most, however much there is to tell', async () => {
  const small = await world(everywhere());
  for (const { domain } of small.identities) lose(small, String(domain));
  let calls = 0;
  const sweep = async () => {
    small.now += 5 * MINUTE;
    calls = 0;
    const plan = small.plan();
    const sweepWorld = small.world();
    const publish = async () => {
      calls += 1;
      return FAILED;
    };
    const bus = { id: 'bus', publish };
    await runSweep(
      { ...plan, policy: { ...plan.policy, routing: everywhere() } },
      { ...sweepWorld, channel: { ...sweepWorld.channel, exits: [bus] } },
    );
  };
  await sweep();
  expect(small.sent).toHaveLength(3);
  expect(calls).toBe(2);
  await sweep();
  expect(calls).toBe(1);
  expect(outboxOf(small).unsent).toHaveLength(3);
});

test('what an exit misses is bounded in number and in time', async () => {
  const small = await world(everywhere());
  small.deaf.add('bus');
  for (let i = 0; i < MAX_UNSENT + 5; i += 1) {
    lose(small, 'else.example');
    await small.sweep();
    restore(small);
    await small.sweep();
  }
  expect(outboxOf(small).unsent.length).toBeLessThanOrEqual(MAX_UNSENT);
  small.now += 25 * 60 * MINUTE;
  const troubles = await troublesOf(small.sweep());
  expect(troubles.filter((trouble) => trouble.includes('was given up after a day')).length).toBeGreaterThan(0);
  expect(outboxOf(small).unsent.filter(({ since }) => small.now - Date.parse(since) > 24 * 60 * MINUTE)).toEqual([]);
});

test('one message that an exit always refuses does not hold up the others', async () => {
  const small = await world(everywhere());
  small.deaf.add('bus');
  lose(small, 'one.team.example');
  lose(small, 'else.example');
  await small.sweep();
  const [poison] = outboxOf(small).unsent;
  small.deaf.clear();
  const sweepWorld = small.world();
  const bus = sweepWorld.channel.exits?.find(({ id }) => id === 'bus');
  const picky = { id: 'bus', publish: async (m: Message) => (m.messageId === poison?.message.messageId ? FAILED : bus?.publish(m)) };
  const exits = [picky as NonNullable<typeof bus>];
  for (let sweeps = 0; sweeps < 3; sweeps += 1) {
    small.now += 5 * MINUTE;
    const plan = small.plan();
    const channel = { ...sweepWorld.channel, exits };
    await runSweep({ ...plan, policy: { ...plan.policy, routing: everywhere() } }, { ...sweepWorld, channel });
  }
  expect(small.exits.get('bus')).toHaveLength(1);
  expect(outboxOf(small).unsent.map(({ message }) => message.messageId)).toEqual([poison?.message.messageId]);
});

test('what cannot be read is not overwritten, and is said', async () => {
  const small = await world(everywhere());
  lose(small, 'one.team.example');
  const sweepWorld = small.world();
  const memory = {
    ...sweepWorld.memory,
    read: async (key: string, schema: number) =>
      key === OUTBOX_KEY ? ({ kind: 'unreadable', detail: 'It is damaged.' } as const) : sweepWorld.memory.read(key, schema),
  };
  const before = small.blobs.get(OUTBOX_KEY);
  const plan = small.plan();
  const outcome = runSweep({ ...plan, policy: { ...plan.policy, routing: everywhere() } }, { ...sweepWorld, memory });
  expect(await troublesOf(outcome)).toEqual([expect.stringContaining('It is damaged.')]);
  expect(small.blobs.get(OUTBOX_KEY)).toEqual(before);
  expect(events(small.exits.get('team'))).toEqual(['opened']);
});

test('without exits nothing is read or written for them', async () => {
  const small = new SmallWorld();
  small.identities = [easyIdentity('one.example')];
  small.publish(...small.identities);
  await runSweep(small.plan(), small.world());
  expect([...small.blobs.keys()]).not.toContain(OUTBOX_KEY);
});
