import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { judgeKey } from '../../lambda/dkim/judge-key.ts';
import { readKeyRecord } from '../../lambda/dkim/key-record.ts';
import { leaks } from '../cli/secret-key.ts';

const pair = (bits: number) => generateKeyPairSync('rsa', { modulusLength: bits });
const { publicKey, privateKey } = pair(2048);
const spki = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
const pkcs1 = publicKey.export({ format: 'der', type: 'pkcs1' }).toString('base64');
const pem = publicKey.export({ format: 'pem', type: 'spki' }).toString();
const ed = generateKeyPairSync('ed25519').publicKey.export({ format: 'der', type: 'spki' });
const weak = pair(512).publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
const least = pair(1024).publicKey.export({ format: 'der', type: 'spki' }).toString('base64');

describe('good keys', () => {
  test.each([
    ['p= alone', `p=${spki}`],
    ['all tags', `v=DKIM1; h=sha256; k=rsa; s=email; t=s; n=note; p=${spki}`],
    ['one trailing semicolon', `v=DKIM1; p=${spki};`],
    ['spaces around everything', `v = DKIM1 ;\tk = rsa ; p = ${spki} `],
    ['white space inside the key', `p=${spki.slice(0, 100)} \t${spki.slice(100)}`],
    ['folded over lines', `p=${spki.slice(0, 100)}\r\n ${spki.slice(100)}`],
    ['unknown tags', `p=${spki}; x=1; zz=anything goes`],
    ['lists', `h=sha1:sha256; s=other:*; p=${spki}`],
    ['padding left out', `p=${spki.replace(/=+$/, '')}`],
  ])('%s', (_, text) => {
    expect(readKeyRecord(text)).toEqual({ kind: 'rsa', bits: 2048, publicKey: spki, testing: false });
  });
  test('testing', () => expect(readKeyRecord(`t=y:s; p=${spki}`)).toMatchObject({ testing: true }));
  test.each([
    ['s=web', 's', 'web'],
    ['h=sha1', 'h', 'sha1'],
    ['s=', 's', ''],
    ['s=tlsrpt:web', 's', 'tlsrpt:web'],
    ['s=Email', 's', 'Email'],
    ['h=SHA256', 'h', 'SHA256'],
    ['s=web; h=sha1', 's', 'web'],
  ])('%s shuts SES out', (tags, tag, value) =>
    expect(readKeyRecord(`${tags}; p=${spki}`)).toEqual({
      kind: 'rsa',
      bits: 2048,
      publicKey: spki,
      testing: false,
      restriction: { tag, value },
    }),
  );
});

describe('bad keys', () => {
  test.each([
    ['a whole key file', pem, 'pem-header'],
    ['a key file on one line', `p=${pem.replace(/\n/g, '')}`, 'pem-header'],
    ['a private key file', privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(), 'not-a-public-key'],
    [
      'a private key file on one line',
      `p=${privateKey.export({ format: 'pem', type: 'pkcs1' }).toString().replace(/\n/g, '')}`,
      'not-a-public-key',
    ],
    [
      'a private key file encoded once more',
      `p=${Buffer.from(privateKey.export({ format: 'pem', type: 'pkcs8' })).toString('base64')}`,
      'not-a-public-key',
    ],
    ['a key file encoded once more', `p=${Buffer.from(pem).toString('base64')}`, 'pem-header'],
    ['quoted', `"v=DKIM1; p=${spki}"`, 'quotes'],
    ['the key quoted', `v=DKIM1; p="${spki}"`, 'quotes'],
    ['quotes where two strings meet', `p=${spki.slice(0, 200)}" "${spki.slice(200)}`, 'quotes'],
    ['line breaks', `p=${spki.slice(0, 64)}\n${spki.slice(64)}`, 'line-breaks'],
    ['line breaks typed as backslash and n', `p=${spki.slice(0, 64)}\\n${spki.slice(64)}`, 'line-breaks'],
    ['cut at 255 of the text', `v=DKIM1; k=rsa; p=${spki}`.slice(0, 255), 'truncated'],
    ['cut at 255 of the key', `p=${spki.slice(0, 255)}`, 'truncated'],
    ['the last character lost', `p=${spki.slice(0, -4)}`, 'truncated'],
    ['base64url', `p=${spki.replace(/\+/g, '-').replace(/\//g, '_')}-_`, 'not-base64'],
    ['one character too many', `p=${spki}x`, 'not-base64'],
    ['padding in the middle', `p=${spki.slice(0, 100)}=${spki.slice(100)}`, 'not-base64'],
    ['escaped semicolon', `v=DKIM1\\; k=rsa\\; p=${spki}`, 'bad-version'],
    ['text as a key', 'p=hello', 'not-a-public-key'],
    [
      'something behind the key',
      `p=${Buffer.concat([Buffer.from(spki, 'base64'), Buffer.from('x')]).toString('base64')}`,
      'not-a-public-key',
    ],
    ['raw Ed25519 without k=', `p=${ed.subarray(-32).toString('base64')}`, 'not-a-public-key'],
    ['PKCS #1', `p=${pkcs1}`, 'pkcs1-instead-of-spki'],
    ['no p=', 'v=DKIM1; k=rsa', 'missing-p'],
    ['twice p=', `p=${spki}; p=${spki}`, 'duplicate-tag'],
    ['DKIM2', `v=DKIM2; p=${spki}`, 'bad-version'],
    ['v in lower case', `v=dkim1; p=${spki}`, 'bad-version'],
    ['v not first', `p=${spki}; v=DKIM1`, 'bad-version'],
    ['an SPF record', 'v=spf1 include:amazonses.com ~all', 'bad-version'],
    ['the key alone', spki.replace(/=+$/, ''), 'no-tag-syntax'],
    ['empty', '', 'no-tag-syntax'],
    ['an empty tag in the middle', `v=DKIM1;; p=${spki}`, 'no-tag-syntax'],
    ['a CNAME target', 'aaa.dkim.amazonses.com', 'no-tag-syntax'],
    ['enormous', 'x'.repeat(70_000), 'no-tag-syntax'],
  ])('%s', (_, text, reason) => {
    expect(readKeyRecord(text)).toMatchObject({ kind: 'malformed', reason });
  });
  test.each(['pkcs8', 'pkcs1'] as const)('a private key is called by its name (%s)', (type) => {
    const secret = privateKey.export({ format: 'der', type }).toString('base64');
    expect(readKeyRecord(`p=${secret}`)).toMatchObject({
      reason: 'not-a-public-key',
      detail: expect.stringContaining('PRIVATE') as string,
      leaked: true,
    });
  });
  test.each([
    ['v=DKIM1; p=', { kind: 'revoked' }],
    ['p= ;', { kind: 'revoked' }],
    ['k=ed25519; p=abc', { kind: 'other-type', type: 'ed25519' }],
    ['k=RSA; p=abc', { kind: 'other-type', type: 'RSA' }],
    [`p=${ed.toString('base64')}`, { kind: 'other-type', type: 'ed25519' }],
  ])('%s', (text, expected) => expect(readKeyRecord(text)).toEqual(expected));
});

