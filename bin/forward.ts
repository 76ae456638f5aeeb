// The CDK app for each further region whose events should start early checks: npx cdk deploy --app "npx tsx bin/forward.ts" -c hub=111111111111 -c forwardTo=REGION
import { App } from 'aws-cdk-lib';
import { FORWARD_STACK_NAME, ForwardStack } from '../lib/forwarding.ts';
import { readForwardContext } from '../lib/member-context.ts';

const app = new App();
const context = readForwardContext(app.node.getAllContext() as Readonly<Record<string, unknown>>);
if (!context.ok) {
  process.stderr.write(context.message);
  process.exit(1);
}
new ForwardStack(app, FORWARD_STACK_NAME, context.value);
