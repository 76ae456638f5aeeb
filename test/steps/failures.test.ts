// What a run does when one of its steps does not: nothing that nobody saw is ever taken for healthy or gone, and no lease outlives its run.
import type { Report } from '../../lambda/model/report.ts';
import { STEPS_CUT } from '../../lambda/settings.ts';
import { easyIdentity } from '../sweep/small-world.ts';
import { ONE, TARGETS, TwoWaysWorld } from './two-ways.ts';

const MINUTE = 60_000;
const [A, B, , D] = TARGETS as readonly [(typeof TARGETS)[0], (typeof TARGETS)[0], (typeof TARGETS)[0], (typeof TARGETS)[0]];
const NAMES = ['a.example', 'b.example', 'c.example', 'd.example', 'e.example', 'f.example', 'g.example'];

/** Seven domains in the first target, one in two others; the first sweep is over, so that the first target goes in three parts. */
async function swept(): Promise<TwoWaysWorld> {
  const world = new TwoWaysWorld();
  world.identities = [...NAMES.map((name) => easyIdentity(name, A)), easyIdentity('h.example', B), easyIdentity('i.example', D)];
  world.publish(...world.identities);
  await world.bySteps({}, STEPS_CUT);
  world.sent.length = 0;
  return world;
}

async function next(world: TwoWaysWorld, minutes = 5) {
  world.now += minutes * MINUTE;
  const run = await world.bySteps();
  return { run, report: world.kept('reports/latest') as Report };
}

const lose = (world: TwoWaysWorld, domain: string): void => void world.cnames.delete(`${'a'.repeat(32)}._domainkey.${domain}`);
const lease = (world: TwoWaysWorld) => world.kept('lease/deployment');

describe('a part that never comes to its end', () => {
  test('is tried again, and is a gap of its target; its identities are unknown, and the run fails at its very end', async () => {
    const world = await swept();
    world.crash.add('part 0 1');
    const { run, report } = await next(world);
    expect(run.entered.at(-1)).toBe('Conclude');
    expect(run.retried).toBe(2);
    expect(run.status).toBe('FAILED');
    expect(run.output).toContain('of its 3 parts 1 wrote no report');
    expect(report.targets[0]).toMatchObject({
      ...A,
      identities: 7,
      gap: { reason: 'error', detail: expect.stringContaining('failed in part') },
    });
    expect(
      report.identities.filter(({ diagnosis }) => diagnosis === 'unknown').map(({ identity, unknown }) => [identity, unknown?.reason]),
    ).toEqual(['d.example', 'e.example', 'f.example'].map((name) => [name, 'error']));
    expect(report.summary).toMatchObject({ healthy: 6, unknown: 3 });
  });

  test('closes no alert, forgets no history, and is over with the next run', async () => {
    const world = await swept();
    lose(world, 'e.example');
    await next(world);
    expect(world.sent.map(({ event }) => event)).toEqual(['opened']);
    const before = world.kept(`history/${ONE}/eu-west-1`).histories['e.example'];
    world.publish(...world.identities);
    world.crash.add('part 0 1');
    await next(world);
    expect(Object.keys(world.kept('alerts/deployment').alerts)).toContain(`${ONE}/eu-west-1/e.example`);
    expect(world.kept(`history/${ONE}/eu-west-1`).histories['e.example']).toEqual(before);
    world.crash.clear();
    const { run, report } = await next(world);
    expect(run.status).toBe('SUCCEEDED');
    expect(report.summary).toMatchObject({ healthy: 9, broken: 0, unknown: 0 });
    expect(world.sent.map(({ event }) => event)).toEqual(['opened', 'recovered']);
  });
});

test('a piece of small targets that fails is a gap of each of them, and of no other', async () => {
  const world = await swept();
  world.crash.add('target 1');
  const { run, report } = await next(world);
  expect(run.status).toBe('FAILED');
  expect(report.targets.map(({ gap }) => gap?.reason)).toEqual([undefined, 'error', 'error', undefined]);
  expect(report.targets[1]?.gap?.detail).toBe(
    'The sweep of this target failed: its part of the run wrote no report. Step Functions shows why.',
  );
});

test('a large target whose inventory cannot be read in time is a gap, and none of its parts is begun', async () => {
  const world = await swept();
  world.crash.add('inventory 0');
  const { run, report } = await next(world);
  expect(run.entered).not.toContain('Sweep one part');
  expect(report.targets[0]).toMatchObject({ identities: 0, gap: { reason: 'error' } });
});

