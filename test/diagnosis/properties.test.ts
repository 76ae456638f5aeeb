import fc from 'fast-check';
import { EXAMPLE_SUBJECT } from '../../lambda/diagnosis/catalog/example.ts';
import { wordsFor } from '../../lambda/diagnosis/catalog.ts';
import { diagnose } from '../../lambda/diagnosis/diagnose.ts';
import { nextHistory } from '../../lambda/diagnosis/history.ts';
import { toReportFinding } from '../../lambda/diagnosis/report-finding.ts';
import { looksRight } from '../../lambda/dkim/questions.ts';
import type { Evidence } from '../../lambda/model/evidence.ts';
import { type Finding, type FindingKind, isBlindness } from '../../lambda/model/finding.ts';
import { anyEvidence } from './any-evidence.ts';
import { likelyEvidence } from './likely-evidence.ts';

/** Wild answers, and troubles as they come: of the wild ones alone hardly any is confirmed. */
const anyOrLikely = fc.oneof(anyEvidence, fc.noBias(likelyEvidence));

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

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what must not be there.
const UNSAFE = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

function expectPlainWords(finding: Finding, { identity }: Evidence): void {
  const { method, ses } = identity;
  const { title, meaning, fix } = wordsFor(finding, { ...EXAMPLE_SUBJECT, method, status: ses.status });
  expect(title).not.toContain('\n');
  expect(fix.length).toBeGreaterThan(0);
  for (const words of [title, meaning, ...fix]) {
    expect(words.trim()).not.toBe('');
    expect(words).not.toMatch(UNSAFE);
    expect(words).not.toMatch(/\bundefined\b|\[object|\bNaN\b|\bnull\b/);
  }
}

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
        expectPlainWords(finding, known);
      }
      const history = nextHistory(known, diagnosis);
      expect(JSON.parse(JSON.stringify(history))).toEqual(history);
    }),
    { numRuns: 600 },
  );
});

test('missing is never said while fewer than two voices deny it: two addresses, or one and every resolver', () => {
  let met = 0;
  fc.assert(
    fc.property(anyOrLikely, (known) => {
      for (const finding of diagnose(known).findings) {
        if (finding.kind !== 'record-missing') continue;
        met += 1;
        for (const { name } of finding.records) {
          const one = known.dns.records.find(({ record }) => record.name === name);
          const denying = one?.lookups.filter(
            ({ question, outcome: said }) => question.name === name && (said.kind === 'absent' || said.kind === 'answer'),
          );
          const resolvers = one?.resolvers ?? [];
          const agreed = resolvers.length > 0 && resolvers.every(({ outcome: said }) => said.kind === 'absent');
          expect(new Set(denying?.map(({ server }) => server.address)).size).toBeGreaterThanOrEqual(agreed ? 1 : 2);
        }
      }
    }),
    { numRuns: 1200 },
  );
  expect(met).toBeGreaterThan(3);
});

/** Sections A and B of the catalogue: what is said of DNS, on the word of DNS. */
const BY_DNS: ReadonlySet<FindingKind> = new Set<FindingKind>([
  'domain-gone',
  'nameserver-broken',
  'nameservers-disagree',
  'dnssec-bogus',
  'txt-unanswerable',
  'target-has-no-key',
  'record-wrong-target',
  'record-ambiguous',
  'key-revoked',
  'key-malformed',
  'key-wrong-type',
  'key-too-short',
  'key-testing',
  'key-restricted',
  'key-mismatch',
  'key-changed',
]);
/** They rest on an absence, which is confirmed record by record. */
const BY_ABSENCE: ReadonlySet<FindingKind> = new Set<FindingKind>([
  'record-missing',
  'wildcard-answer',
  'record-name-doubled',
  'record-misplaced',
  'record-wrong-type',
]);
const inDns = (finding: Finding): boolean =>
  finding.severity !== 'notice' &&
  (BY_DNS.has(finding.kind) ||
    BY_ABSENCE.has(finding.kind) ||
    // Waiting and doubt are the word of SES.
    (finding.kind === 'mail-from-broken' && !['ses-status', 'pending'].includes(finding.facts.problem)));

test('a quick look alone says nothing worse than a notice about DNS, and nothing is said of it unconfirmed', () => {
  const told = new Set<FindingKind>();
  fc.assert(
    fc.property(anyOrLikely, (known) => {
      for (const finding of diagnose(known).findings.filter(inDns)) {
        told.add(finding.kind);
        expect([finding.kind, known.dns.level]).toEqual([finding.kind, 'panel']);
        if (known.dns.confirmed) continue;
        expect([...BY_ABSENCE]).toContain(finding.kind);
        for (const { name } of finding.records) {
          const about = known.dns.records.find(({ record }) => record.name === name);
          expect(known.history?.absentRecords?.includes(name) === true || (about?.confirmation.length ?? 0) > 0).toBe(true);
        }
      }
    }),
    { numRuns: 1200 },
  );
  // The evidence is wild enough for the property to mean something.
  expect(told.size).toBeGreaterThan(12);
});

test('what only SES says is told whatever DNS looks like', () => {
  let met = 0;
  fc.assert(
    fc.property(anyOrLikely, (known) => {
      const { ses } = known.identity;
      const kinds = diagnose(known).findings.map(({ kind }) => kind);
      const lost = ses.verifiedForSending === false && known.history?.maySend === true;
      const excused = kinds.includes('domain-gone') || kinds.includes('identity-abandoned');
      if (lost) met += 1;
      if (!excused) expect(kinds.includes('sending-lost')).toBe(lost);
    }),
    { numRuns: 300 },
  );
  expect(met).toBeGreaterThan(10);
});
