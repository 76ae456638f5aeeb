// Events of each kind, as the queue delivers them, and what an early check makes of them.
import fc from 'fast-check';
import { CLOUDTRAIL, SES_CALLS } from '../../lambda/triggers/listened.ts';
import { parseTrigger } from '../../lambda/triggers/parse-trigger.ts';
import { advisorEvent, callEvent, healthEvent, recordsEvent, WATCHED } from './events.ts';

const HERE = `${WATCHED.account}/${WATCHED.region}`;
const TARGETS = new Set([HERE, '222222222222/us-east-1']);
const parse = (event: unknown) => parseTrigger(JSON.stringify(event), TARGETS);
const identities = (names: readonly string[] | 'all', target = HERE) => ({ kind: 'identities', target, names });
const ignored = (why: string) => ({ kind: 'ignored', why });
const arn = (name: string) => `arn:aws:ses:eu-west-1:${WATCHED.account}:identity/${name}`;
const FOREIGN = { account: '999999999999' } as const;

const CASES: readonly (readonly [string, unknown, object])[] = [
  ['Health: verified', healthEvent('AWS_SES_DKIM_PENDING_TO_VERIFIED', ['example.com']), identities(['example.com'])],
  ['Health: failed, by ARN', healthEvent('AWS_SES_DKIM_PENDING_TO_FAILED', [arn('example.com')]), identities(['example.com'])],
  ['Health: custom MAIL FROM', healthEvent('AWS_SES_CMF_PENDING_TO_SUCCESS', ['Example.COM.']), identities(['example.com'])],
  ['Health: a code not known yet', healthEvent('AWS_SES_DKIM_SUCCESS_TO_REVOKED', ['example.com']), identities(['example.com'])],
  ['Health: no entity that is an identity', healthEvent('AWS_SES_DKIM_PENDING_TO_FAILED', ['AWS_ACCOUNT']), identities('all')],
  ['Health: the copy of a second region', healthEvent('AWS_SES_DKIM_X', ['a.example'], { region: 'us-west-2' }), identities(['a.example'])],
  [
    'Health: seen by the organisation',
    healthEvent('AWS_SES_DKIM_X', ['a.example'], FOREIGN, { affectedAccount: '222222222222', eventRegion: 'us-east-1' }),
    identities(['a.example'], '222222222222/us-east-1'),
  ],
  [
    'Health: an account not watched',
    healthEvent('AWS_SES_DKIM_X', [], {}, { affectedAccount: '999999999999' }),
    ignored('target-not-watched'),
  ],
  ['Health: a region not watched', healthEvent('AWS_SES_DKIM_X', [], {}, { eventRegion: 'eu-north-1' }), ignored('target-not-watched')],
  ['Health: sending paused', healthEvent('AWS_SES_SENDING_PAUSED', []), ignored('other-matter')],
  ['Health: another service', healthEvent('AWS_SES_DKIM_X', [], {}, { service: 'EC2' }), ignored('other-matter')],
  ['advisor: opened', advisorEvent('Open', arn('example.com')), identities(['example.com'])],
  ['advisor: resolved', advisorEvent('Resolved', arn('example.com'), { impact: 'HIGH', type: 'DKIM' }), identities(['example.com'])],
  ['advisor: closed', advisorEvent('Closed', arn('example.com'), { impact: 'LOW', type: 'DMARC' }), identities(['example.com'])],
  [
    'advisor: a bounce rate',
    advisorEvent('Open', 'arn:aws:ses:eu-west-1:111111111111:tenant/x/tn-1', { impact: 'HIGH', type: 'BOUNCE' }),
    ignored('other-matter'),
  ],
  ['advisor: a tenant', advisorEvent('Open', 'arn:aws:ses:eu-west-1:111111111111:tenant/x/tn-1'), ignored('no-identity')],
  ['SES v2: created', callEvent('ses', 'CreateEmailIdentity', { emailIdentity: 'Example.com' }), identities(['example.com'])],
  ['SES v2: an address', callEvent('ses', 'CreateEmailIdentity', { emailIdentity: 'News@Example.com' }), identities(['News@example.com'])],
  [
    'SES v2: an international name',
    callEvent('ses', 'CreateEmailIdentity', { emailIdentity: 'bücher.example' }),
    identities(['xn--bcher-kva.example']),
  ],
  ['SES v1: DKIM begun', callEvent('ses', 'VerifyDomainDkim', { domain: 'example.com' }), identities(['example.com'])],
  [
    'SES v1: switched off',
    callEvent('ses', 'SetIdentityDkimEnabled', { dkimEnabled: false, identity: 'example.com' }),
    identities(['example.com']),
  ],
  [
    'SES: a call that failed',
    callEvent('ses', 'DeleteEmailIdentity', { emailIdentity: 'a.example' }, {}, { errorCode: 'NotFoundException' }),
    ignored('call-failed'),
  ],
  [
    'SES: a call that changes nothing of DKIM',
    callEvent('ses', 'PutEmailIdentityFeedbackAttributes', { emailIdentity: 'a.example' }),
    ignored('other-matter'),
  ],
  ['SES: a name of Object itself', callEvent('ses', 'constructor', { emailIdentity: 'a.example' }), ignored('other-matter')],
  [
    'SES: an account not watched',
    callEvent('ses', 'CreateEmailIdentity', { emailIdentity: 'a.example' }, FOREIGN),
    ignored('target-not-watched'),
  ],
  ['SES: parameters left out', callEvent('ses', 'CreateEmailIdentity', null), ignored('no-identity')],
  ['SES: no domain', callEvent('ses', 'CreateEmailIdentity', { emailIdentity: '../../etc/passwd' }), ignored('no-identity')],
  ['SES: control characters', callEvent('ses', 'CreateEmailIdentity', { emailIdentity: 'a\u0000b@example.com' }), ignored('no-identity')],
  ['SES: a list for a name', callEvent('ses', 'CreateEmailIdentity', { emailIdentity: ['example.com'] }), ignored('no-identity')],
  [
    'SES: a name of a megabyte',
    callEvent('ses', 'CreateEmailIdentity', { emailIdentity: `${'a'.repeat(200_000)}.example` }),
    ignored('no-identity'),
  ],
  ['SES: a mail was bounced', { ...advisorEvent('Open', arn('a.example')), 'detail-type': 'Email Bounced' }, ignored('foreign')],
  [
    'Route 53: a CNAME deleted, in an account of its own',
    recordsEvent([['DELETE', 'CNAME', 'abc._domainkey.example.com.']], FOREIGN),
    { kind: 'records', changed: [{ name: 'abc._domainkey.example.com', below: false }] },
  ],
  [
    'Route 53: name servers and wildcards reach below them',
    recordsEvent([
      ['UPSERT', 'NS', 'shop.example.com.'],
      ['CREATE', 'TXT', '\\052.example.com.'],
      ['CREATE', 'TXT', 'example.com.'],
      ['CREATE', 'A', 'www.example.com.'],
    ]),
    {
      kind: 'records',
      changed: [
        { name: 'shop.example.com', below: true },
        { name: 'example.com', below: true },
      ],
    },
  ],
  [
    'Route 53: only addresses',
    recordsEvent([
      ['UPSERT', 'A', 'www.example.com.'],
      ['UPSERT', 'AAAA', 'www.example.com.'],
    ]),
    ignored('other-matter'),
  ],
  ['Route 53: parameters left out', callEvent('route53', 'ChangeResourceRecordSets', null), ignored('other-matter')],
  ['Route 53: refused', recordsEvent([['DELETE', 'TXT', 'a.example.']], {}, { errorCode: 'InvalidChangeBatch' }), ignored('call-failed')],
  ['Route 53: a new zone', callEvent('route53', 'CreateHostedZone', { name: 'a.example' }), ignored('other-matter')],
  ['another source', { source: 'aws.ec2', 'detail-type': CLOUDTRAIL, detail: {} }, ignored('foreign')],
  ['no event at all', 'hello', ignored('foreign')],
  ['null', null, ignored('foreign')],
  ['a list', [healthEvent('AWS_SES_DKIM_X', [])], ignored('foreign')],
];

