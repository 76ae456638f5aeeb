// Reads what `-c` gives to bin/member.ts and bin/forward.ts: the hub account, the external id, the role's name, where events go, or every mistake at once.
import { parseExternalId } from '../lambda/external-id.ts';
import { parseAccountId, parseRegion, quoted } from '../lambda/model/names.ts';
import { isOrganization } from '../lambda/organization-schema.ts';
import { MEMBER_ROLE_NAME } from '../lambda/settings.ts';
import type { Hub } from './forwarding.ts';

export interface MemberContext {
  /** Account that the monitor is deployed to. */
  readonly hub: string;
  readonly externalId: string;
  readonly roleName: string;
  /** Organisation that the account of the monitor must be in. */
  readonly organization?: string;
  /** Region that the monitor is deployed to, if events of the region deployed to are to be forwarded there. */
  readonly forwardTo?: string;
}

export type MemberContextRead =
  | { readonly ok: true; readonly value: MemberContext }
  /** `message` is ready for a terminal. */
  | { readonly ok: false; readonly message: string };

const USAGE =
  'npx cdk deploy --app "npx tsx bin/member.ts" -c hub=111111111111 -c externalId=… [-c roleName=…] [-c organization=o-…] [-c forwardTo=REGION]';
const FORWARD_USAGE = 'npx cdk deploy --app "npx tsx bin/forward.ts" -c hub=111111111111 -c forwardTo=REGION';

/** `context` is everything the app was given; unknown keys are the CDK's own and are left alone. */
export function readMemberContext(context: Readonly<Record<string, unknown>>): MemberContextRead {
  const hub = given(context, 'hub');
  const externalId = given(context, 'externalId');
  const roleName = given(context, 'roleName') ?? MEMBER_ROLE_NAME;
  const organization = given(context, 'organization');
  const forwardTo = given(context, 'forwardTo');
  const problems = [
    ...missing('hub', hub, 'the account id that the monitor is deployed to', context),
    ...missing('externalId', externalId, 'the externalId that stands for this account in monitor.config.json', context),
    ...hubProblem(hub),
    ...regionProblem(forwardTo),
  ];
  const good = externalId === undefined ? undefined : parseExternalId(externalId);
  if (good?.ok === false) problems.push(`externalId: ${good.problem}`);
  if (organization !== undefined && !isOrganization(organization))
    problems.push(`organization: ${quoted(organization)} is not the id of an organisation (it starts with o-).`);
  // IAM's own limits: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
  if (!/^[\w+=,.@-]{1,64}$/.test(roleName))
    problems.push(`roleName: ${quoted(roleName)} is not a role name (1 to 64 letters, digits and +=,.@-).`);
  if (hub === undefined || externalId === undefined || problems.length > 0)
    return { ok: false, message: `${problems.map((problem) => `${problem}\n`).join('')}Usage: ${USAGE}\n` };
  return {
    ok: true,
    value: {
      hub,
      externalId,
      roleName,
      ...(organization === undefined ? {} : { organization }),
      ...(forwardTo === undefined ? {} : { forwardTo }),
    },
  };
}

export type ForwardContextRead = { readonly ok: true; readonly value: Hub } | { readonly ok: false; readonly message: string };

/** The same for bin/forward.ts: the account and the region of the monitor. */
export function readForwardContext(context: Readonly<Record<string, unknown>>): ForwardContextRead {
  const hub = given(context, 'hub');
  const region = given(context, 'forwardTo');
  const problems = [
    ...missing('hub', hub, 'the account id that the monitor is deployed to', context),
    ...missing('forwardTo', region, 'the region that the monitor is deployed to', context),
    ...hubProblem(hub),
    ...regionProblem(region),
  ];
  if (hub === undefined || region === undefined || problems.length > 0)
    return { ok: false, message: `${problems.map((problem) => `${problem}\n`).join('')}Usage: ${FORWARD_USAGE}\n` };
  return { ok: true, value: { account: hub, region } };
}

function given(context: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = context[name];
  return typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined;
}

function regionProblem(region: string | undefined): readonly string[] {
  const parsed = region === undefined ? undefined : parseRegion(region);
  return parsed === undefined || parsed.ok ? [] : [`forwardTo: ${parsed.problem}`];
}

function hubProblem(hub: string | undefined): readonly string[] {
  const parsed = hub === undefined ? undefined : parseAccountId(hub);
  return parsed === undefined || parsed.ok ? [] : [`hub: ${parsed.problem}`];
}

function missing(name: string, value: string | undefined, what: string, context: Readonly<Record<string, unknown>>): readonly string[] {
  if (value !== undefined) return [];
  const near = Object.keys(context).find((key) => key !== name && key.toLowerCase().replace(/[-_]/g, '') === name.toLowerCase());
  return [`-c ${name}=… is missing: ${what}.${near === undefined ? '' : ` You gave ${quoted(near)}: did you mean "${name}"?`}`];
}
