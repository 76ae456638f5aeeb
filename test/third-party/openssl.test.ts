// The commands that `byodkim verify` prints, run with real OpenSSL and a real shell: what they write is what SES takes.
import { spawnSync } from 'node:child_process';
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keyPair } from '../cli/key-zone.ts';
import { runCommand } from '../cli/run-command.ts';

const key = keyPair();
const object = createPrivateKey(key.pem);
const der = object.export({ type: 'pkcs1', format: 'der' });
const bare = der.toString('base64');
const bare8 = object.export({ type: 'pkcs8', format: 'der' }).toString('base64');
const pem8 = object.export({ type: 'pkcs8', format: 'pem' }).toString();
const publicPem = `-----BEGIN PUBLIC KEY-----\n${key.p.replace(/.{64}/g, '$&\n')}\n-----END PUBLIC KEY-----\n`;
const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(key.pem, 'utf16le')]);

let folder: string;
const home = process.cwd();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'openssl-'));
  process.chdir(folder);
});

afterEach(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true, force: true });
});

/** Runs `byodkim verify` on a file, then the one command of the shell that it prints; the file that command writes. */
async function mended(content: string | Buffer, ...flags: string[]): Promise<string> {
  writeFileSync('it.pem', content, { mode: 0o600 });
  const [as = '--key', ...rest] = flags;
  const { out } = await runCommand(['byodkim', 'verify', as, 'it.pem', ...rest]);
  const command = out.split('\n').filter((line) => /^\s+(\(umask|openssl |ssh-keygen |sed |tr |iconv |LC_ALL)/.test(line));
  expect(command).toHaveLength(1);
  const { status, stderr } = spawnSync('bash', ['-o', 'pipefail', '-c', command[0] ?? ''], { encoding: 'utf8', cwd: folder, input: 'x\n' });
  expect({ status, stderr: stderr.replace(/writing RSA key\n|Enter Import Password:\s*/g, '') }).toEqual({ status: 0, stderr: '' });
  const file = / (?:> |-out )([a-z0-9.-]+)\)?(?: &&.*)?$/.exec(command[0] ?? '')?.[1] ?? '';
  if (as === '--key') expect(statSync(file).mode & 0o777).toBe(0o600);
  return readFileSync(file, 'utf8');
}

describe('what SES takes, from a private key', () => {
  test.each([
    ['PEM, PKCS #1', key.pem],
    ['PEM, PKCS #8', pem8],
    ['bytes', der],
    ['base64 of PKCS #8', bare8],
    ['line breaks', bare.replace(/.{64}/g, '$&\n')],
    ['line breaks with carriage returns', bare.replace(/.{64}/g, '$&\r\n')],
    ['no footer', key.pem.replace(/-----END.*/s, '')],
    ['no header', key.pem.replace(/-----BEGIN.*?-----\n/, '')],
    ['long dashes', `Bag of words\n${key.pem.replaceAll('-----', '\u2014')}`],
    ['long dashes of another character set', Buffer.from(key.pem.replaceAll('-----', '\u0097'), 'latin1')],
    ['four dashes, on one line', key.pem.replaceAll('-----', '----').replaceAll('\n', ' ')],
    ['half a footer', key.pem.replace(/ PRIVATE KEY-----\n$/, '')],
    ['on one line', key.pem.replaceAll('\n', '')],
    ['line ends turned into spaces', key.pem.replaceAll('\n', ' ')],
    ['a byte-order mark', `\ufeff${key.pem}`],
    ['UTF-16', utf16],
    ['quotes', `"${bare}"`],
    ['single quotes', `'${bare}'\n`],
    ['typed line breaks', key.pem.replaceAll('\n', '\\n')],
    ['typed line breaks and quotes', JSON.stringify(key.pem)],
    ['the base64 of URLs', der.toString('base64url')],
    ['no padding', bare8.replace(/=+$/, '')],
    ['encoded twice', Buffer.from(key.pem).toString('base64')],
    ['encoded twice, over lines', Buffer.from(pem8).toString('base64').replace(/.{76}/g, '$&\n')],
    ['base64 of base64', Buffer.from(bare).toString('base64')],
    ['a byte-order mark before base64 of URLs over lines', `\ufeff${der.toString('base64url').replace(/.{64}/g, '$&\n')}`],
  ])('%s', async (_, content) => {
    expect(await mended(content)).toBe(bare);
  });

  test('signing attributes with header and footer: made anew from the key file', async () => {
    writeFileSync('private.pem', pem8, { mode: 0o600 });
    const text = await mended(JSON.stringify({ DomainSigningSelector: 's7', DomainSigningPrivateKey: key.pem }));
    expect(JSON.parse(text)).toEqual({ DomainSigningSelector: 's7', DomainSigningPrivateKey: bare });
  });
});

