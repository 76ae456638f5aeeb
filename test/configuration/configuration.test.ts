import { DEFAULT_CONFIGURATION, parseConfiguration, parseConfigurationText } from '../../lambda/configuration.ts';
import { parseDuration, parseSchedule } from '../../lambda/durations.ts';
import { parseServerAddress } from '../../lambda/server-address.ts';
import { sweepPlan } from '../../lambda/sweep-plan.ts';
import { KEY_2048 } from '../../sandbox/dns/keys.ts';

const problems = (value: unknown): readonly string[] => {
  const read = parseConfiguration(value);
  return read.ok ? [] : read.problems;
};

test('an empty file watches the account and region deployed to, every five minutes', () => {
  expect(DEFAULT_CONFIGURATION).toMatchObject({
    accounts: [],
    regions: [],
    schedule: { minutes: 5 },
    inventoryEvery: 3_600_000,
    dns: { port: 53, confirmAfter: 45_000 },
  });
});

test('all mistakes are said at once, each with its place', () => {
  const found = problems({
    accounts: [{ id: '1234' }],
    regions: ['eu-west1'],
    alerts: { emails: ['a@example.com'], slack: [{ workspaceId: 'x', channelId: 'C0123456789' }] },
    mute: [{ identity: 'a b', until: 'soon' }],
    dns: { port: 99_999 },
    shedule: 'rate(5 minutes)',
  });
  expect(found.map((sentence) => sentence.split(':')[0])).toEqual(
    expect.arrayContaining([
      'accounts[0].id',
      'regions[0]',
      'alerts.emails',
      'alerts.slack[0].workspaceId',
      'mute[0].identity',
      'mute[0].until',
      'dns.port',
      'shedule',
    ]),
  );
});

test('contradictions are said together with mistakes elsewhere; none that follows from a mistake', () => {
  const found = problems({
    accounts: [{ id: '111111111111' }, { id: '111111111111' }],
    schedule: 'rate(6 hours)',
    inventoryEvery: 'often',
    alerts: {
      remindEvery: '1m',
      holdDown: '1x',
      critical: { emails: ['x@example.org'] },
      routes: [{ email: ['nobody'], identities: ['a.example'] }, { domain: ['a.example'] }, { email: ['a@team.example'] }],
      digest: { every: 'day', at: '7am', on: 'monday' },
    },
    operations: { heartbeatURL: 'x' },
  });
  expect(found.map((sentence) => sentence.split(':')[0]).sort()).toEqual([
    'accounts[1].id',
    'alerts.critical.emails',
    'alerts.digest.at',
    'alerts.holdDown',
    'alerts.remindEvery',
    'alerts.routes[0].email[0]',
    'alerts.routes[1].domain',
    'inventoryEvery',
    'operations.heartbeatURL',
  ]);
  for (const nonsense of [[], 'x', null, { accounts: 3 }]) expect(problems(nonsense as object)).toHaveLength(1);
});

