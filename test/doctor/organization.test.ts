// Where AWS Organizations names the accounts, and accounts name their regions: what every sweep would stumble over is named.
import type { Checkup } from '../../lambda/model/checkup.ts';
import { amissIn, type Changes, EXTERNAL_ID, HOME, type Installation, install, MEMBER } from './installation.ts';

const ORGANIZATION = {
  id: 'o-exampleorgid',
  management: HOME,
  root: { id: 'r-ab12', accounts: [HOME], units: [{ id: 'ou-ab12-mailmail', accounts: [MEMBER, '555555555555'] }] },
  states: { '555555555555': 'SUSPENDED' },
};
const WHOLE = { include: ['o-exampleorgid'], externalId: EXTERNAL_ID };
const DEPLOYED = { ...WHOLE, root: 'r-ab12', deployRoles: true };

let installation: Installation;
afterEach(async () => await installation.close());

async function deployed(more: object, changes: Changes = {}): Promise<Installation> {
  installation = await install({ width: 4000, ...changes });
  installation.sandbox.aws.organization = ORGANIZATION;
  installation.deploy({ accounts: [], ...more });
  return installation;
}

async function checkup(): Promise<{ readonly code: number; readonly amiss: readonly string[]; readonly results: Checkup['results'] }> {
  const { code, out } = await installation.doctor('--json');
  const read = JSON.parse(out) as Checkup;
  return { code, amiss: amissIn(read), results: read.results };
}

test('all is well: who is left out is said', async () => {
  await deployed({ organization: WHOLE });
  const { code, amiss } = await checkup();
  expect({ code, amiss }).toEqual({ code: 0, amiss: [] });
  expect((await installation.doctor()).out).toContain('not active, and left out: 555555555555 (SUSPENDED)');
}, 60_000);

test('a unit that the organisation does not know fails: each sweep does', async () => {
  await deployed({ organization: { ...WHOLE, include: ['o-exampleorgid', 'ou-ab12-misspelt'] } });
  const { code, amiss } = await checkup();
  expect({ code, amiss }).toEqual({ code: 1, amiss: ['configuration: estate-troubled'] });
  const { out } = await installation.doctor();
  expect(out).toContain('ou-ab12-misspelt is not known to the organisation');
  expect(out).toContain('"organization"');
}, 60_000);

test('an excluded account that leaves nobody out is a warning', async () => {
  await deployed({ organization: { ...WHOLE, exclude: ['222222222223'] } });
  const { code, amiss } = await checkup();
  expect({ code, amiss }).toEqual({ code: 0, amiss: ['configuration: estate-remarks'] });
  expect((await installation.doctor()).out).toContain('222222222223 leaves nobody out');
}, 60_000);

describe('account:ListRegions is missing', () => {
  const refused = (more: object): unknown =>
    installation.sandbox.aws.faults.push({ action: 'ListRegions', status: 403, code: 'AccessDeniedException', ...more });

  test('is named, in the account that refuses, and every region is tried', async () => {
    await deployed({ organization: WHOLE, regions: 'all' });
    refused({ account: MEMBER });
    const { code, amiss, results } = await checkup();
    expect({ code, amiss }).toEqual({ code: 0, amiss: ['regions: regions-denied'] });
    expect(results.flatMap(({ link, places }) => (link === 'regions' ? places : []))).toEqual([{ account: MEMBER }, { account: HOME }]);
    expect((await installation.doctor()).out).toContain('-c organization=o-exampleorgid');
  }, 60_000);

  test('a policy of the organisation is no matter of the role', async () => {
    await deployed({ organization: WHOLE, regions: 'all' });
    refused({ account: MEMBER, message: 'with an explicit deny in a service control policy' });
    const { out } = await installation.doctor();
    expect(out).toContain('Ask the administrators of the organisation to allow account:ListRegions');
    expect(out).not.toContain('bin/member.ts');
  }, 60_000);

  test('where the role itself is missing, only that is said', async () => {
    await deployed({ organization: WHOLE, regions: 'all' }, { role: 'none' });
    const { amiss, results } = await checkup();
    expect(amiss).toEqual(['role: role-refused']);
    expect(results.find(({ link, kind }) => link === 'regions' && kind === 'depends-on')).toMatchObject({ count: 1 });
  }, 60_000);

  test('without "regions": "all" nobody asks for it', async () => {
    await deployed({ organization: WHOLE });
    refused({});
    const { results } = await checkup();
    expect(results.filter(({ link }) => link === 'regions')).toEqual([]);
  }, 60_000);
});

describe('the role is missing', () => {
  test('and the StackSet should make it', async () => {
    await deployed({ organization: { ...DEPLOYED, deployRolesAs: 'DELEGATED_ADMIN' } }, { role: 'none' });
    const { out } = await installation.doctor();
    for (const word of [
      'see what the StackSet ses-dkim-monitor-member says of that account',
      'It skips the management account',
      'aws:PrincipalOrgID',
      'EXTERNAL_ID is the "externalId" of "organization"',
      'aws cloudformation list-stack-instances --stack-set-name ses-dkim-monitor-member --call-as DELEGATED_ADMIN',
      `-c hub=${HOME} -c externalId=EXTERNAL_ID -c organization=o-exampleorgid`,
    ])
      expect(out).toContain(word);
  }, 60_000);

  test('and somebody else makes the roles: no word of a StackSet', async () => {
    await deployed({ organization: WHOLE }, { role: 'none' });
    const { out } = await installation.doctor();
    expect(out).toContain('-c organization=o-exampleorgid');
    expect(out).not.toContain('StackSet');
  }, 60_000);

  test('of an account with a role of its own: that of its entry', async () => {
    await deployed({ organization: DEPLOYED, accounts: [{ id: MEMBER, roleName: 'own', externalId: EXTERNAL_ID }] }, { role: 'none' });
    const { out } = await installation.doctor();
    expect(out).toContain('EXTERNAL_ID is the "externalId" of that account');
    expect(out).toContain('-c roleName=own');
    expect(out).not.toContain('StackSet');
  }, 60_000);
});
