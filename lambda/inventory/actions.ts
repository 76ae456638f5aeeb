// The IAM actions that the inventory room calls: the reads of SES in every account, and the way into other accounts.
import type { DeclaredAction } from '../model/declared-action.ts';

/** Needed in each watched account: by the monitor's own role at home, by the member role elsewhere. */
export const READ_ACTIONS: readonly DeclaredAction[] = [
  { action: 'ses:ListEmailIdentities', on: 'any', why: 'Lists the identities of a region. SES has no narrower resource for a listing.' },
  {
    action: 'ses:GetEmailIdentity',
    on: 'any',
    why: 'Reads the details of an identity, whatever its name: method, zone, MAIL FROM domain, what SES saw when it last looked.',
  },
  {
    action: 'ses:GetIdentityDkimAttributes',
    on: 'any',
    why: 'Reads the DKIM status and tokens of 100 identities in one call: of all at each refresh, of some when their DNS turns bad.',
  },
  {
    action: 'account:ListRegions',
    on: 'own-account',
    why: 'With `"regions": "all"`: which regions are switched on in the account itself.',
  },
];

/** Needed by the monitor's own role alone. GetCallerIdentity needs no permission and is therefore not declared. */
export const HUB_ACTIONS: readonly DeclaredAction[] = [
  { action: 'sts:AssumeRole', on: 'member-roles', why: 'Takes on the read-only role in each other account.' },
  {
    action: 'sts:SetSourceIdentity',
    on: 'member-roles',
    why: "Names the monitor in the other account's audit trail; no call of its own shows it.",
  },
];

/** Needed by the monitor's own role where an organisation names the accounts. */
export const ORGANIZATION_ACTIONS: readonly DeclaredAction[] = [
  { action: 'organizations:ListAccounts', on: 'organization', why: 'Lists the accounts of the organisation and their states.' },
  { action: 'organizations:ListAccountsForParent', on: 'organization', why: 'Lists the accounts of a root or unit that is named.' },
  { action: 'organizations:ListOrganizationalUnitsForParent', on: 'organization', why: 'Finds the units nested in it.' },
];

export const ACTIONS: readonly DeclaredAction[] = [...READ_ACTIONS, ...HUB_ACTIONS, ...ORGANIZATION_ACTIONS];
