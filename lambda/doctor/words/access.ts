// Words for the roles in other accounts, and SES.
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

export const ACCESS: Entries<
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
