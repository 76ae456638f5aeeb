// The full panel: what is asked beyond the name servers' own answers, of whom, and when it is not asked.
import type { IdentityHistory } from '../../lambda/model/evidence.ts';
import type { Expectation } from '../../lambda/model/expectation.ts';
import type { Delegation, Lookup, NameServer, Outcome, Question, Server } from '../../lambda/model/lookup.ts';
import { type DnsName, dnsName } from '../../lambda/model/names.ts';
import { type Examinee, examine } from '../../lambda/sweep/examine.ts';
import type { Dns } from '../../lambda/sweep/ports.ts';
import { KEY, OTHER_KEY } from '../diagnosis/build.ts';

const APEX = dnsName('example.com');
const TOKENS = ['a', 'b', 'c'].map((letter) => letter.repeat(32));
const RECORDS = TOKENS.map((token) => ({
  type: 'CNAME' as const,
  token,
  name: dnsName(`${token}._domainkey.example.com`),
  target: dnsName(`${token}.dkim.amazonses.com`),
}));
const EXPECTATION: Extract<Expectation, { kind: 'records' }> = { kind: 'records', domain: APEX, records: RECORDS, zoneSource: 'api' };
const SERVERS: readonly NameServer[] = [1, 2].map((n) => ({
  role: 'authoritative',
  name: dnsName(`ns${n}.host.example`),
  address: `192.0.2.${n}`,
}));
const NXDOMAIN: Outcome = { kind: 'absent', how: 'nxdomain', aa: true, soa: APEX };
const NODATA: Outcome = { kind: 'absent', how: 'nodata', aa: true, soa: APEX };
const SERVFAIL: Outcome = { kind: 'broken', how: 'servfail' };
const NOW = Date.parse('2026-03-01T12:00:00Z');

type Say = (server: Server, question: Question, checkingDisabled: boolean) => Outcome | undefined;

/** All is well, but for what `say` says. */
function world(say: Say, delegation: Partial<Extract<Delegation, { kind: 'delegated' }>> = {}) {
  const asked: string[] = [];
  const lookup = (server: Server, question: Question, checkingDisabled = false): Lookup => {
    asked.push(
      `${server.role === 'resolver' ? 'resolver' : server.address} ${question.type} ${question.name}${checkingDisabled ? ' CD' : ''}`,
    );
    return {
      server,
      question,
      outcome: say(server, question, checkingDisabled) ?? healthy(server, question),
      at: new Date(NOW).toISOString(),
    };
  };
  const dns: Dns = {
    delegation: async () => ({ kind: 'delegated', apex: APEX, servers: SERVERS, unusable: [], source: 'resolver', ...delegation }),
    ask: async (server, question) => lookup(server, question),
    askResolvers: async (question, options) => [
      lookup({ role: 'resolver', address: '192.0.2.53' }, question, options?.checkingDisabled === true),
    ],
    validationControl: async () => [lookup({ role: 'resolver', address: '192.0.2.53' }, { name: dnsName('com'), type: 'SOA' })],
    serversNamed: async (name) => [{ role: 'authoritative', name, address: '192.0.2.99' }],
    forget: () => {},
    questions: () => asked.length,
    exportCache: () => ({}),
    importCache: () => {},
    close: () => {},
  };
  return { dns, asked };
}

function healthy(server: Server, { name, type }: Question): Outcome {
  const record = RECORDS.find((one) => one.name === name);
  if (type === 'SOA')
    return {
      kind: 'answer',
      aa: true,
      ...(server.role === 'resolver' ? { ad: true as const } : {}),
      records: [{ type: 'SOA', name, ttl: 60, primary: 'ns1.host.example', serial: 1, refresh: 60, minimum: 60 }],
    };
  if (record === undefined) return NXDOMAIN;
  const key = server.role === 'resolver' ? [{ type: 'TXT' as const, name: record.target, ttl: 60, strings: ['p=MIIB'] }] : [];
  return { kind: 'answer', aa: true, records: [{ type: 'CNAME', name, ttl: 60, value: record.target }, ...key] };
}

/** As a resolver that validates does with a domain whose signatures are broken. */
const refuses = (server: Server, { name }: Question, checkingDisabled: boolean): boolean =>
  server.role === 'resolver' && !checkingDisabled && name !== 'com';

async function panel(dns: Dns, more: Partial<Examinee> = {}) {
  let slept = 0;
  const examinee: Examinee = { key: 'example.com', expectation: EXPECTATION, history: undefined, fullPanel: true, ...more };
  const found = await examine([examinee], {
    dns,
    clock: () => NOW,
    sleep: async (ms) => {
      slept += ms;
    },
    confirmAfterMs: 1_000,
    until: NOW + 600_000,
    rotation: 0,
    randomLabel: () => 'xrandom',
  });
  const evidence = found.get('example.com');
  if (evidence === undefined) throw new Error('no evidence');
  return { evidence, slept };
}

