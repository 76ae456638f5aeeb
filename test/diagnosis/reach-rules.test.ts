import type { RecordEvidence } from '../../lambda/model/evidence.ts';
import type { ExpectedRecord } from '../../lambda/model/expectation.ts';
import type { Lookup, Outcome } from '../../lambda/model/lookup.ts';
import { dnsName } from '../../lambda/model/names.ts';
import {
  answer,
  cname,
  evidence,
  hoursAgo,
  KEY,
  lookup,
  NODATA,
  NXDOMAIN,
  only,
  REFUSED,
  right,
  type Scene,
  SERVFAIL,
  SILENT,
  TOKENS,
  txt,
} from './build.ts';
import { alone, type Case, outcomeOf } from './say.ts';

const resolver = (address: string, record: ExpectedRecord, outcome: Outcome): Lookup =>
  lookup({ role: 'resolver', address }, record.name, 'TXT', outcome);

describe('dnssec-bogus', () => {
  const COM = { type: 'SOA' as const, name: 'com', ttl: 900, primary: 'a.gtld-servers.net', serial: 1, refresh: 1800, minimum: 900 };
  const CHECKED: Outcome = { kind: 'answer', aa: false, ad: true, records: [COM] };
  const UNCHECKED: Outcome = { kind: 'answer', aa: false, records: [COM] };
  /** What the resolvers say to the control question: all is well with the first, if nothing else is said. */
  const control = (...outcomes: readonly Outcome[]): readonly Lookup[] =>
    outcomes.map((outcome, i) => lookup({ role: 'resolver', address: `198.51.100.${i + 1}` }, dnsName('com'), 'SOA', outcome));
  const proven = (scene: Scene): Scene => ({ ...scene, dns: { validation: control(CHECKED), ...scene.dns } });
  /** What one resolver says with the check and without it, in either round; `again` absent: not asked a second time. */
  const view = (
    first: Outcome,
    unchecked: Outcome | undefined,
    again?: Outcome,
    uncheckedAgain: Outcome | undefined = unchecked,
  ): NonNullable<Scene['about']> => {
    const one = (record: ExpectedRecord, outcome: Outcome | undefined) =>
      outcome === undefined ? [] : [resolver('198.51.100.1', record, outcome)];
    return (record) => ({
      resolvers: one(record, first),
      unchecked: one(record, unchecked),
      resolversAgain: one(record, again),
      uncheckedAgain: again === undefined ? [] : one(record, uncheckedAgain),
    });
  };
  const good = (record: ExpectedRecord): Outcome => {
    const target = record.type === 'CNAME' ? record.target : record.name;
    return answer(cname(record.name, target), txt(target, `p=${KEY}`));
  };
  const elsewhere: NonNullable<Scene['about']> = (record) => ({
    resolvers: [resolver('198.51.100.1', record, SERVFAIL), resolver('198.51.100.2', record, good(record))],
    unchecked: [resolver('198.51.100.1', record, SERVFAIL), resolver('198.51.100.2', record, good(record))],
  });
  test.each<Case>([
    ['refused, answered without the check, twice', { about: (r) => view(SERVFAIL, good(r), SERVFAIL)(r) }, 'broken dnssec-bogus/critical'],
    [
      'known from before, and refused again',
      { about: (r) => view(SERVFAIL, good(r))(r), rounds: 1, dns: { confirmed: true } },
      'broken dnssec-bogus/critical',
    ],
    ['while pending', { ses: { status: 'PENDING' }, about: (r) => view(SERVFAIL, good(r), SERVFAIL)(r) }, 'broken dnssec-bogus/critical'],
    [
      'an absence that only the unchecked see: the records are missing too',
      { answer: only('all', NXDOMAIN), about: view(SERVFAIL, NXDOMAIN, SERVFAIL) },
      'broken dnssec-bogus/critical record-missing/critical',
    ],
    // Must not fire:
    ['fails both ways', { about: view(SERVFAIL, SERVFAIL, SERVFAIL) }, 'healthy'],
    ['fails without the check in the second round', { about: (r) => view(SERVFAIL, good(r), SERVFAIL, SERVFAIL)(r) }, 'healthy'],
    ['recovered in the second round', { about: (r) => view(SERVFAIL, good(r), good(r))(r) }, 'healthy'],
    ['one fails both ways, another answers', { about: elsewhere }, 'healthy'],
    ['not asked without the check', { about: view(SERVFAIL, undefined, SERVFAIL) }, 'healthy'],
    ['silent, not refusing', { about: (r) => view(SILENT, good(r), SILENT)(r) }, 'healthy'],
    ['not confirmed', { about: (r) => view(SERVFAIL, good(r))(r), rounds: 1, dns: { confirmed: false } }, 'healthy'],
    [
      'nobody of the domain’s own servers answers',
      { answer: only('all', SILENT), about: (r) => view(SERVFAIL, good(r), SERVFAIL)(r) },
      'unknown(dns-unanswered)',
    ],
  ])('%s', (_, scene, said) => expect(outcomeOf(proven(scene))).toBe(said));

  /** The first resolver refuses, the second says `other`, in both rounds. */
  const beside = (other: (record: ExpectedRecord) => Outcome): NonNullable<Scene['about']> => {
    const both = (record: ExpectedRecord, first: Outcome) => [
      resolver('198.51.100.1', record, first),
      resolver('198.51.100.2', record, other(record)),
    ];
    return (record) => ({
      resolvers: both(record, SERVFAIL),
      unchecked: [resolver('198.51.100.1', record, good(record)), resolver('198.51.100.2', record, good(record))],
      resolversAgain: both(record, SERVFAIL),
      uncheckedAgain: [resolver('198.51.100.1', record, good(record)), resolver('198.51.100.2', record, good(record))],
    });
  };
  test.each<readonly [string, NonNullable<Scene['about']>, readonly Lookup[] | undefined, string]>([
    ['the control fails', (r) => view(SERVFAIL, good(r), SERVFAIL)(r), control(SERVFAIL), 'healthy'],
    ['the control is answered unchecked', (r) => view(SERVFAIL, good(r), SERVFAIL)(r), control(UNCHECKED), 'healthy'],
    ['the control is silent', (r) => view(SERVFAIL, good(r), SERVFAIL)(r), control(SILENT), 'healthy'],
    ['the control was not asked', (r) => view(SERVFAIL, good(r), SERVFAIL)(r), undefined, 'healthy'],
    ['another one validates and answers', beside(good), control(CHECKED, CHECKED), 'unknown(unconfirmed)'],
    ['another one validates and finds nothing', beside(() => NXDOMAIN), control(CHECKED, CHECKED), 'unknown(unconfirmed)'],
    ['another one answers, and does not validate', beside(good), control(CHECKED, UNCHECKED), 'broken dnssec-bogus/critical'],
    ['another one validates, and is silent', beside(() => SILENT), control(CHECKED, CHECKED), 'broken dnssec-bogus/critical'],
    ['both refuse', beside(() => SERVFAIL), control(CHECKED, CHECKED), 'broken dnssec-bogus/critical'],
    ['both refuse, and one of them refuses everything', beside(() => SERVFAIL), control(SERVFAIL, CHECKED), 'broken dnssec-bogus/critical'],
    ['only the one that refuses everything refuses', beside(good), control(SERVFAIL, CHECKED), 'healthy'],
  ])('two resolvers, or a control question: %s', (_, about, validation, said) =>
    expect(outcomeOf({ about, dns: { ...(validation ? { validation } : {}) } })).toBe(said),
  );

  test('names the resolver and the names, and shows both answers', () => {
    const one = alone(proven({ about: (r) => (r.token === TOKENS[0] ? view(SERVFAIL, good(r), SERVFAIL)(r) : {}) }), 'dnssec-bogus');
    expect(one.facts).toEqual({ resolvers: ['198.51.100.1'], names: [`${TOKENS[0]}._domainkey.example.com`] });
    expect(one.evidence.map(({ outcome }) => outcome.kind).sort()).toEqual(['answer', 'answer', 'answer', 'broken', 'broken']);
    expect(one.evidence.at(-1)?.question).toEqual({ name: 'com', type: 'SOA' });
  });
});

