// Targets that nobody has counted, or not for a while: they are not swept as if they were empty, and nobody in them counts as healthy before being looked at.
import type { Report } from '../../lambda/model/report.ts';
import { STEPS_CUT } from '../../lambda/settings.ts';
import { makeItems } from '../../lambda/steps/make-items.ts';
import { targetsOf } from '../../lambda/steps/run.ts';
import { easyIdentity } from '../sweep/small-world.ts';
import { ONE, TARGETS, TwoWaysWorld, target } from './two-ways.ts';

const [A, B] = TARGETS as readonly [(typeof TARGETS)[0], (typeof TARGETS)[0]];
const MINUTE = 60_000;
const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => `${name}.example`);
const MANY = Array.from({ length: 17 }, (_, i) => target(ONE, `eu-west-${i + 1}`));

/** Seven domains in the first target, of which one is broken, and two in the second. */
function firstDeployment(): TwoWaysWorld {
  const world = new TwoWaysWorld();
  world.identities = [...NAMES.map((name) => easyIdentity(name, A)), easyIdentity('h.example', B), easyIdentity('i.example', B)];
  world.publish(...world.identities);
  world.cnames.delete(`${'a'.repeat(32)}._domainkey.e.example`);
  return world;
}

async function next(world: TwoWaysWorld) {
  world.now += 5 * MINUTE;
  const run = await world.bySteps();
  return { run, report: world.kept('reports/latest') as Report };
}

const events = (world: TwoWaysWorld) => world.sent.map(({ event, domains }) => `${event} ${(domains ?? []).join(' ')}`);

describe('how they are cut', () => {
  test('17 regions that nobody has counted are in pieces of five', () => {
    const items = makeItems(MANY, new Map(), STEPS_CUT, false);
    expect(items.map((item) => targetsOf([item]).length)).toEqual([5, 5, 5, 2]);
  });

  test('one that nobody has counted keeps others away from its piece', () => {
    const counted = new Map(MANY.filter((_, i) => i !== 6).map(({ account, region }) => [`${account}/${region}`, 0]));
    expect(makeItems(MANY, counted, STEPS_CUT, false).map((item) => targetsOf([item]).length)).toEqual([6, 5, 6]);
  });

  test('whose piece failed shares the next with few, and is alone if it was never counted', () => {
    const keys = MANY.map(({ account, region }) => `${account}/${region}`);
    const lengths = (counted: readonly string[], failed: readonly string[]) =>
      makeItems(MANY, new Map(counted.map((key) => [key, 3])), STEPS_CUT, false, new Set(failed)).map((item) => targetsOf([item]).length);
    expect(lengths(keys, keys)).toEqual([5, 5, 5, 2]);
    expect(lengths([], keys)).toEqual(Array(17).fill(1));
  });
});

describe('the first run over an estate with a large target', () => {
  test('lists it, asks DNS nothing about it, tells nobody of it, and calls nobody in it healthy', async () => {
    const world = firstDeployment();
    const { run, report } = await next(world);
    expect(run.status).toBe('SUCCEEDED');
    expect(report.targets[0]).toMatchObject({ ...A, identities: 7, inventoryAt: expect.any(String) });
    expect(report.targets[0]).not.toHaveProperty('gap');
    expect(report.summary).toMatchObject({ healthy: 2, broken: 0, unknown: 7 });
    const there = report.identities.filter(({ region, account }) => region === A.region && account === A.account);
    expect(there.map(({ diagnosis, unknown }) => [diagnosis, unknown?.reason])).toEqual(NAMES.map(() => ['unknown', 'not-yet']));
    expect(world.asked.filter((question) => NAMES.some((name) => question.endsWith(name)))).toEqual([]);
    expect(world.kept('alerts/deployment').alerts).toEqual({});
  });

  test('the second looks at it in parts, and finds what is wrong', async () => {
    const world = firstDeployment();
    await next(world);
    world.sent.length = 0;
    const { run, report } = await next(world);
    expect(run.entered.filter((state) => state === 'Sweep one part')).toHaveLength(3);
    expect(report.summary).toMatchObject({ healthy: 8, broken: 1, unknown: 0 });
    expect(events(world)).toEqual(['opened e.example']);
  });
});

test('a target that has grown large is listed once: its open alert stays open, its histories stay', async () => {
  const world = firstDeployment();
  world.identities = world.identities.filter(({ identity }) => ['e.example', 'f.example', 'h.example', 'i.example'].includes(identity));
  await next(world);
  const before = world.kept(`history/${ONE}/eu-west-1`);
  world.sent.length = 0;
  world.identities.push(...['a', 'b', 'c', 'd', 'j'].map((name) => easyIdentity(`${name}.example`, A)));
  world.publish(...world.identities);
  world.now += 60 * MINUTE;
  const { report } = await next(world);
  expect(report.summary).toMatchObject({ healthy: 2, broken: 0, unknown: 7 });
  expect(events(world)).toEqual([]);
  expect(world.kept(`history/${ONE}/eu-west-1`)).toEqual(before);
  expect((await next(world)).report.summary).toMatchObject({ healthy: 9, unknown: 0 });
  expect(events(world)).toEqual(['recovered e.example']);
});

describe('a size once counted is kept', () => {
  test('over an inventory step that failed', async () => {
    const world = firstDeployment();
    await next(world);
    await next(world);
    world.crash.add('inventory 0');
    expect((await next(world)).report.targets[0]).toMatchObject({ identities: 0, gap: { reason: 'error' } });
    world.crash.clear();
    expect((await next(world)).run.entered).toContain('Sweep one part');
    expect(world.kept('sizes/deployment').targets).toEqual({});
  });

  test('over several failures in a row', async () => {
    const world = firstDeployment();
    await next(world);
    world.crash.add('inventory 0');
    for (let i = 0; i < 3; i += 1) await next(world);
    expect(world.kept('sizes/deployment').targets).toEqual({ [`${ONE}/eu-west-1`]: { identities: 7, failed: true } });
    world.crash.clear();
    expect((await next(world)).run.entered).toContain('Sweep one part');
  });
});

test('a piece of uncounted targets that dies, since it is too much for one function, is cut smaller the next time', async () => {
  const world = firstDeployment();
  world.crash.add('target 0').add('target 1');
  const shapes: unknown[] = [];
  for (let i = 1; i <= 2; i += 1) {
    await next(world);
    const items = world.lists.get(`runs/run-${i}/items.json`) as readonly { readonly targets?: readonly unknown[] }[];
    shapes.push(items.map(({ targets }) => targets?.length));
  }
  expect(shapes).toEqual([
    [2, 2],
    [1, 1, 1, 1],
  ]);
});

test('accounts that do not let us in answer, and are grouped as empty ones are: a role that is missing makes no piece of its own in each run', async () => {
  const world = firstDeployment();
  for (const { account, region } of TARGETS) world.refused.add(`${account}/${region}`);
  await next(world);
  expect(Object.values(world.kept('sizes/deployment').targets)).toEqual(Array(4).fill({ identities: 0 }));
});
