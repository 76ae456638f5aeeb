// What goes wrong in the middle of a reading costs the rest of it, and nothing that is known.
import type { Inventory } from '../../lambda/model/identity.ts';
import { addressIdentity, bareIdentity, byodkimIdentity } from '../../sandbox/aws/identities.ts';
import { AT_HOME, domains, type Estate, HOME, IN_MEMBER, MEMBER, NO_HURRY, namesOf, ROLE, smallEstate } from './small-estate.ts';
import { HOUR, Sweeps } from './small-steps.ts';

let estate: Estate;
beforeEach(async () => {
  estate = await smallEstate();
});
afterEach(() => estate.close());

const region = 'eu-west-1';
const callsOf = (action: string) => estate.sandbox.aws.calls.filter((call) => call.action === action);
const undetailed = (inventory: Inventory) => inventory.identities.filter(({ provisional }) => provisional === true).length;

describe('a role that works, and then not any more', () => {
  test.each([
    ['the listing', 'ListEmailIdentities', 1],
    ['the batches', 'GetIdentityDkimAttributes', 5],
    ['the details', 'GetEmailIdentity', 7],
  ])(
    'during %s: no gap in the run that got on, one in the next that does not, and the work goes on from there',
    async (_what, action, good) => {
      estate.sandbox.aws.setIdentities(MEMBER, 'us-east-1', domains(1100, 'us-east-1'));
      const role = `arn:aws:iam::${MEMBER}:role/${ROLE}`;
      const fault = { service: 'ses', status: 403, code: 'ExpiredTokenException', times: 0 };
      estate.sandbox.aws.faults.push(fault);
      let made = 0;
      estate.sandbox.aws.beforeCall = (call) => {
        if (call.action !== action || ++made <= good) return undefined;
        // From now on no key is good, and no new one is given.
        fault.times = 1_000_000;
        estate.sandbox.aws.denyRoles.add(role);
        return undefined;
      };
      const first = await estate.open({ ratePerSecond: 20 }).refresh(IN_MEMBER, undefined, estate.now() + 10 * 60_000);
      expect(first.gap).toBeUndefined();
      const second = await estate.open().refresh(IN_MEMBER, first.inventory, estate.now() + 10 * 60_000);
      expect(second.gap?.reason).toBe('role-refused');
      expect(second.inventory.identities).toEqual(first.inventory.identities);
      expect(second.inventory.pending).toEqual(first.inventory.pending);
      estate.sandbox.aws.beforeCall = undefined;
      estate.sandbox.aws.faults.length = 0;
      estate.sandbox.aws.denyRoles.clear();
      const before = callsOf(action).length;
      const third = await estate.open({ ratePerSecond: 1000 }).refresh(IN_MEMBER, second.inventory, estate.now() + NO_HURRY);
      expect(third.gap).toBeUndefined();
      expect(third.inventory).toMatchObject({ complete: true, unread: [] });
      expect(third.inventory.identities).toHaveLength(1100);
      expect(undetailed(third.inventory)).toBe(0);
      // What had been read was not read again.
      expect(callsOf(action).length - before).toBeLessThanOrEqual(
        { ListEmailIdentities: 1, GetIdentityDkimAttributes: 6, GetEmailIdentity: 1093 }[action] ?? 0,
      );
    },
    60_000,
  );
});

test('keys expire in the middle of the batches, and the role gives new ones: nobody notices', async () => {
  estate.sandbox.aws.setIdentities(MEMBER, 'us-east-1', domains(9500, 'us-east-1'));
  const fault = { action: 'GetIdentityDkimAttributes', status: 403, code: 'ExpiredToken', times: 0 };
  estate.sandbox.aws.faults.push(fault);
  estate.sandbox.aws.beforeCall = ({ action }) => {
    if (action === 'GetIdentityDkimAttributes' && callsOf(action).length === 80) fault.times = 1;
    return undefined;
  };
  const { inventory, gap } = await estate.open().refresh(IN_MEMBER, undefined, estate.now() + 120_000);
  expect(gap).toBeUndefined();
  expect(inventory.complete).toBe(true);
  expect(callsOf('AssumeRole')).toHaveLength(2);
}, 60_000);

test('the account is gone in the middle: a gap that stays, and the old facts with it', async () => {
  estate.sandbox.aws.setIdentities(MEMBER, 'us-east-1', domains(300, 'us-east-1'));
  const first = await estate.open({ ratePerSecond: 1000 }).refresh(IN_MEMBER, undefined, estate.now() + NO_HURRY);
  estate.pass(HOUR);
  estate.sandbox.aws.faults.push({ action: 'GetIdentityDkimAttributes', status: 403, code: 'InvalidClientTokenId' });
  const second = await estate.open().refresh(IN_MEMBER, first.inventory, estate.now() + 60_000);
  expect(second.gap?.reason).toBe('denied');
  expect(second.inventory.identities).toEqual(first.inventory.identities);
  expect(second.inventory).toMatchObject({ complete: false, completedAt: first.inventory.completedAt });
  expect(second.inventory.pending?.unasked).toHaveLength(300);
});

test('the listing is throttled page after page: each page that was read is kept', async () => {
  estate.sandbox.aws.setIdentities(HOME, region, domains(3000));
  estate.sandbox.aws.beforeCall = ({ action }) => {
    // One page a run.
    if (action === 'ListEmailIdentities' && callsOf(action).length % 6 === 1) estate.sandbox.aws.faults.length = 0;
    else if (action === 'ListEmailIdentities')
      estate.sandbox.aws.faults.splice(0, 1, { action: 'ListEmailIdentities', status: 429, code: 'TooManyRequestsException' });
    return undefined;
  };
  let inventory: Inventory | undefined;
  for (const pages of [1, 2]) {
    const run = await estate.open().refresh(AT_HOME, inventory, estate.now() + 10 * 60_000);
    expect(run.gap).toBeUndefined();
    expect(run.inventory.pending?.unasked).toHaveLength(pages * 1000);
    inventory = run.inventory;
  }
  // The last one is read too, and batches follow.
  expect((await estate.open().refresh(AT_HOME, inventory, estate.now() + 10 * 60_000)).inventory.complete).toBe(true);
});

