// Evidence of troubles as they come: every kind of finding occurs among it, often enough for a property to mean something.
import fc from 'fast-check';
import type { Evidence, IdentityHistory, RecordEvidence } from '../../lambda/model/evidence.ts';
import type { ExpectedRecord } from '../../lambda/model/expectation.ts';
import type { SesFacts } from '../../lambda/model/identity.ts';
import type { Lookup, Outcome } from '../../lambda/model/lookup.ts';
import { dnsName } from '../../lambda/model/names.ts';
import {
  APEX,
  type Asked,
  answer,
  atFirst,
  cname,
  evidence,
  hoursAgo,
  KEY,
  lookup,
  NODATA,
  NXDOMAIN,
  OTHER_KEY,
  REFUSED,
  right,
  rsaKey,
  type Scene,
  SERVFAIL,
  SILENT,
  soaAnswer,
  TOKENS,
  txt,
} from './build.ts';

const WEAK_KEY = rsaKey(1024);
const SHORT_KEY = rsaKey(512);
const RESOLVER = { role: 'resolver', address: '198.51.100.53' } as const;
/** To the control question about a name that is surely signed: a resolver that validates, and one that does not say so. */
const control = (ad: boolean): readonly Lookup[] => {
  const com = { type: 'SOA' as const, name: 'com', ttl: 900, primary: 'a.gtld-servers.net', serial: 1, refresh: 1800, minimum: 900 };
  return [lookup(RESOLVER, dnsName('com'), 'SOA', { kind: 'answer', aa: false, ...(ad ? { ad } : {}), records: [com] })];
};

/** What may be wrong with one record: answers of its servers, and what else is known then. */
interface Fault {
  readonly answer: (asked: Asked) => Outcome | undefined;
  readonly about?: (record: ExpectedRecord) => Partial<RecordEvidence>;
}
const always = (outcome: (record: ExpectedRecord) => Outcome): Fault => ({ answer: ({ record }) => outcome(record) });
const text = (value: string): Fault => ({ answer: ({ record, type }) => (type === 'TXT' ? answer(txt(record.name, value)) : NODATA) });
const atResolvers = (outcome: (record: ExpectedRecord) => Outcome, unchecked?: (record: ExpectedRecord) => Outcome): Fault => ({
  answer: () => undefined,
  about: (record) => ({
    resolvers: [lookup(RESOLVER, record.name, 'TXT', outcome(record))],
    unchecked: unchecked === undefined ? [] : [lookup(RESOLVER, record.name, 'TXT', unchecked(record))],
  }),
});
const found = (record: ExpectedRecord, at: string, type: 'TXT' = 'TXT'): Lookup => {
  const there = { ...record, name: dnsName(at) };
  return atFirst(at, type, right(there, type));
};
const probe = (outcome: Outcome): readonly Lookup[] => [atFirst('x1._domainkey.example.com', 'TXT', outcome)];

const FINE: Fault = { answer: () => undefined };
const EITHER: readonly Fault[] = [
  always(() => NXDOMAIN),
  always(() => NODATA),
  { answer: ({ server }) => (server === 0 ? NXDOMAIN : undefined) },
  { answer: ({ type }) => (type === 'TXT' ? SERVFAIL : undefined) },
  { answer: ({ round }) => (round === 1 ? NXDOMAIN : undefined) },
  always(() => SILENT),
  always(() => SERVFAIL),
  { ...always(() => NXDOMAIN), about: (r) => ({ doubled: [found(r, `${r.name}.example.com`)], besideDoubled: probe(NXDOMAIN) }) },
  { ...always(() => NXDOMAIN), about: (r) => ({ misplaced: [found(r, `${r.token}.example.com`)], besideMisplaced: probe(NXDOMAIN) }) },
  {
    ...always((r) => answer(cname(r.name, 'parking.example'), txt('parking.example', 'parked'))),
    about: (r) => ({
      beside: probe(answer(cname('x1._domainkey.example.com', 'parking.example'), txt('parking.example', 'parked'))),
      resolvers: [lookup(RESOLVER, r.name, 'TXT', answer(cname(r.name, 'parking.example'), txt('parking.example', 'parked')))],
    }),
  },
  atResolvers(
    () => SERVFAIL,
    (r) => right(r, 'TXT'),
  ),
];
const OF_CNAME: readonly Fault[] = [
  {
    ...always((r) => answer(cname(r.name, 'wrong.dkim.amazonses.com'), txt('wrong.dkim.amazonses.com', ''))),
    about: (r) => ({ resolvers: [lookup(RESOLVER, r.name, 'TXT', answer(cname(r.name, 'wrong.dkim.amazonses.com')))] }),
  },
  text('pasted.dkim.amazonses.com'),
  text(`p=${KEY}`),
  always((r) => answer(cname(r.name, 'a.example'), cname(r.name, 'b.example'))),
];
const KEYLESS: Fault = atResolvers((r) => (r.type === 'CNAME' ? answer(cname(r.name, r.target)) : right(r, 'TXT')));
const OF_KEY: readonly Fault[] = [
  'v=DKIM1; p=',
  'v=DKIM1; p=not a key',
  `v=DKIM1; k=ed25519; p=${KEY.slice(0, 44)}`,
  `p=${SHORT_KEY}`,
  `s=other; p=${KEY}`,
  `h=sha1; p=${KEY}`,
  `t=y; p=${KEY}`,
  `p=${WEAK_KEY}`,
  `p=${OTHER_KEY}`,
  `p=${OTHER_KEY}`,
].map(text);
const TWO_TEXTS: Fault = {
  answer: ({ record, type }) => (type === 'TXT' ? answer(txt(record.name, `p=${KEY}`), txt(record.name, 'other')) : NODATA),
};

