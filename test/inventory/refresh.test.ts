// The inventory against the sandbox's SES: everything is read, or is named as not read.
import type { Inventory } from '../../lambda/model/identity.ts';
import { addressIdentity, byodkimIdentity, easyIdentity, replicaIdentity } from '../../sandbox/aws/identities.ts';
import { AT_HOME, domains, type Estate, HOME, IN_MEMBER, MEMBER, NO_HURRY, namesOf, smallEstate } from './small-estate.ts';

let estate: Estate;
beforeEach(async () => {
  estate = await smallEstate();
});
afterEach(() => estate.close());

const put = (identities: ReturnType<typeof domains>) => estate.sandbox.aws.setIdentities(HOME, 'eu-west-1', identities);
const callsOf = (action: string) => estate.sandbox.aws.calls.filter((call) => call.action === action);
const until = (ms = NO_HURRY) => estate.now() + ms;

const HOUR = 3_600_000;
/** In the sweeps between two readings of the status. */
const LATER = { statusDue: false, wrong: new Set<string>(), inventoryEveryMs: HOUR, detailsEveryMs: 24 * HOUR };

async function complete(): Promise<Inventory> {
  const { inventory } = await estate.open().refresh(AT_HOME, undefined, until());
  if (!inventory.complete) throw new Error('not complete');
  return inventory;
}

describe('a target that can be read', () => {
  test('every method of signing is read with its facts and tags', async () => {
    put([
      easyIdentity('easy.example.com', { region: 'eu-west-1', tags: { team: 'web' } }),
      byodkimIdentity('own.example.com', { region: 'eu-west-1', selector: 's1' }),
      replicaIdentity('replica.example.com', { region: 'eu-west-1', parentRegion: 'eu-south-1' }),
      addressIdentity('someone@example.com', { region: 'eu-west-1' }),
    ]);
    const { inventory, gap } = await estate.open().refresh(AT_HOME, undefined, until());
    expect(gap).toBeUndefined();
    expect(inventory).toMatchObject({ account: HOME, region: 'eu-west-1', complete: true, unread: [] });
    expect(inventory.pending).toBeUndefined();
    expect(inventory.identities).toMatchObject([
      {
        identity: 'easy.example.com',
        type: 'domain',
        domain: 'easy.example.com',
        method: 'easy',
        hostedZone: 'dkim.amazonses.com',
        tags: { team: 'web' },
        ses: { status: 'SUCCESS', signing: true, verifiedForSending: true, sendingEnabled: true },
      },
      { identity: 'own.example.com', method: 'byodkim', tokens: ['s1'] },
      { identity: 'replica.example.com', method: 'deed', parentRegion: 'eu-south-1', hostedZone: 'dkim.eu-south-1.amazonses.com' },
      { identity: 'someone@example.com', type: 'address', domain: 'example.com', tokens: [], ses: { status: 'NOT_STARTED' } },
    ]);
    expect(inventory.identities[0]?.tokens).toHaveLength(3);
    expect(inventory.identities[0]?.ses.lastSuccessAt).toBe('2026-05-31T20:00:00.000Z');
  });

  test('no identity at all is a complete, empty inventory', async () => {
    const { inventory, gap } = await estate.open().refresh(AT_HOME, undefined, until());
    expect(gap).toBeUndefined();
    expect(inventory).toMatchObject({ complete: true, identities: [], unread: [] });
  });

  test('every page is read', async () => {
    put(domains(2003));
    // The details end after a few denials.
    estate.sandbox.aws.faults.push({ action: 'GetEmailIdentity', status: 403, code: 'AccessDeniedException' });
    const { inventory } = await estate.open().refresh(AT_HOME, undefined, until());
    expect(callsOf('ListEmailIdentities')).toHaveLength(3);
    expect(callsOf('GetIdentityDkimAttributes')).toHaveLength(21);
    expect(namesOf(inventory)).toEqual(domains(2003).map(({ name }) => name));
  });

  test('an identity deleted between listing and reading is no error', async () => {
    put([...domains(2), { name: 'ghost.example.com', facts: {}, vanished: true }]);
    const { inventory, gap } = await estate.open().refresh(AT_HOME, undefined, until());
    expect(gap).toBeUndefined();
    expect(inventory).toMatchObject({ complete: true, unread: [] });
    expect(namesOf(inventory)).toEqual(['d0000.example.com', 'd0001.example.com']);
  });

  test('calls keep one a second, and SES never throttles', async () => {
    put(domains(5));
    estate.sandbox.aws.rate = 1;
    const began = estate.now();
    const reader = estate.open();
    const { inventory } = await reader.refresh(AT_HOME, undefined, until());
    expect(inventory.complete).toBe(true);
    expect(estate.sandbox.aws.calls.filter(({ error }) => error !== undefined)).toEqual([]);
    expect(estate.now() - began).toBe(6000);
    expect(reader.calls()).toEqual({ sesCalls: 7, stsCalls: 0 });
  });

  test('another account is read through its role, with the external id and one session for all regions', async () => {
    estate.sandbox.aws.setIdentities(MEMBER, 'us-east-1', domains(1, 'us-east-1'));
    estate.sandbox.aws.setIdentities(MEMBER, 'eu-west-1', domains(2));
    const reader = estate.open();
    const [east, west] = await Promise.all([
      reader.refresh(IN_MEMBER, undefined, until()),
      reader.refresh({ ...IN_MEMBER, region: AT_HOME.region }, undefined, until()),
    ]);
    expect(east.inventory.identities).toHaveLength(1);
    expect(west.inventory.identities).toHaveLength(2);
    expect(reader.calls()).toEqual({ sesCalls: 7, stsCalls: 1 });
    expect(new Set(estate.sandbox.aws.calls.filter(({ service }) => service === 'ses').map(({ account }) => account))).toEqual(
      new Set([MEMBER]),
    );
  });
});

