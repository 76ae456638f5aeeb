// The command against the sandbox: what it prints, what it leaves to scripts, and how it ends.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { main } from '../../cli/main.ts';
import type { Terminal } from '../../cli/terminal.ts';
import { parseExternalId } from '../../lambda/external-id.ts';
import type { Report } from '../../lambda/model/report.ts';
import { tokensFor } from '../../sandbox/aws/identities.ts';
import { KEY_2048 } from '../../sandbox/dns/keys.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { EXTERNAL_ID, firstLight, HOME, MEMBER, READ_ROLE, SHOP, TOPIC_ARN } from '../../sandbox/scenarios/first-light.ts';

let sandbox: Sandbox;
let folder: string;
let config: string;
const environment = { ...process.env };

beforeEach(async () => {
  sandbox = await startSandbox(firstLight.world);
  folder = mkdtempSync(join(tmpdir(), 'dkim-monitor-test-'));
  config = join(folder, 'config.json');
  const at = ({ address, port }: { readonly address: string; readonly port: number }): string => `${address}:${port}`;
  const routes = Object.fromEntries(Object.entries(sandbox.routes).map(([address, where]) => [address, at(where)]));
  const dns = { resolvers: [at(sandbox.resolver)], routes, rootHints: sandbox.rootHints, confirmAfter: '1s' };
  const accounts = [{ id: HOME }, { id: MEMBER, roleName: READ_ROLE, externalId: EXTERNAL_ID }];
  writeFileSync(config, JSON.stringify({ accounts, regions: ['us-east-1', 'eu-west-1', 'eu-south-1'], ses: { callsPerSecond: 50 }, dns }));
  process.env = { PATH: environment.PATH, ...sandbox.environment(HOME, 'us-east-1') };
});

afterEach(async () => {
  process.env = environment;
  rmSync(folder, { recursive: true, force: true });
  await sandbox.close();
});

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function run(...argv: string[]): Promise<Ran> {
  let out = '';
  let err = '';
  const terminal: Terminal = {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    interactive: false,
    color: false,
    width: 100,
    progressWidth: 79,
    environment: {},
  };
  return { code: await main(argv, terminal), out, err };
}

/** Any C0 or C1 control character but the line feed. */
const hasControls = (text: string): boolean => [...text].some((c) => c !== '\n' && (c < ' ' || (c >= '\u007f' && c <= '\u009f')));

const lose = () => firstLight.steps[0]?.apply(sandbox);
const restore = () => firstLight.steps[1]?.apply(sandbox);

