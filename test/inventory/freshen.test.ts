// SES's view of a few identities, read at once.
import type { Inventory } from '../../lambda/model/identity.ts';
import { byodkimIdentity, easyIdentity, replicaIdentity } from '../../sandbox/aws/identities.ts';
import { AT_HOME, domains, type Estate, HOME, NO_HURRY, namesOf, smallEstate } from './small-estate.ts';

let estate: Estate;
beforeEach(async () => {
  estate = await smallEstate();
});
afterEach(() => estate.close());

const region = 'eu-west-1';
const put = (identities: ReturnType<typeof domains>) => estate.sandbox.aws.setIdentities(HOME, region, identities);
const callsOf = (action: string) => estate.sandbox.aws.calls.filter((call) => call.action === action);

/** A complete snapshot, and the log of calls emptied. */
async function snapshot(): Promise<Inventory> {
  const { inventory } = await estate.open({ ratePerSecond: 1000 }).refresh(AT_HOME, undefined, estate.now() + NO_HURRY);
  estate.sandbox.aws.calls.length = 0;
  return inventory;
}

const freshen = (inventory: Inventory, names: readonly string[], maxDetails = 0, ms = NO_HURRY) =>
  estate.open().freshen(AT_HOME, inventory, names, { maxDetails, until: estate.now() + ms });

const factsOf = (inventory: Inventory, name: string) => inventory.identities.find(({ identity }) => identity === name)?.ses;

test('status and signing of 250 identities in three calls; the others are not touched', async () => {
  put(domains(260));
  const before = await snapshot();
  put(domains(260).map(({ name }) => easyIdentity(name, { region, status: 'TEMPORARY_FAILURE', signing: false })));
  const after = await freshen(before, namesOf(before).slice(0, 250));
  expect(callsOf('GetIdentityDkimAttributes')).toHaveLength(3);
  expect(callsOf('GetEmailIdentity')).toHaveLength(0);
  expect(after.identities.filter(({ ses }) => ses.status === 'TEMPORARY_FAILURE' && ses.signing === false)).toHaveLength(250);
  expect(after.identities.slice(250)).toEqual(before.identities.slice(250));
  expect(after).toMatchObject({ complete: true, completedAt: before.completedAt });
});

test('what changed gets its details first, within the limit', async () => {
  put(domains(5));
  const before = await snapshot();
  put([easyIdentity('d0004.example.com', { region, status: 'FAILED', errorType: 'HOST_NOT_FOUND' })]);
  const after = await freshen(before, namesOf(before), 2);
  expect(callsOf('GetEmailIdentity').map(({ identity }) => identity)).toEqual(['d0004.example.com', 'd0000.example.com']);
  expect(factsOf(after, 'd0004.example.com')).toMatchObject({ status: 'FAILED', errorType: 'HOST_NOT_FOUND' });
});

test('throttled: the old facts stay, with their age, and no further call is made', async () => {
  put(domains(150));
  const before = await snapshot();
  put(domains(150).map(({ name }) => easyIdentity(name, { region, status: 'FAILED' })));
  estate.sandbox.aws.faults.push({ service: 'ses', status: 400, code: 'Throttling', message: 'Rate exceeded' });
  expect(await freshen(before, namesOf(before), 10)).toEqual(before);
  expect(callsOf('GetIdentityDkimAttributes')).toHaveLength(1);
  expect(callsOf('GetEmailIdentity')).toHaveLength(1);
});

test('an identity made anew has new tokens, also before its details are read', async () => {
  put([easyIdentity('a.example.com', { region })]);
  const before = await snapshot();
  const tokens = ['x', 'y', 'z'].map((c) => c.repeat(32));
  put([easyIdentity('a.example.com', { region, tokens, status: 'PENDING' })]);
  expect((await freshen(before, ['a.example.com'])).identities).toMatchObject([{ tokens, ses: { status: 'PENDING' } }]);
});

test('nothing that v1 says of own keys and replicas is taken', async () => {
  put([
    byodkimIdentity('own.example.com', { region, selector: 's1' }),
    replicaIdentity('replica.example.com', { region, parentRegion: 'us-east-1' }),
  ]);
  const before = await snapshot();
  const tokens = ['x', 'y', 'z'].map((c) => c.repeat(32));
  put([
    byodkimIdentity('own.example.com', { region, selector: 's1', tokens, status: 'FAILED' }),
    replicaIdentity('replica.example.com', { region, parentRegion: 'us-east-1', tokens, status: 'FAILED' }),
  ]);
  const after = await freshen(before, namesOf(before));
  expect(after.identities.map(({ tokens: kept }) => kept)).toEqual(before.identities.map(({ tokens: kept }) => kept));
  expect(after.identities.map(({ ses }) => ses.status)).toEqual(['SUCCESS', 'SUCCESS']);
});

test('a "not started" of v1 is believed only after the details say so too', async () => {
  put(domains(1));
  const before = await snapshot();
  put([easyIdentity('d0000.example.com', { region, status: 'NOT_STARTED' })]);
  const unsure = await freshen(before, ['d0000.example.com']);
  expect(unsure.identities).toEqual(before.identities);
  expect(unsure.pending?.names).toMatchObject([{ identity: 'd0000.example.com', why: 'changed' }]);
  const after = await freshen(before, ['d0000.example.com'], 1);
  expect(factsOf(after, 'd0000.example.com')?.status).toBe('NOT_STARTED');
});

test('an identity that was deleted is dropped once SES says so by name', async () => {
  put(domains(2));
  const before = await snapshot();
  estate.sandbox.aws.deleteIdentity(HOME, region, 'd0001.example.com');
  expect((await freshen(before, ['d0001.example.com'])).identities).toEqual(before.identities);
  expect(namesOf(await freshen(before, ['d0001.example.com'], 1))).toEqual(['d0000.example.com']);
});

test('an error that belonged to the old status does not stay with the new one', async () => {
  put([easyIdentity('a.example.com', { region, status: 'PENDING', errorType: 'HOST_NOT_FOUND' })]);
  const before = await snapshot();
  put([easyIdentity('a.example.com', { region })]);
  const after = await freshen(before, ['a.example.com']);
  expect(factsOf(after, 'a.example.com')?.status).toBe('SUCCESS');
  expect(factsOf(after, 'a.example.com')).not.toHaveProperty('errorType');
});

test('nothing to ask for, unknown names, no time left: no call', async () => {
  put(domains(1));
  const before = await snapshot();
  expect(await freshen(before, [])).toEqual(before);
  expect(await freshen(before, ['stranger.example.com', 'constructor'], 5)).toEqual(before);
  expect(await freshen(before, ['d0000.example.com'], 5, 0)).toEqual(before);
  expect(estate.sandbox.aws.calls).toEqual([]);
});
