// Early checks between sweeps: what they tell, and that nothing else is touched by them.
import type { AlertMemory } from '../../lambda/model/alert.ts';
import type { Identity, Inventory } from '../../lambda/model/identity.ts';
import type { Report } from '../../lambda/model/report.ts';
import { changed, EarlyWorld, MINUTE, named, OTHER } from './early-world.ts';
import { easyIdentity, TARGET } from './small-world.ts';

const HERE = `${TARGET.account}/${TARGET.region}`;
const alertsOf = (small: EarlyWorld) => small.blob<AlertMemory>('alerts/deployment');
const inventoryOf = (small: EarlyWorld) => small.blob<{ inventory: Inventory }>(`inventory/${HERE}`).inventory;
const historiesOf = (small: EarlyWorld) => small.blob<{ histories: Record<string, object> }>(`history/${HERE}`).histories;

test('a record vanished and Route 53 said so: told by the early check, once, and the next sweep has nothing to add', async () => {
  const small = await EarlyWorld.introduced('one.example', 'two.example');
  small.lose('one.example');
  expect(await small.early(changed('one.example'))).toMatchObject({ kind: 'checked', identities: 1, broken: 1, told: 1, troubles: [] });
  expect(small.told()).toEqual([expect.stringMatching(/^opened .*one\.example/)]);
  small.now += 3 * MINUTE;
  await small.early(changed('one.example'));
  small.now += 3 * MINUTE;
  await small.sweep();
  expect(small.sent).toHaveLength(1);
});

test('a change that concerns nobody asks nothing and writes nothing', async () => {
  const small = await EarlyWorld.introduced('one.example');
  const before = new Map(small.blobs);
  before.delete('lease/deployment');
  small.asked.length = 0;
  expect(await small.early(changed('stranger.example'))).toMatchObject({ kind: 'checked', identities: 0, told: 0 });
  expect(small.asked).toEqual([]);
  const after = new Map(small.blobs);
  after.delete('lease/deployment');
  expect(after).toEqual(before);
});

test('put back: the alert is told to be over by the early check', async () => {
  const small = await EarlyWorld.introduced('one.example');
  small.lose('one.example');
  await small.sweep();
  small.publish(...small.identities);
  small.now += MINUTE;
  await small.early(changed('one.example'));
  expect(small.told().map((line) => line.split(' ')[0])).toEqual(['opened', 'recovered']);
});

