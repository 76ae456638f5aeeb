// What the sandbox's authoritative servers answer to the shapes of data that matter.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { answerTo, askRaw, told } from './ask.ts';
import { SMALL_INTERNET } from './small-internet.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox(SMALL_INTERNET);
});
afterAll(() => sandbox.close());

const shop = () => sandbox.routes['198.51.100.21'];

describe('an authoritative server', () => {
  it('answers with AA and without recursion', async () => {
    expect(await answerTo(shop(), 'a._domainkey.shop.com', 'CNAME')).toMatchObject({
      rcode: 'NOERROR',
      aa: true,
      ra: false,
      answers: ['a._domainkey.shop.com CNAME a.dkim.amazonses.com'],
      authority: [],
    });
  });

  it('keeps the case of the question, and finds the name whatever its case', async () => {
    const answer = await answerTo(shop(), 'A._DomainKey.sHOP.com', 'CNAME');
    expect(answer.question).toBe('A._DomainKey.sHOP.com CNAME');
    expect(answer.answers).toEqual(['A._DomainKey.sHOP.com CNAME a.dkim.amazonses.com']);
  });

  it('gives the CNAME for a TXT question, and does not follow it out of the zone', async () => {
    expect((await answerTo(shop(), 'a._domainkey.shop.com', 'TXT')).answers).toEqual(['a._domainkey.shop.com CNAME a.dkim.amazonses.com']);
  });

  it('says NXDOMAIN with the SOA for a name that does not exist', async () => {
    expect(await answerTo(shop(), 'missing.shop.com', 'TXT')).toMatchObject({
      rcode: 'NXDOMAIN',
      aa: true,
      answers: [],
      authority: ['shop.com SOA ns1.shop.com 7'],
    });
  });

  it('says NODATA with the SOA for a type that is not there', async () => {
    expect(await answerTo(shop(), 'mail.shop.com', 'TXT')).toMatchObject({
      rcode: 'NOERROR',
      aa: true,
      answers: [],
      authority: ['shop.com SOA ns1.shop.com 7'],
    });
  });

  it.each(['_domainkey.shop.com', 'name.shop.com', 'er.name.shop.com', 'wild.shop.com'])(
    'knows %s as an empty non-terminal: NODATA, not NXDOMAIN',
    async (name) => {
      expect(await answerTo(shop(), name, 'TXT')).toMatchObject({
        rcode: 'NOERROR',
        answers: [],
        authority: ['shop.com SOA ns1.shop.com 7'],
      });
    },
  );

  it('answers from a wildcard with the name that was asked', async () => {
    expect((await answerTo(shop(), 'any.thing.wild.shop.com', 'TXT')).answers).toEqual(['any.thing.wild.shop.com TXT "from the wildcard"']);
  });

  it('says NODATA where the wildcard lacks the type', async () => {
    expect(await answerTo(shop(), 'any.wild.shop.com', 'MX')).toMatchObject({ rcode: 'NOERROR', answers: [] });
  });

  it('lets no wildcard answer for or below a name that exists', async () => {
    expect(await answerTo(shop(), 'real.wild.shop.com', 'TXT')).toMatchObject({ rcode: 'NOERROR', answers: [] });
    expect(await answerTo(shop(), 'below.real.wild.shop.com', 'TXT')).toMatchObject({ rcode: 'NXDOMAIN' });
  });

  it('follows a chain inside the zone', async () => {
    expect((await answerTo(shop(), 'one.shop.com', 'TXT')).answers).toEqual([
      'one.shop.com CNAME two.shop.com',
      'two.shop.com CNAME three.shop.com',
      'three.shop.com TXT "end of the chain"',
    ]);
  });

  it('says NXDOMAIN or NODATA of the end of a chain, with the chain', async () => {
    expect(await answerTo(shop(), 'dangling.shop.com', 'TXT')).toMatchObject({
      rcode: 'NXDOMAIN',
      answers: ['dangling.shop.com CNAME nowhere.shop.com'],
    });
    expect(await answerTo(shop(), 'halfway.shop.com', 'TXT')).toMatchObject({
      rcode: 'NOERROR',
      answers: ['halfway.shop.com CNAME mail.shop.com'],
    });
  });

  it('does not run in a circle', async () => {
    expect((await answerTo(shop(), 'loop1.shop.com', 'TXT')).answers).toEqual([
      'loop1.shop.com CNAME loop2.shop.com',
      'loop2.shop.com CNAME loop1.shop.com',
    ]);
  });

  it('refers to a child zone with glue and without AA', async () => {
    const answer = await answerTo(shop(), 'x.child.shop.com', 'TXT');
    expect(answer).toMatchObject({ rcode: 'NOERROR', aa: false, answers: [], authority: ['child.shop.com NS ns.child.shop.com'] });
    expect(answer.additional).toEqual([`ns.child.shop.com A ${sandbox.dns.serversOf('child.shop.com')[0]}`]);
  });

  it('gives the chain with AA where it leads into a child zone', async () => {
    expect(await answerTo(shop(), 'into-child.shop.com', 'TXT')).toMatchObject({
      aa: true,
      answers: ['into-child.shop.com CNAME x.child.shop.com'],
      authority: ['child.shop.com NS ns.child.shop.com'],
    });
  });

  it('answers from the child where it serves both zones', async () => {
    const both = sandbox.routes['198.51.100.22'];
    expect(await answerTo(both, 'b._domainkey.other.com', 'CNAME')).toMatchObject({
      aa: true,
      answers: ['b._domainkey.other.com CNAME b.dkim.amazonses.com'],
    });
    expect(await answerTo(both, 'other.com', 'SOA')).toMatchObject({ rcode: 'REFUSED' });
  });

  it('refuses what it does not serve', async () => {
    expect(await answerTo(shop(), 'stranger.org', 'TXT')).toMatchObject({ rcode: 'REFUSED', aa: false, authority: [] });
  });

  it('adds the addresses of mail and name servers it knows', async () => {
    expect((await answerTo(shop(), 'shop.com', 'MX')).additional).toEqual(['mail.shop.com A 203.0.113.25']);
    expect((await answerTo(shop(), 'shop.com', 'NS')).additional).toEqual(['ns1.shop.com A 198.51.100.21']);
  });

  it('keeps the strings of a TXT record apart, and several records apart', async () => {
    expect((await answerTo(shop(), 'strings.shop.com', 'TXT')).answers).toEqual([
      'strings.shop.com TXT "first" "second"',
      'strings.shop.com TXT ""',
    ]);
  });

  it('carries types it has no form for', async () => {
    const bytes = await askRaw(shop(), Buffer.from('00010000000100000000000003' + '6f6464' + '0473686f7003636f6d00' + 'ff000001', 'hex'));
    expect(bytes?.subarray(-3).toString('hex')).toBe('c0ffee');
  });
});

