import { generateKeyPairSync } from 'node:crypto';
import { cnameChain, txtAtEnd } from '../../lambda/dkim/answer-chain.ts';
import { besideName, doubledNames, looksRight, panelQuestions, quickQuestions } from '../../lambda/dkim/questions.ts';
import type { ExpectedRecord } from '../../lambda/model/expectation.ts';
import type { DnsRecord, Lookup, Outcome } from '../../lambda/model/lookup.ts';
import { dnsName } from '../../lambda/model/names.ts';

const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
const easy: ExpectedRecord = {
  type: 'CNAME',
  token: 'tok',
  name: dnsName('tok._domainkey.example.com'),
  target: dnsName('tok.dkim.amazonses.com'),
};
const own: ExpectedRecord = { type: 'TXT', token: 's1', name: dnsName('s1._domainkey.example.com') };

const cname = (name: string, value: string): DnsRecord => ({ type: 'CNAME', name, ttl: 1, value });
const txt = (name: string, ...strings: string[]): DnsRecord => ({ type: 'TXT', name, ttl: 1, strings });
const answer = (...records: DnsRecord[]): Outcome => ({ kind: 'answer', aa: true, records });
const lookup = (record: ExpectedRecord, outcome: Outcome, change: Partial<Lookup> = {}): Lookup => ({
  server: { role: 'authoritative', name: dnsName('ns1.example.net'), address: '192.0.2.1' },
  question: { name: record.name, type: 'TXT' },
  outcome,
  at: '2026-03-01T12:00:00Z',
  ...change,
});

describe('looksRight for Easy DKIM', () => {
  test.each<[string, Outcome, boolean]>([
    ['the CNAME', answer(cname(easy.name, easy.target)), true],
    ['the CNAME and a key', answer(cname(easy.name, easy.target), txt(easy.target, `p=${key}`)), true],
    ['the CNAME and an empty TXT', answer(cname(easy.name, easy.target), txt(easy.target, '')), true],
    ['other case', answer(cname(easy.name.toUpperCase(), 'TOK.dkim.AMAZONSES.com.')), true],
    ['a chain that passes through the target', answer(cname(easy.name, 'x.example'), cname('x.example', easy.target)), true],
    ['a chain in any order', answer(cname('x.example', easy.target), cname(easy.name, 'x.example')), true],
    ['another target', answer(cname(easy.name, 'x.example')), false],
    ['the target, but at another name', answer(cname('x.example', easy.target)), false],
    ['a loop', answer(cname(easy.name, 'x.example'), cname('x.example', easy.name)), false],
    ['two CNAMEs', answer(cname(easy.name, easy.target), cname(easy.name, 'x.example')), false],
    ['a key without a CNAME', answer(txt(easy.name, `p=${key}`)), false],
    ['no authority', { kind: 'answer', aa: false, records: [cname(easy.name, easy.target)] }, false],
    ['NXDOMAIN', { kind: 'absent', how: 'nxdomain', aa: true }, false],
    ['SERVFAIL', { kind: 'broken', how: 'servfail' }, false],
    ['silence', { kind: 'silent', how: 'timeout' }, false],
  ])('%s', (_, outcome, expected) => {
    expect(looksRight(lookup(easy, outcome), easy)).toBe(expected);
  });

  test('only a TXT question at the record’s own name counts', () => {
    const good = answer(cname(easy.name, easy.target));
    expect(looksRight(lookup(easy, good, { question: { name: easy.name, type: 'CNAME' } }), easy)).toBe(false);
    expect(looksRight(lookup(easy, good, { question: { name: own.name, type: 'TXT' } }), easy)).toBe(false);
  });

  test('a resolver needs no authority', () => {
    const outcome: Outcome = { kind: 'answer', aa: false, records: [cname(easy.name, easy.target)] };
    expect(looksRight(lookup(easy, outcome, { server: { role: 'resolver', address: '192.0.2.53' } }), easy)).toBe(true);
  });
});

describe('looksRight for a key of one’s own', () => {
  test.each<[string, Outcome, boolean]>([
    ['a key', answer(txt(own.name, `v=DKIM1; p=${key}`)), true],
    ['in two strings', answer(txt(own.name, `p=${key.slice(0, 255)}`, key.slice(255))), true],
    ['behind a CNAME', answer(cname(own.name, 'k.example'), txt('k.example', `p=${key}`)), true],
    ['two records', answer(txt(own.name, `p=${key}`), txt(own.name, 'v=spf1 -all')), false],
    ['a key cut in two records', answer(txt(own.name, `p=${key.slice(0, 255)}`), txt(own.name, key.slice(255))), false],
    ['revoked', answer(txt(own.name, 'p=')), false],
    ['empty', answer(txt(own.name, '')), false],
    ['only a CNAME', answer(cname(own.name, 'k.example')), false],
    ['a key at another name', answer(txt('x.example', `p=${key}`)), false],
  ])('%s', (_, outcome, expected) => {
    expect(looksRight(lookup(own, outcome), own)).toBe(expected);
  });

  test('a configured key must be the one', () => {
    const right = lookup(own, answer(txt(own.name, `p=${key}`)));
    expect(looksRight(right, { ...own, publicKey: key })).toBe(true);
    expect(looksRight(right, { ...own, publicKey: `${key.slice(0, 100)}AAAA${key.slice(104)}` })).toBe(false);
  });
});

test('the quick look is one TXT question a record, the panel adds CNAME', () => {
  const expectation = { kind: 'records', domain: dnsName('example.com'), records: [easy, own], zoneSource: 'api' } as const;
  expect(quickQuestions(expectation)).toEqual([
    { record: easy, question: { name: easy.name, type: 'TXT' } },
    { record: own, question: { name: own.name, type: 'TXT' } },
  ]);
  expect(panelQuestions(easy)).toEqual([
    { name: easy.name, type: 'TXT' },
    { name: easy.name, type: 'CNAME' },
  ]);
});

test.each([
  ['example.com', 'example.com', ['tok._domainkey.example.com.example.com']],
  ['mail.example.com', 'example.com', ['tok._domainkey.mail.example.com.example.com', 'tok._domainkey.mail.example.com.mail.example.com']],
])('doubled names of %s in zone %s', (domain, apex, expected) => {
  const record = { ...easy, name: dnsName(`tok._domainkey.${domain}`) };
  expect(doubledNames(record, dnsName(domain), dnsName(apex))).toEqual(expected);
});

test('a doubled name that cannot exist is left out', () => {
  const domain = dnsName(`${'a'.repeat(60)}.${'b'.repeat(60)}.${'c'.repeat(40)}.example`);
  expect(doubledNames({ ...easy, name: dnsName(`tok._domainkey.${domain}`) }, domain, dnsName('example'))).toEqual([
    `tok._domainkey.${domain}.example`,
  ]);
});

test('the name beside the records fits, however long the domain', () => {
  expect(besideName(dnsName('example.com'), 'rnd')).toBe('rnd._domainkey.example.com');
  const long = dnsName(`${'a.'.repeat(115)}example`);
  expect(besideName(long, 'r'.repeat(20)).length).toBeLessThanOrEqual(253);
});

test('chains are bounded', () => {
  const links = Array.from({ length: 1000 }, (_, i) => cname(`n${i}`, `n${i + 1}`));
  expect(cnameChain(links, 'n0').length).toBe(12);
  expect(txtAtEnd([...links, txt('n1000', 'x')], 'n0')).toEqual([]);
});
