// `dkim-monitor byodkim new`: the two files, what is printed and what never is, and that nothing is lost when something is in the way.
import { createPrivateKey, createPublicKey } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readKeyRecord } from '../../lambda/dkim/key-record.ts';
import { hasControls, oneLine, runCommand, tooWide } from './run-command.ts';
import { leaks } from './secret-key.ts';

let folder: string;
const home = process.cwd();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dkim-monitor-test-'));
  process.chdir(folder);
});

afterEach(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true, force: true });
});

const make = (...argv: string[]) => runCommand(['byodkim', 'new', ...argv]);
const modeOf = (file: string): number => statSync(file).mode & 0o777;
const read = (file: string): string => readFileSync(join(folder, file), 'utf8');

interface SigningAttributes {
  readonly DomainSigningSelector: string;
  readonly DomainSigningPrivateKey: string;
}

test('two files that only their owner reads: PKCS #1 in PEM, and the same as SES takes it', async () => {
  const before = process.umask(0);
  const { code, err } = await make('example.com', '--selector', 'S1');
  process.umask(before);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(readdirSync(folder).sort()).toEqual(['example.com-s1.pem', 'example.com-s1.ses.json']);
  expect([modeOf('example.com-s1.pem'), modeOf('example.com-s1.ses.json')]).toEqual([0o600, 0o600]);
  const pem = read('example.com-s1.pem');
  expect(pem).toMatch(/^-----BEGIN RSA PRIVATE KEY-----\n/);
  expect(createPrivateKey(pem).asymmetricKeyDetails?.modulusLength).toBe(2048);
  const { DomainSigningSelector, DomainSigningPrivateKey, ...more } = JSON.parse(read('example.com-s1.ses.json')) as SigningAttributes;
  expect(more).toEqual({});
  expect(DomainSigningSelector).toBe('s1');
  expect(DomainSigningPrivateKey).toMatch(/^[A-Za-z0-9+/]+={0,2}$/);
  expect(Buffer.from(DomainSigningPrivateKey, 'base64')).toEqual(createPrivateKey(pem).export({ type: 'pkcs1', format: 'der' }));
});

