// Who is watched, over several sweeps: what Organizations and the accounts say, what is remembered of it, and what a failure must not do.
import type { AccountRegions, OrganizationAccount } from '../../lambda/model/estate.ts';
import type { AccountId, Region } from '../../lambda/model/names.ts';
import type { EstateFailure, EstateReader } from '../../lambda/sweep/ports.ts';
import { type ConfiguredEstate, type Resolved, resolveTargets } from '../../lambda/sweep/resolve-targets.ts';
import { runSweep } from '../../lambda/sweep/run-sweep.ts';
import { easyIdentity, SmallWorld } from './small-world.ts';

const HOUR = 3_600_000;
const A = '222222222222' as AccountId;
const B = '333333333333' as AccountId;
const C = '444444444444' as AccountId;
const HOME = { account: '111111111111' as AccountId, region: 'eu-west-1' as Region };
const EVERYBODY = { include: ['o-exampleorgid'], exclude: [] };
const configured = (more: Partial<ConfiguredEstate> = {}): ConfiguredEstate => ({
  accounts: [],
  regions: ['eu-west-1' as Region],
  organization: EVERYBODY,
  ...more,
});

/** An organisation as a literal: accounts by entry, and what fails. */
class SmallOrganization implements EstateReader {
  states: Record<string, string> = { [A]: 'ACTIVE', [B]: 'ACTIVE' };
  readonly units: Record<string, readonly AccountId[]> = { 'ou-ab12-mailmail': [B] };
  failure: EstateFailure | undefined;
  regions: Record<string, AccountRegions> = {};
  regionsFail = false;
  readonly asked: string[] = [];

  accountsOf: EstateReader['accountsOf'] = async (entry) => {
    this.asked.push(entry);
    if (this.failure !== undefined) return this.failure;
    const all = Object.entries(this.states).map(([id, state]): OrganizationAccount => ({ id: id as AccountId, state }));
    if (entry === 'organization') return { kind: 'read', accounts: all, organization: 'o-exampleorgid' };
    const unit = this.units[entry];
    return unit === undefined ? { kind: 'unknown' } : { kind: 'read', accounts: all.filter(({ id }) => unit.includes(id)) };
  };

  regionsOf: EstateReader['regionsOf'] = async (account) => {
    this.asked.push(account);
    if (this.regionsFail) return { kind: 'failed', lasting: true, detail: 'The role may not call account:ListRegions.' };
    return { kind: 'read', ...(this.regions[account] ?? { enabled: [], off: [] }) };
  };
}

const THROTTLED: EstateFailure = { kind: 'failed', lasting: false, detail: 'AWS Organizations throttles.' };
const DENIED: EstateFailure = { kind: 'failed', lasting: true, detail: 'AWS Organizations does not show them.' };

let small: SmallWorld;
let organization: SmallOrganization;
beforeEach(() => {
  small = new SmallWorld();
  organization = new SmallOrganization();
});

const resolve = (what: ConfiguredEstate = configured(), refresh = true): Promise<Resolved> =>
  resolveTargets(what, HOME, { ...small.world(), estate: organization }, { everyMs: HOUR, until: small.now + 60_000, refresh });
const resolved = async (what?: ConfiguredEstate, refresh?: boolean) => {
  const answer = await resolve(what, refresh);
  if (answer.kind !== 'resolved') throw new Error(answer.detail);
  return answer;
};
const accounts = async (what?: ConfiguredEstate): Promise<readonly string[]> =>
  (await resolved(what)).targets.map(({ account }) => account);

test('a configuration that names everything asks nobody', async () => {
  const { targets, estate } = await resolved({ accounts: [], regions: [] });
  expect(targets).toEqual([HOME]);
  expect(estate).toEqual({ troubles: [] });
  expect(organization.asked).toEqual([]);
  expect(small.blobs.size).toBe(0);
});

test.each<[string, Partial<ConfiguredEstate>, readonly string[]]>([
  ['the organisation', {}, [A, B]],
  ['one unit', { organization: { include: ['ou-ab12-mailmail'], exclude: [] } }, [B]],
  ['one account', { organization: { include: [A], exclude: [] } }, [A]],
  ['all but a unit', { organization: { ...EVERYBODY, exclude: ['ou-ab12-mailmail'] } }, [A]],
  ['all but an account', { organization: { ...EVERYBODY, exclude: [A] } }, [B]],
  ['a unit and an account, each once', { organization: { include: ['ou-ab12-mailmail', B, A], exclude: [] } }, [B, A]],
  ['accounts of one own choice beside it', { accounts: [{ id: C }, { id: A }] }, [C, A, B]],
])('%s', async (_name, more, expected) => {
  expect(await accounts(configured(more))).toEqual(expected);
});

