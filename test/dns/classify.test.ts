// What counts as what: one reply, one name, one outcome.
import { classify } from '../../lambda/dns/classify.ts';
import type { Outcome } from '../../lambda/model/lookup.ts';
import { dnsName } from '../../lambda/model/names.ts';
import { a, cname, type Draft, ns, reply, soa, txt } from './packets.ts';

const NAME = 'tok._domainkey.example.com';
const asked = { name: dnsName(NAME), type: 'TXT', by: 'authoritative', zone: dnsName('example.com') } as const;
const target = 'tok.dkim.amazonses.com';

/** The outcome in two words, and the number of records of an answer. */
function inShort(outcome: Outcome): string {
  return outcome.kind === 'answer' ? `answer ${outcome.records.length}` : `${outcome.kind} ${outcome.how}`;
}

describe('from a server of the zone', () => {
  const cases: readonly [string, Draft, string][] = [
    ['a TXT', { answers: [txt(NAME, 'p=MIG')] }, 'answer 1'],
    ['two TXT', { answers: [txt(NAME, 'a'), txt(NAME, 'b')] }, 'answer 2'],
    ['a CNAME that leads out of the zone', { answers: [cname(NAME, target)] }, 'answer 1'],
    ['a CNAME with the TXT behind it', { answers: [cname(NAME, target), txt(target, 'p=MIG')] }, 'answer 2'],
    [
      'a CNAME whose target does not exist',
      { rcode: 3, answers: [cname(NAME, 'gone.example.com')], authorities: [soa('example.com')] },
      'answer 1',
    ],
    ['two CNAMEs at one name', { answers: [cname(NAME, target), cname(NAME, 'other.example.com')] }, 'answer 2'],
    ['a CNAME loop', { answers: [cname(NAME, 'b.example.com'), cname('b.example.com', NAME)] }, 'answer 2'],
    ['records in any order', { answers: [txt(target, 'p=MIG'), cname(NAME, target)] }, 'answer 2'],
    ['other letters’ case', { answers: [cname(NAME.toUpperCase(), target)] }, 'answer 1'],
    ['records of other names beside the right one', { answers: [txt('x.example.org', 'a'), txt(NAME, 'b')] }, 'answer 1'],
    ['only records of other names', { answers: [txt('x.example.org', 'a')] }, 'broken malformed'],
    ['only records of another type', { answers: [a(NAME, '192.0.2.1')] }, 'broken malformed'],
    ['NXDOMAIN', { rcode: 3, authorities: [soa('example.com')] }, 'absent nxdomain'],
    ['NODATA', { authorities: [soa('example.com')] }, 'absent nodata'],
    ['NODATA out of a zone below ours', { authorities: [soa('_domainkey.example.com')] }, 'absent nodata'],
    ['NODATA without SOA and NS', {}, 'absent nodata'],
    ['NXDOMAIN without SOA', { rcode: 3 }, 'absent nxdomain'],
    ['NXDOMAIN without AA', { rcode: 3, aa: false, authorities: [soa('example.com')] }, 'lame not-authoritative'],
    ['NODATA without AA', { aa: false }, 'lame not-authoritative'],
    ['an answer without AA', { aa: false, answers: [cname(NAME, target)] }, 'lame not-authoritative'],
    ['NXDOMAIN out of a zone above ours', { rcode: 3, authorities: [soa('com')] }, 'lame foreign-soa'],
    ['NXDOMAIN out of the root', { rcode: 3, authorities: [soa('.')] }, 'lame foreign-soa'],
    ['NODATA out of somebody else’s zone', { authorities: [soa('parking.example')] }, 'lame foreign-soa'],
    ['NODATA out of a zone whose name only ends alike', { authorities: [soa('le.com')] }, 'lame foreign-soa'],
    ['an upward referral', { aa: false, authorities: [ns('.', 'a.root-servers.net')] }, 'lame referral'],
    ['a referral with AA', { authorities: [ns('_domainkey.example.com', 'ns1.example.net')] }, 'lame referral'],
    ['REFUSED', { rcode: 5, aa: false }, 'lame refused'],
    ['NOTAUTH', { rcode: 9, aa: false }, 'lame not-authoritative'],
    ['SERVFAIL', { rcode: 2, aa: false }, 'broken servfail'],
    ['FORMERR', { rcode: 1, aa: false }, 'broken formerr'],
    ['NOTIMP', { rcode: 4, aa: false }, 'broken notimp'],
    ['YXDOMAIN', { rcode: 6, aa: false }, 'broken other-rcode'],
  ];
  test.each(cases)('%s', (_, draft, expected) => {
    expect(inShort(classify(reply({ question: { name: NAME, type: 'TXT' }, ...draft }), asked))).toBe(expected);
  });

  test('the SOA’s owner is told', () => {
    expect(classify(reply({ authorities: [soa('Example.COM')] }), asked)).toEqual({
      kind: 'absent',
      how: 'nodata',
      aa: true,
      soa: 'example.com',
    });
  });

  test('without a known zone an SOA of any ancestor will do', () => {
    expect(classify(reply({ authorities: [soa('com')] }), { name: asked.name, type: 'TXT', by: 'authoritative' })).toMatchObject({
      kind: 'absent',
      soa: 'com',
    });
  });

  test('asked for the CNAME itself, what lies behind it is left away', () => {
    const outcome = classify(reply({ answers: [cname(NAME, target), cname(target, 'x.example.org')] }), { ...asked, type: 'CNAME' });
    expect(outcome).toEqual({ kind: 'answer', aa: true, records: [{ type: 'CNAME', name: NAME, ttl: 300, value: target }] });
  });

  test('a hundred records are kept, however many came', () => {
    const many = Array.from({ length: 300 }, (_, i) => txt(NAME, `r${i}`));
    expect(inShort(classify(reply({ answers: many }), asked))).toBe('answer 100');
  });

  test('a chain is followed for sixteen steps', () => {
    const chain = Array.from({ length: 40 }, (_, i) => cname(i === 0 ? NAME : `c${i}.example.com`, `c${i + 1}.example.com`));
    expect(inShort(classify(reply({ answers: chain }), asked))).toBe('answer 16');
  });

  test('a reply that cannot be read is malformed', () => {
    expect(classify(undefined, asked)).toEqual({ kind: 'broken', how: 'malformed' });
  });
});

describe('from a resolver', () => {
  const cases: readonly [string, Draft, string][] = [
    ['an answer', { ra: true, answers: [cname(NAME, target), txt(target, 'p=MIG')] }, 'answer 2'],
    ['NXDOMAIN', { rcode: 3, ra: true, authorities: [soa('com')] }, 'absent nxdomain'],
    ['NODATA without SOA', { ra: true }, 'absent nodata'],
    ['a CNAME without its target', { rcode: 3, ra: true, answers: [cname(NAME, target)] }, 'answer 1'],
    ['NXDOMAIN without RA', { rcode: 3 }, 'absent nxdomain'],
    ['a server that does not recurse', {}, 'lame not-authoritative'],
    ['a referral instead of an answer', { authorities: [ns('com', 'a.gtld-servers.net')] }, 'lame referral'],
    ['REFUSED', { rcode: 5 }, 'lame refused'],
    ['SERVFAIL', { rcode: 2, ra: true }, 'broken servfail'],
  ];
  test.each(cases)('%s', (_, draft, expected) => {
    const message = reply({ question: { name: NAME, type: 'TXT' }, aa: false, ...draft });
    expect(inShort(classify(message, { name: asked.name, type: 'TXT', by: 'resolver' }))).toBe(expected);
  });
});
