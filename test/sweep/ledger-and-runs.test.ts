// One function and the state machine by turns, over one memory: what the ledger of the one says is not believed against what the other saw.
import type { Target } from '../../lambda/model/identity.ts';
import { TARGETS, TwoWaysWorld } from '../steps/two-ways.ts';
import { easyIdentity } from './small-world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const [A, B] = TARGETS as readonly [Target, Target];
const LEDGER = 'ledger/deployment';

/** Somebody in the first target; the second is noted as empty by one function, which listed it again. */
async function emptyByOne(): Promise<TwoWaysWorld> {
  const world = new TwoWaysWorld();
  world.identities = [easyIdentity('a.example', A)];
  world.publish(...world.identities);
  await world.asOne();
  world.now += HOUR;
  await world.asOne();
  world.now += 30 * MINUTE;
  return world;
}

const inSecond = (world: TwoWaysWorld): unknown => world.left().report.targets[1].identities;

test('whom a run finds in an empty target, and an alert is open about, is not taken for deleted by one function', async () => {
  const world = await emptyByOne();
  world.identities.push(easyIdentity('b.example', B));
  await world.bySteps();
  world.now += 5 * MINUTE;
  await world.bySteps();
  const told = world.sent.length;
  expect(told).toBeGreaterThan(0);
  world.now += 5 * MINUTE;
  await world.asOne();
  expect({ more: world.sent.slice(told), identities: inSecond(world) }).toEqual({ more: [], identities: 1 });
});

test('nor is one who is well', async () => {
  const world = await emptyByOne();
  world.identities.push(easyIdentity('b.example', B));
  world.publish(...world.identities);
  await world.bySteps();
  world.now += 5 * MINUTE;
  await world.asOne();
  expect(inSecond(world)).toBe(1);
});

test('a run takes what is said of empty targets out of the ledger, and keeps the rest', async () => {
  const world = await emptyByOne();
  const kinds = (): readonly string[] =>
    Object.values(world.kept(LEDGER).targets as Record<string, { kind: string }>).map(({ kind }) => kind);
  expect(kinds()).toEqual(['quiet', 'empty', 'empty', 'empty']);
  await world.bySteps();
  expect(kinds()).toEqual(['quiet']);
});

test('where the ledger says empty all the same, an open alert speaks against it', async () => {
  const world = await emptyByOne();
  const { [LEDGER]: before } = Object.fromEntries(world.blobs);
  if (before === undefined) throw new Error('there is no ledger');
  world.identities.push(easyIdentity('b.example', B));
  await world.bySteps();
  world.now += 5 * MINUTE;
  await world.bySteps();
  world.blobs.set(LEDGER, before);
  const told = world.sent.length;
  world.now += 5 * MINUTE;
  await world.asOne();
  expect({ more: world.sent.slice(told), identities: inSecond(world) }).toEqual({ more: [], identities: 1 });
});
