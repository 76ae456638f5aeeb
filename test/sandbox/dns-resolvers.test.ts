// The two resolvers: what they validate, and that rules hit both or one.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { answerTo, ask } from './ask.ts';

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await startSandbox({
    aws: {},
    dns: {
      zones: {
        'shop.com': { ns: ['ns1.hoster.net'], records: { '@': { TXT: 'hello' }, key: { CNAME: 'key.ses.org' } } },
        'sub.shop.com': { ns: ['ns2.hoster.net'], records: { '@': { TXT: 'below' } } },
        'ses.org': { ns: ['ns1.hoster.net'], records: { key: { TXT: 'p=KEY' } } },
        'other.com': { ns: ['ns1.hoster.net'], records: { alias: { CNAME: 'key.shop.com' }, '@': { TXT: 'other' } } },
      },
    },
  });
});
afterEach(() => sandbox.close());

const at = async (resolver: 0 | 1, name: string, type: string, cd = false) => {
  const { rcode, answers } = await answerTo(sandbox.resolvers[resolver], name, type, { rd: true, cd, edns: 1232 });
  return answers.length > 0 ? answers.map((line) => line.split(' ').slice(1).join(' ')) : rcode;
};

describe('a zone with broken signatures', () => {
  beforeEach(() => sandbox.dns.setBogus('shop.com', true));

  it('is SERVFAIL at the resolvers, with everything in it, below it and led through it', async () => {
    for (const [name, type] of [
      ['shop.com', 'TXT'],
      ['shop.com', 'NS'],
      ['key.shop.com', 'TXT'],
      ['missing.shop.com', 'TXT'],
      ['sub.shop.com', 'TXT'],
      ['alias.other.com', 'TXT'],
    ] as const)
      for (const resolver of [0, 1] as const) expect(await at(resolver, name, type)).toBe('SERVFAIL');
  });

  it('is told truly when the question disables checking', async () => {
    expect(await at(0, 'shop.com', 'TXT', true)).toEqual(['TXT "hello"']);
    expect(await at(0, 'alias.other.com', 'TXT', true)).toEqual(['CNAME key.shop.com', 'CNAME key.ses.org', 'TXT "p=KEY"']);
    expect(await at(0, 'missing.shop.com', 'TXT', true)).toBe('NXDOMAIN');
  });

  it('is told truly by its own servers, and spoils nothing else', async () => {
    const [server] = sandbox.dns.serversOf('shop.com');
    expect(await answerTo(sandbox.routes[server ?? ''], 'shop.com', 'TXT')).toMatchObject({ rcode: 'NOERROR', aa: true });
    expect(await at(0, 'other.com', 'TXT')).toEqual(['TXT "other"']);
    expect(await at(0, 'key.ses.org', 'TXT')).toEqual(['TXT "p=KEY"']);
  });

  it('can be mended, or be noticed by one resolver only', async () => {
    sandbox.dns.setBogus('shop.com', true, { resolvers: ['resolver-2'] });
    expect(await at(0, 'shop.com', 'TXT')).toEqual(['TXT "hello"']);
    expect(await at(1, 'shop.com', 'TXT')).toBe('SERVFAIL');
    sandbox.dns.setBogus('shop.com', false);
    expect(await at(1, 'shop.com', 'TXT')).toEqual(['TXT "hello"']);
  });
});

describe('what a resolver checks signatures by', () => {
  const com = async (resolver: 0 | 1, flags: { ad?: boolean; cd?: boolean } = { ad: true }) => {
    const { rcode, ad } = await answerTo(sandbox.resolvers[resolver], 'com', 'SOA', { rd: true, ...flags });
    return `${rcode}${ad ? ' checked' : ''}`;
  };

  it('is good: a top-level domain is told as checked to who asks to hear of it', async () => {
    expect(await com(0)).toBe('NOERROR checked');
    expect(await com(0, {})).toBe('NOERROR');
    expect(await com(0, { ad: true, cd: true })).toBe('NOERROR');
  });

  it('is broken: nothing is believed, unless checking is disabled', async () => {
    sandbox.dns.setTrustAnchor('resolver-2', 'broken');
    expect([await com(0), await com(1), await com(1, { cd: true })]).toEqual(['NOERROR checked', 'SERVFAIL', 'NOERROR']);
    expect(await at(1, 'other.com', 'TXT')).toBe('SERVFAIL');
    expect(await at(1, 'other.com', 'TXT', true)).toEqual(['TXT "other"']);
    sandbox.dns.setTrustAnchor('resolver-2', 'good');
    expect(await com(1)).toBe('NOERROR checked');
  });

  it('is none, or looks at no zone: nothing is told as checked', async () => {
    sandbox.dns.setTrustAnchor('resolver', 'none');
    expect([await com(0), await com(1)]).toEqual(['NOERROR', 'NOERROR']);
    sandbox.dns.setTrustAnchor('resolver', 'good');
    sandbox.dns.setBogus('shop.com', true, { resolvers: ['resolver'] });
    expect([await com(0), await com(1)]).toEqual(['NOERROR checked', 'NOERROR']);
  });
});

describe('two resolvers', () => {
  const silent = { kind: 'silent' } as const;

  it('are hit together by a rule for "resolver", and the second alone by its own name', async () => {
    const mend = sandbox.dns.behave({ servers: ['resolver-2'], behaviour: silent });
    expect(await at(0, 'shop.com', 'TXT')).toEqual(['TXT "hello"']);
    expect(await ask(sandbox.resolvers[1], 'shop.com', 'TXT', { rd: true, patienceMs: 80 })).toBe('silent');
    mend();
    sandbox.dns.behave({ servers: ['resolver'], behaviour: silent });
    for (const where of sandbox.resolvers) expect(await ask(where, 'shop.com', 'TXT', { rd: true, patienceMs: 80 })).toBe('silent');
  });

  it('are logged by their names, and close their ports as they are named', async () => {
    await at(0, 'shop.com', 'TXT');
    await at(1, 'shop.com', 'TXT');
    expect(sandbox.dns.log.map(({ server }) => server)).toEqual(['resolver', 'resolver-2']);
    await sandbox.dns.setOpen('resolver-2', false);
    expect(await ask(sandbox.resolvers[1], 'shop.com', 'TXT', { rd: true })).toBe('closed');
    expect(await at(0, 'shop.com', 'TXT')).toEqual(['TXT "hello"']);
    await sandbox.dns.setOpen('resolver', false);
    expect(await ask(sandbox.resolvers[0], 'shop.com', 'TXT', { rd: true })).toBe('closed');
  });
});
