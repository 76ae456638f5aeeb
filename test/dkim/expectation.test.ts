import { expectationOf } from '../../lambda/dkim/expectation.ts';
import { isSesDkimZone, regionProblem, regionsOfZone, regionZone, SES_REGIONS } from '../../lambda/dkim/region-zones.ts';
import type { Identity } from '../../lambda/model/identity.ts';
import { type AccountId, type DnsName, dnsName, type Region } from '../../lambda/model/names.ts';
import type { ConfiguredKey } from '../../lambda/model/policy.ts';

const TOKENS = ['aaa', 'bbb', 'ccc'];
function identity(change: Partial<Identity> = {}): Identity {
  return {
    account: '111111111111' as AccountId,
    region: 'eu-west-1' as Region,
    identity: 'example.com',
    type: 'domain',
    domain: dnsName('example.com'),
    method: 'easy',
    tokens: TOKENS,
    ses: { status: 'SUCCESS', readAt: '2026-03-01T12:00:00Z' },
    tags: {},
    ...change,
  };
}
const ses = (status: Identity['ses']['status']): Pick<Identity, 'ses'> => ({ ses: { status, readAt: '2026-03-01T12:00:00Z' } });
const own = (change: Partial<Identity> = {}): Identity => identity({ method: 'byodkim', tokens: ['s1'], ...change });

/** The expectation in one line. */
function short(one: Identity, keys: readonly ConfiguredKey[] = []): string {
  const expectation = expectationOf(one, keys);
  if (expectation.kind !== 'records') return `${expectation.kind}/${expectation.reason}`;
  const records = expectation.records.map((r) => `${r.name} ${r.type === 'CNAME' ? r.target : (r.publicKey ?? 'any key')}`);
  return `${expectation.zoneSource}: ${records.join(', ')}${expectation.remark === undefined ? '' : ' (remark)'}`;
}
const cnames = (zone: string, tokens = TOKENS): string => tokens.map((t) => `${t}._domainkey.example.com ${t}.${zone}`).join(', ');

describe('Easy DKIM', () => {
  test.each<[string, Identity, string]>([
    [
      'SES names the zone',
      identity({ hostedZone: dnsName('dkim.eu-west-1.amazonses.com') }),
      `api: ${cnames('dkim.eu-west-1.amazonses.com')}`,
    ],
    ['the table, shared zone', identity(), `table: ${cnames('dkim.amazonses.com')}`],
    ['the table, a zone of its own', identity({ region: 'eu-south-1' as Region }), `table: ${cnames('dkim.eu-south-1.amazonses.com')}`],
    [
      'a replica takes the parent’s zone',
      identity({ method: 'deed', region: 'us-east-1' as Region, parentRegion: 'eu-south-1' as Region }),
      `table: ${cnames('dkim.eu-south-1.amazonses.com')}`,
    ],
    ['a replica whose parent is not named', identity({ method: 'deed' }), 'unknowable/zone-unknown'],
    ['the sovereign cloud without a zone', identity({ region: 'eusc-de-east-1' as Region }), 'unknowable/zone-unknown'],
    [
      'the sovereign cloud with one',
      identity({ region: 'eusc-de-east-1' as Region, hostedZone: dnsName('dkim.eusc.example') }),
      `api: ${cnames('dkim.eusc.example')}`,
    ],
    ['a region nobody knows', identity({ region: 'xx-north-9' as Region }), 'unknowable/zone-unknown'],
    ['two tokens', identity({ tokens: ['aaa', 'bbb'] }), `table: ${cnames('dkim.amazonses.com', ['aaa', 'bbb'])} (remark)`],
    ['the same token three times', identity({ tokens: ['aaa', 'AAA', 'aaa'] }), `table: ${cnames('dkim.amazonses.com', ['aaa'])} (remark)`],
    ['upper case', identity({ tokens: ['AAA', 'bbb', 'ccc'] }), `table: ${cnames('dkim.amazonses.com')}`],
    ['no method, but tokens', identity({ method: 'none' }), `table: ${cnames('dkim.amazonses.com')}`],
    ['no tokens', identity({ tokens: [] }), 'unknowable/no-tokens'],
    ['no tokens, not started', identity({ tokens: [], ...ses('NOT_STARTED') }), 'nothing/not-set-up'],
    ['no method, not started', identity({ method: 'none', tokens: [], ...ses('NOT_STARTED') }), 'nothing/not-set-up'],
    ['no method and no status', identity({ method: 'none', tokens: [], ...ses('UNKNOWN') }), 'unknowable/no-tokens'],
    ['a token with a dot', identity({ tokens: ['aaa', 'b.b', 'ccc'] }), 'unknowable/bad-tokens'],
    ['an empty token', identity({ tokens: ['aaa', '', 'ccc'] }), 'unknowable/bad-tokens'],
    ['a token of 64 characters', identity({ tokens: ['a'.repeat(64)] }), 'unknowable/bad-tokens'],
    ['a token with control characters', identity({ tokens: ['a\u0007'] }), 'unknowable/bad-tokens'],
    ['an address', identity({ type: 'address', identity: 'me@example.com' }), 'nothing/address'],
    ['a hostile domain', identity({ identity: 'a\u202eb', domain: 'a\u202eb' as DnsName }), 'unknowable/no-domain'],
    ['a domain so long that no record fits', identity({ domain: dnsName(`${'a.'.repeat(120)}example.com`) }), 'unknowable/no-domain'],
  ])('%s', (_, one, expected) => {
    expect(short(one)).toBe(expected);
  });

  test('at most ten of many tokens', () => {
    const expectation = expectationOf(identity({ tokens: Array.from({ length: 50 }, (_, i) => `t${i}`) }), []);
    expect(expectation).toMatchObject({ kind: 'records', remark: 'SES gave 50 different tokens instead of 3.' });
    expect(expectation.kind === 'records' && expectation.records.length).toBe(10);
  });

  test('what is wrong is said without raw control characters', () => {
    const expectation = expectationOf(identity({ tokens: ['a\u001b[2J'] }), []);
    expect(expectation.kind === 'unknowable' && expectation.detail).toContain('\\u001b');
  });

  test('a domain without a name is unknowable', () => {
    const { domain: _, ...rest } = identity();
    expect(expectationOf(rest, [])).toMatchObject({ kind: 'unknowable', reason: 'no-domain' });
  });
});

