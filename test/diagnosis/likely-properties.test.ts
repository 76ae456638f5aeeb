// What holds whatever is wrong. Each property counts the cases it met: one that never met its case has shown nothing.
import fc from 'fast-check';
import { EXAMPLE_SUBJECT } from '../../lambda/diagnosis/catalog/example.ts';
import { diagnose } from '../../lambda/diagnosis/diagnose.ts';
import { dnsView } from '../../lambda/diagnosis/dns-view.ts';
import { nextHistory } from '../../lambda/diagnosis/history.ts';
import { toReportFinding } from '../../lambda/diagnosis/report-finding.ts';
import { RULEBOOK } from '../../lambda/diagnosis/rulebook.ts';
import type { Evidence } from '../../lambda/model/evidence.ts';
import type { Finding, FindingKind } from '../../lambda/model/finding.ts';
import type { Lookup, Outcome } from '../../lambda/model/lookup.ts';
import { likelyEvidence } from './likely-evidence.ts';

/** Without the bias of fast-check towards the ends of ranges, which are rare cases here and would hide the others. */
const unbiased = fc.noBias(likelyEvidence);
const RUNS = 4000;

/** What is said of one record: one verdict each, so never two of these. */
const VERDICTS: ReadonlySet<FindingKind> = new Set<FindingKind>([
  'record-missing',
  'wildcard-answer',
  'record-name-doubled',
  'record-misplaced',
  'record-wrong-target',
  'record-wrong-type',
  'record-ambiguous',
  'key-revoked',
  'key-malformed',
  'key-wrong-type',
  'key-too-short',
  'key-restricted',
  'key-mismatch',
  'txt-unanswerable',
]);
/** What can only be said of DNS that is seen to be right. */
const OF_RIGHT: ReadonlySet<FindingKind> = new Set<FindingKind>([
  'verification-pending',
  'ses-cannot-verify',
  'zone-elsewhere',
  'target-has-no-key',
]);
const LOUD = (finding: Finding): boolean => finding.severity !== 'notice';

test('every kind occurs, every answer occurs, and no two findings contradict each other', () => {
  const met = new Map<string, number>();
  const count = (what: string): void => void met.set(what, (met.get(what) ?? 0) + 1);
  fc.assert(
    fc.property(unbiased, (known) => {
      const { kind, findings } = diagnose(known);
      count(kind);
      for (const one of new Set(findings.map((finding) => finding.kind))) count(one);
      const said = new Map<string, FindingKind>();
      for (const finding of findings.filter((one) => VERDICTS.has(one.kind)))
        for (const { name } of finding.records) {
          expect([name, said.get(name) ?? finding.kind]).toEqual([name, finding.kind]);
          said.set(name, finding.kind);
        }
      const kinds = findings.map((finding) => finding.kind);
      if (kinds.some((one) => OF_RIGHT.has(one))) expect(kinds.filter((one) => VERDICTS.has(one))).toEqual([]);
      if (kinds.includes('domain-gone')) expect(kinds.filter((one) => VERDICTS.has(one) || OF_RIGHT.has(one))).toEqual([]);
      if (kinds.includes('verification-pending')) expect(kinds).not.toContain('verification-overdue');
      for (const { kind: one, hiddenBy } of RULEBOOK)
        if (kinds.includes(one)) expect([one, kinds.filter((other) => hiddenBy.includes(other))]).toEqual([one, []]);
    }),
    { numRuns: RUNS },
  );
  const seldom = RULEBOOK.map(({ kind }) => kind as string)
    .concat('healthy', 'broken', 'unknown', 'identity-unknown')
    .filter((kind) => (met.get(kind) ?? 0) < 5);
  expect(seldom.map((kind) => `${kind} ${met.get(kind) ?? 0}`)).toEqual([]);
});

test('healthy is never said beside a warning, nor of a record that is not seen right; broken never without one', () => {
  let healthy = 0;
  fc.assert(
    fc.property(unbiased, (known) => {
      const { kind, findings } = diagnose(known);
      if (kind === 'broken') expect(findings.some(LOUD)).toBe(true);
      if (kind !== 'healthy') return;
      expect(findings.filter(LOUD)).toEqual([]);
      if (findings.some((one) => one.kind === 'identity-abandoned')) return;
      healthy += 1;
      const { records } = dnsView(known);
      expect(records.map(({ state }) => state)).toEqual(records.map(() => 'right'));
    }),
    { numRuns: RUNS },
  );
  expect(healthy).toBeGreaterThan(50);
});

const MUTE: readonly Outcome[] = [
  { kind: 'silent', how: 'timeout' },
  { kind: 'broken', how: 'servfail' },
  { kind: 'lame', how: 'refused' },
  { kind: 'not-asked', how: 'out-of-time' },
];

