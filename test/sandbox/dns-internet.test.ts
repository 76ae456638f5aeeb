// The made-up parts of the sandbox's internet, and the resolver that walks through all of it.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { answerTo, ask } from './ask.ts';
import { SMALL_INTERNET } from './small-internet.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox(SMALL_INTERNET);
});
afterAll(() => sandbox.close());

describe('the internet around the zones', () => {
  it('has a root that refers to the top-level domains', async () => {
    expect(await answerTo(sandbox.routes[sandbox.rootHints[0] ?? ''], 'shop.com', 'TXT')).toMatchObject({
      aa: false,
      authority: ['com NS a.nic.com', 'com NS b.nic.com'],
      additional: ['a.nic.com A 192.0.2.11', 'b.nic.com A 192.0.2.12'],
    });
  });

  it('has top-level domains that refer to the zones, and deny what is not registered', async () => {
    const com = sandbox.routes['192.0.2.11'];
    expect(await answerTo(com, 'x.shop.com', 'TXT')).toMatchObject({
      aa: false,
      authority: ['shop.com NS ns1.shop.com', 'shop.com NS ns2.hoster.net'],
      additional: ['ns1.shop.com A 198.51.100.21'],
    });
    expect(await answerTo(com, 'nobody.com', 'TXT')).toMatchObject({ rcode: 'NXDOMAIN', aa: true });
  });

  it('has zones for the name servers themselves', async () => {
    expect((await answerTo(sandbox.resolver, 'ns2.hoster.net', 'A', { rd: true })).answers).toEqual(['ns2.hoster.net A 198.51.100.22']);
  });

  it('gives a name server with only an IPv6 address no route', () => {
    expect(sandbox.routes['2001:db8::53']).toBeUndefined();
    expect(sandbox.dns.serversOf('six.com')).toEqual(['2001:db8::53']);
  });
});

describe('the resolver', () => {
  const resolved = (name: string, type: string) => answerTo(sandbox.resolver, name, type, { rd: true, edns: 1232 });

  it('walks from the root and follows chains across zones', async () => {
    expect(await resolved('into-child.shop.com', 'TXT')).toMatchObject({
      rcode: 'NOERROR',
      ra: true,
      aa: false,
      answers: ['into-child.shop.com CNAME x.child.shop.com', 'x.child.shop.com TXT "in the child"'],
    });
  });

  it('gives the SOA with NXDOMAIN and NODATA: its owner is the zone', async () => {
    expect(await resolved('no.shop.com', 'TXT')).toMatchObject({ rcode: 'NXDOMAIN', authority: ['shop.com SOA ns1.shop.com 7'] });
    expect(await resolved('_domainkey.shop.com', 'NS')).toMatchObject({
      rcode: 'NOERROR',
      answers: [],
      authority: ['shop.com SOA ns1.shop.com 7'],
    });
    expect((await resolved('_domainkey.other.com', 'NS')).answers).toEqual(['_domainkey.other.com NS ns2.hoster.net']);
    expect((await resolved('nobody.com', 'NS')).authority).toEqual([expect.stringMatching(/^com SOA/)]);
  });

  it('reaches name servers that have only IPv6', async () => {
    expect((await resolved('six.com', 'NS')).answers).toEqual(['six.com NS ns3.six.net']);
  });

  it('gives up on a circle of CNAMEs', async () => {
    expect(await resolved('loop1.shop.com', 'TXT')).toMatchObject({ rcode: 'SERVFAIL' });
  });

  it('refuses questions without RD', async () => {
    expect(await ask(sandbox.resolver, 'shop.com', 'A')).toMatchObject({ rcode: 'REFUSED' });
  });
});
