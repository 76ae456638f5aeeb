import type { Delegation, Outcome, UnusableNameServer } from '../../lambda/model/lookup.ts';
import { dnsName } from '../../lambda/model/names.ts';
import { APEX, answer, cname, hoursAgo, NODATA, NXDOMAIN, only, REFUSED, type Scene, SERVFAIL, SILENT, serverOf } from './build.ts';
import { alone, among, type Case, outcomeOf } from './say.ts';

describe('nameserver-broken', () => {
  /** The first `n` of these name servers do not answer for the zone as they should. */
  const bad = (n: number, outcome: Outcome, servers: readonly string[] = ['192.0.2.1', '192.0.2.2', '192.0.2.3']): Scene => ({
    servers,
    soa: (server) => (server < n ? outcome : undefined),
    answer: (a) => (a.server < n ? outcome : undefined),
  });
  const two = ['192.0.2.1', '192.0.2.2'];
  const strikes = (serverTroubleSweeps: number): Scene => ({ history: { serverTroubleSweeps, offAirSweeps: serverTroubleSweeps } });
  const withUnusable = (...unusable: readonly UnusableNameServer[]): Scene => ({
    delegation: {
      kind: 'delegated',
      apex: APEX,
      servers: two.map((address, i) => serverOf(i, address)),
      unusable,
      source: 'resolver',
    } satisfies Delegation,
  });
  const unusable = (why: UnusableNameServer['why'], i = 9): UnusableNameServer => ({ name: dnsName(`ns${i}.example.net`), why });

  test.each<Case>([
    ['one of three is lame', bad(1, REFUSED), 'healthy nameserver-broken/notice'],
    ['one of three is silent', bad(1, SILENT), 'healthy nameserver-broken/notice'],
    ['one of three fails', bad(1, SERVFAIL), 'healthy nameserver-broken/notice'],
    [
      'one of three denies its own zone',
      { ...bad(1, REFUSED), soa: (s) => (s === 0 ? NXDOMAIN : undefined) },
      'healthy nameserver-broken/notice',
    ],
    ['a third of them for long', { ...bad(1, SILENT), ...strikes(50) }, 'healthy nameserver-broken/notice'],
    ['half of them, at first', bad(1, SILENT, two), 'healthy nameserver-broken/notice'],
    ['half of them, seen once before', { ...bad(1, SILENT, two), ...strikes(1) }, 'healthy nameserver-broken/notice'],
    ['half of them, seen twice before', { ...bad(1, SILENT, two), ...strikes(2) }, 'broken nameserver-broken/warning'],
    ['two of three, seen twice before', { ...bad(2, REFUSED), ...strikes(2) }, 'broken nameserver-broken/warning'],
    ['a name without any address', withUnusable(unusable('no-address')), 'healthy nameserver-broken/notice'],
    [
      'a name with a private address',
      withUnusable({ ...unusable('address-refused'), address: '10.0.0.1' }),
      'healthy nameserver-broken/notice',
    ],
    ['all say that they do not know the zone, for long', { ...bad(3, REFUSED), ...strikes(2) }, 'broken nameserver-broken/critical'],
    ['the same while pending', { ...bad(3, REFUSED), ...strikes(2), ses: { status: 'PENDING' } }, 'broken nameserver-broken/warning'],
    // Must not fire:
    ['all say that they do not know the zone, at first', { ...bad(3, REFUSED), ...strikes(1) }, 'unknown(dns-unanswered)'],
    ['silence of all: the fault may be on our way', { ...bad(3, SILENT), ...strikes(50) }, 'unknown(dns-unanswered)'],
    ['failures of all', { ...bad(3, SERVFAIL), ...strikes(50) }, 'unknown(dns-unanswered)'],
    [
      'all but one lame, the last silent',
      { ...bad(3, REFUSED), soa: (s) => (s === 2 ? SILENT : REFUSED), ...strikes(50) },
      'unknown(dns-unanswered)',
    ],
    ['IPv6 alone is no fault', withUnusable(unusable('ipv6-only')), 'healthy'],
    ['nor that nobody could tell its address', withUnusable(unusable('lookup-failed')), 'healthy'],
    ['it answered in the second round', { soa: (s, round) => (s === 0 && round === 1 ? SILENT : undefined) }, 'healthy'],
    ['it answered in the first round', { soa: (s, round) => (s === 0 && round === 2 ? SERVFAIL : undefined) }, 'healthy'],
    ['it was not asked', { soa: (s) => (s === 0 ? { kind: 'not-asked', how: 'out-of-time' } : undefined) }, 'healthy'],
    ['a quick look sees one server only', { ...bad(1, SILENT), rounds: 1, dns: { level: 'quick', confirmed: true } }, 'healthy'],
  ])('%s', (_, scene, said) => expect(outcomeOf(scene)).toBe(said));

  test('names them, and what each did', () => {
    const scene: Scene = {
      ...withUnusable(unusable('no-address'), { ...unusable('address-refused', 8), address: '10.0.0.1' }),
      ...bad(1, REFUSED, two),
    };
    const one = among(scene, 'nameserver-broken');
    expect(one.facts).toEqual({
      broken: [
        { server: 'ns1.example.net (192.0.2.1)', how: 'REFUSED' },
        { server: 'ns9.example.net', how: 'has no address' },
        { server: 'ns8.example.net (10.0.0.1)', how: 'has a private address' },
      ],
      of: 4,
      all: false,
    });
    expect(one.records).toEqual([]);
    expect(one.deadlines).toEqual([]);
  });

  test('a domain off the air carries its records and clocks, and explains why SES has found nothing', () => {
    const scene: Scene = { ...bad(3, REFUSED), ...strikes(2) };
    const one = alone(scene, 'nameserver-broken');
    expect(one.facts).toMatchObject({ of: 3, all: true });
    expect(one.records.length).toBe(3);
    expect(one.deadlines.length).toBe(2);
    const late: Scene = {
      ...scene,
      ses: { status: 'PENDING', lastKeyGeneratedAt: hoursAgo(90) },
      history: { serverTroubleSweeps: 2, offAirSweeps: 2, lastSuccessAt: hoursAgo(900) },
    };
    expect(outcomeOf(late)).toBe('broken nameserver-broken/warning');
    expect(outcomeOf({ ...late, ...bad(1, REFUSED) })).toBe('broken nameserver-broken/notice verification-overdue/warning');
  });
});

