// When a sweep says that its estate outgrows one function.
import type { TargetReport } from '../../lambda/model/report.ts';
import { METRICS } from '../../lambda/sweep/metrics.ts';
import { type Limits, nearLimits } from '../../lambda/sweep/near-limits.ts';
import { runSweep } from '../../lambda/sweep/run-sweep.ts';
import type { MetricValues } from '../../lambda/sweep/sweep-metrics.ts';
import { easyIdentity, SmallWorld, TARGET } from './small-world.ts';

const MIB = 1024 * 1024;
const limits = (usedMiB = 200): Limits => ({ timeMs: 900_000, memoryBytes: 768 * MIB, memoryUsed: () => usedMiB * MIB });
const target = (more: Partial<TargetReport> = {}): TargetReport => ({
  ...TARGET,
  inventoryComplete: true,
  results: [],
  unread: [],
  ...more,
});
const healthy = (count: number) => ({ besides: { healthy: count, watched: count, fresh: 0 } });

test.each([
  ['a small estate in a short sweep', [target()], 60_000, limits(), []],
  ['60 % of the time is not yet near', [target()], 540_000, limits(), []],
  ['more than 60 % of the time', [target()], 541_000, limits(), ['time: 541 of 900 s']],
  [
    'an inventory that is read for the first time takes long for the sake of SES',
    [target({ inventoryComplete: false, ...healthy(9) })],
    600_000,
    limits(),
    [],
  ],
  [
    'a region that is off is no inventory to wait for',
    [target(), target({ inventoryComplete: false })],
    600_000,
    limits(),
    ['time: 600 of 900 s'],
  ],
  ['memory', [target()], 1_000, limits(700), ['memory: 700 of 768 MiB']],
  ['targets', Array(1_501).fill(target()), 1_000, limits(), ['targets: 1501']],
  ['identities', [target(healthy(50_001))], 1_000, limits(), ['identities: 50001']],
])('%s', (_what, targets, tookMs, given, expected) => {
  expect(nearLimits(targets, tookMs, given)).toEqual(expected);
});

test('it is one line that names the setting, and a metric; a sweep that is far from it says nothing', async () => {
  const small = new SmallWorld();
  small.identities = [easyIdentity('one.example')];
  small.publish(...small.identities);
  const written: MetricValues[] = [];
  const sweep = async (usedMiB: number) => {
    small.now += 300_000;
    await runSweep(small.plan({ limits: limits(usedMiB) }), { ...small.world(), metrics: (values) => void written.push(values) });
  };
  await sweep(200);
  expect(small.log.filter(({ event }) => event === 'near-limits')).toEqual([]);
  await sweep(760);
  expect(small.log.filter(({ event }) => event === 'near-limits').map(({ fields }) => fields)).toEqual([
    { near: 'memory: 760 of 768 MiB', advice: expect.stringContaining('"scale": "step-functions"') },
  ]);
  expect(written.map((values) => values[METRICS.nearLimits])).toEqual([undefined, 1]);
});
