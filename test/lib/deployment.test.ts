// How `cdk synth` reads the configuration: every mistake at once, in words, without a stack trace.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readDeployment } from '../../lib/deployment.ts';
import { HOME } from './stacks.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'deployment-'));
});
afterEach(() => rmSync(folder, { recursive: true }));
const write = (value: unknown, name = 'monitor.config.json') =>
  writeFileSync(join(folder, name), typeof value === 'string' ? value : JSON.stringify(value));

/** Runs a CDK app as the CDK does, without bundling. */
function run(app: string, context: Readonly<Record<string, unknown>> = {}) {
  const { CDK_DEFAULT_ACCOUNT: _a, CDK_DEFAULT_REGION: _r, ...env } = process.env;
  return spawnSync(process.execPath, [resolve('node_modules/tsx/dist/cli.mjs'), resolve(app)], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...env, CDK_OUTDIR: join(folder, 'out'), CDK_CONTEXT_JSON: JSON.stringify({ ...context, 'aws:cdk:bundling-stacks': [] }) },
  });
}

const TOLD = { alerts: { email: ['dns@example.com'] }, operations: { email: ['ops@example.com'] } };
const WRONG = { alerts: { email: ['nobody'], reminedEvery: '24h' }, schedule: 'rate(2 days)', accounts: [{ id: '12' }] };

test('a file with four mistakes: all four are said', () => {
  write(WRONG);
  const read = readDeployment(folder, undefined);
  expect(read.ok ? '' : read.message).toMatch(/^monitor.config.json has 4 mistakes; nothing was deployed:\n( {2}- .+\n){4}$/);
});

test('bin/app.ts on that file: the mistakes, exit code 1, no stack trace', () => {
  write(WRONG);
  const { status, stderr, stdout } = run('bin/app.ts');
  expect(status).toBe(1);
  for (const part of ['alerts.email[0]', 'Did you mean "remindEvery"?', 'schedule', 'accounts[0].id']) expect(stderr).toContain(part);
  expect(stderr + stdout).not.toMatch(/^\s+at |node:internal|Error:/m);
});

test('bin/app.ts on a good file writes the template', () => {
  write({ alerts: { email: ['dns@example.com'] }, operations: { email: ['ops@example.com'] } });
  const { status, stderr } = run('bin/app.ts');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(readFileSync(join(folder, 'out/ses-dkim-monitor.template.json'), 'utf8')).toContain('dns@example.com');
});

test('bin/member.ts without context: usage, exit code 1, no stack trace', () => {
  const { status, stderr } = run('bin/member.ts');
  expect(status).toBe(1);
  expect(stderr).toMatch(/^-c hub=… is missing.*\n-c externalId=… is missing.*\nUsage: npx cdk deploy.*\n$/);
});

test('no file: defaults, and a remark that nobody is subscribed', () => {
  const read = readDeployment(folder, undefined);
  expect(read).toMatchObject({ ok: true, configurationText: '{}' });
  expect(read.ok && read.remarks.map(({ text }) => text).join()).toMatch(/no monitor.config.json.*nobody is subscribed/);
});

test('a file that was asked for must be there', () => {
  expect(readDeployment(folder, 'other.json')).toEqual({ ok: false, message: 'There is no file other.json (asked for by "-c config").\n' });
});

test('a folder in place of the file is said to be unreadable', () => {
  expect(readDeployment(folder, '.')).toMatchObject({ ok: false, message: expect.stringContaining('cannot be read') });
});

test('-c config names another file, and its text is taken as it stands', () => {
  write('\ufeff{ "regions": "all" }', 'prod.json');
  expect(readDeployment(folder, 'prod.json')).toMatchObject({
    ok: true,
    configurationText: '\ufeff{ "regions": "all" }',
    configuration: { regions: 'all' },
  });
});

