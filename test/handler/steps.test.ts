// The steps of a run through the real handler on the sandbox: one event a step, the bucket between them, mails at the end.

import { parseConfiguration } from '../../lambda/configuration.ts';
import { openDns } from '../../lambda/dns/open-dns.ts';
import { STEPS_CUT } from '../../lambda/settings.ts';
import { handleStep } from '../../lambda/step-handler.ts';
import type { Item, Run } from '../../lambda/steps/run.ts';
import { sweepPlan } from '../../lambda/sweep-plan.ts';
import type { SharedPace } from '../../lambda/wiring.ts';
import { BUCKET, firstLight, HOME, MEMBER, SHOP } from '../../sandbox/scenarios/first-light.ts';
import { TARGETS } from '../steps/two-ways.ts';
import { SmallWorld } from '../sweep/small-world.ts';
import { type SmallFunction, smallFunction } from './small-function.ts';

let fn: SmallFunction;
beforeAll(async () => {
  fn = await smallFunction({ scale: 'step-functions' });
}, 60_000);
afterAll(async () => {
  await fn.close();
});

interface Planned {
  readonly outcome: string;
  readonly run: Run;
  readonly bucket: string;
  readonly key: string;
}

/** All steps of one run, as the state machine orders them. */
async function run(name: string): Promise<unknown> {
  const planned = (await fn.step({ step: 'plan', run: name })) as Planned;
  if (planned.outcome !== 'planned') return planned;
  const items = JSON.parse(Buffer.from(fn.object(planned.key) ?? new Uint8Array()).toString('utf8')) as readonly Item[];
  for (const item of items) {
    if (item.kind === 'targets') await fn.step({ step: 'target', run: planned.run, item });
    else {
      await fn.step({ step: 'inventory', run: planned.run, item });
      for (const part of item.parts) await fn.step({ step: 'part', run: planned.run, item, part });
    }
  }
  return await fn.step({ step: 'conclude', run: planned.run });
}

test('plan, pieces, conclusion: every identity of both accounts, and the list is plain JSON in the bucket that Step Functions is told', async () => {
  expect(await run('run-1')).toMatchObject({ outcome: 'swept', healthy: 15, broken: 0, unknown: 0 });
  expect(JSON.parse(Buffer.from(fn.object('runs/run-1/items.json') ?? new Uint8Array()).toString('utf8'))).toMatchObject([
    {
      n: 0,
      kind: 'targets',
      targets: expect.arrayContaining([{ account: MEMBER, region: 'eu-west-1' }]),
      pace: { askers: 2, perServerPerSecond: 25 },
    },
    // Nobody has counted the targets yet: five share a piece.
    { n: 1, kind: 'targets' },
  ]);
  fn.mails();
}, 60_000);

test('a target in parts: real SES, DNS and S3 between its steps; the mail names the domain', async () => {
  await firstLight.steps[0]?.apply(fn.sandbox);
  const report = fn.blob('reports/latest') as { readonly targets: readonly { account: string; region: string; identities: number }[] };
  fn.keep('reports/latest', {
    ...report,
    targets: report.targets.map((one) => (one.account === HOME && one.region === 'eu-west-1' ? { ...one, identities: 5_000 } : one)),
  });
  expect(await run('run-2')).toMatchObject({ outcome: 'swept', healthy: 14, broken: 1, unknown: 0, told: 1 });
  expect(fn.blob('runs/run-2/reports/1-2')).toMatchObject({ schema: 1, results: [expect.anything()] });
  expect(fn.mails()).toEqual([expect.stringContaining(SHOP)]);
}, 60_000);

test('a plan beside a run that is under way is held', async () => {
  const planned = (await fn.step({ step: 'plan', run: 'run-3' })) as Planned;
  expect(planned).toMatchObject({ outcome: 'planned', bucket: BUCKET, key: 'runs/run-3/items.json' });
  expect(await run('run-4')).toEqual({ outcome: 'held' });
  expect(await fn.step({ step: 'release', run: 'run-3' })).toEqual({ outcome: 'released' });
  expect(await run('run-5')).toMatchObject({ outcome: 'swept' });
}, 60_000);

test('a bad step is refused before anything is opened', async () => {
  await expect(fn.step({ step: 'plan', run: '../x' })).rejects.toThrow('The name of a run');
});

test('each step opens the world at its share of the pace', async () => {
  const read = parseConfiguration({ ses: { callsPerSecond: 3 } });
  if (!read.ok) throw new Error('configuration');
  const given: (SharedPace | undefined)[] = [];
  const moment = { now: Date.now(), remainingMs: 900_000, owner: 'x' };
  const step = async (one: Parameters<typeof handleStep>[0]): Promise<void> => {
    await handleStep(one, {
      configuration: read.value,
      watched: async () => ({ targets: TARGETS, estate: { troubles: [] } }),
      moment,
      bucket: 'b',
      items: async () => {},
      cut: { ...STEPS_CUT, partsAtOnce: 2 },
      inWorld: async (_until, pace, work) => {
        given.push(pace);
        return await work(new SmallWorld().world());
      },
    }).catch(() => undefined);
  };
  const of: Run = { id: 'a', startedAt: new Date(moment.now).toISOString(), until: moment.now + 1_000 };
  const pace = { askers: 20, perServerPerSecond: 2.5, resolverPerSecond: 20 };
  const [target] = TARGETS;
  if (target === undefined) throw new Error('target');
  await step({ step: 'target', run: of, item: { n: 0, kind: 'targets', targets: [target], pace } });
  await step({ step: 'part', run: of, item: { n: 0, kind: 'large', target, parts: [0, 1, 2], pace }, part: 0 });
  await step({ step: 'conclude', run: of });
  const shared = { perServerPerSecond: 2.5, perServerAtOnce: 1, burst: 1, resolverPerSecond: 20 };
  expect(given).toEqual([shared, { ...shared, sesCallsPerSecond: 1.5 }, undefined]);
  expect(sweepPlan(read.value, TARGETS, moment).sesCallsPerSecond).toBe(3);
  // The room takes these very names.
  openDns({ resolvers: [], port: 53, allowPrivateNameServers: false, clock: Date.now, pace: shared }).close();
});
