// Rules in another account or region that forward its events to the bus of the monitor, so that they start early checks there.
import { Aws, CfnOutput, type IStackSynthesizer, LegacyStackSynthesizer, Stack } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { EventBus as ToBus } from 'aws-cdk-lib/aws-events-targets';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { EVENT_BUS_NAME } from '../lambda/settings.ts';
import { triggerRules } from './trigger-patterns.ts';

export const FORWARD_STACK_NAME = 'ses-dkim-monitor-forward';

/** Where the monitor is. */
export interface Hub {
  readonly account: string;
  readonly region: string;
}

/** All events that can start an early check, from this account and region to the bus of the monitor. Rules that match nothing cost nothing. */
export class Forwarding extends Construct {
  constructor(scope: Construct, id: string, { account, region }: Hub) {
    super(scope, id);
    const arn = `arn:${Aws.PARTITION}:events:${region}:${account}:event-bus/${EVENT_BUS_NAME}`;
    // Its name is made by CloudFormation: a role is the account's, and there may be one such stack in each of its regions.
    const role = new Role(this, 'Role', {
      description: 'For EventBridge rules that forward events to ses-dkim-monitor. May do nothing else.',
      assumedBy: new ServicePrincipal('events.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } } }),
      inlinePolicies: {
        forward: new PolicyDocument({ statements: [new PolicyStatement({ actions: ['events:PutEvents'], resources: [arn] })] }),
      },
    });
    const bus = EventBus.fromEventBusArn(this, 'Bus', arn);
    for (const { id: name, description, pattern } of triggerRules({ health: true, advisor: true, cloudTrail: true }))
      new Rule(this, `On${name}`, {
        description: `${description} Forwarded to ses-dkim-monitor.`,
        eventPattern: pattern,
        targets: [new ToBus(bus, { role: role.withoutPolicyUpdates() })],
      });
  }
}

/** The forwarding alone: for each further region of an account, and for the regions of the monitor's own. */
export class ForwardStack extends Stack {
  constructor(scope: Construct, id: string, hub: Hub) {
    super(scope, id, {
      description: `Forwards events about SES identities and DNS records to ses-dkim-monitor in account ${hub.account}.`,
      // As the role in other accounts (member-role-stack.ts): works without `cdk bootstrap`.
      synthesizer: new LegacyStackSynthesizer() as IStackSynthesizer,
    });
    new Forwarding(this, 'Forwarding', hub);
    new CfnOutput(this, 'ForwardsTo', { value: `${hub.account}/${hub.region}`, description: 'Account and region of the monitor.' });
  }
}
