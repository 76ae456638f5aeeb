// What SES v1 says of own keys and replicas is written down nowhere: whatever it is, it changes none of their facts.
import type { Inventory } from '../../lambda/model/identity.ts';
import type { SesIdentity } from '../../sandbox/aws/aws-world.ts';
import { addressIdentity, bareIdentity, byodkimIdentity, easyIdentity, replicaIdentity } from '../../sandbox/aws/identities.ts';
import { type Estate, HOME, smallEstate } from './small-estate.ts';
import { HOUR, Sweeps } from './small-steps.ts';

let estate: Estate;
beforeEach(async () => {
  estate = await smallEstate();
});
afterEach(() => estate.close());

const region = 'eu-west-1';
const put = (...identities: SesIdentity[]) => estate.sandbox.aws.setIdentities(HOME, region, identities);
const detailCalls = () => estate.sandbox.aws.calls.filter(({ action }) => action === 'GetEmailIdentity').length;
const XYZ = ['x', 'y', 'z'].map((c) => c.repeat(32));
const own = byodkimIdentity('own.example.com', { region, selector: 's1' });
const replica = replicaIdentity('replica.example.com', { region, parentRegion: 'eu-south-1' });

const WORDS: readonly (readonly [string, SesIdentity['v1']])[] = [
  ['the same as v2', undefined],
  ['that it does not know them', 'unknown'],
  ['that nothing was begun', { status: 'NOT_STARTED', enabled: false, tokens: [] }],
  ['that all has failed', { status: 'FAILED', enabled: false }],
  ['a state nobody has heard of', { status: 'Bewildered' }],
  ['tokens of a former Easy DKIM', { tokens: XYZ }],
];

const said = (identity: SesIdentity, v1: SesIdentity['v1']): SesIdentity => (v1 === undefined ? identity : { ...identity, v1 });
const facts = (inventory: Inventory) =>
  inventory.identities.map(({ identity, method, tokens, ses: { status, signing } }) => ({ identity, method, tokens, status, signing }));

test.each(WORDS)(
  'v1 says %s: the facts are those of v2, also in the rounds after, and nobody is read each hour for it',
  async (_what, v1) => {
    put(said(own, v1), said(replica, v1));
    const sweeps = new Sweeps(estate, { detailsEveryMs: 1000 * HOUR });
    const first = await sweeps.sweep();
    const right = facts(first.inventory);
    expect(right).toMatchObject([
      { identity: 'own.example.com', method: 'byodkim', tokens: ['s1'], status: 'SUCCESS', signing: true },
      { identity: 'replica.example.com', method: 'deed', status: 'SUCCESS', signing: true },
    ]);
    for (let hour = 0; hour < 3; hour++) {
      estate.pass(HOUR);
      expect(facts((await sweeps.sweep()).inventory)).toEqual(right);
    }
  },
);

test('another word than before has the details read at once; the same word again has not', async () => {
  const many = Array.from({ length: 60 }, (_, i) =>
    byodkimIdentity(`k${i}.example.com`, { region, selector: 's1', v1: { status: 'PENDING' } }),
  );
  put(...many, own);
  const sweeps = new Sweeps(estate, { detailsEveryMs: 10_000 * HOUR });
  await sweeps.sweep();
  estate.pass(HOUR);
  await sweeps.sweep();
  estate.pass(HOUR);
  put(said({ ...own, facts: { ...own.facts, DkimAttributes: { ...own.facts.DkimAttributes, Status: 'FAILED' } } }, { status: 'FAILED' }));
  const calls = estate.sandbox.aws.calls.length;
  const { inventory } = await sweeps.sweep();
  const asked = estate.sandbox.aws.calls.slice(calls).filter(({ action }) => action === 'GetEmailIdentity');
  expect(asked[0]?.identity).toBe('own.example.com');
  expect(inventory.identities.find(({ identity }) => identity === 'own.example.com')?.ses.status).toBe('FAILED');
});

test('the listing says something new of an own key: its details are read', async () => {
  put(said(own, 'unknown'));
  const sweeps = new Sweeps(estate);
  await sweeps.sweep();
  estate.pass(HOUR);
  await sweeps.sweep();
  estate.pass(HOUR);
  const lost = byodkimIdentity('own.example.com', { region, selector: 's1', status: 'FAILED', facts: { VerificationStatus: 'FAILED' } });
  put(said(lost, 'unknown'));
  const { inventory } = await sweeps.sweep();
  expect(inventory.identities).toMatchObject([{ ses: { status: 'FAILED' } }]);
});

test('v1 contradicts the details of Easy DKIM: they are read, they count, and they are not read again for the same word', async () => {
  put(easyIdentity('a.example.com', { region, v1: { status: 'FAILED' } }));
  const sweeps = new Sweeps(estate);
  await sweeps.sweep();
  for (let hour = 0; hour < 3; hour++) {
    estate.pass(HOUR);
    const { inventory } = await sweeps.sweep();
    expect(inventory.identities).toMatchObject([{ identity: 'a.example.com', ses: { status: 'SUCCESS' } }]);
    expect(inventory.pending).toBeUndefined();
  }
  expect(detailCalls()).toBe(4);
});

test('who becomes provisional at first sight, and who waits for the details', async () => {
  put(
    easyIdentity('easy.example.com', { region }),
    easyIdentity('pending.example.com', { region, status: 'PENDING' }),
    said(own, undefined),
    said(replica, undefined),
    bareIdentity('bare.example.com', { region }),
    easyIdentity('unheard.example.com', { region, v1: 'unknown' }),
    easyIdentity('strange.example.com', { region, v1: { status: 'Bewildered' } }),
    addressIdentity('someone@example.com', { region }),
    addressIdentity('signs@example.com', { region, status: 'SUCCESS', signing: true }),
  );
  estate.sandbox.aws.faults.push({ action: 'GetEmailIdentity', status: 429, code: 'TooManyRequestsException' });
  const { inventory } = await new Sweeps(estate).sweep();
  expect(inventory.identities.map(({ identity, provisional, hostedZone }) => ({ identity, provisional, hostedZone }))).toEqual(
    ['easy.example.com', 'pending.example.com', 'replica.example.com', 'signs@example.com'].map((identity) => ({
      identity,
      provisional: true,
      hostedZone: undefined,
    })),
  );
  expect(inventory.pending?.names).toHaveLength(9);
});
