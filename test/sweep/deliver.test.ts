// Exits beside the main topic: each failure is that exit's alone, what it missed comes later under the same id and in order, and nothing twice.
import type { Message } from '../../lambda/model/alert.ts';
import type { Routing } from '../../lambda/model/policy.ts';
import { OUTBOX_KEY } from '../../lambda/sweep/blobs.ts';
import { MAX_UNSENT, type Outbox } from '../../lambda/sweep/outbox.ts';
import { runSweep } from '../../lambda/sweep/run-sweep.ts';
import { easyIdentity, SmallWorld } from './small-world.ts';

const MINUTE = 60_000;
const ROUTE = { exit: 'team', accounts: [], regions: [], identities: ['*.team.example'], tags: {}, exclusive: false };
const everywhere = (routes: Routing['routes'] = [ROUTE]): Routing => ({ everything: ['bus'], critical: ['critical'], routes });

/** A world whose first summary was told, with three exits. */
async function world(routing: Routing): Promise<SmallWorld & { readonly sweep: () => ReturnType<typeof runSweep> }> {
  const small = new SmallWorld();
  for (const id of ['bus', 'critical', 'team']) small.exits.set(id, []);
  small.identities = ['one.team.example', 'two.team.example', 'else.example'].map((domain) => easyIdentity(domain));
  small.publish(...small.identities);
  const sweep = async () => {
    small.now += 5 * MINUTE;
    const plan = small.plan();
    return runSweep({ ...plan, policy: { ...plan.policy, routing } }, small.world());
  };
  await sweep();
  for (const got of [small.sent, ...small.exits.values()]) got.length = 0;
  return Object.assign(small, { sweep });
}

const lose = (small: SmallWorld, domain: string): void => void small.cnames.delete(`${'a'.repeat(32)}._domainkey.${domain}`);
const restore = (small: SmallWorld): void => small.publish(...small.identities);
const events = (messages: readonly Message[] = []): readonly string[] => messages.map(({ event }) => event);
const outboxOf = (small: SmallWorld): Outbox => JSON.parse(small.blobs.get(OUTBOX_KEY)?.text ?? '{"unsent":[]}');
const troublesOf = async (outcome: ReturnType<typeof runSweep>): Promise<readonly string[]> => {
  const done = await outcome;
  return done.kind === 'swept' ? done.troubles : ['held'];
};

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

const FAILED = { kind: 'failed', detail: 'Refused.' } as const;

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
