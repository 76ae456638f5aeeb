// Short pieces of a private key, typed or pasted where a name belongs, are not repeated in errors; names and words are.
import { generateKeyPairSync } from 'node:crypto';
import { parseConfiguration } from '../../lambda/configuration.ts';
import { mayHoldKeyPiece } from '../../lambda/model/key-pieces.ts';
import { parseDnsName, parseRegion } from '../../lambda/model/names.ts';

const der = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'der', type: 'pkcs1' });
const base64 = der.toString('base64').slice(400, 1500);
const hex = der.toString('hex').slice(700);

test('nearly every piece of twenty characters is seen, and every one of thirty', () => {
  const missed = (length: number): number =>
    [...Array(base64.length - length).keys()].filter((at) => !mayHoldKeyPiece(base64.slice(at, at + length))).length;
  expect(missed(20) / base64.length).toBeLessThan(0.05);
  expect(missed(30)).toBeLessThan(3);
});

test.each([
  ['with blanks', base64.slice(0, 60).replace(/(.{4})/g, '$1 ')],
  ['over lines', base64.slice(0, 60).replace(/(.{10})/g, '$1\n')],
  ['in hexadecimal', hex.slice(0, 60)],
  ['byte by byte', hex.slice(0, 60).replace(/(..)/g, '$1:')],
  ['behind words', `the key is ${base64.slice(0, 40)}`],
])('%s', (_, text) => expect(mayHoldKeyPiece(text)).toBe(true));

test.each([
  'example.com',
  'a-rather-long-name-of-a-shop.example.co.uk',
  'International-Newsletter-Service.Example.COM',
  'DomainSigningPrivateKey',
  'allowPrivateNameServersEverywhere',
  'nihyzyebspyhh2pndaczkmtq6soi7vub',
  'us-gov-west-1',
  '111111111111/eu-west-1/example.com',
  'v=spf1 include:_spf.google.com include:amazonses.com ~all',
  'The quick brown fox jumps over the lazy dog 12 times.',
  '2001:db8:85a3::8a2e:370:7334',
  '2026-03-01T14:02:00.000Z',
])('%s may be shown', (text) => expect(mayHoldKeyPiece(text)).toBe(false));

test('errors about names and settings do not repeat them', () => {
  const piece = base64.slice(0, 32);
  const said = [
    parseDnsName(`${piece}/`),
    parseRegion(piece),
    parseConfiguration({ [piece]: 1 }),
    parseConfiguration({ regions: [piece] }),
  ];
  for (const one of said) {
    expect(one.ok).toBe(false);
    expect(JSON.stringify(one)).not.toContain(piece.slice(0, 12));
  }
});
