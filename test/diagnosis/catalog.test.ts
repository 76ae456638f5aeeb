import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { EXAMPLE_KEY_RECORD, EXAMPLE_RECORDS, EXAMPLE_SUBJECT, EXAMPLE_ZONE } from '../../lambda/diagnosis/catalog/example.ts';
import { expectedAnswer } from '../../lambda/diagnosis/catalog/steps.ts';
import { CATALOG, wordsFor } from '../../lambda/diagnosis/catalog.ts';
import { recordForms, relativeName } from '../../lambda/diagnosis/fixes.ts';
import { toReportFinding } from '../../lambda/diagnosis/report-finding.ts';
import { RULEBOOK } from '../../lambda/diagnosis/rulebook.ts';
import { shellQuoted } from '../../lambda/diagnosis/shell.ts';
import type { Subject } from '../../lambda/model/alert.ts';
import type { ExpectedRecord } from '../../lambda/model/expectation.ts';
import type { Finding, FindingKind, FindingOf } from '../../lambda/model/finding.ts';
import { dnsName } from '../../lambda/model/names.ts';
import { findingsPage } from '../../scripts/generate-findings-doc.ts';

const EXAMPLES: readonly Finding[] = Object.values(CATALOG).map(({ example }): Finding => example);
const STATUSES: readonly Subject['status'][] = ['NOT_STARTED', 'PENDING', 'SUCCESS', 'TEMPORARY_FAILURE', 'FAILED', 'UNKNOWN'];
const METHODS: readonly Subject['method'][] = ['easy', 'byodkim', 'deed', 'none'];
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what must not be there.
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

const stepsOf = (kind: FindingKind, change: Partial<Subject>): string =>
  wordsFor(CATALOG[kind].example as Finding, { ...EXAMPLE_SUBJECT, ...change }).fix.join('\n');

