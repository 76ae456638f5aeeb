import { diagnose } from '../../lambda/diagnosis/diagnose.ts';
import type { Diagnosis } from '../../lambda/model/diagnosis.ts';
import type { Finding, FindingKind, FindingOf } from '../../lambda/model/finding.ts';
import type { Outcome } from '../../lambda/model/lookup.ts';
import { dnsName } from '../../lambda/model/names.ts';
import {
  APEX,
  answer,
  atFirst,
  cname,
  evidence,
  FORMERR,
  hoursAgo,
  KEY,
  NODATA,
  NOW,
  NXDOMAIN,
  only,
  REFUSED,
  type Scene,
  SERVFAIL,
  SILENT,
  soaAnswer,
  TOKENS,
  txt,
} from './build.ts';

/** The one finding of this kind; fails if it is not alone. */
function finding<K extends FindingKind>(diagnosis: Diagnosis, kind: K): FindingOf<K> {
  expect(diagnosis.findings.map((one: Finding) => one.kind)).toEqual([kind]);
  return diagnosis.findings[0] as FindingOf<K>;
}

const outcomeOf = (scene: Scene): string => {
  const diagnosis = diagnose(evidence(scene));
  const kinds = diagnosis.findings.map(({ kind, severity }) => `${kind}/${severity}`);
  return [diagnosis.kind === 'unknown' ? `unknown(${diagnosis.reason})` : diagnosis.kind, ...kinds].join(' ');
};

const wrong = (target: string) => only(0, (record) => answer(cname(record.name, target)));
/** What a resolver says of a CNAME that leads to nothing. */
const seen =
  (target: string): NonNullable<Scene['resolvers']> =>
  (record) => [answer(cname(record.name, target))];
const wildcardAt = (value: string) => () => [
  atFirst('random123._domainkey.example.com', 'CNAME', answer(cname('random123._domainkey.example.com', value))),
];

describe('a healthy identity', () => {
  test.each<[string, Scene]>([
    ['Easy DKIM', {}],
    ['BYODKIM', { method: 'byodkim' }],
    ['BYODKIM with the configured key', { method: 'byodkim', publicKey: KEY }],
    ['a replica', { method: 'deed' }],
    ['at first sight', { history: 'first-sight' }],
    ['one server silent', { answer: only('all', SILENT, { server: 1 }) }],
    ['one server lame', { answer: only('all', REFUSED, { server: 0 }) }],
    ['one server fails TXT, the other answers it', { answer: only('all', SERVFAIL, { server: 0, type: 'TXT' }) }],
    ['absent in the first round, there in the second', { answer: only('all', NXDOMAIN, { round: 1 }) }],
    [
      'a chain that ends at the target within the zone',
      {
        answer: only(0, (record) =>
          answer(cname(record.name, 'x.example.com'), cname('x.example.com', `${record.token}.dkim.amazonses.com`)),
        ),
      },
    ],
    [
      'a chain that only a resolver sees to its end',
      {
        answer: only(0, (record) => answer(cname(record.name, 'x.hosting.example'))),
        resolvers: (record) => [
          answer(
            cname(record.name, 'x.hosting.example'),
            cname('x.hosting.example', `${record.token}.dkim.amazonses.com`),
            txt(`${record.token}.dkim.amazonses.com`, `p=${KEY}`),
          ),
        ],
      },
    ],
    [
      'a selector delegated by CNAME to a good key',
      {
        method: 'byodkim',
        answer: only('all', (record) => answer(cname(record.name, 'k.hosting.example'))),
        resolvers: (record) => [answer(cname(record.name, 'k.hosting.example'), txt('k.hosting.example', `p=${KEY}`))],
      },
    ],
    [
      'an empty TXT behind the CNAME',
      {
        answer: only('all', (record) =>
          answer(cname(record.name, `${record.token}.dkim.amazonses.com`), txt(`${record.token}.dkim.amazonses.com`, '')),
        ),
      },
    ],
    [
      'a revoked key behind the CNAME: SES rotates',
      {
        answer: only('all', (record) =>
          answer(cname(record.name, `${record.token}.dkim.amazonses.com`), txt(`${record.token}.dkim.amazonses.com`, 'p=')),
        ),
      },
    ],
    ['a quick look', { rounds: 1, servers: ['192.0.2.1'], dns: { level: 'quick', soa: [], confirmed: true } }],
  ])('%s', (_, scene) => {
    expect(outcomeOf(scene)).toBe('healthy');
  });
});

