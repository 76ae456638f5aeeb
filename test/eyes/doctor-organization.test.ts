// The doctor where AWS Organizations names the accounts.
import type { Checkup } from '../../lambda/model/checkup.ts';
import { EXTERNAL_ID, HOME, type Installation, install, MEMBER } from '../doctor/installation.ts';

let installation: Installation;
const ORGANIZATION = {
  id: 'o-exampleorgid',
  management: HOME,
  root: { id: 'r-ab12', accounts: [HOME], units: [{ id: 'ou-ab12-mailmail', accounts: [MEMBER, '555555555555'] }] },
  states: { '555555555555': 'SUSPENDED' },
};
afterEach(async () => await installation.close());

async function deployed(changes: Parameters<typeof install>[0], more: object): Promise<void> {
  installation = await install(changes);
  installation.sandbox.aws.organization = ORGANIZATION as never;
  installation.deploy({ accounts: [], ses: { callsPerSecond: 50 }, ...more });
}
const said = (out: string): string => out.split('FINE')[0] ?? '';

test('a unit that the organisation does not know is no fine chain: each sweep fails by it', async () => {
  await deployed({}, { organization: { include: ['o-exampleorgid', 'ou-ab12-misspelt'], externalId: EXTERNAL_ID } });
  const { code, out } = await installation.doctor();
  expect({ code, named: out.includes('ou-ab12-misspelt') }).toEqual({ code: 1, named: true });
}, 60_000);

test('that account:ListRegions is missing is named', async () => {
  await deployed({}, { organization: { include: ['o-exampleorgid'], externalId: EXTERNAL_ID }, regions: 'all' });
  installation.sandbox.aws.faults.push({ action: 'ListRegions', status: 403, code: 'AccessDeniedException' });
  const { out } = await installation.doctor();
  expect(out).toContain('account:ListRegions');
}, 60_000);

test('a missing role of the organisation: what to do is of the organisation', async () => {
  await deployed({ role: 'none' }, {
    organization: { include: ['o-exampleorgid'], externalId: EXTERNAL_ID, id: 'o-exampleorgid', root: 'r-ab12', deployRoles: true },
  });
  const { out } = await installation.doctor();
  process.stderr.write(out);
  expect(said(out)).toMatch(/StackSet|stack-set/);
}, 60_000);
void (0 as unknown as Checkup);