test.each([
  ['a misspelt setting is guessed', { shedule: 'rate(5 minutes)' }, 'shedule: there is no such setting. Did you mean "schedule"?'],
  [
    'a domain is an identity here',
    { alerts: { routes: [{ domain: ['shop.example'], email: ['a@team.example'] }] } },
    'alerts.routes[0].domain: there is no such setting. Did you mean "identities"?',
  ],
  [
    'also deep inside',
    { accounts: [{ id: '111111111111', rolename: 'x' }] },
    'accounts[0].rolename: there is no such setting. Did you mean "roleName"?',
  ],
  [
    'an account twice',
    { accounts: [{ id: '111111111111' }, { id: '111111111111' }] },
    'accounts[1].id: 111111111111 stands in the list twice.',
  ],
  ['a schedule of over 12 hours', { schedule: 'rate(13 hours)' }, 'at least every 12 hours'],
  ['a cron schedule', { schedule: 'cron(0 * * * ? *)' }, 'write it like "rate(5 minutes)"'],
  ['an inventory more often than the schedule', { schedule: 'rate(6 hours)' }, 'inventoryEvery: must not be shorter than schedule'],
  ['a PEM key', { byodkim: [{ identity: 'example.com', publicKey: '-----BEGIN PUBLIC KEY-----' }] }, 'leave out the BEGIN and END lines'],
  ['time-outs too short for any network', { dns: { timeoutMs: 5 } }, 'dns.timeoutMs: must be at least 100.'],
  ['an IPv6 resolver', { dns: { resolvers: ['::1'] } }, 'write an IPv4 address'],
  [
    'a digest at no time',
    { alerts: { digest: { every: 'day', at: '25:00' } } },
    'alerts.digest.at: "25:00" is not a time of day: write it like "07:00"',
  ],
  ['a digest without a time', { alerts: { digest: { every: 'day' } } }, 'alerts.digest.at: must be text in double quotes, and is missing.'],
  ['a digest every hour', { alerts: { digest: { every: 'hour', at: '07:00' } } }, 'alerts.digest.every: must be one of "day", "week".'],
  [
    'a digest on no day',
    { alerts: { digest: { every: 'week', at: '07:00', on: 'mon' } } },
    'alerts.digest.on: must be one of "sunday", "monday"',
  ],
  ['a daily digest on a day', { alerts: { digest: { every: 'day', at: '07:00', on: 'monday' } } }, 'a daily digest comes every day'],
  ['a misspelt digest', { alerts: { digset: { every: 'day', at: '07:00' } } }, 'Did you mean "digest"?'],
  ['a mute in an account that is none', { mute: [{ identity: '*', account: '1111' }] }, 'mute[0].account'],
  ['a mute in a region that is none', { mute: [{ identity: '*', region: 'europe' }] }, 'mute[0].region'],
  ['a mute with a misspelt field', { mute: [{ identity: '*', acount: '111111111111' }] }, 'Did you mean "account"?'],
  ['a misspelt kind', { mute: [{ identity: 'a.com', kinds: ['record-misssing'] }] }, 'Did you mean "record-missing"?'],
  ['a kind that never was', { mute: [{ identity: 'a.com', kinds: ['everything'] }] }, 'docs/findings.md lists them'],
  ['a day that never comes', { mute: [{ identity: 'a.com', until: '2027-02-30' }] }, 'is not a date'],
  ['China', { regions: ['cn-north-1'] }, 'nor in any other region of China'],
  ['two partitions', { regions: ['us-east-1', 'us-gov-west-1'] }, 'it needs a deployment of its own'],
  ['a port out of range', { dns: { port: 70000 } }, 'dns.port: must be at most 65535.'],
  ['regions as a word', { regions: 'everywhere' }, 'must be "all" or a list of regions'],
])('%s', (_name, value, sentence) => {
  expect(problems(value).join('\n')).toContain(sentence);
});

test.each([
  ['not JSON', '{', 'This is not JSON'],
  ['with comments', '{ // comment\n }', 'JSON has no comments'],
  ['an array', '[]', 'the file: '],
  ['empty', '', 'This is not JSON'],
])('%s is one sentence, never a throw', (_name, text, sentence) => {
  const read = parseConfigurationText(text);
  expect(read.ok).toBe(false);
  if (!read.ok) expect(read.problems.join('\n')).toContain(sentence);
});