describe('other remedies', () => {
  test('the public half of a private key', async () => {
    expect((await mended(key.pem, '--public-key')).replace(/\s/g, '')).toContain(key.p);
  });
  test.each([
    ['UTF-16', utf16],
    ['bytes', der],
    ['bare base64', bare],
    ['base64 over lines', bare.replace(/.{64}/g, '$&\n')],
    ['typed line breaks', key.pem.replaceAll('\n', '\\n')],
    ['quotes', JSON.stringify(key.pem)],
    ['encoded twice', Buffer.from(key.pem).toString('base64')],
    ['JSON', JSON.stringify({ DomainSigningSelector: 's1', DomainSigningPrivateKey: bare }, undefined, 2)],
    ['JSON with header and footer', JSON.stringify({ DomainSigningSelector: 's1', DomainSigningPrivateKey: key.pem })],
    ['JSON encoded twice', JSON.stringify({ DomainSigningPrivateKey: Buffer.from(key.pem).toString('base64') })],
    [
      'JSON in UTF-16',
      Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(JSON.stringify({ DomainSigningPrivateKey: bare }), 'utf16le')]),
    ],
    ['JSON with slashes written as \\/', JSON.stringify({ DomainSigningPrivateKey: bare }).replaceAll('/', '\\/')],
    ['long dashes', key.pem.replaceAll('-----', '\u2014')],
  ])('the public half of a private key as %s', async (_, content) => {
    expect(await mended(content, '--public-key')).toBe(publicPem);
  });
  test('a public key in the PKCS #1 form, in PEM and in bytes', async () => {
    const form = createPublicKey(key.pem);
    expect(await mended(form.export({ type: 'pkcs1', format: 'pem' }), '--public-key')).toBe(key.p);
    expect(await mended(form.export({ type: 'pkcs1', format: 'der' }), '--public-key')).toBe(key.p);
  });
  test('the public half of SSH’s form', async () => {
    writeFileSync('ssh.key', key.pem, { mode: 0o600 });
    const made = spawnSync('ssh-keygen', ['-y', '-f', 'ssh.key'], { encoding: 'utf8', cwd: folder });
    expect(await mended(made.stdout, '--public-key')).toBe(publicPem);
  });
  test('a PKCS #12 store: its private key', async () => {
    writeFileSync('private.key', key.pem);
    spawnSync('openssl', ['req', '-x509', '-key', 'private.key', '-subj', '/CN=x', '-days', '1', '-out', 'it.crt'], { cwd: folder });
    const made = spawnSync('openssl', ['pkcs12', '-export', '-inkey', 'private.key', '-in', 'it.crt', '-passout', 'pass:x'], {
      cwd: folder,
    });
    expect(createPrivateKey(await mended(made.stdout)).export({ type: 'pkcs1', format: 'der' })).toEqual(der);
  });
  test('a public key over lines', async () => {
    expect(await mended(key.p.replace(/.{64}/g, '$&\n'), '--public-key')).toBe(key.p);
  });
  test('too long a key: another one, in PEM', async () => {
    const pem = await mended(generateKeyPairSync('rsa', { modulusLength: 3072 }).privateKey.export({ type: 'pkcs1', format: 'pem' }));
    expect(createPrivateKey(pem).asymmetricKeyDetails?.modulusLength).toBe(2048);
  });
  test('a certificate: its public key', async () => {
    writeFileSync('private.pem', key.pem);
    const made = spawnSync('openssl', ['req', '-x509', '-key', 'private.pem', '-subj', '/CN=x', '-days', '1'], {
      encoding: 'utf8',
      cwd: folder,
    });
    expect(await mended(made.stdout, '--public-key')).toBe(publicPem);
  });
  test('a request for a certificate: its public key', async () => {
    writeFileSync('private.pem', key.pem);
    const made = spawnSync('openssl', ['req', '-new', '-key', 'private.pem', '-subj', '/CN=x'], { encoding: 'utf8', cwd: folder });
    expect(await mended(made.stdout, '--public-key')).toBe(publicPem);
  });
  test('SSH’s form', async () => {
    writeFileSync('ssh.key', key.pem, { mode: 0o600 });
    expect(spawnSync('ssh-keygen', ['-p', '-N', '', '-f', 'ssh.key'], { cwd: folder }).status).toBe(0);
    const pem = await mended(readFileSync('ssh.key'));
    expect(createPrivateKey(pem).export({ type: 'pkcs1', format: 'der' })).toEqual(der);
  });
});

test('`byodkim new`: OpenSSL finds the key whole, and the AWS CLI’s file holds the same', async () => {
  await runCommand(['byodkim', 'new', 'example.com', '--selector', 's1']);
  const checked = spawnSync('openssl', ['rsa', '-in', 'example.com-s1.pem', '-check', '-noout'], { encoding: 'utf8', cwd: folder });
  expect(checked.status).toBe(0);
  const out = spawnSync('bash', ['-c', 'openssl rsa -in example.com-s1.pem -traditional -outform DER 2>/dev/null | openssl base64 -A'], {
    encoding: 'utf8',
    cwd: folder,
  }).stdout;
  const written = JSON.parse(readFileSync('example.com-s1.ses.json', 'utf8')) as { DomainSigningPrivateKey: string };
  expect(written.DomainSigningPrivateKey).toBe(out);
});
