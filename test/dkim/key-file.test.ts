// Key files as people really have them: what is read out of each, what is judged wrong, and that no bytes make the reader throw or leak.
import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { judgeKeyFile, type KeyNote, type KeyProblem } from '../../lambda/dkim/judge-key-file.ts';
import { type KeyFile, type KeyRole, readKeyFile } from '../../lambda/dkim/key-file.ts';

const pair = (modulusLength: number) => generateKeyPairSync('rsa', { modulusLength });
const { privateKey, publicKey } = pair(2048);
const pem1 = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
const pem8 = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const der1 = privateKey.export({ type: 'pkcs1', format: 'der' });
const der8 = privateKey.export({ type: 'pkcs8', format: 'der' });
const bare1 = der1.toString('base64');
const bare8 = der8.toString('base64');
const spkiPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
const spki = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
const rsaPublicPem = publicKey.export({ type: 'pkcs1', format: 'pem' }).toString();
const folded = bare1.replace(/.{64}/g, '$&\n');
const attributes = (key: string): string => JSON.stringify({ DomainSigningSelector: 's7', DomainSigningPrivateKey: key });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ed = generateKeyPairSync('ed25519');
const pss = generateKeyPairSync('rsa-pss', { modulusLength: 1024 });
const small = pair(512).privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
const large = pair(3072).privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
const weak = pair(1024).privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
const odd = pair(1536).privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
// Its label is all that is read.
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBdTCCARugAwIBAgIUS0Jr8oJm0Ak7bU1hCk3lU1hEoM8wCgYIKoZIzj0EAwIw
-----END CERTIFICATE-----
`;

/** A store as RFC 7292 §4 has it, as far as anybody can tell without its password: version 3, then PKCS #7 "data". */
const PKCS12 = Buffer.from(`3081c9020103308181${'06092a864886f70d010701'}${'00'.repeat(0x81 - 11 + 0x42)}`, 'hex');

/** One character of the base64 changed, deep inside: the lengths still fit. */
const flipped = (at: number): string => {
  const der = Buffer.from(der1);
  der[at] = (der[at] ?? 0) ^ 0x55;
  return der.toString('base64');
};

const read = (content: string | Buffer, wanted: KeyRole = 'private'): KeyFile => readKeyFile(Buffer.from(content), wanted);
const problems = (content: string | Buffer, wanted: KeyRole = 'private'): readonly KeyProblem[] =>
  judgeKeyFile(read(content, wanted), wanted).problems;
const notes = (content: string | Buffer, wanted: KeyRole = 'private'): readonly KeyNote[] =>
  judgeKeyFile(read(content, wanted), wanted).notes;

describe('sound private keys', () => {
  test.each([
    ['PKCS #1 in PEM', pem1, 'pkcs1', 'pem', []],
    ['PKCS #8 in PEM', pem8, 'pkcs8', 'pem', ['pkcs8']],
    ['as SES takes it', bare1, 'pkcs1', 'base64', []],
    ['as SES takes it, with the line end that editors add', `${bare1}\n`, 'pkcs1', 'base64', []],
    ['PKCS #8 in base64', bare8, 'pkcs8', 'base64', ['pkcs8']],
    ['PKCS #1 in bytes', der1, 'pkcs1', 'der', []],
    ['PKCS #8 in bytes', der8, 'pkcs8', 'der', ['pkcs8']],
    ['CRLF line ends', pem1.replaceAll('\n', '\r\n'), 'pkcs1', 'pem', []],
    ['words before the header', `Bag Attributes\n    friendlyName: x\n${pem1}`, 'pkcs1', 'pem', []],
    ['behind the public key', `${spkiPem}${pem1}`, 'pkcs1', 'pem', []],
    ['signing attributes', attributes(bare1), 'pkcs1', 'signing-attributes', []],
    ['signing attributes inside a request', `{"SigningAttributes":${attributes(bare1)}}`, 'pkcs1', 'signing-attributes', []],
  ] as const)('%s', (_, content, form, wrapping, noted) => {
    expect(read(content)).toMatchObject({ kind: 'key', role: 'private', form, wrapping, bits: 2048, publicKey: spki, flaws: [] });
    expect(problems(content)).toEqual([]);
    expect(notes(content)).toEqual(noted);
  });

  test('the selector beside the key', () => expect(read(attributes(bare1))).toMatchObject({ selector: 's7' }));
});

describe('sound public keys', () => {
  test.each([
    ['PEM', spkiPem, 'spki', 'pem', []],
    ['base64', spki, 'spki', 'base64', []],
    ['bytes', Buffer.from(spki, 'base64'), 'spki', 'der', []],
    ['p= alone', `p=${spki}`, 'spki', 'record', []],
    ['a whole record', `v=DKIM1; k=rsa; p=${spki}`, 'spki', 'record', []],
    [
      'a line of a zone file, as opendkim-genkey writes it',
      `s1._domainkey\tIN\tTXT\t( "v=DKIM1; k=rsa; "\n\t  "p=${spki.slice(0, 200)}"\n\t  "${spki.slice(200)}" )  ; ----- DKIM key s1`,
      'spki',
      'record',
      [],
    ],
  ] as const)('%s', (_, content, form, wrapping, noted) => {
    expect(read(content, 'public')).toMatchObject({ kind: 'key', role: 'public', form, wrapping, bits: 2048, publicKey: spki });
    expect(problems(content, 'public')).toEqual([]);
    expect(notes(content, 'public')).toEqual(noted);
  });
});

describe('flaws around a key that can be read', () => {
  test.each([
    ['a byte-order mark', `\ufeff${pem1}`, ['byte-order-mark']],
    ['UTF-16, little end first', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(pem1, 'utf16le')]), ['utf-16']],
    ['UTF-16, big end first', Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(pem1, 'utf16le').swap16()]), ['utf-16']],
    ['quotes', `"${bare1}"`, ['quotes']],
    ['typed line breaks', pem1.replaceAll('\n', '\\n'), ['typed-line-breaks']],
    ['typed line breaks, quoted, as in a variable', JSON.stringify(pem1), ['quotes', 'typed-line-breaks']],
    ['line breaks', folded, ['line-breaks']],
    ['line breaks with carriage returns', folded.replaceAll('\n', '\r\n'), ['line-breaks']],
    ['the header left', `-----BEGIN RSA PRIVATE KEY-----\n${folded}`, ['half-header']],
    ['the footer left', `${folded}\n-----END RSA PRIVATE KEY-----\n`, ['half-header']],
    ['four dashes', pem1.replaceAll('-----', '----'), ['changed-dashes']],
    ['long dashes', pem1.replaceAll('-----', '\u2014'), ['changed-dashes']],
    ['long dashes of another character set', Buffer.from(pem1.replaceAll('-----', '\u0097'), 'latin1'), ['changed-dashes']],
    ['long dashes in front alone', pem8.replace('-----BEGIN', '\u2013\u2013-BEGIN'), ['changed-dashes']],
    ['all on one line', pem1.replaceAll('\n', ''), ['pem-layout']],
    ['line ends turned into spaces', pem1.replaceAll('\n', ' '), ['pem-layout']],
    ['the base64 of URLs', der1.toString('base64url'), der1.length % 3 === 0 ? ['base64url'] : ['base64url', 'padding']],
    ['a whole file encoded once more', Buffer.from(pem1).toString('base64'), ['encoded-twice']],
    ['a whole file encoded once more, over lines', Buffer.from(pem1).toString('base64').replace(/.{76}/g, '$&\n'), ['encoded-twice']],
    ['base64 of base64', Buffer.from(bare1).toString('base64'), ['encoded-twice']],
    ['signing attributes with header and footer', attributes(pem1), ['pem-in-attributes']],
    ['signing attributes with line breaks', attributes(folded), ['line-breaks']],
    ['signing attributes encoded twice', attributes(Buffer.from(pem1).toString('base64')), ['encoded-twice', 'pem-in-attributes']],
  ] as const)('%s', (_, content, flaws) => {
    expect(read(content)).toMatchObject({ kind: 'key', publicKey: spki });
    expect(problems(content)).toEqual(flaws);
  });

  test('missing padding', () => {
    const padded = [bare1, bare8].find((text) => text.endsWith('='));
    // One of the two forms is padded: their lengths differ by 26 bytes, which is no multiple of 3.
    expect(padded).toBeDefined();
    expect(problems((padded ?? '').replace(/=+$/, ''))).toEqual(['padding']);
  });
});

describe('no key that could be used', () => {
  test.each([
    ['nothing', '', 'private', ['empty']],
    ['white space', ' \n\t\r\n', 'private', ['empty']],
    [
      'an encrypted key, PKCS #8',
      privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }),
      'private',
      ['encrypted'],
    ],
    [
      'an encrypted key, PKCS #1',
      privateKey.export({ type: 'pkcs1', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }),
      'private',
      ['encrypted'],
    ],
    [
      'an encrypted key in bytes',
      privateKey.export({ type: 'pkcs8', format: 'der', cipher: 'aes-256-cbc', passphrase: 'x' }),
      'private',
      ['encrypted'],
    ],
    ['elliptic curve', ec.privateKey.export({ type: 'sec1', format: 'pem' }), 'private', ['ec']],
    ['elliptic curve, PKCS #8', ec.privateKey.export({ type: 'pkcs8', format: 'pem' }), 'private', ['ec']],
    ['elliptic curve, public', ec.publicKey.export({ type: 'spki', format: 'pem' }), 'public', ['ec']],
    ['Ed25519', ed.privateKey.export({ type: 'pkcs8', format: 'pem' }), 'private', ['ed25519']],
    ['Ed25519 in bytes', ed.privateKey.export({ type: 'pkcs8', format: 'der' }), 'private', ['ed25519']],
    [
      'Ed25519, as DKIM has it',
      ed.publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('base64'),
      'public',
      ['ed25519'],
    ],
    ['RSA-PSS', pss.privateKey.export({ type: 'pkcs8', format: 'pem' }), 'private', ['other-type']],
    ['DSA', '-----BEGIN DSA PRIVATE KEY-----\nMIIB\n-----END DSA PRIVATE KEY-----\n', 'private', ['other-type']],
    ['SSH, private', '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaA==\n-----END OPENSSH PRIVATE KEY-----\n', 'private', ['openssh']],
    ['SSH, public', 'ssh-rsa AAAAB3NzaC1yc2E me@example', 'public', ['openssh-public']],
    ['SSH, public, Ed25519', 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 me@example', 'private', ['ed25519']],
    ['SSH, public, elliptic curve', 'ecdsa-sha2-nistp256 AAAAE2VjZHNh me@example', 'public', ['ec']],
    ['a PKCS #12 store', PKCS12, 'private', ['pkcs12']],
    ['a PKCS #12 store in base64', PKCS12.toString('base64'), 'private', ['pkcs12']],
    [
      'a PKCS #12 store with lengths left open',
      Buffer.from(PKCS12.toString('hex').replace(/3081../g, '3080'), 'hex'),
      'private',
      ['pkcs12'],
    ],
    ['a cut PKCS #12 store', PKCS12.subarray(0, 60), 'private', ['cut']],
    ['a record of the private key', `v=DKIM1; k=rsa; p=${bare1}`, 'public', ['private-in-record']],
    ['a certificate', CERTIFICATE, 'public', ['certificate']],
    ['a certificate for a private key', CERTIFICATE, 'private', ['certificate']],
    ['a request for one', CERTIFICATE.replaceAll('CERTIFICATE', 'CERTIFICATE REQUEST'), 'public', ['certificate-request']],
    ['cut in PEM', `${pem1.slice(0, 900)}\n-----END RSA PRIVATE KEY-----\n`, 'private', ['cut']],
    ['cut in base64', bare1.slice(0, 800), 'private', ['cut']],
    ['cut at 255', bare1.slice(0, 255), 'private', ['cut']],
    ['cut in bytes', der1.subarray(0, 500), 'private', ['cut']],
    ['one byte too many', Buffer.concat([der1, Buffer.from([0])]), 'private', ['damaged']],
    ['one byte changed in the modulus', flipped(200), 'private', ['damaged']],
    ['one byte changed in the exponent', flipped(400), 'private', ['damaged']],
    ['one byte changed in a prime', flipped(600), 'private', ['damaged']],
    ['one byte changed in the coefficient', flipped(der1.length - 40), 'private', ['damaged']],
    ['a strange character', `${bare1.slice(0, 300)}*${bare1.slice(301)}`, 'private', ['not-base64']],
    ['other text', 'hello, this is my key', 'private', ['not-a-key']],
    ['text of 32 characters', '0123456789abcdefghijklmnopqrst+/', 'private', ['not-a-key']],
    ['other JSON', '{"key":"value"}', 'private', ['not-a-key']],
    ['broken JSON', `{"DomainSigningPrivateKey":"${bare1}`, 'private', ['broken-json']],
    ['JSON with a line break inside the key', `{"DomainSigningPrivateKey":"${folded}"}`, 'private', ['broken-json']],
    ['broken JSON without a key', '{"a":', 'private', ['not-a-key']],
    ['binary data', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 1]), 'private', ['not-a-key']],
    ['a PGP key', '-----BEGIN PGP PRIVATE KEY BLOCK-----\nx\n-----END PGP PRIVATE KEY BLOCK-----\n', 'private', ['not-a-key']],
    ['a revoked record', 'v=DKIM1; p=', 'public', ['empty']],
    ['a record with quotes inside', `v=DKIM1; p=${spki.slice(0, 100)}" "${spki.slice(100)}`, 'public', ['bad-record']],
    ['a record of an Ed25519 key', 'v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=', 'public', ['other-type']],
  ] as readonly [string, string | Buffer, KeyRole, readonly KeyProblem[]][])('%s', (_, content, wanted, expected) => {
    expect(problems(content, wanted)).toEqual(expected);
  });
});