describe('zone-elsewhere', () => {
  const there = (...outcomes: readonly Outcome[]): Scene => {
    const { expectation } = evidence();
    const records = expectation.kind === 'records' ? expectation.records : [];
    const sesSide = records.map((record, i) =>
      lookup(
        { role: 'authoritative', name: dnsName('ns.old.example'), address: '203.0.113.5' },
        record.name,
        'TXT',
        outcomes[i % outcomes.length] ?? right(record, 'TXT'),
      ),
    );
    return {
      ses: { status: 'TEMPORARY_FAILURE', errorType: 'HOST_NOT_FOUND', soa: { primaryNameServer: 'NS.old.example.' } },
      dns: { sesSide },
    };
  };
  const pending = (hours: number): Scene => ({
    ...there(NXDOMAIN),
    ses: { status: 'PENDING', lastKeyGeneratedAt: hoursAgo(hours), soa: { primaryNameServer: 'ns.old.example' } },
    history: { lastSuccessAt: hoursAgo(1000) },
  });
  test.each<Case>([
    ['not there at the other host', there(NXDOMAIN), 'broken zone-elsewhere/warning'],
    ['other values at the other host', there(answer(txt('x.example', 'x'))), 'broken zone-elsewhere/warning'],
    ['the other host is silent', there(SILENT), 'broken zone-elsewhere/warning'],
    ['the other host does not serve it any more', there(REFUSED), 'broken zone-elsewhere/warning'],
    ['pending for too long', pending(80), 'broken zone-elsewhere/warning'],
    // Must not fire:
    ['pending in time', pending(5), 'healthy verification-pending/notice'],
    ['SES agrees', { ...there(NXDOMAIN), ses: { soa: { primaryNameServer: 'ns.old.example' } } }, 'healthy'],
    ['the records are right there too', there(), 'broken ses-cannot-verify/warning'],
    ['the other host was not asked', { ...there(), dns: { sesSide: [] } }, 'broken ses-cannot-verify/warning'],
    [
      'the other host has no address that may be asked',
      there({ kind: 'not-asked', how: 'address-refused' }),
      'broken ses-cannot-verify/warning',
    ],
    [
      'it is one of the domain’s own servers',
      { ...there(NXDOMAIN), ses: { status: 'TEMPORARY_FAILURE', soa: { primaryNameServer: 'ns2.example.net' } } },
      'broken ses-cannot-verify/warning',
    ],
    [
      'SES named nonsense',
      { ...there(NXDOMAIN), ses: { status: 'TEMPORARY_FAILURE', soa: { primaryNameServer: '..' } } },
      'broken ses-cannot-verify/warning',
    ],
    ['the records are missing here', { ...there(NXDOMAIN), answer: only(0, NXDOMAIN) }, 'broken record-missing/critical'],
  ])('%s', (_, scene, said) => expect(outcomeOf(scene)).toBe(said));

  test.each([
    ['absent', there(NXDOMAIN)],
    ['absent', there(NXDOMAIN, SILENT)],
    ['wrong', there(answer(txt('x.example', 'x')))],
    ['no-answer', there(SILENT)],
  ] as const)('there: %s', (said, scene) => {
    expect(alone(scene, 'zone-elsewhere').facts).toEqual({
      sesPrimary: 'ns.old.example',
      ourPrimary: 'ns1.example.net',
      nameServers: ['ns1.example.net', 'ns2.example.net'],
      there: said,
      errorType: 'HOST_NOT_FOUND',
    });
  });

  test('records that are still there, and missing here, are told as a move', () => {
    expect(alone({ ...there(), answer: only('all', NXDOMAIN) }, 'record-missing').facts.stillAt).toBe('ns.old.example');
    expect(alone({ ...there(NXDOMAIN), answer: only('all', NXDOMAIN) }, 'record-missing').facts.stillAt).toBeUndefined();
  });
});

