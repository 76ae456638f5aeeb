// A first run, and one after a piece that failed: nobody has counted the targets.
import { STEPS_CUT } from '../../lambda/settings.ts';
import { makeItems } from '../../lambda/steps/make-items.ts';
import { easyIdentity } from '../sweep/small-world.ts';
import { ONE, TARGETS, target, TwoWaysWorld } from '../steps/two-ways.ts';

const REGIONS = ['us-east-1','us-east-2','us-west-1','us-west-2','eu-west-1','eu-west-2','eu-west-3','eu-central-1','eu-north-1','ap-south-1','ap-northeast-1','ap-northeast-2','ap-northeast-3','ap-southeast-1','ap-southeast-2','sa-east-1','ca-central-1'];

test('17 regions that nobody has counted are not one piece', () => {
  const items = makeItems(REGIONS.map((region) => target(ONE, region)), new Map(), STEPS_CUT, false);
  expect(items.length).toBeGreaterThan(1);
});

test('a large target whose inventory step failed once is cut by what is remembered of it, not swept whole with its neighbours', async () => {
  const [A] = TARGETS as readonly [(typeof TARGETS)[0]];
  const world = new TwoWaysWorld();
  world.identities = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => easyIdentity(`${name}.example`, A));
  world.publish(...world.identities);
  await world.bySteps();
  world.now += 300_000;
  world.crash.add('inventory 0');
  await world.bySteps();
  world.crash.clear();
  world.now += 300_000;
  const run = await world.bySteps();
  expect(run.entered).toContain('Sweep one part');
});

test('first run: a piece of uncounted targets that dies (too much for one function) is cut otherwise the next time', async () => {
  const world = new TwoWaysWorld();
  world.identities = TARGETS.flatMap((where) => ['a', 'b', 'c'].map((name) => easyIdentity(`${name}${where.account[0]}${where.region[0]}.example`, where)));
  world.publish(...world.identities);
  const pieces: unknown[] = [];
  for (let i = 0; i < 4; i += 1) {
    // Whoever holds two targets or more runs out of memory.
    world.crash.add('target 0');
    world.crash.add('target 1');
    await world.bySteps();
    pieces.push(world.lists.get(`runs/run-${i + 1}/items.json`));
    world.now += 300_000;
  }
  const shape = (list: unknown) => (list as readonly { targets?: readonly unknown[] }[]).map(({ targets }) => targets?.length);
  expect(shape(pieces[3])).not.toEqual(shape(pieces[0]));
});