describe('txt-unanswerable: denied', () => {
  test.each<Case>([
    [
      'the CNAME is given, and TXT answered as if nothing were there',
      { answer: only('all', NODATA, { type: 'TXT' }) },
      'broken txt-unanswerable/critical',
    ],
    ['the same with NXDOMAIN', { answer: only('all', NXDOMAIN, { type: 'TXT' }) }, 'broken txt-unanswerable/critical'],
    [
      'a selector with a CNAME',
      { method: 'byodkim', answer: (a) => (a.type === 'TXT' ? NODATA : answer(cname(a.record.name, 'k.example'))) },
      'broken txt-unanswerable/critical',
    ],
    // Must not fire:
    ['one server answers', { answer: only('all', NODATA, { type: 'TXT', server: 0 }) }, 'healthy'],
    ['answered in the second round', { answer: only('all', NODATA, { type: 'TXT', round: 1 }) }, 'healthy'],
    ['neither CNAME nor TXT', { answer: only('all', NODATA) }, 'broken record-missing/critical'],
    ['only one round', { rounds: 1, answer: only('all', NODATA, { type: 'TXT' }) }, 'unknown(unconfirmed)'],
  ])('%s', (_, scene, said) => expect(outcomeOf(scene)).toBe(said));

  test('is told as that; beside another failure as mixed', () => {
    expect(alone({ answer: only('all', NODATA, { type: 'TXT' }) }, 'txt-unanswerable').facts).toMatchObject({
      failure: 'denied',
      all: true,
    });
    const mixed: Scene = { answer: (a) => (a.type === 'TXT' ? (a.server === 0 ? NODATA : SERVFAIL) : undefined) };
    expect(alone(mixed, 'txt-unanswerable').facts.failure).toBe('mixed');
  });
});
