// The AwsSolutions rules of cdk-nag: kept, or broken with a reason (lib/acknowledged-rules.ts).
import { AwsSolutionsChecks } from 'cdk-nag';
import { memberStack, monitorStack, testApp } from './stacks.ts';

test('no rule is broken without a reason', () => {
  const app = testApp();
  monitorStack(undefined, app);
  memberStack(app);
  const { violations } = new AwsSolutionsChecks(app).validateScope(app);
  expect(
    violations.map(({ ruleName, violatingResources }) => `${ruleName} at ${violatingResources.map((r) => r.constructPath).join(', ')}`),
  ).toEqual([]);
});
