// What one answer of GetEmailIdentity becomes, field by field.
import fc from 'fast-check';
import { readIdentity } from '../../lambda/inventory/read-identity.ts';
import type { PendingName } from '../../lambda/model/identity.ts';
import { AT_HOME } from './small-estate.ts';

const AT = '2026-06-01T00:00:00.000Z';
const DOMAIN: PendingName = { identity: 'example.com', type: 'domain' };
const TOKENS = ['a', 'b', 'c'].map((c) => c.repeat(32));

const read = (answer: unknown, name = DOMAIN) => readIdentity(AT_HOME, name, answer, AT);
const readDkim = (dkim: Record<string, unknown>) => read({ DkimAttributes: dkim });

test('everything SES can say is kept', () => {
  const identity = read(
    {
      IdentityType: 'DOMAIN',
      VerifiedForSendingStatus: true,
      DkimAttributes: {
        SigningEnabled: true,
        Status: 'TEMPORARY_FAILURE',
        Tokens: TOKENS,
        SigningHostedZone: 'DKIM.amazonses.com.',
        SigningAttributesOrigin: 'AWS_SES',
        CurrentSigningKeyLength: 'RSA_2048_BIT',
        NextSigningKeyLength: 'RSA_2048_BIT',
        LastKeyGenerationTimestamp: new Date('2026-01-10T09:00:00Z'),
      },
      VerificationInfo: {
        LastCheckedTimestamp: new Date('2026-05-31T20:00:00Z'),
        LastSuccessTimestamp: new Date('2026-05-30T20:00:00Z'),
        ErrorType: 'HOST_NOT_FOUND',
        SOARecord: { PrimaryNameServer: 'ns1.example.net', AdminEmail: 'root.example.net', SerialNumber: 42 },
      },
      Tags: [{ Key: 'team', Value: 'web' }],
    },
    { ...DOMAIN, sendingEnabled: false },
  );
  expect(identity).toEqual({
    account: AT_HOME.account,
    region: AT_HOME.region,
    identity: 'example.com',
    type: 'domain',
    domain: 'example.com',
    method: 'easy',
    tokens: TOKENS,
    hostedZone: 'dkim.amazonses.com',
    ses: {
      status: 'TEMPORARY_FAILURE',
      signing: true,
      verifiedForSending: true,
      sendingEnabled: false,
      origin: 'AWS_SES',
      currentKeyLength: 'RSA_2048_BIT',
      nextKeyLength: 'RSA_2048_BIT',
      lastKeyGeneratedAt: '2026-01-10T09:00:00.000Z',
      lastCheckedAt: '2026-05-31T20:00:00.000Z',
      lastSuccessAt: '2026-05-30T20:00:00.000Z',
      errorType: 'HOST_NOT_FOUND',
      soa: { primaryNameServer: 'ns1.example.net', adminEmail: 'root.example.net', serial: 42 },
      readAt: AT,
    },
    tags: { team: 'web' },
    detailedAt: AT,
  });
});

test('nothing at all: status unknown, and a method whose records cannot be known, so that it never looks well', () => {
  expect(read({})).toMatchObject({ method: 'easy', tokens: [], tags: {}, ses: { status: 'UNKNOWN', readAt: AT } });
  expect(read(undefined)).toEqual(read({}));
  expect(Object.keys(read({}).ses).sort()).toEqual(['readAt', 'status']);
});

describe('method', () => {
  test.each([
    ['AWS_SES', TOKENS, 'SUCCESS', 'easy', undefined],
    ['AWS_SES', [], 'NOT_STARTED', 'easy', undefined],
    ['EXTERNAL', ['s1'], 'SUCCESS', 'byodkim', undefined],
    ['EXTERNAL', [], 'SUCCESS', 'byodkim', undefined],
    ['AWS_SES_US_EAST_1', TOKENS, 'SUCCESS', 'deed', 'us-east-1'],
    ['AWS_SES_AP_SOUTHEAST_2', TOKENS, 'SUCCESS', 'deed', 'ap-southeast-2'],
    ['AWS_SES_US_GOV_WEST_1', TOKENS, 'SUCCESS', 'deed', 'us-gov-west-1'],
    ['AWS_SES_NOWHERE', TOKENS, 'SUCCESS', 'deed', undefined],
    ['AWS_SOMETHING_NEW', TOKENS, 'SUCCESS', 'easy', undefined],
    ['AWS_SOMETHING_NEW', [], 'NOT_STARTED', 'none', undefined],
    ['AWS_SOMETHING_NEW', [], 'SUCCESS', 'easy', undefined],
    [undefined, TOKENS, 'PENDING', 'easy', undefined],
    [undefined, [], 'NOT_STARTED', 'none', undefined],
    [undefined, [], undefined, 'easy', undefined],
  ])('origin %s, tokens %j, status %s: %s', (origin, tokens, status, method, parentRegion) => {
    const identity = readDkim({ SigningAttributesOrigin: origin, Tokens: tokens, Status: status });
    expect(identity.method).toBe(method);
    expect(identity.parentRegion).toBe(parentRegion);
  });
});

