// The real handler on the sandbox: the schedule's event sweeps, a batch of the queue looks early at what it names and touches nothing else.
import type { Report } from '../../lambda/model/report.ts';
import { easyIdentity, tokensFor } from '../../sandbox/aws/identities.ts';
import { HOME, MEMBER, SHOP } from '../../sandbox/scenarios/first-light.ts';
import { callEvent, healthEvent, recordsEvent } from '../triggers/events.ts';
import { type SmallFunction, smallFunction } from './small-function.ts';

let fn: SmallFunction;
beforeAll(async () => {
  fn = await smallFunction();
  await fn.sweep();
  fn.mails();
  fn.checks();
}, 60_000);
afterAll(() => fn?.close());

/** One record of a domain of the estate goes; the event says so, from an account that is not watched. */
function lose(domain: string, region: string): ReturnType<typeof recordsEvent> {
  const [, token] = tokensFor(domain, region);
  fn.sandbox.dns.removeRecord(domain, `${token}._domainkey`, 'CNAME');
  return recordsEvent([['DELETE', 'CNAME', `${token}._domainkey.${domain}.`]], { account: '999999999999' });
}
function restore(domain: string, region: string): void {
  const [, token] = tokensFor(domain, region);
  fn.sandbox.dns.setRecord(domain, `${token}._domainkey`, 'CNAME', `${token}.dkim.amazonses.com`);
}
const report = () => fn.blob('reports/latest') as Report;
const alerts = () => Object.keys((fn.blob('alerts/deployment') as { alerts: object }).alerts);
const ALL_WELL = { batchItemFailures: [] };

test('events that name nothing watched are done with, and wake nobody', async () => {
  const calls = fn.sandbox.aws.calls.length;
  const events = [
    { source: 'aws.ec2' },
    'damaged {',
    healthEvent('AWS_SES_DKIM_X', ['a.example'], {}, { affectedAccount: '999999999999' }),
  ];
  expect(await fn.batch(events)).toEqual(ALL_WELL);
  expect(fn.sandbox.aws.calls).toHaveLength(calls);
});

test('a record vanished, and Route 53 of some account said so: the mail comes from the early check, and the report stays that of the sweep', async () => {
  // Another alert is open, and its identity well again: nobody looks.
  lose('litware-labs.com', 'us-east-1');
  await fn.sweep();
  expect(fn.mails()).toHaveLength(1);
  const open = alerts();
  const before = report();
  restore('litware-labs.com', 'us-east-1');
  expect(await fn.batch([lose(SHOP, 'eu-west-1')])).toEqual(ALL_WELL);
  expect(fn.mails()).toEqual([expect.stringContaining(SHOP)]);
  expect(report()).toEqual(before);
  expect(alerts()).toEqual([...open, `${HOME}/eu-west-1/${SHOP}`]);
}, 60_000);

test('a thousand events in five batches are five checks at most, and one mail; in one batch, one', async () => {
  const gone = lose('relecloud-apps.com', 'eu-west-1');
  fn.checks();
  const other = (i: number) => recordsEvent([['UPSERT', 'CNAME', `x${i}._domainkey.other.example.`]]);
  const burst = Array.from({ length: 1000 }, (_, i) => (i % 2 === 0 ? gone : other(i)));
  for (let poller = 0; poller < 5; poller += 1) expect(await fn.batch(burst.slice(poller * 200, poller * 200 + 200))).toEqual(ALL_WELL);
  expect(fn.checks()).toBe(5);
  expect(fn.mails()).toHaveLength(1);
  await fn.batch(burst);
  expect(fn.checks()).toBe(1);
  expect(fn.mails()).toEqual([]);
}, 60_000);

test('an identity made in another account is watched at once', async () => {
  fn.sandbox.aws.setIdentity(MEMBER, 'us-east-1', easyIdentity('brand-new.example', { region: 'us-east-1', status: 'PENDING' }));
  const created = callEvent('ses', 'CreateEmailIdentity', { emailIdentity: 'brand-new.example' }, { account: MEMBER, region: 'us-east-1' });
  expect(await fn.batch([created])).toEqual(ALL_WELL);
  const { inventory } = fn.blob(`inventory/${MEMBER}/us-east-1`) as {
    inventory: { identities: { identity: string }[]; complete: boolean };
  };
  expect(inventory).toMatchObject({ complete: true });
  expect(inventory.identities.map(({ identity }) => identity)).toContain('brand-new.example');
}, 60_000);

test('a sweep that runs all the while: what named something comes back, the rest is done with, and the next sweep tells it', async () => {
  const gone = lose('proseware-press.net', 'us-east-1');
  fn.keep('lease/deployment', { schema: 1, owner: 'a-long-sweep', until: Date.now() + 600_000 });
  // Too little time is left to wait.
  expect(await fn.batch([gone, { source: 'aws.ec2' }, gone], { remainingMs: 70_000 })).toEqual({
    batchItemFailures: [{ itemIdentifier: '0' }, { itemIdentifier: '2' }],
  });
  expect(fn.mails()).toEqual([]);
  fn.keep('lease/deployment', { schema: 1, owner: 'a-long-sweep', until: 0 });
  await fn.sweep();
  // The other mail: what was put back in the meantime has recovered.
  expect(fn.mails()).toEqual(expect.arrayContaining([expect.stringContaining('proseware-press.net')]));
}, 60_000);

test('what could not be told makes the batch come back as a whole', async () => {
  const gone = lose('wingtip-vini.com', 'eu-south-1');
  fn.sandbox.aws.faults.push({ action: 'Publish', status: 403, code: 'AuthorizationError' });
  await expect(fn.batch([gone])).rejects.toThrow(/could not be published/);
  expect(fn.mails()).toEqual([]);
  fn.sandbox.aws.faults.length = 0;
  expect(await fn.batch([gone])).toEqual(ALL_WELL);
  expect(fn.mails()).toEqual([expect.stringContaining('wingtip-vini.com')]);
}, 60_000);
