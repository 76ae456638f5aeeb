// What can be said about each kind, gathered from the tables: complete, in order, and true to the rulebook.
import { explain, kindsInOrder } from '../../lambda/diagnosis/explain.ts';
import { KIND_ROWS, SECTION_TITLES } from '../../lambda/diagnosis/kinds.ts';
import { RULEBOOK } from '../../lambda/diagnosis/rulebook.ts';
import { compareSeverity, FINDING_KINDS, isBlindness } from '../../lambda/model/finding.ts';

/** Public identifiers by section, written down a second time on purpose. */
const ROWS = {
  A: 'domain-gone record-missing record-name-doubled record-misplaced record-wrong-target record-wrong-type record-ambiguous wildcard-answer txt-unanswerable target-has-no-key nameservers-disagree nameserver-broken dnssec-bogus zone-elsewhere',
  B: 'key-revoked key-malformed key-wrong-type key-too-short key-weak key-testing key-restricted key-mismatch key-changed',
  C: 'signing-disabled dkim-not-set-up verification-pending verification-overdue verification-failed revoked ses-cannot-verify sending-lost replica-broken address-overrides-domain address-without-domain setup-differs identity-abandoned mail-from-broken dmarc-at-risk',
  D: 'target-unreadable identity-unknown',
};

test('the rows are those of the catalogue of findings, section by section', () => {
  const rows = Object.entries(KIND_ROWS).map(([kind, { section }]) => `${section} ${kind}`);
  expect(rows).toEqual(Object.entries(ROWS).flatMap(([section, kinds]) => kinds.split(' ').map((kind) => `${section} ${kind}`)));
  expect(Object.keys(SECTION_TITLES)).toEqual(Object.keys(ROWS));
});

test('waiting for SES has two cases, and both are on the page', () => {
  expect(explain('verification-pending').found).toMatch(/PENDING.*TEMPORARY_FAILURE.*24 hours.*healthy/);
});

test('every kind of this version is in the list, once, and no other', () => {
  expect([...kindsInOrder()].sort()).toEqual([...FINDING_KINDS].sort());
});

describe.each(kindsInOrder())('%s', (kind) => {
  const one = explain(kind);

  test('one short line, sentences for the rest, severities the worst first', () => {
    expect(one.summary.length).toBeLessThanOrEqual(70);
    expect(one.summary).toMatch(/^[A-Z].*\.$/);
    expect(one.found).toMatch(/^[A-Z].*\.$/);
    expect([...one.severities].sort((a, b) => compareSeverity(b, a))).toEqual(one.severities);
    expect(one.severityWhen === undefined).toBe(one.severities.length === 1);
    expect(one.section === 'D').toBe(isBlindness(kind));
  });

  test('its example has one of its severities, and is about whom it would be muted by', () => {
    expect(one.example.kind).toBe(kind);
    expect(one.severities).toContain(one.example.severity);
    expect(one.exampleOf).not.toBe('');
    expect(`${one.example.title} ${JSON.stringify(one.example.facts)}`).toContain(one.exampleOf.split('/')[0]);
  });

  test('hidden by what the rulebook says, and hides what is hidden by it', () => {
    const entry = RULEBOOK.find((candidate) => candidate.kind === kind);
    expect(one.hiddenBy).toEqual(entry?.hiddenBy ?? []);
    expect(one.why).toBe(entry?.why);
    const hidden = RULEBOOK.filter(({ hiddenBy }) => hiddenBy.includes(kind)).map((other) => other.kind);
    expect([...one.hides].sort()).toEqual(hidden.sort());
  });
});
