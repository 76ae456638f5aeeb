// An inventory longer than one run: it goes on where it stopped, and drops only what a finished listing no longer names.
import fc from 'fast-check';
import { type Inventory, waitingNames } from '../../lambda/model/identity.ts';
import { AT_HOME, domains, type Estate, HOME, NO_HURRY, namesOf, smallEstate } from './small-estate.ts';

let estate: Estate;
beforeEach(async () => {
  estate = await smallEstate();
});
afterEach(() => estate.close());

const callsOf = (action: string) => estate.sandbox.aws.calls.filter((call) => call.action === action);

const HOUR = 3_600_000;

/** One run of at most `ms`, as a new process would make it: only the JSON of the snapshot goes over. The status is due unless a complete one is younger than an hour. */
async function run(previous: Inventory | undefined, ms: number) {
  const kept = previous === undefined ? undefined : (JSON.parse(JSON.stringify(previous)) as Inventory);
  const age = kept?.complete && kept.completedAt ? estate.now() - Date.parse(kept.completedAt) : HOUR;
  const needs = { statusDue: age >= HOUR, wrong: new Set<string>(), inventoryEveryMs: HOUR, detailsEveryMs: 24 * HOUR };
  return estate.open().refresh(AT_HOME, kept, estate.now() + ms, undefined, needs);
}

test('three runs read every detail once, in order; the status of all is known after the first', async () => {
  estate.sandbox.aws.setIdentities(HOME, 'eu-west-1', domains(25));
  const first = await run(undefined, 10_000);
  expect(first.gap).toBeUndefined();
  expect(first.inventory).toMatchObject({ complete: true });
  expect(first.inventory.identities).toHaveLength(25);
  expect(first.inventory.pending?.names).toHaveLength(17);

  const second = await run(first.inventory, 10_000);
  expect(second.inventory).toMatchObject({ complete: true, listedAt: first.inventory.listedAt });
  expect(second.inventory.pending?.names).toHaveLength(7);

  const third = await run(second.inventory, 10_000);
  expect(third.gap).toBeUndefined();
  expect(third.inventory).toMatchObject({ complete: true, unread: [] });
  expect(third.inventory.pending).toBeUndefined();
  expect(namesOf(third.inventory)).toEqual(domains(25).map(({ name }) => name));
  expect(third.inventory.identities.filter(({ provisional }) => provisional)).toEqual([]);
  expect(callsOf('ListEmailIdentities')).toHaveLength(1);
  expect(callsOf('GetIdentityDkimAttributes')).toHaveLength(1);
  expect(callsOf('GetEmailIdentity').map(({ identity }) => identity)).toEqual(domains(25).map(({ name }) => name));
});

test('a listing cut off between two pages goes on with its token, and batches from the one that was not asked', async () => {
  estate.sandbox.aws.setIdentities(HOME, 'eu-west-1', domains(2500));
  // Time for two pages of three.
  const first = await run(undefined, 2000);
  expect(first.gap).toBeUndefined();
  expect(first.inventory).toMatchObject({ complete: false, identities: [] });
  expect(first.inventory.pending?.unasked).toHaveLength(2000);
  expect(first.inventory.pending?.nextToken).toBeDefined();
  const second = await run(first.inventory, 2000);
  expect(second.inventory.pending?.unasked).toHaveLength(2400);
  expect(second.inventory.pending?.nextToken).toBeUndefined();
  expect(second.inventory.identities).toHaveLength(100);
  // Of which a third is for the details of those who are known.
  const third = await run(second.inventory, 36_000);
  expect(third.inventory).toMatchObject({ complete: true });
  expect(third.inventory.identities).toHaveLength(2500);
  expect(callsOf('ListEmailIdentities')).toHaveLength(3);
  expect(callsOf('GetIdentityDkimAttributes')).toHaveLength(25);
});

test('a token that SES no longer takes restarts the listing', async () => {
  estate.sandbox.aws.setIdentities(HOME, 'eu-west-1', domains(1500));
  const first = await run(undefined, 1000);
  expect(first.inventory.pending?.nextToken).toBeDefined();
  estate.pass(300_000);
  estate.sandbox.aws.deleteIdentity(HOME, 'eu-west-1', 'd0999.example.com');
  const second = await run(first.inventory, 5000);
  expect(second.gap).toBeUndefined();
  expect(callsOf('ListEmailIdentities').map(({ error }) => error)).toEqual([undefined, 'BadRequestException', undefined, undefined]);
  expect(second.inventory.pending?.seen).toHaveLength(1499);
  expect(second.inventory.listedAt).not.toBe(first.inventory.listedAt);
});

