// The queries of the console and of the dashboard, asked of what the real handler logs over some sweeps: each finds what it is for, by fields that are really there.
import { METRIC_NAMESPACE, METRIC_SERVICE } from '../../lambda/sweep/metrics.ts';
import { DASHBOARD_QUERIES } from '../../lib/dashboard.ts';
import { SAVED_QUERIES } from '../../lib/saved-queries.ts';
import { FIRST_LIGHT_WORLD, MEMBER, READ_ROLE, SHOP, SHOP_TOKEN } from '../../sandbox/scenarios/first-light.ts';
import { NOW, type Scenario } from '../../sandbox/scenarios/plot.ts';
import { openTheatre } from '../casebook/theatre.ts';
import { ask, fieldsOf, type LogLine, type Row, readLog } from './logs-insights.ts';

const HOME = '111111111111';
/** Two days of trouble: a record lost, a server broken, a role that refuses, an identity deleted; then the record is back. */
const TROUBLE: Scenario = {
  name: 'trouble-for-the-log',
  describe: 'Everything that the saved queries are asked about.',
  world: FIRST_LIGHT_WORLD,
  // Nobody listens there: each ping fails, and no sweep with it.
  monitor: { operations: { heartbeatUrl: 'https://127.0.0.1:1/5f2c0d1e-secret' } },
  now: NOW,
  steps: [
    {
      title: 'A record is deleted, and one of the name servers says SERVFAIL to everything',
      apply: (sandbox) => {
        sandbox.dns.removeRecord(SHOP, `${SHOP_TOKEN}._domainkey`, 'CNAME');
        sandbox.dns.behave({ servers: ['dns2.hoster-b.com'], behaviour: { kind: 'rcode', rcode: 'SERVFAIL' } });
      },
    },
    {
      title: 'The role of the member account refuses',
      minutesLater: 120,
      apply: (sandbox) => void sandbox.aws.denyRoles.add(`arn:aws:iam::${MEMBER}:role/${READ_ROLE}`),
      sweeps: 2,
    },
    {
      title: 'An identity is deleted, and the record is back',
      minutesLater: 120,
      apply: (sandbox) => {
        sandbox.aws.deleteIdentity(HOME, 'eu-west-1', 'contoso-books.org');
        sandbox.dns.setRecord(SHOP, `${SHOP_TOKEN}._domainkey`, 'CNAME', `${SHOP_TOKEN}.dkim.amazonses.com`);
      },
    },
  ],
  expect: {},
};

let lines: readonly LogLine[];
beforeAll(async () => {
  const theatre = await openTheatre();
  try {
    lines = readLog((await theatre.play(TROUBLE)).log);
  } finally {
    theatre.close();
  }
}, 120_000);

const saved = (name: keyof typeof SAVED_QUERIES, ...replace: readonly string[]): readonly Row[] =>
  ask(
    replace.reduce((query, by) => query.replaceAll('"example.com"', `"${by}"`), SAVED_QUERIES[name] as string),
    lines,
  );

/** What the Lambda service logs itself, and no line of ours has. */
const OF_THE_PLATFORM = ['record.status'];

test.each(Object.entries({ ...SAVED_QUERIES, ...DASHBOARD_QUERIES }))(
  '%s: every field that it names is in a line that was logged',
  (_name, query) => {
    const known = new Set(lines.flatMap((line) => Object.keys(line)));
    expect(fieldsOf(query).length).toBeGreaterThan(1);
    expect(fieldsOf(query).filter((name) => !known.has(name) && !OF_THE_PLATFORM.includes(name))).toEqual([]);
  },
);

test('what-went-wrong: the gaps', () => {
  expect(
    saved('what-went-wrong')
      .map((row) => String(row['@message']))
      .join(),
  ).toContain('role-refused');
});

