import fc from 'fast-check';
import { judgeMx, mailFromRecords, mayAllowSes } from '../../lambda/dkim/mail-from.ts';
import type { DnsRecord } from '../../lambda/model/lookup.ts';
import { dnsName } from '../../lambda/model/names.ts';

const NAME = 'bounce.example.com';
const mx = (value: string, preference = 10): DnsRecord => ({ type: 'MX', name: NAME, ttl: 300, preference, value });
const cname: DnsRecord = { type: 'CNAME', name: NAME, ttl: 300, value: 'x.hosting.example' };

test('the records that a MAIL FROM domain needs', () => {
  expect(mailFromRecords(dnsName(NAME), 'ap-southeast-2')).toEqual({
    mx: { type: 'MX', name: NAME, exchange: 'feedback-smtp.ap-southeast-2.amazonses.com' },
    spf: { type: 'SPF', name: NAME },
  });
  // A region that AWS has added since.
  expect(mailFromRecords(dnsName(NAME), 'xx-new-1').mx?.exchange).toBe('feedback-smtp.xx-new-1.amazonses.com');
  // Nobody has seen the hosts of the sovereign cloud.
  expect(mailFromRecords(dnsName(NAME), 'eusc-de-east-1')).toEqual({ spf: { type: 'SPF', name: NAME } });
});

describe('judgeMx', () => {
  test.each<readonly [string, readonly DnsRecord[], ReturnType<typeof judgeMx>]>([
    ['of the region', [mx('feedback-smtp.eu-west-1.amazonses.com')], 'right'],
    ['of another region', [mx('feedback-smtp.us-gov-west-1.amazonses.com', 0)], 'right'],
    ['behind a CNAME', [cname, { ...mx('feedback-smtp.eu-west-1.amazonses.com'), name: 'x.hosting.example' }], 'right'],
    ['none', [], 'missing'],
    ['other records only', [{ type: 'TXT', name: NAME, ttl: 300, strings: ['x'] }], 'missing'],
    ['a CNAME that leads away', [cname], 'elsewhere'],
    ['two', [mx('feedback-smtp.eu-west-1.amazonses.com'), mx('mx.example.net', 20)], 'several'],
    [
      'the same twice with two priorities',
      [mx('feedback-smtp.eu-west-1.amazonses.com'), mx('feedback-smtp.eu-west-1.amazonses.com', 20)],
      'several',
    ],
    ['for incoming mail', [mx('inbound-smtp.eu-west-1.amazonaws.com')], 'wrong'],
    ['the domain appended', [mx('feedback-smtp.eu-west-1.amazonses.com.example.com')], 'wrong'],
    ['somebody who looks like it', [mx('feedback-smtp.eu-west-1.amazonses.com.evil.example')], 'wrong'],
    ['something before it', [mx('x.feedback-smtp.eu-west-1.amazonses.com')], 'wrong'],
    ['another domain of AWS, in a region whose host is known', [mx('feedback-smtp.eu-west-1.amazonses.eu')], 'wrong'],
    ['another domain, in a region that nobody knows', [mx('feedback-smtp.xx-new-1.example.org')], 'wrong'],
    ['a region that this version does not know', [mx('feedback-smtp.xx-new-1.amazonses.com')], 'unknown'],
    ['the sovereign cloud', [mx('feedback-smtp.eusc-de-east-1.amazonses.eu')], 'unknown'],
    ['the sovereign cloud, by the common zone', [mx('feedback-smtp.eusc-de-east-1.amazonses.com')], 'unknown'],
    ['the null MX of a domain without mail (RFC 7505)', [mx('', 0)], 'wrong'],
  ])('%s', (_, records, expected) => expect(judgeMx(records)).toBe(expected));

  test.each<readonly [string, string, string, ReturnType<typeof judgeMx>]>([
    ['the own region, which this version does not know', 'xx-new-1', 'feedback-smtp.xx-new-1.amazonses.com', 'right'],
    ['a host of any form, in a partition whose hosts nobody knows', 'eusc-de-east-1', 'feedback-smtp.mail.example', 'unknown'],
    ['somebody else, from there', 'eusc-de-east-1', 'mx.example.net', 'wrong'],
    ['a known region, from there', 'eusc-de-east-1', 'feedback-smtp.eu-west-1.amazonses.com', 'right'],
    ['a host of any form, from a region that is known', 'eu-west-1', 'feedback-smtp.mail.example', 'wrong'],
  ])('%s', (_, region, host, expected) => expect(judgeMx([mx(host)], region)).toBe(expected));
});

/** RFC 7208: §4.5 one record, §4.6 terms, §5.1 all, §6 modifiers. */
describe('mayAllowSes', () => {
  test.each<readonly [string, readonly string[], boolean]>([
    ['as the guide has it', ['v=spf1 include:amazonses.com ~all'], true],
    ['with others', ['v=spf1 include:_spf.example.net include:amazonses.com -all'], true],
    ['some other include, which may include it', ['v=spf1 include:_spf.example.net -all'], true],
    ['a redirect', ['v=spf1 redirect=_spf.example.net'], true],
    ['addresses', ['v=spf1 ip4:192.0.2.0/24 -all'], true],
    ['everybody', ['v=spf1 +all'], true],
    ['everybody, the plus left out', ['v=spf1 all'], true],
    ['capitals', ['V=SPF1 INCLUDE:amazonses.com -ALL'], true],
    ['beside other texts', ['hello', 'v=spf1 include:amazonses.com ~all'], true],
    ['nobody', ['v=spf1 -all'], false],
    ['nobody, mildly', ['v=spf1 ~all'], false],
    ['nobody, more mildly', ['v=spf1  ?all '], false],
    ['nobody, with an explanation', ['v=spf1 exp=e.example -all'], false],
    ['the version alone', ['v=spf1'], false],
    ['no such record', ['hello', ''], false],
    ['nothing', [], false],
    ['two records: neither counts', ['v=spf1 include:amazonses.com ~all', 'v=spf1 include:_spf.example.net ~all'], false],
    ['another version', ['v=spf10 include:amazonses.com'], false],
    ['something before the version', [' v=spf1 include:amazonses.com'], false],
    ['Sender ID', ['spf2.0/pra include:amazonses.com'], false],
  ])('%s', (_, texts, expected) => expect(mayAllowSes(texts)).toBe(expected));

  test('never throws', () => {
    fc.assert(fc.property(fc.array(fc.string({ unit: 'binary' })), (texts) => typeof mayAllowSes(texts) === 'boolean'));
  });
});