describe('sweep', () => {
  test('all well: a summary, exit 0', async () => {
    const { code, out } = await run('sweep', '--config', config);
    expect(code).toBe(0);
    expect(out).toContain('15 healthy, 0 broken, 0 unknown');
  });

  test('a lost record: named with what to paste, exit 1; below --fail-on it is 0', async () => {
    await lose();
    const { code, out } = await run('sweep', '--config', config);
    expect(code).toBe(1);
    expect(out).toContain(`1 of 3 DKIM records is missing: ${SHOP}`);
    // Nothing is remembered: the clocks start where SES still said SUCCESS.
    expect(out.replace(/\s+/g, ' ')).toMatch(
      /SES drops the DKIM set-up.* When SES began to count is not known\. SES still said SUCCESS at \d{4}-/,
    );
    expect(out).toMatch(/Value +\S+\.dkim\.amazonses\.com\./);
    expect(hasControls(out)).toBe(false);
  });

  test('a refused role: a gap named, exit 2', async () => {
    sandbox.aws.denyRoles.add(`arn:aws:iam::${MEMBER}:role/${READ_ROLE}`);
    const { code, out } = await run('sweep', '--config', config);
    expect(code).toBe(2);
    expect(out.replace(/\s+/g, ' ')).toContain(`role/${READ_ROLE} cannot be assumed`);
    expect(out).not.toContain(EXTERNAL_ID);
  });

  test('trouble and a gap at once: exit 1', async () => {
    await lose();
    sandbox.aws.denyRoles.add(`arn:aws:iam::${MEMBER}:role/${READ_ROLE}`);
    expect((await run('sweep', '--config', config)).code).toBe(1);
  });

  test('--json prints the report, schema 1, and nothing else on standard output', async () => {
    await lose();
    const { out, err } = await run('sweep', '--config', config, '--json');
    const report = JSON.parse(out) as Report;
    expect(err).toBe('');
    expect(Object.keys(report).sort()).toEqual([
      'cost',
      'findings',
      'finishedAt',
      'identities',
      'schema',
      'startedAt',
      'summary',
      'targets',
    ]);
    expect(report.schema).toBe(1);
    expect(report.targets).toHaveLength(6);
    expect(report.summary).toEqual({
      healthy: 14,
      broken: 1,
      unknown: 0,
      bySeverity: { notice: expect.any(Number), warning: 0, critical: 1 },
    });
    const broken = report.identities.find(({ diagnosis }) => diagnosis === 'broken');
    expect(broken).toMatchObject({
      account: HOME,
      region: 'eu-west-1',
      identity: SHOP,
      type: 'domain',
      method: 'easy',
      ses: { status: 'SUCCESS', signing: true },
    });
    const [finding] = broken?.findings ?? [];
    expect(finding).toMatchObject({
      kind: 'record-missing',
      severity: 'critical',
      facts: { account: HOME, region: 'eu-west-1', identity: SHOP, missing: 1, expected: 3 },
    });
    expect(finding?.records).toEqual([
      {
        name: expect.stringMatching(/\._domainkey\.northwind-shop\.com\.$/),
        type: 'CNAME',
        value: expect.stringMatching(/\.dkim\.amazonses\.com\.$/),
      },
    ]);
    expect(finding?.evidence[0]).toEqual({
      server: expect.any(String),
      question: expect.any(String),
      outcome: expect.any(String),
      answers: expect.any(Array),
      at: expect.any(String),
    });
    expect(finding?.fix.length).toBeGreaterThan(0);
    expect(report.cost.sesCalls).toBeGreaterThan(15);
  });

  test('--publish tells one topic, and says so where the configuration has more', async () => {
    const more = join(folder, 'more.json');
    const alerts = { critical: { email: ['a@team.example'] }, eventBus: 'default' };
    writeFileSync(more, JSON.stringify({ ...JSON.parse(readFileSync(config, 'utf8')), alerts }));
    const args = ['sweep', '--config', more, '--memory', join(folder, 'memory')];
    expect((await run(...args)).err).not.toContain('alerts.critical');
    expect((await run(...args, '--publish', TOPIC_ARN)).err).toContain(
      `${TOPIC_ARN} alone, of everything; not alerts.critical and alerts.eventBus`,
    );
  });

  test('tells nobody without --publish; with it, the topic, once', async () => {
    const memory = join(folder, 'memory');
    await run('sweep', '--config', config, '--memory', memory, '--publish', TOPIC_ARN);
    expect(sandbox.aws.outbox).toHaveLength(1);
    await lose();
    await run('sweep', '--config', config, '--memory', memory);
    expect(sandbox.aws.outbox).toHaveLength(1);
    const calls = sandbox.aws.calls.length;
    await run('sweep', '--config', config, '--memory', memory, '--publish', TOPIC_ARN);
    await run('sweep', '--config', config, '--memory', memory, '--publish', TOPIC_ARN);
    expect(sandbox.aws.outbox.slice(1).map(({ subject }) => subject)).toEqual([expect.stringContaining(SHOP)]);
    expect(sandbox.aws.calls.slice(calls).filter(({ service }) => service === 'ses')).toEqual([]);
    await restore();
    await run('sweep', '--config', config, '--memory', memory, '--publish', TOPIC_ARN);
    expect(sandbox.aws.outbox.at(-1)?.subject).toContain('RECOVERED');
  });

  test('one region only', async () => {
    const { out } = await run('sweep', '--config', config, '--region', 'eu-south-1', '--json');
    expect((JSON.parse(out) as Report).targets.map(({ region }) => region)).toEqual(['eu-south-1', 'eu-south-1']);
  });

  test('a region that is misspelt is said, with what was meant', async () => {
    const { err } = await run('sweep', '--config', config, '--region', 'eu-suth-1');
    expect(err).toContain('regions: This version knows no Amazon SES in eu-suth-1. Did you mean eu-south-1?');
  });

  test('no usable credentials: one sentence, exit 2', async () => {
    process.env.AWS_ACCESS_KEY_ID = 'AKIANOBODYATALL00000';
    const { code, err, out } = await run('sweep', '--config', config);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toContain('Check the AWS credentials');
  });

  test('nobody at the address of AWS: the network, not the credentials, exit 2', async () => {
    process.env.AWS_ENDPOINT_URL = 'http://127.0.0.1:1';
    const { code, err, out } = await run('sweep', '--config', config);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('AWS could not be reached (ECONNREFUSED). Check the network, the proxy and AWS_ENDPOINT_URL.');
    expect(err).not.toContain('credentials');
  });
});