describe('judgeKey', () => {
  const other = pair(2048).publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
  const good = { kind: 'usable', bits: 2048, publicKey: spki, testing: false };
  const [head, tail] = [`v=DKIM1; p=${spki.slice(0, 200)}`, spki.slice(200)];
  test.each<[string, readonly string[], string | undefined, object]>([
    ['good', [`p=${spki}`], undefined, good],
    ['1024 bits', [`p=${least}`], undefined, { kind: 'usable', bits: 1024, publicKey: least, testing: false }],
    ['the configured one', [`p=${spki}`], spki, good],
    ['the configured one, written otherwise', [`p=${spki}`], `${spki.slice(0, 64)}\n${spki.slice(64)}`.replace(/=+$/, ''), good],
    ['another than configured', [`p=${other}`], spki, { kind: 'mismatch', publicKey: other }],
    ['configured nonsense', [`p=${spki}`], 'nonsense', { kind: 'mismatch', publicKey: spki }],
    ['none', [], undefined, { kind: 'nothing' }],
    ['none, one configured', [], spki, { kind: 'nothing' }],
    ['two good ones', [`p=${spki}`, `p=${spki}`], undefined, { kind: 'ambiguous', cause: 'several-txt', usable: true }],
    ['two, one of them good', ['v=spf1 -all', `p=${spki}`], undefined, { kind: 'ambiguous', cause: 'several-txt', usable: true }],
    ['two, the good one not the configured', [`p=${spki}`, 'x'], other, { kind: 'ambiguous', cause: 'several-txt', usable: false }],
    ['two, neither good', ['p=', 'hello'], undefined, { kind: 'ambiguous', cause: 'several-txt', usable: false }],
    ['one key cut in two', [head, tail], undefined, { kind: 'ambiguous', cause: 'cut-into-two-records', usable: false }],
    [
      'one key cut in two, in the other order',
      [tail, head],
      undefined,
      { kind: 'ambiguous', cause: 'cut-into-two-records', usable: false },
    ],
    ['one key cut in two beside others', ['a', 'b', tail, head], spki, { kind: 'ambiguous', cause: 'cut-into-two-records', usable: false }],
    ['512 bits', [`p=${weak}`], undefined, { kind: 'too-short', bits: 512 }],
    ['512 bits, not the configured one', [`p=${weak}`], spki, { kind: 'too-short', bits: 512 }],
    ['Ed25519', ['k=ed25519; p=abc'], undefined, { kind: 'wrong-type', type: 'ed25519' }],
    ['testing', [`t=y; p=${spki}`], undefined, { ...good, testing: true }],
    ['not for mail', [`s=web; p=${spki}`], undefined, { kind: 'restricted', tag: 's', value: 'web', publicKey: spki }],
    [
      'not for mail, and not the configured one',
      [`s=web; p=${spki}`],
      other,
      { kind: 'restricted', tag: 's', value: 'web', publicKey: spki },
    ],
    ['revoked', ['p='], undefined, { kind: 'revoked' }],
    ['revoked, one configured', ['p='], spki, { kind: 'revoked' }],
  ])('%s', (_, values, configured, verdict) => {
    expect(judgeKey(values, configured)).toEqual(verdict);
  });

  test('a damaged key and a published private key are told apart', () => {
    expect(judgeKey([`p=${spki.slice(0, -8)}`], undefined)).toMatchObject({ kind: 'malformed', reason: 'truncated' });
    const secret = privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
    expect(judgeKey([`p=${secret}`], undefined)).toMatchObject({ kind: 'malformed', leaked: true });
  });
});

