// Which function answers which operation.
import { type Answer, awsError, type Call, type Protocol } from './call.ts';
import type { Estate } from './estate.ts';
import { describeEventBus, putEvents } from './events.ts';
import { getFunctionConfiguration, invoke } from './lambda.ts';
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
  if (protocol === 's3') return s3(estate, call, now);
  switch (`${call.service}:${call.action}`) {
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