test('an excluded account that leaves nobody out is remarked, and logged with each reading', async () => {
  const exclude = [A, C, '999999999999'];
  const { targets, estate } = await resolved(configured({ organization: { ...EVERYBODY, exclude } }));
  await resolved(configured({ organization: { ...EVERYBODY, exclude } }));
  expect(targets.map(({ account }) => account)).toEqual([B]);
  expect(estate).toMatchObject({
    troubles: [],
    remarks: [C, '999999999999'].map((id) => expect.stringContaining(`${id} leaves nobody out`)),
  });
  expect(small.log.flatMap(({ event, fields }) => (event === 'exclude-idle' ? [fields.entry] : []))).toEqual([C, '999999999999']);
});

test('read once an hour; a new account is there then', async () => {
  await resolved();
  organization.states[C] = 'ACTIVE';
  small.now += HOUR - 1;
  expect(await accounts()).toEqual([A, B]);
  expect(organization.asked).toHaveLength(1);
  small.now += 1;
  expect(await accounts()).toEqual([A, B, C]);
  expect(organization.asked).toHaveLength(2);
});

test.each(['SUSPENDED', 'CLOSED', 'PENDING_CLOSURE', 'PENDING_ACTIVATION', 'SOMETHING_NEW'])(
  'an account that is %s is left out, and said',
  async (state) => {
    organization.states[B] = state;
    const { targets, estate } = await resolved();
    expect(targets.map(({ account }) => account)).toEqual([A]);
    expect(estate.organization?.skipped).toEqual([{ account: B, state }]);
    expect(small.log).toContainEqual({ event: 'account-skipped', fields: { account: B, state } });
  },
);

describe('Organizations cannot be read', () => {
  test('and nothing is remembered: blind, in one sentence', async () => {
    organization.failure = DENIED;
    expect(await resolve()).toEqual({
      kind: 'blind',
      detail: 'Which accounts are to be watched is not known, and none are remembered: AWS Organizations does not show them.',
    });
    expect(small.blobs.size).toBe(0);
  });

  test('the remembered list is used, and asking ends with the first failure', async () => {
    const what = configured({ organization: { include: ['o-exampleorgid', 'ou-ab12-mailmail'], exclude: [] } });
    await resolved(what);
    small.now += 2 * HOUR;
    organization.asked.length = 0;
    organization.failure = THROTTLED;
    const { targets, estate } = await resolved(what);
    expect(targets.map(({ account }) => account)).toEqual([A, B]);
    expect(estate.organization).toMatchObject({ remembered: THROTTLED.detail, accounts: 2 });
    expect(organization.asked).toEqual(['organization']);
    expect(small.log.map(({ event }) => event)).toContain('accounts-remembered');
    // A throttle passes by itself; after some hours somebody must look.
    expect(estate.troubles).toEqual([]);
    small.now += 5 * HOUR;
    expect((await resolved(what)).estate.troubles).toEqual([expect.stringContaining(THROTTLED.detail)]);
  });

  test('a refusal is a trouble at once', async () => {
    await resolved();
    small.now += HOUR;
    organization.failure = DENIED;
    expect((await resolved()).estate.troubles).toEqual([`The accounts are those of 2026-03-01T00:00:00.000Z: ${DENIED.detail}`]);
  });

  test('a unit that was added meanwhile is not known: blind, since nobody knows whom it would add or leave out', async () => {
    await resolved();
    organization.failure = THROTTLED;
    expect(await resolve(configured({ organization: { ...EVERYBODY, exclude: ['ou-ab12-mailmail'] } }))).toMatchObject({ kind: 'blind' });
  });

  test('a damaged memory is not an empty one: it is read anew, or the sweep is blind', async () => {
    const world = { ...small.world(), estate: organization };
    const memory = { ...world.memory, read: async () => ({ kind: 'unreadable' as const, detail: 'It is not JSON.' }) };
    const go = () => resolveTargets(configured(), HOME, { ...world, memory }, { everyMs: HOUR, until: small.now + 1, refresh: true });
    expect(await go()).toMatchObject({ kind: 'resolved' });
    expect(small.blobs.has('accounts/deployment')).toBe(true);
    organization.failure = DENIED;
    expect(await go()).toMatchObject({ kind: 'blind', detail: expect.stringContaining('cannot be read (It is not JSON.)') });
  });

  test.each([
    ['no list', { schema: 1 }],
    [
      'an account that is none',
      { schema: 1, listings: { organization: { readAt: '2026-03-01T00:00:00Z', listing: [{ id: 'x', state: 'ACTIVE' }] } } },
    ],
    ['no time', { schema: 1, listings: { organization: { listing: [] } } }],
    ['a list of nothing', { schema: 1, listings: null }],
  ])('a memory with %s counts as none', async (_name, value) => {
    small.blobs.set('accounts/deployment', { version: 'v0', text: JSON.stringify(value) });
    expect(await accounts()).toEqual([A, B]);
  });
});