describe('check', () => {
  const easy = ['a', 'b', 'c'].flatMap((letter) => ['--token', letter.repeat(32)]);

  test('a key at its selector: healthy, without any AWS call', async () => {
    const { code, out } = await run('check', 'adatum-bank.com', '--selector', 's2026', '--config', config);
    expect(out).toContain('adatum-bank.com: DKIM is healthy.');
    expect(code).toBe(0);
    expect(sandbox.aws.calls).toEqual([]);
  });

  test('tokens that are not published: broken, exit 1', async () => {
    const { code, out } = await run('check', SHOP, ...easy, '--config', config);
    expect(code).toBe(1);
    expect(out).toContain('All 3 DKIM records are missing');
    // SES was not asked: what it does is said, and no time is made up.
    expect(out).toContain('If SES has verified the domain');
    expect(out).not.toContain('estimated');
  });

  test('the three tokens: healthy', async () => {
    const all = tokensFor('fabrikam-mail.net', 'eu-west-1').flatMap((one) => ['--token', one.toUpperCase()]);
    expect((await run('check', 'fabrikam-mail.net', ...all, '--config', config)).code).toBe(0);
  });

  test.each([
    ['no region is known', [], '--region REGION'],
    ['the region was given', ['--region', 'eu-west-1'], '--region eu-west-1'],
  ])('a selector for a domain whose keys SES made: what was meant is said, %s', async (_, more, command) => {
    const { code, out, err } = await run('check', SHOP, '--selector', 's1', ...more, '--config', config);
    expect(code).toBe(1);
    expect(out).toContain('missing');
    expect(err).toContain('Nothing is published for the selector s1. Is it the right one?');
    expect(err).toContain(`dkim-monitor check ${SHOP} ${command}`);
    const json = await run('check', SHOP, '--selector', 's1', '--json', '--config', config);
    expect(() => JSON.parse(json.out)).not.toThrow();
  });

  test('who knows the key, or has one that is published, is not asked back', async () => {
    const key = ['--public-key', KEY_2048];
    expect((await run('check', SHOP, '--selector', 's1', ...key, '--config', config)).err).toBe('');
    expect((await run('check', 'adatum-bank.com', '--selector', 's2026', '--config', config)).err).toBe('');
  });

  test('nobody answers: unknown, exit 2', async () => {
    writeFileSync(config, JSON.stringify({ dns: { confirmAfter: '1s', routes: {} } }));
    const { code, out } = await run('check', 'adatum-bank.com', '--selector', 's2026', '--config', config, '--resolver', '127.0.0.1:9');
    expect(out).toContain('could not be judged');
    expect(code).toBe(2);
    const said = out.replace(/\s+/g, ' ');
    expect(said).toMatch(
      /What to do 1\. .* delegation of the domain .* the machine that asks needs UDP and TCP port 53 .* Ask for yourself: dig /,
    );
  });

  test('--json is one object', async () => {
    const { out } = await run('check', 'adatum-bank.com', '--selector', 's2026', '--config', config, '--json');
    expect(JSON.parse(out)).toMatchObject({ schema: 1, identity: 'adatum-bank.com', diagnosis: 'healthy' });
  });

  test('as SES knows it: the identity is read, then DNS', async () => {
    await lose();
    const { code, out } = await run('check', SHOP, '--region', 'eu-west-1', '--config', config);
    expect(code).toBe(1);
    expect(out).toContain('1 of 3 DKIM records is missing');
    expect(out.replace(/\s+/g, ' ')).toContain('SES still said SUCCESS at 20');
    expect((await run('check', SHOP, '--region', 'us-east-1', '--config', config)).code).toBe(0);
  });

  test('as SES knows it: no such identity there, and nobody to ask', async () => {
    const none = await run('check', 'example.org', '--region', 'eu-west-1', '--config', config);
    expect(none).toMatchObject({ code: 64, err: expect.stringContaining('SES has no identity example.org') });
    sandbox.aws.faults.push({ service: 'ses', status: 403, code: 'AccessDeniedException' });
    expect(await run('check', SHOP, '--region', 'eu-west-1', '--config', config)).toMatchObject({
      code: 2,
      err: expect.stringContaining('could not be read'),
    });
  });

  test('the region decides the zone of the targets', async () => {
    const { out } = await run('check', SHOP, ...easy, '--region', 'eu-south-1', '--config', config);
    expect(out).toContain('a.dkim.eu-south-1.amazonses.com.');
  });
});