const faultOf = (method: Method): fc.Arbitrary<Fault> =>
  method === 'byodkim'
    ? fc.oneof(
        { weight: 4, arbitrary: fc.constant(FINE) },
        { weight: 3, arbitrary: fc.constantFrom(...EITHER) },
        { weight: 6, arbitrary: fc.constantFrom(...OF_KEY, TWO_TEXTS) },
      )
    : fc.oneof(
        { weight: 5, arbitrary: fc.constant(FINE) },
        { weight: 3, arbitrary: fc.constantFrom(...EITHER) },
        { weight: 2, arbitrary: fc.constantFrom(...OF_CNAME) },
      );

type Method = 'easy' | 'byodkim' | 'deed' | 'none';
const STATUSES: readonly SesFacts['status'][] = [
  ...['SUCCESS', 'SUCCESS', 'SUCCESS', 'PENDING', 'PENDING', 'TEMPORARY_FAILURE', 'TEMPORARY_FAILURE'],
  ...['FAILED', 'NOT_STARTED', 'NOT_STARTED', 'UNKNOWN'],
] as SesFacts['status'][];
const hours = fc.constantFrom(0.2, 1, 5, 20, 80, 700);
/** Rarely, so that whatever else is wrong shows. */
const rarely = fc.integer({ min: 0, max: 14 }).map((n) => n === 0);

const ses: fc.Arbitrary<Partial<SesFacts>> = fc
  .record({
    status: fc.constantFrom(...STATUSES),
    signing: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, fc.constant(false)),
    verifiedForSending: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, fc.constant(false)),
    checked: fc.option(hours, { nil: undefined }),
    success: fc.option(hours, { nil: undefined }),
    made: fc.option(hours, { nil: undefined }),
    errorType: fc.constantFrom(undefined, undefined, 'HOST_NOT_FOUND', 'INVALID_VALUE', 'REPLICATION_ACCESS_DENIED'),
    currentKeyLength: fc.constantFrom('RSA_1024_BIT', 'RSA_2048_BIT'),
    primary: fc.constantFrom(undefined, 'ns.old.example', 'ns1.example.net'),
    mailFrom: fc.constantFrom(undefined, undefined, undefined, 'SUCCESS', 'SUCCESS', 'PENDING', 'FAILED'),
    rejects: fc.boolean(),
  })
  .map(({ checked, success, made, errorType, primary, mailFrom, rejects, ...rest }) => ({
    ...rest,
    ...(checked === undefined ? {} : { lastCheckedAt: hoursAgo(checked) }),
    ...(success === undefined ? {} : { lastSuccessAt: hoursAgo(success) }),
    ...(made === undefined ? {} : { lastKeyGeneratedAt: hoursAgo(made) }),
    ...(errorType === undefined ? {} : { errorType }),
    ...(primary === undefined ? {} : { soa: { primaryNameServer: primary } }),
    ...(mailFrom === undefined ? {} : { mailFrom: { domain: dnsName('bounce.example.com'), status: mailFrom, rejects } }),
  }));

/** At first sight, known for long, or known only since lately. */
const history: fc.Arbitrary<NonNullable<Scene['history']> | IdentityHistory> = fc.oneof(
  { weight: 1, arbitrary: fc.constant('first-sight' as const) },
  {
    weight: 4,
    arbitrary: fc
      .record({
        dnsRightSince: hours.map(hoursAgo),
        pendingSince: hours.map(hoursAgo),
        signing: fc.boolean(),
        maySend: fc.boolean(),
        unknownSweeps: fc.integer({ min: 0, max: 5 }),
        serverTroubleSweeps: fc.integer({ min: 0, max: 3 }),
        offAirSweeps: fc.integer({ min: 0, max: 3 }),
        key: fc.boolean(),
      })
      .map(({ key, ...rest }) => ({
        ...rest,
        ...(key ? { lastRecords: [{ name: dnsName('s1._domainkey.example.com'), type: 'TXT' as const, value: `p=${KEY}` }] } : {}),
      })),
  },
);

