// Early checks where there are exits beside the main topic: the same exits, the same outbox, under the lease; what waits is the sweeps' to try.
import type { Focus } from '../../lambda/model/focus.ts';
import type { Memory } from '../../lambda/sweep/ports.ts';
import { runEarlyCheck } from '../../lambda/sweep/run-early-check.ts';
import { runSweep } from '../../lambda/sweep/run-sweep.ts';
import { changed, EarlyWorld, MINUTE, TARGETS } from './early-world.ts';
import { events, everywhere, outboxOf, ROUTE } from './with-exits.ts';

const DOMAIN = 'one.team.example';
const OUTBOX = 'outbox/deployment';

class WithExits extends EarlyWorld {
  routing = everywhere();

  static async ready(): Promise<WithExits> {
    const small = new WithExits();
    const { identities, cnames } = await EarlyWorld.introduced(DOMAIN, 'else.example');
    small.identities = identities;
    for (const [name, target] of cnames) small.cnames.set(name, target);
    for (const id of ['bus', 'critical', 'team']) small.exits.set(id, []);
    await small.sweep();
    for (const got of [small.sent, ...small.exits.values()]) got.length = 0;
    small.now += 5 * MINUTE;
    return small;
  }

  override sweep() {
    const plan = this.plan({ targets: TARGETS });
    return runSweep({ ...plan, policy: { ...plan.policy, routing: this.routing } }, this.world());
  }

  override early(focus: Focus) {
    const { until: _until, leaseUntil: _leaseUntil, toPaste: _toPaste, ...plan } = this.plan({ targets: TARGETS });
    const policy = { ...plan.policy, routing: this.routing };
    const bounds = { lookMs: 3 * MINUTE, concludeMs: MINUTE, beginUntil: this.now + 5 * MINUTE };
    return runEarlyCheck({ ...plan, ...bounds, policy, owner: `early-${this.now}`, focus }, this.world());
  }

  got(): Readonly<Record<string, readonly string[]>> {
    return { main: events(this.sent), ...Object.fromEntries([...this.exits].map(([id, got]) => [id, events(got)])) };
  }
}

test('what an early check tells goes wherever a sweep would send it, its end too, and the next sweep repeats nothing', async () => {
  const small = await WithExits.ready();
  small.lose(DOMAIN);
  expect(await small.early(changed(DOMAIN))).toMatchObject({ told: 1, troubles: [] });
  const opened = { main: ['opened'], bus: ['opened'], critical: ['opened'], team: ['opened'] };
  expect(small.got()).toEqual(opened);
  small.now += MINUTE;
  await small.sweep();
  expect(small.got()).toEqual(opened);
  small.publish(...small.identities);
  small.now += MINUTE;
  await small.early(changed(DOMAIN));
  const both = ['opened', 'recovered'];
  expect(small.got()).toEqual({ main: both, bus: both, critical: both, team: both });
});

test("a route by the identity's tags is found by an early check too", async () => {
  const small = await WithExits.ready();
  small.routing = everywhere([{ ...ROUTE, identities: [], tags: { team: 'web' } }]);
  small.identities = small.identities.map((one) => (one.identity === DOMAIN ? { ...one, tags: { team: 'web' } } : one));
  small.now += 60 * MINUTE;
  await small.sweep();
  for (const domain of [DOMAIN, 'else.example']) small.lose(domain);
  await small.early(changed(DOMAIN, 'else.example'));
  expect(small.got()).toMatchObject({ main: ['opened', 'opened'], team: ['opened'] });
});

test('an exit that fails is no trouble of the early check: it would come back for nothing; the next sweep tries again, and says so', async () => {
  const small = await WithExits.ready();
  small.deaf.add('team');
  small.lose(DOMAIN);
  expect(await small.early(changed(DOMAIN))).toMatchObject({ told: 1, troubles: [] });
  expect(outboxOf(small).unsent).toMatchObject([{ exit: 'team', message: { event: 'opened' } }]);
  small.now += MINUTE;
  expect(await small.sweep()).toMatchObject({ troubles: [expect.stringContaining('could not be published to team')] });
  small.deaf.clear();
  small.now += 5 * MINUTE;
  expect(await small.sweep()).toMatchObject({ troubles: [] });
  expect(small.got()).toEqual({ main: ['opened'], bus: ['opened'], critical: ['opened'], team: ['opened'] });
});

test('what waits from a sweep is left to the next one, and the end of it stands behind it', async () => {
  const small = await WithExits.ready();
  small.deaf.add('team');
  small.lose(DOMAIN);
  await small.sweep();
  small.deaf.clear();
  small.publish(...small.identities);
  small.now += MINUTE;
  expect(await small.early(changed(DOMAIN))).toMatchObject({ told: 1, troubles: [] });
  expect(small.got()).toMatchObject({ main: ['opened', 'recovered'], team: [] });
  small.now += 4 * MINUTE;
  await small.sweep();
  expect(small.got()).toMatchObject({ main: ['opened', 'recovered'], team: ['opened', 'recovered'] });
});

test('what nobody keeps is a trouble of the early check: no sweep would know of it', async () => {
  const small = await WithExits.ready();
  const { memory } = small.world();
  const read: Memory['read'] = async (key, schema) =>
    key === OUTBOX ? { kind: 'unreadable', detail: 'It is damaged.' } : memory.read(key, schema);
  small.instead = { memory: { ...memory, read } };
  small.lose('else.example');
  // Nothing is lost: the sweeps alarm.
  expect(await small.early(changed('else.example'))).toMatchObject({ told: 1, troubles: [] });
  small.deaf.add('team');
  small.lose(DOMAIN);
  const { troubles } = (await small.early(changed(DOMAIN))) as { readonly troubles: readonly string[] };
  expect(troubles).toEqual([expect.stringMatching(/^A message could not be published to team \(opened, .*\): team is down$/)]);
});

test.each(['sweep', 'early'] as const)('%s: the outbox is read and written under the lease alone', async (which) => {
  const small = await WithExits.ready();
  const { memory } = small.world();
  const heldAt: boolean[] = [];
  const note = (key: string): void => {
    if (key === OUTBOX) heldAt.push(small.blob<{ until: number }>('lease/deployment').until > small.now);
  };
  small.instead = {
    memory: {
      read: (key, schema) => {
        note(key);
        return memory.read(key, schema);
      },
      write: (key, value, expected) => {
        note(key);
        return memory.write(key, value, expected);
      },
    },
  };
  small.lose(DOMAIN);
  await (which === 'sweep' ? small.sweep() : small.early(changed(DOMAIN)));
  expect(heldAt.length).toBeGreaterThanOrEqual(2);
  expect(heldAt).not.toContain(false);
});

test('a sweep that begins in the middle of an early check waits, and then finds what it kept', async () => {
  const small = await WithExits.ready();
  small.deaf.add('team');
  small.lose(DOMAIN);
  const bare = small.world();
  let sweep: ReturnType<WithExits['sweep']> | undefined;
  const publish: typeof bare.channel.publish = async (message) => {
    // The lease is held by the early check here.
    small.instead = {};
    sweep ??= small.sweep();
    return bare.channel.publish(message);
  };
  small.instead = { channel: { ...bare.channel, publish } };
  await small.early(changed(DOMAIN));
  small.deaf.clear();
  expect(await sweep).toMatchObject({ kind: 'swept', troubles: [] });
  expect(small.got()).toEqual({ main: ['opened'], bus: ['opened'], critical: ['opened'], team: ['opened'] });
});