describe('entries that the organisation does not know', () => {
  test.each<[string, string]>([
    ['an account', '999999999999'],
    ['a unit', 'ou-ab12-nosuchunit'],
    ['another organisation', 'o-anotherone1'],
  ])('%s: one sentence each, and the rest is watched', async (_name, entry) => {
    const { targets, estate } = await resolved(configured({ organization: { include: [A, entry], exclude: [] } }));
    expect(targets.map(({ account }) => account)).toEqual([A]);
    expect(estate.organization?.unknown).toEqual([entry]);
    expect(estate.troubles).toEqual([`organization: ${entry} is not known to the organisation: it is misspelt, or has left it.`]);
  });

  test('nothing is left: blind, and why', async () => {
    organization.states[B] = 'SUSPENDED';
    expect(await resolve(configured({ organization: { include: [B, '999999999999'], exclude: [] } }))).toEqual({
      kind: 'blind',
      detail: `organization: no account is left to watch. Not known to the organisation: 999999999999. Not active: ${B} (SUSPENDED).`,
    });
  });
});

test('a short check between two sweeps asks nobody, and takes what is remembered however old', async () => {
  expect(await resolve(configured(), false)).toMatchObject({ kind: 'blind', detail: expect.stringContaining('have not been read yet') });
  await resolved();
  small.now += 100 * HOUR;
  organization.asked.length = 0;
  expect((await resolved(configured(), false)).targets).toHaveLength(2);
  expect(organization.asked).toEqual([]);
});

describe('"regions": "all"', () => {
  const ALL = configured({ accounts: [{ id: A }], organization: undefined, regions: 'all' });
  const regions = async (): Promise<readonly string[]> => (await resolved(ALL)).targets.map(({ region }) => region);

  test('SES regions without those that the account has switched off, read once a day', async () => {
    organization.regions[A] = { enabled: ['us-east-1'] as Region[], off: ['eu-south-1', 'af-south-1', 'ap-east-1'] as Region[] };
    const found = await regions();
    expect(found).toEqual(expect.arrayContaining(['us-east-1', 'ap-southeast-5']));
    expect(found).not.toContain('eu-south-1');
    // No SES there, whoever has it on.
    expect(found).not.toContain('ap-east-1');
    expect(found).toHaveLength(25);
    small.now += 23 * HOUR;
    await regions();
    expect(organization.asked).toEqual([A]);
    small.now += HOUR;
    organization.regions[A] = { enabled: [], off: [] };
    expect(await regions()).toHaveLength(27);
  });

  test('an account that does not tell: every region is tried, and it is said once', async () => {
    organization.regionsFail = true;
    for (let hour = 0; hour < 4; hour += 1) {
      expect(await regions()).toHaveLength(27);
      small.now += HOUR;
    }
    expect(small.log.filter(({ event }) => event === 'regions-unknown')).toHaveLength(1);
    expect(organization.asked).toHaveLength(4);
  });

  test('what was known stays known when it cannot be read anew', async () => {
    organization.regions[A] = { enabled: [], off: ['eu-south-1'] as Region[] };
    await regions();
    organization.regionsFail = true;
    small.now += 25 * HOUR;
    expect(await regions()).not.toContain('eu-south-1');
    await regions();
    expect(organization.asked).toHaveLength(2);
    organization.regionsFail = false;
    organization.regions[A] = { enabled: [], off: [] };
    small.now += HOUR;
    expect(await regions()).toContain('eu-south-1');
  });

  test('regions of another partition are none', async () => {
    const { targets } = await resolveTargets(
      ALL,
      { account: A, region: 'us-gov-west-1' as Region },
      { ...small.world(), estate: organization },
      { everyMs: HOUR, until: small.now + 1, refresh: true },
    ).then((answer) => (answer.kind === 'resolved' ? answer : { targets: [] }));
    expect(targets.map(({ region }) => region)).toEqual(['us-gov-east-1', 'us-gov-west-1']);
  });
});

describe('open alerts of an account', () => {
  const identity = easyIdentity('shop.example', { account: A, region: 'eu-west-1' as Region });

  async function sweep(afterMs = HOUR): Promise<readonly string[]> {
    small.now += afterMs;
    small.sent.length = 0;
    const { targets, estate } = await resolved();
    await runSweep(small.plan({ targets, estate }), small.world());
    return small.sent.map(({ event, email }) => `${event}${email.includes('not watched any more') ? ' (not watched any more)' : ''}`);
  }

  beforeEach(async () => {
    small.identities = [identity];
    small.publish(identity);
    await sweep();
    small.cnames.delete(`${'a'.repeat(32)}._domainkey.shop.example`);
    expect(await sweep()).toEqual(['opened']);
  });

  test.each([
    ['was suspended', { [A]: 'SUSPENDED', [B]: 'ACTIVE' }],
    ['left', { [B]: 'ACTIVE' }],
  ])('that %s: closed, with the reason', async (_name, states) => {
    organization.states = states;
    expect(await sweep()).toEqual(['expired (not watched any more)']);
    expect(await sweep()).toEqual([]);
  });

  test.each([
    ['throttles', THROTTLED],
    ['refuses', DENIED],
  ])('stay open while Organizations %s', async (_name, failure) => {
    organization.failure = failure;
    expect(await sweep()).toEqual([]);
    expect(Object.keys(JSON.parse(small.blobs.get('alerts/deployment')?.text ?? '{}').alerts)).toEqual([`${A}/eu-west-1/shop.example`]);
  });
});
