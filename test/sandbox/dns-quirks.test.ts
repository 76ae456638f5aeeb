// What DNS hosts do with CNAMEs that no standard allows, and the shapes of data that a monitor must tell apart.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ZoneQuirks } from '../../sandbox/dns/dns-world.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { answerTo } from './ask.ts';

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await startSandbox({
    aws: {},
    dns: {
      nameServers: {
        'ns1.hoster.net': ['198.51.100.41'],
        'ns2.hoster.net': ['198.51.100.42'],
        'ns1.inside.org': ['10.0.0.53', '127.0.0.1'],
        'ns2.inside.org': ['169.254.169.254', '::1', 'fd00::53'],
      },
      zones: {
        'shop.com': {
          ns: ['ns1.hoster.net', 'ns2.hoster.net'],
          records: {
            key: { CNAME: 'key.ses.org' },
            empty: { CNAME: 'empty.ses.org' },
            nowhere: { CNAME: 'nowhere.ses.org' },
            both: { CNAME: 'key.ses.org', TXT: ['own text', 'more text'], A: '203.0.113.80' },
            many: { CNAME: ['key.ses.org', 'other.ses.org'] },
            proxied: { A: ['203.0.113.1', '203.0.113.2'], AAAA: '2001:db8::80' },
            '*.any': { TXT: 'wild', A: '203.0.113.9' },
            '*.alias': { CNAME: 'key.ses.org' },
            bounce: { MX: ['10 feedback-smtp.eu-west-1.amazonses.com', '20 mail.other.org'], TXT: 'v=spf1 include:amazonses.com ~all' },
            _dmarc: { TXT: 'v=DMARC1; p=reject' },
          },
        },
        'ses.org': { ns: ['ns1.hoster.net'], records: { key: { TXT: 'p=KEY' }, empty: { TXT: '' }, back: { CNAME: 'back.shop.com' } } },
        'inside.org': { ns: ['ns1.hoster.net'] },
        'inside.com': { ns: ['ns1.inside.org', 'ns2.inside.org'], records: { '@': { TXT: 'secret' } } },
      },
    },
  });
});
afterEach(() => sandbox.close());

const data = ({ rcode, answers }: { rcode: string; answers: readonly string[] }) =>
  answers.length > 0 ? answers.map((line) => line.split(' ').slice(1).join(' ')) : rcode;
const told = async (name: string, type: string, server = '198.51.100.41') =>
  data(await answerTo(sandbox.routes[server], `${name}.shop.com`, type));
const resolved = async (name: string, type: string) => data(await answerTo(sandbox.resolver, name, type, { rd: true }));
const quirks = (value: ZoneQuirks) => sandbox.dns.setQuirks('shop.com', value);

describe('a host that flattens CNAMEs', () => {
  it('shows what is at their end under the name itself, and no CNAME', async () => {
    quirks({ flattens: true });
    expect(await told('key', 'TXT')).toEqual(['TXT "p=KEY"']);
    expect(await told('empty', 'TXT')).toEqual(['TXT ""']);
    expect(await resolved('key.shop.com', 'TXT')).toEqual(['TXT "p=KEY"']);
    for (const [name, type] of [
      ['key', 'CNAME'],
      ['key', 'A'],
      ['nowhere', 'TXT'],
    ] as const)
      expect(await answerTo(sandbox.routes['198.51.100.41'], `${name}.shop.com`, type)).toMatchObject({
        rcode: 'NOERROR',
        aa: true,
        answers: [],
        authority: [expect.stringMatching(/^shop\.com SOA/)],
      });
  });

  it('follows wildcards too, and shows the change of a moment ago', async () => {
    quirks({ flattens: true });
    expect(await told('x.alias', 'TXT')).toEqual(['TXT "p=KEY"']);
    sandbox.dns.setRecord('ses.org', 'key', 'TXT', 'p=NEW');
    expect(await told('key', 'TXT')).toEqual(['TXT "p=NEW"']);
  });

  it('fails where the end cannot be found, also where two hosts lead in a circle', async () => {
    quirks({ flattens: true });
    sandbox.dns.setQuirks('ses.org', { flattens: true });
    sandbox.dns.setRecord('shop.com', 'back', 'CNAME', 'back.ses.org');
    expect(await told('back', 'TXT')).toBe('SERVFAIL');
    sandbox.dns.dropDomain('ses.org');
    expect(await told('key', 'TXT')).toBe('NOERROR');
  });
});