describe('nothing else is affected', () => {
  test('the report, other histories and the heartbeat stay those of the sweep', async () => {
    const small = await EarlyWorld.introduced('one.example', 'two.example');
    const report = small.blob<Report>('reports/latest');
    const reports = [...small.blobs.keys()].filter((key) => key.startsWith('reports/'));
    const before = historiesOf(small);
    const inventory = inventoryOf(small);
    let written = 0;
    const count = async () => {
      written += 1;
      return { kind: 'pinged' as const };
    };
    small.instead = { metrics: () => void count(), heartbeat: count };
    small.lose('one.example');
    await small.early(changed('one.example'));
    expect(written).toBe(0);
    expect(small.blob<Report>('reports/latest')).toEqual(report);
    expect([...small.blobs.keys()].filter((key) => key.startsWith('reports/'))).toEqual(reports);
    expect(Object.keys(historiesOf(small))).toEqual(Object.keys(before));
    expect(historiesOf(small)['two.example']).toEqual(before['two.example']);
    expect(inventoryOf(small)).toEqual(inventory);
  });

  test('alerts elsewhere stay open, and are neither told nor closed', async () => {
    const small = await EarlyWorld.introduced('one.example', 'two.example');
    for (const domain of ['two.example', 'elsewhere.example']) small.lose(domain);
    await small.sweep();
    expect(Object.keys(alertsOf(small).alerts)).toHaveLength(2);
    const before = alertsOf(small);
    // They are well by now, or deleted; but nobody looked.
    small.publish(...small.identities);
    small.identities = small.identities.filter(({ region }) => region !== OTHER.region);
    small.now += MINUTE;
    await small.early(changed('one.example'));
    expect(alertsOf(small)).toEqual(before);
    expect(small.sent).toHaveLength(2);
  });

  test('a target that cannot be read stays so, since when it was', async () => {
    const small = await EarlyWorld.introduced('one.example');
    small.now += 60 * MINUTE;
    small.listing = 'refused';
    await small.sweep();
    const before = alertsOf(small);
    expect(Object.keys(before.alerts)).toContain(HERE);
    small.now += MINUTE;
    await small.early(changed('one.example'));
    expect(alertsOf(small)).toEqual(before);
    // Also where the event names it, and SES refuses.
    await small.early(named(['one.example']));
    expect(alertsOf(small)).toEqual(before);
  });

  test('what the brake held back is told by the next sweep, whatever is looked at in between', async () => {
    const domains = Array.from({ length: 8 }, (_, i) => `d${i}.example`);
    const small = await EarlyWorld.introduced(...domains);
    const braked = { ...alertsOf(small), brakedLastSweep: true };
    small.blobs.set('alerts/deployment', { version: 'v-braked', text: JSON.stringify(braked) });
    await small.early(changed('d0.example'));
    expect(alertsOf(small).brakedLastSweep).toBe(true);
  });

  test('what cannot be remembered of a target is a trouble of the check, and no alert about the target', async () => {
    const small = await EarlyWorld.introduced('one.example');
    const { memory } = small.world();
    const write: typeof memory.write = (key, value, expected) =>
      key.startsWith('history/') ? Promise.reject(new Error('S3 refuses')) : memory.write(key, value, expected);
    small.instead = { memory: { ...memory, write } };
    small.lose('one.example');
    expect(await small.early(changed('one.example'))).toMatchObject({ told: 0, troubles: [expect.stringContaining('S3 refuses')] });
    expect(alertsOf(small).alerts).toEqual({});
    // With another target that could be looked at, which is concluded.
    const both = {
      named: new Map([[`${OTHER.account}/${OTHER.region}`, { names: ['elsewhere.example'], whole: false }]]),
      changed: changed('one.example').changed,
    };
    const onlyHere: typeof memory.write = (key, value, expected) =>
      key === `history/${HERE}` ? Promise.reject(new Error('S3 refuses')) : memory.write(key, value, expected);
    small.instead = { memory: { ...memory, write: onlyHere } };
    small.lose('elsewhere.example');
    expect(await small.early(both)).toMatchObject({ told: 1, troubles: [expect.stringContaining('S3 refuses')] });
    expect(Object.keys(alertsOf(small).alerts)).toEqual([`${OTHER.account}/${OTHER.region}/elsewhere.example`]);
  });

  test('a target without its first summary gets none of an early check, and nothing is told before it', async () => {
    const small = new EarlyWorld();
    small.identities = [easyIdentity('one.example')];
    small.publish(...small.identities);
    expect(await small.early(changed('one.example'))).toMatchObject({ kind: 'checked', identities: 0 });
    small.listing = 'partial';
    await small.sweep();
    small.lose('one.example');
    small.now += 7 * 60 * MINUTE;
    await small.early(changed('one.example'));
    expect(small.sent).toEqual([]);
    expect(alertsOf(small).introduced).toEqual({});
  });

  test('what only shows beside another identity is not mended by a look at one of them', async () => {
    const small = await EarlyWorld.introduced('one.example');
    const domain = easyIdentity('one.example');
    const address: Identity = {
      ...domain,
      identity: 'news@one.example',
      type: 'address',
      method: 'none',
      tokens: [],
      ses: { ...domain.ses, status: 'NOT_STARTED', signing: false },
    };
    small.identities = [...small.identities, address];
    small.now += 60 * MINUTE;
    await small.sweep();
    expect(small.told()).toEqual([expect.stringMatching(/^opened .*news@one\.example/)]);
    small.now += MINUTE;
    await small.early(named(['news@one.example']));
    expect(Object.values(alertsOf(small).alerts).map(({ kinds }) => kinds)).toEqual([['address-overrides-domain']]);
    expect(small.sent).toHaveLength(1);
  });

  test('a group of one cause stays whole while most of it was not looked at, and ends with the sweep', async () => {
    const domains = Array.from({ length: 7 }, (_, i) => `d${i}.example`);
    const small = await EarlyWorld.introduced(...domains, ...Array.from({ length: 20 }, (_, i) => `well${i}.example`));
    for (const domain of domains) small.lose(domain);
    await small.sweep();
    const group = () => Object.values(alertsOf(small).alerts).find(({ cause }) => cause !== undefined);
    expect(group()?.affected).toHaveLength(7);
    small.publish(...small.identities);
    small.now += MINUTE;
    await small.early(changed('d0.example'));
    expect(group()?.affected.map(({ subject }) => subject.identity)).toEqual(domains);
    expect(small.sent.filter(({ event }) => event === 'recovered')).toEqual([]);
    small.now += 4 * MINUTE;
    await small.sweep();
    expect(group()).toBeUndefined();
  });
});

