// Organizations and Account Management through the real SDK, on the sandbox: pages, nested units, states, refusals, and the words for them.
import { type Organization, openOrganization } from '../../lambda/inventory/organization.ts';
import type { OrganizationWorld } from '../../sandbox/aws/aws-world.ts';
import { AT_HOME, type Estate, EXTERNAL_ID, HOME, MEMBER, NO_HURRY, ROLE, smallEstate } from './small-estate.ts';

const account = (i: number): string => String(300_000_000_000 + i);
const MANY = Array.from({ length: 45 }, (_, i) => account(i));

const ORGANIZATION: OrganizationWorld = {
  id: 'o-exampleorgid',
  management: HOME,
  root: {
    id: 'r-ab12',
    accounts: [HOME],
    units: [
      { id: 'ou-ab12-production', accounts: MANY, units: [{ id: 'ou-ab12-productionmail', accounts: [MEMBER] }] },
      { id: 'ou-ab12-closedones', accounts: [account(90), account(91)] },
    ],
  },
  states: { [account(90)]: 'SUSPENDED', [account(91)]: 'PENDING_CLOSURE' },
};

let estate: Estate;
let organization: Organization;
beforeEach(async () => {
  estate = await smallEstate();
  estate.sandbox.aws.organization = ORGANIZATION;
  organization = openOrganization({ region: AT_HOME.region, clock: estate.now, callTimeoutMs: 5_000, maxAttempts: 1 });
});
afterEach(async () => {
  organization.close();
  await estate.close();
});

const read = (entry: string, until = estate.now() + NO_HURRY) => organization.accountsOf(entry, until);
const ids = async (entry: string): Promise<readonly string[]> => {
  const answer = await read(entry);
  if (answer.kind !== 'read') throw new Error(answer.kind);
  return answer.accounts.map(({ id }) => id);
};
const asked = (): readonly string[] =>
  estate.sandbox.aws.calls.filter(({ service }) => service === 'organizations').map(({ action }) => action);

test('the whole organisation, in pages of 20, with its id and the states of its accounts', async () => {
  const answer = await read('organization');
  expect(answer).toMatchObject({ kind: 'read', organization: 'o-exampleorgid' });
  expect(answer.kind === 'read' && answer.accounts).toHaveLength(49);
  expect(answer.kind === 'read' && answer.accounts.filter(({ state }) => state !== 'ACTIVE')).toEqual([
    { id: account(90), state: 'SUSPENDED' },
    { id: account(91), state: 'PENDING_CLOSURE' },
  ]);
  expect(asked()).toEqual(['ListAccounts', 'ListAccounts', 'ListAccounts']);
});

test('a unit with what is nested in it; a root is everything below it', async () => {
  expect(await ids('ou-ab12-production')).toEqual([...MANY, MEMBER]);
  expect(await ids('ou-ab12-productionmail')).toEqual([MEMBER]);
  expect((await ids('r-ab12')).length).toBe(49);
});

test.each([
  ['CLOSED', 'CLOSED'],
  ['PENDING_ACTIVATION', 'PENDING_ACTIVATION'],
])('the newer State %s counts, not what the older Status makes of it', async (state, expected) => {
  estate.sandbox.aws.organization = { ...ORGANIZATION, states: { [MEMBER]: state } };
  const answer = await read('ou-ab12-productionmail');
  expect(answer.kind === 'read' && answer.accounts).toEqual([{ id: MEMBER, state: expected }]);
});

test('where there is only the older Status, it counts', async () => {
  estate.sandbox.aws.organization = { ...ORGANIZATION, withoutState: true };
  const answer = await read('ou-ab12-closedones');
  expect(answer.kind === 'read' && answer.accounts.map(({ state }) => state)).toEqual(['SUSPENDED', 'PENDING_CLOSURE']);
});

test('a delegated administrator may list as well', async () => {
  estate.sandbox.aws.organization = { ...ORGANIZATION, management: MEMBER, administrators: [HOME] };
  expect(await ids('ou-ab12-productionmail')).toEqual([MEMBER]);
});

test('a unit that is not there is unknown, and no failure', async () => {
  expect(await read('ou-ab12-nosuchunit')).toEqual({ kind: 'unknown' });
});

