// The ledger beside other branches.
import type { Target } from '../../lambda/model/identity.ts';
import type { Report } from '../../lambda/model/report.ts';
import { runSweep, type SweepPlan } from '../../lambda/sweep/run-sweep.ts';
import { easyIdentity, SmallWorld, TARGET } from '../sweep/small-world.ts';
import { TARGETS, TwoWaysWorld } from '../steps/two-ways.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const EMPTY: Target = { ...TARGET, region: 'us-east-1' as Target['region'] };

async function sweep(small: SmallWorld, afterMs: number, plan: Partial<SweepPlan> = {}): Promise<Report> {
  small.now += afterMs;
  const outcome = await runSweep(small.plan({ targets: [TARGET, EMPTY], ...plan }), small.world());
  if (outcome.kind !== 'swept') throw new Error('held');
  return outcome.report;
}

test('inventoryEvery made shorter counts for empty targets as well', async () => {
  const small = new SmallWorld();
  small.identities = [easyIdentity('one.example')];
  small.publish(...small.identities);
  await sweep(small, 0, { inventoryEveryMs: 24 * HOUR });
  small.identities.push(easyIdentity('three.example', EMPTY));
  small.publish(...small.identities);
  const report = await sweep(small, 2 * HOUR, { inventoryEveryMs: HOUR });
  expect(report.targets[1]).toMatchObject({ identities: 1 });
});

test('from step functions back to one function: whom the runs found in an empty target is not taken for deleted', async () => {
  const world = new TwoWaysWorld();
  const [A, B] = TARGETS as readonly [Target, Target];
  world.identities = [easyIdentity('a.example', A)];
  world.publish(...world.identities);
  await world.asOne();
  // The empty target is listed again by one function: only the ledger says so.
  world.now += HOUR;
  await world.asOne();
  world.now += 30 * MINUTE;
  const lost = easyIdentity('b.example', B);
  world.identities.push(lost);
  await world.bySteps();
  world.now += 5 * MINUTE;
  await world.bySteps();
  const opened = world.sent.length;
  world.now += 5 * MINUTE;
  await world.asOne();
  const events = world.sent.map(({ event, subject }) => `${event} ${subject}`);
  expect({ opened, events: events.slice(opened), targets: world.left().report.targets[1].identities }).toEqual({ opened, events: [], targets: 1 });
});