describe('record-missing', () => {
  test.each<[string, Scene, string]>([
    ['one of three', { answer: only(0, NXDOMAIN) }, 'broken record-missing/critical'],
    ['all three', { answer: only('all', NXDOMAIN) }, 'broken record-missing/critical'],
    ['NODATA is missing too', { answer: only(0, NODATA) }, 'broken record-missing/critical'],
    [
      'a single name server is enough if it is the only one',
      { servers: ['192.0.2.1'], answer: only(0, NXDOMAIN) },
      'broken record-missing/critical',
    ],
    [
      'two names for one address are the only one',
      { servers: ['192.0.2.1', '192.0.2.1'], answer: only(0, NXDOMAIN) },
      'broken record-missing/critical',
    ],
    [
      'two absent, the third silent',
      { servers: ['192.0.2.1', '192.0.2.2', '192.0.2.3'], answer: (a) => (a.server === 2 ? SILENT : only(0, NXDOMAIN)(a)) },
      'broken record-missing/critical',
    ],
    ['while SES doubts', { ses: { status: 'TEMPORARY_FAILURE' }, answer: only(0, NXDOMAIN) }, 'broken record-missing/critical'],
    ['while pending', { ses: { status: 'PENDING' }, answer: only(0, NXDOMAIN) }, 'broken record-missing/warning'],
    [
      'failed, never seen to succeed: the status is a consequence',
      { ses: { status: 'FAILED' }, history: 'first-sight', answer: only(0, NXDOMAIN) },
      'broken record-missing/warning',
    ],
    [
      'failed after success: both are told',
      { ses: { status: 'FAILED' }, answer: only(0, NXDOMAIN) },
      'broken record-missing/warning revoked/critical',
    ],
    [
      'signing off as well: both are told',
      { ses: { signing: false }, history: { signing: false }, answer: only(0, NXDOMAIN) },
      'broken record-missing/critical signing-disabled/warning',
    ],
    ['an unknown status of SES', { ses: { status: 'UNKNOWN' }, answer: only(0, NXDOMAIN) }, 'broken record-missing/warning'],
    [
      'a known absence is not awaited again',
      {
        rounds: 1,
        history: { absentRecords: [dnsName(`${TOKENS[0]}._domainkey.example.com`)] },
        answer: only(0, NXDOMAIN),
        dns: { confirmed: true },
      },
      'broken record-missing/critical',
    ],
    ['BYODKIM: the one record', { method: 'byodkim', answer: only('all', NXDOMAIN) }, 'broken record-missing/critical'],
    [
      'with another token',
      {
        identity: { tokens: ['d'.repeat(32), ...TOKENS.slice(1)] },
        answer: ({ record }) => (record.token.startsWith('d') ? NXDOMAIN : undefined),
      },
      'broken record-missing/critical',
    ],
    // Must not fire:
    [
      'a wildcard in its place',
      { answer: wrong('parking.example'), beside: wildcardAt('parking.example') },
      'broken wildcard-answer/critical',
    ],
    [
      'text beside the CNAME',
      { answer: only(0, (r) => answer(txt(r.name, 'hello')), { type: 'TXT' }), resolvers: () => [NODATA] },
      'broken record-ambiguous/critical',
    ],
    [
      'text in place of the CNAME, and the CNAME question says NODATA',
      {
        answer: (a) =>
          a.record.token !== TOKENS[0]
            ? undefined
            : a.type === 'TXT'
              ? answer(txt(a.record.name, `${a.record.token}.dkim.amazonses.com`))
              : NODATA,
      },
      'broken record-wrong-type/critical',
    ],
    ['only one round', { rounds: 1, answer: only(0, NXDOMAIN) }, 'unknown(unconfirmed)'],
    ['the second round is silent', { answer: (a) => (a.round === 2 ? SILENT : only(0, NXDOMAIN)(a)) }, 'unknown(unconfirmed)'],
    [
      'the time ran out before the second round',
      { rounds: 1, dns: { outOfTime: true }, answer: only(0, NXDOMAIN) },
      'unknown(out-of-time)',
    ],
    ['only one of two addresses speaks', { answer: (a) => (a.server === 1 ? SILENT : only(0, NXDOMAIN)(a)) }, 'unknown(unconfirmed)'],
    [
      'one address, and another server that has IPv6 only',
      {
        servers: ['192.0.2.1'],
        answer: only(0, NXDOMAIN),
        delegation: {
          kind: 'delegated',
          apex: APEX,
          servers: [{ role: 'authoritative', name: dnsName('ns1.example.net'), address: '192.0.2.1' }],
          unusable: [{ name: dnsName('ns2.example.net'), why: 'ipv6-only' }],
          source: 'resolver',
        },
      },
      'unknown(unconfirmed)',
    ],
    [
      'a server without authority for the zone does not count',
      { answer: only(0, NXDOMAIN), soa: (server) => (server === 1 ? REFUSED : undefined) },
      'unknown(unconfirmed) nameserver-broken/notice',
    ],
    [
      'authority lost in the second round',
      { answer: only(0, NXDOMAIN), soa: (server, round) => (server === 1 && round === 2 ? SILENT : undefined) },
      'unknown(unconfirmed)',
    ],
    ['an absence said without authority', { answer: only(0, { kind: 'absent', how: 'nxdomain', aa: false }) }, 'unknown(dns-unanswered)'],
    [
      'BYODKIM: TXT was not asked, and there is no CNAME',
      { method: 'byodkim', answer: (a) => (a.type === 'TXT' ? { kind: 'not-asked', how: 'out-of-time' } : NODATA) },
      'unknown(out-of-time)',
    ],
    ['SERVFAIL is not missing', { answer: only('all', SERVFAIL) }, 'unknown(dns-unanswered)'],
    ['silence is not missing', { answer: only('all', SILENT) }, 'unknown(dns-unanswered)'],
    ['REFUSED is not missing', { answer: only(0, REFUSED) }, 'unknown(dns-unanswered)'],
    ['there in the first round only', { answer: only(0, NXDOMAIN, { round: 2 }) }, 'unknown(unconfirmed)'],
    [
      'a key without a CNAME (flattened)',
      {
        answer: (a) => (a.record.token !== TOKENS[0] ? undefined : a.type === 'TXT' ? answer(txt(a.record.name, `p=${KEY}`)) : NODATA),
      },
      'broken record-wrong-type/warning',
    ],
    [
      'BYODKIM: a CNAME that leads to no key',
      { method: 'byodkim', answer: only('all', (r) => answer(cname(r.name, 'gone.example'))), resolvers: seen('gone.example') },
      'broken record-wrong-type/critical',
    ],
  ])('%s', (_, scene, said) => {
    expect(outcomeOf(scene)).toBe(said);
  });

  test('says which, since when, what was there, and the clocks', () => {
    const lost = dnsName(`${TOKENS[0]}._domainkey.example.com`);
    const lastRecords = [{ name: lost, type: 'CNAME' as const, value: `${TOKENS[0]}.dkim.amazonses.com` }];
    const history = { lastHealthyAt: hoursAgo(1), absentSince: hoursAgo(0.5), lastRecords, lastNameServers: [dnsName('ns1.old.example')] };
    const one = finding(diagnose(evidence({ history, answer: only(0, NXDOMAIN) })), 'record-missing');
    expect(one.facts).toEqual({
      missing: 1,
      expected: 3,
      absence: 'nxdomain',
      since: hoursAgo(0.5),
      lastHealthyAt: hoursAgo(1),
      lastSeen: [{ name: lost, value: `${TOKENS[0]}.dkim.amazonses.com` }],
      movedFrom: ['ns1.old.example'],
      nameServers: ['ns1.example.net', 'ns2.example.net'],
      sesNoticed: false,
    });
    expect(one.records.map(({ name }) => name)).toEqual([lost]);
    expect(one.zone).toBe('example.com');
    expect(one.evidence.length).toBe(2);
    expect(one.deadlines).toEqual([
      { name: 'sending-lost', at: hoursAgo(1 - 72), estimated: true },
      { name: 'signing-lost', at: hoursAgo(1 - 120), estimated: true },
    ]);
  });

  test('no clock without a last healthy time; a name server added is no move', () => {
    const first = finding(diagnose(evidence({ history: 'first-sight', answer: only(0, NXDOMAIN) })), 'record-missing');
    expect(first.deadlines).toEqual([]);
    expect(first.facts.since).toBe(NOW);
    const added = evidence({ history: { lastNameServers: [dnsName('ns1.example.net')] }, answer: only(0, NXDOMAIN) });
    expect(finding(diagnose(added), 'record-missing').facts.movedFrom).toBeUndefined();
  });

  test('the key seen last is offered again, encoded anew', () => {
    const lastRecords = [
      {
        name: dnsName('s1._domainkey.example.com'),
        type: 'TXT' as const,
        value: `v=DKIM1; k=rsa; n=hostile; p=${KEY.slice(0, 40)} ${KEY.slice(40)}`,
      },
    ];
    const one = finding(
      diagnose(evidence({ method: 'byodkim', history: { lastRecords }, answer: only('all', NXDOMAIN) })),
      'record-missing',
    );
    expect(one.records).toEqual([{ type: 'TXT', name: 's1._domainkey.example.com', token: 's1', publicKey: KEY }]);
  });
});