test('what-was-not-seen: the three regions of the account whose role refuses', () => {
  expect(
    saved('what-was-not-seen')
      .filter(({ gap }) => gap === 'role-refused')
      .map(({ account, sweeps }) => [account, sweeps]),
  ).toEqual(Array.from({ length: 3 }, () => [MEMBER, 3]));
});

test('why-did-it-not-alert: the state of each sweep, and each decision with its reason', () => {
  const rows = saved('why-did-it-not-alert', SHOP).filter(({ alert }) => String(alert).includes('/eu-west-1/'));
  const seen = (message: string) => rows.filter((row) => row.message === message);
  expect(seen('identity-state').map(({ was, diagnosis }) => [was, diagnosis])).toEqual([
    ['broken', 'healthy'],
    [undefined, 'broken'],
    [undefined, 'broken'],
    ['healthy', 'broken'],
    ['new', 'healthy'],
  ]);
  expect(
    seen('decision')
      .map(({ reason }) => reason)
      .at(-1),
  ).toBe('new');
  expect(seen('decision').map(({ reason }) => reason)).toContain('already-told');
  expect(seen('open-alert').length).toBe(3);
});

test('what-changed: what turned bad, what turned well, what is gone, and what was told', () => {
  const rows = saved('what-changed').filter(({ was }) => was !== 'new');
  const texts = rows.map(({ identity, was, diagnosis, event }) => `${identity ?? ''} ${was ?? ''} ${diagnosis ?? event}`.trim());
  expect(texts).toEqual(
    expect.arrayContaining([`${SHOP} healthy broken`, `${SHOP} broken healthy`, 'opened', 'recovered', 'contoso-books.org watched gone']),
  );
});

test('which-name-servers-fail: the broken one, how, and for which name', () => {
  const [worst] = saved('which-name-servers-fail');
  expect(worst).toMatchObject({
    server: expect.stringContaining('dns2.hoster-b.com'),
    role: 'authoritative',
    lastHow: 'broken/servfail',
  });
  expect(worst?.lastExample).toContain('_domainkey');
});

test('the dashboard: health and open alerts, worst first', () => {
  const [first] = ask(
    DASHBOARD_QUERIES['Health by account and region'],
    lines.filter((line) => String(line['@timestamp']) < '2026-06-01T12:30'),
  );
  expect(first).toMatchObject({ account: HOME, region: 'eu-west-1', ses: 'read', brokenNow: 1 });
  const [alert] = ask(DASHBOARD_QUERIES['Open alerts: those last seen in the latest sweep are open now'], lines).filter((row) =>
    String(row.alert).endsWith(SHOP),
  );
  expect(alert).toMatchObject({ now: 'critical', what: expect.stringContaining('record-missing'), hit: 1 });
  expect(Number(alert?.hoursToDeadline)).toBeGreaterThan(24);
});

test('every sweep ends with a line that says what it saw and cost', () => {
  const ends = lines.filter(({ message }) => message === 'sweep-finished');
  expect(ends).toHaveLength(5);
  expect(ends[1]).toMatchObject({ healthy: 14, broken: 1, troubles: 0, notPublished: 0, told: 1 });
});

test("each good sweep pings the dead man's switch of the configuration, and its address is in no line", () => {
  const pings = lines.filter(({ message }) => message === 'heartbeat-ping-failed');
  expect(pings.map(({ level, detail }) => [level, detail])).toEqual(
    Array.from({ length: 5 }, () => ['WARN', 'The ping of 127.0.0.1 failed: ECONNREFUSED.']),
  );
  expect(JSON.stringify(lines)).not.toContain('5f2c0d1e');
  const written = lines.filter((line) => line.HeartbeatPingFailed === 1);
  expect(written).toHaveLength(5);
  // Under the one dimension that the alarms name, as every metric.
  expect(written[0]).toMatchObject({
    service: METRIC_SERVICE,
    _aws: { CloudWatchMetrics: [{ Namespace: METRIC_NAMESPACE, Dimensions: [['service']] }] },
  });
});
