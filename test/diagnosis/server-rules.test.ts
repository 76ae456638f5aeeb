import { dnsName } from '../../lambda/model/names.ts';
import {
  APEX,
  answer,
  cname,
  FORMERR,
  hoursAgo,
  KEY,
  NODATA,
  NXDOMAIN,
  OTHER_KEY,
  only,
  REFUSED,
  type Scene,
  SERVFAIL,
  SILENT,
  soaAnswer,
  TOKENS,
  txt,
} from './build.ts';
import { alone, followed, outcomeOf } from './say.ts';

describe('txt-unanswerable', () => {
  test.each<[string, Scene, string]>([
    ['SERVFAIL from all', { answer: only('all', SERVFAIL, { type: 'TXT' }) }, 'broken txt-unanswerable/critical'],
    ['silence', { answer: only('all', SILENT, { type: 'TXT' }) }, 'broken txt-unanswerable/critical'],
    ['while pending', { ses: { status: 'PENDING' }, answer: only('all', REFUSED, { type: 'TXT' }) }, 'broken txt-unanswerable/warning'],
    [
      'while SES doubts',
      { ses: { status: 'TEMPORARY_FAILURE' }, answer: only('all', REFUSED, { type: 'TXT' }) },
      'broken txt-unanswerable/warning',
    ],
    [
      'one server fails TXT, the other is silent altogether',
      { answer: (a) => (a.server === 1 ? SILENT : a.type === 'TXT' ? FORMERR : undefined) },
      'broken txt-unanswerable/critical',
    ],
    [
      'BYODKIM: the name is there, its TXT is not to be had',
      { method: 'byodkim', answer: only('all', SERVFAIL, { type: 'TXT' }) },
      'broken txt-unanswerable/critical',
    ],
    ['TXT answered as if there were nothing', { answer: only('all', NODATA, { type: 'TXT' }) }, 'broken txt-unanswerable/critical'],
    // Must not fire:
    ['one server answers TXT', { answer: only('all', SERVFAIL, { type: 'TXT', server: 0 }) }, 'healthy'],
    ['answered in the second round', { answer: only('all', SERVFAIL, { type: 'TXT', round: 1 }) }, 'healthy'],
    ['CNAME questions fail too', { answer: only('all', SERVFAIL) }, 'unknown(dns-unanswered)'],
    ['only one round', { rounds: 1, answer: only('all', SERVFAIL, { type: 'TXT' }) }, 'unknown(unconfirmed)'],
    ['TXT not asked', { answer: only('all', { kind: 'not-asked', how: 'out-of-time' }, { type: 'TXT' }) }, 'unknown(out-of-time)'],
  ])('%s', (_, scene, said) => {
    expect(outcomeOf(scene)).toBe(said);
  });

  test('names servers and failure', () => {
    const mixed: Scene = { answer: (a) => (a.type === 'TXT' ? (a.server === 0 ? SERVFAIL : SILENT) : undefined) };
    expect(alone(mixed, 'txt-unanswerable').facts).toEqual({
      servers: ['ns1.example.net (192.0.2.1)', 'ns2.example.net (192.0.2.2)'],
      failure: 'mixed',
      all: true,
    });
    const half: Scene = { answer: (a) => (a.server === 1 ? SILENT : a.type === 'TXT' ? SERVFAIL : undefined) };
    expect(alone(half, 'txt-unanswerable').facts).toMatchObject({ failure: 'servfail', all: false });
  });
});

describe('nameservers-disagree', () => {
  const half = only(0, NXDOMAIN, { server: 1 });
  const lagging: Scene['soa'] = (server) => soaAnswer(server === 0 ? 11 : 10);
  test.each<[string, Scene, string]>([
    ['one has it, one has not', { answer: half }, 'broken nameservers-disagree/warning'],
    [
      'another value on one',
      {
        answer: only(0, (r) => answer(cname(r.name, 'parking.example')), { server: 1 }),
        resolvers: followed(`${TOKENS[0]}.dkim.amazonses.com`),
      },
      'broken nameservers-disagree/warning',
    ],
    [
      'lagging for longer than an hour',
      { answer: half, soa: lagging, history: { brokenSince: hoursAgo(2) } },
      'broken nameservers-disagree/warning',
    ],
    [
      'lagging for longer than the refresh time',
      { answer: half, soa: (s) => soaAnswer(s === 0 ? 11 : 10, 600), history: { unknownSince: hoursAgo(0.25) } },
      'broken nameservers-disagree/warning',
    ],
    [
      'lagging at first sight: nobody knows since when',
      { answer: half, soa: lagging, history: 'first-sight' },
      'broken nameservers-disagree/warning',
    ],
    ['hides that SES cannot verify', { ses: { status: 'TEMPORARY_FAILURE' }, answer: half }, 'broken nameservers-disagree/warning'],
    // Must not fire:
    ['lagging since just now', { answer: half, soa: lagging }, 'unknown(unconfirmed)'],
    ['lagging for half an hour', { answer: half, soa: lagging, history: { unknownSince: hoursAgo(0.5) } }, 'unknown(unconfirmed)'],
    ['only one round', { rounds: 1, answer: half }, 'unknown(unconfirmed)'],
    ['one server is merely silent', { answer: only(0, SILENT, { server: 1 }) }, 'healthy'],
    ['agreed by the second round', { answer: only(0, NXDOMAIN, { server: 1, round: 1 }) }, 'healthy'],
  ])('%s', (_, scene, said) => {
    expect(outcomeOf(scene)).toBe(said);
  });

  test('says who says what, and why', () => {
    const one = alone({ answer: half, soa: lagging, history: { brokenSince: hoursAgo(5) } }, 'nameservers-disagree');
    expect(one.facts).toEqual({
      holding: ['ns1.example.net (192.0.2.1)'],
      lacking: ['ns2.example.net (192.0.2.2)'],
      different: [],
      serials: [
        { server: 'ns1.example.net (192.0.2.1)', serial: 11 },
        { server: 'ns2.example.net (192.0.2.2)', serial: 10 },
      ],
      cause: 'propagation',
    });
    expect(alone({ answer: half }, 'nameservers-disagree').facts.cause).toBe('split');
    const wrapped: Scene = { answer: half, soa: (s) => soaAnswer(s === 0 ? 5 : 4_294_967_290), history: { brokenSince: hoursAgo(5) } };
    expect(alone(wrapped, 'nameservers-disagree').facts.cause).toBe('propagation');
  });
});

