// Which policy refused, read out of AWS's own words.
import { type Refuser, refuserIn } from '../../lambda/model/refusal.ts';

// Wordings of the IAM User Guide, "Troubleshoot access denied error messages".
const USER = 'User: arn:aws:iam::777788889999:user/johndoe is not authorized to perform:';
const WORDS: readonly (readonly [string, Refuser])[] = [
  [`${USER} ses:ListEmailIdentities because no service control policy allows the ses:ListEmailIdentities action`, 'organisation'],
  [`${USER} ses:ListEmailIdentities with an explicit deny in a service control policy`, 'organisation'],
  [`${USER} sts:AssumeRole with an explicit deny in a resource control policy`, 'organisation'],
  [`${USER} sts:AssumeRole because no permissions boundary allows the sts:AssumeRole action`, 'boundary'],
  [`${USER} ses:GetEmailIdentity because no session policy allows the ses:GetEmailIdentity action`, 'session-policy'],
  [`${USER} ses:GetEmailIdentity because no VPC endpoint policy allows the ses:GetEmailIdentity action`, 'endpoint'],
  [`${USER} sts:AssumeRole because no role trust policy allows the sts:AssumeRole action`, 'trust'],
  [`${USER} sts:AssumeRole with an explicit deny in the role trust policy`, 'trust'],
  [`${USER} sts:AssumeRole because no identity-based policy allows the sts:AssumeRole action`, 'own-policy'],
  [`${USER} sts:SetSourceIdentity on resource: arn:aws:iam::1:role/x`, 'source-identity'],
  [`${USER} ses:GetEmailIdentity with an explicit deny in an identity-based policy`, 'explicit-deny'],
  [`${USER} sts:AssumeRole on resource: arn:aws:iam::222222222222:role/ses-dkim-monitor-read`, 'untold'],
  ['', 'untold'],
];

test.each(WORDS)('%s', (message, by) => {
  expect(refuserIn(message)).toBe(by);
});
