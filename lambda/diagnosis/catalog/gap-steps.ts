// What to do where an account and region could not be read, for each reason.
import { SES_REGIONS } from '../../dkim/region-zones.ts';
import type { Subject } from '../../model/alert.ts';
import type { GapReason } from '../../model/identity.ts';
import { parseAccountId, parseRegion } from '../../model/names.ts';
import { visible } from '../../model/safe-text.ts';
import { inAccount, step } from './steps.ts';

/** The app that makes the role which the monitor assumes; docs: README, "Other accounts", and docs/accounts.md. */
const DEPLOY_MEMBER = 'npx cdk deploy --app "npx tsx bin/member.ts" -c hub=HUB_ACCOUNT -c externalId=EXTERNAL_ID';
const MEMBER_WORDS =
  'HUB_ACCOUNT is the account id of the monitor. EXTERNAL_ID is the "externalId" of this account, or of "organization", in monitor.config.json. If a "roleName" stands there too, add -c roleName=ROLE_NAME. Where "deployRoles" makes the roles, see first what the StackSet ses-dkim-monitor-member says of this account.';

/** The steps for a gap of this reason. */
export function gapSteps(reason: GapReason, subject: Subject): readonly string[] {
  switch (reason) {
    case 'role-refused':
      return [
        step(
          `Deploy the member stack${inAccount(subject)}. It makes the role by which the monitor reads that account, or sets it right. Before you paste: ${MEMBER_WORDS}`,
          DEPLOY_MEMBER,
        ),
        'If it is refused still, and the detail names a policy of the organisation: only the administrators of the organisation can allow it.',
      ];
    case 'denied':
      return [
        step(
          `Deploy the member stack again${inAccount(subject)}: it allows all that this version reads. In the monitor's own account deploy the monitor itself instead: npx cdk deploy. Before you paste: ${MEMBER_WORDS}`,
          DEPLOY_MEMBER,
        ),
        step(
          'If the detail names a policy of the organisation, its administrators must allow what the detail names. If it speaks of credentials, see whose they are and that they have not expired:',
          'aws sts get-caller-identity',
        ),
      ];
    case 'region-off':
      return regionSteps(subject);
    case 'throttled':
      return [
        step(
          `See who else reads SES there${inAccount(subject)}: all callers share about one request a second.`,
          ...inRegion(
            subject,
            (region) =>
              `aws cloudtrail lookup-events --region ${region} --lookup-attributes AttributeKey=EventSource,AttributeValue=ses.amazonaws.com --max-items 50 --query 'Events[].[EventTime,EventName,Username]' --output text`,
          ),
        ),
        'If nobody can give way, set "ses": {"callsPerSecond": 0.5} and a longer "inventoryEvery" in monitor.config.json, and deploy again.',
      ];
    case 'out-of-time':
      return [
        'The next sweep goes on where this one stopped. If it comes again, set a longer "inventoryEvery" in monitor.config.json, or sweep fewer accounts and regions in one deployment.',
      ];
    case 'error':
      return [
        'The detail says what failed. A trouble of SES passes by itself: the AWS Health Dashboard shows it. If it lasts, the saved query "what-was-not-seen" shows each failure in the log of the monitor.',
      ];
  }
}

function regionSteps(subject: Subject): readonly string[] {
  const known = SES_REGIONS.some((region) => region === subject.region);
  const out = `take ${visible(subject.region, 40)} out of "regions" in monitor.config.json, and deploy again.`;
  if (!known) return [`This version knows no SES in that region. If there is none, ${out}`];
  return [
    step(
      `See whether the region is switched on${inAccount(subject)}. The second command switches it on, which takes some minutes:`,
      ...inRegion(subject, (region) => `aws account get-region-opt-status --region-name ${region}`),
      ...inRegion(subject, (region) => `aws account enable-region --region-name ${region}`),
    ),
    `If it is to stay off, or has no SES, ${out}`,
  ];
}

/** The steps where the monitor's own memory of the target cannot be read. `detail` names the object, such as `history/111111111111/eu-west-1`. */
export function memorySteps(detail: string, { account, region }: Subject): readonly string[] {
  const room = /\b(inventory|history)\//.exec(detail)?.[1];
  const sure = room !== undefined && parseAccountId(account).ok && parseRegion(region).ok;
  return [
    step(
      'If it is damaged, delete the object that is named: the next sweep builds it anew. Lost is only what was known from before, such as since when. The bucket is the output MemoryBucketName of the stack:',
      ...(sure ? [`aws s3 rm s3://MEMORY_BUCKET/${room}/${account}/${region}.json.gz`] : []),
    ),
    'If a newer version wrote it, deploy that version again; if S3 refused, mend what the detail names. Delete nothing then.',
  ];
}

/** None if the region is not such that it may stand in a command. */
function inRegion({ region }: Subject, line: (region: string) => string): readonly string[] {
  return parseRegion(region).ok ? [line(region)] : [];
}