const first = (type: string, asked: readonly string[]): readonly string[] => asked.filter((line) => line.includes(` ${type} `));
const HISTORY: IdentityHistory = { firstSeenAt: '2026-01-01T00:00:00.000Z', unknownSweeps: 0 };

test('where all is well nothing is probed, and there is no second round', async () => {
  const { dns, asked } = world(() => undefined);
  const { evidence, slept } = await panel(dns);
  expect(evidence.confirmed).toBe(true);
  expect(slept).toBe(0);
  expect(asked.filter((line) => /domainkey\.example\.com\.|xrandom| A | CD$/.test(line))).toEqual([]);
  expect(asked.filter((line) => line.includes('_dmarc'))).toEqual(['resolver TXT _dmarc.example.com']);
});

test('three lost records: only one of them is looked for at every wrong name, and where nothing is found the others are not', async () => {
  const { dns, asked } = world((server, { name }) => (server.role !== 'resolver' && name.includes('._domainkey.') ? NXDOMAIN : undefined));
  const { evidence } = await panel(dns);
  const wrongNames = asked.filter((line) =>
    /\.domainkey\.|^192\.0\.2\.\d+ TXT [abc]{32}\.example|_domainkey\.[abc]{32}\.|(www|mail)\.example\.com$/.test(line),
  );
  expect(wrongNames).toHaveLength(5);
  expect(wrongNames.every((line) => line.includes('a'.repeat(32)))).toBe(true);
  expect(evidence.records.map(({ misplaced }) => misplaced.length)).toEqual([5, 0, 0]);
  // Two servers, three records, two rounds: what a loss costs is bounded, and small.
  expect(asked.length).toBeLessThan(40);
});

test('one found at a wrong name: the others are looked for at the same place only', async () => {
  const { dns } = world((server, { name }) => {
    if (server.role === 'resolver') return undefined;
    const [token = ''] = name.split('.');
    if (name === `${token}.domainkey.example.com` && TOKENS.includes(token))
      return { kind: 'answer', aa: true, records: [{ type: 'CNAME', name, ttl: 60, value: `${token}.dkim.amazonses.com` }] };
    return name.endsWith('domainkey.example.com') && !name.startsWith('_') ? NXDOMAIN : undefined;
  });
  const { evidence } = await panel(dns);
  expect(evidence.records.map(({ misplaced }) => misplaced.length)).toEqual([5, 1, 1]);
  expect(evidence.records.every(({ besideMisplaced }) => besideMisplaced.length === 1)).toBe(true);
});

test('what was lost just now is looked for first', async () => {
  const { dns, asked } = world((server, { name }) => (server.role !== 'resolver' && name.includes('._domainkey.') ? NXDOMAIN : undefined));
  await panel(dns, { history: { ...HISTORY, absentRecords: RECORDS.slice(0, 1).map(({ name }) => name) } });
  expect(asked.some((line) => line.endsWith(`${'b'.repeat(32)}.domainkey.example.com`))).toBe(true);
});

test('addresses are asked for only where the name exists without a CNAME', async () => {
  const gone = world((server, { name }) => (server.role !== 'resolver' && name === RECORDS[0]?.name ? NXDOMAIN : undefined));
  await panel(gone.dns);
  expect(first('A', gone.asked)).toEqual([]);
  const empty = world((server, { name }) => (server.role !== 'resolver' && name === RECORDS[0]?.name ? NODATA : undefined));
  const { evidence } = await panel(empty.dns);
  expect(first('A', empty.asked)).toEqual(['192.0.2.1 A xrandom._domainkey.example.com', `192.0.2.1 A ${RECORDS[0]?.name}`]);
  expect(evidence.records.map(({ addresses }) => addresses.length)).toEqual([1, 0, 0]);
});

test('a resolver that fails is asked again without validation, and both again in the second round', async () => {
  const { dns, asked } = world((server, question, checkingDisabled) =>
    refuses(server, question, checkingDisabled) ? SERVFAIL : undefined,
  );
  const { evidence, slept } = await panel(dns);
  expect(slept).toBe(1_000);
  expect(evidence.confirmed).toBe(true);
  expect(asked.filter((line) => line.endsWith(' CD'))).toHaveLength(6);
  expect(evidence.records.every(({ resolversAgain, uncheckedAgain }) => resolversAgain.length === 1 && uncheckedAgain.length === 1)).toBe(
    true,
  );
});

test('a resolver that refuses what is surely signed as well is the one in trouble: no doubt, no second round, one control question', async () => {
  const { dns, asked } = world((server, _, checkingDisabled) => (server.role === 'resolver' && !checkingDisabled ? SERVFAIL : undefined));
  const { evidence, slept } = await panel(dns);
  expect(slept).toBe(0);
  expect(evidence.validation?.map(({ outcome }) => outcome)).toEqual([SERVFAIL]);
  expect(asked.filter((line) => line === 'resolver SOA com')).toHaveLength(1);
});

