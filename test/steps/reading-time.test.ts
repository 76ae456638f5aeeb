// How long the step may take that reads SES for a large target: it is alone in its invocation, but all parts of the run's end wait for it.
import { STEPS_CUT } from '../../lambda/settings.ts';
import { easyIdentity } from '../sweep/small-world.ts';
import { ONE, TARGETS, TwoWaysWorld } from './two-ways.ts';

const MINUTE = 60_000;
const [A] = TARGETS as readonly [(typeof TARGETS)[0]];
const KEY = `inventory/${ONE}/eu-west-1`;

/** Milliseconds that the second run gave the reading of the large target, an hour after the first. `damage` is done to its inventory in between. */
async function given(damage: object): Promise<number | undefined> {
  const world = new TwoWaysWorld();
  world.identities = ['a', 'b', 'c', 'd', 'e'].map((name) => easyIdentity(`${name}.example`, A));
  world.publish(...world.identities);
  await world.bySteps({}, STEPS_CUT);
  const blob = world.kept(KEY);
  world.blobs.set(KEY, { version: 'damaged', text: JSON.stringify({ ...blob, inventory: { ...blob.inventory, ...damage } }) });
  world.now += 61 * MINUTE;
  let until: number | undefined;
  const open = world.world.bind(world);
  world.world = () => {
    const inner = open();
    const refresh: typeof inner.inventory.refresh = async (target, previous, end, ...rest) => {
      if (target.region === A.region && target.account === A.account) until = end;
      return await inner.inventory.refresh(target, previous, end, ...rest);
    };
    return { ...inner, inventory: { ...inner.inventory, refresh } };
  };
  await world.bySteps();
  return until === undefined ? undefined : until - world.now;
}

test('a listing that is not complete gets its share of the step', async () => {
  expect(await given({ complete: false })).toBe(9 * MINUTE);
});

test('a refresh gets its share of the schedule, since all others wait for it', async () => {
  expect(await given({})).toBe(3 * MINUTE);
});
