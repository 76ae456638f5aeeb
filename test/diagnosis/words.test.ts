import { EXAMPLE_SUBJECT } from '../../lambda/diagnosis/catalog/example.ts';
import { CATALOG, wordsFor } from '../../lambda/diagnosis/catalog.ts';
import type { Subject } from '../../lambda/model/alert.ts';
import type { Finding, FindingFacts, FindingKind } from '../../lambda/model/finding.ts';
import { dnsName } from '../../lambda/model/names.ts';

const STATUSES: readonly Subject['status'][] = ['NOT_STARTED', 'PENDING', 'SUCCESS', 'TEMPORARY_FAILURE', 'FAILED', 'UNKNOWN'];
const METHODS: readonly Subject['method'][] = ['easy', 'byodkim', 'deed', 'none'];
const NAME = dnsName('s1._domainkey.example.com');

/** Other facts than those of the example, so that every turn of the words is taken. */
const VARIANTS: { readonly [K in FindingKind]?: readonly Partial<FindingFacts[K]>[] } = {
  'record-wrong-type': (['flattened', 'proxied', 'pasted-as-txt', 'other-txt', 'cname-without-key'] as const).map((cause) => ({ cause })),
  'record-ambiguous': (['several-txt', 'cut-into-two-records', 'several-cnames', 'cname-beside-other-data'] as const).flatMap((cause) =>
    [true, false].map((usable) => ({ cause, usable })),
  ),
  'record-misplaced': (['no-underscore', 'without-domainkey', 'labels-swapped', 'under-parent', 'under-child'] as const).map((how) => ({
    found: [{ name: NAME, foundAt: dnsName('s1._domainkey.example.org'), how }],
  })),
  'txt-unanswerable': (['servfail', 'refused', 'formerr', 'silent', 'denied', 'mixed'] as const).flatMap((failure) =>
    [true, false].map((all) => ({ failure, all })),
  ),
  'nameserver-broken': [{ all: true }, { all: false }],
  'zone-elsewhere': (['absent', 'wrong', 'no-answer'] as const).map((there) => ({ there })),
  'key-weak': [{ where: 'record' }, { where: 'easy' }, { where: 'easy', nextIsLonger: true }],
  'key-restricted': [
    { tag: 's', value: '' },
    { tag: 'h', value: 'sha1' },
  ],
  'identity-abandoned': [{ estimated: true }, { estimated: false }],
  'replica-broken': [
    { errorType: 'REPLICATION_ACCESS_DENIED' },
    { errorType: 'REPLICATION_PRIMARY_INVALID_REGION' },
    { errorType: 'SOMETHING' },
  ],
  'mail-from-broken': (['mx-missing', 'mx-several', 'mx-wrong', 'spf-missing', 'ses-status', 'pending'] as const).flatMap((problem) =>
    [true, false].flatMap((rejects) =>
      ['SUCCESS', 'PENDING', 'FAILED', 'TEMPORARY_FAILURE'].map((status) => ({
        problem,
        rejects,
        status,
        spfMissing: rejects,
        found: ['mx.example.net'],
      })),
    ),
  ),
  'dmarc-at-risk': [
    { policy: 'absent' },
    { policy: 'quarantine' },
    { policy: 'reject', strictSpf: true },
    { at: dnsName('_dmarc.example.org') },
  ],
};