test('the record in every form, the warning before the command, and nothing of the key', async () => {
  const { out } = await make('example.com', '--selector', 's1');
  const pem = read('example.com-s1.pem');
  const p = createPublicKey(pem).export({ type: 'spki', format: 'der' }).toString('base64');
  const value = /^ {2}Value {2}(.*)$/m.exec(out)?.[1] ?? '';
  expect(readKeyRecord(value)).toEqual({ kind: 'rsa', bits: 2048, publicKey: p, testing: false });
  expect(out).toContain('  Name   s1._domainkey.example.com.\n');
  expect(out).toMatch(/^ {2}s1\._domainkey\.example\.com\. 1800 IN TXT "v=DKIM1; [^"]{246}" "[^"]+"$/m);
  const batch = JSON.parse(/^ {2}(\{"Changes".*)$/m.exec(out)?.[1] ?? '') as { Changes: { ResourceRecordSet: { Name: string } }[] };
  expect(batch.Changes.map((change) => change.ResourceRecordSet.Name)).toEqual(['s1._domainkey.example.com.']);
  expect(out).toContain('resource "aws_route53_record"');
  expect(out).toContain('aws route53 change-resource-record-sets');
  const warning = out.indexOf('WARNING: if SES signs for example.com today');
  const command = out.indexOf(
    'aws sesv2 put-email-identity-dkim-signing-attributes --email-identity example.com --signing-attributes-origin EXTERNAL --signing-attributes file://example.com-s1.ses.json',
  );
  expect(warning).toBeGreaterThan(0);
  expect(command).toBeGreaterThan(warning);
  expect(out).toContain('npx dkim-monitor byodkim verify --key example.com-s1.pem --selector s1 example.com');
  expect(leaks(out, pem)).toBe(false);
  expect(leaks(pem.replaceAll('\n', ''), pem)).toBe(true);
  expect(hasControls(out)).toBe(false);
  expect(tooWide(out)).toEqual([]);
});

test('a shorter key, a file of one’s own name, a selector with hyphens', async () => {
  const { code, out } = await make('example.com', '--selector', 'mail-1', '--bits', '1024', '--out', "my key's.key");
  expect(code).toBe(0);
  expect(readdirSync(folder).sort()).toEqual(["my key's.key", "my key's.ses.json"]);
  expect(createPrivateKey(read("my key's.key")).asymmetricKeyDetails?.modulusLength).toBe(1024);
  expect(out).toContain(`--signing-attributes 'file://my key'\\''s.ses.json'`);
  expect(oneLine(out)).toContain('The selector "mail-1" has hyphens');
  expect(out).toContain('1024 bits are the least');
});

describe('what is in the way stays, and no half of a pair is left', () => {
  test('the key file exists', async () => {
    writeFileSync('example.com-s1.pem', 'precious');
    const { code, err, out } = await make('example.com', '--selector', 's1');
    expect({ code, out }).toEqual({ code: 64, out: '' });
    expect(err).toBe(
      'dkim-monitor: example.com-s1.pem was not written: it exists already, and may be the only copy of a key; name another with --out, or take another selector. No key was made, and nothing was changed.\n',
    );
    expect(readdirSync(folder)).toEqual(['example.com-s1.pem']);
    expect(read('example.com-s1.pem')).toBe('precious');
  });

  test('the second file exists', async () => {
    writeFileSync('example.com-s1.ses.json', 'precious');
    expect((await make('example.com', '--selector', 's1')).code).toBe(64);
    expect(readdirSync(folder)).toEqual(['example.com-s1.ses.json']);
    expect(read('example.com-s1.ses.json')).toBe('precious');
  });

  test('a link to nowhere is not followed', async () => {
    symlinkSync(join(folder, 'elsewhere'), 'example.com-s1.pem');
    expect((await make('example.com', '--selector', 's1')).code).toBe(64);
    expect(existsSync('elsewhere')).toBe(false);
  });

  test('a folder that is not there, a folder in the place of the file', async () => {
    expect((await make('example.com', '--selector', 's1', '--out', 'no/key.pem')).err).toContain('its folder does not exist');
    mkdirSync('key.pem');
    const { code, err } = await make('example.com', '--selector', 's1', '--out', 'key.pem');
    expect(code).toBe(64);
    expect(err).toContain('key.pem was not written: it is a folder; give --out the name of a file. No key was made');
    expect(err).not.toContain('only copy');
    expect(readdirSync(folder)).toEqual(['key.pem']);
  });

  test('a folder that may not be written', async () => {
    mkdirSync('shut');
    chmodSync('shut', 0o500);
    // Where the tests run as root every folder may be written, so the kernel's own is taken.
    const place = process.getuid?.() === 0 ? '/proc' : 'shut';
    const { code, err } = await make('example.com', '--selector', 's1', '--out', `${place}/key.pem`);
    expect(code).toBe(64);
    expect(err).toMatch(/key\.pem was not written: its folder (may not be written by you|does not exist)\. No key was made/);
    expect(readdirSync('shut')).toEqual([]);
  });
});

test.each([
  ['no selector', ['example.com'], '--selector'],
  ['no domain', ['--selector', 's1'], 'domain'],
  ['a selector with a period', ['example.com', '--selector', 'a.b'], 'it has a period'],
  [
    'a whole name for a selector',
    ['example.com', '--selector', 's1._domainkey.example.com'],
    'Only the part before "._domainkey" is meant: s1.',
  ],
  ['a selector with a sign', ['example.com', '--selector', 'a_b'], 'neither a letter nor a digit'],
  ['an empty selector', ['example.com', '--selector', ''], 'it is empty'],
  ['a long selector', ['example.com', '--selector', 'a'.repeat(64)], 'it is too long'],
  ['a length that SES refuses', ['example.com', '--selector', 's1', '--bits', '4096'], '2048, 1024'],
  ['an address', ['me@example.com', '--selector', 's1'], 'bare name'],
  ['a top-level domain', ['com', '--selector', 's1'], 'it has no dot'],
  [
    'a name that is too long',
    [`${'a'.repeat(60)}.${'b'.repeat(60)}.${'c'.repeat(60)}.example.com`, '--selector', 'd'.repeat(63)],
    'longer than 253',
  ],
  ['an empty file name', ['example.com', '--selector', 's1', '--out', ''], 'the name of a file'],
  ['standard output for a key', ['example.com', '--selector', 's1', '--out', '-'], 'the name of a file'],
  ['control characters in a file name', ['example.com', '--selector', 's1', '--out', 'a\u001b[31m'], '\\u001b'],
  ['a misspelt command', ['nwe'], ''],
] as readonly [string, readonly string[], string][])('wrong usage, exit 64, no file: %s', async (_, argv, sentence) => {
  const { code, err, out } = await make(...argv);
  expect({ code, out }).toEqual({ code: 64, out: '' });
  expect(oneLine(err)).toContain(sentence);
  expect(hasControls(err)).toBe(false);
  expect(readdirSync(folder)).toEqual([]);
});

test('a misspelt sub-command is guessed, and help shows examples', async () => {
  expect((await runCommand(['byodkim', 'nwe'])).err).toContain('Did you mean new?');
  const { code, out } = await runCommand(['byodkim', 'new', '--help']);
  expect(code).toBe(0);
  expect(out).toContain('Examples:');
});