test.each([
  ['throttled', { status: 400, code: 'TooManyRequestsException' }, false, /throttles the listing of the accounts of the organisation/],
  ['denied', { status: 400, code: 'AccessDeniedException' }, true, /does not show .* Only the management account/],
  [
    'denied by a service control policy',
    { status: 400, code: 'AccessDeniedException', message: 'User: x is not authorized with an explicit deny in a service control policy' },
    true,
    /denied by a service control policy of the organisation/,
  ],
  ['in trouble', { status: 500, code: 'ServiceException' }, false, /did not answer/],
  ['changing', { status: 400, code: 'ConcurrentModificationException' }, false, /it is being changed/],
])('%s: a failure in one sentence, which says whether waiting may cure it', async (_name, fault, lasting, sentence) => {
  estate.sandbox.aws.faults.push({ service: 'organizations', ...fault });
  expect(await read('organization')).toEqual({ kind: 'failed', lasting, detail: expect.stringMatching(sentence) });
});

test('an account in no organisation, and one that may not list', async () => {
  estate.sandbox.aws.organization = undefined;
  expect(await read('organization')).toMatchObject({
    kind: 'failed',
    lasting: true,
    detail: expect.stringContaining('in no organisation'),
  });
  estate.sandbox.aws.organization = { ...ORGANIZATION, management: MEMBER };
  expect(await read('organization')).toMatchObject({ lasting: true, detail: expect.stringContaining('delegated administrator') });
});

test('when the time is over nothing more is asked, and the rest is no empty list', async () => {
  expect(await read('organization', estate.now())).toMatchObject({ kind: 'failed', lasting: false });
  expect(asked()).toEqual([]);
});

describe('the regions of an account', () => {
  const open = (externalId = EXTERNAL_ID) => estate.open({ accounts: [], others: { roleName: ROLE, externalId }, maxAttempts: 1 });

  test('by its own role: enabled ones and those by default, and those that are off', async () => {
    estate.sandbox.aws.regionsOff.add(`${MEMBER}/eu-south-1`);
    estate.sandbox.aws.optIn.set(`${MEMBER}/af-south-1`, 'ENABLING').set(`${MEMBER}/me-south-1`, 'DISABLING');
    const answer = await open().regionsOf(MEMBER, estate.now() + NO_HURRY);
    expect(answer).toMatchObject({ kind: 'read', off: ['eu-south-1', 'af-south-1'] });
    expect(answer.kind === 'read' && answer.enabled).toEqual(expect.arrayContaining(['us-east-1', 'eu-central-2', 'me-south-1']));
    expect(estate.sandbox.aws.calls.map(({ account: who, action }) => `${who} ${action}`)).toEqual([
      `${HOME} AssumeRole`,
      `${MEMBER} ListRegions`,
    ]);
  });

  test('at home without a role', async () => {
    expect(await open().regionsOf(HOME, estate.now() + NO_HURRY)).toMatchObject({ kind: 'read' });
    expect(estate.sandbox.aws.calls.map(({ action }) => action)).toEqual(['ListRegions']);
  });

  test.each([
    [
      'denied',
      { status: 403, code: 'AccessDeniedException' },
      { lasting: true, by: 'untold' },
      /may not call account:ListRegions: add it to a policy of the role\.$/,
    ],
    [
      'denied by the organisation',
      { status: 403, code: 'AccessDeniedException', message: 'with an explicit deny in a service control policy' },
      { lasting: true, by: 'organisation' },
      /denied by a service control policy of the organisation/,
    ],
    ['throttled', { status: 429, code: 'TooManyRequestsException' }, { lasting: false }, /could not be read/],
  ])('%s: one sentence', async (_name, fault, kind, sentence) => {
    estate.sandbox.aws.faults.push({ service: 'account', ...fault });
    const answer = await open().regionsOf(MEMBER, estate.now() + NO_HURRY);
    expect(answer).toEqual({ kind: 'failed', ...kind, detail: expect.stringMatching(sentence) });
  });

  test('a role that refuses', async () => {
    const answer = await open('another-secret-external-id').regionsOf(MEMBER, estate.now() + NO_HURRY);
    expect(answer).toMatchObject({ kind: 'failed', detail: expect.stringContaining('cannot be assumed') });
    expect(JSON.stringify(answer)).not.toContain('secret-external');
  });
});