describe('keys of the wrong role or length', () => {
  test.each([
    ['a public key for the private one', spkiPem, 'private', ['public-for-private']],
    ['a public key in the wrong place, with flaws', `"${spki}"`, 'private', ['public-for-private']],
    ['a private key for the public one', pem1, 'public', ['private-for-public']],
    ['the PKCS #1 form of a public key', rsaPublicPem, 'public', ['pkcs1-public']],
    ['the PKCS #1 form in the wrong place', rsaPublicPem, 'private', ['public-for-private']],
    ['512 bits', small, 'private', ['too-short']],
    ['3072 bits', large, 'private', ['too-long']],
    ['1024 bits', weak, 'private', []],
    ['1536 bits', odd, 'private', []],
  ] as readonly [string, string, KeyRole, readonly KeyProblem[]][])('%s', (_, content, wanted, expected) => {
    expect(problems(content, wanted)).toEqual(expected);
  });
  test('lengths worth a word', () => {
    expect(notes(weak)).toEqual(['weak']);
    expect(notes(odd)).toEqual(['odd-length']);
  });
});

describe('whatever the bytes are', () => {
  const both: readonly KeyRole[] = ['private', 'public'];

  test('nothing throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        for (const wanted of both) expect(['key', 'no-key']).toContain(readKeyFile(Buffer.from(bytes), wanted).kind);
      }),
      { numRuns: 300 },
    );
  });

  test('a damaged private key is never quoted', () => {
    const texts = [pem1, pem8, bare1, attributes(pem1), JSON.stringify(pem1)];
    const damage = fc.tuple(fc.constantFrom(...texts), fc.nat(), fc.nat(60), fc.string({ maxLength: 3 }));
    // Twelve characters of the part that is secret in both forms.
    const secret = (text: string): boolean => {
      for (let at = 500; at + 12 <= bare1.length; at += 1) if (text.includes(bare1.slice(at, at + 12))) return true;
      return false;
    };
    fc.assert(
      fc.property(damage, ([text, at, length, put]) => {
        const from = at % text.length;
        const file = read(text.slice(0, from) + put + text.slice(from + length));
        expect(secret(JSON.stringify(file))).toBe(false);
      }),
      { numRuns: 150 },
    );
  });
});
