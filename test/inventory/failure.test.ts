// What AWS's errors mean, and what is said of them.
import { errorFacts, failureKind } from '../../lambda/inventory/failure.ts';
import { roleFailure, sesFailure } from '../../lambda/inventory/failure-words.ts';
import { AT_HOME } from './small-estate.ts';

const kindOf = (error: unknown, region = 'eu-west-1') => failureKind(errorFacts(error), region);
const named = (name: string, status = 400, message = '') => ({ name, message, $metadata: { httpStatusCode: status } });

test.each([
  ['v2 throttle', named('TooManyRequestsException', 429), 'throttled'],
  ['v1 throttle', named('Throttling'), 'throttled'],
  ['common throttle', named('ThrottlingException'), 'throttled'],
  ['limit exceeded', named('LimitExceededException'), 'throttled'],
  ['a status of 429 with any name', named('Whatever', 429), 'throttled'],
  ['the words alone', named('Error', 400, 'Rate exceeded'), 'throttled'],
  ['v2 denial', named('AccessDeniedException', 403), 'denied'],
  ['query denial', named('AccessDenied', 403), 'denied'],
  ['an unknown 403', named('Whatever', 403), 'denied'],
  ['suspended account', named('AccountSuspendedException'), 'denied'],
  ['expired keys', named('ExpiredTokenException', 403), 'credentials'],
  ['bad signature', named('SignatureDoesNotMatch', 403), 'credentials'],
  ['no credentials', { name: 'CredentialsProviderError', message: 'Could not load credentials from any providers' }, 'credentials'],
  ['no such identity', named('NotFoundException', 404), 'not-found'],
  ['bad request', named('BadRequestException'), 'bad-request'],
  ['expired paging token', named('InvalidNextTokenException'), 'bad-request'],
  ["SES's own trouble", named('InternalServiceErrorException', 500), 'transient'],
  ['a gateway', named('Unknown', 503), 'transient'],
  ['time-out', { name: 'TimeoutError', message: '' }, 'transient'],
  ['broken connection', { name: 'Error', code: 'ECONNRESET' }, 'transient'],
  ['a code in the text alone', new Error('AWS SDK error wrapper for Error: connect ECONNREFUSED 127.0.0.1:1'), 'transient'],
  ['not subscribed', named('SubscriptionRequiredException', 403), 'region-off'],
  ['region disabled, says STS', named('RegionDisabledException', 403), 'region-off'],
  ['no such endpoint', { name: 'Error', code: 'ENOTFOUND' }, 'region-off'],
  ['something new', named('SomethingNewException'), 'other'],
  ['a text', 'oops', 'other'],
  ['nothing', undefined, 'other'],
])('%s', (_what, error, kind) => {
  expect(kindOf(error)).toBe(kind);
});

test.each([
  ['UnrecognizedClientException', 'ap-east-1', 'region-off'],
  ['InvalidClientTokenId', 'me-central-1', 'region-off'],
  ['UnrecognizedClientException', 'eu-west-1', 'credentials'],
  ['InvalidClientTokenId', 'us-gov-west-1', 'credentials'],
])('%s in %s: %s, because only opt-in regions can be off', (name, region, kind) => {
  expect(kindOf(named(name, 403), region)).toBe(kind);
});

test.each(['eu-west-1', 'af-south-1'])('a service control policy that closes %s is a denial, and no region that is off', (region) => {
  expect(kindOf(named('AccessDeniedException', 403, 'with an explicit deny in a service control policy'), region)).toBe('denied');
});

const say = (error: unknown) =>
  sesFailure(error, { action: 'ses:GetEmailIdentity', target: AT_HOME, roleArn: 'arn:aws:iam::222222222222:role/r' }).detail;

test.each([
  ['', /^arn:aws:iam::222222222222:role\/r may not call ses:GetEmailIdentity in eu-west-1: add it to a policy of the role\.$/],
  ['… with an explicit deny in a service control policy', /service control policy of the organisation/],
  ['… because no service control policy allows the ses:GetEmailIdentity action', /service control policy of the organisation/],
  ['… because no session policy allows the ses:GetEmailIdentity action', /session policy/],
  [
    '… with an explicit deny in a service control policy: arn:aws:organizations::1:policy/o-a/service_control_policy/p-1',
    /The organisation must allow it/,
  ],
  ['… with an explicit deny in a resource control policy', /resource control policy of the organisation/],
  ['… because no permissions boundary allows the ses:GetEmailIdentity action', /permissions boundary/],
  ['… with an explicit deny in an identity-based policy', /denies it explicitly/],
])('a denial %j says which policy', (message, sentence) => {
  expect(say(named('AccessDeniedException', 403, message))).toMatch(sentence);
});

describe('what may be secret is not repeated', () => {
  const token = `${'IQoJb3JpZ2luX2VjE'.repeat(8)}==`;

  test.each([
    [
      'a bad signature quotes what was signed',
      named('SignatureDoesNotMatch', 403, `The Canonical String should have been 'x-amz-security-token:${token}'`),
    ],
    ['an unknown error with a token in it', named('SomethingNewException', 400, `bad token ${token}`)],
    ['an access key', named('SomethingNewException', 400, 'key ASIAIOSFODNN7EXAMPLE refused')],
  ])('%s', (_what, error) => {
    for (const detail of [say(error), roleFailure(error, 'arn:aws:iam::222222222222:role/r', 'eu-west-1', []).detail]) {
      expect(detail).not.toContain(token.slice(0, 40));
      expect(detail).not.toContain('ASIAIOSFODNN7EXAMPLE');
    }
  });

  test('an external id, also one that the cut would halve', () => {
    const secret = 'estate-secret-0123456789';
    const error = named('ValidationError', 400, `${'x '.repeat(94)}${secret} is bad, ${secret} is bad`);
    const { detail } = roleFailure(error, 'arn:aws:iam::222222222222:role/r', 'eu-west-1', [secret]);
    expect(detail).not.toContain('estate');
  });
});

test('hostile texts are made harmless and short', () => {
  const detail = say(named('Bad\u001b[31m', 400, `\u202e${'\n'.repeat(5000)}`));
  expect(detail).not.toMatch(/[\p{Cc}\u202e]/u);
  expect(detail.length).toBeLessThan(2000);
});
