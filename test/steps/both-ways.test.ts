// One estate swept both ways: by one function and by the state machine. Reports, alerts, messages and memories are the same, byte for byte.
import type { Target } from '../../lambda/model/identity.ts';
import type { Report } from '../../lambda/model/report.ts';
import { STEPS_CUT } from '../../lambda/settings.ts';
import { change, EXITS, estate, lose, STORY, TOLD, unsigned } from './story.ts';
import { ONE, SMALL_CUT, TARGETS, TWO, TwoWaysWorld, target } from './two-ways.ts';

const MINUTE = 60_000;
const [, , , D] = TARGETS as readonly [Target, Target, Target, Target];

describe('one estate, both ways', () => {
  const one = new TwoWaysWorld();
  const steps = new TwoWaysWorld();
  for (const world of [one, steps]) for (const exit of EXITS) world.exits.set(exit, []);
  const report = () => steps.kept('reports/latest') as Report;
  /** After each sweep, how many messages wait for an exit that takes nothing. */
  const waited: number[] = [];

  test.each(STORY)('$what', async ({ after, how }) => {
    for (const world of [one, steps]) {
      world.now += after * MINUTE;
      how(world);
    }
    const troubles = await one.asOne(TOLD);
    // Nobody has counted the targets yet: a large one would only be listed (test/steps/uncounted.test.ts).
    const run = await steps.bySteps(TOLD, after === 0 ? STEPS_CUT : SMALL_CUT);
    expect(run.status).toBe(troubles.length === 0 ? 'SUCCEEDED' : 'FAILED');
    if (troubles.length > 0) expect(run.output).toBe(`The run ended, but: ${troubles.join(' · ')}`);
    expect(JSON.stringify(steps.sent)).toBe(JSON.stringify(one.sent));
    expect(JSON.stringify([...steps.exits])).toBe(JSON.stringify([...one.exits]));
    expect(steps.left()).toEqual(one.left());
    expect(JSON.stringify(steps.left().report)).toBe(JSON.stringify(one.left().report));
    waited.push(steps.kept('outbox/deployment').unsent.length);
  });

  test('the story told what it was to tell, and went by parts', () => {
    expect(one.sent.map(({ event }) => event)).toEqual([
      ...Array(5).fill('opened'),
      ...Array(4).fill('recovered'),
      'digest',
      ...Array(2).fill('opened'),
      ...Array(2).fill('reopened'),
      'expired',
    ]);
    expect([...steps.blobs.keys()].filter((key) => /^runs\/run-7\/reports\/0-\d$/.test(key))).toHaveLength(3);
    expect([...one.blobs.keys()].filter((key) => key.startsWith('runs/'))).toEqual([]);
  });

  test('an exit missed a message and got it later; the muted domain is told of nowhere', () => {
    expect(waited).toEqual([...Array(7).fill(0), 1, ...Array(5).fill(0)]);
    expect([...one.exits].map(([id, got]) => [id, got.length])).toEqual([
      ['critical', 11],
      ['event-bus', 15],
    ]);
    expect(one.sent.filter(({ domains }) => domains?.includes('d2.example') === true).map(({ severity }) => severity)).toEqual(
      // Of its address that goes unsigned, before.
      ['warning'],
    );
    const muted = report().identities.filter(({ findings }) => findings.some((finding) => finding.muted === true));
    expect(muted.map(({ identity, diagnosis }) => [identity, diagnosis])).toEqual([['d2.example', 'healthy']]);
  });

  test('whose details no part came to is remembered as changed, and unknown until then', () => {
    const { names } = steps.kept(`inventory/${ONE}/eu-west-1`).inventory.pending;
    expect(names).toMatchObject([
      { identity: 'a0.example', why: 'changed' },
      { identity: 'd7.example', why: 'new' },
    ]);
    const of = (name: string) => report().identities.find(({ identity }) => identity === name);
    expect(of('a0.example')).toMatchObject({ provisional: true, diagnosis: 'unknown', unknown: { reason: 'not-read' } });
    expect(of('d7.example')).toMatchObject({ provisional: true, diagnosis: 'healthy' });
    expect(of('d8.example')).toMatchObject({ diagnosis: 'broken' });
    expect(report().targets[0]).toMatchObject({ undetailed: 2 });
  });

  test('what Organizations said is in the report and in the troubles, and who was suspended is watched no more', () => {
    expect(report().organization).toMatchObject({ skipped: [{ account: TWO, state: 'SUSPENDED' }], unknown: ['ou-ab12-nothere1'] });
    expect(report().targets.map(({ account }) => account)).toEqual([ONE, ONE]);
    expect(one.sent.at(-1)).toMatchObject({ event: 'expired', account: TWO });
    expect(one.sent.at(-1)?.email).toContain('suspended or closed');
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
