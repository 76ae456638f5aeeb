// The real handler over the accounts of an organisation in all their regions: who is read, with which permissions, what goes wrong, and that no secret leaves.
import { gunzipSync } from 'node:zlib';
import { SESSION_POLICY } from '../../lambda/inventory/credentials.ts';
import type { Report } from '../../lambda/model/report.ts';
import { functionPermissions, memberPermissions } from '../../lib/permissions.ts';
import { UNDECLARED_PERMISSIONS } from '../../lib/undeclared-permissions.ts';
import type { Fault } from '../../sandbox/aws/faults.ts';
import { tokensFor } from '../../sandbox/aws/identities.ts';
import { BUCKET, EXTERNAL_ID, HOME, MEMBER, READ_ROLE, READER, SHOP, SHOP_TOKEN } from '../../sandbox/scenarios/first-light.ts';
import { recordsEvent } from '../triggers/events.ts';
import { type SmallFunction, smallFunction } from './small-function.ts';

const SUSPENDED = '555555555555';
const JOINING = '666666666666';
const ROLE_ARN = `arn:aws:iam::${MEMBER}:role/${READ_ROLE}`;
const ORGANIZATION = {
  id: 'o-exampleorgid',
  management: HOME,
  root: { id: 'r-ab12', accounts: [HOME], units: [{ id: 'ou-ab12-mailmail', accounts: [MEMBER, SUSPENDED] }] },
  states: { [SUSPENDED]: 'SUSPENDED' },
};
/** Switched off in both accounts, so that fewer regions are read. */
const OFF = [
  'ca-west-1',
  'eu-central-2',
  'il-central-1',
  'me-south-1',
  'me-central-1',
  'af-south-1',
  'ap-south-2',
  'ap-southeast-3',
  'ap-southeast-5',
];

let fn: SmallFunction;
/** All that the function wrote to its log. */
let written = '';
const streams = [process.stdout, process.stderr] as const;
const writes = streams.map((stream) => stream.write.bind(stream));

beforeAll(async () => {
  for (const stream of streams)
    stream.write = ((chunk: string | Uint8Array) => {
      written += String(chunk);
      return true;
    }) as typeof stream.write;
  fn = await smallFunction(
    {
      accounts: [],
      regions: 'all',
      organization: { include: ['o-exampleorgid', 'ou-ab12-mailmail'], externalId: EXTERNAL_ID },
      alerts: { email: ['dns@example.com'], eventBus: 'default' },
      inventoryEvery: '5m',
    },
    { logLevel: 'DEBUG' },
  );
  fn.sandbox.aws.organization = ORGANIZATION;
  for (const account of [HOME, MEMBER]) for (const region of OFF) fn.sandbox.aws.regionsOff.add(`${account}/${region}`);
}, 60_000);
afterAll(async () => {
  for (const [i, stream] of streams.entries()) stream.write = writes[i] ?? stream.write;
  await fn?.close();
});

const report = (): Report => fn.blob('reports/latest') as Report;
const targets = (): readonly string[] => report().targets.map(({ account, region }) => `${account}/${region}`);
const asked = (account: string): ReadonlySet<string> =>
  new Set(fn.sandbox.aws.calls.filter((call) => call.account === account).map(({ service, action }) => `${service}:${action}`));

/** Lets what is remembered of the estate be years old, or of SES hours: `readAt` of each identity, `completedAt` of each listing. */
function age(prefix: 'accounts' | 'regions' | 'inventory', field: string, at: string): void {
  for (const name of [...(fn.sandbox.aws.objects.get(BUCKET)?.keys() ?? [])]) {
    if (!name.startsWith(`${prefix}/`)) continue;
    const key = name.replace(/\.json\.gz$/, '');
    fn.keep(
      key,
      JSON.parse(JSON.stringify(fn.blob(key)).replaceAll(new RegExp(`"${field}":"[^"]*"`, 'g'), `"${field}":"${at}"`)) as object,
    );
  }
}
const hoursAgo = (hours: number): string => new Date(Date.now() - hours * 3_600_000).toISOString();

test('every active account of the organisation is read in every region that it has on; its own without a role', async () => {
  expect(await fn.sweep()).toMatchObject({ outcome: 'swept', healthy: 15, broken: 0, unknown: 0 });
  expect(targets()).toHaveLength(2 * 18);
  expect(targets().filter((target) => OFF.some((region) => target.endsWith(region)))).toEqual([]);
  expect(report().organization).toMatchObject({ accounts: 2, skipped: [{ account: SUSPENDED, state: 'SUSPENDED' }], unknown: [] });
  expect(report().targets.filter(({ gap }) => gap !== undefined)).toEqual([]);
  const assumed = fn.sandbox.aws.calls.filter(({ action }) => action === 'AssumeRole');
  expect(assumed).toHaveLength(1);
}, 60_000);