describe('record-name-doubled', () => {
  const at = (name: string, outcome: Outcome) => [atFirst(name, 'CNAME', outcome)];
  const doubledName = (name: string): string => `${name}.example.com`;
  const found: Scene['doubled'] = (r) => at(doubledName(r.name), answer(cname(doubledName(r.name), `${r.token}.dkim.amazonses.com`)));

  test.each<[string, Scene, string]>([
    ['absent at its name, there at the doubled one', { answer: only(0, NXDOMAIN), doubled: found }, 'broken record-name-doubled/critical'],
    ['while pending', { ses: { status: 'PENDING' }, answer: only(0, NXDOMAIN), doubled: found }, 'broken record-name-doubled/warning'],
    [
      'BYODKIM',
      {
        method: 'byodkim',
        answer: only('all', NXDOMAIN),
        doubled: (r) => [atFirst(doubledName(r.name), 'TXT', answer(txt(doubledName(r.name), `p=${KEY}`)))],
      },
      'broken record-name-doubled/critical',
    ],
    [
      'one doubled, one plainly missing',
      { answer: (a) => only(0, NXDOMAIN)(a) ?? only(1, NXDOMAIN)(a), doubled: (r) => (r.token === TOKENS[0] ? (found?.(r) ?? []) : []) },
      'broken record-missing/critical record-name-doubled/critical',
    ],
    // Must not fire:
    ['there at both names', { doubled: found }, 'healthy'],
    [
      'another value at the doubled name',
      { answer: only(0, NXDOMAIN), doubled: (r) => at(doubledName(r.name), answer(cname(doubledName(r.name), 'parking.example'))) },
      'broken record-missing/critical',
    ],
    [
      'a wildcard gives the same beside it',
      {
        method: 'byodkim',
        answer: only('all', NXDOMAIN),
        doubled: (r) => [atFirst(doubledName(r.name), 'TXT', answer(txt(doubledName(r.name), `p=${KEY}`)))],
        besideDoubled: () => [
          atFirst('rnd._domainkey.example.com.example.com', 'TXT', answer(txt('rnd._domainkey.example.com.example.com', `p=${KEY}`))),
        ],
      },
      'broken record-missing/critical',
    ],
    ['absence not confirmed', { rounds: 1, answer: only(0, NXDOMAIN), doubled: found }, 'unknown(unconfirmed)'],
  ])('%s', (_, scene, said) => {
    expect(outcomeOf(scene)).toBe(said);
  });

  test('says where it was found', () => {
    const name = `${TOKENS[0]}._domainkey.example.com`;
    const one = finding(diagnose(evidence({ answer: only(0, NXDOMAIN), doubled: found })), 'record-name-doubled');
    expect(one.facts.found).toEqual([{ name, foundAt: `${name}.example.com` }]);
  });
});

