import { subjectOf } from '../../lambda/alerts/beliefs.ts';
import { toReportFinding } from '../../lambda/diagnosis/report-finding.ts';
import type { SesFacts } from '../../lambda/model/identity.ts';
import { dnsName } from '../../lambda/model/names.ts';
import {
  APEX,
  answer,
  atFirst,
  cname,
  evidence,
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
  TOKENS,
  txt,
} from './build.ts';
import { alone, followed, outcomeOf } from './say.ts';

const wrong = (target: string) => only(0, (record) => answer(cname(record.name, target)));
const wildcardAt = (value: string) => () => [
  atFirst('random123._domainkey.example.com', 'CNAME', answer(cname('random123._domainkey.example.com', value))),
];

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
      { method: 'byodkim', answer: only('all', (r) => answer(cname(r.name, 'gone.example'))), resolvers: followed('gone.example') },
      'broken record-wrong-type/critical',
    ],
  ])('%s', (_, scene, said) => {
    expect(outcomeOf(scene)).toBe(said);
  });

  test('says which, since when, what was there, and the clocks', () => {
    const lost = dnsName(`${TOKENS[0]}._domainkey.example.com`);
    const lastRecords = [{ name: lost, type: 'CNAME' as const, value: `${TOKENS[0]}.dkim.amazonses.com` }];
    const history = {
      lastHealthyAt: hoursAgo(1),
      absentSince: hoursAgo(0.5),
      absentRecords: [lost],
      lastRecords,
      lastNameServers: [dnsName('ns1.old.example')],
    };
    const one = alone({ history, answer: only(0, NXDOMAIN) }, 'record-missing');
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

  test('of names that were never seen nothing is said to have been: another method, or new tokens', () => {
    const former = {
      lastHealthyAt: hoursAgo(20),
      absentSince: hoursAgo(10),
      absentRecords: [dnsName('old._domainkey.example.com')],
      lastRecords: [{ name: dnsName('old._domainkey.example.com'), type: 'CNAME' as const, value: 'old.dkim.amazonses.com' }],
      lastNameServers: [dnsName('ns1.old.example')],
    };
    for (const method of ['byodkim', 'easy'] as const) {
      const scene: Scene = { method, history: former, ses: { status: 'PENDING' }, answer: only('all', NXDOMAIN) };
      const one = alone(scene, 'record-missing');
      expect(one.facts).toMatchObject({ since: NOW, lastSeen: [] });
      expect([one.facts.lastHealthyAt, one.facts.movedFrom]).toEqual([undefined, undefined]);
      const { identity } = evidence(scene);
      const { meaning, fix } = toReportFinding(one, subjectOf({ identity }));
      expect(meaning).not.toContain('Last seen right');
      expect(fix.join(' ')).not.toContain('put back');
    }
  });

  test('without a last healthy time the clock starts where SES still said SUCCESS; a name server added is no move', () => {
    const first = alone({ history: 'first-sight', answer: only(0, NXDOMAIN) }, 'record-missing');
    expect(first.deadlines.map(({ name, at, countedFrom }) => [name, at, countedFrom])).toEqual([
      ['sending-lost', hoursAgo(0.5 - 72), hoursAgo(0.5)],
      ['signing-lost', hoursAgo(0.5 - 120), hoursAgo(0.5)],
    ]);
    expect(first.facts.since).toBe(NOW);
    const added: Scene = { history: { lastNameServers: [dnsName('ns1.example.net')] }, answer: only(0, NXDOMAIN) };
    expect(alone(added, 'record-missing').facts.movedFrom).toBeUndefined();
  });

  test.each<[string, Partial<SesFacts>, string | undefined]>([
    ['the last check succeeded: by the word SUCCESS', { lastSuccessAt: hoursAgo(30), lastCheckedAt: hoursAgo(30) }, hoursAgo(0.5)],
    ['a check since then did not: from the last success', { lastSuccessAt: hoursAgo(30), lastCheckedAt: hoursAgo(4) }, hoursAgo(30)],
    ['it noticed: from the last success', { status: 'TEMPORARY_FAILURE', lastSuccessAt: hoursAgo(30) }, hoursAgo(30)],
    ['it noticed, and its last success is long ago: nothing', { status: 'TEMPORARY_FAILURE', lastSuccessAt: hoursAgo(3000) }, undefined],
    ['it noticed, and never said when it succeeded: nothing', { status: 'TEMPORARY_FAILURE' }, undefined],
  ])('nobody saw the records right, and SES says: %s', (_, ses, from) => {
    const { deadlines } = alone({ history: 'first-sight', answer: only(0, NXDOMAIN), ses }, 'record-missing');
    expect(deadlines.find(({ name }) => name === 'signing-lost')?.countedFrom).toBe(from);
  });

  test('the key seen last is offered again, encoded anew', () => {
    const lastRecords = [
      {
        name: dnsName('s1._domainkey.example.com'),
        type: 'TXT' as const,
        value: `v=DKIM1; k=rsa; n=hostile; p=${KEY.slice(0, 40)} ${KEY.slice(40)}`,
      },
    ];
    const one = alone({ method: 'byodkim', history: { lastRecords }, answer: only('all', NXDOMAIN) }, 'record-missing');
    expect(one.records).toEqual([{ type: 'TXT', name: 's1._domainkey.example.com', token: 's1', publicKey: KEY }]);
  });
});
