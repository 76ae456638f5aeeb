// A report that is too large for one value is kept in parts; whoever reads it finds every identity, and the command reads on.
import type { Report } from '../../lambda/model/report.ts';
import { identitiesOf, reportKeeper } from '../../lambda/sweep/keep-report.ts';
import { listAlerts } from '../../lambda/sweep/list-alerts.ts';
import { watchedNames } from '../../lambda/sweep/mutes.ts';
import { runSweep } from '../../lambda/sweep/run-sweep.ts';
import { easyIdentity, SmallWorld } from './small-world.ts';

const NAMES = ['a.example', 'b.example', 'c.example', 'd.example', 'e.example'];

/** A world whose last report was kept in values of two identities; one domain is broken. */
async function keptInParts(): Promise<{ readonly small: SmallWorld; readonly whole: Report; readonly kept: Report }> {
  const small = new SmallWorld();
  small.identities = NAMES.map((name) => easyIdentity(name));
  small.publish(...small.identities);
  small.cnames.delete(`${'a'.repeat(32)}._domainkey.d.example`);
  const outcome = await runSweep(small.plan(), small.world());
  if (outcome.kind !== 'swept') throw new Error('held');
  const whole = outcome.report;
  const keeper = reportKeeper(small.world().memory, whole.startedAt, whole.identities.length, { most: 4, part: 2 });
  await keeper.add(whole.identities, ({ diagnosis }) => diagnosis !== 'healthy');
  await keeper.finish((identities) => ({ ...whole, identities }));
  return { small, whole, kept: JSON.parse(small.blobs.get('reports/latest')?.text ?? '{}') as Report };
}

test('a report that fits is one value with every identity, and has no parts', async () => {
  const small = new SmallWorld();
  small.identities = NAMES.map((name) => easyIdentity(name));
  small.publish(...small.identities);
  await runSweep(small.plan(), small.world());
  const report = JSON.parse(small.blobs.get('reports/latest')?.text ?? '{}') as Report;
  expect(report.identities.map(({ identity }) => identity)).toEqual(NAMES);
  expect(report).not.toHaveProperty('parts');
  expect([...small.blobs.keys()].filter((key) => key.startsWith('reports/')).sort()).toEqual([
    'reports/2026/03/01/000000Z',
    'reports/latest',
  ]);
});

test('one that does not fit names those that are not well, and the values that hold all of them in order', async () => {
  const { small, whole, kept } = await keptInParts();
  expect(kept.identities.map(({ identity }) => identity)).toEqual(['d.example']);
  expect(kept).toMatchObject({ schema: 1, summary: { healthy: 4, broken: 1 }, targets: [{ identities: 5 }] });
  expect(kept.parts).toEqual(['reports/2026/03/01/000000Z-0', 'reports/2026/03/01/000000Z-1', 'reports/2026/03/01/000000Z-2']);
  const all: Report['identities'][number][] = [];
  for await (const some of identitiesOf(kept, small.world().memory)) all.push(...some);
  expect(JSON.stringify(all)).toBe(JSON.stringify(whole.identities));
});

test('the command lists alerts and knows every name as before', async () => {
  const { small } = await keptInParts();
  const { memory } = small.world();
  expect((await watchedNames(memory))?.map(({ identity }) => identity)).toEqual([...NAMES, '111111111111/eu-west-1']);
  const listed = await listAlerts(memory, small.plan().policy, new Date(small.now).toISOString());
  if (listed.kind !== 'read') throw new Error('unreadable');
  expect(listed.list.alerts.map(({ alert }) => alert.key)).toEqual(['111111111111/eu-west-1/d.example']);
  expect(listed.list.lastSweepAt).toBe('2026-03-01T00:00:00.000Z');
});

test('a part that is missing ends the walk, and throws nothing', async () => {
  const { small, kept } = await keptInParts();
  small.blobs.delete('reports/2026/03/01/000000Z-1');
  const seen: string[] = [];
  for await (const some of identitiesOf(kept, small.world().memory)) seen.push(...some.map(({ identity }) => identity));
  expect(seen).toEqual(['a.example', 'b.example']);
});