describe('words', () => {
  test.each(EXAMPLES.map((example) => [example.kind, example] as const))('%s has words for every status and method', (_, example) => {
    for (const status of STATUSES)
      for (const method of METHODS) {
        const { title, meaning, fix } = wordsFor(example, { ...EXAMPLE_SUBJECT, status, method });
        expect(title).toMatch(/example\.com|111111111111/);
        expect(title).not.toContain('\n');
        expect(meaning).toMatch(/\.$/);
        expect(fix.length).toBeGreaterThan(0);
        for (const text of [title, meaning, ...fix]) {
          expect(text).not.toMatch(CONTROL);
          expect(text).not.toMatch(/undefined|\[object|NaN|null/);
        }
      }
  });

  test('every example is told under its own kind, and every kind has a rule, but for blindness and what only several identities show', () => {
    expect(Object.entries(CATALOG).map(([kind, { example }]) => [kind, example.kind])).toEqual(
      Object.keys(CATALOG).map((kind) => [kind, kind]),
    );
    const ruled = RULEBOOK.map(({ kind }) => kind);
    expect(new Set(ruled).size).toBe(ruled.length);
    const elsewhere = ['identity-unknown', 'target-unreadable', 'setup-differs', 'address-overrides-domain', 'address-without-domain'];
    expect([...ruled, ...elsewhere].sort()).toEqual(Object.keys(CATALOG).sort());
  });

  test('only findings earlier in the rulebook hide later ones', () => {
    RULEBOOK.forEach(({ hiddenBy }, i) => {
      const before = RULEBOOK.slice(0, i).map(({ kind }) => kind);
      expect(hiddenBy.filter((kind) => !before.includes(kind))).toEqual([]);
    });
  });

  test.each(['record-missing', 'record-name-doubled', 'record-wrong-target', 'revoked'] as const)(
    '%s shows the exact records to publish',
    (kind) => {
      const { example } = CATALOG[kind];
      const fix = wordsFor<typeof kind>(example, EXAMPLE_SUBJECT).fix.join('\n');
      for (const record of example.records) if (record.type === 'CNAME') expect(fix).toContain(`${record.name}.  CNAME  ${record.target}.`);
    },
  );

  test.each(METHODS)('the warning stands before the command that stops signing (%s)', (method) => {
    const steps = wordsFor(CATALOG.revoked.example, { ...EXAMPLE_SUBJECT, status: 'FAILED', method }).fix;
    const warning = steps.findIndex((step) => step.includes('unsigned'));
    const command = steps.findIndex((step) => step.includes('\naws '));
    expect(warning).toBeGreaterThanOrEqual(0);
    // In a step before it, or in the sentence above it.
    if (command >= 0) expect(warning).toBeLessThanOrEqual(command);
  });

  test('a hostile identity name never gets into a command', () => {
    const hostile = { ...EXAMPLE_SUBJECT, identity: "x'; rm -rf ~ #", status: 'FAILED' as const };
    for (const example of EXAMPLES)
      for (const step of wordsFor(example, hostile).fix) for (const line of step.split('\n').slice(1)) expect(line).not.toContain('rm -rf');
  });

  test.each(['byodkim', 'deed', 'easy'] as const)(
    'no word of tokens where there are none, and none of keys where SES keeps them (%s)',
    (method) => {
      for (const status of STATUSES) {
        const kinds: readonly FindingKind[] =
          method === 'byodkim' ? ['record-missing', 'key-malformed', 'key-revoked', 'revoked'] : ['record-missing'];
        for (const kind of kinds) {
          const steps = stepsOf(kind, { status, method });
          if (method === 'byodkim') expect(steps).not.toMatch(/token/i);
          else expect(steps).not.toMatch(/private key/i);
          if (method === 'deed' && status === 'SUCCESS') expect(steps).toContain('parent');
        }
      }
    },
  );

  test('an emptied key has two ways out, and only the one for a mistake says that SES needs nothing', () => {
    const { fix } = wordsFor(CATALOG['key-revoked'].example, { ...EXAMPLE_SUBJECT, method: 'byodkim' });
    const [first = '', ...rest] = fix;
    expect(first).toMatch(/A\).*B\)/);
    const [leaked, mistake] = ['A.', 'B.'].map((mark) => rest.filter((one) => one.startsWith(mark)).join('\n'));
    expect(rest.every((one) => /^[AB]\. /.test(one))).toBe(true);
    expect(leaked).toMatch(/new key pair[\s\S]*NEW_SELECTOR\._domainkey\.example\.com\.[\s\S]*put-email-identity-dkim-signing-attributes/);
    expect(leaked).not.toContain('Nothing needs doing');
    expect(mistake).toMatch(/put the old record back[\s\S]*s1\._domainkey\.example\.com\. {2}TXT[\s\S]*Nothing needs doing in SES/);
    expect(mistake).not.toContain('new key pair');
  });

  test('a published private key is replaced, never put back', () => {
    const { example } = CATALOG['key-malformed'];
    const steps = wordsFor({ ...example, facts: { ...example.facts, leaked: true } }, { ...EXAMPLE_SUBJECT, method: 'byodkim' }).fix.join(
      '\n',
    );
    expect(steps).toContain('new key pair');
    expect(steps).not.toMatch(/YOUR_PUBLIC_KEY|s1\._domainkey/);
  });

  test('a placeholder is called one beside the record; with a known key nobody is asked for theirs', () => {
    const { example } = CATALOG['key-malformed'];
    const subject = { ...EXAMPLE_SUBJECT, method: 'byodkim' as const };
    const record = (fix: readonly string[]): string => fix.find((one) => one.includes('  TXT  ')) ?? '';
    expect(record(wordsFor(example, subject).fix).split('\n')[0]).toContain('YOUR_PUBLIC_KEY is not the key');
    const known = wordsFor(
      { ...example, records: [{ ...EXAMPLE_KEY_RECORD, publicKey: 'QUJD'.repeat(90) } as ExpectedRecord] },
      subject,
    ).fix;
    expect(known.join('\n')).not.toMatch(/YOUR_PUBLIC_KEY|openssl/);
    expect(record(known)).toContain(`p=${'QUJD'.repeat(90)}`);
  });

  test('every command that asks DNS says what it must print', () => {
    for (const example of EXAMPLES)
      for (const one of wordsFor(example, EXAMPLE_SUBJECT).fix) {
        const lines = one.split('\n');
        lines.forEach((line, i) => {
          if (line.startsWith('dig ')) expect(lines[i + 1]).toMatch(/^must (print|show in its last answer): \S/);
        });
      }
    const [record] = EXAMPLE_RECORDS;
    expect(stepsOf('record-wrong-target', {})).toContain(`must print: ${record?.type === 'CNAME' ? record.target : ''}.\n`.trimEnd());
    expect(expectedAnswer({ ...EXAMPLE_KEY_RECORD, publicKey: `${'A'.repeat(300)}tail0123IDAQAB` } as ExpectedRecord)).toContain(
      'tail0123IDAQAB',
    );
    expect(expectedAnswer(EXAMPLE_KEY_RECORD)).toContain('your public key');
  });

  test('a missing record while SES has failed says that SES must be asked again', () => {
    const steps = wordsFor(CATALOG['record-missing'].example, { ...EXAMPLE_SUBJECT, status: 'FAILED' }).fix;
    expect(steps.join('\n')).toContain('aws ses verify-domain-dkim --region eu-west-1 --domain example.com');
  });
});

