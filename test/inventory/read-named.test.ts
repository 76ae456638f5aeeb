// Single identities that an event named, read into a snapshot.
import type { Inventory } from '../../lambda/model/identity.ts';
import { addressIdentity, easyIdentity } from '../../sandbox/aws/identities.ts';
import { AT_HOME, domains, type Estate, HOME, NO_HURRY, namesOf, smallEstate } from './small-estate.ts';

let estate: Estate;
beforeEach(async () => {
  estate = await smallEstate();
});
afterEach(() => estate.close());

const region = 'eu-west-1';
const asked = () => estate.sandbox.aws.calls.filter(({ action }) => action === 'GetEmailIdentity').map(({ identity }) => identity);

async function snapshot(count: number): Promise<Inventory> {
  estate.sandbox.aws.setIdentities(HOME, region, domains(count));
  const { inventory } = await estate.open({ ratePerSecond: 1000 }).refresh(AT_HOME, undefined, estate.now() + NO_HURRY);
  estate.sandbox.aws.calls.length = 0;
  return inventory;
}

const readNamed = (inventory: Inventory, names: readonly string[], ms = NO_HURRY) =>
  estate.open().readNamed(AT_HOME, inventory, names, estate.now() + ms);

test('a new one is added, a known one read anew, the others are neither asked for nor touched; the snapshot is as complete as it was', async () => {
  const before = await snapshot(3);
  estate.sandbox.aws.setIdentity(HOME, region, easyIdentity('new.example.com', { region, status: 'PENDING' }));
  estate.sandbox.aws.setIdentity(HOME, region, easyIdentity('d0001.example.com', { region, status: 'FAILED' }));
  const { inventory, gap } = await readNamed(before, ['new.example.com', 'd0001.example.com', 'new.example.com']);
  expect(gap).toBeUndefined();
  expect(asked()).toEqual(['new.example.com', 'd0001.example.com']);
  expect(namesOf(inventory)).toEqual([...namesOf(before), 'new.example.com']);
  expect(inventory.identities.find(({ identity }) => identity === 'd0001.example.com')?.ses.status).toBe('FAILED');
  expect(inventory).toMatchObject({ complete: true, completedAt: before.completedAt });
});

test('one that SES does not know is dropped; one that is refused stays', async () => {
  const before = await snapshot(3);
  estate.sandbox.aws.deleteIdentity(HOME, region, 'd0000.example.com');
  expect(namesOf((await readNamed(before, ['d0000.example.com', 'never.example.com'])).inventory)).toEqual([
    'd0001.example.com',
    'd0002.example.com',
  ]);
  estate.sandbox.aws.faults.push({ action: 'GetEmailIdentity', status: 403, code: 'AccessDeniedException' });
  const refused = await readNamed(before, ['d0001.example.com', 'd0002.example.com']);
  expect(refused.inventory).toBe(before);
  expect(refused.gap).toMatchObject({ reason: 'denied' });
});

test('a new one is not lost at the end of a listing that has passed its page', async () => {
  const whole = await snapshot(2);
  const listing: Inventory = { ...whole, complete: false, pending: { nextToken: 'page-2', names: [], seen: namesOf(whole) } };
  estate.sandbox.aws.setIdentity(HOME, region, easyIdentity('new.example.com', { region }));
  const { inventory } = await readNamed(listing, ['new.example.com']);
  expect(inventory.pending?.seen).toContain('new.example.com');
  estate.sandbox.aws.deleteIdentity(HOME, region, 'new.example.com');
  expect((await readNamed(inventory, ['new.example.com'])).inventory.pending?.seen).not.toContain('new.example.com');
});

test('at the pace of SES, as far as the time allows', async () => {
  const before = await snapshot(10);
  const { inventory, gap } = await readNamed(before, namesOf(before), 3_500);
  expect(asked().length).toBeLessThan(6);
  expect(gap?.reason).toBe('out-of-time');
  expect(namesOf(inventory)).toEqual(namesOf(before));
});

test('an address is asked for as it is written and kept as it is compared', async () => {
  const before = await snapshot(1);
  estate.sandbox.aws.setIdentity(HOME, region, addressIdentity('News@example.com', { region }));
  const { inventory } = await readNamed(before, ['News@example.com']);
  expect(asked()).toEqual(['News@example.com']);
  expect(namesOf(inventory)).toContain('news@example.com');
});