describe('a CNAME beside other data', () => {
  it('is shown with it', async () => {
    expect(await told('both', 'TXT')).toEqual(['TXT "own text"', 'TXT "more text"', 'CNAME key.ses.org']);
    expect(await told('both', 'CNAME')).toEqual(['CNAME key.ses.org']);
    expect(await told('both', 'MX')).toEqual(['CNAME key.ses.org']);
  });

  it('gives way to it at some hosts, and hides it at others', async () => {
    quirks({ besideCname: 'other-data' });
    expect(await told('both', 'TXT')).toEqual(['TXT "own text"', 'TXT "more text"']);
    expect(await told('both', 'CNAME')).toEqual(['CNAME key.ses.org']);
    expect(await told('both', 'MX')).toEqual(['CNAME key.ses.org']);
    quirks({ besideCname: 'cname' });
    expect(await told('both', 'TXT')).toEqual(['CNAME key.ses.org']);
  });
});

describe('a host that does not know CNAMEs for TXT', () => {
  it('says NODATA to TXT, and answers the rest', async () => {
    quirks({ ignoresCnameFor: ['TXT'] });
    expect(await answerTo(sandbox.routes['198.51.100.41'], 'key.shop.com', 'TXT')).toMatchObject({
      rcode: 'NOERROR',
      aa: true,
      answers: [],
      authority: [expect.stringMatching(/^shop\.com SOA/)],
    });
    expect(await told('key', 'CNAME')).toEqual(['CNAME key.ses.org']);
    expect(await told('key', 'A')).toEqual(['CNAME key.ses.org']);
  });

  it('may be one server only', async () => {
    sandbox.dns.setQuirks('shop.com', { ignoresCnameFor: ['TXT'] }, { servers: ['ns2.hoster.net'] });
    expect(await told('key', 'TXT')).toEqual(['CNAME key.ses.org']);
    expect(await told('key', 'TXT', '198.51.100.42')).toBe('NOERROR');
  });
});

describe('odd data', () => {
  it('several CNAMEs at one name are all told', async () => {
    expect(await told('many', 'TXT')).toEqual(['CNAME key.ses.org', 'CNAME other.ses.org']);
    expect(await resolved('many.shop.com', 'TXT')).toEqual(['CNAME key.ses.org', 'CNAME other.ses.org', 'TXT "p=KEY"']);
  });

  it('a proxied name has addresses, and nothing else', async () => {
    expect(await told('proxied', 'A')).toEqual(['A 203.0.113.1', 'A 203.0.113.2']);
    expect(await told('proxied', 'AAAA')).toEqual(['AAAA 2001:db8::80']);
    for (const type of ['TXT', 'CNAME']) expect(await told('proxied', type)).toBe('NOERROR');
  });

  it('wildcards answer with TXT, addresses or a CNAME', async () => {
    expect(await told('x.any', 'TXT')).toEqual(['TXT "wild"']);
    expect(await told('x.any', 'A')).toEqual(['A 203.0.113.9']);
    expect(await told('x.alias', 'TXT')).toEqual(['CNAME key.ses.org']);
  });

  it('MAIL FROM and DMARC records come as they are, in answers and in the master file', async () => {
    expect(await told('bounce', 'MX')).toEqual(['MX 10 feedback-smtp.eu-west-1.amazonses.com', 'MX 20 mail.other.org']);
    expect(await told('_dmarc', 'TXT')).toEqual(['TXT "v=DMARC1; p=reject"']);
    expect(sandbox.dns.zoneFile('shop.com')).toContain('bounce.shop.com. 300 IN MX 10 feedback-smtp.eu-west-1.amazonses.com.\n');
    expect(await resolved('feedback-smtp.eu-west-1.amazonses.com', 'A')).toEqual([expect.stringMatching(/^A 203\.0\.113\.\d+$/)]);
  });
});

describe('a zone whose name servers have addresses that nobody may reach', () => {
  it('is delegated, and answered by nobody', async () => {
    const addresses = sandbox.dns.serversOf('inside.com');
    expect([...addresses].sort()).toEqual(['10.0.0.53', '127.0.0.1', '169.254.169.254', '::1', 'fd00::53']);
    expect(addresses.filter((address) => sandbox.routes[address] !== undefined)).toEqual([]);
    expect(await resolved('ns1.inside.org', 'A')).toEqual(['A 10.0.0.53', 'A 127.0.0.1']);
    expect(await resolved('inside.com', 'TXT')).toBe('SERVFAIL');
  });
});
