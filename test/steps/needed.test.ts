// What the last step of a run leaves out changes no decision: planned over all results, or over those that are needed, it is the same plan.
import * as fc from 'fast-check';
import { planAlerts } from '../../lambda/alerts/plan.ts';
import type { AlertMemory } from '../../lambda/model/alert.ts';
import type { Identity } from '../../lambda/model/identity.ts';
import { knownIn, type TargetReport } from '../../lambda/model/report.ts';
import { nameBits } from '../../lambda/steps/name-bits.ts';
import { sorters } from '../../lambda/steps/needed.ts';
import { identityLines, targetLine } from '../../lambda/sweep/sweep-lines.ts';
import { sweepTargets, targetPlanOf } from '../../lambda/sweep/sweep-targets.ts';
import { easyIdentity } from '../sweep/small-world.ts';
import { changed, TARGETS, TwoWaysWorld } from './two-ways.ts';

const NAMES = ['a.example', 'b.example', 'c.example', 'd.example'];

/** What one identity does in one sweep. */
const fate = fc.constantFrom('well', 'well', 'well', 'lost', 'gone');

/** Targets with every name, as replicas in every other one, over some sweeps. */
const story = fc.array(fc.array(fc.array(fate, { minLength: 4, maxLength: 4 }), { minLength: 3, maxLength: 3 }), {
  minLength: 2,
  maxLength: 5,
});

function identityAt(name: string, place: number): Identity {
  const target = TARGETS[place] as (typeof TARGETS)[0];
  const own = easyIdentity(`${place === 1 ? 'deed-' : ''}${name}`, target);
  // The second target holds replicas of the first one's domains.
  return place === 1 ? changed(easyIdentity(name, target), { method: 'deed' }) : own;
}

function reduced(reports: readonly TargetReport[], memory: AlertMemory): readonly TargetReport[] {
  const troubled = nameBits(2 ** 16);
  for (const { results } of reports)
    for (const { identity, diagnosis } of results)
      if (diagnosis.kind !== 'healthy') troubled.add(`${identity.account}/${identity.identity}`);
  const sorter = sorters(memory, (name) => troubled.mayHave(name));
  return reports.map((report) => {
    const one = sorter();
    const results = one.sort(report.results);
    const besides = one.besides();
    return { ...report, results, ...(besides === undefined ? {} : { besides }) };
  });
}

test('the plan of alerts is the same', async () => {
  await fc.assert(
    fc.asyncProperty(story, async (sweeps) => {
      const world = new TwoWaysWorld();
      let memory: AlertMemory = { schema: 1, alerts: {}, introduced: {}, firstSeen: {}, unreadableSince: {}, brakedLastSweep: false };
      let leftOut = 0;
      for (const sweep of sweeps) {
        world.now += 61 * 60_000;
        world.cnames.clear();
        world.identities = sweep.flatMap((fates, place) =>
          NAMES.flatMap((name, i) => (fates[i] === 'gone' ? [] : [identityAt(name, place)])),
        );
        world.publish(...world.identities);
        sweep.forEach((fates, place) => {
          NAMES.forEach((name, i) => {
            if (fates[i] === 'lost') world.cnames.delete(`${'a'.repeat(32)}._domainkey.${identityAt(name, place).domain}`);
          });
        });
        const plan = world.plan({ targets: TARGETS });
        const now = new Date(world.now).toISOString();
        const reports = await sweepTargets(TARGETS, targetPlanOf(plan, memory, world.now, now), world.world());
        const few = reduced(reports, memory);
        const input = {
          configuredTargets: TARGETS,
          targetFindings: [],
          memory,
          policy: plan.policy,
          audience: { kind: 'known', confirmed: 1 } as const,
          controlFailed: false,
          now,
        };
        const whole = planAlerts({ ...input, reports });
        expect(planAlerts({ ...input, reports: few })).toEqual(whole);
        const lines = { keyOf: ({ identity }: { identity: string }) => identity, rotation: 0 };
        expect(identityLines(few, lines)).toEqual(identityLines(reports, lines));
        expect(few.map(knownIn)).toEqual(reports.map(knownIn));
        leftOut += few.reduce((sum, { besides }) => sum + (besides?.healthy ?? 0), 0);
        memory = whole.memoryBefore;
      }
      // Where it left out nothing it would show nothing.
      fc.pre(leftOut > 0);
    }),
    { numRuns: 15 },
  );
});

test('of a large estate that is well, next to nothing is held', async () => {
  const world = new TwoWaysWorld();
  world.identities = Array.from({ length: 3_000 }, (_, i) => easyIdentity(`d${i}.example`, TARGETS[0] as (typeof TARGETS)[0]));
  world.publish(...world.identities);
  const plan = world.plan({ targets: TARGETS });
  const memory: AlertMemory = { schema: 1, alerts: {}, introduced: {}, firstSeen: {}, unreadableSince: {}, brakedLastSweep: false };
  const now = new Date(world.now).toISOString();
  const reports = await sweepTargets(TARGETS, targetPlanOf(plan, memory, world.now, now), world.world());
  const few = reduced(reports, memory);
  // As many as there may be lines about new ones.
  expect(few.flatMap(({ results }) => results)).toHaveLength(200);
  expect(few[0]?.besides).toMatchObject({ healthy: 2_800, watched: 2_800, fresh: 2_800 });
  expect(identityLines(few, { keyOf: () => '', rotation: 0 }).of).toBe(3_000);
  expect(targetLine(reports[0] as TargetReport)).toMatchObject({ healthy: 3_000 });
});

test('the set of names forgets none', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.domain(), { maxLength: 300 }), (names) => {
      const bits = nameBits(2 ** 12);
      for (const name of names) bits.add(name);
      expect(names.every((name) => bits.mayHave(name))).toBe(true);
    }),
  );
  const bits = nameBits();
  bits.add('a.example');
  expect(bits.mayHave('b.example')).toBe(false);
});
