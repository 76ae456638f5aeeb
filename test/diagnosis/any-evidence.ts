// Evidence of every kind, right and wrong and nonsense, for what must hold whatever it is.
import fc from 'fast-check';
import type { Evidence, MailRound, RecordEvidence } from '../../lambda/model/evidence.ts';
import type { DnsRecord, Lookup, Outcome, QuestionType } from '../../lambda/model/lookup.ts';
import { type DnsName, dnsName } from '../../lambda/model/names.ts';
import {
  APEX,
  evidence,
  hoursAgo,
  NOW,
  NXDOMAIN,
  OTHER_KEY,
  REFUSED,
  right,
  SERVFAIL,
  SILENT,
  serverOf,
  soaAnswer,
  TOKENS,
  txt,
} from './build.ts';

const junk = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.constantFrom('', '.', 'example.com', 'p=', `${TOKENS[0]}.dkim.amazonses.com`, '\u0000\u202e'),
);
const name = fc.oneof(junk, fc.constantFrom(...TOKENS.map((token) => `${token}._domainkey.example.com`), 's1._domainkey.example.com'));
const dnsRecord: fc.Arbitrary<DnsRecord> = fc.oneof(
  fc.record({ type: fc.constantFrom('CNAME' as const, 'NS' as const), name, ttl: fc.integer(), value: name }),
  fc.record({ type: fc.constant('A' as const), name, ttl: fc.integer(), value: junk }),
  fc.record({ type: fc.constant('MX' as const), name, ttl: fc.integer(), preference: fc.integer(), value: junk }),
  fc.record({ type: fc.constant('TXT' as const), name, ttl: fc.integer(), strings: fc.array(junk, { maxLength: 3 }) }),
  fc.record({
    type: fc.constant('SOA' as const),
    name,
    ttl: fc.integer(),
    primary: junk,
    serial: fc.double(),
    refresh: fc.double(),
    minimum: fc.integer(),
  }),
);
const outcome: fc.Arbitrary<Outcome> = fc.oneof(
  fc.record({ kind: fc.constant('answer' as const), aa: fc.boolean(), records: fc.array(dnsRecord, { maxLength: 4 }) }),
  fc.constantFrom<Outcome>(
    NXDOMAIN,
    SERVFAIL,
    REFUSED,
    SILENT,
    soaAnswer(),
    { kind: 'absent', how: 'nodata', aa: false },
    { kind: 'not-asked', how: 'out-of-time' },
  ),
);
const type = fc.constantFrom<QuestionType>('TXT', 'CNAME', 'SOA');
const lookup: fc.Arbitrary<Lookup> = fc.record({
  server: fc.integer({ min: 0, max: 2 }).map((i) => serverOf(i, `192.0.2.${i + 1}`)),
  question: fc.record({ name: name.map((text) => text as DnsName), type }),
  outcome,
  at: fc.constantFrom(NOW, 'nonsense'),
});

/** One server's answer to a record's own question: right, or anything at all. */
const about = (record: RecordEvidence['record']): fc.Arbitrary<Lookup> =>
  fc
    .record({ i: fc.integer({ min: 0, max: 2 }), kind: fc.constantFrom<'TXT' | 'CNAME'>('TXT', 'CNAME'), good: fc.boolean(), outcome })
    .map(({ i, kind, good, outcome: other }) => ({
      server: serverOf(i, `192.0.2.${i + 1}`),
      question: { name: record.name, type: kind },
      outcome: good ? right(record, kind) : other,
      at: NOW,
    }));

const BOUNCE = dnsName('bounce.example.com');
const atBounce = (kind: 'MX' | 'TXT'): fc.Arbitrary<readonly Lookup[]> =>
  fc.array(
    outcome.map((one): Lookup => ({ server: serverOf(0, '192.0.2.1'), question: { name: BOUNCE, type: kind }, outcome: one, at: NOW })),
    { maxLength: 2 },
  );
const mailRound: fc.Arbitrary<MailRound> = fc.record({ mx: atBounce('MX'), txt: atBounce('TXT'), servers: fc.integer({ min: 0, max: 3 }) });
const atDmarc = (one: Outcome): Lookup => ({
  server: { role: 'resolver', address: '198.51.100.53' },
  question: { name: dnsName('_dmarc.example.com'), type: 'TXT' },
  outcome: one.kind === 'answer' ? { ...one, records: [txt('_dmarc.example.com', 'v=DMARC1; p=reject'), ...one.records] } : one,
  at: NOW,
});

