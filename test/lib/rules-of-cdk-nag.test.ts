// The AwsSolutions rules of cdk-nag: kept, or broken with a reason (lib/acknowledged-rules.ts).
import { AwsSolutionsChecks } from 'cdk-nag';
import { EVERYTHING, memberStack, monitorStack, testApp, WHOLE_ORGANIZATION } from './stacks.ts';

test.each([
  ['accounts by name', EVERYTHING],
  ['an organisation', WHOLE_ORGANIZATION],
])('no rule is broken without a reason: %s', (_name, configuration) => {
  const app = testApp();
  monitorStack(configuration, app);
  memberStack(app);
  const { violations } = new AwsSolutionsChecks(app).validateScope(app);
  expect(
    violations.map(({ ruleName, violatingResources }) => `${ruleName} at ${violatingResources.map((r) => r.constructPath).join(', ')}`),
  ).toEqual([]);
});