describe('trouble with single identities', () => {
  test('throttled now and then: everything is read in the end, more slowly', async () => {
    put(domains(6));
    estate.sandbox.aws.faults.push({ action: 'GetEmailIdentity', status: 429, code: 'TooManyRequestsException', times: 3 });
    const { inventory, gap } = await estate.open().refresh(AT_HOME, undefined, until());
    expect(gap).toBeUndefined();
    expect(inventory).toMatchObject({ complete: true, unread: [] });
    expect(inventory.identities).toHaveLength(6);
  });

  test.each([
    ['SES fails on it', { status: 500, code: 'InternalServiceErrorException' }, 3, 'error'],
    ['it alone is denied', { status: 403, code: 'AccessDeniedException' }, 1, 'denied'],
    ['it alone is throttled for ever', { status: 429, code: 'TooManyRequestsException' }, 5, 'throttled'],
    ['SES cannot read its name', { status: 400, code: 'BadRequestException' }, 1, 'error'],
  ])('%s: the others are read, it is unread with its reason', async (_what, fault, tries, reason) => {
    put(domains(3));
    estate.sandbox.aws.faults.push({ identity: 'd0000.example.com', ...fault });
    const { inventory, gap } = await estate.open().refresh(AT_HOME, undefined, until());
    expect(gap).toBeUndefined();
    expect(inventory.complete).toBe(true);
    expect(namesOf(inventory)).toEqual(['d0001.example.com', 'd0002.example.com']);
    expect(inventory.unread).toMatchObject([{ identity: 'd0000.example.com', type: 'domain', gap: { reason } }]);
    expect(callsOf('GetEmailIdentity').filter(({ identity }) => identity === 'd0000.example.com')).toHaveLength(tries);
  });

  test('an identity that was read before keeps its facts, with their age, when it cannot be read anew', async () => {
    put(domains(2));
    const first = await complete();
    estate.pass(HOUR);
    estate.sandbox.aws.faults.push({ identity: 'd0000.example.com', status: 500, code: 'InternalServiceErrorException' });
    const { inventory } = await estate.open().refresh(AT_HOME, first, until());
    expect(inventory).toMatchObject({ complete: true, unread: [] });
    expect(inventory.identities[0]?.detailedAt).toBe(first.identities[0]?.detailedAt);
    expect(inventory.identities[0]?.ses.lastSuccessAt).toBe(first.identities[0]?.ses.lastSuccessAt);
    expect(inventory.identities[1]?.detailedAt).not.toBe(first.identities[1]?.detailedAt);
  });

  test('what was unread is read in the next inventory', async () => {
    put(domains(2));
    estate.sandbox.aws.faults.push({ identity: 'd0000.example.com', status: 403, code: 'AccessDeniedException', times: 1 });
    const first = await complete();
    const { inventory } = await estate.open().refresh(AT_HOME, first, until());
    expect(inventory).toMatchObject({ complete: true, unread: [] });
    expect(inventory.identities).toHaveLength(2);
  });
});

