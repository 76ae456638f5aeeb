// One estate swept both ways: by one function and by the state machine. Reports, alerts, messages and memories are the same, byte for byte.
import type { Identity, Target } from '../../lambda/model/identity.ts';
import type { Report } from '../../lambda/model/report.ts';
import { STEPS_CUT } from '../../lambda/settings.ts';
import { easyIdentity } from '../sweep/small-world.ts';
import { changed, ONE, SMALL_CUT, TARGETS, TWO, TwoWaysWorld, target } from './two-ways.ts';

const MINUTE = 60_000;
const [A, B, C, D] = TARGETS as readonly [Target, Target, Target, Target];

/** Eight identities in the first target, so that it is swept in parts; one domain in three targets, a replica, an address. */
function estate(): Identity[] {
  const shared = [A, C, D].map((where) => easyIdentity('shared.example', where));
  const replica = changed(easyIdentity('shop.example', B), { method: 'deed', parentRegion: A.region });
  const address: Identity = {
    ...easyIdentity('d2.example', A),
    identity: 'news@d2.example',
    type: 'address',
    method: 'none',
    tokens: [],
  };
  return [
    ...['d1.example', 'd2.example', 'd3.example', 'd4.example', 'd5.example', 'shop.example'].map((name) => easyIdentity(name, A)),
    address,
    ...shared,
    replica,
    ...['b1.example', 'b2.example'].map((name) => easyIdentity(name, B)),
    easyIdentity('c1.example', C),
  ];
}

const lose = (world: TwoWaysWorld, domain: string): void => void world.cnames.delete(`${'a'.repeat(32)}._domainkey.${domain}`);
const find = (world: TwoWaysWorld, where: Target, name: string): number =>
  world.identities.findIndex((one) => one.identity === name && one.account === where.account && one.region === where.region);
function change(world: TwoWaysWorld, where: Target, name: string, how: (identity: Identity) => Identity): void {
  const i = find(world, where, name);
  world.identities[i] = how(world.identities[i] as Identity);
}
const unsigned = (identity: Identity): Identity => ({ ...identity, ses: { ...identity.ses, status: 'NOT_STARTED', signing: false } });

/** What happens to the estate between sweeps, and how long after the last one. */
const STORY: readonly { readonly what: string; readonly after: number; readonly how: (world: TwoWaysWorld) => void }[] = [
  {
    what: 'the first sight, with one domain broken',
    after: 0,
    how: (world) => {
      world.identities = estate();
      world.publish(...world.identities);
      lose(world, 'd5.example');
    },
  },
  { what: 'nothing new', after: 5, how: () => {} },
  {
    what: 'records are lost in a part of the large target, in a small one, and of a family of replicas',
    after: 5,
    how: (world) => {
      lose(world, 'd4.example');
      lose(world, 'b1.example');
      lose(world, 'shop.example');
    },
  },
  {
    what: 'an hour later: set up otherwise in another account, an address that signs for itself, new and deleted identities, a target that refuses',
    after: 61,
    how: (world) => {
      change(world, D, 'shared.example', unsigned);
      change(world, A, 'news@d2.example', unsigned);
      world.identities = world.identities.filter(({ identity }) => identity !== 'd1.example');
      world.identities.push(easyIdentity('d6.example', A));
      world.publish(...world.identities.slice(-1));
      world.refused.add(`${C.account}/${C.region}`);
    },
  },
  {
    what: 'the memory of a target cannot be written, and servers are silent',
    after: 5,
    how: (world) => {
      world.broken.add(`${B.account}/${B.region}`);
      world.silent.add('192.0.2.1');
      world.silent.add('192.0.2.2');
    },
  },
  {
    what: 'all is mended',
    after: 61,
    how: (world) => {
      world.broken.clear();
      world.silent.clear();
      world.refused.clear();
      world.publish(...world.identities);
      change(world, D, 'shared.example', (identity) => easyIdentity(identity.identity, D));
    },
  },
  { what: 'and seen well once more', after: 5, how: () => {} },
];

describe('one estate, both ways', () => {
  const one = new TwoWaysWorld();
  const steps = new TwoWaysWorld();

  test.each(STORY)('$what', async ({ after, how }) => {
    for (const world of [one, steps]) {
      world.now += after * MINUTE;
      how(world);
    }
    const troubles = await one.asOne();
    // Nobody has counted the targets yet: a large one would only be listed (test/steps/uncounted.test.ts).
    const run = await steps.bySteps({}, after === 0 ? STEPS_CUT : SMALL_CUT);
    expect(run.status).toBe(troubles.length === 0 ? 'SUCCEEDED' : 'FAILED');
    if (troubles.length > 0) expect(run.output).toBe(`The run ended, but: ${troubles.join(' · ')}`);
    expect(JSON.stringify(steps.sent)).toBe(JSON.stringify(one.sent));
    expect(steps.left()).toEqual(one.left());
    expect(JSON.stringify(steps.left().report)).toBe(JSON.stringify(one.left().report));
  });

  test('the story told what it was to tell, and went by parts', () => {
    expect(one.sent.map(({ event }) => event)).toEqual([...Array(5).fill('opened'), ...Array(4).fill('recovered')]);
    expect([...steps.blobs.keys()].filter((key) => /^runs\/run-7\/reports\/0-\d$/.test(key))).toHaveLength(3);
    expect([...one.blobs.keys()].filter((key) => key.startsWith('runs/'))).toEqual([]);
  });
});

test('a domain that is set up otherwise in another account is one finding, whichever pieces its targets were in', async () => {
  const world = new TwoWaysWorld();
  world.identities = estate();
  world.publish(...world.identities);
  await world.bySteps({}, STEPS_CUT);
  change(world, D, 'shared.example', unsigned);
  world.now += 61 * MINUTE;
  await world.bySteps();
  const { findings, identities } = world.kept('reports/latest') as Report;
  expect(findings.filter(({ kind }) => kind === 'setup-differs')).toMatchObject([
    { targets: [{ account: TWO, region: 'us-east-1' }, { account: ONE }, { account: TWO, region: 'eu-west-1' }] },
  ]);
  expect(identities.filter(({ identity }) => identity === 'shared.example')).toHaveLength(3);
});

test('a family of replicas over two pieces has one alert', async () => {
  const world = new TwoWaysWorld();
  world.identities = estate();
  world.publish(...world.identities);
  await world.bySteps({}, STEPS_CUT);
  world.now += 5 * MINUTE;
  lose(world, 'shop.example');
  await world.bySteps();
  expect(Object.keys(world.kept('alerts/deployment').alerts)).toEqual([`${ONE}/deed/shop.example`]);
  expect(world.sent.at(-1)?.email).toContain('eu-west-1');
  expect(world.sent.at(-1)?.email).toContain('us-east-1');
});

test('targets that are cut differently are reported in the same order', async () => {
  const world = new TwoWaysWorld();
  world.identities = estate();
  world.publish(...world.identities);
  await world.bySteps({}, STEPS_CUT);
  const { targets } = world.kept('reports/latest') as Report;
  expect(targets.map(({ account, region }) => target(account, region))).toEqual(TARGETS);
});