test('of what nobody answered, health is never said, nor that a record is wrong', () => {
  let unknown = 0;
  fc.assert(
    fc.property(unbiased, fc.constantFrom(...MUTE), fc.nat(2), (known, mute, which) => {
      const silenced = { ...known.dns.records[which % Math.max(1, known.dns.records.length)] };
      const name = silenced.record?.name;
      const quiet = (lookups: readonly Lookup[]): readonly Lookup[] => lookups.map((one) => ({ ...one, outcome: mute }));
      const records = known.dns.records.map((one) =>
        one.record.name === name
          ? { ...one, lookups: quiet(one.lookups), confirmation: quiet(one.confirmation), resolvers: [], resolversAgain: [] }
          : one,
      );
      const { kind, findings } = diagnose({ ...known, dns: { ...known.dns, records } });
      if (name === undefined) return;
      if (kind === 'unknown') unknown += 1;
      if (!findings.some((one) => one.kind === 'identity-abandoned')) expect(kind).not.toBe('healthy');
      for (const finding of findings.filter((one) => VERDICTS.has(one.kind) && one.kind !== 'txt-unanswerable'))
        expect([finding.kind, finding.records.map((record) => record.name)]).toEqual([finding.kind, expect.not.arrayContaining([name])]);
    }),
    { numRuns: 1500 },
  );
  expect(unknown).toBeGreaterThan(100);
});

/** The same evidence in another order: of servers, of questions, and of the records in an answer. */
function shuffled(known: Evidence, random: () => number): Evidence {
  const mix = <T>(all: readonly T[]): readonly T[] =>
    all
      .map((one) => [random(), one] as const)
      .sort(([a], [b]) => a - b)
      .map(([, one]) => one);
  const mixed = (lookups: readonly Lookup[]): readonly Lookup[] =>
    mix(lookups).map((one) =>
      one.outcome.kind === 'answer' ? { ...one, outcome: { ...one.outcome, records: mix(one.outcome.records) } } : one,
    );
  const { dns } = known;
  return {
    ...known,
    dns: {
      ...dns,
      ...(dns.delegation?.kind === 'delegated' ? { delegation: { ...dns.delegation, servers: mix(dns.delegation.servers) } } : {}),
      records: mix(dns.records).map((one) => ({
        ...one,
        lookups: mixed(one.lookups),
        confirmation: mixed(one.confirmation),
        doubled: mixed(one.doubled),
        beside: mixed(one.beside),
        misplaced: mixed(one.misplaced),
        resolvers: mixed(one.resolvers),
        unchecked: mixed(one.unchecked),
      })),
      soa: mixed(dns.soa),
      soaConfirmation: mixed(dns.soaConfirmation),
      ...(dns.sesSide === undefined ? {} : { sesSide: mixed(dns.sesSide) }),
    },
  };
}

test('the order of answers does not matter', () => {
  let loud = 0;
  const inShort = (known: Evidence): readonly unknown[] => {
    const { kind, findings } = diagnose(known);
    return [kind, ...findings.map((one) => [one.kind, one.severity, one.records.map(({ name }) => name).sort()])];
  };
  fc.assert(
    fc.property(unbiased, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (known, stream) => {
      const random = (): number => stream.next().value as number;
      const said = inShort(known);
      if (said.length > 1) loud += 1;
      expect(inShort(shuffled(known, random))).toEqual(said);
    }),
    { numRuns: 1500 },
  );
  expect(loud).toBeGreaterThan(500);
});

const HOSTILE = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.constantFrom(
    '\u0000\u001b[2J\u202e',
    '\ud800',
    '__proto__',
    'constructor',
    'p='.repeat(5000),
    ';'.repeat(30_000),
    'v=DKIM1; p='.concat('A'.repeat(60_000)),
    '.'.repeat(300),
    `${'a.'.repeat(200)}dkim.amazonses.com`,
    '-----BEGIN RSA PRIVATE KEY-----',
    '$(reboot)`id`\' "; rm -rf /',
    '<script>alert(1)</script>',
    '30:82:'.repeat(2000),
    'NaN',
  ),
);

test('hostile texts of DNS and of SES never throw, anywhere from the rules to the words', () => {
  let told = 0;
  fc.assert(
    fc.property(unbiased, HOSTILE, HOSTILE, fc.nat(4), (known, here, there, where) => {
      const spoil = (lookup: Lookup): Lookup => {
        if (lookup.outcome.kind !== 'answer') return lookup;
        const records = lookup.outcome.records.map((record) => {
          if (record.type === 'TXT') return { ...record, strings: [here, there] };
          if (record.type === 'SOA') return { ...record, primary: there, serial: Number.NaN };
          return where % 2 === 0 ? { ...record, value: here } : record;
        });
        return { ...lookup, outcome: { ...lookup.outcome, records } };
      };
      const all = <T>(value: T): T =>
        (Array.isArray(value)
          ? value.map(all)
          : typeof value === 'object' && value !== null
            ? 'outcome' in value
              ? spoil(value as unknown as Lookup)
              : Object.fromEntries(
                  Object.entries(value).map(([name, one]) => [name, name === 'record' || name === 'delegation' ? one : all(one)]),
                )
            : value) as T;
      const { ses } = known.identity;
      const more =
        where === 0
          ? { errorType: here, statusText: there, soa: { primaryNameServer: here }, lastCheckedAt: there, lastSuccessAt: here }
          : {};
      const spoilt: Evidence = { ...known, identity: { ...known.identity, ses: { ...ses, ...more } }, dns: all(known.dns) };
      const diagnosis = diagnose(spoilt);
      told += diagnosis.findings.length;
      JSON.stringify([
        nextHistory(spoilt, diagnosis),
        dnsView(spoilt),
        diagnosis.findings.map((one) => toReportFinding(one, EXAMPLE_SUBJECT)),
      ]);
    }),
    { numRuns: 800 },
  );
  expect(told).toBeGreaterThan(300);
});
