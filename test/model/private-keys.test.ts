import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { withoutPiecesIn, withoutPrivateKeys, withoutPrivateKeysIn, withoutPrivateKeysWithin } from '../../lambda/model/private-keys.ts';
import { visible } from '../../lambda/model/safe-text.ts';

const HIDDEN = '[private key, not shown]';
const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 });
const long = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ed25519 = generateKeyPairSync('ed25519');
const base64 = (der: Buffer): string => der.toString('base64');
const pkcs1 = base64(rsa.privateKey.export({ format: 'der', type: 'pkcs1' }));
const pkcs8 = base64(rsa.privateKey.export({ format: 'der', type: 'pkcs8' }));
const pem = long.privateKey.export({ format: 'pem', type: 'pkcs1' }).toString();
const encrypted = (cipher: string): Buffer => rsa.privateKey.export({ format: 'der', type: 'pkcs8', cipher, passphrase: 'secret' });
const hex = (text: string): string => Buffer.from(text, 'base64').toString('hex');
const pairs = (text: string, between: string): string => (hex(text).match(/../g) ?? []).join(between);
const openssl = (name: string, bytes: string): string =>
  `${name}:\n    ${(hex(bytes).match(/../g) ?? []).join(':').replace(/(.{45})/g, '$1\n    ')}`;
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
  ['PKCS #8 encrypted (PBES2)', base64(encrypted('aes-256-cbc')), HIDDEN],
  ['PKCS #8 encrypted, in a DKIM record, cut', `p=${base64(encrypted('aes-256-cbc')).slice(0, 255)}`, `p=${HIDDEN}`],
  // What OpenSSL 3 makes only with its legacy provider: PBE with SHA-1 and 3DES (PKCS #12), PBES1 (PKCS #5).
  [
    'PKCS #8 encrypted (PKCS #12)',
    base64(Buffer.concat([Buffer.from('3082029f301c060a2a864886f70d010c0103300e0408', 'hex'), Buffer.alloc(40, 7)])),
    HIDDEN,
  ],
  [
    'PKCS #8 encrypted (PBES1)',
    base64(Buffer.concat([Buffer.from('3082029f301b06092a864886f70d010503300e0408', 'hex'), Buffer.alloc(40, 7)])),
    HIDDEN,
  ],
  ['in hexadecimal', `v=DKIM1; p=${hex(pkcs1)}; t=s`, `v=DKIM1; p=${HIDDEN}; t=s`],
  ['in hexadecimal, capitals', `p=${hex(pkcs8).toUpperCase()}`, `p=${HIDDEN}`],
  ['in hexadecimal, cut', `p=${hex(pkcs8).slice(0, 250)}`, `p=${HIDDEN}`],
  ['in hexadecimal, encrypted', `p=${hex(base64(encrypted('aes-128-cbc')))}`, `p=${HIDDEN}`],
  ['in hexadecimal, colons between', `key ${pairs(pkcs1, ':')} end`, `key ${HIDDEN} end`],
  ['in hexadecimal, spaces between', `key: ${pairs(pkcs1, ' ')}.`, `key: ${HIDDEN}.`],
  ['as an array of bytes', `{ 0x${pairs(pkcs8, ', 0x')} }`, `{ ${HIDDEN} }`],
  ['as escaped bytes', `"\\x${pairs(pkcs8, '\\x')}"`, `"${HIDDEN}"`],
  ['PEM in hexadecimal', hex(base64(Buffer.from(pem))), HIDDEN],
  [
    'the numbers of openssl',
    `${openssl('privateExponent', pkcs1.slice(400))}\n${openssl('prime1', pkcs1.slice(500))}`,
    `privateExponent: ${HIDDEN}prime1: ${HIDDEN}`,
  ],
])('hides a private key: %s', (_, text, shown) => {
  expect(withoutPrivateKeys(text)).toBe(shown);
});