describe('size and transport', () => {
  it('sends a long answer whole over TCP', async () => {
    const answer = await answerTo(shop(), 'long.shop.com', 'TXT', { tcp: true });
    expect(answer).toMatchObject({ tc: false });
    expect(answer.answers).toHaveLength(4);
  });

  it('cuts it over UDP: 512 bytes without EDNS, what the asker takes with it, never more than 1232', async () => {
    expect(await answerTo(shop(), 'medium.shop.com', 'TXT')).toMatchObject({ tc: true, answers: [] });
    expect(await answerTo(shop(), 'medium.shop.com', 'TXT', { edns: 600 })).toMatchObject({ tc: true });
    expect((await answerTo(shop(), 'medium.shop.com', 'TXT', { edns: 1232 })).answers).toHaveLength(2);
    expect(await answerTo(shop(), 'long.shop.com', 'TXT', { edns: 4096 })).toMatchObject({ tc: true, answers: [] });
  });

  it('answers EDNS with EDNS, and nothing with nothing', async () => {
    expect((await answerTo(shop(), 'shop.com', 'A', { edns: 4096 })).edns).toBe(1232);
    expect((await answerTo(shop(), 'shop.com', 'A')).edns).toBeUndefined();
  });

  it('compresses names', async () => {
    // Header 12, question 14, one CNAME record with the owner as a pointer and the target in full.
    const answer = await answerTo(shop(), 'two.shop.com', 'CNAME');
    expect(answer.size).toBe(12 + 18 + 2 + 10 + 'three'.length + 1 + 2);
  });
});

describe('messages that are not plain questions', () => {
  const header = (flags: string, questions = '0001') => `beef${flags}${questions}000000000000`;
  const question = '0473686f7003636f6d0000010001';
  const rcodeTo = async (hex: string) => told((await askRaw(shop(), Buffer.from(hex, 'hex'))) ?? Buffer.alloc(0)).rcode;

  it('refuses other operations, classes and versions', async () => {
    expect(await rcodeTo(header('2800') + question)).toBe('NOTIMP');
    expect(await rcodeTo(header('0000') + question.replace(/0001$/, '0003'))).toBe('REFUSED');
    const bytes = await askRaw(shop(), Buffer.from(`beef00000001000000000001${question}0000291000000100000000`, 'hex'));
    // BADVERS is 16: its upper bits stand in the OPT record.
    expect(bytes?.readUInt16BE(2)).toBe(0x8000);
    expect(bytes?.subarray(-11).toString('hex')).toBe('00002904d0010000000000');
  });

  it('calls a message without a readable question malformed', async () => {
    expect(await rcodeTo(header('0000', '0000'))).toBe('FORMERR');
    expect(await rcodeTo(`${header('0000')}c00c00010001`)).toBe('FORMERR');
    expect(await rcodeTo(`${header('0000')}3f6161`)).toBe('FORMERR');
  });

  it('ignores answers and scraps', async () => {
    expect(await askRaw(shop(), Buffer.from(header('8000') + question, 'hex'), { patienceMs: 50 })).toBeUndefined();
    expect(await askRaw(shop(), Buffer.from('beef', 'hex'), { patienceMs: 50 })).toBeUndefined();
  });
});
