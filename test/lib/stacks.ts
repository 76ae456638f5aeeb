// Builds the stacks as production does, with bundling skipped, and answers questions about their templates.
import { readFileSync } from 'node:fs';
import { App, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { parseConfigurationText } from '../../lambda/configuration.ts';
import { MemberRoleStack } from '../../lib/member-role-stack.ts';
import { MonitorStack } from '../../lib/monitor-stack.ts';
import { MONITOR_NAME } from '../../lib/props.ts';

export const HOME = '111111111111';

/** An app with the context of cdk.json, so that tests see what `cdk deploy` would. */
export function testApp(): App {
  const { context } = JSON.parse(readFileSync('cdk.json', 'utf8')) as { context: Record<string, unknown> };
  return new App({ context: { ...context, 'aws:cdk:bundling-stacks': [] }, analyticsReporting: false });
}

/** A configuration with everything switched on. */
export const EVERYTHING = {
  accounts: [
    { id: HOME },
    { id: '222222222222', externalId: 'Qm3xN8vLr2TzKd7WbYp0' },
    { id: '333333333333', roleName: 'dkim-reader', externalId: 'Wj5sR1cHf9XgMa4UeVt6' },
  ],
  regions: ['us-east-1', 'eu-west-1'],
  schedule: 'rate(5 minutes)',
  alerts: {
    email: ['dns@example.com', 'mail-team@example.com', 'dns@example.com'],
    slack: [{ workspaceId: 'T0123ABCD', channelId: 'C0456EFGH' }],
    teams: [
      {
        tenantId: '11111111-2222-3333-4444-555555555555',
        teamId: '66666666-7777-8888-9999-000000000000',
        channelId: '19%3aabcdef%40thread.tacv2',
      },
    ],
    critical: { email: ['on-call@example.com'], slack: [{ workspaceId: 'T0123ABCD', channelId: 'C0456EFGH' }] },
    routes: [
      { name: 'shop', identities: ['*.shop.example'], email: ['shop@example.com'] },
      { accounts: ['222222222222'], topicArn: 'arn:aws:sns:eu-west-1:222222222222:their-topic', exclusive: true },
    ],
    eventBus: 'default',
  },
  operations: { email: ['ops@example.com'], heartbeatUrl: 'https://hc-ping.example/5f2c0d1e-secret' },
  triggers: { fromOrganization: 'o-a1b2c3d4e5', fromAccounts: true },
} as const;

/** And the accounts of an organisation in all their regions. */
export const WHOLE_ORGANIZATION = {
  ...EVERYTHING,
  regions: 'all',
  organization: {
    include: ['ou-ab12-production', 'ou-ab12-staging01', '444444444444'],
    exclude: ['555555555555'],
    id: 'o-a1b2c3d4e5',
    root: 'r-ab12',
    externalId: 'Zt6wQe9yUi2oPa5sDf8g',
    deployRoles: true,
  },
} as const;

/** The monitor's stack for a configuration as it would stand in the file. */
export function monitorStack(configuration: object = EVERYTHING, app = testApp(), region = 'us-east-1'): MonitorStack {
  const text = JSON.stringify(configuration);
  const read = parseConfigurationText(text);
  if (!read.ok) throw new Error(read.problems.join('\n'));
  return new MonitorStack(app, MONITOR_NAME, {
    configuration: read.value,
    configurationText: text,
    remarks: [],
    env: { account: HOME, region },
  });
}

export function memberStack(app = testApp()): MemberRoleStack {
  return new MemberRoleStack(app, 'ses-dkim-monitor-member', {
    hub: HOME,
    externalId: 'Qm3xN8vLr2TzKd7WbYp0',
    roleName: 'ses-dkim-monitor-read',
  });
}

/** One statement of any policy in a template. `on` is where it stands: the logical id of its resource. */
export interface Statement {
  readonly on: string;
  readonly effect: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly principal: string;
  readonly condition: string;
}

/** A template, and the questions that the tests ask of it. Intrinsic functions are written as JSON text. */
export class TemplateView {
  readonly template: Template;

  constructor(stack: Stack) {
    this.template = Template.fromStack(stack);
  }

  /** Properties of each resource of a type, by logical id. */
  resources(type: string): Readonly<Record<string, Properties>> {
    const found = this.template.findResources(type) as Record<string, { Properties?: Properties }>;
    return Object.fromEntries(Object.entries(found).map(([id, { Properties }]) => [id, Properties ?? {}]));
  }

  /** The rule that starts the sweeps, among those that listen to events. */
  schedule(): Properties {
    const [rule] = Object.values(this.resources('AWS::Events::Rule')).filter(({ ScheduleExpression }) => ScheduleExpression !== undefined);
    if (rule === undefined) throw new Error('nothing starts the sweeps');
    return rule;
  }

  /** The one resource of a type. */
  only(type: string): Properties {
    const all = Object.values(this.resources(type));
    if (all.length !== 1 || all[0] === undefined) throw new Error(`${all.length} resources of type ${type}`);
    return all[0];
  }

  types(): readonly string[] {
    const { Resources } = this.template.toJSON() as { Resources: Record<string, { Type: string }> };
    return Object.values(Resources).map(({ Type }) => Type);
  }

  /** Every statement of every policy document below a resource: inline, managed, of a resource, or of trust. */
  statements(type: string): readonly Statement[] {
    return Object.entries(this.resources(type)).flatMap(([on, properties]) =>
      documents(properties).flatMap((document) => read(on, document)),
    );
  }
}

// biome-ignore lint/suspicious/noExplicitAny: a template is untyped JSON, and a wrong path in a test fails the test.
export type Properties = Readonly<Record<string, any>>;

function documents(value: unknown): readonly Properties[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('Statement' in value) return [value as Properties];
  return Object.values(value).flatMap(documents);
}

function read(on: string, document: Properties): readonly Statement[] {
  return (document.Statement as readonly Properties[]).map((statement) => ({
    on,
    effect: statement.Effect,
    actions: [statement.Action].flat(),
    resources: [statement.Resource ?? []].flat().map(text),
    principal: text(statement.Principal),
    condition: text(statement.Condition),
  }));
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