const mailAnswers = fc.constantFrom<Outcome>(
  answer({ type: 'MX', name: 'bounce.example.com', ttl: 60, preference: 10, value: 'feedback-smtp.eu-west-1.amazonses.com' }),
  answer({ type: 'MX', name: 'bounce.example.com', ttl: 60, preference: 10, value: 'mx.example.net' }),
  NODATA,
);
const policies = fc.constantFrom<Outcome>(
  answer(txt('_dmarc.example.com', 'v=DMARC1; p=reject')),
  answer(txt('_dmarc.example.com', 'v=DMARC1; p=none')),
  NXDOMAIN,
);

/** One identity with some trouble or none, as a scene would have it; `seldom` is what would hide the rest. */
export const likelyEvidence: fc.Arbitrary<Evidence> = fc
  .constantFrom<Method>('easy', 'easy', 'byodkim', 'byodkim', 'byodkim', 'deed', 'none')
  .chain((method) =>
    fc.record({
      method: fc.constant(method),
      ses,
      history,
      faults: fc.array(faultOf(method), { minLength: 3, maxLength: 3 }),
      /** The same with every record: a lost zone, a DNS host that cannot. */
      alike: fc.integer({ min: 0, max: 3 }).map((n) => n === 0),
      keyless: rarely,
      configured: fc.constantFrom(true, false, false),
      validates: fc.constantFrom(true, true, true, false),
      gone: rarely,
      blind: rarely,
      forgotten: fc.integer({ min: 0, max: 7 }).map((n) => n === 0),
      lame: fc.constantFrom(0, 0, 0, 0, 0, 0, 1, 2),
      rounds: fc.constantFrom<1 | 2>(1, 2, 2, 2),
      mx: mailAnswers,
      policy: policies,
      there: fc.constantFrom(NXDOMAIN, SILENT, answer(txt('x.example', 'x'))),
    }),
  )
  .map((draw) => {
    const { method, faults, alike, keyless, lame, rounds } = draw;
    const fault = (record: ExpectedRecord): Fault =>
      (keyless ? KEYLESS : faults[alike || method === 'byodkim' ? 0 : Math.max(0, TOKENS.indexOf(record.token))]) ?? FINE;
    const atBounce = (type: 'MX' | 'TXT', outcome: Outcome): readonly Lookup[] => [atFirst('bounce.example.com', type, outcome)];
    const round = {
      mx: atBounce('MX', draw.mx),
      txt: atBounce('TXT', answer(txt('bounce.example.com', 'v=spf1 include:amazonses.com ~all'))),
      servers: 1,
    };
    const sesSide = TOKENS.map((token) =>
      lookup(
        { role: 'authoritative', name: dnsName('ns.old.example'), address: '203.0.113.5' },
        `${token}._domainkey.example.com`,
        'TXT',
        draw.there,
      ),
    );
    const forgotten: Scene = {
      ses: { ...draw.ses, status: 'FAILED', verifiedForSending: false, lastKeyGeneratedAt: hoursAgo(900) },
      onlyHistory: { firstSeenAt: hoursAgo(900), unknownSweeps: 0 },
    };
    return evidence({
      method,
      ses: draw.ses,
      history: draw.history as NonNullable<Scene['history']>,
      ...(method === 'none' ? { identity: { tokens: [] } } : {}),
      ...(draw.configured ? { publicKey: KEY } : {}),
      answer: (asked) => (lame === 2 ? REFUSED : draw.blind ? SILENT : fault(asked.record).answer(asked)),
      about: (record) => ({ beside: probe(NXDOMAIN), ...fault(record).about?.(record) }),
      soa: (server) => (lame === 2 || (lame === 1 && server === 0) ? REFUSED : soaAnswer()),
      rounds,
      ...(draw.gone ? { delegation: { kind: 'gone', registrable: APEX, how: 'nxdomain', lookups: [] } } : {}),
      dns: {
        dmarc: [lookup(RESOLVER, '_dmarc.example.com', 'TXT', draw.policy)],
        mail: { first: round, second: round },
        sesSide,
        validation: control(draw.validates),
      },
      ...(draw.forgotten ? forgotten : {}),
    });
  });