test.each([
  ['nobody subscribed', { operations: { email: ['ops@example.com'] } }, [/Nobody is subscribed to the alerts/]],
  ['nobody for operations', { alerts: { email: ['dns@example.com'] } }, [/operations.email is empty/]],
  [
    'another account without an external id',
    { ...TOLD, accounts: [{ id: HOME }, { id: '222222222222' }] },
    [/222222222222 has no externalId/],
  ],
  ['a critical topic without a main one', { ...TOLD, alerts: { critical: { email: ['a@on-call.example'] } } }, [/no alert is sent at all/]],
  ['events alone', { ...TOLD, alerts: { eventBus: 'default' } }, []],
  [
    'a route for an account that is not watched',
    { ...TOLD, accounts: [{ id: HOME }], alerts: { ...TOLD.alerts, routes: [{ accounts: ['222222222222'], email: ['a@team.example'] }] } },
    [/alerts.routes\[0\] can never match: none of its accounts is watched/],
  ],
  [
    'a route for a region that is not watched',
    {
      ...TOLD,
      regions: ['us-east-1'],
      alerts: { ...TOLD.alerts, routes: [{ accounts: [HOME], regions: ['eu-west-1'], email: ['a@team.example'] }] },
    },
    [/none of its regions is watched/],
  ],
  [
    'a route that can match',
    {
      ...TOLD,
      regions: 'all',
      alerts: { ...TOLD.alerts, routes: [{ accounts: [HOME], regions: ['eu-west-1'], email: ['a@team.example'] }] },
    },
    [],
  ],
  [
    'somebody who is told twice',
    { ...TOLD, alerts: { ...TOLD.alerts, critical: { email: ['dns@example.com'] } } },
    [/alerts.critical.* gets those alerts twice/],
  ],
  [
    'an address on a domain that is named',
    { ...TOLD, byodkim: [{ identity: 'example.com', selector: 's1' }] },
    [/dns@example.com \(example.com\), ops@example.com.*A lost DKIM record does not stop it/],
  ],
  ['an address on another domain', { ...TOLD, byodkim: [{ identity: 'example.org', selector: 's1' }] }, []],
  [
    'more topics than one alarm can watch',
    {
      ...TOLD,
      alerts: {
        ...TOLD.alerts,
        critical: { topicArn: 'arn:aws:sns:eu-west-1:222222222222:theirs' },
        routes: [...Array(11).keys()].map((i) => ({ name: `r${i}`, identities: [`*.r${i}.example`], email: ['a@team.example'] })),
      },
    },
    [/can watch 10 topics: what SNS cannot deliver from route-r9, route-r10 rings nowhere/],
  ],
  [
    'events of others that start nothing',
    { ...TOLD, triggers: { health: false, advisor: false, cloudTrail: false, fromAccounts: true } },
    [/triggers.fromAccounts takes.*none of them starts a check/],
  ],
  ['events of others that start checks', { ...TOLD, triggers: { health: false, fromAccounts: true } }, []],
  [
    'a topic in another partition',
    { ...TOLD, alerts: { ...TOLD.alerts, critical: { topicArn: 'arn:aws-cn:sns:cn-north-1:222222222222:theirs' } } },
    [/topicArn of critical is in the partition aws-cn/],
  ],
  [
    'a topic in another partition than the regions',
    {
      ...TOLD,
      regions: ['us-gov-west-1'],
      alerts: { ...TOLD.alerts, critical: { topicArn: 'arn:aws:sns:us-east-1:222222222222:theirs' } },
    },
    [/is in the partition aws, and the monitor is in aws-us-gov/],
  ],
  [
    'a topic that this stack deploys',
    {
      ...TOLD,
      alerts: {
        ...TOLD.alerts,
        critical: { email: ['a@team.example'] },
        routes: [{ name: 'y', identities: ['x.example'], topicArn: `arn:aws:sns:us-east-1:${HOME}:ses-dkim-monitor-critical` }],
      },
    },
    [/topicArn of route-y names ses-dkim-monitor-critical, which this stack deploys/],
  ],
  [
    'addresses that differ by case alone',
    { ...TOLD, alerts: { ...TOLD.alerts, critical: { email: ['Ops@team.example', 'ops@team.example'] } } },
    [/alerts.critical.email: Ops@team.example and ops@team.example differ by case alone/],
  ],
  [
    'regions that are misspelt, or newer than this version',
    { ...TOLD, regions: ['us-east-1', 'eu-wst-1', 'mx-central-9'] },
    [
      /regions: .*no Amazon SES in eu-wst-1\. Did you mean eu-west-1\?/,
      /no Amazon SES in mx-central-9\. If AWS has added it since, all is well/,
    ],
  ],
  [
    'the account deployed to needs no external id',
    { ...TOLD, accounts: [{ id: HOME }, { id: '222222222222', externalId: 'Qm3xN8vLr2TzKd7WbYp0' }] },
    [],
  ],
])('remarks: %s', (_name, value, expected) => {
  write(value);
  const read = readDeployment(folder, undefined, HOME);
  expect(read.ok && read.remarks.length).toBe(expected.length);
  for (const [i, pattern] of expected.entries()) expect(read.ok && read.remarks[i]?.text).toMatch(pattern);
});

test('more role names than a policy holds is a mistake', () => {
  write({ accounts: Array.from({ length: 81 }, (_, i) => ({ id: String(400_000_000_000 + i), roleName: `reader-${i}` })) });
  expect(readDeployment(folder, undefined)).toMatchObject({ ok: false, message: expect.stringContaining('81 different role names') });
});

test('control characters from the file do not reach the terminal', () => {
  write('{ "alerts": { "email": ["\\u001b[2Jx"] } }');
  const read = readDeployment(folder, undefined);
  expect(read.ok ? '' : read.message).not.toContain('\u001b');
});

test('where the account is not known, one account without an external id may be the one deployed to', () => {
  const remarks = (accounts: readonly object[]) => {
    write({ ...TOLD, accounts });
    const read = readDeployment(folder, undefined);
    return read.ok && read.remarks.map(({ id }) => id);
  };
  expect(remarks([{ id: HOME }])).toEqual([]);
  expect(remarks([{ id: HOME }, { id: '222222222222' }])).toEqual([`no-external-id-${HOME}`, 'no-external-id-222222222222']);
});