describe('a target that cannot be read', () => {
  test.each([
    [
      'denied',
      { action: 'ListEmailIdentities', status: 403, code: 'AccessDeniedException' },
      /may not call ses:ListEmailIdentities in eu-west-1/,
    ],
    ['throttled', { service: 'ses', status: 429, code: 'TooManyRequestsException' }, /throttles ses:ListEmailIdentities/],
    ['error', { service: 'ses', status: 500, code: 'InternalServiceErrorException' }, /did not answer ses:ListEmailIdentities/],
    [
      'denied',
      { action: 'GetIdentityDkimAttributes', status: 403, code: 'AccessDenied' },
      /may not call ses:GetIdentityDkimAttributes in eu-west-1/,
    ],
  ])('%s: a gap that names the call; nothing is complete', async (reason, fault, sentence) => {
    put(domains(3));
    estate.sandbox.aws.faults.push(fault);
    const { inventory, gap } = await estate.open().refresh(AT_HOME, undefined, until());
    expect(gap).toMatchObject({ reason, detail: expect.stringMatching(sentence) });
    expect(inventory.complete).toBe(false);
  });

  test.each([
    ['denied', { action: 'GetEmailIdentity', status: 403, code: 'AccessDeniedException' }, /may not call ses:GetEmailIdentity/],
    ['throttled', { action: 'GetEmailIdentity', status: 429, code: 'TooManyRequestsException' }, /throttles ses:GetEmailIdentity/],
  ])(
    'details %s: a gap that names the call; what v1 says is provisional, and the details stay to be read',
    async (reason, fault, sentence) => {
      put(domains(3));
      estate.sandbox.aws.faults.push(fault);
      const { inventory, gap } = await estate.open().refresh(AT_HOME, undefined, until());
      expect(gap).toMatchObject({ reason, detail: expect.stringMatching(sentence) });
      expect(inventory).toMatchObject({ complete: true, unread: [] });
      expect(inventory.identities.map(({ provisional }) => provisional)).toEqual([true, true, true]);
      expect(inventory.pending?.names).toHaveLength(3);
    },
  );

  test('v1 alone is denied: a gap, and the details are read all the same', async () => {
    put(domains(3));
    estate.sandbox.aws.faults.push({ action: 'GetIdentityDkimAttributes', status: 403, code: 'AccessDenied' });
    const first = await estate.open().refresh(AT_HOME, undefined, until());
    expect(first.gap?.reason).toBe('denied');
    expect(first.inventory.identities.map(({ method }) => method)).toEqual(['easy', 'easy', 'easy']);
    estate.pass(26 * HOUR);
    const second = await estate.open().refresh(AT_HOME, first.inventory, until());
    expect(second).toMatchObject({ inventory: { complete: false }, gap: { reason: 'denied' } });
    expect(second.inventory.identities[0]?.detailedAt).not.toBe(first.inventory.identities[0]?.detailedAt);
  });

  test('the gap stays from run to run, and goes when the target can be read', async () => {
    put(domains(3));
    const fault = { action: 'GetEmailIdentity', status: 403, code: 'AccessDeniedException' };
    estate.sandbox.aws.faults.push(fault);
    const first = await estate.open().refresh(AT_HOME, undefined, until());
    const second = await estate.open().refresh(AT_HOME, first.inventory, until());
    expect(second.gap?.reason).toBe('denied');
    estate.sandbox.aws.faults.length = 0;
    const third = await estate.open().refresh(AT_HOME, second.inventory, until());
    expect(third.gap).toBeUndefined();
    expect(third.inventory).toMatchObject({ complete: true, unread: [] });
    expect(third.inventory.identities).toHaveLength(3);
  });

  test.each([
    ['the first page fails', { action: 'ListEmailIdentities', status: 500, code: 'InternalServiceErrorException' }],
    ['everything is denied', { service: 'ses', status: 403, code: 'AccessDeniedException' }],
  ])('%s: the old snapshot stays as it is', async (_what, fault) => {
    put(domains(3));
    const first = await complete();
    estate.sandbox.aws.faults.push(fault);
    const { inventory, gap } = await estate.open().refresh(AT_HOME, first, until());
    expect(gap).toBeDefined();
    expect(inventory).toBe(first);
  });

  test('only the details are denied: the old ones stay with their age, the status is read anew, and there is a gap', async () => {
    put(domains(3));
    const first = await complete();
    estate.pass(HOUR);
    estate.sandbox.aws.faults.push({ action: 'GetEmailIdentity', status: 403, code: 'AccessDeniedException' });
    const { inventory, gap } = await estate.open().refresh(AT_HOME, first, until());
    expect(gap?.reason).toBe('denied');
    expect(inventory.complete).toBe(true);
    expect(inventory.identities.map(({ detailedAt }) => detailedAt)).toEqual(first.identities.map(({ detailedAt }) => detailedAt));
    expect(inventory.pending?.names).toHaveLength(3);
  });

  test('after twenty denials in a row the rest is not tried; the next run begins with the others', async () => {
    put(domains(50));
    estate.sandbox.aws.faults.push({ action: 'GetEmailIdentity', status: 403, code: 'AccessDeniedException' });
    const { inventory, gap } = await estate.open().refresh(AT_HOME, undefined, until());
    expect(gap?.reason).toBe('denied');
    expect(callsOf('GetEmailIdentity')).toHaveLength(20);
    expect(inventory.pending?.names).toHaveLength(50);
    expect(inventory.pending?.names[0]?.identity).toBe('d0020.example.com');
  });

  test('many identities that fail for ever do not keep the inventory from completing', async () => {
    put(domains(60));
    for (const { name } of domains(50))
      estate.sandbox.aws.faults.push({ identity: name, status: 500, code: 'InternalServiceErrorException' });
    let inventory: Inventory | undefined;
    for (let run = 0; run < 10 && (inventory === undefined || inventory.pending !== undefined); run++) {
      inventory = (await estate.open({ ratePerSecond: 100 }).refresh(AT_HOME, inventory, until(), undefined, LATER)).inventory;
    }
    expect(inventory).toMatchObject({ complete: true });
    expect(inventory?.identities).toHaveLength(10);
    expect(inventory?.unread).toHaveLength(50);
  });

  test('a region that is off', async () => {
    estate.sandbox.aws.regionsOff.add(`${HOME}/ap-east-1`);
    const reader = estate.open();
    const { gap } = await reader.refresh({ ...AT_HOME, region: 'ap-east-1' as typeof AT_HOME.region }, undefined, until());
    expect(gap).toMatchObject({
      reason: 'region-off',
      detail: expect.stringContaining('ap-east-1 is not enabled in account 111111111111'),
    });
    expect(reader.calls().sesCalls).toBe(1);
  });

  test('a service control policy is named', async () => {
    const message =
      'User: arn:aws:iam::111111111111:user/x is not authorized to perform: ses:ListEmailIdentities with an explicit deny in a service control policy';
    estate.sandbox.aws.faults.push({ service: 'ses', status: 403, code: 'AccessDeniedException', message });
    const { gap } = await estate.open().refresh(AT_HOME, undefined, until());
    expect(gap).toMatchObject({ reason: 'denied', detail: expect.stringContaining('service control policy of the organisation') });
  });

  test('the time is over before it begins: a gap if nothing is known, none if there is a snapshot', async () => {
    put(domains(1));
    const reader = estate.open();
    const nothing = await reader.refresh(AT_HOME, undefined, estate.now());
    expect(nothing.gap?.reason).toBe('out-of-time');
    const known = await complete();
    expect(await reader.refresh(AT_HOME, known, estate.now())).toEqual({ inventory: known });
    expect(callsOf('ListEmailIdentities')).toHaveLength(1);
  });
});