test('an event of such an account starts a check, without another question to Organizations', async () => {
  fn.sandbox.dns.removeRecord(SHOP, `${SHOP_TOKEN}._domainkey`, 'CNAME');
  const before = fn.sandbox.aws.calls.length;
  const gone = recordsEvent([['DELETE', 'CNAME', `${SHOP_TOKEN}._domainkey.${SHOP}.`]], { account: MEMBER });
  expect(await fn.batch([gone])).toEqual({ batchItemFailures: [] });
  expect(fn.sandbox.aws.events.map(({ detailType }) => detailType)).toContain('DKIM Alert Opened');
  expect(fn.sandbox.aws.calls.slice(before).filter(({ service }) => ['organizations', 'account'].includes(service))).toEqual([]);
}, 60_000);

test('what was asked for is what the policies allow beside the reasoned table: none missing, none extra', async () => {
  // With nobody subscribed the count of the topic is checked by the list.
  fn.sandbox.aws.unsubscribe(READER);
  fn.sandbox.dns.setRecord(SHOP, `${SHOP_TOKEN}._domainkey`, 'CNAME', `${SHOP_TOKEN}.dkim.amazonses.com`);
  age('inventory', 'readAt', hoursAgo(2));
  // A record of the other account is lost: its status is asked for at once.
  fn.sandbox.dns.removeRecord('lamna-health.org', `${tokensFor('lamna-health.org', 'us-east-1')[0]}._domainkey`, 'CNAME');
  await fn.sweep();
  await fn.step({ kind: 'doctor' });
  // HeadBucket and HeadObject are allowed by s3:ListBucket and s3:GetObject; GetCallerIdentity needs no permission.
  const allowedByOthers: ReadonlySet<string> = new Set(['s3:HeadBucket', 's3:HeadObject', 'sts:GetCallerIdentity']);
  const unshown = [...UNDECLARED_PERMISSIONS.map(({ action }) => action), 'sts:SetSourceIdentity'];
  const declared = new Set(functionPermissions().map(({ action }) => action));
  expect([...new Set([...asked(HOME), ...unshown])].filter((action) => !allowedByOthers.has(action)).sort()).toEqual([...declared].sort());
  expect([...asked(MEMBER)].sort()).toEqual(
    memberPermissions()
      .map(({ action }) => action)
      .sort(),
  );
  expect(new Set(fn.sandbox.aws.sessionPolicies)).toEqual(new Set([SESSION_POLICY]));
}, 60_000);

/** What becomes of a sweep while something fails, the memory of the estate being old. */
async function sweepWhile(faults: readonly Fault[], more: { readonly deny?: boolean } = {}) {
  age('accounts', 'readAt', '2020-01-01T00:00:00.000Z');
  age('regions', 'readAt', '2020-01-01T00:00:00.000Z');
  age('inventory', 'completedAt', hoursAgo(2));
  fn.sandbox.aws.faults.push(...faults.map((fault) => ({ ...fault })));
  if (more.deny === true) fn.sandbox.aws.denyRoles.add(ROLE_ARN);
  const outcome = await fn.sweep().then(
    (answer) => ({ answer, error: undefined }),
    (error: Error) => ({ answer: undefined, error: error.message }),
  );
  fn.sandbox.aws.faults.length = 0;
  fn.sandbox.aws.denyRoles.clear();
  thrown += `${outcome.error ?? ''}\n`;
  return {
    ...outcome,
    gaps: new Set(report().targets.flatMap(({ account, gap }) => (gap === undefined ? [] : [`${account} ${gap.reason}`]))),
  };
}
let thrown = '';

// What AWS may quote in its errors.
const QUOTES = `the external id ${EXTERNAL_ID}, the key ASIA2222222222220001 and the token session-00000000-0000-4000-8000-000000000001`;

