import fc from 'fast-check';
import { EXAMPLE_SUBJECT } from '../../lambda/diagnosis/catalog/example.ts';
import { wordsFor } from '../../lambda/diagnosis/catalog.ts';
import { diagnose } from '../../lambda/diagnosis/diagnose.ts';
import { nextHistory } from '../../lambda/diagnosis/history.ts';
import { toReportFinding } from '../../lambda/diagnosis/report-finding.ts';
import { looksRight } from '../../lambda/dkim/questions.ts';
import type { Evidence, RecordEvidence } from '../../lambda/model/evidence.ts';
import { isBlindness } from '../../lambda/model/finding.ts';
import type { DnsRecord, Lookup, Outcome, QuestionType } from '../../lambda/model/lookup.ts';
import { type DnsName, dnsName } from '../../lambda/model/names.ts';
import { evidence, hoursAgo, NOW, NXDOMAIN, right, SERVFAIL, SILENT, serverOf, soaAnswer, TOKENS } from './build.ts';

const junk = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.constantFrom('', '.', 'example.com', 'p=', `${TOKENS[0]}.dkim.amazonses.com`, '\u0000\u202e'),
);
const name = fc.oneof(junk, fc.constantFrom(...TOKENS.map((token) => `${token}._domainkey.example.com`), 's1._domainkey.example.com'));
const dnsRecord: fc.Arbitrary<DnsRecord> = fc.oneof(
  fc.record({ type: fc.constantFrom('CNAME' as const, 'NS' as const), name, ttl: fc.integer(), value: name }),
  fc.record({ type: fc.constant('A' as const), name, ttl: fc.integer(), value: junk }),
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

const anyEvidence: fc.Arbitrary<Evidence> = fc
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
    absenceConfirmed: fc.boolean(),
    unknownSweeps: fc.integer({ min: 0, max: 5 }),
    soa: fc.array(lookup, { maxLength: 4 }),
    goodSoa: fc.boolean(),
    at: fc.constantFrom(hoursAgo(1), hoursAgo(100), 'nonsense'),
  })
  .chain((draw) => {
    const { method, status, signing, confirmed, outOfTime, absenceConfirmed, unknownSweeps, at, goodSoa } = draw;
    const base = evidence({
      method,
      ses: { status, signing, lastKeyGeneratedAt: at, lastCheckedAt: at, errorType: 'INVALID_VALUE' },
      history: {
        ...(absenceConfirmed ? { absentRecords: TOKENS.map((token) => dnsName(`${token}._domainkey.example.com`)) } : {}),
        unknownSweeps,
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
        dns: { ...base.dns, records: drawn, confirmed, outOfTime, ...(goodSoa ? {} : { soa: draw.soa, soaConfirmation: draw.soa }) },
      }),
    );
  });

const seenRight = ({ expectation, dns }: Evidence): boolean =>
  expectation.kind === 'records' &&
  expectation.records.every((record) =>
    dns.records.some(
      (one) =>
        one.record.name === record.name &&
        [...one.lookups, ...one.confirmation].some(
          (lookup) =>
            looksRight(lookup, record) ||
            // A chain that leaves the zone is seen to its end by a resolver only.
            (lookup.outcome.kind === 'answer' && lookup.outcome.aa && one.resolvers.some((other) => other.outcome.kind === 'answer')),
        ),
    ),
  );

test('whatever the evidence: no exception, no false "healthy", and every answer is one of the three', () => {
  fc.assert(
    fc.property(anyEvidence, (known) => {
      const diagnosis = diagnose(known);
      const counts = diagnosis.findings.some(({ kind, severity }) => severity !== 'notice' && !isBlindness(kind));
      expect(diagnosis.kind === 'broken').toBe(counts);
      if (diagnosis.kind === 'healthy') expect(seenRight(known)).toBe(true);
      for (const finding of diagnosis.findings) {
        expect(finding.evidence.length).toBeLessThanOrEqual(20);
        expect(() => toReportFinding(finding, EXAMPLE_SUBJECT)).not.toThrow();
        expect(wordsFor(finding, EXAMPLE_SUBJECT).meaning).not.toContain('undefined');
      }
      const history = nextHistory(known, diagnosis);
      expect(JSON.parse(JSON.stringify(history))).toEqual(history);
    }),
    { numRuns: 600 },
  );
});

test('missing is never said while any server, in its last word, has the record or while fewer than two addresses deny it', () => {
  fc.assert(
    fc.property(anyEvidence, (known) => {
      for (const finding of diagnose(known).findings) {
        if (finding.kind !== 'record-missing') continue;
        for (const { name } of finding.records) {
          const one = known.dns.records.find(({ record }) => record.name === name);
          const denying = one?.lookups.filter(
            ({ question, outcome: said }) => question.name === name && (said.kind === 'absent' || said.kind === 'answer'),
          );
          expect(new Set(denying?.map(({ server }) => server.address)).size).toBeGreaterThanOrEqual(2);
        }
      }
    }),
    { numRuns: 400 },
  );
});
