// An installation that is well: everything is looked at, by the function, and nothing is said against it.
import type { Checkup } from '../../lambda/model/checkup.ts';
import { amissIn, EXTERNAL_ID, type Installation, install } from './installation.ts';

let installation: Installation;
beforeAll(async () => {
  installation = await install();
}, 60_000);
afterAll(() => installation?.close());

test('exit 0, every link of the chain looked at by the function itself', async () => {
  const { code, out, err } = await installation.doctor('--json');
  const checkup = JSON.parse(out) as Checkup;
  expect(amissIn(checkup)).toEqual([]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(checkup.rights).toEqual({ of: 'function', arn: expect.stringContaining(':assumed-role/ses-dkim-monitor/') });
  expect(checkup).toMatchObject({ accounts: 2, targets: 4 });
  const fine = Object.fromEntries(checkup.results.filter(({ outcome }) => outcome === 'ok').map(({ link, count }) => [link, count]));
  expect(fine).toEqual({
    function: 1,
    configuration: 1,
    credentials: 1,
    role: 1,
    list: 4,
    detail: 4,
    status: 4,
    bucket: 1,
    'memory-read': 1,
    'memory-write': 1,
    'last-sweep': 1,
    topic: 1,
    subscriptions: 1,
    'resolver-udp': 2,
    'resolver-tcp': 2,
    dnssec: 1,
    'authority-udp': 1,
    'authority-tcp': 1,
  });
  expect(checkup.results.filter(({ outcome }) => outcome === 'skipped').map(({ link, kind }) => `${link}: ${kind}`)).toEqual([
    'publish: only-by-publishing',
    'event-bus: not-set',
    'heartbeat: not-set',
  ]);
});

test('the page says whose rights were tried, and holds no secret', async () => {
  const { code, out } = await installation.doctor();
  expect(code).toBe(0);
  expect(out).toContain('Checked by the deployed function, with its own rights');
  expect(out).not.toContain(EXTERNAL_ID);
  expect(out).not.toContain('session-');
});

test('it tells nobody, sweeps nothing, and writes one object of its own', async () => {
  installation.sandbox.aws.calls.length = 0;
  await installation.doctor();
  const calls = installation.sandbox.aws.calls.map(({ action, identity }) => `${action} ${identity ?? ''}`.trim());
  expect(calls.filter((call) => /^(Publish|PutEvents|Delete|Subscribe)/.test(call))).toEqual([]);
  expect(calls.filter((call) => call.startsWith('PutObject'))).toEqual(['PutObject doctor/probe.json.gz']);
  expect(calls.filter((call) => call.startsWith('AssumeRole'))).toHaveLength(1);
});
