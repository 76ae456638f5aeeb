// First sight of a target: who is judged by the listing and SES v1 alone, who must be asked about first, and that nobody is told of either.

import { byodkimIdentity, easyIdentity, replicaIdentity } from '../../sandbox/aws/identities.ts';
import { type RunReport, type Sight, sight } from './first-sight.ts';

let world: Sight;
beforeEach(async () => {
  world = await sight();
});
afterEach(() => world.close());

const region = 'eu-west-1';
const noDetails = { action: 'GetEmailIdentity', status: 429, code: 'TooManyRequestsException' };
const of = (report: RunReport, name: string) => report.identities.find(({ identity }) => identity === name);

test('details cannot be read yet: what is right by the table is healthy and marked; what is wrong by it, or not known, is unknown; nobody is told', async () => {
  world.put(
    { identity: easyIdentity('right.example.com', { region }), published: true },
    { identity: easyIdentity('lost.example.com', { region }), published: false },
    { identity: replicaIdentity('replica.example.com', { region, parentRegion: 'eu-south-1' }), published: true },
    { identity: byodkimIdentity('own.example.com', { region, selector: 's1' }), published: false },
    {
      identity: easyIdentity('failed.example.com', { region, status: 'FAILED', sending: true, succeededAt: '2026-05-31T20:00:00Z' }),
      published: true,
    },
  );
  world.faults.push(noDetails);
  const report = await world.sweep();
  expect(of(report, 'right.example.com')).toMatchObject({ diagnosis: 'healthy', provisional: true, findings: [] });
  for (const name of ['lost.example.com', 'replica.example.com', 'failed.example.com'])
    expect(of(report, name)).toMatchObject({ diagnosis: 'unknown', provisional: true, unknown: { reason: 'not-read' }, findings: [] });
  expect(of(report, 'own.example.com')).toMatchObject({ diagnosis: 'unknown', unknown: { reason: 'not-yet' } });
  expect(report.targets).toMatchObject([{ identities: 5, undetailed: 5, gap: { reason: 'throttled' } }]);
  expect(report.summary.broken).toBe(0);
  expect(world.toldOf()).toEqual([]);

  world.faults.length = 0;
  const next = await world.sweep();
  expect(next.identities.filter(({ provisional }) => provisional)).toEqual([]);
  expect(next.targets[0]).not.toHaveProperty('undetailed');
  expect(of(next, 'replica.example.com')).toMatchObject({ method: 'deed', diagnosis: 'healthy' });
  expect(of(next, 'lost.example.com')).toMatchObject({ diagnosis: 'broken', findings: [{ kind: 'record-missing' }] });
  expect(of(next, 'failed.example.com')).toMatchObject({ diagnosis: 'broken' });
  expect(world.toldOf()).toEqual(expect.arrayContaining(['failed.example.com', 'lost.example.com']));
});

test('among hundreds that look right, those that look wrong by the table get their details in the same sweep', async () => {
  const replicas = Array.from({ length: 15 }, (_, i) => replicaIdentity(`zz${i}.example.com`, { region, parentRegion: 'eu-south-1' }));
  world.put(
    ...Array.from({ length: 300 }, (_, i) => ({ identity: easyIdentity(`d${i}.example.com`, { region }), published: true })),
    ...replicas.map((identity) => ({ identity, published: true })),
    { identity: easyIdentity('zz-lost.example.com', { region }), published: false },
  );
  const report = await world.sweep();
  expect(replicas.map(({ name }) => of(report, name)?.diagnosis)).toEqual(replicas.map(() => 'healthy'));
  expect(replicas.map(({ name }) => of(report, name)?.provisional)).toEqual(replicas.map(() => undefined));
  expect(of(report, 'zz-lost.example.com')).toMatchObject({ diagnosis: 'broken', findings: [{ kind: 'record-missing' }] });
  expect(report.identities.filter(({ provisional }) => provisional).length).toBeGreaterThan(100);
  expect(report.targets[0]?.gap).toBeUndefined();
  // The rest follows, and then a sweep makes no call at all.
  await world.sweep();
  const last = await world.sweep();
  expect(last.identities.filter(({ provisional }) => provisional)).toEqual([]);
  expect((await world.sweep()).cost.sesCalls).toBe(0);
}, 60_000);

test('SES gives no details of one identity, ever: it is not taken for healthy, whatever v1 says and DNS looks like', async () => {
  world.put(
    { identity: easyIdentity('fine.example.com', { region }), published: true },
    { identity: easyIdentity('stuck.example.com', { region }), published: true },
  );
  world.faults.push({ action: 'GetEmailIdentity', identity: 'stuck.example.com', status: 500, code: 'InternalServiceErrorException' });
  await world.sweep();
  world.pass(3_600_000);
  const report = await world.sweep();
  expect(of(report, 'fine.example.com')).toMatchObject({ diagnosis: 'healthy' });
  expect(of(report, 'stuck.example.com')).toMatchObject({ diagnosis: 'unknown', unknown: { reason: 'error' } });
  expect(report.targets[0]?.gap).toBeUndefined();
});

test('a region whose zone the table does not know: nothing is judged before SES has named it', async () => {
  world.put({ identity: easyIdentity('new.example.com', { region: 'xx-north-1' }), published: true, region: 'xx-north-1' });
  world.faults.push(noDetails);
  expect(of(await world.sweep(), 'new.example.com')).toMatchObject({ diagnosis: 'unknown', unknown: { reason: 'not-read' } });
  world.faults.length = 0;
  expect(of(await world.sweep(), 'new.example.com')).toMatchObject({ diagnosis: 'healthy' });
});

test('details are not to be had for long: that it cannot be judged is a finding of its own', async () => {
  world.put({ identity: easyIdentity('lost.example.com', { region }), published: false });
  world.faults.push(noDetails);
  let report = await world.sweep();
  for (let sweep = 1; sweep < 5; sweep++) report = await world.sweep();
  expect(of(report, 'lost.example.com')).toMatchObject({
    diagnosis: 'unknown',
    findings: [{ kind: 'identity-unknown', facts: { reason: 'not-read' } }],
  });
});