describe('domain-gone', () => {
  const { example } = CATALOG['domain-gone'];
  const resolver: FindingOf<'domain-gone'>['evidence'] = example.evidence.map((one) => ({
    ...one,
    server: { role: 'resolver', address: '192.0.2.53' },
  }));

  test.each([
    ['a server above the domain', example.evidence, 'The registry says'],
    ['resolvers alone', resolver, 'The resolvers say'],
    ['both', [...resolver, ...example.evidence], 'The registry says'],
    ['nobody on record', [], 'example.com does not exist in DNS.'],
  ] as const)('who says it: %s', (_, evidence, words) => {
    expect(wordsFor({ ...example, evidence }, EXAMPLE_SUBJECT).meaning.startsWith(words)).toBe(true);
  });

  test('a domain that only somebody typed may be mistyped; one that SES knows is not', () => {
    const typed = wordsFor(example, { ...EXAMPLE_SUBJECT, account: '', region: '', status: 'UNKNOWN' });
    expect(typed.meaning).toContain('may be mistyped');
    expect(typed.fix[0]).toContain('spelt right: example.com');
    const known = wordsFor(example, EXAMPLE_SUBJECT);
    expect(`${known.meaning} ${known.fix.join(' ')}`).not.toMatch(/mistyped|spelt/);
  });
});

