// What stands around runs of the state machine: alarms, doctor, and what they write.
import { RUN_ASK_SECONDS } from '../../lambda/settings.ts';
import { monitorStack, TemplateView } from '../lib/stacks.ts';
import { easyIdentity } from '../sweep/small-world.ts';
import { TARGETS, TwoWaysWorld } from '../steps/two-ways.ts';

test('a run that takes the time it is given does not ring did-not-run', () => {
  const view = new TemplateView(monitorStack({ scale: 'step-functions' }));
  const alarm = Object.values(view.resources('AWS::CloudWatch::Alarm')).find(({ AlarmName }) => AlarmName === 'ses-dkim-monitor-did-not-run');
  expect(alarm?.Period * alarm?.EvaluationPeriods).toBeGreaterThan(RUN_ASK_SECONDS + 480);
});

test('a run writes nothing of targets that hold nobody', async () => {
  const world = new TwoWaysWorld();
  const [A] = TARGETS as readonly [(typeof TARGETS)[0]];
  world.identities = [easyIdentity('a.example', A)];
  world.publish(...world.identities);
  await world.bySteps();
  world.now += 300_000;
  await world.bySteps();
  const before = new Map([...world.blobs].map(([key, { version }]) => [key, version]));
  world.now += 300_000;
  await world.bySteps();
  const written = [...world.blobs].filter(([key, { version }]) => /^(history|inventory)\//.test(key) && before.get(key) !== version).map(([key]) => key);
  expect(written.filter((key) => !key.includes('111111111111/eu-west-1'))).toEqual([]);
});
