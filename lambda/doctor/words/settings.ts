// Words for the configuration, whom it names, and the keys of the one who asks.
import { type Entries, shown } from './entry.ts';

const MOST_TROUBLES = 10;
const sentences = (all: readonly string[]): string =>
  `${all.slice(0, MOST_TROUBLES).map(shown).join(' ')}${all.length > MOST_TROUBLES ? ` And ${all.length - MOST_TROUBLES} more.` : ''}`;

export const SETTINGS: Entries<
  | 'configuration-broken'
  | 'configuration-differs'
  | 'not-watched'
  | 'accounts-unknown'
  | 'estate-troubled'
  | 'estate-remarks'
  | 'no-credentials'
  | 'credentials-expired'
  | 'credentials-refused'
  | 'aws-unreachable'
  | 'no-region'
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
      says: `${sentences(troubles)} What is known is read and told of all the same.`,
      todo: 'Correct it in "organization" in monitor.config.json, or take it out, and deploy again.',
    }),
  },
  'estate-remarks': {
    outcome: 'warn',
    words: ({ remarks }) => ({
      title: 'Something in "organization" has no effect',
      says: sentences(remarks),
      todo: 'If somebody was to be left out, correct the id in monitor.config.json and deploy again; else take it out.',
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
};