describe('the listing changes between its pages', () => {
  test('an identity that slipped through is still there: SES v1 knows it', async () => {
    estate.sandbox.aws.setIdentities(HOME, region, domains(1500));
    const sweeps = new Sweeps(estate);
    await sweeps.sweep();
    estate.pass(HOUR);
    const slipped = estate.sandbox.aws.identity(HOME, region, 'd0700.example.com');
    if (slipped === undefined) throw new Error('not in the world');
    // Not in the listing while it runs, and there again before anybody asks about it.
    estate.sandbox.aws.beforeCall = ({ action }) => {
      if (action === 'ListEmailIdentities') estate.sandbox.aws.deleteIdentity(HOME, region, slipped.name);
      else estate.sandbox.aws.setIdentity(HOME, region, slipped);
      return undefined;
    };
    const { inventory } = await sweeps.sweep();
    expect(inventory.complete).toBe(true);
    expect(namesOf(inventory)).toContain('d0700.example.com');
  }, 60_000);

  test.each([
    ['an own key', byodkimIdentity('z.example.com', { region, selector: 's1' })],
    ['a domain without DKIM', bareIdentity('z.example.com', { region })],
    ['an address', addressIdentity('z@example.com', { region })],
  ])('%s that slipped through stays until the details say that it is gone', async (_what, identity) => {
    estate.sandbox.aws.setIdentities(HOME, region, [...domains(2), identity]);
    const sweeps = new Sweeps(estate);
    await sweeps.sweep();
    estate.pass(HOUR);
    estate.sandbox.aws.beforeCall = ({ action }) => {
      if (action === 'ListEmailIdentities') estate.sandbox.aws.deleteIdentity(HOME, region, identity.name);
      else estate.sandbox.aws.setIdentity(HOME, region, { ...identity, v1: 'unknown' });
      return undefined;
    };
    expect(namesOf((await sweeps.sweep()).inventory)).toContain(identity.name);
    estate.sandbox.aws.beforeCall = undefined;
    estate.sandbox.aws.deleteIdentity(HOME, region, identity.name);
    estate.pass(HOUR);
    const { inventory } = await sweeps.sweep();
    expect(inventory.complete).toBe(true);
    expect(namesOf(inventory)).not.toContain(identity.name);
  });
});

test('five hundred identities are deleted at once: five calls of v1 say so, not five hundred of the details', async () => {
  estate.sandbox.aws.setIdentities(HOME, region, domains(600));
  const sweeps = new Sweeps(estate);
  await sweeps.sweep();
  for (const { name } of domains(600).slice(100)) estate.sandbox.aws.deleteIdentity(HOME, region, name);
  estate.pass(HOUR);
  const { inventory, batch } = await sweeps.sweep();
  expect(batch).toBe(6);
  expect(namesOf(inventory)).toEqual(domains(100).map(({ name }) => name));
  expect(inventory.pending).toBeUndefined();
});

test('SES refuses to read one name of a hundred: the status of the others is read all the same', async () => {
  estate.sandbox.aws.setIdentities(HOME, region, domains(100));
  const sweeps = new Sweeps(estate);
  await sweeps.sweep();
  estate.pass(HOUR);
  estate.sandbox.aws.setIdentities(HOME, region, [{ name: 'odd name.example.com', facts: { IdentityType: 'DOMAIN' } }]);
  const { inventory } = await sweeps.sweep();
  expect(inventory.complete).toBe(true);
  expect(inventory.identities.filter(({ ses }) => Date.parse(ses.readAt) > estate.now() - 10 * 60_000)).toHaveLength(101);
});

test('a snapshot of before, in the middle of its reading, is gone on with', async () => {
  estate.sandbox.aws.setIdentities(HOME, region, domains(12));
  const { inventory: whole } = await estate.open({ ratePerSecond: 1000 }).refresh(AT_HOME, undefined, estate.now() + NO_HURRY);
  const old = whole.identities.map(({ detailedAt: _detailedAt, heard: _heard, ...identity }) => identity);
  const names = domains(12).map(({ name }) => name);
  const before: Inventory = {
    account: whole.account,
    region: whole.region,
    listedAt: whole.listedAt ?? '',
    complete: false,
    identities: old.slice(0, 5),
    unread: [],
    pending: { names: names.slice(5).map((identity) => ({ identity, type: 'domain' as const })), seen: names },
  };
  estate.sandbox.aws.calls.length = 0;
  const { inventory, gap } = await estate.open().refresh(AT_HOME, before, estate.now() + NO_HURRY);
  expect(gap).toBeUndefined();
  expect(inventory).toMatchObject({ complete: true, unread: [] });
  expect(inventory.pending).toBeUndefined();
  expect(namesOf(inventory)).toEqual(names);
  expect(undetailed(inventory)).toBe(0);
  expect(callsOf('ListEmailIdentities')).toEqual([]);
  // A complete one of before: its details are as old as its facts, and nobody is taken for changed.
  estate.sandbox.aws.calls.length = 0;
  const complete = { ...inventory, identities: old };
  await estate.open().refresh(AT_HOME, complete, estate.now() + NO_HURRY);
  expect(estate.sandbox.aws.calls.map(({ action }) => action)).toEqual(['ListEmailIdentities', 'GetIdentityDkimAttributes']);
});