test('damaged memory of a large target is a gap and an alarm, and stays as it is', async () => {
  const world = await swept();
  const key = `inventory/${ONE}/eu-west-1`;
  const { memory } = world.world();
  const open = world.world.bind(world);
  world.world = () => {
    const inner = open();
    return {
      ...inner,
      memory: {
        ...inner.memory,
        read: async (name: string, schema: number) =>
          name === key ? { kind: 'unreadable' as const, detail: `${key}: It is not JSON.` } : await inner.memory.read(name, schema),
      },
    };
  };
  const before = await memory.read(key, 1);
  const { report } = await next(world);
  expect(report.targets[0]?.gap?.detail).toContain('damaged');
  expect(await memory.read(key, 1)).toEqual(before);
});

describe('the lease', () => {
  test('is the run’s own until its last step, and free then', async () => {
    const world = await swept();
    world.now += 5 * MINUTE;
    await world.invoke({ step: 'plan', run: 'mine' });
    expect(lease(world)).toMatchObject({ owner: 'mine', until: world.now + 4_500_000 });
    const run = { id: 'mine', startedAt: new Date(world.now).toISOString(), until: world.now };
    await expect(world.invoke({ step: 'conclude', run })).rejects.toThrow('wrote no report');
    expect(lease(world)).toMatchObject({ owner: 'mine', until: 0 });
  });

  test('makes the next run end as held, with a line that says which run is under way; it looks at nothing', async () => {
    const world = await swept();
    await world.invoke({ step: 'plan', run: 'long' });
    const run = await world.bySteps();
    expect(run).toMatchObject({ status: 'SUCCEEDED', output: { outcome: 'held' }, entered: ['Plan', 'Is the last run over?', 'Held'] });
    expect(world.log.at(-1)).toMatchObject({
      event: 'sweep-skipped',
      fields: { holder: 'long', reason: expect.stringContaining('another run is still under way') },
    });
  });

  test('holds off the single function as well', async () => {
    const world = await swept();
    await world.invoke({ step: 'plan', run: 'long' });
    await expect(world.asOne()).rejects.toThrow('held');
  });

  test('is freed where the plan cannot be written', async () => {
    const world = await swept();
    const open = world.world.bind(world);
    world.world = () => {
      const inner = open();
      const write: typeof inner.memory.write = async (key, value, expected) => {
        if (key.startsWith('runs/')) throw new Error('The bucket refuses.');
        return await inner.memory.write(key, value, expected);
      };
      return { ...inner, memory: { ...inner.memory, write } };
    };
    await expect(world.invoke({ step: 'plan', run: 'mine' })).rejects.toThrow('The bucket refuses.');
    expect(lease(world)).toMatchObject({ owner: 'mine', until: 0 });
  });

  test('is freed where the last step fails', async () => {
    const world = await swept();
    await world.invoke({ step: 'plan', run: 'mine' });
    world.blobs.delete('runs/mine/plan');
    const run = { id: 'mine', startedAt: new Date(world.now).toISOString(), until: world.now };
    await expect(world.invoke({ step: 'conclude', run })).rejects.toThrow('The plan of the run mine is not there');
    expect(lease(world)).toMatchObject({ until: 0 });
  });

  test('of a run that was stopped is freed by the rule that hears of it; another’s is left alone', async () => {
    const world = await swept();
    await world.invoke({ step: 'plan', run: 'stopped' });
    await world.invoke({ step: 'release', run: 'an-older-one' });
    expect(lease(world).until).toBeGreaterThan(world.now);
    await world.invoke({ step: 'release', run: 'stopped' });
    expect(lease(world)).toMatchObject({ until: 0 });
  });
});

test('what begins after the run’s time asks nothing, and leaves unknowns, not silence', async () => {
  const world = await swept();
  world.now += 5 * MINUTE;
  const planned = (await world.invoke({ step: 'plan', run: 'late' })) as { readonly run: { readonly until: number }; readonly key: string };
  world.now = planned.run.until + 1;
  world.asked.length = 0;
  const [, small] = world.lists.get(planned.key) as readonly unknown[];
  await world.invoke({ step: 'target', run: planned.run, item: small });
  expect(world.asked).toEqual([]);
  expect(world.kept('runs/late/reports/1').targets[0].results[0].diagnosis).toMatchObject({ kind: 'unknown', reason: 'out-of-time' });
});

test('early checks and single sweeps go on as before where Step Functions runs the sweeps', async () => {
  const world = await swept();
  lose(world, 'b.example');
  world.now += 5 * MINUTE;
  expect(await world.asOne({ scale: 'step-functions' })).toEqual([]);
  expect(world.sent.map(({ event }) => event)).toEqual(['opened']);
});