describe('wrong usage is one sentence and exit 64', () => {
  const tokens = (...letters: readonly string[]) => letters.flatMap((letter) => ['--token', letter.repeat(32)]);
  const threeTokens = ['a', 'b', 'c'].map((letter) => letter.repeat(32));
  test.each([
    ['no command', [], 'Usage'],
    ['an unknown command', ['swep'], 'Did you mean sweep?'],
    ['an unknown flag', ['sweep', '--jsn'], '--json'],
    ['a severity that is none', ['sweep', '--fail-on', 'bad'], 'notice, warning, critical'],
    ['a region that is none', ['sweep', '--region', 'europe'], 'a region looks like "eu-west-1"'],
    ['a configuration that is not there', ['sweep', '--config', 'nowhere.json'], 'there is no such file'],
    ['publishing without a memory', ['sweep', '--publish', 'arn:aws:sns:us-east-1:111111111111:alerts'], 'needs --memory'],
    ['publishing to nonsense', ['sweep', '--memory', '/nowhere', '--publish', 'alerts'], 'the ARN of an SNS topic'],
    ['a domain with a scheme', ['check', 'https://example.com', '--selector', 's1'], 'bare name'],
    ['an empty domain', ['check', '', '--selector', 's1'], 'it is empty'],
    ['a domain of 254 characters', ['check', `${'a.'.repeat(126)}aa`, '--selector', 's1'], '253'],
    ['a domain with control characters', ['check', 'a\u001b[31m.example', '--selector', 's1'], '\\u001b'],
    ['an address for a domain', ['check', '1.2.3.4', '--selector', 's1'], 'is an IP address'],
    ['a top-level domain', ['check', 'com', '--selector', 's1'], 'it has no dot'],
    ['four tokens', ['check', 'example.com', ...tokens('a', 'b', 'c', 'd')], 'three different tokens; 4 were given'],
    ['one token', ['check', 'example.com', ...tokens('a')], 'one was given. They stand together in: aws sesv2 get-email-identity'],
    [
      'one token twice, another once',
      ['check', 'example.com', ...tokens('a', 'a', 'b'), '--region', 'eu-west-1'],
      '3 were given, one of them twice',
    ],
    [
      'two tokens: the command that needs none',
      ['check', 'example.com', ...tokens('a', 'b')],
      'dkim-monitor check example.com --region REGION',
    ],
    [
      'a token that lacks a letter, for records too',
      ['records', 'example.com', '--token', 'a'.repeat(31)],
      'it has 31, so something was cut off',
    ],
    ['a token with one too many', ['check', 'example.com', '--token', 'a'.repeat(33)], 'it has 33, so something was typed twice'],
    [
      'a selector for a token',
      ['check', 'example.com', '--token', 'S1'],
      'dkim-monitor check example.com --selector s1. If SES made the keys',
    ],
    [
      'three tokens in one',
      ['check', 'example.com', '--token', threeTokens.join(', ')],
      threeTokens.map((one) => `--token ${one}`).join(' '),
    ],
    ['the target of a record for a token', ['check', 'example.com', '--token', `${'a'.repeat(32)}.dkim.amazonses.com.`], 'is meant: aaaa'],
    ['the name of a record for a token', ['check', 'example.com', '--token', `${'a'.repeat(32)}._domainkey.example.com`], 'is meant: aaaa'],
    ['nonsense for a token', ['check', 'example.com', '--token', '\u001b[31m !'], 'Let SES say the tokens'],
    ['a memory without a name', ['sweep', '--memory', ''], 'an empty name'],
    ['a memory that is a file', ['sweep', '--memory', fileURLToPath(import.meta.url)], 'it is not a folder'],
    ['nothing to expect', ['check', 'example.com'], 'Selectors are never guessed'],
    ['tokens and a selector', ['check', 'example.com', '--token', 'a', '--selector', 's'], 'not both'],
    ['a token that is a whole name', ['check', 'example.com', '--token', 'abc._domainkey.example.com'], 'Only the part before'],
    ['a selector with a dot', ['check', 'example.com', '--selector', 'a.b'], '1 to 63 letters and digits'],
    [
      'a selector that is a token',
      ['check', 'example.com', '--selector', '2YBQURJ5fvb3ygqrxqw5xg2xlsdd2bqx', '--region', 'eu-south-1'],
      'a CNAME to 2ybqurj5fvb3ygqrxqw5xg2xlsdd2bqx.dkim.eu-south-1.amazonses.com, not a key. Ask with --region',
    ],
    ['records for a token as selector', ['records', 'example.com', '--selector', 'a'.repeat(32)], 'looks like an Easy DKIM token'],
    ['a key without a selector', ['check', 'example.com', '--token', 'a', '--public-key', 'x'], 'goes with --selector'],
    ['a resolver that is none', ['check', 'example.com', '--selector', 's', '--resolver', 'dns.google'], 'write an IPv4 address'],
    ['a port that is none', ['check', 'example.com', '--selector', 's', '--dns-port', '0'], '1 to 65535'],
  ] as readonly [string, readonly string[], string][])('%s', async (_name, argv, sentence) => {
    const { code, err, out } = await run(...argv);
    expect(code).toBe(64);
    expect(`${out}${err}`).toContain(sentence);
    expect(hasControls(`${out}${err}`)).toBe(false);
  });

  test('every mistake of a configuration at once', async () => {
    writeFileSync(config, '{"shedule":"rate(5 minutes)","regions":["europe"]}');
    const { code, err } = await run('sweep', '--config', config);
    expect(code).toBe(64);
    expect(err).toContain('Did you mean "schedule"?');
    expect(err).toContain('regions[0]');
  });
});