/** Every kind in every variant, for every status and method. */
function everyTelling(): readonly (readonly [Finding, Subject])[] {
  return Object.values(CATALOG).flatMap(({ example }) => {
    const variants = VARIANTS[example.kind as FindingKind] ?? [{}];
    return [{}, ...variants].flatMap((facts) => {
      const finding = { ...example, facts: { ...example.facts, ...facts } } as Finding;
      return STATUSES.flatMap((status) => METHODS.map((method) => [finding, { ...EXAMPLE_SUBJECT, status, method }] as const));
    });
  });
}
const ALL = everyTelling();
const isCommand = (line: string): boolean => /^(aws|dig|whois|openssl|npx) /.test(line);
/** What is left for the shell to see when quoted text is taken out. */
const unquoted = (line: string): string => line.replace(/'(?:[^']|'\\'')*'/g, 'Q').replace(/"[^"$`\\]*"/g, 'Q');

test('there are words enough to mean something', () => expect(ALL.length).toBeGreaterThan(1500));

test('a title is one short line, a meaning ends as a sentence does, and there is something to do', () => {
  for (const [finding, subject] of ALL) {
    const { title, meaning, next, fix } = wordsFor(finding, subject);
    expect(title.length).toBeLessThanOrEqual(100);
    for (const text of [meaning, next]) {
      expect(text).toMatch(/^[A-Z0-9a-z"].*[.]$/);
      expect(text).not.toMatch(/ {2}|\.\.|\. \.| ,|,\.|\(\)/);
    }
    expect(fix.length).toBeGreaterThan(0);
    for (const one of fix) expect(one.split('\n')[0]).toMatch(/^\S.*(\.|:|\)|[a-z0-9_-])$/);
    expect(`${title}${meaning}${next}${fix.join('')}`).not.toMatch(/undefined|\[object|NaN|null/);
  }
});

test('sentences are short enough to be read at night', () => {
  for (const [finding, subject] of ALL)
    for (const sentence of wordsFor(finding, subject).next.split(/[.:] /))
      expect([finding.kind, sentence, sentence.split(' ').length <= 36]).toEqual([finding.kind, sentence, true]);
});

test('no two steps are the same, and none says what another has said', () => {
  for (const [finding, subject] of ALL) {
    const { fix } = wordsFor(finding, subject);
    const bare = fix.map((one) => one.replace(/^[AB]\. /, ''));
    expect([finding.kind, new Set(bare).size]).toEqual([finding.kind, bare.length]);
  }
});

test('the signed and the unsigned are not confused: where SES does not sign, nobody says that it does', () => {
  for (const [finding, subject] of ALL) {
    const { meaning, next } = wordsFor(finding, subject);
    const text = `${meaning} ${next}`;
    if (subject.status !== 'SUCCESS') expect(text).not.toMatch(/SES still says SUCCESS|signatures verify/);
    if (subject.status === 'FAILED')
      expect([finding.kind, text]).toEqual([finding.kind, expect.not.stringMatching(/it stops signing|begins to sign by itself/)]);
  }
});

/** Commands that leave mail unsigned, or take something away, with what must have been said by then. */
const SIDE_EFFECTS: readonly (readonly [RegExp, RegExp])[] = [
  [/verify-domain-dkim|put-email-identity-dkim-signing-attributes/, /unsigned/],
  [/delete-email-identity/, /cannot be undone|goes with it/],
];

test('the warning stands before the command, or in the sentence above it', () => {
  for (const [finding, subject] of ALL) {
    // Nothing is signed there, and nothing is lost by starting.
    if (finding.kind === 'dkim-not-set-up') continue;
    const lines = wordsFor(finding, subject).fix.flatMap((one) => one.split('\n'));
    for (const [command, warning] of SIDE_EFFECTS) {
      const at = lines.findIndex((line) => isCommand(line) && command.test(line));
      if (at >= 0)
        expect([finding.kind, subject.method, warning.test(lines.slice(0, at).join(' '))]).toEqual([finding.kind, subject.method, true]);
    }
  }
});

test('commands name their region and whose credentials they need, and nothing in them is left to the shell', () => {
  for (const [finding, subject] of ALL)
    for (const one of wordsFor(finding, subject).fix) {
      const [sentence = '', ...lines] = one.split('\n');
      for (const line of lines.filter(isCommand)) {
        expect(unquoted(line).replace(/ \| openssl /g, ' ')).not.toMatch(/[;&|<>$`(){}\\'"*?!#]/);
        if (!/^aws (ses|sesv2) /.test(line)) continue;
        expect(line).toMatch(/ --region [a-z0-9-]+ /);
        expect([finding.kind, sentence]).toEqual([finding.kind, expect.stringContaining('(as account 111111111111)')]);
      }
    }
});

describe('hostile texts', () => {
  const evil = "x'; rm -rf ~; $(id) `id` #\u001b[2J\u202e";
  const poisoned = (value: unknown): unknown => {
    if (typeof value === 'string') return evil;
    if (Array.isArray(value)) return value.map(poisoned);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, CHOICES.has(key) ? one : poisoned(one)]));
  };
  /** Facts that are one of a few words of ours. */
  const CHOICES = new Set([
    'cause',
    'how',
    'absence',
    'failure',
    'reason',
    'policy',
    'problem',
    'there',
    'where',
    'tag',
    'why',
    'statusNow',
  ]);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what must not be there.
  const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

  test.each(Object.values(CATALOG).map(({ example }) => [example.kind, example as Finding] as const))(
    'in the facts of %s',
    (_, example) => {
      const finding = { ...example, facts: poisoned(example.facts) } as Finding;
      for (const method of METHODS)
        for (const status of STATUSES) {
          const { title, meaning, next, fix } = wordsFor(finding, { ...EXAMPLE_SUBJECT, status, method });
          for (const text of [title, meaning, next, ...fix]) expect(text).not.toMatch(CONTROL);
          for (const line of fix.flatMap((one) => one.split('\n').slice(1)).filter(isCommand))
            expect(unquoted(line).replace(/ \| openssl /g, ' ')).not.toMatch(/[;&|<>$`(){}\\'"*?!#]/);
        }
    },
  );

  test.each(['identity', 'region', 'account'] as const)('in the %s of the subject', (field) => {
    for (const [finding, subject] of ALL)
      for (const one of wordsFor(finding, { ...subject, [field]: evil }).fix)
        for (const line of one.split('\n').slice(1)) expect(line).not.toMatch(/rm -rf|\$\(id\)/);
  });
});

test('no private key is ever printed', () => {
  for (const [finding, subject] of ALL)
    for (const line of wordsFor(finding, subject).fix.flatMap((one) => one.split('\n')))
      if (/^openssl rsa -in/.test(line)) expect(line).toContain(' -pubout');
});
