import { generateKeyPairSync } from 'node:crypto';
import { withoutPrivateKeys, withoutPrivateKeysIn } from '../../lambda/model/private-keys.ts';
import { visible } from '../../lambda/model/safe-text.ts';

const HIDDEN = '[private key, not shown]';
const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 });
const long = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ed25519 = generateKeyPairSync('ed25519');
const base64 = (der: Buffer): string => der.toString('base64');
const pkcs1 = base64(rsa.privateKey.export({ format: 'der', type: 'pkcs1' }));
const pkcs8 = base64(rsa.privateKey.export({ format: 'der', type: 'pkcs8' }));
const pem = long.privateKey.export({ format: 'pem', type: 'pkcs1' }).toString();
const lines = (text: string): string => (text.match(/.{1,64}/g) ?? []).join('\n');

test.each<[string, string, string]>([
  ['PKCS #1', pkcs1, HIDDEN],
  ['PKCS #8', pkcs8, HIDDEN],
  ['a long key', base64(long.privateKey.export({ format: 'der', type: 'pkcs1' })), HIDDEN],
  ['Ed25519', base64(ed25519.privateKey.export({ format: 'der', type: 'pkcs8' })), HIDDEN],
  ['in a DKIM record', `v=DKIM1; k=rsa; p=${pkcs8}; t=s`, `v=DKIM1; k=rsa; p=${HIDDEN}; t=s`],
  ['in quotation marks', `TXT "p=${pkcs1}"`, `TXT "p=${HIDDEN}"`],
  ['cut', `p=${pkcs1.slice(0, 255)}`, `p=${HIDDEN}`],
  ['cut by us, words behind', `p=${pkcs8.slice(0, 80)}… and so on`, `p=${HIDDEN}… and so on`],
  ['words behind', `${pkcs1} is what stands there`, `${HIDDEN} is what stands there`],
  ['over lines', `p=${lines(pkcs1)}`, `p=${HIDDEN}`],
  ['over typed lines', `p=${lines(pkcs1).replaceAll('\n', '\\n')}`, `p=${HIDDEN}`],
  ['in two strings', `${pkcs1.slice(0, 255)}" "${pkcs1.slice(255)}`, HIDDEN],
  ['base64url', pkcs1.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', ''), HIDDEN],
  ['two records', `p=${pkcs1}, p=${pkcs8}`, `p=${HIDDEN}, p=${HIDDEN}`],
  ['PEM', `before ${pem.trim()} after`, `before ${HIDDEN} after`],
  ['PEM on one line', pem.replaceAll('\n', ''), HIDDEN],
  ['PEM without its end', `p=${pem.slice(0, 700)}`, `p=${HIDDEN}`],
  ['base64 of PEM', base64(Buffer.from(pem)), HIDDEN],
  ['base64 of base64', base64(Buffer.from(pkcs1)), HIDDEN],
])('hides a private key: %s', (_, text, shown) => {
  expect(withoutPrivateKeys(text)).toBe(shown);
});

test.each<[string, string]>([
  ['SubjectPublicKeyInfo', base64(rsa.publicKey.export({ format: 'der', type: 'spki' }))],
  ['PKCS #1', base64(long.publicKey.export({ format: 'der', type: 'pkcs1' }))],
  ['Ed25519', base64(ed25519.publicKey.export({ format: 'der', type: 'spki' }))],
  ['PEM', long.publicKey.export({ format: 'pem', type: 'spki' }).toString()],
  ['words about a header', 'It holds "-----BEGIN PRIVATE KEY-----" and no more; MY MIND IS MADE UP about what is said there.'],
  ['random letters', 'MC4xMjM0NTY3ODkwMTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI='],
])('leaves what is no private key: %s', (_, text) => {
  expect(withoutPrivateKeys(text)).toBe(text);
});

test('the rest of a private key in another record is hidden with it, a public key beside it is not', () => {
  const spki = `p=${base64(rsa.publicKey.export({ format: 'der', type: 'spki' }))}`;
  const tail = pkcs1.slice(255);
  expect(withoutPrivateKeysIn([`p=${pkcs1.slice(0, 255)}`, tail.replace(/=+$/, ''), spki])).toEqual([`p=${HIDDEN}`, HIDDEN, spki]);
  expect(withoutPrivateKeysIn([tail, spki])).toEqual([tail, spki]);
});

test('what is shown was looked through before it is cut', () => {
  expect(visible(pkcs1, 60)).toBe(HIDDEN);
  expect(visible(`p=${pkcs1}`, 20)).toBe(`p=${HIDDEN}`.slice(0, 19).concat('…'));
});

test('hostile text takes no time', () => {
  const started = process.hrtime.bigint();
  for (const text of ['MI'.repeat(32_000), 'M '.repeat(32_000), 'MIIa '.repeat(13_000), `-----BEGIN PRIVATE KEY-----`.repeat(2500)])
    withoutPrivateKeys(text);
  expect(Number(process.hrtime.bigint() - started) / 1e6).toBeLessThan(1500);
});