describe('properties', () => {
  const tagged = fc
    .array(
      fc.tuple(
        fc.constantFrom('v', 'k', 'p', 'h', 's', 't', 'n', 'x', ''),
        fc.oneof(fc.string(), fc.constantFrom('DKIM1', 'rsa', spki, pkcs1, 'MIIB', '=')),
      ),
    )
    .map((tags) => tags.map(([name, value]) => `${name}=${value}`).join(';'));
  test('never throws, always answers', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.base64String({ maxLength: 600 }).map((b) => `p=${b}`),
          tagged,
        ),
        (text) => {
          const { kind } = readKeyRecord(text);
          expect(['rsa', 'other-type', 'revoked', 'malformed']).toContain(kind);
        },
      ),
      { numRuns: 3000 },
    );
  });
  test('a changed byte never reads as the same key', () => {
    const NULL_TAG_AT = 17;
    const der = Buffer.from(spki, 'base64');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: der.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
        // The type of the algorithm's parameters (X.690 NULL): it is no part of the key, and what stands there is passed over.
        fc.pre(at !== NULL_TAG_AT);
        const damaged = Buffer.from(der);
        damaged.writeUInt8(damaged.readUInt8(at) ^ change, at);
        const record = readKeyRecord(`p=${damaged.toString('base64')}`);
        expect(record.kind === 'rsa' && record.publicKey === spki).toBe(false);
      }),
    );
  });
  test('any cut is noticed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: spki.length - 5 }), (length) => {
        expect(readKeyRecord(`p=${spki.slice(0, length)}`).kind).toBe('malformed');
      }),
    );
  });
  test('white space and tag order do not matter', () => {
    const tags = fc.shuffledSubarray(['k=rsa', 's=*', 'h=sha256', 'n=x', `p=${spki}`], { minLength: 5 });
    fc.assert(
      fc.property(tags, fc.constantFrom(';', '; ', ' ;\t'), fc.boolean(), (order, glue, last) => {
        expect(readKeyRecord(order.join(glue) + (last ? ';' : ''))).toMatchObject({ kind: 'rsa', publicKey: spki });
      }),
    );
  });
});

describe('pieces of a private key that landed in the wrong place are not repeated', () => {
  const secret = privateKey.export({ format: 'pem', type: 'pkcs1' }).toString();
  const rest = privateKey.export({ format: 'der', type: 'pkcs1' }).toString('base64').slice(600);
  const hex = Buffer.from(rest, 'base64').toString('hex');
  test.each([
    ['behind the tags', `v=DKIM1; k=rsa; ${rest}`],
    ['behind the tags, short', `v=DKIM1; k=rsa; ${rest.slice(0, 39)}`],
    ['as a tag', `v=DKIM1; +${rest.slice(0, 38)}=x; p=AA`],
    ['as the version', `v=${rest}; p=AA`],
    ['as a short version', `v=${rest.slice(0, 30)}; p=AA`],
    ['as the type', `k=${rest}; p=AA`],
    ['as a short type', `k=${rest.slice(0, 30)}; p=AA`],
    ['as the service', `v=DKIM1; s=${rest.slice(0, 60)}; p=${spki}`],
    ['as the hashes', `v=DKIM1; h=${rest.slice(0, 60)}; p=${spki}`],
    ['with blanks', `v=DKIM1; ${rest.replace(/(.{4})/g, '$1 ')}`],
    ['in hex', `v=DKIM1; k=rsa; ${hex}`],
    ['in hex with colons', `v=DKIM1; k=rsa; ${hex.replace(/(..)/g, '$1:')}`],
    ['twice as a tag', `x${rest.replace(/\W/g, '').slice(0, 40)}=1; x${rest.replace(/\W/g, '').slice(0, 40)}=1`],
  ])('%s', (_, text) => {
    const said = JSON.stringify(readKeyRecord(text));
    expect(leaks(said.replace(/[\s:]/g, ''), secret)).toBe(false);
    expect(said).toMatch(/a text of \d+ characters/);
  });
  test.each([
    ['v=spf1 include:_spf.google.com ~all', 'v= must be DKIM1, not "v=spf1'.slice(0, 22)],
    ['v=DKIM1; k=rsa; the key is coming soon', '"the key is coming soon" is not of the form'],
    ['google-site-verification: none', '"google-site-verification: none"'],
  ])('words are: %s', (text, part) => expect(JSON.stringify(readKeyRecord(text)).replaceAll('\\"', '"')).toContain(part));
  test('types are', () => expect(readKeyRecord('k=ed25519; p=AA')).toEqual({ kind: 'other-type', type: 'ed25519' }));
});
