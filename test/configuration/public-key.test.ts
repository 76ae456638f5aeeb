// What may stand as `byodkim[].publicKey` and behind `--public-key`: a public RSA key as a record has it. Anything else is refused, and not shown.
import { generateKeyPairSync } from 'node:crypto';
import { parseConfiguration } from '../../lambda/configuration.ts';
import { parsePublicKeyText } from '../../lambda/dkim/public-key-text.ts';
import { COMMAND } from '../../lambda/model/command.ts';
import { runCommand } from '../cli/run-command.ts';
import { leaks } from '../cli/secret-key.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const p = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
const pem = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
const ed = generateKeyPairSync('ed25519');
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const secret = { cipher: 'aes-256-cbc', passphrase: 'x' } as const;
const bare = (der: Buffer): string => der.toString('base64');
const pkcs1 = bare(privateKey.export({ type: 'pkcs1', format: 'der' }));
/** Of a certificate that signed itself: its beginning is all that is needed. */
const CERTIFICATE = `-----BEGIN CERTIFICATE-----\nMIIBdTCCARugAwIBAgIUS0Jr8oJm0Ak7bU1hCk3lU1hEoM8wCgYIKoZIzj0EAwIw\n-----END CERTIFICATE-----\n`;

/** The problem, as the configuration tells it; undefined if the key is taken. */
function refused(text: string): string | undefined {
  const read = parseConfiguration({ byodkim: [{ identity: 'example.com', selector: 's1', publicKey: text }] });
  return read.ok ? undefined : read.problems.join('\n');
}

test.each([
  ['as a record has it', p],
  ['over lines', p.replace(/.{64}/g, '$&\n')],
  ['without its final =', p.replace(/=+$/, '')],
])('a public key %s is taken', (_, text) => {
  expect(parsePublicKeyText(text)).toEqual({ ok: true, value: p });
  expect(refused(text)).toBeUndefined();
});

describe('a private key is refused, and nothing of it is shown', () => {
  test.each([
    ['PKCS #1', pkcs1],
    ['PKCS #8', bare(privateKey.export({ type: 'pkcs8', format: 'der' }))],
    ['encrypted', bare(privateKey.export({ type: 'pkcs8', format: 'der', ...secret }))],
    ['in PEM', pem],
    ['in PEM, encrypted', privateKey.export({ type: 'pkcs1', format: 'pem', ...secret }).toString()],
    ['behind its public half', `${publicKey.export({ type: 'spki', format: 'pem' })}${pem}`],
    ['cut', pkcs1.slice(0, 900)],
    ['encoded twice', Buffer.from(pem).toString('base64')],
    ['with typed line breaks', JSON.stringify(pem)],
    ['in the text of a record', `v=DKIM1; k=rsa; p=${pkcs1}`],
    ['as the AWS CLI takes it', JSON.stringify({ DomainSigningSelector: 's1', DomainSigningPrivateKey: pkcs1 })],
    ['of an elliptic curve', bare(ec.privateKey.export({ type: 'pkcs8', format: 'der' }))],
    ['Ed25519', bare(ed.privateKey.export({ type: 'pkcs8', format: 'der' }))],
  ])('%s', (_, text) => {
    const said = refused(text) ?? '';
    expect(said).toMatch(
      /^byodkim\[0\]\.publicKey: is a PRIVATE key, which is not shown here\. .*byodkim new\. .*openssl rsa -in private\.pem -pubout/,
    );
    expect(said.includes(text.slice(-24)) || leaks(said, pem)).toBe(false);
    // The end of the sentence is a command: it must not be cut off.
    expect(said).toMatch(/openssl base64 -A$/);
  });
});

test.each([
  [
    'the PKCS #1 form',
    bare(publicKey.export({ type: 'pkcs1', format: 'der' })),
    'PKCS #1 form',
    'openssl rsa -RSAPublicKey_in -in public.pem -pubout',
  ],
  ['the PKCS #1 form in PEM', publicKey.export({ type: 'pkcs1', format: 'pem' }).toString(), 'PKCS #1 form', '-RSAPublicKey_in'],
  ['PEM', publicKey.export({ type: 'spki', format: 'pem' }).toString(), 'leave out the BEGIN and END lines', ''],
  ['a cut key', p.slice(0, 255), 'is a key that was cut: 191 of 294 bytes are there', ''],
  ['a certificate', CERTIFICATE, 'is a certificate.', 'openssl x509'],
  ['an Ed25519 key', bare(ed.publicKey.export({ type: 'spki', format: 'der' })), 'is an Ed25519 key. SES signs with RSA only.', ''],
  ['an Ed25519 key as a record has it', bare(ed.publicKey.export({ type: 'spki', format: 'der' }).subarray(-32)), 'is an Ed25519 key', ''],
  ['an elliptic-curve key', bare(ec.publicKey.export({ type: 'spki', format: 'der' })), 'is an elliptic-curve key', ''],
  ['a whole record', `v=DKIM1; p=${p}`, 'after p= in the record, and nothing else', ''],
  ['some base64', 'QUJD'.repeat(30), 'is not a public key', ''],
  ['a word', 'hello', 'holds "hello", which is not a public key', ''],
])('%s is refused, with what to do', (_, text, words, command) => {
  const said = refused(text) ?? '';
  expect(said).toContain(words);
  expect(said).toContain(command);
  expect(said).not.toContain(text.slice(-24).repeat(text.length > 24 ? 1 : 9));
});

test('behind --public-key of `check` and `records` the same is refused, and p= may be copied too', async () => {
  for (const [text, words] of [
    [bare(publicKey.export({ type: 'pkcs1', format: 'der' })), '--public-key is a public key in the PKCS #1 form'],
    [pkcs1.slice(0, 900), '--public-key is a PRIVATE key'],
  ] as const)
    for (const command of ['check', 'records']) {
      const ran = await runCommand([command, 'example.com', '--selector', 's1', '--public-key', text]);
      expect(ran).toMatchObject({ code: 64, out: '', err: expect.stringContaining(words) });
    }
  const ran = await runCommand(['records', 'example.com', '--selector', 's1', '--public-key', `p=${p}`, '--no-dns', '--format', 'table']);
  expect(ran).toMatchObject({ code: 0, out: expect.stringContaining(p) });
});

test('the sentence names the command as it is typed', () => expect(refused(pkcs1)).toContain(`${COMMAND} byodkim new`));