describe('BYODKIM', () => {
  const key = (change: Partial<ConfiguredKey> = {}): ConfiguredKey => ({ identity: 'example.com', ...change });
  test.each<[string, Identity, readonly ConfiguredKey[], string]>([
    ['selector from SES', own(), [], 'none: s1._domainkey.example.com any key'],
    ['selector from the configuration', own({ tokens: [] }), [key({ selector: 'S2' })], 'none: s2._domainkey.example.com any key'],
    ['an empty selector from SES', own({ tokens: [''] }), [key({ selector: 's2' })], 'none: s2._domainkey.example.com any key'],
    ['no selector anywhere', own({ tokens: [] }), [key({ publicKey: 'MII' })], 'unknowable/no-selector'],
    ['two selectors in the configuration', own({ tokens: [] }), [key({ selector: 'a' }), key({ selector: 'b' })], 'unknowable/no-selector'],
    [
      'two selectors in the configuration, SES names one',
      own(),
      [key({ selector: 's0', publicKey: 'OLD' }), key({ selector: 's1', publicKey: 'NEW' })],
      'none: s1._domainkey.example.com NEW',
    ],
    [
      'SES uses another than the configured',
      own(),
      [key({ selector: 's9', publicKey: 'MII' })],
      'none: s1._domainkey.example.com any key (remark)',
    ],
    ['a key without a selector', own(), [key({ publicKey: 'MII' })], 'none: s1._domainkey.example.com MII'],
    ['another domain’s key', own(), [key({ identity: 'example.org', publicKey: 'MII' })], 'none: s1._domainkey.example.com any key'],
    [
      'names compare without case and final dot',
      own(),
      [key({ identity: 'Example.COM.', publicKey: 'MII' })],
      'none: s1._domainkey.example.com MII',
    ],
    ['two selectors from SES', own({ tokens: ['a', 'b'] }), [], 'unknowable/bad-tokens'],
    ['a selector with a period', own({ tokens: ['a.b'] }), [], 'unknowable/bad-tokens'],
  ])('%s', (_, one, keys, expected) => {
    expect(short(one, keys)).toBe(expected);
  });
});

describe('region zones', () => {
  test('every region has a zone but the sovereign cloud', () => {
    expect(SES_REGIONS.filter((region) => regionZone(region) === undefined)).toEqual(['eusc-de-east-1']);
    expect(SES_REGIONS.length).toBe(30);
    expect(new Set(SES_REGIONS).size).toBe(30);
  });
  test('eleven regions have a zone of their own', () => {
    expect(SES_REGIONS.filter((region) => regionZone(region) === `dkim.${region}.amazonses.com`).length).toBe(11);
    expect(regionsOfZone('dkim.amazonses.com').length).toBe(18);
    expect(regionsOfZone('dkim.us-gov-east-1.amazonses.com')).toEqual(['us-gov-east-1']);
    expect(regionZone('us-gov-west-1')).toBe('dkim.amazonses.com');
  });
  test.each([
    ['dkim.amazonses.com', true],
    ['dkim.mx-central-1.amazonses.com', true],
    ['amazonses.com', false],
    ['dkim.amazonses.com.evil.example', false],
    ['notdkim.amazonses.com', false],
    ['', false],
  ])('%s is a zone of SES keys: %s', (zone, is) => {
    expect(isSesDkimZone(zone)).toBe(is);
  });
});

test.each([
  ['cn-north-1', undefined, 'no Amazon SES in cn-north-1'],
  ['cn-northwest-1', 'cn-north-1', 'no Amazon SES'],
  ['eu-west-1', undefined, undefined],
  ['eu-west-1', 'us-east-1', undefined],
  ['mars-north-1', 'us-east-1', undefined],
  ['us-gov-west-1', 'us-gov-east-1', undefined],
  ['us-gov-west-1', 'us-east-1', 'partition aws-us-gov'],
  ['eusc-de-east-1', 'eu-central-1', 'deployment of its own'],
  ['eu-west-1', 'us-gov-west-1', 'deployment of its own'],
])('region %s, read from %s: %s', (region, home, said) => {
  const problem = regionProblem(region as Region, home as Region | undefined);
  if (said === undefined) expect(problem).toBeUndefined();
  else expect(problem).toContain(said);
});