test('identities that the new listing does not name stay until it has ended, then go', async () => {
  estate.sandbox.aws.setIdentities(HOME, 'eu-west-1', domains(12));
  const { inventory: before } = await run(undefined, NO_HURRY);
  estate.sandbox.aws.deleteIdentity(HOME, 'eu-west-1', 'd0003.example.com');
  estate.pass(HOUR);
  const half = await run(before, 1000);
  expect(half.inventory).toMatchObject({ complete: false, completedAt: before.completedAt });
  expect(namesOf(half.inventory)).toContain('d0003.example.com');
  expect(half.inventory.identities).toHaveLength(12);
  const whole = await run(half.inventory, NO_HURRY);
  expect(whole.inventory.complete).toBe(true);
  expect(namesOf(whole.inventory)).not.toContain('d0003.example.com');
  expect(whole.inventory.identities).toHaveLength(11);
});

test('a new identity is read before those that are known', async () => {
  estate.sandbox.aws.setIdentities(HOME, 'eu-west-1', domains(20));
  const { inventory: before } = await run(undefined, NO_HURRY);
  estate.sandbox.aws.setIdentities(HOME, 'eu-west-1', domains(21));
  estate.pass(HOUR);
  const { inventory } = await run(before, 3000);
  expect(inventory.identities.find(({ identity }) => identity === 'd0020.example.com')?.detailedAt).toBeDefined();
  expect(inventory.pending?.names).toHaveLength(20);
});

test('a run that is throttled to its end after some progress is no gap; one that gets nowhere is', async () => {
  estate.sandbox.aws.setIdentities(HOME, 'eu-west-1', domains(10));
  const first = await run(undefined, 5000);
  expect(first.inventory.pending?.names).toHaveLength(7);
  estate.sandbox.aws.faults.push({ service: 'ses', status: 429, code: 'TooManyRequestsException' });
  const second = await run(first.inventory, 60_000);
  expect(second.gap?.reason).toBe('throttled');
  expect(second.inventory.identities).toHaveLength(10);
  expect(second.inventory.pending?.names).toHaveLength(7);
});

const FAULTS = [
  { action: 'GetIdentityDkimAttributes', status: 400, code: 'Throttling' },
  { action: 'ListEmailIdentities', status: 500, code: 'InternalServiceErrorException' },
  { action: 'GetEmailIdentity', status: 429, code: 'TooManyRequestsException' },
  { action: 'GetEmailIdentity', status: 403, code: 'AccessDeniedException' },
  { identity: 'd0002.example.com', status: 500, code: 'InternalServiceErrorException' },
] as const;

test('whatever fails in between: known facts are never lost, complete means accounted for, and all is read once AWS is well again', async () => {
  const step = fc.record({
    ms: fc.integer({ min: 0, max: 9000 }),
    fault: fc.option(fc.constantFrom(...FAULTS)),
    times: fc.integer({ min: 1, max: 30 }),
  });
  const all = domains(8).map(({ name }) => name);
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 6 }), async (steps) => {
      estate.sandbox.aws.faults.length = 0;
      estate.sandbox.aws.setIdentities(HOME, 'eu-west-1', domains(8));
      let inventory: Inventory | undefined;
      for (const { ms, fault, times } of steps) {
        estate.sandbox.aws.faults.splice(0, 1, ...(fault === null ? [] : [{ ...fault, times }]));
        const known = (inventory?.identities ?? []).filter(({ provisional }) => !provisional).map(({ identity }) => identity);
        const { inventory: next } = await run(inventory, ms);
        expect(namesOf(next)).toEqual(expect.arrayContaining([...known]));
        const accounted = [...namesOf(next), ...[...next.unread, ...waitingNames(next)].map(({ identity }) => identity)];
        if (next.complete) expect([...new Set(accounted)].sort()).toEqual(all);
        // Whoever was not asked about by itself is waited for, or said to be unread: never simply known.
        const waiting = new Set(waitingNames(next).map(({ identity }) => identity));
        expect(next.identities.filter(({ identity, provisional }) => provisional && !waiting.has(identity))).toEqual([]);
        inventory = next;
      }
      estate.sandbox.aws.faults.length = 0;
      // What is pending, then one inventory from the beginning.
      for (let i = 0; i < 2; i++) {
        inventory = (await run(inventory, NO_HURRY)).inventory;
        estate.pass(HOUR);
      }
      expect(inventory).toMatchObject({ complete: true, unread: [] });
      expect(inventory?.pending).toBeUndefined();
      expect(namesOf(inventory as Inventory)).toEqual(all);
    }),
    { numRuns: 25 },
  );
});
