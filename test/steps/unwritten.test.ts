// What a run does not write: each write is charged, and of thousands of targets most are as they were.
import { easyIdentity } from '../sweep/small-world.ts';
import { ONE, TARGETS, TWO, TwoWaysWorld } from './two-ways.ts';

const MINUTE = 60_000;
const [A] = TARGETS as readonly [(typeof TARGETS)[0]];

test('of targets that hold nobody a run writes neither history nor inventory, and of no piece delegations that it knew', async () => {
  const world = new TwoWaysWorld();
  world.identities = [easyIdentity('a.example', A)];
  world.publish(...world.identities);
  const versions = () => new Map([...world.blobs].map(([key, { version }]) => [key, version]));
  for (let i = 0; i < 2; i += 1) {
    await world.bySteps();
    world.now += 5 * MINUTE;
  }
  const before = versions();
  await world.bySteps();
  const written = [...versions()].filter(([key, version]) => before.get(key) !== version).map(([key]) => key);
  expect(written.filter((key) => /^(history|inventory|zones|sizes)\//.test(key))).toEqual([`history/${ONE}/eu-west-1`]);
  expect([...before.keys()]).toContain(`history/${TWO}/us-east-1`);
});