test('what was confirmed in an earlier sweep is not awaited again', async () => {
  const { dns } = world((server, question, checkingDisabled) => (refuses(server, question, checkingDisabled) ? SERVFAIL : undefined));
  const { evidence, slept } = await panel(dns, { history: { ...HISTORY, confirmedWrong: ['dnssec-bogus'] } });
  expect([evidence.confirmed, slept]).toEqual([true, 0]);
});

test('what was confirmed of one thing confirms no other', async () => {
  const { dns } = world((server, question, checkingDisabled) => (refuses(server, question, checkingDisabled) ? SERVFAIL : undefined));
  const { slept } = await panel(dns, { history: { ...HISTORY, confirmedWrong: ['mail-from-broken'] } });
  expect(slept).toBe(1_000);
});

test('an absence that one server has repaired already is looked at twice: the other may be seconds behind', async () => {
  const { dns } = world((server, { name }) => (server.address === '192.0.2.2' && name === RECORDS[0]?.name ? NODATA : undefined));
  const absentRecords = RECORDS.slice(0, 1).map(({ name }) => name);
  const { slept } = await panel(dns, { history: { ...HISTORY, absentRecords } });
  expect(slept).toBe(1_000);
});

test.each<[string, DnsName | undefined, Partial<Extract<Delegation, { kind: 'delegated' }>>, number]>([
  ['SES named none', undefined, {}, 0],
  ['one of ours', dnsName('ns2.host.example'), {}, 0],
  ['the primary of the zone', dnsName('hidden.host.example'), { soaPrimary: 'hidden.host.example' }, 0],
  ['another one', dnsName('ns1.old-host.example'), {}, 3],
])('the server that SES looked at: %s', async (_, sesPrimary, delegation, questions) => {
  const { dns, asked } = world(() => undefined, delegation);
  const { evidence } = await panel(dns, sesPrimary === undefined ? {} : { sesPrimary });
  expect(evidence.sesSide).toHaveLength(questions);
  expect(asked.filter((line) => line.startsWith('192.0.2.99 '))).toHaveLength(questions);
});

test('the DMARC policy is looked for at the domain and at its organizational domain, not between', async () => {
  const domain = dnsName('a.b.example.com');
  const { dns, asked } = world((_, { name, type }) =>
    name === '_dmarc.b.example.com' && type === 'TXT'
      ? { kind: 'answer', aa: false, records: [{ type: 'TXT', name, ttl: 60, strings: ['v=DMARC1; p=none'] }] }
      : undefined,
  );
  await panel(dns, { expectation: { ...EXPECTATION, domain } });
  expect(asked.filter((line) => line.includes('_dmarc'))).toEqual([
    'resolver TXT _dmarc.a.b.example.com',
    'resolver TXT _dmarc.example.com',
  ]);
});

describe('a resolver refuses domains that their own servers answer for', () => {
  const many = (n: number): readonly Examinee[] =>
    Array.from({ length: n }, (_, i) => ({ key: `d${i}`, expectation: EXPECTATION, history: HISTORY, fullPanel: false }));
  const levels = async (n: number): Promise<ReadonlySet<string>> => {
    const { dns } = world(() => undefined, { resolverFailed: true });
    const found = await examine(many(n), {
      dns,
      clock: () => NOW,
      sleep: async () => {},
      confirmAfterMs: 1_000,
      until: NOW + 600_000,
      rotation: 0,
      randomLabel: () => 'xrandom',
    });
    return new Set([...found.values()].map(({ level }) => level));
  };

  test('a few are looked at in full', async () => expect(await levels(3)).toEqual(new Set(['panel'])));
  test('all of many are trouble of the resolver', async () => expect(await levels(30)).toEqual(new Set(['quick'])));
});

test('two servers with two good own keys are asked a second time', async () => {
  const name = dnsName('s1._domainkey.example.com');
  const expectation = { ...EXPECTATION, records: [{ type: 'TXT' as const, token: 's1', name }] };
  const keyed = (at: (address: string) => string) =>
    world(({ address }, question) =>
      question.name === name && question.type === 'TXT'
        ? { kind: 'answer', aa: true, records: [{ type: 'TXT', name, ttl: 60, strings: [`p=${at(address)}`] }] }
        : undefined,
    ).dns;
  expect(
    (
      await panel(
        keyed((address) => (address === '192.0.2.2' ? OTHER_KEY : KEY)),
        { expectation },
      )
    ).slept,
  ).toBe(1_000);
  expect(
    (
      await panel(
        keyed(() => KEY),
        { expectation },
      )
    ).slept,
  ).toBe(0);
});