describe('roles', () => {
  test.each<[string, () => void, string | undefined]>([
    [
      'the role refuses',
      () => estate.sandbox.aws.denyRoles.add(`arn:aws:iam::${MEMBER}:role/ses-dkim-monitor-read`),
      'a-secret-external-id-of-the-estate',
    ],
    ['the external id is wrong', () => {}, 'another-secret-external-id'],
    ['the external id is missing', () => {}, undefined],
  ])('%s: a gap that says what to check, without the secret', async (_what, arrange, externalId) => {
    arrange();
    const reader = estate.open({
      accounts: [{ id: MEMBER, roleName: 'ses-dkim-monitor-read', ...(externalId === undefined ? {} : { externalId }) }],
    });
    const { inventory, gap } = await reader.refresh(IN_MEMBER, undefined, until());
    expect(gap?.reason).toBe('role-refused');
    expect(gap?.detail).toMatch(
      /^arn:aws:iam::222222222222:role\/ses-dkim-monitor-read cannot be assumed.*trust policy.*aws:PrincipalArn.*external id/,
    );
    expect(gap?.detail).not.toContain('secret');
    expect(inventory).toMatchObject({ complete: false, identities: [] });
    expect(callsOf('ListEmailIdentities')).toEqual([]);
  });

  test('AWS quotes the external id: it is hidden all the same', async () => {
    const message = "1 validation error detected: Value 'a-secret-external-id-of-the-estate' at 'externalId' failed to satisfy constraint";
    estate.sandbox.aws.faults.push({ action: 'AssumeRole', status: 400, code: 'ValidationError', message });
    const { gap } = await estate.open().refresh(IN_MEMBER, undefined, until());
    expect(gap?.reason).toBe('role-refused');
    expect(gap?.detail).toContain('[hidden]');
    expect(gap?.detail).not.toContain('secret');
  });

  test('a refusal is remembered for the other regions of the account', async () => {
    estate.sandbox.aws.denyRoles.add(`arn:aws:iam::${MEMBER}:role/ses-dkim-monitor-read`);
    const reader = estate.open();
    for (const region of ['us-east-1', 'eu-west-1', 'eu-central-1']) {
      const { gap } = await reader.refresh({ ...IN_MEMBER, region: region as typeof IN_MEMBER.region }, undefined, until());
      expect(gap?.reason).toBe('role-refused');
    }
    expect(reader.calls()).toEqual({ sesCalls: 0, stsCalls: 1 });
  });

  test('a trust policy without sts:SetSourceIdentity: assumed all the same, unnamed', async () => {
    const message =
      'User: arn:aws:iam::111111111111:user/x is not authorized to perform: sts:SetSourceIdentity on resource: arn:aws:iam::222222222222:role/ses-dkim-monitor-read';
    estate.sandbox.aws.faults.push({ action: 'AssumeRole', status: 403, code: 'AccessDenied', message, times: 1 });
    estate.sandbox.aws.setIdentities(MEMBER, 'us-east-1', domains(1, 'us-east-1'));
    const { inventory, gap } = await estate.open().refresh(IN_MEMBER, undefined, until());
    expect(gap).toBeUndefined();
    expect(inventory.identities).toHaveLength(1);
  });

  test('keys that expire during the reading are renewed, and the reading goes on', async () => {
    estate.sandbox.aws.setIdentities(MEMBER, 'us-east-1', domains(100, 'us-east-1'));
    const fault = { action: 'GetEmailIdentity', status: 403, code: 'ExpiredTokenException', times: 0 };
    estate.sandbox.aws.faults.push(fault);
    estate.sandbox.aws.beforeCall = (call) => {
      // Once, after more than a minute of work.
      if (call.identity === 'd0080.example.com' && callsOf('AssumeRole').length === 1) fault.times = 1;
      return undefined;
    };
    const reader = estate.open();
    const { inventory, gap } = await reader.refresh(IN_MEMBER, undefined, until());
    expect(gap).toBeUndefined();
    expect(inventory).toMatchObject({ complete: true, unread: [] });
    expect(inventory.identities).toHaveLength(100);
    expect(reader.calls().stsCalls).toBe(2);
  });

  test('an account without a role that is not our own', async () => {
    const { gap } = await estate.open({ accounts: [{ id: HOME }, { id: MEMBER }] }).refresh(IN_MEMBER, undefined, until());
    expect(gap).toMatchObject({ reason: 'role-refused', detail: expect.stringContaining('set its roleName') });
  });

  test('the home account is read with its own credentials even if a role is named for it', async () => {
    put(domains(1));
    const reader = estate.open({ accounts: [{ id: HOME, roleName: 'ses-dkim-monitor-read' }] });
    expect((await reader.refresh(AT_HOME, undefined, until())).inventory.identities).toHaveLength(1);
    expect(reader.calls().stsCalls).toBe(0);
  });
});
