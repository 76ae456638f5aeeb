// Parts of a message about many over sweeps: each route hears its own, once, from the beginning to the end and when it comes back; nothing is told to nobody.
import { runSweep } from '../../lambda/sweep/run-sweep.ts';
import { easyIdentity } from './small-world.ts';
import { events, everywhere, lose, MINUTE, outboxOf, ROUTE, restore, troublesOf, world } from './with-exits.ts';

const TEAM = ['one.team.example', 'two.team.example'];
const OTHERS = ['else.example', 'other.example', 'third.example', 'fourth.example'];
const crowded = async (routing = everywhere()) => {
  const small = await world(routing);
  small.identities = [...TEAM, ...OTHERS].map((domain) => easyIdentity(domain));
  restore(small);
  // SES is read hourly.
  small.now += 60 * MINUTE;
  await small.sweep();
  return small;
};
const namedIn = (messages: readonly { readonly domains?: readonly string[] }[] = []) => messages.map(({ domains }) => domains);

test('a group that began for a route ends for it when its own are well, and the main topic has the whole', async () => {
  const small = await crowded();
  for (const domain of [...TEAM, ...OTHERS]) lose(small, domain);
  expect(await troublesOf(small.sweep())).toEqual([]);
  expect(namedIn(small.sent)).toEqual([[...TEAM, ...OTHERS].sort()]);
  expect(namedIn(small.exits.get('team'))).toEqual([TEAM]);
  expect(namedIn(small.exits.get('critical'))).toEqual([[...TEAM, ...OTHERS].sort()]);
  small.publish(...small.identities.slice(0, 3));
  small.now += 60 * MINUTE;
  await small.sweep();
  expect(events(small.sent)).toEqual(['opened', 'changed']);
  expect(events(small.exits.get('team'))).toEqual(['opened', 'recovered']);
  restore(small);
  await small.sweep();
  expect(events(small.sent)).toEqual(['opened', 'changed', 'recovered']);
  expect(events(small.exits.get('team'))).toEqual(['opened', 'recovered']);
  expect(events(small.exits.get('critical'))).toEqual(['opened', 'changed', 'recovered']);
  const threads = [small.sent, ...small.exits.values()].flat().map(({ chat }) => JSON.parse(chat).metadata.threadId);
  expect(new Set(threads).size).toBe(1);
});

test('parts that go to exclusive routes alone: if one of them misses its own, the main topic has the whole', async () => {
  const two = everywhere([
    { ...ROUTE, exclusive: true },
    { ...ROUTE, exit: 'others', identities: OTHERS, exclusive: true },
  ]);
  for (const deaf of [undefined, 'others']) {
    const small = await crowded(two);
    small.exits.set('others', []);
    if (deaf !== undefined) small.deaf.add(deaf);
    for (const domain of [...TEAM, ...OTHERS]) lose(small, domain);
    await small.sweep();
    expect(namedIn(small.exits.get('team'))).toEqual([TEAM]);
    expect(events(small.sent)).toEqual(deaf === undefined ? [] : ['opened']);
    small.deaf.clear();
    await small.sweep();
    expect(namedIn(small.exits.get('others'))).toEqual([[...OTHERS].sort()]);
    expect(small.sent).toHaveLength(deaf === undefined ? 0 : 1);
  }
});

test('while the main topic fails a route has its part once', async () => {
  const small = await crowded();
  small.publishFails = true;
  for (const domain of [...TEAM, ...OTHERS]) lose(small, domain);
  for (let sweeps = 0; sweeps < 3; sweeps += 1) await small.sweep();
  small.publishFails = false;
  await small.sweep();
  expect(events(small.exits.get('team'))).toEqual(['opened']);
  expect(outboxOf(small).taken).toEqual([]);
});

test('who heard of an alert that ended hears that it is back, under the same id, though no route leads there any more', async () => {
  const small = await world(everywhere());
  lose(small, 'one.team.example');
  await small.sweep();
  restore(small);
  await small.sweep();
  expect(events(small.exits.get('team'))).toEqual(['opened', 'recovered']);
  // A sweep in which it is over and nothing is told: what was heard of it must outlive that.
  await small.sweep();
  expect(Object.values(outboxOf(small).heard)).toEqual([expect.arrayContaining(['team'])]);
  lose(small, 'one.team.example');
  small.now += 5 * MINUTE;
  const plan = small.plan();
  const elsewhere = everywhere([{ ...ROUTE, identities: ['nobody.example'] }]);
  await runSweep({ ...plan, policy: { ...plan.policy, routing: elsewhere } }, small.world());
  expect(events(small.exits.get('team'))).toEqual(['opened', 'recovered', 'reopened']);
  expect(new Set(small.exits.get('team')?.map(({ alertId }) => alertId)).size).toBe(1);
  // A day after its end it is forgotten.
  restore(small);
  for (const hours of [1, 3, 30]) {
    small.now += hours * 60 * MINUTE;
    await small.sweep();
  }
  expect(outboxOf(small).heard).toEqual({});
});