describe("the dead man's switch", () => {
  const SECRET = '5f2c0d1e-secret';
  test.each([
    ['plain http', `http://hc-ping.com/${SECRET}`, 'operations.heartbeatUrl: must begin with https://'],
    ['no scheme', `hc-ping.com/${SECRET}`, 'operations.heartbeatUrl: is not an address: write it whole'],
    ['a file', `file:///${SECRET}`, 'must begin with https://.'],
    ['a password', `https://me:${SECRET}@hc-ping.com/`, 'must not hold a name and a password'],
    ['much too long', `https://hc-ping.com/${SECRET}${'x'.repeat(2000)}`, 'is longer than 2,000 characters'],
  ])('%s is refused, and the text is not shown', (_name, heartbeatUrl, sentence) => {
    const said = problems({ operations: { heartbeatUrl } });
    expect(said).toHaveLength(1);
    expect(said[0]).toContain(sentence);
    expect(said[0]).not.toContain(SECRET);
  });
  test('an https address is taken', () => {
    const read = parseConfiguration({ operations: { heartbeatUrl: ` https://hc-ping.com/${SECRET} ` } });
    expect(read).toMatchObject({ ok: true, value: { operations: { heartbeatUrl: `https://hc-ping.com/${SECRET}`, dashboard: true } } });
  });
  test('a mistake in the JSON right behind it does not quote it', () => {
    const read = parseConfigurationText(`{ "operations": { "heartbeatUrl": "https://hc-ping.com/${SECRET}" x } }`);
    expect(read.ok ? '' : read.problems.join()).toMatch(/not JSON/);
    expect(JSON.stringify(read)).not.toContain('secret');
  });
});

test('a mistake in JSON is placed by line and column', () => {
  const read = parseConfigurationText('{\n  "regions": [],\n}');
  expect(!read.ok && read.problems[0]).toMatch(/ in line 3, column 1\b/);
});

test('names are normalised: case, final dot, whitespace in keys', () => {
  const read = parseConfiguration({
    byodkim: [{ identity: 'Example.COM.', selector: 's1', publicKey: `${KEY_2048.slice(0, 100)} ${KEY_2048.slice(100)}\n` }],
    mute: [{ identity: '*.Test.example.com', account: '111111111111', region: 'eu-west-1' }],
  });
  expect(read.ok && read.value.byodkim[0]).toEqual({ identity: 'example.com', selector: 's1', publicKey: KEY_2048 });
  expect(read.ok && read.value.mute[0]).toEqual({
    identity: '*.test.example.com',
    account: '111111111111',
    region: 'eu-west-1',
    kinds: [],
  });
});

test.each(['*', '*.example.com', 'billing@example.com', '111111111111/eu-west-1', '111111111111/*'])('%s may be muted', (identity) => {
  expect(problems({ mute: [{ identity }] })).toEqual([]);
});

test('hostile text in a mistake is made visible', () => {
  const [sentence] = problems({ alerts: { email: ['\u001b[31mred\u202e'] } });
  expect(sentence).toContain('\\u001b[31mred\\u202e');
});

test('durations, schedules and server addresses', () => {
  expect(parseDuration('45s')).toEqual({ ok: true, value: 45_000 });
  expect(parseDuration('7d')).toEqual({ ok: true, value: 604_800_000 });
  expect(parseDuration('1 hour').ok).toBe(false);
  expect(parseSchedule('rate(1 hour)')).toEqual({ ok: true, value: 60 });
  expect(parseSchedule('rate(1 hours)').ok).toBe(false);
  expect(parseSchedule('rate(0 minutes)').ok).toBe(false);
  expect(parseServerAddress('127.0.0.1:5353')).toEqual({ ok: true, value: { address: '127.0.0.1', port: 5353 } });
  expect(parseServerAddress('1.1.1.1:0').ok).toBe(false);
  expect(parseServerAddress('dns.google').ok).toBe(false);
});

test.each([
  ['none', {}, undefined],
  ['a day', { digest: { every: 'day', at: '07:00' } }, { every: 'day', atMinute: 420, on: 'monday' }],
  ['a week, on Monday by itself', { digest: { every: 'week', at: '00:00' } }, { every: 'week', atMinute: 0, on: 'monday' }],
  ['a week, on a Friday', { digest: { every: 'week', at: '23:59', on: 'friday' } }, { every: 'week', atMinute: 1439, on: 'friday' }],
])('a digest as the sweep takes it: %s', (_name, alerts, digest) => {
  const read = parseConfiguration({ alerts });
  if (!read.ok) throw new Error(read.problems.join(' '));
  expect(sweepPlan(read.value, [], { now: 0, remainingMs: 600_000, owner: 'one' }).policy.digest).toEqual(digest);
});
