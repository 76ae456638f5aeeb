// The CDK app for every other account: npx cdk deploy --app "npx tsx bin/member.ts" -c hub=111111111111 -c externalId=…
import { App } from 'aws-cdk-lib';
import { readMemberContext } from '../lib/member-context.ts';
import { MEMBER_STACK_NAME, MemberRoleStack } from '../lib/member-role-stack.ts';

const app = new App();
const context = readMemberContext(app.node.getAllContext() as Readonly<Record<string, unknown>>);
if (!context.ok) {
  process.stderr.write(context.message);
  process.exit(1);
}
new MemberRoleStack(app, MEMBER_STACK_NAME, context.value);
