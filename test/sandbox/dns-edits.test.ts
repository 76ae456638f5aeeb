// Changing the sandbox's DNS while it runs, and the record it keeps of questions.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { answerTo, ask } from './ask.ts';

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await startSandbox(
    {
      aws: {},
      dns: {
        zones: {
          'shop.com': {
            ns: ['ns1.hoster-a.net', 'ns2.hoster-a.net'],
            serial: 10,
            records: { 'x._domainkey': { CNAME: 'x.dkim.amazonses.com' }, quirks: { TXT: 'quote " backslash \\ semicolon ; high \xff' } },
          },
        },
      },
    },
    { clock: () => Date.parse('2026-06-01T12:00:00Z') },
  );
});
afterEach(() => sandbox.close());

const servers = () => sandbox.dns.serversOf('shop.com').map((address) => sandbox.routes[address]);
const at = async (i: number, name: string, type = 'CNAME') => {
  const { rcode, answers } = await answerTo(servers()[i], name, type);
  return answers.length > 0 ? answers.map((line) => line.split(' ').slice(2).join(' ')).join(', ') : rcode;
};
const resolved = (name: string, type: string) => answerTo(sandbox.resolver, name, type, { rd: true });
const X = 'x._domainkey.shop.com';

describe('records', () => {
  it('come, change and go, and the serial moves on', async () => {
    const serial = () => at(0, 'shop.com', 'SOA');
    expect(await serial()).toBe('ns1.hoster-a.net 10');
    sandbox.dns.removeRecord('shop.com', 'x._domainkey', 'CNAME');
    expect(await at(0, X)).toBe('NXDOMAIN');
    expect(await serial()).toBe('ns1.hoster-a.net 11');
    sandbox.dns.setRecord('shop.com', 'x._domainkey', 'CNAME', 'y.dkim.amazonses.com');
    expect(await at(1, X)).toBe('y.dkim.amazonses.com');
    sandbox.dns.setRecords('shop.com', 'x._domainkey', { TXT: ['one', 'two'], A: '192.0.2.5' });
    sandbox.dns.removeRecord('shop.com', 'x._domainkey');
    expect(await at(1, X, 'TXT')).toBe('NXDOMAIN');
  });

  it('can be taken out and put back as they were', async () => {
    const kept = sandbox.dns.records('shop.com', 'x._domainkey');
    sandbox.dns.removeRecord('shop.com', 'x._domainkey');
    sandbox.dns.setRecords('shop.com', 'x._domainkey', kept);
    expect(await at(0, X)).toBe('x.dkim.amazonses.com');
  });

  it('can differ from server to server', async () => {
    sandbox.dns.removeRecord('shop.com', 'x._domainkey', 'CNAME', { servers: ['ns2.hoster-a.net'] });
    sandbox.dns.setSerial('shop.com', 3, { servers: ['ns2.hoster-a.net'] });
    expect(await at(0, X)).toBe('x.dkim.amazonses.com');
    expect(await at(1, X)).toBe('NXDOMAIN');
    expect(await at(1, 'shop.com', 'SOA')).toBe('ns1.hoster-a.net 3');
    sandbox.dns.thaw('shop.com');
    expect(await at(1, X)).toBe('x.dkim.amazonses.com');
  });

  it('stay as they were on a server that is stuck', async () => {
    sandbox.dns.freeze('shop.com', ['ns2.hoster-a.net']);
    sandbox.dns.removeRecord('shop.com', 'x._domainkey');
    expect(await at(0, X)).toBe('NXDOMAIN');
    expect(await at(1, X)).toBe('x.dkim.amazonses.com');
  });

  it('refuse nonsense loudly', () => {
    expect(() => sandbox.dns.setRecord('nowhere.com', 'x', 'TXT', 'y')).toThrow('no zone nowhere.com');
    expect(() => sandbox.dns.setRecord('shop.com', 'x.other.com.', 'TXT', 'y')).toThrow('does not lie in the zone');
    expect(() => sandbox.dns.behave({ servers: ['ns9.nobody.net'], behaviour: { kind: 'silent' } })).toThrow(
      'no name server ns9.nobody.net',
    );
  });
});