describe('target-has-no-key', () => {
  const ends = (record: ExpectedRecord, ...values: readonly string[]): Outcome => {
    const target = record.type === 'CNAME' ? record.target : record.name;
    return answer(cname(record.name, target), ...values.map((value) => txt(target, value)));
  };
  const empty: NonNullable<Scene['resolvers']> = (r) => [ends(r)];
  const again = (outcome: (r: ExpectedRecord) => Outcome): NonNullable<Scene['about']> => {
    return (r): Partial<RecordEvidence> => ({ resolversAgain: [resolver('198.51.100.53', r, outcome(r))] });
  };
  const pending = (hours: number): Scene => ({
    ses: { status: 'PENDING', lastKeyGeneratedAt: hoursAgo(hours) },
    history: { lastSuccessAt: hoursAgo(1000) },
    resolvers: empty,
  });
  test.each<Case>([
    ['nothing behind all three', { resolvers: empty }, 'broken target-has-no-key/warning'],
    ['an empty text behind each', { resolvers: (r) => [ends(r, '')] }, 'broken target-has-no-key/warning'],
    ['a key taken back behind each', { resolvers: (r) => [ends(r, 'v=DKIM1; p=')] }, 'broken target-has-no-key/warning'],
    ['the same in the second round', { resolvers: empty, about: again((r) => ends(r)) }, 'broken target-has-no-key/warning'],
    ['it explains why SES doubts', { ses: { status: 'TEMPORARY_FAILURE' }, resolvers: empty }, 'broken target-has-no-key/warning'],
    ['one resolver finds nothing, the other is silent', { resolvers: (r) => [ends(r), SILENT] }, 'broken target-has-no-key/warning'],
    ['pending for too long', pending(80), 'broken target-has-no-key/warning'],
    // Must not fire:
    ['one of three has a key', { resolvers: (r) => [r.token === TOKENS[1] ? ends(r, `p=${KEY}`) : ends(r)] }, 'healthy'],
    ['pending in time', pending(5), 'healthy verification-pending/notice'],
    [
      'SES has given up: it publishes nothing then',
      { ses: { status: 'FAILED' }, history: 'first-sight', resolvers: empty },
      'broken verification-failed/critical',
    ],
    ['one resolver finds a key', { resolvers: (r) => [ends(r), ends(r, `p=${KEY}`)] }, 'healthy'],
    ['a key in the second round', { resolvers: empty, about: again((r) => ends(r, `p=${KEY}`)) }, 'healthy'],
    ['nobody answered in the second round', { resolvers: empty, about: again(() => SILENT) }, 'healthy'],
    ['the resolvers fail', { resolvers: () => [SERVFAIL, SILENT] }, 'healthy'],
    ['the resolvers were not asked', {}, 'healthy'],
    ['the resolvers remember that nothing was there', { resolvers: () => [NXDOMAIN] }, 'healthy'],
    ['the resolvers remember where it led before', { resolvers: (r) => [answer(cname(r.name, 'parking.example'))] }, 'healthy'],
    ['not confirmed', { rounds: 1, resolvers: empty }, 'healthy'],
    ['a key of one’s own', { method: 'byodkim', resolvers: () => [NODATA] }, 'healthy'],
    ['a record is missing: that is first', { answer: only(0, NXDOMAIN), resolvers: empty }, 'broken record-missing/critical'],
  ])('%s', (_, scene, said) => expect(outcomeOf(scene)).toBe(said));

  test('names the targets', () => {
    const one = alone({ resolvers: empty }, 'target-has-no-key');
    expect(one.facts.targets).toEqual(TOKENS.map((token) => `${token}.dkim.amazonses.com`));
    expect(one.evidence.every(({ server }) => server.role === 'resolver')).toBe(true);
  });
});