describe('record-wrong-target', () => {
  const [a = '', b = ''] = TOKENS;
  const cause = (target: string): string => {
    const one = finding(diagnose(evidence({ answer: wrong(target), resolvers: seen(target) })), 'record-wrong-target');
    return one.facts.zone === undefined ? one.facts.cause : `${one.facts.cause} ${one.facts.zone}`;
  };
  test.each([
    ['domain appended', `${a}.dkim.amazonses.com.example.com`, 'domain-appended'],
    ['_domainkey and domain appended', `${a}.dkim.amazonses.com._domainkey.example.com`, 'domain-appended'],
    ['another region', `${a}.dkim.eu-south-1.amazonses.com`, 'other-region-zone dkim.eu-south-1.amazonses.com'],
    ['a former identity', `${'z9'.repeat(16)}.dkim.amazonses.com`, 'stale-token'],
    ['a slip in the token', `${a.slice(0, -1)}x.dkim.amazonses.com`, 'typo'],
    ['a character lost', `${a}.dkim.amazonse.com`, 'typo'],
    ['mixed up with another token of the identity', `${b}.dkim.amazonses.com`, 'typo'],
    ['something else', 'parking.example', 'unrelated'],
    ['three slips', `${a.slice(0, -3)}xyz.dkim.amazonses.org`, 'unrelated'],
    ['something appended that is not the domain', `${a}.dkim.amazonses.com.example.org`, 'unrelated'],
  ])('%s', (_, target, expected) => {
    expect(cause(target)).toBe(expected);
  });

  test.each<[string, Scene, string]>([
    [
      'pending',
      { ses: { status: 'PENDING' }, answer: wrong('parking.example'), resolvers: seen('parking.example') },
      'broken record-wrong-target/warning',
    ],
    [
      'some servers wrong, others without',
      { answer: (x) => (x.server === 1 ? only(0, NXDOMAIN)(x) : wrong('parking.example')(x)), resolvers: seen('parking.example') },
      'broken record-wrong-target/critical',
    ],
    [
      'two causes, two findings',
      {
        answer: (x) => wrong('parking.example')(x) ?? only(1, (r) => answer(cname(r.name, `${r.token}.dkim.eu-south-1.amazonses.com`)))(x),
        resolvers: seen('parking.example'),
      },
      'broken record-wrong-target/critical record-wrong-target/critical',
    ],
    // Must not fire:
    [
      'case does not count',
      { answer: only(0, (r) => answer(cname(r.name.toUpperCase(), `${r.token.toUpperCase()}.DKIM.amazonses.com`))) },
      'healthy',
    ],
    ['only one round', { rounds: 1, answer: wrong('parking.example'), resolvers: seen('parking.example') }, 'unknown(unconfirmed)'],
    ['nobody knows where the chain ends', { answer: wrong('x.hosting.example'), resolvers: () => [SERVFAIL] }, 'unknown(not-judged)'],
    [
      'the resolvers still remember that nothing was there',
      { answer: wrong('x.hosting.example'), resolvers: () => [NXDOMAIN] },
      'unknown(not-judged)',
    ],
    [
      'the resolvers still remember where it led before',
      { answer: wrong('x.hosting.example'), resolvers: (r) => [answer(cname(r.name, `${r.token}.dkim.amazonses.com`))] },
      'unknown(not-judged)',
    ],
    [
      'several CNAMEs',
      { answer: only(0, (r) => answer(cname(r.name, `${r.token}.dkim.amazonses.com`), cname(r.name, 'parking.example'))) },
      'broken record-ambiguous/warning',
    ],
    [
      'another value in each round',
      { answer: (x) => wrong(`p${x.round}.example`)(x), resolvers: seen('p2.example') },
      'unknown(unconfirmed)',
    ],
  ])('%s', (_, scene, said) => {
    expect(outcomeOf(scene)).toBe(said);
  });
});

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
    const mixed = evidence({ answer: (a) => (a.type === 'TXT' ? (a.server === 0 ? SERVFAIL : SILENT) : undefined) });
    expect(finding(diagnose(mixed), 'txt-unanswerable').facts).toEqual({
      servers: ['ns1.example.net (192.0.2.1)', 'ns2.example.net (192.0.2.2)'],
      failure: 'mixed',
      all: true,
    });
    const half = evidence({ answer: (a) => (a.server === 1 ? SILENT : a.type === 'TXT' ? SERVFAIL : undefined) });
    expect(finding(diagnose(half), 'txt-unanswerable').facts).toMatchObject({ failure: 'servfail', all: false });
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
        resolvers: seen(`${TOKENS[0]}.dkim.amazonses.com`),
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
    const one = finding(diagnose(evidence({ answer: half, soa: lagging, history: { brokenSince: hoursAgo(5) } })), 'nameservers-disagree');
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
    expect(finding(diagnose(evidence({ answer: half })), 'nameservers-disagree').facts.cause).toBe('split');
    const wrapped = evidence({ answer: half, soa: (s) => soaAnswer(s === 0 ? 5 : 4_294_967_290), history: { brokenSince: hoursAgo(5) } });
    expect(finding(diagnose(wrapped), 'nameservers-disagree').facts.cause).toBe('propagation');
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

