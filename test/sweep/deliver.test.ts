// Exits beside the main topic: each failure is that exit's alone, what it missed comes later under the same id and in order, and nothing twice.
import type { Message } from '../../lambda/model/message.ts';
import { runSweep } from '../../lambda/sweep/run-sweep.ts';
import { events, everywhere, FAILED, lose, MINUTE, outboxOf, ROUTE, restore, troublesOf, world } from './with-exits.ts';

test('each message goes wherever it belongs, and its end to all who heard of it', async () => {
  const small = await world(everywhere());
  lose(small, 'one.team.example');
  lose(small, 'else.example');
  await small.sweep();
  restore(small);
  await small.sweep();
  const both = ['opened', 'opened', 'recovered', 'recovered'];
  expect(events(small.sent)).toEqual(both);
  expect(events(small.exits.get('bus'))).toEqual(both);
  expect(events(small.exits.get('critical'))).toEqual(both);
  expect(events(small.exits.get('team'))).toEqual(['opened', 'recovered']);
});

test('an exit that fails stops no other; it gets what it missed in the next sweep, under the same id, once', async () => {
  const small = await world(everywhere());
  small.deaf.add('team');
  lose(small, 'one.team.example');
  expect(await troublesOf(small.sweep())).toEqual([expect.stringContaining('could not be published to team (opened')]);
  expect(events(small.sent)).toEqual(['opened']);
  expect(events(small.exits.get('critical'))).toEqual(['opened']);
  small.deaf.clear();
  expect(await troublesOf(small.sweep())).toEqual([]);
  await small.sweep();
  expect(small.exits.get('team')?.map(({ messageId }) => messageId)).toEqual(small.sent.map(({ messageId }) => messageId));
  expect(small.sent).toHaveLength(1);
  expect(outboxOf(small).unsent).toEqual([]);
});

test('an exit that missed the beginning hears it before the end', async () => {
  const small = await world(everywhere());
  small.deaf.add('team');
  lose(small, 'one.team.example');
  await small.sweep();
  restore(small);
  await small.sweep();
  small.deaf.clear();
  await small.sweep();
  expect(events(small.exits.get('team'))).toEqual(['opened', 'recovered']);
});

test('an exit that comes back in the middle of a sweep still hears the beginning first', async () => {
  const small = await world(everywhere());
  lose(small, 'one.team.example');
  let calls = 0;
  const sweep = async () => {
    small.now += 5 * MINUTE;
    const plan = small.plan();
    const sweepWorld = small.world();
    const exits = sweepWorld.channel.exits?.map((exit) => ({
      id: exit.id,
      publish: async (m: Message) => {
        if (exit.id === 'team') calls += 1;
        return exit.id === 'team' && calls <= 2 ? FAILED : exit.publish(m);
      },
    }));
    const channel = { ...sweepWorld.channel, exits: exits ?? [] };
    await runSweep({ ...plan, policy: { ...plan.policy, routing: everywhere() } }, { ...sweepWorld, channel });
  };
  await sweep();
  restore(small);
  await sweep();
  await sweep();
  expect(events(small.exits.get('team'))).toEqual(['opened', 'recovered']);
});

test('who heard of an alert hears its end, though no route leads there any more', async () => {
  const small = await world(everywhere());
  lose(small, 'one.team.example');
  await small.sweep();
  restore(small);
  small.now += 5 * MINUTE;
  const plan = small.plan();
  const elsewhere = everywhere([{ ...ROUTE, identities: ['nobody.example'] }]);
  await runSweep({ ...plan, policy: { ...plan.policy, routing: elsewhere } }, small.world());
  expect(events(small.exits.get('team'))).toEqual(['opened', 'recovered']);
});

test('while the main topic fails nothing is told, but the exits hear of it once', async () => {
  const small = await world(everywhere());
  small.publishFails = true;
  lose(small, 'one.team.example');
  for (let sweeps = 0; sweeps < 3; sweeps += 1) await small.sweep();
  expect(events(small.exits.get('team'))).toEqual(['opened']);
  small.publishFails = false;
  await small.sweep();
  await small.sweep();
  expect(events(small.sent)).toEqual(['opened']);
  for (const id of ['bus', 'critical', 'team']) expect(events(small.exits.get(id))).toEqual(['opened']);
  expect(outboxOf(small).taken).toEqual([]);
});

test("a route by the identity's tags: only the tags it asks for are remembered, and its end comes too when SES no longer tells them", async () => {
  const small = await world(everywhere([{ ...ROUTE, identities: [], tags: { team: 'web' } }]));
  small.identities = small.identities.map((one, i) => ({ ...one, tags: { team: i === 0 ? 'web' : 'mail', secret: 'not needed' } }));
  lose(small, 'one.team.example');
  lose(small, 'two.team.example');
  // SES is read hourly.
  small.now += 60 * MINUTE;
  await small.sweep();
  expect(small.exits.get('team')).toMatchObject([{ event: 'opened', domains: ['one.team.example'] }]);
  const remembered = small.blobs.get('alerts/deployment')?.text ?? '';
  expect(remembered).toContain('"tags":{"team":"web"}');
  expect(remembered).not.toContain('not needed');
  small.identities = small.identities.slice(1);
  small.now += 60 * MINUTE;
  await small.sweep();
  expect(events(small.exits.get('team'))).toEqual(['opened', 'expired']);
});

describe('an exclusive route', () => {
  const exclusive = everywhere([{ ...ROUTE, exclusive: true }]);

  test('has its messages for itself', async () => {
    const small = await world(exclusive);
    lose(small, 'one.team.example');
    await small.sweep();
    expect(events(small.sent)).toEqual([]);
    expect(events(small.exits.get('team'))).toEqual(['opened']);
    await small.sweep();
    expect(events(small.exits.get('team'))).toEqual(['opened']);
  });

  test('that fails leaves them to the main topic, which then also hears how it ends', async () => {
    const small = await world(exclusive);
    small.deaf.add('team');
    lose(small, 'one.team.example');
    await small.sweep();
    expect(events(small.sent)).toEqual(['opened']);
    small.deaf.clear();
    restore(small);
    await small.sweep();
    expect(events(small.sent)).toEqual(['opened', 'recovered']);
    expect(events(small.exits.get('team'))).toEqual(['opened', 'recovered']);
  });
});