describe('recordForms', () => {
  const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
  const txtRecord: ExpectedRecord = { ...EXAMPLE_KEY_RECORD, publicKey: key } as ExpectedRecord;

  test('a CNAME in every form', () => {
    const forms = recordForms(EXAMPLE_RECORDS.slice(0, 1), EXAMPLE_ZONE);
    const token = EXAMPLE_RECORDS[0]?.token;
    expect(forms.table).toEqual([
      { relative: `${token}._domainkey`, name: `${token}._domainkey.example.com.`, type: 'CNAME', value: `${token}.dkim.amazonses.com.` },
    ]);
    expect(forms.bind).toEqual([`${token}._domainkey.example.com. 1800 IN CNAME ${token}.dkim.amazonses.com.`]);
    expect(JSON.parse(forms.route53ChangeBatch)).toEqual({
      Changes: [
        {
          Action: 'UPSERT',
          ResourceRecordSet: {
            Name: `${token}._domainkey.example.com.`,
            Type: 'CNAME',
            TTL: 1800,
            ResourceRecords: [{ Value: `${token}.dkim.amazonses.com.` }],
          },
        },
      ],
    });
    expect(forms.terraform).toBe(
      [
        `resource "aws_route53_record" "ses_dkim_${token}__domainkey_example_com" {`,
        '  zone_id = var.zone_id # the hosted zone of example.com',
        `  name    = "${token}._domainkey.example.com"`,
        '  type    = "CNAME"',
        '  ttl     = 1800',
        `  records = ["${token}.dkim.amazonses.com."]`,
        '}',
        '',
      ].join('\n'),
    );
  });

  test('a long key is cut into strings of one record, which join to the same value', () => {
    const { bind, route53ChangeBatch, terraform, table } = recordForms([txtRecord], EXAMPLE_ZONE);
    const strings = (bind[0] ?? '').match(/"[^"]*"/g) ?? [];
    expect(strings.length).toBe(2);
    expect(Math.max(...strings.map((s) => s.length - 2))).toBeLessThanOrEqual(255);
    expect(strings.map((s) => s.slice(1, -1)).join('')).toBe(`v=DKIM1; k=rsa; p=${key}`);
    expect(table[0]?.value).toBe(`v=DKIM1; k=rsa; p=${key}`);
    const batch = JSON.parse(route53ChangeBatch) as { Changes: { ResourceRecordSet: { ResourceRecords: { Value: string }[] } }[] };
    expect(batch.Changes[0]?.ResourceRecordSet.ResourceRecords[0]?.Value).toBe(strings.join(' '));
    const text = /records = \["(.*)"\]$/m.exec(terraform)?.[1] ?? '';
    expect(`"${text.replaceAll('\\"\\"', '" "')}"`).toBe(strings.join(' '));
  });

  test('Terraform: a label for each record, also of several identities', () => {
    const other = EXAMPLE_RECORDS.map((record) => ({ ...record, name: dnsName(record.name.replace('example.com', 'example.net')) }));
    const { terraform } = recordForms([...EXAMPLE_RECORDS, ...other], undefined);
    const labels = [...terraform.matchAll(/^resource "aws_route53_record" "([a-z][a-z0-9_-]*)" \{$/gm)].map(([, label]) => label);
    expect(new Set(labels).size).toBe(6);
    expect(terraform).toContain('zone_id = var.zone_id # the hosted zone\n');
  });

  test('a placeholder is called one in a zone file and in Terraform', () => {
    const { bind, terraform } = recordForms([EXAMPLE_KEY_RECORD], EXAMPLE_ZONE);
    expect(bind[0]).toMatch(/"v=DKIM1; k=rsa; p=YOUR_PUBLIC_KEY" ; put your public key/);
    expect(terraform).toMatch(/\["v=DKIM1; k=rsa; p=YOUR_PUBLIC_KEY"\] # put your public key/);
  });

  test('without a known key there is a placeholder; a key that is no base64 is not used', () => {
    expect(recordForms([EXAMPLE_KEY_RECORD], EXAMPLE_ZONE).table[0]?.value).toBe('v=DKIM1; k=rsa; p=YOUR_PUBLIC_KEY');
    const odd = { ...EXAMPLE_KEY_RECORD, publicKey: '"; evil' } as ExpectedRecord;
    expect(recordForms([odd], EXAMPLE_ZONE).table[0]?.value).toContain('YOUR_PUBLIC_KEY');
  });

  test.each([
    ['a._domainkey.example.com', 'example.com', 'a._domainkey'],
    ['a._domainkey.mail.example.com', 'example.com', 'a._domainkey.mail'],
    ['a._domainkey.example.com', '_domainkey.example.com', 'a'],
    ['example.com', 'example.com', '@'],
    ['a._domainkey.example.com', 'ample.com', 'a._domainkey.example.com.'],
    ['a._domainkey.example.com', undefined, 'a._domainkey.example.com.'],
  ])('%s in zone %s is %s', (name, apex, relative) => {
    expect(relativeName(dnsName(name), apex === undefined ? undefined : dnsName(apex))).toBe(relative);
  });

  test('a shell reads a quoted text back as it was', () => {
    for (const text of ['plain', '{"a":"b c"}', "it's", '$(x) `y` "z" \\ *'])
      expect(execFileSync('/bin/sh', ['-c', `printf %s ${shellQuoted(text)}`]).toString()).toBe(text);
  });
});

describe('toReportFinding', () => {
  test('carries subject, records with a final dot, evidence and deadlines', () => {
    const report = toReportFinding(CATALOG['record-missing'].example, EXAMPLE_SUBJECT);
    const token = EXAMPLE_RECORDS[0]?.token;
    expect(report.facts).toMatchObject({
      account: '111111111111',
      region: 'eu-west-1',
      identity: 'example.com',
      method: 'easy',
      status: 'SUCCESS',
      signing: true,
      missing: 1,
    });
    expect(report.records).toEqual([{ name: `${token}._domainkey.example.com.`, type: 'CNAME', value: `${token}.dkim.amazonses.com.` }]);
    expect(report.evidence[0]).toEqual({
      server: 'ns1.example.net (192.0.2.1)',
      question: `CNAME ${token}._domainkey.example.com`,
      outcome: 'NXDOMAIN',
      answers: [],
      at: '2026-03-01T14:02:00.000Z',
    });
    expect(report.deadlines?.map(({ name }) => name)).toEqual(['sending-lost', 'signing-lost']);
    expect(report.paste?.table.length).toBe(1);
  });

  test('a finding about a target has no identity, one by DNS alone no account', () => {
    const target = { ...EXAMPLE_SUBJECT, identity: '' };
    expect(toReportFinding(CATALOG['target-unreadable'].example, target).facts).not.toHaveProperty('identity');
    const alone = { ...EXAMPLE_SUBJECT, account: '', region: '' };
    const report = toReportFinding(CATALOG['record-missing'].example, alone);
    expect(report.facts).not.toHaveProperty('account');
    expect(JSON.stringify(report)).not.toContain('account ');
  });

  test('nothing is offered for pasting where the records are there', () => {
    for (const kind of ['txt-unanswerable', 'ses-cannot-verify', 'domain-gone'] as const)
      expect(toReportFinding(CATALOG[kind].example as Finding, EXAMPLE_SUBJECT)).not.toHaveProperty('paste');
  });

  test('hostile bytes from DNS and SES are made visible everywhere', () => {
    const evil = 'a\u001b[2J\r\n\u202eb\u0000';
    const example = CATALOG['record-wrong-target'].example;
    const finding: Finding = {
      ...example,
      facts: { cause: 'unrelated', zone: evil, found: example.facts.found.map((one) => ({ ...one, target: evil })) },
      evidence: example.evidence.map((one) => ({
        ...one,
        outcome: {
          kind: 'answer',
          aa: true,
          records: [
            { type: 'CNAME', name: evil, ttl: 1, value: evil },
            { type: 'TXT', name: evil, ttl: 1, strings: [evil, evil] },
          ],
        },
      })),
    };
    const report = toReportFinding(finding, { ...EXAMPLE_SUBJECT, identity: evil, errorType: evil });
    const texts: string[] = [];
    JSON.stringify(report, (_, value: unknown) => {
      if (typeof value === 'string') texts.push(value);
      return value;
    });
    expect(texts.filter((text) => CONTROL.test(text))).toEqual([]);
    expect(texts.filter((text) => text.includes('\\u001b')).length).toBeGreaterThan(5);
  });
});

test('the page of findings has a heading for every kind', () => {
  const page = findingsPage();
  for (const kind of Object.keys(CATALOG)) expect(page).toContain(`\n### ${kind}\n`);
  expect(page).toBe(findingsPage());
});