describe('identities that events name', () => {
  test('a new one is watched at once; the snapshot is as complete as it was', async () => {
    const small = await EarlyWorld.introduced('one.example');
    const before = inventoryOf(small);
    small.identities = [...small.identities, easyIdentity('new.example')];
    await small.early(named(['new.example']));
    expect(small.named).toEqual(['new.example']);
    expect(inventoryOf(small)).toMatchObject({ complete: true, completedAt: before.completedAt });
    expect(inventoryOf(small).identities.map(({ identity }) => identity)).toContain('new.example');
    // Its records are not there: confirmed, and told.
    expect(small.told()).toEqual([expect.stringMatching(/^opened .*new\.example/)]);
  });

  test('a deleted one is watched no more; its alert is closed by the sweep that has a complete listing', async () => {
    const small = await EarlyWorld.introduced('one.example', 'two.example');
    small.lose('two.example');
    await small.sweep();
    small.identities = small.identities.filter(({ identity }) => identity !== 'two.example');
    small.now += MINUTE;
    await small.early(named(['two.example']));
    expect(inventoryOf(small).identities.map(({ identity }) => identity)).toEqual(['one.example']);
    expect(Object.keys(alertsOf(small).alerts)).toHaveLength(1);
    small.now += 4 * MINUTE;
    await small.sweep();
    expect(small.told().map((line) => line.split(' ')[0])).toEqual(['opened', 'expired']);
  });
});

test('whatever must be seen in several sweeps is not seen sooner because events come often', async () => {
  const small = await EarlyWorld.introduced('one.example');
  for (const server of ['192.0.2.1', '192.0.2.2']) small.silent.add(server);
  for (let i = 0; i < 5; i += 1) {
    await small.early(changed('one.example'));
    small.now += MINUTE;
  }
  expect(historiesOf(small)['one.example']).toMatchObject({ unknownSweeps: 0, last: 'unknown' });
  expect(historiesOf(small)['one.example']).not.toHaveProperty('serverTroubleSweeps');
  expect(small.sent).toEqual([]);
});

describe('the lease', () => {
  const hold = (small: EarlyWorld, ms: number, early: boolean) =>
    small.blobs.set('lease/deployment', {
      version: 'v-held',
      text: JSON.stringify({ schema: 1, owner: 'somebody', until: small.now + ms, ...(early ? { early: true } : {}) }),
    });

  test('a sweep waits for an early check and is not lost to it', async () => {
    const small = await EarlyWorld.introduced('one.example');
    hold(small, 2 * MINUTE, true);
    expect(await small.sweep()).toMatchObject({ kind: 'swept' });
  });
  test('a sweep goes home if another sweep runs, as ever', async () => {
    const small = await EarlyWorld.introduced('one.example');
    hold(small, 2 * MINUTE, false);
    expect(await small.sweep()).toMatchObject({ kind: 'held', owner: 'somebody' });
    expect(small.slept).toBe(0);
  });
  test('an early check waits for a sweep, and then makes its look', async () => {
    const small = await EarlyWorld.introduced('one.example');
    small.lose('one.example');
    hold(small, 2 * MINUTE, false);
    expect(await small.early(changed('one.example'))).toMatchObject({ kind: 'checked', told: 1 });
  });
  test('one that waits too long does nothing; the next sweep tells it', async () => {
    const small = await EarlyWorld.introduced('one.example');
    small.lose('one.example');
    hold(small, 14 * MINUTE, false);
    expect(await small.early(changed('one.example'))).toEqual({ kind: 'held' });
    expect(small.sent).toEqual([]);
    small.now += 10 * MINUTE;
    await small.sweep();
    expect(small.sent).toHaveLength(1);
  });
  test('it is given back also when the check fails', async () => {
    const small = await EarlyWorld.introduced('one.example');
    const { memory } = small.world();
    const read: typeof memory.read = (key, schema) =>
      key === 'alerts/deployment' ? Promise.reject(new Error('S3 is down')) : memory.read(key, schema);
    small.instead = { memory: { ...memory, read } };
    await expect(small.early(changed('one.example'))).rejects.toThrow('S3 is down');
    expect(small.blob<{ until: number }>('lease/deployment').until).toBe(0);
  });
});
