// AWS Organizations in its JSON form: accounts, and the tree of units that they hang in.
import type { OrganizationWorld, UnitWorld } from './aws-world.ts';
import { type Answer, awsError, type Call } from './call.ts';
import type { Estate } from './estate.ts';

const PAGE = 20;

interface Request {
  readonly NextToken?: string;
  readonly MaxResults?: number;
  readonly ParentId?: string;
}

/** ListAccounts, ListAccountsForParent and ListOrganizationalUnitsForParent. Only the management account and delegated administrators are answered. */
export function organizations(estate: Estate, call: Call): Answer {
  const { organization } = estate;
  if (organization === undefined)
    return awsError(400, 'AWSOrganizationsNotInUseException', 'Your account is not a member of an organization.');
  if (call.account !== organization.management && !(organization.administrators ?? []).includes(call.account))
    return awsError(400, 'AccessDeniedException', "You don't have permissions to access this resource.");
  const request = JSON.parse(call.body.toString() || '{}') as Request;
  if (call.action === 'ListAccounts') return page('Accounts', accountsOf(organization).map(described(organization)), request);
  const parent = unitsOf(organization).find(({ id }) => id === request.ParentId);
  if (parent === undefined) return awsError(400, 'ParentNotFoundException', "You specified parent that doesn't exist.");
  if (call.action === 'ListAccountsForParent') return page('Accounts', (parent.accounts ?? []).map(described(organization)), request);
  if (call.action === 'ListOrganizationalUnitsForParent')
    return page(
      'OrganizationalUnits',
      (parent.units ?? []).map(({ id }) => ({ Id: id, Name: id, Arn: unitArn(organization, id) })),
      request,
    );
  return awsError(400, 'UnknownOperationException', call.action);
}

function unitsOf({ root }: OrganizationWorld): readonly UnitWorld[] {
  const units: UnitWorld[] = [root];
  for (const unit of units) units.push(...(unit.units ?? []));
  return units;
}

const accountsOf = (organization: OrganizationWorld): readonly string[] => unitsOf(organization).flatMap(({ accounts }) => accounts ?? []);

const unitArn = ({ id, management }: OrganizationWorld, unit: string): string => `arn:aws:organizations::${management}:ou/${id}/${unit}`;

const described = (organization: OrganizationWorld) => (account: string) => {
  const { id, management, states = {}, withoutState } = organization;
  const state = states[account] ?? 'ACTIVE';
  // The older field knows fewer words.
  const status = state === 'CLOSED' ? 'SUSPENDED' : state;
  return {
    Id: account,
    Arn: `arn:aws:organizations::${management}:account/${id}/${account}`,
    Name: `account-${account}`,
    Email: `aws+${account}@example.com`,
    Status: status,
    ...(withoutState === true ? {} : { State: state }),
    JoinedMethod: 'CREATED',
    JoinedTimestamp: 1_600_000_000,
  };
};

function page(name: string, all: readonly object[], { NextToken, MaxResults = PAGE }: Request): Answer {
  if (!Number.isInteger(MaxResults) || MaxResults < 1 || MaxResults > PAGE)
    return awsError(400, 'InvalidInputException', 'You specified an invalid value.');
  const start = NextToken === undefined ? 0 : Number(NextToken);
  if (!Number.isInteger(start) || start < 0 || start > all.length) return awsError(400, 'InvalidInputException', 'INVALID_NEXT_TOKEN');
  const next = start + MaxResults < all.length ? { NextToken: String(start + MaxResults) } : {};
  return { kind: 'json', value: { [name]: all.slice(start, start + MaxResults), ...next } };
}
