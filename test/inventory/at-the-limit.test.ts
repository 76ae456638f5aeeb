// Ten thousand identities in one target: what the status of all, the details in turn and a first sight cost at one call a second.
import { easyIdentity } from '../../sandbox/aws/identities.ts';
import { domains, type Estate, HOME, smallEstate } from './small-estate.ts';
import { detailed, detailedInTurn, HOUR, MINUTE, type Step, Sweeps, spent, sum } from './small-steps.ts';

let estate: Estate;
beforeEach(async () => {
  estate = await smallEstate();
  estate.sandbox.aws.rate = 1;
});
afterEach(() => estate.close());

const region = 'eu-west-1';
const MANY = 10_000;
const refused = () => estate.sandbox.aws.calls.filter(({ error }) => error !== undefined);

test('ten thousand: known after one sweep, then 110 calls a refresh, none in the DNS sweeps between, and the details in turn', async () => {
  estate.sandbox.aws.setIdentities(HOME, region, domains(MANY));
  const sweeps = new Sweeps(estate);

  const first = await sweeps.sweep();
  expect(first).toMatchObject({ list: 10, batch: 100, inventory: { complete: true } });
  expect(first.inventory.identities).toHaveLength(MANY);
  expect(first.inventory.identities.filter(({ provisional }) => provisional)).toHaveLength(MANY - first.detail);
  expect(first.ms).toBeLessThanOrEqual(3 * MINUTE);
  // 180 seconds of each sweep, at one call a second; over restarts.
  const next = await sweeps.sweeps(2);
  expect(next.map(spent)).toEqual([
    { list: 0, batch: 0, detail: 180 },
    { list: 0, batch: 0, detail: 180 },
  ]);
  expect(next.at(-1)?.inventory.pending?.names).toHaveLength(MANY - first.detail - 2 * 180);

  estate.pass(HOUR);
  sweeps.inventory = detailed(first.inventory, estate.now() - 20 * MINUTE);
  const refresh = await sweeps.sweep();
  expect(spent(refresh)).toEqual({ list: 10, batch: 100, detail: 0 });
  // The limit's own time is 109 seconds from the first call to the last.
  expect(refresh.ms).toBeLessThanOrEqual(2 * 109_000);
  expect(refresh.inventory).toMatchObject({ complete: true });
  expect(refresh.inventory.pending).toBeUndefined();
  expect(sum(await sweeps.sweeps(11))).toEqual({ list: 0, batch: 0, detail: 0 });

  // An hour of the steady state: a twenty-fourth of the details beside the status of all.
  sweeps.inventory = { ...detailedInTurn(first.inventory, estate.now()), completedAt: new Date(estate.now() - HOUR).toISOString() };
  const hour = await sweeps.sweeps(12);
  const { list, batch, detail } = sum(hour);
  expect({ list, batch }).toEqual({ list: 10, batch: 100 });
  expect(detail).toBeGreaterThanOrEqual(417);
  expect(detail).toBeLessThan(460);
  // About a seventh of what the limit would give, and most of the sweeps ask nothing.
  expect(hour.filter((step) => step.list + step.batch + step.detail === 0).length).toBeGreaterThanOrEqual(6);
  expect(refused()).toEqual([]);
}, 120_000);

test('a day: the details of each are read, and none are older than the day and the hour until their turn', async () => {
  const count = 400;
  estate.sandbox.aws.setIdentities(HOME, region, domains(count));
  const sweeps = new Sweeps(estate);
  const { inventory } = await sweeps.sweep();
  estate.pass(HOUR);
  sweeps.inventory = detailedInTurn(inventory, estate.now());
  const calls = estate.sandbox.aws.calls.length;
  for (let hour = 0; hour < 24; hour++) {
    const step = await sweeps.sweep();
    const ages = step.inventory.identities.map(({ detailedAt }) => estate.now() - Date.parse(detailedAt ?? ''));
    expect(Math.max(...ages)).toBeLessThanOrEqual(25 * HOUR);
    estate.pass(55 * MINUTE);
  }
  const day = estate.sandbox.aws.calls.slice(calls).filter(({ action }) => action === 'GetEmailIdentity');
  expect(new Set(day.map(({ identity }) => identity)).size).toBe(count);
  // 30 an hour at least: an estate as small as this one is read more often than once a day.
  expect(day.length).toBeLessThanOrEqual(24 * 30);
}, 60_000);

test('who is new, who changed and who is not well is read at the refresh itself, before those whose turn it is', async () => {
  estate.sandbox.aws.setIdentities(HOME, region, domains(1000));
  const sweeps = new Sweeps(estate);
  await sweeps.sweep();
  estate.pass(HOUR);
  sweeps.inventory = detailedInTurn(sweeps.inventory as Step['inventory'], estate.now());
  sweeps.wrong.add('d0700.example.com');
  estate.sandbox.aws.setIdentities(HOME, region, [
    easyIdentity('d0500.example.com', { region, status: 'TEMPORARY_FAILURE' }),
    easyIdentity('d0600.example.com', { region, facts: { VerificationStatus: 'PENDING' } }),
    easyIdentity('d0650.example.com', { region, signing: false }),
    easyIdentity('new.example.com', { region }),
  ]);
  const calls = estate.sandbox.aws.calls.length;
  const step = await sweeps.sweep();
  expect(spent(step)).toMatchObject({ list: 2, batch: 11 });
  const asked = estate.sandbox.aws.calls.slice(calls).flatMap(({ action, identity }) => (action === 'GetEmailIdentity' ? [identity] : []));
  // Two of the urgent, one that is not well, one whose turn it is, and so on.
  expect(asked.slice(0, 7)).toEqual(expect.arrayContaining(['d0700.example.com', 'new.example.com', 'd0000.example.com']));
  expect([...asked.slice(0, 2), ...asked.slice(4, 6)].sort()).toEqual([
    'd0500.example.com',
    'd0600.example.com',
    'd0650.example.com',
    'new.example.com',
  ]);
}, 60_000);
