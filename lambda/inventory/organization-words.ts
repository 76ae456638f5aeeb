// The sentences for what Organizations and the Account Management API refuse, and whether waiting can cure it.
import { refuserIn } from '../model/refusal.ts';
import { visible } from '../model/safe-text.ts';
import type { EstateFailure } from '../sweep/ports.ts';
import type { Access } from './credentials.ts';
import { errorFacts, failureKind } from './failure.ts';
import { denialHint, factsWithout, reasonWords } from './failure-words.ts';

const NOBODY_LISTS =
  'Only the management account of an organisation, or a member account that is delegated administrator for some service, may list its accounts ' +
  '(docs/accounts.md, "From which account").';

/** What an error of Organizations means. `entry` is what was asked for: `organization`, or the id of a root or unit. */
export function organizationFailure(error: unknown, entry: string): EstateFailure {
  const facts = errorFacts(error);
  const what = entry === 'organization' ? 'the accounts of the organisation' : `the accounts of ${entry}`;
  const failed = (lasting: boolean, why: string): EstateFailure => ({ kind: 'failed', lasting, detail: `AWS Organizations ${why}.` });
  if (facts.name === 'AWSOrganizationsNotInUseException')
    return failed(true, 'is not in use: the account of the monitor is in no organisation');
  // Its own form of "too fast", and of "ask again in a moment".
  if (facts.name === 'ConcurrentModificationException') return failed(false, `could not list ${what}: it is being changed`);
  switch (failureKind(facts, 'us-east-1')) {
    case 'denied':
      return {
        kind: 'failed',
        lasting: true,
        detail: `AWS Organizations does not show ${what} to the monitor${denialHint(facts).replace(/\.?$/, '.')} ${NOBODY_LISTS}`,
      };
    case 'throttled':
      return failed(false, `throttles the listing of ${what}`);
    case 'transient':
      return failed(false, `did not answer when asked for ${what}: ${reasonWords(facts, nameOf(facts.name))}`);
    case 'credentials':
      return failed(true, `does not accept the monitor's own credentials (${nameOf(facts.name)})`);
    default:
      return failed(true, `could not list ${what}: ${reasonWords(facts, nameOf(facts.name))}`);
  }
}

/** What an error of account:ListRegions means, asked with these keys. */
export function regionsFailure(error: unknown, account: string, access: Exclude<Access, { readonly kind: 'failed' }>): EstateFailure {
  const facts = factsWithout(access.kind === 'role' ? access.secrets : [], error);
  const caller = access.kind === 'role' ? access.roleArn : "the monitor's own role";
  const kind = failureKind(facts, 'us-east-1');
  if (kind === 'denied')
    return {
      kind: 'failed',
      lasting: true,
      by: refuserIn(facts.message),
      detail: `${caller} may not call account:ListRegions${denialHint(facts).replace(/\.?$/, '.')}`,
    };
  return {
    kind: 'failed',
    lasting: false,
    detail: `The regions of account ${account} could not be read: ${reasonWords(facts, nameOf(facts.name))}.`,
  };
}

const nameOf = (name: string): string => visible(name || 'Error', 80);