describe('two good own keys', () => {
  /** The second server has `value` where the first has the key that it should. */
  const second = (value: string, more: Scene = {}): Scene => ({
    method: 'byodkim',
    answer: only('all', (r) => answer(txt(r.name, value)), { server: 1, type: 'TXT' }),
    ...more,
  });
  const remembered = { lastRecords: [{ name: dnsName('s1._domainkey.example.com'), type: 'TXT' as const, value: `p=${KEY}` }] };
  test.each<[string, Scene, string]>([
    ['on two servers', second(`p=${OTHER_KEY}`), 'broken nameservers-disagree/warning'],
    ['one of them the remembered one', second(`p=${OTHER_KEY}`, { history: remembered }), 'broken nameservers-disagree/warning'],
    ['while pending', second(`p=${OTHER_KEY}`, { ses: { status: 'PENDING' } }), 'broken nameservers-disagree/warning'],
    [
      'on a secondary that is stuck',
      second(`p=${OTHER_KEY}`, { soa: (s) => soaAnswer(s === 0 ? 11 : 10), history: { ...remembered, brokenSince: hoursAgo(2) } }),
      'broken nameservers-disagree/warning',
    ],
    // Must not fire:
    ['the same key, written otherwise', second(`v=DKIM1; k=rsa; n=second; p=${KEY}`), 'healthy'],
    ['asked once', second(`p=${OTHER_KEY}`, { rounds: 1 }), 'unknown(unconfirmed)'],
    [
      'a change that is on its way',
      second(`p=${OTHER_KEY}`, { soa: (s) => soaAnswer(s === 0 ? 11 : 10), history: remembered }),
      'unknown(unconfirmed)',
    ],
    [
      'until the second round',
      { ...second(''), answer: only('all', (r) => answer(txt(r.name, `p=${OTHER_KEY}`)), { server: 1, type: 'TXT', round: 1 }) },
      'healthy',
    ],
    ['one of them not the configured one', second(`p=${OTHER_KEY}`, { publicKey: KEY }), 'broken nameservers-disagree/warning'],
    [
      'the same new key on both: changed',
      { method: 'byodkim', answer: only('all', (r) => answer(txt(r.name, `p=${OTHER_KEY}`)), { type: 'TXT' }) },
      'healthy',
    ],
  ])('%s', (_, scene, said) => expect(outcomeOf(scene)).toBe(said));

  test('the remembered key is the right one; without it nobody is called right', () => {
    const [ns1, ns2] = ['ns1.example.net (192.0.2.1)', 'ns2.example.net (192.0.2.2)'];
    const facts = (scene: Scene) => alone(scene, 'nameservers-disagree').facts;
    expect(facts(second(`p=${OTHER_KEY}`, { history: remembered }))).toMatchObject({
      holding: [ns1],
      lacking: [],
      different: [{ server: ns2, value: `p=${OTHER_KEY}` }],
    });
    const nobody = facts(second(`p=${OTHER_KEY}`));
    expect([nobody.holding, nobody.different.map(({ server }) => server)]).toEqual([[], [ns1, ns2]]);
  });
});

describe('domain-gone', () => {
  const gone = { kind: 'gone', registrable: APEX, how: 'nxdomain', lookups: [] } as const;
  test.each<[string, Scene, string]>([
    ['the parent says so', { delegation: gone }, 'broken domain-gone/critical'],
    ['it hides SES’s own trouble', { delegation: gone, ses: { status: 'FAILED' } }, 'broken domain-gone/critical'],
    ['asked only once', { delegation: gone, dns: { confirmed: false } }, 'unknown(unconfirmed)'],
    ['resolver failed', { delegation: { kind: 'unknown', why: 'resolver-failed', detail: 'x', lookups: [] } }, 'unknown(resolver-failed)'],
    ['no servers', { delegation: { kind: 'unknown', why: 'no-servers', detail: 'x', lookups: [] } }, 'unknown(dns-unanswered)'],
    ['IPv6 only', { delegation: { kind: 'unknown', why: 'ipv6-only', detail: 'x', lookups: [] } }, 'unknown(ipv6-only)'],
    [
      'out of time',
      {
        dns: {
          level: 'none',
          records: [],
          confirmed: false,
          outOfTime: true,
          delegation: { kind: 'unknown', why: 'out-of-time', detail: 'x', lookups: [] },
        },
      },
      'unknown(out-of-time)',
    ],
  ])('%s', (_, scene, said) => {
    expect(outcomeOf(scene)).toBe(said);
  });
});