test.each(CASES)('%s', (_title, event, expected) => {
  expect(parse(event)).toEqual(expected);
});

test.each(Object.entries(SES_CALLS))('%s names the identity in %s', (call, parameter) => {
  expect(parse(callEvent('ses', call, { [parameter]: 'example.com' }))).toEqual(identities(['example.com']));
});

test('what is not JSON, or longer than any event, is left aside', () => {
  expect(parseTrigger('{"source":', TARGETS)).toEqual(ignored('not-json'));
  expect(parseTrigger('', TARGETS)).toEqual(ignored('not-json'));
  expect(parseTrigger(JSON.stringify({ source: 'aws.health', pad: 'x'.repeat(300_000) }), TARGETS)).toEqual(ignored('too-large'));
});

test('whatever stands in the place of any field, nothing is thrown and no name is made up', () => {
  const real = [
    healthEvent('AWS_SES_DKIM_X', ['example.com']),
    advisorEvent('Open', arn('example.com')),
    callEvent('ses', 'CreateEmailIdentity', { emailIdentity: 'example.com' }),
    recordsEvent([['DELETE', 'CNAME', 'abc._domainkey.example.com.']]),
  ];
  fc.assert(
    fc.property(fc.constantFrom(...real), fc.nat(), fc.jsonValue(), (event, at, damage) => {
      const text = JSON.stringify(event);
      const values = [...text.matchAll(/:("(?:[^"\\]|\\.)*"|\{|\[)/g)];
      const place = values[at % values.length];
      if (place?.[1] === undefined) return;
      // A text is replaced; an object or list is opened one level later, which often leaves no JSON at all.
      const from = place.index + 1;
      const body = `${text.slice(0, from)}${JSON.stringify(damage)}${text.slice(from + place[1].length)}`;
      const trigger = parseTrigger(body, TARGETS);
      if (trigger.kind === 'identities') {
        expect(TARGETS).toContain(trigger.target);
        if (trigger.names !== 'all') for (const name of trigger.names) expect(name).toMatch(/^[\x21-\x7e]{3,320}$/);
      }
    }),
    { numRuns: 2000 },
  );
});
