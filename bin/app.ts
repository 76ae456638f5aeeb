// The CDK app that plain `cdk deploy` runs: the monitor alone.
import { App } from 'aws-cdk-lib';
import { readDeployment } from '../lib/deployment.ts';
import { MonitorStack } from '../lib/monitor-stack.ts';
import { MONITOR_NAME } from '../lib/props.ts';

const app = new App();
const { CDK_DEFAULT_ACCOUNT: account, CDK_DEFAULT_REGION: region } = process.env;
const deployment = readDeployment(process.cwd(), app.node.tryGetContext('config'), account, region);
if (!deployment.ok) {
  process.stderr.write(deployment.message);
  process.exit(1);
}
new MonitorStack(app, MONITOR_NAME, {
  ...deployment,
  env: { ...(account && { account }), ...(region && { region }) },
});