describe('key-malformed and key-revoked', () => {
  const key = (...values: readonly string[]) => only('all', (r) => answer(...values.map((value) => txt(r.name, value))), { type: 'TXT' });
  test.each<[string, Scene, string]>([
    ['a cut key', { method: 'byodkim', answer: key(`p=${KEY.slice(0, 252)}`) }, 'broken key-malformed/critical'],
    ['no key record at all', { method: 'byodkim', answer: key('hello world') }, 'broken key-malformed/critical'],
    ['revoked', { method: 'byodkim', answer: key('v=DKIM1; p=') }, 'broken key-revoked/critical'],
    [
      'revoked, while SES is still pending',
      { method: 'byodkim', ses: { status: 'PENDING' }, answer: key('p=') },
      'broken key-revoked/critical',
    ],
    // Must not fire:
    [
      'a good key in two strings',
      {
        method: 'byodkim',
        answer: only('all', (r) => answer(txt(r.name, `v=DKIM1; p=${KEY.slice(0, 200)}`, KEY.slice(200))), { type: 'TXT' }),
      },
      'healthy',
    ],
    ['without v=', { method: 'byodkim', answer: key(`p=${KEY}`) }, 'healthy'],
    ['only one round', { method: 'byodkim', rounds: 1, answer: key('p=') }, 'unknown(unconfirmed)'],
    [
      'an Ed25519 key',
      { method: 'byodkim', answer: key('v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=') },
      'broken key-wrong-type/critical',
    ],
    ['two records', { method: 'byodkim', answer: key(`p=${KEY}`, `p=${KEY.slice(0, 20)}`) }, 'broken record-ambiguous/warning'],
    [
      'another key than configured',
      { method: 'byodkim', publicKey: `${KEY.slice(0, -20)}AAAA${KEY.slice(-16)}`, answer: key(`p=${KEY}`) },
      'broken key-mismatch/critical',
    ],
    ['for tests only', { method: 'byodkim', answer: key(`t=y; p=${KEY}`) }, 'broken key-testing/warning'],
    [
      'the same bad TXT for any name is a wildcard, not a key',
      {
        method: 'byodkim',
        answer: key('v=spf1 -all'),
        beside: () => [atFirst('rnd._domainkey.example.com', 'TXT', answer(txt('rnd._domainkey.example.com', 'v=spf1 -all')))],
      },
      'broken wildcard-answer/critical',
    ],
  ])('%s', (_, scene, said) => {
    expect(outcomeOf(scene)).toBe(said);
  });

  test('says the reason', () => {
    const one = finding(diagnose(evidence({ method: 'byodkim', answer: key(`p=${KEY.slice(0, 253)}`) })), 'key-malformed');
    expect(one.facts.reason).toBe('truncated');
    expect(one.facts.detail).toContain('255');
  });

  const name = dnsName('s1._domainkey.example.com');
  const remembered = { lastRecords: [{ name, type: 'TXT', value: `v=DKIM1; p=${KEY}` }] } as const;
  const recordOf = (scene: Scene, kind: 'key-malformed' | 'key-revoked'): unknown =>
    finding(diagnose(evidence({ method: 'byodkim', ...scene })), kind).records[0];

  test('the key that was there while all was well is shown again, but not one that was taken out', () => {
    const bare = { type: 'TXT', name, token: 's1' };
    expect(recordOf({ answer: key('hello'), history: remembered }, 'key-malformed')).toEqual({ ...bare, publicKey: KEY });
    expect(recordOf({ answer: key('hello') }, 'key-malformed')).toEqual(bare);
    expect(recordOf({ answer: key('hello'), history: 'first-sight' }, 'key-malformed')).toEqual(bare);
    expect(recordOf({ answer: key('p='), history: remembered }, 'key-revoked')).toEqual(bare);
    const damaged = { lastRecords: [{ name, type: 'TXT', value: `p=${KEY.slice(0, 80)}` }] } as const;
    expect(recordOf({ answer: key('hello'), history: damaged }, 'key-malformed')).toEqual(bare);
  });

  test('a key whose private half was published is not shown again', () => {
    const published = key('v=DKIM1; p=-----BEGIN PRIVATE KEY-----MIIE');
    const one = finding(diagnose(evidence({ method: 'byodkim', answer: published, history: remembered })), 'key-malformed');
    expect(one.facts).toMatchObject({ reason: 'not-a-public-key', leaked: true });
    expect(one.records).toEqual([{ type: 'TXT', name, token: 's1' }]);
  });
});

