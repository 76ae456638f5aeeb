import { judgeSignature, type LiveKey, type SignatureFacts } from '../../lambda/dkim/judge-signature.ts';
import type { KeyRecord } from '../../lambda/dkim/key-record.ts';

const NOW = Date.parse('2026-06-01T00:00:00Z');
const rsa: KeyRecord = { kind: 'rsa', bits: 2048, publicKey: 'MIIB', testing: false };
const record = (key: KeyRecord): LiveKey => ({ kind: 'record', record: key });

/** A signature that holds. */
const good: SignatureFacts = {
  domain: 'example.com',
  selector: 's1',
  algorithm: 'rsa-sha256',
  version: '1',
  identity: undefined,
  signedHeaders: ['from', 'subject'],
  expires: undefined,
  lengthLimit: undefined,
  bodyLength: 100,
  body: 'as-signed',
  header: 'valid',
  key: record(rsa),
};

test.each([
  ['nothing changed', {}, 0],
  ['an identity of the domain', { identity: '@example.com' }, 0],
  ['an identity below it', { identity: 'news@mail.example.com' }, 0],
  ['not expired yet', { expires: NOW + 1 }, 0],
  ['a part of the body', { lengthLimit: 60 }, 40],
  ['Ed25519', { algorithm: 'ed25519-sha256', key: record({ kind: 'other-type', type: 'ed25519' }) }, 0],
] as readonly [string, Partial<SignatureFacts>, number][])('holds: %s', (_, change, unsignedBytes) => {
  expect(judgeSignature({ ...good, ...change }, NOW)).toEqual({ result: 'pass', unsignedBytes });
});

test.each([
  ['malformed', { domain: 'not a domain' }],
  ['malformed', { selector: 's 1' }],
  ['malformed', { version: undefined }],
  ['malformed', { version: '2' }],
  ['malformed', { body: 'not-checked', header: 'not-checked' }],
  ['malformed', { key: { kind: 'not-asked' } }],
  ['algorithm-unknown', { algorithm: 'rsa-md5' }],
  ['algorithm-unknown', { algorithm: '' }],
  ['algorithm-sha1', { algorithm: 'rsa-sha1' }],
  ['from-not-signed', { signedHeaders: ['subject', 'date'] }],
  ['identity-outside', { identity: '@example.net' }],
  ['identity-outside', { identity: '@badexample.com' }],
  ['identity-outside', { identity: '@com' }],
  ['body-not-covered', { lengthLimit: 0 }],
  ['body-changed', { lengthLimit: 101 }],
  ['body-changed', { body: 'changed' }],
  ['body-changed', { body: 'changed', key: { kind: 'unknown', detail: 'silent' } }],
  ['header-changed', { header: 'wrong' }],
  ['header-changed', { header: 'wrong', body: 'changed' }],
  ['expired', { expires: NOW - 1 }],
  ['key-missing', { key: { kind: 'missing', how: 'nxdomain' } }],
  ['key-several', { key: { kind: 'several', count: 2 } }],
  ['key-revoked', { key: record({ kind: 'revoked' }) }],
  ['key-malformed', { key: record({ kind: 'malformed', reason: 'truncated', detail: 'cut' }) }],
  ['key-malformed', { header: 'not-checked' }],
  ['key-wrong-type', { key: record({ kind: 'other-type', type: 'ed25519' }) }],
  ['key-wrong-type', { algorithm: 'ed25519-sha256' }],
  ['key-too-short', { key: record({ ...rsa, bits: 768 }) }],
  ['key-restricted', { key: record({ ...rsa, restriction: { tag: 's', value: 'tlsrpt' } }) }],
  ['key-testing', { key: record({ ...rsa, testing: true }) }],
] as readonly [string, Partial<SignatureFacts>][])('fails: %s, %j', (reason, change) => {
  expect(judgeSignature({ ...good, ...change }, NOW)).toMatchObject({ result: 'fail', reason });
});

test('without an answer from DNS nothing is said', () => {
  expect(judgeSignature({ ...good, header: 'not-checked', key: { kind: 'unknown', detail: 'timeout' } }, NOW)).toEqual({
    result: 'unknown',
    detail: 'timeout',
  });
});