describe('tokens', () => {
  test.each([
    ['none', [], 0],
    ['two', TOKENS.slice(0, 2), 2],
    ['five', [...TOKENS, ...TOKENS.slice(0, 2)], 5],
    ['a thousand', Array.from({ length: 1000 }, (_, i) => `t${i}`), 10],
    ['some that are not texts', [null, 7, '', 'abc', {}], 1],
    ['a text instead of a list', 'abc', 0],
  ])('%s', (_what, tokens, kept) => {
    expect(readDkim({ Tokens: tokens }).tokens).toHaveLength(kept);
  });
});

test.each(['SUCCESS_WITH_STYLE', 'Some\u001b[31mThing'])('an unheard-of status %j is kept as text, made safe', (status) => {
  const { ses } = readDkim({ Status: status });
  expect(ses.status).toBe('UNKNOWN');
  expect(ses.statusText).toBe(status.replace('\u001b', '\\u001b'));
});

test.each([
  ['MANAGED_DOMAIN', 'example.com', 'domain'],
  ['EMAIL_ADDRESS', 'a@example.com', 'address'],
  [undefined, 'a@example.com', 'address'],
  [undefined, 'example.com', 'domain'],
  ['SOMETHING_NEW', 'example.com', 'domain'],
])('type %s of %s: %s', (IdentityType, identity, type) => {
  expect(read({ IdentityType }, { identity, type: identity.includes('@') ? 'address' : 'domain' }).type).toBe(type);
});

test.each([
  ['Example.COM', 'example.com', 'example.com'],
  ['xn--bcher-kva.example', 'xn--bcher-kva.example', 'xn--bcher-kva.example'],
  ['_dmarc-team.example.com', '_dmarc-team.example.com', '_dmarc-team.example.com'],
  ['Someone@Example.com', 'someone@example.com', 'example.com'],
  ['"odd@local"@example.com', '"odd@local"@example.com', 'example.com'],
  ['not a domain', 'not a domain', undefined],
  ['someone@', 'someone@', undefined],
])('the name %j is kept as %j, its domain is %j', (name, identity, domain) => {
  const result = read({}, { identity: name, type: name.includes('@') ? 'address' : 'domain' });
  expect(result.identity).toBe(identity);
  expect(result.domain).toBe(domain);
});

test('tags: at most fifty, cut, safe, and no way into the prototype', () => {
  const many = Array.from({ length: 80 }, (_, i) => ({ Key: `k${i}`, Value: 'v'.repeat(1000) }));
  const { tags } = read({ Tags: many });
  expect(Object.keys(tags)).toHaveLength(50);
  expect(tags.k0).toHaveLength(256);
  const odd = read({ Tags: [{ Key: '__proto__', Value: 'x' }, { Key: 'bell\u0007' }, { Value: 'no key' }, null] }).tags;
  expect(Object.entries(odd)).toEqual([
    ['__proto__', 'x'],
    ['bell\\u0007', ''],
  ]);
  expect(Object.getPrototypeOf(odd)).toBe(Object.getPrototypeOf({}));
});

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...textsIn(inner)]);
}

test('any JSON at all: no exception, nothing dangerous, nothing unbounded', () => {
  const anything = fc.letrec((tie) => ({
    answer: fc.record(
      {
        IdentityType: tie('leaf'),
        VerifiedForSendingStatus: tie('leaf'),
        DkimAttributes: fc.record(
          {
            Status: tie('leaf'),
            Tokens: fc.oneof(tie('leaf'), fc.array(tie('leaf'))),
            SigningHostedZone: tie('leaf'),
            SigningAttributesOrigin: tie('leaf'),
            LastKeyGenerationTimestamp: tie('leaf'),
          },
          { requiredKeys: [] },
        ),
        VerificationInfo: fc.oneof(
          tie('leaf'),
          fc.record({
            ErrorType: tie('leaf'),
            LastCheckedTimestamp: tie('leaf'),
            SOARecord: fc.record({ PrimaryNameServer: tie('leaf'), SerialNumber: tie('leaf') }),
          }),
        ),
        Tags: fc.oneof(tie('leaf'), fc.array(fc.record({ Key: tie('leaf'), Value: tie('leaf') }))),
      },
      { requiredKeys: [] },
    ),
    leaf: fc.oneof(fc.string({ unit: 'binary', maxLength: 600 }), fc.jsonValue(), fc.date({ noInvalidDate: false }), fc.double()),
  })).answer;
  fc.assert(
    fc.property(anything, fc.string({ unit: 'binary', minLength: 1, maxLength: 400 }), (answer, name) => {
      const identity = read(answer, { identity: name, type: 'domain' });
      const json = JSON.stringify(identity);
      for (const text of textsIn(identity)) expect(text).not.toMatch(/[\p{Cc}\u2028-\u202e]/u);
      expect(json.length).toBeLessThan(50_000);
      expect(JSON.parse(json)).toEqual(identity);
    }),
  );
});