test.each<[string, string]>([
  ['SubjectPublicKeyInfo', base64(rsa.publicKey.export({ format: 'der', type: 'spki' }))],
  ['PKCS #1', base64(long.publicKey.export({ format: 'der', type: 'pkcs1' }))],
  ['Ed25519', base64(ed25519.publicKey.export({ format: 'der', type: 'spki' }))],
  ['PEM', long.publicKey.export({ format: 'pem', type: 'spki' }).toString()],
  ['SubjectPublicKeyInfo in hexadecimal', hex(base64(rsa.publicKey.export({ format: 'der', type: 'spki' })))],
  ['SubjectPublicKeyInfo in hexadecimal, colons between', pairs(base64(long.publicKey.export({ format: 'der', type: 'spki' })), ':')],
  ['PKCS #1 in hexadecimal', hex(base64(long.publicKey.export({ format: 'der', type: 'pkcs1' })))],
  ['the public numbers of openssl', openssl('modulus', pkcs1.slice(400))],
  ['PEM of a public key in hexadecimal', hex(base64(Buffer.from(long.publicKey.export({ format: 'pem', type: 'spki' }) as string)))],
  ['a checksum', '3082a5d02f10002818100b3f1a0c4d2e5968778695a4b3c2d1e0f93b7c5d1e2f4'],
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

test.each([
  ['the middle', pkcs1.slice(255, 510)],
  ['the end', pkcs1.slice(510).replace(/=+$/, '')],
])('%s of a private key that stands alone at a name is hidden; of a public one it is not where its beginning is there too', (_, piece) => {
  expect(piece.length).toBeGreaterThan(64);
  expect(withoutPiecesIn([`v=DKIM1; p=${piece}`])).toEqual([`v=DKIM1; p=[${piece.length} characters, maybe of a private key, not shown]`]);
  const spki = base64(long.publicKey.export({ format: 'der', type: 'spki' }));
  const halves = [`p=${spki.slice(0, 255)}`, spki.slice(255)];
  expect(withoutPiecesIn(halves)).toEqual(halves);
  const others = ['v=spf1 -all', `google-site-verification=${spki.slice(40, 83)}`];
  expect(withoutPiecesIn(others)).toEqual(others);
  const elliptic = [`p=${base64(ed25519.publicKey.export({ format: 'der', type: 'spki' }))}`];
  expect(withoutPiecesIn(elliptic)).toEqual(elliptic);
});

test('what is shown was looked through before it is cut', () => {
  expect(visible(pkcs1, 60)).toBe(HIDDEN);
  expect(visible(`p=${pkcs1}`, 20)).toBe(`p=${HIDDEN}`.slice(0, 19).concat('…'));
});

// Time out, not a stopwatch: what backtracks over texts of this size takes minutes.
test.each([
  'MI'.repeat(32_000),
  'M '.repeat(32_000),
  'MIIa '.repeat(13_000),
  `-----BEGIN PRIVATE KEY-----`.repeat(2500),
  '30:82'.repeat(13_000),
  '3082 '.repeat(13_000),
  'prime1: 00 '.repeat(6000),
])('hostile text ends: %.12s…', (text) => expect(withoutPrivateKeys(text).length).toBeGreaterThan(0), 20_000);

test('within values, however deep; the parts of one key in one list', () => {
  const value = { a: [`p=${pkcs1.slice(0, 255)}`, pkcs1.slice(255).replace(/=+$/, '')], b: { c: 1, d: null, e: [{ f: `x\n${pkcs8}` }] } };
  expect(withoutPrivateKeysWithin(value)).toEqual({ a: [`p=${HIDDEN}`, HIDDEN], b: { c: 1, d: null, e: [{ f: `x\n${HIDDEN}` }] } });
});

test('a thousand public keys of every length are left alone, as base64 and in hexadecimal', () => {
  for (let i = 0; i < 1000; i += 1) {
    // Random moduli do: what is told apart are the first bytes.
    const modulus = randomBytes(i % 2 === 0 ? 128 : 256);
    modulus[0] = (modulus[0] ?? 0) | 0x80;
    const spki = createPublicKey({ key: { kty: 'RSA', n: modulus.toString('base64url'), e: 'AQAB' }, format: 'jwk' }).export({
      format: 'der',
      type: 'spki',
    });
    for (const text of [spki.toString('base64'), spki.toString('hex')])
      expect(withoutPrivateKeys(`v=DKIM1; p=${text}`)).toBe(`v=DKIM1; p=${text}`);
  }
});