test('a selector that looks like a token is believed beside a public key: nobody has that of Easy DKIM', async () => {
  const key = ['--public-key', KEY_2048];
  const { code, out } = await run('check', 'example.com', '--selector', 'a1'.repeat(16), ...key, '--config', config);
  expect(code).not.toBe(64);
  expect(out).not.toContain('looks like an Easy DKIM token');
});

test('international, underscored and dotted names are taken', async () => {
  for (const domain of ['münchen.example', '_x.example.com', 'Example.COM.']) {
    const { code } = await run('check', domain, '--selector', 's1', '--config', config);
    expect([1, 2]).toContain(code);
  }
});

test('init writes a configuration with an external id for each account, and never over another', async () => {
  const file = join(folder, 'monitor.config.json');
  const flags = ['--config', file, '--account', HOME, '--account', MEMBER, '--email', 'dns@example.com'];
  expect((await run('init', ...flags)).code).toBe(0);
  const written = readFileSync(file, 'utf8');
  const ids = (JSON.parse(written) as { accounts: { externalId: string }[] }).accounts.map(({ externalId }) => externalId);
  expect(new Set(ids).size).toBe(2);
  expect(ids.every((id) => id.length >= 20)).toBe(true);
  expect((await run('init', ...flags)).code).toBe(64);
  expect(readFileSync(file, 'utf8')).toBe(written);
});

test('init for an organisation, and an external id alone', async () => {
  const file = join(folder, 'monitor.config.json');
  expect((await run('init', '--config', file, '--organization', 'o-a1b2c3d4e5')).code).toBe(0);
  const { organization } = JSON.parse(readFileSync(file, 'utf8')) as { organization: { include: string[]; externalId: string } };
  expect(organization.include).toEqual(['o-a1b2c3d4e5']);
  const printed = await run('init', '--external-id');
  expect(printed).toMatchObject({ code: 0, err: '' });
  for (const id of [organization.externalId, printed.out.trim()]) expect(parseExternalId(id).ok).toBe(true);
  const { code, err } = await run('init', '--config', join(folder, 'other.json'), '--organization', 'Production');
  expect(code).toBe(64);
  expect(err).toContain('Units are named by their id');
});

describe('sweep over an organisation', () => {
  const organization = { include: ['o-exampleorgid'], externalId: EXTERNAL_ID, roleName: READ_ROLE };
  const root = { id: 'r-ab12', accounts: [HOME, MEMBER, '555555555555'] };
  beforeEach(() => {
    writeFileSync(config, JSON.stringify({ ...JSON.parse(readFileSync(config, 'utf8')), accounts: [], organization }));
  });

  test('its accounts are read; one that is suspended is named', async () => {
    sandbox.aws.organization = { id: 'o-exampleorgid', management: HOME, root, states: { '555555555555': 'SUSPENDED' } };
    const { code, out, err } = await run('sweep', '--config', config, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ summary: { healthy: 15 }, organization: { accounts: 2, unknown: [] } });
    expect(err).toBe('dkim-monitor: not active, and not watched: 555555555555 (SUSPENDED).\n');
  });

  test('where Organizations shows nothing, one sentence, and exit 2', async () => {
    sandbox.aws.organization = { id: 'o-exampleorgid', management: MEMBER, root };
    const { code, err } = await run('sweep', '--config', config);
    expect(code).toBe(2);
    expect(err).toMatch(/Which accounts are to be watched is not known.*delegated administrator/);
    expect(err.split('\n')).toHaveLength(2);
  });
});

test('the built command runs as plain JavaScript', () => {
  const entry = fileURLToPath(new URL('../../bin/dkim-monitor.js', import.meta.url));
  const { status, stdout } = spawnSync(process.execPath, [entry, '--help'], { encoding: 'utf8' });
  expect(status).toBe(0);
  expect(stdout).toContain('Examples:');
});
