// Which function answers which operation.

import { listRegions } from './account-regions.ts';
import { type Answer, awsError, type Call, type Protocol } from './call.ts';
import type { Estate } from './estate.ts';
import { describeEventBus, putEvents } from './events.ts';
import { getFunctionConfiguration, invoke } from './lambda.ts';
import { organizations } from './organizations.ts';
import { s3 } from './s3.ts';
import { getIdentityDkimAttributes } from './ses-v1.ts';
import { getEmailIdentity, listEmailIdentities } from './ses-v2.ts';
import { getSubscriptionAttributes, getTopicAttributes, listSubscriptionsByTopic, publish, subscribe } from './sns.ts';
import { assumeRole, getCallerIdentity } from './sts.ts';

/** Performs a call. `now` is milliseconds since the epoch; `denyRoles` are ARNs of roles that refuse. */
export function perform(
  estate: Estate,
  call: Call,
  protocol: Protocol,
  now: number,
  denyRoles: ReadonlySet<string>,
): Answer | Promise<Answer> {
  const asked = `${call.service}:${call.action}`;
  // Who one is may always be asked.
  if (call.allowed?.has(asked) === false && asked !== 'sts:GetCallerIdentity')
    return awsError(
      403,
      'AccessDeniedException',
      `User: ${call.principal} is not authorized to perform: ${asked} because no session policy allows the ${asked} action`,
    );
  if (protocol === 's3') return s3(estate, call, now);
  switch (asked) {
    case 'ses:ListEmailIdentities':
      return listEmailIdentities(estate, call);
    case 'ses:GetEmailIdentity':
      return getEmailIdentity(estate, call);
    case 'ses:GetIdentityDkimAttributes':
      return getIdentityDkimAttributes(estate, call);
    case 'sts:AssumeRole':
      return assumeRole(estate, call, denyRoles, now);
    case 'sts:GetCallerIdentity':
      return getCallerIdentity(call);
    case 'organizations:ListAccounts':
    case 'organizations:ListAccountsForParent':
    case 'organizations:ListOrganizationalUnitsForParent':
      return organizations(estate, call);
    case 'account:ListRegions':
      return listRegions(estate, call);
    case 'events:PutEvents':
      return putEvents(estate, call, new Date(now).toISOString());
    case 'events:DescribeEventBus':
      return describeEventBus(estate, call);
    case 'lambda:Invoke':
      return invoke(estate, call);
    case 'lambda:GetFunctionConfiguration':
      return getFunctionConfiguration(estate, call);
    case 'sns:Publish':
      return publish(estate, call, new Date(now).toISOString());
    case 'sns:GetTopicAttributes':
      return getTopicAttributes(estate, call);
    case 'sns:ListSubscriptionsByTopic':
      return listSubscriptionsByTopic(estate, call);
    case 'sns:GetSubscriptionAttributes':
      return getSubscriptionAttributes(estate, call);
    case 'sns:Subscribe':
      return subscribe(estate, call);
    default:
      return awsError(400, 'InvalidAction', `Could not find operation ${call.action} of ${call.service}`);
  }
}
