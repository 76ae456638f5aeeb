// The events that are listened to: what the rules of the stacks let through is what the parser reads.

/** Event types of AWS Health begin so: `AWS_SES_DKIM_PENDING_TO_VERIFIED`, `AWS_SES_CMF_PENDING_TO_SUCCESS` (custom MAIL FROM), and those not known yet. */
export const HEALTH_CODES: readonly string[] = ['AWS_SES_DKIM', 'AWS_SES_CMF'];

/** Of Virtual Deliverability Manager. The end is called "Resolved" on one page of AWS and "Closed" on another (SES Developer Guide, EventBridge and tenants). */
export const ADVISOR_EVENTS: readonly string[] = ['Open', 'Resolved', 'Closed'].map((state) => `Advisor Recommendation Status ${state}`);

/** Type of every event that CloudTrail makes of a call. */
export const CLOUDTRAIL = 'AWS API Call via CloudTrail';

/**
 * Calls that make, delete or change an identity's DKIM or MAIL FROM, with the parameter that names it, as CloudTrail writes it.
 * Source: SES API v2 and v1 references; SES Developer Guide, "Logging Amazon SES API calls with AWS CloudTrail".
 */
export const SES_CALLS: Readonly<Record<string, string>> = {
  CreateEmailIdentity: 'emailIdentity',
  DeleteEmailIdentity: 'emailIdentity',
  PutEmailIdentityDkimAttributes: 'emailIdentity',
  PutEmailIdentityDkimSigningAttributes: 'emailIdentity',
  PutEmailIdentityMailFromAttributes: 'emailIdentity',
  VerifyDomainIdentity: 'domain',
  VerifyDomainDkim: 'domain',
  VerifyEmailIdentity: 'emailAddress',
  VerifyEmailAddress: 'emailAddress',
  DeleteIdentity: 'identity',
  DeleteVerifiedEmailAddress: 'emailAddress',
  SetIdentityDkimEnabled: 'identity',
  SetIdentityMailFromDomain: 'identity',
};

export const ROUTE53_CALLS: readonly string[] = ['ChangeResourceRecordSets'];
