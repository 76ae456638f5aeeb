import fc from 'fast-check';
import { dmarcNames, misplacedNames } from '../../lambda/dkim/questions.ts';
import type { ExpectedRecord } from '../../lambda/model/expectation.ts';
import { type DnsName, dnsName, parseDnsName } from '../../lambda/model/names.ts';

const record = (domain: DnsName, token = 'tok'): ExpectedRecord => ({
  type: 'CNAME',
  token,
  name: dnsName(`${token}._domainkey.${domain}`),
  target: dnsName(`${token}.dkim.amazonses.com`),
});
const asked = (domain: string, apex: string): readonly string[] =>
  misplacedNames(record(dnsName(domain)), dnsName(domain), dnsName(apex)).map(({ name, how }) => `${how} ${name}`);

describe('where the usual slips put a record', () => {
  test('of the zone’s own domain', () => {
    expect(asked('example.com', 'example.com')).toEqual([
      'no-underscore tok.domainkey.example.com',
      'without-domainkey tok.example.com',
      'labels-swapped _domainkey.tok.example.com',
      'under-child tok._domainkey.www.example.com',
      'under-child tok._domainkey.mail.example.com',
    ]);
  });

  test('of a domain below the zone’s: its parents inside the zone as well', () => {
    expect(asked('a.b.example.com', 'example.com')).toEqual([
      'no-underscore tok.domainkey.a.b.example.com',
      'without-domainkey tok.a.b.example.com',
      'labels-swapped _domainkey.tok.a.b.example.com',
      'under-parent tok._domainkey.b.example.com',
      'under-parent tok._domainkey.example.com',
      'under-child tok._domainkey.www.a.b.example.com',
      'under-child tok._domainkey.mail.a.b.example.com',
    ]);
  });

  test.each([
    ['a zone of its own', 'news.example.com', 'news.example.com'],
    ['_domainkey a zone of its own', 'example.com', '_domainkey.example.com'],
    ['a zone that is no parent', 'example.com', 'ample.com'],
  ])('no parents outside the zone: %s', (_, domain, apex) => {
    expect(asked(domain, apex).filter((one) => one.startsWith('under-parent'))).toEqual([]);
  });

  test('a mail domain whose child is itself is not asked twice', () => {
    expect(asked('mail.example.com', 'example.com')).toContain('under-parent tok._domainkey.example.com');
    expect(new Set(asked('mail.example.com', 'example.com')).size).toBe(asked('mail.example.com', 'example.com').length);
  });

  const domain = fc
    .array(fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/), { minLength: 1, maxLength: 9 })
    .map((labels) => [...labels, 'example', 'com'].join('.'))
    .filter((name) => parseDnsName(`${'t'.repeat(32)}._domainkey.${name}`).ok);

  test('never the right name, never the same twice, never too many, and all can be asked', () => {
    fc.assert(
      fc.property(domain, (name) => {
        const own = record(dnsName(name), 't'.repeat(32));
        const names = misplacedNames(own, dnsName(name), dnsName('example.com')).map((one) => one.name);
        expect(names).not.toContain(own.name);
        expect(new Set(names).size).toBe(names.length);
        expect(names.length).toBeLessThanOrEqual(8);
        for (const one of names) expect(parseDnsName(one)).toEqual({ ok: true, value: one });
      }),
    );
  });
});

/** RFC 7489 §6.6.3. */
describe('where a DMARC policy may stand', () => {
  test.each<readonly [string, readonly string[]]>([
    ['example.com', ['_dmarc.example.com']],
    ['news.example.com', ['_dmarc.news.example.com', '_dmarc.example.com']],
    ['example.co.uk', ['_dmarc.example.co.uk']],
    ['news.example.co.uk', ['_dmarc.news.example.co.uk', '_dmarc.example.co.uk']],
    ['a.b.example.com', ['_dmarc.a.b.example.com', '_dmarc.example.com']],
    ['a.b.c.d.e.f.g.h.i.example.com', ['_dmarc.a.b.c.d.e.f.g.h.i.example.com', '_dmarc.example.com']],
    ['shop.someone.github.io', ['_dmarc.shop.someone.github.io', '_dmarc.someone.github.io']],
    ['co.uk', ['_dmarc.co.uk']],
    ['corp.internal-suffix', ['_dmarc.corp.internal-suffix']],
    ['localhost', []],
  ])('%s', (domain, expected) => expect(dmarcNames(dnsName(domain))).toEqual(expected));

  test('a domain so long that the name cannot exist', () => {
    const long = dnsName(`${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(50)}.example`);
    for (const name of dmarcNames(long)) expect(name.length).toBeLessThanOrEqual(253);
    expect(dmarcNames(long)).not.toContain(`_dmarc.${long}`);
  });
});