test.each<[string, readonly Fault[], { readonly deny?: boolean }, RegExp | undefined, readonly string[]]>([
  [
    'Organizations is throttled',
    [{ service: 'organizations', status: 400, code: 'TooManyRequestsException', message: QUOTES }],
    {},
    /throttles the listing/,
    [],
  ],
  [
    'Organizations refuses',
    [{ service: 'organizations', status: 400, code: 'AccessDeniedException', message: QUOTES }],
    {},
    /does not show .* to the monitor/,
    [],
  ],
  ['a role exists and refuses', [], { deny: true }, undefined, [`${MEMBER} role-refused`]],
  [
    'STS quotes the request',
    [{ service: 'sts', action: 'AssumeRole', status: 400, code: 'ValidationError', message: QUOTES }],
    {},
    undefined,
    [`${MEMBER} role-refused`],
  ],
  [
    'the role is taken away mid-sweep',
    [{ service: 'ses', account: MEMBER, status: 403, code: 'ExpiredTokenException', message: QUOTES }],
    {},
    undefined,
    [`${MEMBER} denied`],
  ],
  [
    'SES quotes the request',
    [{ service: 'ses', account: MEMBER, status: 400, code: 'SomethingElse', message: QUOTES }],
    {},
    undefined,
    [`${MEMBER} error`],
  ],
  [
    'a service control policy denies',
    [
      {
        service: 'ses',
        account: MEMBER,
        status: 403,
        code: 'AccessDeniedException',
        message: 'User: x is not authorized to perform: ses:ListEmailIdentities with an explicit deny in a service control policy',
      },
    ],
    {},
    undefined,
    [`${MEMBER} denied`],
  ],
  ['the regions are not told', [{ service: 'account', status: 403, code: 'AccessDeniedException', message: QUOTES }], {}, undefined, []],
])(
  '%s: a gap or a trouble, and nothing is lost',
  async (_name, faults, more, trouble, gaps) => {
    const outcome = await sweepWhile(faults, more);
    if (trouble === undefined) expect(outcome.error ?? '').toBe('');
    else expect(outcome.error).toMatch(trouble);
    expect(targets()).toHaveLength(2 * 18);
    expect(report().identities).toHaveLength(15);
    expect([...outcome.gaps]).toEqual(gaps);
  },
  60_000,
);

test('an account that is removed mid-sweep: what was read of it stays, the rest is a gap, and nothing is lost', async () => {
  let calls = 0;
  fn.sandbox.aws.beforeCall = ({ account, service }) => {
    if (account === MEMBER && service === 'ses' && ++calls === 6) {
      fn.sandbox.aws.denyRoles.add(ROLE_ARN);
      fn.sandbox.aws.faults.push({ service: 'ses', account: MEMBER, status: 403, code: 'AccessDeniedException', message: QUOTES });
    }
    return undefined;
  };
  const { error, gaps } = await sweepWhile([]);
  fn.sandbox.aws.beforeCall = undefined;
  expect(error).toBeUndefined();
  expect([...gaps]).toEqual([`${MEMBER} denied`]);
  const read = report().targets.filter(({ account, gap }) => account === MEMBER && gap === undefined);
  expect(read.length).toBeGreaterThan(0);
  expect(read.length).toBeLessThan(18);
  expect(report().identities).toHaveLength(15);
}, 60_000);

test('an account that joins is read, and its missing role is a gap; one that leaves is watched no more', async () => {
  fn.sandbox.aws.organization = {
    ...ORGANIZATION,
    root: { id: 'r-ab12', accounts: [HOME, JOINING], units: [{ id: 'ou-ab12-mailmail', accounts: [] }] },
  };
  const { gaps } = await sweepWhile([]);
  expect([...new Set(report().targets.map(({ account }) => account))].sort()).toEqual([HOME, JOINING]);
  expect([...gaps]).toEqual([`${JOINING} role-refused`]);
  expect(report().targets.filter(({ gap }) => gap?.detail.includes(EXTERNAL_ID))).toEqual([]);
}, 60_000);

test('with nothing remembered and Organizations closed the sweep fails, and says why', async () => {
  fn.sandbox.aws.objects.get(BUCKET)?.delete('accounts/deployment.json.gz');
  const { error } = await sweepWhile([{ service: 'organizations', status: 400, code: 'AccessDeniedException' }]);
  expect(error).toMatch(
    /^Nothing was swept\. Which accounts are to be watched is not known, and none are remembered: .*delegated administrator/,
  );
}, 60_000);

test('in all of that, no external id, key or session token left the function', () => {
  const blobs = [...(fn.sandbox.aws.objects.get(BUCKET)?.values() ?? [])].map((bytes) =>
    // The doctor's probe is not compressed.
    (bytes[0] === 0x1f ? gunzipSync(bytes) : Buffer.from(bytes)).toString('utf8'),
  );
  const told = fn.sandbox.aws.outbox.map(({ subject, body }) => `${subject} ${body}`);
  const events = JSON.stringify(fn.sandbox.aws.events);
  const secrets = [new RegExp(EXTERNAL_ID, 'g'), /sandbox-secret-of|session-0000|\b(AKIA|ASIA)\d{12}/g];
  // Booleans, so that a failure does not print all of it.
  for (const event of ['accounts-remembered', 'regions-unknown', 'account-skipped'])
    expect([event, written.includes(event)]).toEqual([event, true]);
  expect(thrown).toContain('Organizations');
  for (const text of [written, thrown, events, ...blobs, ...told]) {
    const found = secrets.flatMap((secret) => [...text.matchAll(secret)].map(({ index }) => text.slice(index - 200, index + 100)));
    expect(found).toEqual([]);
  }
});
