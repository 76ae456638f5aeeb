// Words for the configuration, the keys, the roles in other accounts, and SES.
import { MONITOR_ROLE_NAME } from '../../settings.ts';
import { type Entries, REFUSED_BY, shellWord, shown } from './entry.ts';
import {
  againCommands,
  againWords,
  externalIdWords,
  lookAtStackSet,
  lookAtTrust,
  memberStack,
  organizationWords,
  stackSetFirst,
} from './member.ts';

const MOST_TROUBLES = 10;

export const ACCESS: Entries<
  | 'configuration-broken'
  | 'configuration-differs'
  | 'not-watched'
  | 'accounts-unknown'
  | 'estate-troubled'
  | 'no-credentials'
  | 'credentials-expired'
  | 'credentials-refused'
  | 'aws-unreachable'
  | 'no-region'
  | 'role-refused'
  | 'role-for-the-function-alone'
  | 'role-untold'
  | 'regions-denied'
  | 'regions-untold'
  | 'ses-denied'
  | 'region-off'
  | 'region-off-anyway'
  | 'region-unknown'
  | 'keys-refused'
  | 'ses-throttled'
  | 'ses-unanswered'
  | 'ses-odd'
  | 'out-of-time'
> = {
  'configuration-broken': {
    outcome: 'fail',
    words: ({ problems }) => ({
      title: problems.length === 1 ? 'The configuration has a mistake' : `The configuration has ${problems.length} mistakes`,
      says: problems.map(shown).join(' · '),
      todo: 'Mend what is named and deploy again.',
    }),
  },
  'configuration-differs': {
    outcome: 'warn',
    words: () => ({
      title: 'The function works with another configuration than the file here',
      todo: 'Deploy, if the file here is what you want.',
      commands: ['npx cdk deploy'],
    }),
  },
  'not-watched': {
    outcome: 'fail',
    words: ({ names }) => ({
      title: `Not watched: ${names.slice(0, 10).map(shown).join(', ')}${names.length > 10 ? ` and ${names.length - 10} more` : ''}`,
      says: 'It is not among the accounts and regions of the configuration that was used.',
      todo: 'Add it to "accounts" or "regions" in monitor.config.json and deploy again, or correct --account and --region.',
    }),
  },
  'accounts-unknown': {
    outcome: 'fail',
    words: () => ({
      title: 'Which accounts and regions are watched could not be found out',
      todo: 'What stands above says what is missing: a permission, or a setting in monitor.config.json. Mend it and deploy again.',
    }),
  },
  'estate-troubled': {
    outcome: 'fail',
    words: ({ troubles }) => ({
      title: 'Each sweep ends as failed by what names the accounts',
      says: `${troubles.slice(0, MOST_TROUBLES).map(shown).join(' ')}${troubles.length > MOST_TROUBLES ? ` And ${troubles.length - MOST_TROUBLES} more.` : ''} What is known is read and told of all the same.`,
      todo: 'Correct it in "organization" in monitor.config.json, or take it out, and deploy again.',
    }),
  },
  'no-credentials': {
    outcome: 'fail',
    words: () => ({
      title: 'There are no AWS credentials',
      todo: 'Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or sign in.',
      commands: ['aws sso login'],
    }),
  },
  'credentials-expired': {
    outcome: 'fail',
    words: () => ({
      title: 'The AWS credentials have expired',
      todo: 'Sign in again, then repeat this command.',
      commands: ['aws sso login'],
    }),
  },
  'credentials-refused': {
    outcome: 'fail',
    words: () => ({
      title: 'AWS does not accept the credentials',
      todo: 'See whose they are, and that AWS_PROFILE and AWS_ACCESS_KEY_ID name the ones that you mean.',
      commands: ['aws sts get-caller-identity', 'aws configure list'],
    }),
  },
  'aws-unreachable': {
    outcome: 'fail',
    words: ({ reason }) => ({
      title: 'AWS could not be reached',
      says: `The system says ${shown(reason)}.`,
      todo: 'Check the network, the proxy and AWS_ENDPOINT_URL.',
    }),
  },
  'no-region': {
    outcome: 'fail',
    words: () => ({
      title: 'No region is set',
      todo: 'Set AWS_REGION to the region that the monitor is deployed to, or put "regions" into the configuration.',
      commands: ['export AWS_REGION=us-east-1'],
    }),
  },
  'role-refused': {
    outcome: 'fail',
    words: ({ by, ...role }) => ({
      title: `The role ${shown(role.roleName)} cannot be assumed`,
      says:
        by === undefined
          ? 'STS refuses it for another reason than a policy.'
          : by === 'untold'
            ? `AWS gives the same answer for a role that does not exist and for one that refuses. Either there is no such role; or its trust policy names another account or role than ${shown(MONITOR_ROLE_NAME)} in ${shown(role.hub)} (aws:PrincipalArn); or the external id (sts:ExternalId) differs;${organizationWords(role)} or the monitor's own role may not call sts:AssumeRole on it.`
            : `${REFUSED_BY[by]} sts:AssumeRole is refused.`,
      todo:
        by === 'own-policy'
          ? 'Deploy the monitor again: its role then gets sts:AssumeRole on the role of each configured account.'
          : by === 'organisation'
            ? 'Ask the administrators of the organisation to allow sts:AssumeRole on this role.'
            : `${stackSetFirst(role)}With the credentials of that account look at the role: "NoSuchEntity" says that it is missing. Then deploy the member stack there, which makes it or sets it right. ${externalIdWords(role)}`,
      commands:
        by === 'own-policy'
          ? ['npx cdk deploy']
          : by === 'organisation'
            ? []
            : [...lookAtStackSet(role), lookAtTrust(role), memberStack(role)],
    }),
  },
  'role-for-the-function-alone': {
    outcome: 'unknown',
    words: ({ roleName, hub }) => ({
      title: `The role ${shown(roleName)} does not let you in, which is no trouble by itself`,
      says: `By design it trusts the role ${MONITOR_ROLE_NAME} of account ${shown(hub)} alone (aws:PrincipalArn). You are somebody else, so whether the monitor gets in cannot be told from here: the role may be missing, or refuse the monitor too.`,
      todo: 'Let the deployed function look: run this command without --local, with credentials that may invoke it (lambda:InvokeFunction).',
      commands: ['npx dkim-monitor doctor'],
    }),
  },
  'role-untold': {
    outcome: 'unknown',
    words: () => ({ title: 'Whether the role can be assumed could not be told: STS did not answer', todo: 'Try again in a minute.' }),
  },
  'regions-denied': {
    outcome: 'warn',
    words: ({ by, home, ...role }) => ({
      title: 'account:ListRegions is denied',
      says: `${by === 'untold' ? 'The permission account:ListRegions is missing.' : REFUSED_BY[by]} So which regions are switched off is not told: each is tried in every sweep, and one that is off and held nobody is no gap.`,
      todo:
        by === 'organisation'
          ? 'Ask the administrators of the organisation to allow account:ListRegions, or name the regions in "regions".'
          : home
            ? 'In the account of the monitor its own role needs account:ListRegions: deploy again. Where these are your own rights, allow it to yourself.'
            : againWords(role),
      commands: by === 'organisation' ? [] : home ? ['npx cdk deploy'] : againCommands(role),
    }),
  },
  'regions-untold': {
    outcome: 'warn',
    words: () => ({
      title: 'Which regions are switched on could not be read (account:ListRegions)',
      says: 'Each is tried all the same.',
      todo: 'Try again in a minute.',
    }),
  },
  'ses-denied': {
    outcome: 'fail',
    words: ({ action, by, home, ...role }) => ({
      title: `${action} is denied`,
      says: by === 'untold' ? `The permission ${action} is missing.` : REFUSED_BY[by],
      todo:
        by === 'organisation'
          ? `Ask the administrators of the organisation to allow ${action} in these regions, or take the regions out of "regions".`
          : home
            ? `In the account of the monitor its own role needs ${action}: deploy again. Where these are your own rights, allow it to yourself.`
            : againWords(role),
      commands: by === 'organisation' ? [] : home ? ['npx cdk deploy'] : againCommands(role),
    }),
  },
  'region-off': {
    outcome: 'fail',
    words: ({ region }) => ({
      title: `The region ${shown(region)} is not enabled`,
      todo: `Enable it in that account, which takes some minutes, or take it out of "regions" in monitor.config.json and deploy again.`,
      commands: [
        `aws account get-region-opt-status --region-name ${shellWord(region, 'REGION')}`,
        `aws account enable-region --region-name ${shellWord(region, 'REGION')}`,
      ],
    }),
  },
  'region-off-anyway': {
    outcome: 'skipped',
    words: () => ({ title: 'not enabled in the account: with "regions": "all" that is no trouble' }),
  },
  'region-unknown': {
    outcome: 'fail',
    words: ({ region, meant }) => ({
      title: `There is no Amazon SES in ${shown(region)}, as far as this version knows`,
      todo: `${meant === undefined ? 'Correct' : `Did you mean ${meant}? Correct`} "regions" in monitor.config.json and deploy again.`,
    }),
  },
  'keys-refused': {
    outcome: 'fail',
    words: ({ home }) => ({
      title: 'SES does not accept the credentials',
      says: home ? 'They have expired, or belong to nobody any more.' : 'The session of the assumed role was refused.',
      todo: 'Repeat this command. If it stays, see whose credentials these are.',
      commands: ['aws sts get-caller-identity'],
    }),
  },
  'ses-throttled': {
    outcome: 'unknown',
    words: ({ action }) => ({
      title: `SES throttles ${action}`,
      says: 'All who read SES in one account and region share about one request a second: somebody else uses it up, such as a running sweep.',
      todo: 'Try again in a minute. If it lasts, see who else reads SES there.',
      commands: [
        'aws cloudtrail lookup-events --region REGION --lookup-attributes AttributeKey=EventSource,AttributeValue=ses.amazonaws.com --max-items 50',
      ],
    }),
  },
  'ses-unanswered': {
    outcome: 'unknown',
    words: ({ action }) => ({
      title: `SES does not answer ${action}`,
      todo: 'Try again in a minute; the AWS Health Dashboard shows troubles of SES.',
    }),
  },
  'ses-odd': {
    outcome: 'fail',
    words: ({ action }) => ({
      title: `SES refuses ${action} with an error that this version does not know`,
      todo: 'What SES said stands above.',
    }),
  },
  'out-of-time': {
    outcome: 'unknown',
    words: () => ({
      title: 'There was no time left to look',
      todo: 'Check fewer at once, with --account and --region.',
      commands: ['npx dkim-monitor doctor --region REGION'],
    }),
  },
};
