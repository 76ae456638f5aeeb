// SES's limit is shared with the customer's own tools: the reading gives way, and gets on all the same with each of its kinds.
import { byodkimIdentity } from '../../sandbox/aws/identities.ts';
import { AT_HOME, domains, type Estate, HOME, smallEstate } from './small-estate.ts';
import { detailedInTurn, HOUR, MINUTE, type Step, Sweeps, sum } from './small-steps.ts';

let estate: Estate;
beforeEach(async () => {
  estate = await smallEstate();
});
afterEach(() => estate.close());

const region = 'eu-west-1';

test('half of the limit is left to us: a refresh takes no more than twice the time that this half needs', async () => {
  estate.sandbox.aws.setIdentities(HOME, region, domains(5000));
  estate.sandbox.aws.rate = 0.5;
  // 55 calls at one in two seconds: 110 seconds.
  const needs = { statusDue: true, wrong: new Set<string>(), inventoryEveryMs: HOUR, detailsEveryMs: 24 * HOUR };
  const { inventory, gap } = await estate.open().refresh(AT_HOME, undefined, estate.now() + 220_000, undefined, needs);
  const listed = estate.sandbox.aws.calls.filter(({ action, error }) => action !== 'GetEmailIdentity' && error === undefined);
  expect({ complete: inventory.complete, gap, listed: listed.length }).toEqual({ complete: true, gap: undefined, listed: 55 });
}, 60_000);

test('a tenth of the limit, sweep after sweep: status and details both get on in each, and the round ends', async () => {
  estate.sandbox.aws.setIdentities(HOME, region, [
    ...domains(1500),
    ...Array.from({ length: 200 }, (_, i) => byodkimIdentity(`own${i}.example.com`, { region, selector: 's1', v1: 'unknown' })),
  ]);
  estate.sandbox.aws.rate = 0.2;
  const sweeps = new Sweeps(estate);
  const steps: Step[] = [];
  for (let i = 0; i < 12 && steps.at(-1)?.inventory.complete !== true; i++) steps.push(await sweeps.sweep());
  expect(steps.at(-1)?.inventory.complete).toBe(true);
  expect(steps.filter(({ gap }) => gap !== undefined)).toEqual([]);
  // After the round was ended details alone are read, and a round that falls due later leaves them their part.
  const later = await sweeps.sweeps(16);
  const rounds = later.filter(({ list, batch }) => list + batch > 0);
  expect(rounds.length).toBeGreaterThan(0);
  expect(later.every(({ detail }) => detail > 0)).toBe(true);
}, 60_000);

test('every other call is refused, for ever: everything is read in the end', async () => {
  estate.sandbox.aws.setIdentities(HOME, region, domains(40));
  let calls = 0;
  const fault = { service: 'ses', status: 429, code: 'TooManyRequestsException', times: 0 };
  estate.sandbox.aws.faults.push(fault);
  estate.sandbox.aws.beforeCall = ({ service }) => {
    if (service === 'ses') fault.times = ++calls % 2;
    return undefined;
  };
  const sweeps = new Sweeps(estate);
  let known = -1;
  for (let i = 0; i < 30 && (sweeps.inventory === undefined || sweeps.inventory.pending !== undefined); i++) {
    const { inventory } = await sweeps.sweep();
    const details = inventory.identities.filter(({ provisional }) => provisional !== true).length;
    expect(details).toBeGreaterThan(known);
    known = details;
  }
  expect(sweeps.inventory).toMatchObject({ complete: true, unread: [] });
  expect(known).toBe(40);
});

test('what can wait takes half of the pace: in three minutes no more than 30 calls at the full one and 60 at the half', async () => {
  estate.sandbox.aws.setIdentities(HOME, region, domains(4000));
  estate.sandbox.aws.rate = 1;
  const sweeps = new Sweeps(estate);
  await sweeps.sweep();
  estate.pass(HOUR);
  sweeps.inventory = detailedInTurn(sweeps.inventory as Step['inventory'], estate.now());
  const hour = await sweeps.sweeps(12);
  expect(sum(hour).detail).toBeGreaterThanOrEqual(167);
  for (const { detail, list } of hour.filter(({ list }) => list === 0))
    expect({ list, detail: detail <= 30 + 75 }).toEqual({ list, detail: true });
  expect(Math.max(...hour.map(({ ms }) => ms))).toBeLessThanOrEqual(3 * MINUTE);
}, 60_000);

test('others take all of the limit while mere turns are left: no gap, for the status is known; somebody new makes it one', async () => {
  estate.sandbox.aws.setIdentities(HOME, region, domains(400));
  const sweeps = new Sweeps(estate);
  await sweeps.sweep();
  estate.pass(HOUR);
  sweeps.inventory = detailedInTurn(sweeps.inventory as Step['inventory'], estate.now());
  estate.sandbox.aws.faults.push({ action: 'GetEmailIdentity', status: 429, code: 'TooManyRequestsException' });
  const refresh = await sweeps.sweep();
  expect(refresh.gap).toBeUndefined();
  expect(refresh.inventory.pending?.names).toHaveLength(30);
  expect((await sweeps.sweep()).gap).toBeUndefined();
  estate.pass(HOUR);
  estate.sandbox.aws.setIdentities(HOME, region, domains(401));
  expect((await sweeps.sweep()).gap).toBe('throttled');
}, 60_000);