describe('delegation', () => {
  it('moves a zone to new servers, with routes for them', async () => {
    const before = servers()[0];
    await sandbox.dns.moveZone('shop.com', ['ns1.newhost.org']);
    expect(await answerTo(before, X, 'CNAME')).toMatchObject({ rcode: 'REFUSED' });
    expect(await at(0, X)).toBe('x.dkim.amazonses.com');
    expect((await resolved('shop.com', 'NS')).answers).toEqual(['shop.com NS ns1.newhost.org']);
    expect((await resolved('shop.com', 'SOA')).answers).toEqual(['shop.com SOA ns1.newhost.org 11']);
    expect((await resolved(X, 'CNAME')).rcode).toBe('NOERROR');
  });

  it('can leave the old servers with what they had', async () => {
    const before = servers()[0];
    await sandbox.dns.moveZone('shop.com', ['ns1.newhost.org'], { old: 'keeps' });
    sandbox.dns.removeRecord('shop.com', 'x._domainkey');
    expect((await answerTo(before, X, 'CNAME')).rcode).toBe('NOERROR');
    expect(await at(0, X)).toBe('NXDOMAIN');
  });

  it('drops a domain at its registry and takes it back, while its servers go on answering', async () => {
    sandbox.dns.dropDomain('shop.com');
    expect(await resolved('shop.com', 'NS')).toMatchObject({ rcode: 'NXDOMAIN', authority: [expect.stringMatching(/^com SOA/)] });
    expect(await answerTo(sandbox.routes['192.0.2.11'], X, 'TXT')).toMatchObject({ rcode: 'NXDOMAIN', aa: true });
    expect(await at(0, X)).toBe('x.dkim.amazonses.com');
    sandbox.dns.registerDomain('shop.com');
    expect((await resolved(X, 'CNAME')).rcode).toBe('NOERROR');
  });

  it('takes new zones, and a delegation that differs from the zone', async () => {
    await sandbox.dns.addZones({
      'late.org': { ns: ['ns1.late.org'], delegatedTo: ['ns1.late.org', 'ns7.lame.net'], records: { '@': { TXT: 'late' } } },
    });
    expect((await resolved('late.org', 'TXT')).answers).toEqual(['late.org TXT "late"']);
    expect((await answerTo(sandbox.routes['192.0.2.11'], 'late.org', 'NS')).authority).toEqual([
      'late.org NS ns1.late.org',
      'late.org NS ns7.lame.net',
    ]);
    const lame = Object.keys(sandbox.routes).at(-1) ?? '';
    expect(await answerTo(sandbox.routes[lame], 'late.org', 'SOA')).toMatchObject({ rcode: 'REFUSED' });
  });

  it("keeps a hoster's own zone alive when one of its servers is down", async () => {
    sandbox.dns.behave({ servers: ['ns1.hoster-a.net'], behaviour: { kind: 'silent' } });
    expect((await resolved('ns2.hoster-a.net', 'A')).rcode).toBe('NOERROR');
    expect((await resolved(X, 'CNAME')).rcode).toBe('NOERROR');
  });
});

describe('what it tells', () => {
  it('logs and counts the questions, by server', async () => {
    const [first] = sandbox.dns.serversOf('shop.com');
    await ask(servers()[0], 'X._domainkey.shop.com', 'TXT', { edns: 1232 });
    await ask(servers()[0], X, 'CNAME', { tcp: true });
    await ask(sandbox.resolver, X, 'CNAME', { rd: true });
    expect(sandbox.dns.log).toEqual([
      { at: '2026-06-01T12:00:00.000Z', server: first, name: 'X._domainkey.shop.com', type: 'TXT', transport: 'udp', edns: true },
      { at: '2026-06-01T12:00:00.000Z', server: first, name: X, type: 'CNAME', transport: 'tcp', edns: false },
      { at: '2026-06-01T12:00:00.000Z', server: 'resolver', name: X, type: 'CNAME', transport: 'udp', edns: false },
    ]);
    expect([...sandbox.dns.counts]).toEqual([
      [first, 2],
      ['resolver', 1],
    ]);
    sandbox.dns.clearLog();
    expect(sandbox.dns.log).toEqual([]);
  });

  it('writes a zone as a master file', () => {
    expect(sandbox.dns.zoneFile('shop.com').split('\n')).toEqual([
      'shop.com. 300 IN SOA ns1.hoster-a.net. hostmaster.shop.com. 10 7200 900 1209600 60',
      'shop.com. 300 IN NS ns1.hoster-a.net.',
      'shop.com. 300 IN NS ns2.hoster-a.net.',
      'x._domainkey.shop.com. 300 IN CNAME x.dkim.amazonses.com.',
      String.raw`quirks.shop.com. 300 IN TXT "quote \" backslash \\ semicolon ; high \255"`,
      '',
    ]);
  });
});