test('different records may have different findings, each told once', () => {
  const scene: Scene = {
    answer: (a) => only(0, NXDOMAIN)(a) ?? only(1, (r) => answer(cname(r.name, 'parking.example')))(a),
    resolvers: seen('parking.example'),
  };
  expect(outcomeOf(scene)).toBe('broken record-missing/critical record-wrong-target/critical');
});

test('broken and unknown together is broken', () => {
  expect(outcomeOf({ answer: (a) => only(0, NXDOMAIN)(a) ?? only(1, SILENT)(a) })).toBe('broken record-missing/critical');
});

test('evidence is never more than twenty lookups', () => {
  const servers = Array.from({ length: 13 }, (_, i) => `192.0.2.${i + 1}`);
  const diagnosis = diagnose(evidence({ servers, answer: only('all', NXDOMAIN) }));
  expect(finding(diagnosis, 'record-missing').evidence.length).toBe(20);
});

test('an enormous answer is cut before it is remembered', () => {
  const huge = only(0, (r) =>
    answer(cname(r.name, 'parking.example'), ...Array.from({ length: 300 }, () => txt(r.name, 'x'.repeat(60_000)))),
  );
  const diagnosis = diagnose(evidence({ answer: huge, resolvers: seen('parking.example') }));
  expect(finding(diagnosis, 'record-wrong-target').evidence.length).toBeGreaterThan(0);
  expect(JSON.stringify(diagnosis).length).toBeLessThan(200_000);
});

test('evidence about a former expectation does not count', () => {
  const before = evidence();
  const after = evidence({ identity: { tokens: ['d', 'e', 'f'].map((x) => x.repeat(32)) } });
  expect(diagnose({ ...after, dns: before.dns })).toMatchObject({ kind: 'unknown' });
});