/** What one sweep may come to know of one identity, however odd. */
export const anyEvidence: fc.Arbitrary<Evidence> = fc
  .record({
    method: fc.constantFrom('easy' as const, 'byodkim' as const, 'none' as const, 'deed' as const),
    status: fc.constantFrom(
      'NOT_STARTED' as const,
      'PENDING' as const,
      'SUCCESS' as const,
      'TEMPORARY_FAILURE' as const,
      'FAILED' as const,
      'UNKNOWN' as const,
    ),
    signing: fc.boolean(),
    confirmed: fc.boolean(),
    outOfTime: fc.boolean(),
    quick: fc.integer({ min: 0, max: 3 }).map((n) => n === 0),
    maySend: fc.constantFrom(true, false, undefined),
    errorType: fc.constantFrom('INVALID_VALUE', 'REPLICATION_ACCESS_DENIED', 'junk\u202e'),
    keyLength: fc.constantFrom('RSA_1024_BIT', 'RSA_2048_BIT'),
    lastSuccessAt: fc.constantFrom(hoursAgo(1), hoursAgo(2000), undefined),
    serverTroubleSweeps: fc.integer({ min: 0, max: 3 }),
    offAirSweeps: fc.integer({ min: 0, max: 3 }),
    mailFrom: fc.option(
      fc.record({
        domain: fc.constant(BOUNCE),
        status: fc.oneof(fc.constantFrom('SUCCESS', 'PENDING', 'FAILED', 'TEMPORARY_FAILURE'), junk),
        rejects: fc.boolean(),
      }),
      { nil: undefined },
    ),
    mail: fc.option(fc.record({ first: mailRound, second: mailRound }), { nil: undefined }),
    dmarc: fc.option(
      fc.array(
        outcome.map((one) => atDmarc(one)),
        { maxLength: 2 },
      ),
      { nil: undefined },
    ),
    sesSide: fc.array(lookup, { maxLength: 3 }),
    gone: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    absenceConfirmed: fc.boolean(),
    unknownSweeps: fc.integer({ min: 0, max: 5 }),
    soa: fc.array(lookup, { maxLength: 4 }),
    goodSoa: fc.boolean(),
    at: fc.constantFrom(hoursAgo(1), hoursAgo(100), 'nonsense'),
  })
  .chain((draw) => {
    const { method, status, signing, confirmed, outOfTime, absenceConfirmed, unknownSweeps, at, goodSoa, mailFrom, lastSuccessAt } = draw;
    const { maySend, errorType, keyLength, serverTroubleSweeps, offAirSweeps } = draw;
    const base = evidence({
      method,
      ses: {
        status,
        signing,
        lastKeyGeneratedAt: at,
        lastCheckedAt: at,
        errorType,
        currentKeyLength: keyLength,
        soa: { primaryNameServer: 'ns.old.example' },
        ...(mailFrom === undefined ? {} : { mailFrom }),
        ...(lastSuccessAt === undefined ? {} : { lastSuccessAt }),
        ...(maySend === undefined ? {} : { verifiedForSending: maySend }),
      },
      history: {
        ...(absenceConfirmed ? { absentRecords: TOKENS.map((token) => dnsName(`${token}._domainkey.example.com`)) } : {}),
        unknownSweeps,
        serverTroubleSweeps,
        offAirSweeps,
        maySend: maySend === false,
        lastRecords: [{ name: dnsName('s1._domainkey.example.com'), type: 'TXT', value: `p=${OTHER_KEY}` }],
        lastHealthyAt: at,
        pendingSince: at,
        dnsRightSince: at,
        brokenSince: at,
      },
    });
    const lookups = (one: RecordEvidence): fc.Arbitrary<readonly Lookup[]> =>
      fc.array(fc.oneof(about(one.record), lookup), { maxLength: 6 });
    const records = fc.tuple(
      ...base.dns.records.map((one) =>
        fc.record<RecordEvidence>({
          record: fc.constant(one.record),
          lookups: lookups(one),
          confirmation: lookups(one),
          doubled: lookups(one),
          beside: lookups(one),
          besideDoubled: lookups(one),
          misplaced: lookups(one),
          besideMisplaced: lookups(one),
          addresses: lookups(one),
          besideAddresses: lookups(one),
          resolvers: lookups(one),
          unchecked: lookups(one),
          resolversAgain: lookups(one),
          uncheckedAgain: lookups(one),
        }),
      ),
    );
    return records.map(
      (drawn): Evidence => ({
        ...base,
        dns: {
          ...base.dns,
          level: draw.quick ? 'quick' : 'panel',
          records: drawn,
          confirmed,
          outOfTime,
          ...(draw.gone ? { delegation: { kind: 'gone', registrable: APEX, how: 'nxdomain', lookups: [] } as const } : {}),
          ...(goodSoa ? {} : { soa: draw.soa, soaConfirmation: draw.soa }),
          ...(draw.mail === undefined ? {} : { mail: draw.mail }),
          ...(draw.dmarc === undefined ? {} : { dmarc: draw.dmarc }),
          sesSide: draw.sesSide,
        },
      }),
    );
  });
